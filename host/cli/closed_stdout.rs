//! A standard output that the caller closed (`>&-`): a write to it fails.
//!
//! Before `main`, Rust's runtime opens /dev/null in its place, so that a command would print into nothing and succeed.
//! Hence this looks before the runtime does, and opens a device on which every write fails.

use std::sync::atomic::{AtomicBool, Ordering};

static IS_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether the caller closed standard output.
pub(crate) fn is_closed() -> bool {
    IS_CLOSED.load(Ordering::Relaxed)
}

#[used]
#[unsafe(link_section = ".init_array")]
static BEFORE_THE_RUNTIME: extern "C" fn() = look;

extern "C" fn look() {
    // SAFETY: these are calls of the system on file descriptors that nobody owns yet. Nothing of Rust's runtime is used
    // before it starts.
    unsafe {
        if libc::fcntl(libc::STDOUT_FILENO, libc::F_GETFD) != -1 {
            return;
        }
        IS_CLOSED.store(true, Ordering::Relaxed);
        let full = libc::open(c"/dev/full".as_ptr(), libc::O_WRONLY);
        if full != -1 && full != libc::STDOUT_FILENO {
            libc::dup2(full, libc::STDOUT_FILENO);
            libc::close(full);
        }
    }
}
