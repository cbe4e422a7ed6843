//! What is shown, and who waits for it to change.

use std::time::Duration;

use hyper::body::Bytes;
use serde_json::json;
use tokio::sync::watch;

/// What came of one drawing.
pub(super) struct TurnOutput {
    /// What was found, as text.
    pub report: String,
    /// The page; `None` where nothing could be drawn.
    pub page: Option<Bytes>,
}

/// What is shown. What was drawn last stays where nothing can be drawn.
pub(super) struct State {
    document: String,
    now: watch::Sender<CurrentDrawing>,
}

struct CurrentDrawing {
    /// Counts the changes, from 1.
    version: u64,
    /// The version whose drawing is shown.
    drawn: u64,
    report: String,
    page: Option<Bytes>,
}

impl State {
    /// Starts with what was drawn first.
    pub fn new(document: String, first: TurnOutput) -> Self {
        let now = CurrentDrawing { version: 1, drawn: 1, report: first.report, page: first.page };
        Self { document, now: watch::Sender::new(now) }
    }

    /// Replaces what is shown after a change.
    pub fn replace(&self, drawn: TurnOutput) {
        self.now.send_modify(|now| {
            now.version += 1;
            now.report = drawn.report;
            if let Some(page) = drawn.page {
                now.page = Some(page);
                now.drawn = now.version;
            }
        });
    }

    /// The page that was drawn last.
    pub fn page(&self) -> Option<Bytes> {
        self.now.borrow().page.clone()
    }

    /// Waits until there is a later version than the one that is known, or for as long as that may take.
    pub async fn wait_for_news(&self, known: u64, patience: Duration) {
        let mut changes = self.now.subscribe();
        // It is asked again either way.
        let _ = tokio::time::timeout(patience, changes.wait_for(|now| now.version > known)).await;
    }

    /// What there is: the document, the version, the version that is drawn, and what was found.
    pub fn to_json(&self) -> String {
        let now = self.now.borrow();
        let drawn = now.page.as_ref().map(|_| now.drawn);
        json!({ "document": self.document, "version": now.version, "drawn": drawn, "report": now.report }).to_string()
    }
}
