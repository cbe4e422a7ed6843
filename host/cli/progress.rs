//! A line on standard error that says what takes long.

use std::io::{IsTerminal as _, Write as _};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a thing may take before the line appears.
const PATIENCE: Duration = Duration::from_millis(500);

/// Shows a line while it lives, if it lives long, and only on a terminal.
pub(super) struct Progress(Option<(Sender<()>, JoinHandle<()>)>);

impl Progress {
    /// Starts to wait; `what` is shown after half a second.
    pub fn start(what: String) -> Self {
        if !std::io::stderr().is_terminal() {
            return Self(None);
        }
        let (done, waiting) = channel::<()>();
        let thread = std::thread::spawn(move || {
            if waiting.recv_timeout(PATIENCE) != Err(RecvTimeoutError::Timeout) {
                return;
            }
            // A terminal that went away has nobody to show progress to.
            let _ = write!(std::io::stderr(), "{what} …");
            let _ = std::io::stderr().flush();
            let _ = waiting.recv();
            let _ = write!(std::io::stderr(), "\r\x1b[K");
        });
        Self(Some((done, thread)))
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if let Some((done, thread)) = self.0.take() {
            drop(done);
            // The thread only prints; a panic in it changes nothing here.
            let _ = thread.join();
        }
    }
}
