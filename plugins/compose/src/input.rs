//! What an import starts from: files, and what the user set.

/// A file that was handed in: a compose file, or one of variables.
#[derive(Clone, Debug)]
pub struct File {
    /// Its name, as messages, `extends`, `include` and `env_file` call it.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What the user can set.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the system, where the files do not give one.
    pub name: String,
    /// Whether known images of databases, caches and queues become resources of the services that use them.
    pub resources: bool,
    /// Whether a dependency whose port is not known becomes a connection with an assumed one.
    pub assumed: bool,
    /// Which services that have `profiles` are there.
    pub profiles: Profiles,
    /// The names of files of variables, whatever they are called.
    pub variables: Vec<String>,
}

/// Which services that have `profiles` are there. Those without are there always.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Profiles {
    /// All.
    All,
    /// Those with one of these profiles.
    Named(Vec<String>),
}

impl Default for Options {
    fn default() -> Self {
        Self {
            name: "system".to_owned(),
            resources: true,
            assumed: true,
            profiles: Profiles::All,
            variables: Vec::new(),
        }
    }
}
