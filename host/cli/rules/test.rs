//! `rules test`: runs the tests of scripted rules, and prints as `cargo test` does.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;

use anstream::AutoStream;
use anstyle::{AnsiColor, Style};
use clap::Args;

use spec_engine::engine::ScriptFile;
use spec_engine::file;
use spec_engine::project::Project;
use spec_engine::rules::RuleFailure;
use spec_engine::script::testing::{CaseReport, CaseResult, TestReport, Tests, test_file, try_on};
use spec_engine::script::{Script, ScriptBudget, file_name};
use spec_engine::source::Source;
use spec_engine::text::{plural, visible};

use super::scripts::ScriptArguments;
use crate::failure::Result;
use crate::outcome::Outcome;
use crate::plugins::test::fixtures::{self, Fixture};
use crate::report;

/// Run the tests of scripted rules, NAME.test.json beside NAME.rhai, and every rule on systems of every kind.
///
/// A rule with mistakes that `rules check` finds fails. The systems are those of `plugins test`: small and large ones,
/// with and without deployments, networks and bindings. A rule that fails on one of them reads something that not every
/// document has.
#[derive(Debug, Args)]
pub(super) struct Arguments {
    #[command(flatten)]
    scripts: ScriptArguments,
}

/// The most bytes of the tests of a rule, and of a document that they name.
const MAX_BYTES: u64 = 64 << 20;

/// Counts how the tests went.
#[derive(Default)]
struct Count {
    passed: usize,
    failed: usize,
    without: usize,
}

/// Runs the tests of scripts, of those of the project where none are named.
pub(super) fn run(arguments: &Arguments) -> Result<Outcome> {
    let scripts = arguments.scripts.find()?;
    let mut out = AutoStream::auto(std::io::stdout().lock());
    let mut count = Count::default();
    let systems = fixtures::all();
    let budget = ScriptBudget::from(scripts.limits.clone());
    for broken in &scripts.broken {
        show_broken(&mut out, &broken.source, std::slice::from_ref(broken), &mut count)?;
    }
    for (found, mistakes) in scripts.files.iter().zip(scripts.check()) {
        let Some(script) = read(&mut out, found, &mistakes, &budget, &mut count)? else { continue };
        test(&mut out, found, &script, &scripts.project, &mut count)?;
        try_on_systems(&mut out, &script, &systems, &mut count)?;
    }
    let verdict = if count.failed == 0 { ok() } else { failed() };
    write!(out, "test result: {verdict}. {} passed; {} failed", count.passed, count.failed)?;
    if count.without > 0 {
        write!(out, "; {} without tests", plural(count.without, "rule"))?;
    }
    writeln!(out)?;
    Ok(if count.failed == 0 { Outcome::Clean } else { Outcome::Findings })
}

/// Shows what is wrong with a script, and reads it as far as it is one.
fn read(
    out: &mut impl Write,
    found: &ScriptFile,
    mistakes: &[RuleFailure],
    budget: &ScriptBudget,
    count: &mut Count,
) -> Result<Option<Script>> {
    if !mistakes.is_empty() {
        show_broken(out, &found.source, mistakes, count)?;
    }
    // What cannot be read is a mistake that was shown.
    Ok(Script::read(Arc::clone(&found.source), Arc::clone(&found.siblings), budget.clone()).ok())
}

/// Shows what is wrong with a script.
fn show_broken(out: &mut impl Write, source: &Source, mistakes: &[RuleFailure], count: &mut Count) -> Result<()> {
    count.failed += 1;
    writeln!(out, "rule {} ... {}", visible(source.name()), failed())?;
    mistakes.iter().try_for_each(|mistake| show(out, mistake))
}

