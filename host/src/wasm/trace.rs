//! Where a guest was when its call was ended.
//!
//! wasmtime would write it as well, with names of C++ demangled: such a name of some hundred bytes, in which each part
//! names the one before it twice, becomes more text than there is memory.

use std::fmt::{self, Write};

use wasmtime::{FrameInfo, WasmBacktrace};

/// The longest name that is shown, in bytes.
const LONGEST: usize = 500;

/// The frames of a call, a line each, the innermost first.
pub(super) fn trace(backtrace: &WasmBacktrace) -> String {
    let mut text = String::from("wasm backtrace:");
    for (index, frame) in backtrace.frames().iter().enumerate() {
        let module = TextStart::of(frame.module().name().unwrap_or("<unknown>"));
        let _ = write!(text, "\n  {index:>3}: {module}!{}", function(frame));
    }
    text
}

/// The name of the function of a frame, that of Rust as its source has it.
fn function(frame: &FrameInfo) -> TextStart {
    match frame.func_name() {
        Some(name) => match rustc_demangle::try_demangle(name) {
            Ok(name) => TextStart::of(name),
            Err(_) => TextStart::of(name),
        },
        None => TextStart::of(format_args!("<wasm function {}>", frame.func_index())),
    }
}

/// The beginning of a text that may be long.
struct TextStart(String);

impl TextStart {
    fn of(text: impl fmt::Display) -> Self {
        let mut short = Self(String::new());
        // What does not fit ends the writing.
        let _ = write!(short, "{text}");
        short
    }
}

impl Write for TextStart {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        let room = LONGEST.saturating_sub(self.0.len());
        if text.len() <= room {
            self.0.push_str(text);
            return Ok(());
        }
        self.0.push_str(&text[..text.floor_char_boundary(room)]);
        self.0.push('…');
        Err(fmt::Error)
    }
}

impl fmt::Display for TextStart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
