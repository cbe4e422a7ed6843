//! A real reader of PDF, where one is installed: Poppler.

use std::io::ErrorKind;
use std::path::Path;
use std::process::Command;

use super::browser::REQUIRED;

/// What a tool of Poppler (`pdfinfo`, `pdftotext`, `pdffonts`) writes of a file. Without the tool it says so and
/// returns nothing, unless readers are required.
pub fn read(tool: &str, arguments: &[&str], file: &Path) -> Option<String> {
    let output = match Command::new(tool).args(arguments).arg(file).args((tool == "pdftotext").then_some("-")).output()
    {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            assert!(std::env::var(REQUIRED).as_deref() != Ok("1"), "{REQUIRED}=1, and there is no {tool}");
            println!("skipped: there is no {tool} (Debian's `poppler-utils`)");
            return None;
        }
        output => output.unwrap(),
    };
    let complaints = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success() && complaints.is_empty(), "{tool}: {complaints}");
    Some(String::from_utf8(output.stdout).unwrap())
}
