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
    /// The last segment of its path, in small letters.
    pub fn short_name(&self) -> String {
        self.name.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase()
    }
}

/// What the user can set.
#[derive(Clone, Debug)]
pub struct Options {
    /// The name of the system.
    pub name: String,
    /// The service that resources are put under which no service uses; `None` for a placeholder.
    pub service: Option<String>,
    /// Whether what a policy of IAM lets a service use is a resource of that service.
    pub policies: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self { name: "system".to_owned(), service: None, policies: true }
    }
}