/// Runs the tests of one script.
fn test(
    out: &mut impl Write,
    found: &ScriptFile,
    script: &Script,
    project: &Project,
    count: &mut Count,
) -> Result<()> {
    let path = Path::new(found.source.name());
    let shown = visible(found.source.name());
    let file = path.with_file_name(test_file(file_name(found.source.name())));
    let tests = match file::read_text(&file, MAX_BYTES) {
        Ok(text) => Tests::read(&text).map_err(|error| with_help(&error, error.help())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            count.without += 1;
            writeln!(out, "rule {shown} has no tests: write {}", file.display())?;
            return Ok(());
        }
        Err(error) => Err(error.to_string()),
    };
    let tests = match tests {
        Ok(tests) => tests,
        Err(error) => {
            count.failed += 1;
            writeln!(out, "rule {shown} ... {}\n    {}: {}", failed(), file.display(), visible(&error))?;
            return Ok(());
        }
    };
    let folder = file.parent().unwrap_or(Path::new(""));
    let document = |name: &str| {
        let path = folder.join(name);
        let is_inside = [project, &Project::in_folder(folder)].iter().any(|project| project.check_inside(&path).is_ok());
        if !is_inside {
            let why = "it leads out of the folder of the project and of the tests";
            return Err(std::io::Error::new(std::io::ErrorKind::PermissionDenied, why));
        }
        file::read(&path, MAX_BYTES)
    };
    let tested = tests.run(script, document);
    writeln!(out, "rule {shown}, {}", plural(tested.cases.len(), "case"))?;
    print(out, &tested, count)?;
    for (line, column) in &tested.never_fired {
        writeln!(out, "  {shown}:{line}:{column}: no case makes this call of report fire")?;
    }
    Ok(())
}

/// Runs a rule on systems of every kind.
fn try_on_systems(
    out: &mut impl Write,
    script: &Script,
    systems: &[Fixture],
    count: &mut Count,
) -> Result<()> {
    let failures = systems.iter().filter_map(|fixture| Some((fixture.name.as_ref(), try_on(script, &fixture.system).err()?)));
    let failures: Vec<_> = failures.collect();
    let Some((_, first)) = failures.first() else {
        count.passed += 1;
        writeln!(out, "  {} ... {}", plural(systems.len(), "example system"), ok())?;
        return Ok(());
    };
    count.failed += 1;
    writeln!(out, "  {} ... {}", plural(systems.len(), "example system"), failed())?;
    let names: Vec<&str> = failures.iter().map(|(name, _)| *name).collect();
    writeln!(out, "    the rule fails on {}:", names.join(", "))?;
    show(out, first)
}

fn print(out: &mut impl Write, tested: &TestReport, count: &mut Count) -> Result<()> {
    for case in &tested.cases {
        let counted = if case.result.is_passed() { &mut count.passed } else { &mut count.failed };
        *counted += 1;
        let verdict = if case.result.is_passed() { ok() } else { failed() };
        writeln!(out, "  case {} ... {verdict}", visible(&case.name))?;
        print_lines(out, case)?;
        match &case.result {
            CaseResult::Passed => {}
            CaseResult::Differs { missing, unexpected } => {
                for line in missing {
                    writeln!(out, "    expected and not reported: {}", visible(line))?;
                }
                for line in unexpected {
                    writeln!(out, "    reported and not expected: {}", visible(line))?;
                }
            }
            CaseResult::Invalid(error) => writeln!(out, "    {}", visible(&with_help(error, error.help())))?,
            CaseResult::Failed(error) => show(out, error)?,
        }
    }
    Ok(())
}

/// Shows what the rule has printed in a case.
fn print_lines(out: &mut impl Write, case: &CaseReport) -> Result<()> {
    for line in &case.printed {
        writeln!(out, "    {}", visible(&line.to_string()))?;
    }
    Ok(())
}

/// Words an error with its next step.
fn with_help(error: &impl std::fmt::Display, help: Option<String>) -> String {
    match help {
        Some(help) => format!("{error}; {help}"),
        None => error.to_string(),
    }
}

/// Shows why a script failed, with its line.
fn show(out: &mut impl Write, error: &RuleFailure) -> Result<()> {
    Ok(report::excerpts(out, &error.source, std::slice::from_ref(&error.finding))?)
}

fn ok() -> String {
    colored(AnsiColor::Green, "ok")
}

fn failed() -> String {
    colored(AnsiColor::Red, "FAILED")
}

fn colored(color: AnsiColor, text: &str) -> String {
    let style = Style::new().fg_color(Some(color.into()));
    format!("{style}{text}{style:#}")
}
