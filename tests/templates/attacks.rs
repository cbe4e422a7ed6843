//! Templates that try to take the machine: each is drawn by the command, which has to end, soon and small, and say which
//! limit it was.

use std::time::Duration;

use crate::support::measured::{Measured, measured};
use crate::support::workspace::{PAYMENTS, Workspace};

/// Ten times what any of them takes on a machine that has nothing else to do.
const MOST: Duration = Duration::from_secs(120);

/// The limit of a template, with what the allocator of the system keeps of freed blocks and the command takes, in MiB.
const MOST_MEMORY: u64 = 512 + 400;

/// Asserts that a limit ended a template, and that nothing was written.
#[track_caller]
fn ends_at(limit: &str, options: &[&str], text: &str) {
    let workspace = Workspace::new();
    workspace.write("bad.md.tera", text);
    let arguments = [&["render", PAYMENTS, "--plugin", "./bad.md.tera", "-o", "bad.md"], options].concat();
    let ran = measured(&workspace, &arguments, MOST);
    assert_eq!(ran.status, 2, "{}", ran.stderr);
    let (file, key) = ("bad.md.tera: the template used more than", format!("(limit `{limit}`)"));
    assert!(ran.stderr.contains(file) && ran.stderr.contains(&key), "{}", ran.stderr);
    assert!(ran.stderr.contains(&format!("--limit bad.{limit}=")), "{}", ran.stderr);
    assert!(ran.peak < MOST_MEMORY, "{} MiB", ran.peak);
    assert!(!workspace.path().join("bad.md").exists());
}

#[test]
fn memory_is_bounded() {
    for text in [
        "{% set s = 'x' %}{% for i in range(end=100) %}{% set_global s = s ~ s %}{% endfor %}",
        "{% set s = 'x' %}{% for i in range(end=100) %}{% set_global s = [s, s] | join(sep=s) %}{% endfor %}",
        "{% set s = 'xxxxxxxxxx' %}{% for i in range(end=100) %}{% set_global s = s | replace(from='x', to='xxxxxxxxxx') %}{% endfor %}",
        "{% set s = 'x' %}{% for i in range(end=24) %}{% set_global s = s ~ s %}{% endfor %}{% set a = s | split(pat='') %}{{ a | length }}",
        "{% set a = [range(end=100000)] %}{% for i in range(end=10000) %}{% set_global a = [...a, range(end=100000)] %}{% endfor %}",
        "{% set a = [1] %}{% for i in range(end=100) %}{% set_global a = [...a, ...a] %}{% endfor %}",
    ] {
        ends_at("memory", &[], text);
    }
}

#[test]
fn a_limit_can_be_raised_and_lowered() {
    let text = "{% set s = 'x' %}{% for i in range(end=24) %}{% set_global s = s ~ s %}{% endfor %}{{ s | length }}";
    ends_at("memory", &["--limit", "memory=8M"], text);
    let workspace = Workspace::new();
    workspace.write("good.md.tera", text);
    let ran = measured(&workspace, &["render", PAYMENTS, "--plugin", "./good.md.tera"], MOST);
    assert_eq!((ran.status, ran.stdout.trim()), (0, "16777216"), "{}", ran.stderr);
}

#[test]
fn a_file_is_bounded_and_reading_it_is() {
    ends_at("template-size", &[], &"x".repeat((4 << 20) + 1));
    // As many tags as there may be, each of which gets a call before it.
    let sets = "{%set a=[1]%}".repeat((4 << 20) / 13 - 1);
    let workspace = Workspace::new();
    workspace.write("sets.md.tera", sets);
    let ran = measured(&workspace, &["render", PAYMENTS, "--plugin", "./sets.md.tera"], MOST);
    assert!(ran.status == 0 || ran.stderr.contains("(limit `"), "{}", ran.stderr);
    assert!(ran.peak < MOST_MEMORY, "{} MiB", ran.peak);
}

/// Tera reads each `elif` inside of the one before it: its stack was as large as all else, and was not counted.
fn elifs() -> String {
    format!("{{% if a %}}{}{{% endif %}}", "{%elif a%}".repeat((4 << 20) / 10 - 2))
}

#[test]
fn the_stack_counts_as_memory() {
    ends_at("memory", &[], &elifs());
    // What it takes to end this one: a value is given back level by level.
    let nested = "{% set r = range(end=1000) %}{% set a = [] %}{% for i in r %}{% for j in r %}{% set_global a = [a] %}\
                  {% endfor %}{% endfor %}done";
    let workspace = Workspace::new();
    workspace.write("nested.md.tera", nested);
    let ran = measured(&workspace, &["render", PAYMENTS, "--plugin", "./nested.md.tera"], MOST);
    assert!(ran.status == 0 || ran.stderr.contains("(limit `memory`)"), "{}", ran.stderr);
    assert!(ran.peak < MOST_MEMORY, "{} MiB", ran.peak);
}

/// Lists the plugins of a project whose templates are these, and a good one.
fn listed(files: &[(String, String)], limits: &[&str]) -> Measured {
    let workspace = Workspace::new();
    for (name, text) in files {
        workspace.write(name, text);
    }
    workspace.write(".spec-engine/plugins/a-good.md.tera", "good");
    let limits = limits.iter().flat_map(|limit| ["--limit", limit]);
    let arguments: Vec<&str> = ["plugins", "list"].into_iter().chain(limits).collect();
    let ran = measured(&workspace, &arguments, MOST);
    assert!(ran.stdout.contains("a-good") && ran.stdout.contains("The template a-good.md.tera"), "{ran:?}");
    ran
}

#[test]
fn many_templates_have_a_memory_and_a_time_together() {
    let text = "{{ 1 }}".repeat(200_000);
    let files: Vec<_> = (0..12).map(|at| (format!(".spec-engine/plugins/t{at}.md.tera"), text.clone())).collect();
    let ran = listed(&files, &["all-memory=100M"]);
    assert!(format!("{}{}", ran.stdout, ran.stderr).contains("(limit `all-memory`)"), "{ran:?}");
    assert!(ran.peak < 400, "{} MiB", ran.peak);
    let ran = listed(&files, &["all-read-time=1ms"]);
    assert!(format!("{}{}", ran.stdout, ran.stderr).contains("(limit `all-read-time`)"), "{ran:?}");
}

/// Every template of the folder was read with each of them, included or not.
#[test]
fn a_folder_of_templates_is_not_read_for_each_of_them() {
    let large = "x".repeat(60 << 20);
    let mut files: Vec<_> = (0..6).map(|at| (format!(".spec-engine/plugins/_l{at}.md.tera"), large.clone())).collect();
    files.push((
        ".spec-engine/plugins/b.md.tera".into(),
        "{% include '_l0.md.tera' %}{% include '_l1.md.tera' %}".into(),
    ));
    let ran = listed(&files, &[]);
    assert!(format!("{}{}", ran.stdout, ran.stderr).contains("(limit `template-size`)"), "{ran:?}");
    assert!(ran.peak < 250, "{} MiB", ran.peak);
}
