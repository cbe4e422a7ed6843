//! What is shown, and who waits for it to change.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use serde_json::json;

/// What came of one drawing.
pub(super) struct Drawn {
    /// What was found, as text.
    pub report: String,
    /// The page; `None` where nothing could be drawn.
    pub page: Option<Arc<[u8]>>,
}

/// What is shown. What was drawn last stays where nothing can be drawn.
pub(super) struct State {
    document: String,
    now: Mutex<Now>,
    changed: Condvar,
}

struct Now {
    /// Counts the changes, from 1.
    version: u64,
    /// The version whose drawing is shown.
    drawn: u64,
    report: String,
    page: Option<Arc<[u8]>>,
    waiting: usize,
}

impl State {
    /// Starts with what was drawn first.
    pub fn new(document: String, first: Drawn) -> Self {
        let now = Now { version: 1, drawn: 1, report: first.report, page: first.page, waiting: 0 };
        Self { document, now: Mutex::new(now), changed: Condvar::new() }
    }

    /// Replaces what is shown after a change.
    pub fn replace(&self, drawn: Drawn) {
        let mut now = self.now();
        now.version += 1;
        now.report = drawn.report;
        if let Some(page) = drawn.page {
            now.page = Some(page);
            now.drawn = now.version;
        }
        drop(now);
        self.changed.notify_all();
    }

    /// Returns the page that was drawn last.
    pub fn page(&self) -> Option<Arc<[u8]>> {
        self.now().page.clone()
    }

    /// Returns how many wait for news.
    pub fn waiting(&self) -> usize {
        self.now().waiting
    }

    /// Waits until there is a later version than the one that is known, or for as long as that may take.
    pub fn wait_for_news(&self, known: u64, patience: Duration) {
        let mut now = self.now();
        now.waiting += 1;
        let waited = self.changed.wait_timeout_while(now, patience, |now| now.version <= known);
        let (mut now, _timeout) = waited.unwrap_or_else(PoisonError::into_inner);
        now.waiting -= 1;
    }

    /// Says what there is: the document, the version, the version that is drawn, and what was found.
    pub fn to_json(&self) -> String {
        let now = self.now();
        let drawn = now.page.as_ref().map(|_| now.drawn);
        json!({ "document": self.document, "version": now.version, "drawn": drawn, "report": now.report }).to_string()
    }

    fn now(&self) -> MutexGuard<'_, Now> {
        self.now.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
