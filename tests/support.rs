//! What several tests share: the command line in a folder of its own, and the real readers of what is written.

pub mod browser;
pub mod expected;
pub mod full;
pub mod graphviz;
pub mod guest;
pub mod hostile;
#[cfg(target_os = "linux")]
pub mod measured;
pub mod oracle;
#[cfg(feature = "pictures")]
pub mod pdf;
pub mod reading;
pub mod registry;
pub mod renderers;
pub mod server;
pub mod workspace;
