//! Waits for changes of files, and for the end.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::inputs::{FileState, Inputs};
use crate::failure::{Failure, Result};
use crate::report;

/// How many times the delay a flood of changes may put off the next drawing.
const MOST_DELAYS: u32 = 10;

/// What changed since the inputs were last looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// The document alone.
    Document,
    /// The project file, a rule, a template or a component.
    Project,
}

/// Why a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum WakeReason {
    /// Something changed near the inputs.
    Change,
    /// The user wants to stop.
    Stop,
}

/// Waits for changes.
pub(crate) struct Watcher {
    backend: RecommendedWatcher,
    wakes: Receiver<WakeReason>,
    delay: Duration,
    watched: Vec<PathBuf>,
    seen: Option<Vec<FileState>>,
}

impl Watcher {
    /// Starts; from here on Ctrl-C ends the wait, and a second one the process. `delay` is how long nothing may change
    /// before a change counts.
    pub fn start(delay: Duration) -> Result<Self> {
        let (sender, wakes) = channel();
        stop_at_signals(sender.clone())?;
        let backend = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
            // What cannot be told apart may be a change. To look at a file is none.
            let is_change = event.map_or(true, |event| {
                !matches!(event.kind, EventKind::Access(access) if access != AccessKind::Close(AccessMode::Write))
            });
            if is_change {
                // Nobody listens any more when the process ends.
                let _ = sender.send(WakeReason::Change);
            }
        });
        let backend = backend.map_err(|error| Failure::new(format!("files cannot be watched here: {error}")))?;
        Ok(Self { backend, wakes, delay, watched: Vec::new(), seen: None })
    }

    /// Watches these inputs from now on. Returns what of them looks different from when it was last called.
    pub fn watch(&mut self, inputs: &Inputs) -> Option<Change> {
        let wanted = inputs.watched();
        for folder in self.watched.iter().filter(|folder| !wanted.contains(folder)) {
            // It may be gone; then nothing watches it any more.
            let _ = self.backend.unwatch(folder);
        }
        for folder in &wanted {
            // A folder that was made anew is another one under the same name, so each is asked for each time.
            if let Err(error) = self.backend.watch(folder, RecursiveMode::NonRecursive) {
                // Nothing is lost but changes in this folder, and standard error is where to say so.
                let _ = report::warning(&format!("{} cannot be watched: {error}", folder.display()));
            }
        }
        self.watched = wanted;
        let states = inputs.states();
        let before = self.seen.replace(states.clone()).unwrap_or_default();
        if before == states {
            return None;
        }
        let of_project = |states: Vec<FileState>| -> Vec<FileState> {
            states.into_iter().filter(|(path, _)| path != inputs.document()).collect()
        };
        let is_same_project = of_project(before) == of_project(states);
        Some(if is_same_project { Change::Document } else { Change::Project })
    }

    /// Waits until something changed and nothing more did for the delay, or until the user stops.
    pub fn wait(&self) -> WakeReason {
        let Ok(WakeReason::Change) = self.wakes.recv() else { return WakeReason::Stop };
        let end = Instant::now() + self.delay * MOST_DELAYS;
        loop {
            let rest = end.saturating_duration_since(Instant::now());
            match self.wakes.recv_timeout(self.delay.min(rest)) {
                Ok(WakeReason::Change) if !rest.is_zero() => {}
                Ok(WakeReason::Stop) | Err(RecvTimeoutError::Disconnected) => return WakeReason::Stop,
                Ok(WakeReason::Change) | Err(RecvTimeoutError::Timeout) => return WakeReason::Change,
            }
        }
    }
}

/// Makes the signals that end a process end the wait, so that no file is left half written. The second one ends the
/// process at once.
fn stop_at_signals(stop: Sender<WakeReason>) -> Result<()> {
    let asked = AtomicBool::new(false);
    let handler = move || {
        if asked.swap(true, Ordering::SeqCst) || stop.send(WakeReason::Stop).is_err() {
            std::process::exit(130);
        }
    };
    ctrlc::set_handler(handler).map_err(|error| Failure::new(format!("Ctrl-C cannot be listened for: {error}")))?;
    Ok(())
}
