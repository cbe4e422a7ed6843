//! The table of a run: each row is printed when it is measured. Two tables in Markdown are compared by `.ci/speed`.

use std::fmt::Write as _;
use std::path::Path;

use super::samples::Samples;

/// What was measured, in the order of the run.
#[derive(Default)]
pub struct Table {
    part: String,
    rows: Vec<Row>,
}

/// One measurement.
struct Row {
    part: String,
    what: String,
    /// The median, with its unit.
    value: String,
    /// How many times what it is compared with.
    ratio: Option<f64>,
    base: String,
    goal: String,
}

/// What something is compared with.
#[derive(Clone, Copy)]
pub struct Base<'a> {
    pub name: &'a str,
    pub samples: &'a Samples,
}

impl Table {
    /// Starts a part of the run.
    pub fn start(&mut self, part: impl Into<String>) {
        self.part = part.into();
        println!("\n{}", self.part);
    }

    /// Adds a time. `goal` is the most that it should be, in milliseconds.
    pub fn time(&mut self, what: &str, samples: &Samples, goal: Option<f64>) {
        self.milliseconds(what, samples.median(), goal);
    }

    /// Adds a number of milliseconds, and the most that it should be.
    pub fn milliseconds(&mut self, what: &str, value: f64, goal: Option<f64>) {
        self.add(what, format!("{value:.2} ms"), None, "", goal.map(|goal| format!("{goal} ms")));
    }

    /// Adds a time that is compared with another one. `goal` is the most times of it.
    pub fn ratio(&mut self, what: &str, samples: &Samples, base: Base<'_>, goal: f64) {
        let ratio = samples.median() / base.samples.median();
        let value = format!("{:.2} ms", samples.median());
        self.add(what, value, Some(ratio), base.name, Some(format!("{goal}")));
    }

    /// Adds a time that is compared with another one by the fastest runs of both, which noise hardly reaches.
    pub fn fastest(&mut self, what: &str, samples: &Samples, base: Base<'_>) {
        let ratio = samples.least() / base.samples.least();
        self.add(what, format!("{:.2} ms", samples.least()), Some(ratio), base.name, None);
    }

    /// Adds a number of bytes. `goal` is the most that it should be, in megabytes.
    pub fn bytes(&mut self, what: &str, bytes: f64, goal: f64) {
        self.add(what, format!("{:.1} MB", bytes / 1e6), None, "", Some(format!("{goal:.1} MB")));
    }

    fn add(&mut self, what: &str, value: String, ratio: Option<f64>, base: &str, goal: Option<String>) {
        let times = ratio.map(|ratio| format!("{ratio:>6.2} x")).unwrap_or_default();
        let most = goal.as_ref().map(|goal| format!(" (goal: at most {goal})")).unwrap_or_default();
        println!("  {what:<62} {value:>12}{times}{most}");
        let (part, what, base) = (self.part.clone(), what.to_owned(), base.to_owned());
        self.rows.push(Row { part, what, value, ratio, base, goal: goal.unwrap_or_default() });
    }

    /// The table in Markdown.
    fn markdown(&self) -> String {
        let mut text = String::from("| on | what | median | times | of | goal, at most |\n|---|---|---|---|---|---|\n");
        for Row { part, what, value, ratio, base, goal } in &self.rows {
            let ratio = ratio.map(|ratio| format!("{ratio:.2}")).unwrap_or_default();
            // Writing to a string does not fail.
            let _ = writeln!(text, "| {part} | {what} | {value} | {ratio} | {base} | {goal} |");
        }
        text
    }

    /// Writes the table to a file.
    pub fn write(&self, path: &Path) {
        std::fs::write(path, self.markdown()).expect("a file that can be written");
    }
}
