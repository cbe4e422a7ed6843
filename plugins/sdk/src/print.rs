//! `println!` and the like of Rust, into the log of a call: a component has no standard output, and what the standard
//! library prints there is lost.

use std::fmt::Arguments;

use crate::host::Level;

/// Prints a line into the log of this call, which the host shows with `--verbose` and after a failure. Natively it prints
/// to standard output.
///
/// ```
/// use spec_engine_plugin::println;
///
/// println!("{} nodes", 3);
/// ```
#[macro_export]
macro_rules! println {
    () => { $crate::print_line($crate::host::Level::Info, ::core::format_args!("")) };
    ($($given:tt)*) => { $crate::print_line($crate::host::Level::Info, ::core::format_args!($($given)*)) };
}

/// Prints a line into the log of this call, as a warning. Natively it prints to standard error.
#[macro_export]
macro_rules! eprintln {
    () => { $crate::print_line($crate::host::Level::Warn, ::core::format_args!("")) };
    ($($given:tt)*) => { $crate::print_line($crate::host::Level::Warn, ::core::format_args!($($given)*)) };
}

/// Prints an expression with its place and its value into the log of this call, and returns the value.
#[macro_export]
macro_rules! dbg {
    ($value:expr $(,)?) => {
        match $value {
            value => {
                let (file, line, source) = (::core::file!(), ::core::line!(), ::core::stringify!($value));
                $crate::print_line(
                    $crate::host::Level::Debug,
                    ::core::format_args!("[{file}:{line}] {source} = {value:#?}"),
                );
                value
            }
        }
    };
}

/// Prints a line: the macros call it in the crate of a plugin.
#[doc(hidden)]
pub fn print_line(level: Level, text: Arguments<'_>) {
    #[cfg(target_arch = "wasm32")]
    crate::host::log(level, &text.to_string());
    #[cfg(not(target_arch = "wasm32"))]
    match level {
        Level::Info => std::println!("{text}"),
        Level::Error | Level::Warn | Level::Debug => std::eprintln!("{text}"),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn an_expression_keeps_its_value() {
        let name = String::from("api");
        assert_eq!(crate::dbg!(name).len(), 3);
        crate::println!();
        crate::eprintln!("{} of {total}", 1, total = 2);
    }
}
