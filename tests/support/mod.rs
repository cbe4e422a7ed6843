//! What the tests with real readers share.

pub mod expected;
pub mod graphviz;
pub mod guest;
pub mod oracle;
pub mod reading;
pub mod renderers;
