//! Scripted rules: what they see, what they report, and what they cannot do.

mod absent;
mod asking;
#[cfg(target_os = "linux")]
mod attacks;
mod captures;
mod check;
mod description;
mod examples;
mod fields;
mod graph;
mod guide;
mod hostile;
mod printed;
mod search;
mod testing;
mod values;
