//! What an import starts from: files, and what the user set.

use std::borrow::Cow;

/// A file that was handed in.
#[derive(Clone, Debug)]
pub struct File<'t> {
    /// Its name, as messages call it.
    pub name: String,
    /// What is in it.
    pub text: Cow<'t, str>,
}

impl File<'_> {
    /// The last segment of its name.
    pub fn short_name(&self) -> &str {
        self.name.rsplit(['/', '\\']).next().unwrap_or(&self.name)
    }
}

/// What the user can set.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the system.
    pub name: String,
    /// Whether known images of databases, caches and queues become resources of the services that use them.
    pub resources: bool,
    /// Whether what configuration files in ConfigMaps name is a connection, too.
    pub configurations: bool,
    /// The namespaces that are read; all where there is none.
    pub namespaces: Vec<String>,
}

impl Default for Options {
    fn default() -> Self {
        Self { name: "system".to_owned(), resources: true, configurations: true, namespaces: Vec::new() }
    }
}
