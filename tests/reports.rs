//! Reports in every format, read by the parsers and held against the schemas of those who read them.

use std::collections::HashSet;
use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Errors, warnings, a duplicate key, a very long line, and characters that one format or the other cannot hold.
const SYSTEM: &str = include_str!("reports/system.json");

/// A name that has to be escaped in one way or the other in every format.
const NAME: &str = "a b/50%#,:é.json";

const FORMATS: [&str; 7] = ["pretty", "compact", "json", "sarif", "github", "gitlab", "junit"];

/// Documents with faults that have no pointer, no line or no end.
const ODD: [&[u8]; 9] = [
    b"",
    b" \n\n",
    b"{\"name\": \"x\"",
    b"[]",
    b"\xef\xbb\xbf{}",
    b"{\"name\": \"\xff\"}",
    b"\xff\xfe{\0}\0",
    b"{\"name\": \"x\", \"services\": {\"\xef\xbf\xbf\xef\xbf\xbe\\u0000\\u001b[1m\": {}}}",
    b"{\"name\": \"x\", \"name\": \"x\", \"name\": {}, \"services\": {\"\": {}, \"\\ud83d\\ude00\": {}}}",
];

/// Checks a document of a name and returns the report.
fn report(name: &str, document: impl AsRef<[u8]>, arguments: &[&str]) -> String {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(&path, document).unwrap();
    run(&folder, &[&["validate", name], arguments].concat(), b"")
}

fn run(folder: &TempDir, arguments: &[&str], stdin: &[u8]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_spec-engine"));
    command.current_dir(folder.path()).args(arguments).env("HOME", folder.path()).env("NO_COLOR", "1");
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(stdin).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

fn in_format(name: &str, document: impl AsRef<[u8]>, format: &str) -> String {
    report(name, document, &["--output", format])
}

fn json(name: &str, document: impl AsRef<[u8]>, format: &str) -> Value {
    serde_json::from_str(&in_format(name, document, format)).unwrap()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map(Vec::as_slice).unwrap_or_else(|| panic!("{value} is a list"))
}

#[test]
fn each_format_shows_the_same_findings() {
    for format in FORMATS {
        if format != "sarif" {
            insta::assert_snapshot!(format, in_format(NAME, SYSTEM, format));
        }
    }
    // The rules are described elsewhere; of a log, what was found.
    let mut log = json(NAME, SYSTEM, "sarif");
    log["runs"][0]["tool"]["driver"]["rules"].take();
    for result in log["runs"][0]["results"].as_array_mut().unwrap() {
        result["ruleIndex"].take();
    }
    insta::assert_json_snapshot!("sarif", log);

    let number = list(&json(NAME, SYSTEM, "json")["documents"][0]["findings"]).len();
    assert!(number > 8, "{number}");
    assert_eq!(in_format(NAME, SYSTEM, "compact").lines().count(), number);
    assert_eq!(in_format(NAME, SYSTEM, "github").lines().count(), number);
    assert_eq!(list(&json(NAME, SYSTEM, "gitlab")).len(), number);
    assert_eq!(list(&log["runs"][0]["results"]).len(), number);
}

#[test]
fn a_terminal_is_told_nothing() {
    let hostile = |c: char| {
        (c.is_control() && c != '\n')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
    };
    let raw = "{\"name\": \"x\u{202e}\u{9b}y\u{7f}\", \"services\": {\"a\\u001b[31m\u{202e}\": {\"imgae\": \"\u{9b}31m\u{7f}\u{2066}\u{200b}\u{2028}\"}}}";
    for document in [SYSTEM, raw] {
        for format in ["pretty", "compact", "github"] {
            let text = in_format("a\u{1b}[31m\u{202e}.json", document, format);
            assert!(text.lines().count() > 1, "{text}");
            let found: Vec<char> = text.chars().filter(|&c| hostile(c)).collect();
            assert!(found.is_empty(), "{format}: {found:?} in {text:?}");
        }
    }
}

#[test]
fn a_log_is_what_the_schema_of_sarif_says() {
    let schema: Value = serde_json::from_str(include_str!("reports/sarif-schema-2.1.0.json")).unwrap();
    let validator = jsonschema::options().should_validate_formats(true).build(&schema).unwrap();
    let empty = br#"{"version": "2.1.0", "runs": [{"tool": {"driver": {"name": "x"}}, "results": [{}]}]}"#;
    assert!(!validator.is_valid(&serde_json::from_slice(empty).unwrap()), "the schema can fail");
    let clean = include_bytes!("reports/clean.json").as_slice();
    for document in ODD.into_iter().chain([SYSTEM.as_bytes(), clean]) {
        let log = json(NAME, document, "sarif");
        let errors: Vec<String> =
            validator.iter_errors(&log).map(|error| format!("{}: {error}", error.instance_path())).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let run = &log["runs"][0];
        let rules = list(&run["tool"]["driver"]["rules"]);
        assert_eq!(run["columnKind"], "unicodeCodePoints");
        assert_eq!(run["invocations"][0]["executionSuccessful"], true);
        let mut seen = HashSet::new();
        for result in list(&run["results"]) {
            let rule = &rules[usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap()];
            assert_eq!(rule["id"], result["ruleId"]);
            assert!(rule["help"]["markdown"].as_str().unwrap().contains("## What it does"));
            let place = &result["locations"][0]["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uri"], "a%20b/50%25%23%2C%3A%C3%A9.json");
            for field in ["startLine", "startColumn", "endLine", "endColumn"] {
                assert!(place["region"][field].as_u64().unwrap() >= 1, "{place}");
            }
            assert!(seen.insert(result["partialFingerprints"]["primaryLocationLineHash"].to_string()), "{result}");
        }
        assert_eq!(seen.is_empty(), document == clean || !run["results"].is_array());
    }
}

#[test]
fn a_message_in_a_log_is_no_link() {
    let log = json(NAME, SYSTEM, "sarif");
    assert!(log.to_string().contains("click"), "the message names what the document says");
    assert!(list(&log["runs"][0]["results"]).iter().all(|result| {
        let text = result["message"]["text"].as_str().unwrap();
        !text.contains("](") || text.contains(r"\](")
    }));
}

#[test]
fn fingerprints_survive_moved_lines_and_tell_files_apart() {
    let fingerprints = |document: &str| -> Vec<String> {
        let report = json(NAME, document, "json");
        let findings = list(&report["documents"][0]["findings"]);
        findings.iter().map(|finding| finding["fingerprint"].as_str().unwrap().to_owned()).collect()
    };
    let moved = format!("\n\n{SYSTEM}");
    assert_eq!(fingerprints(SYSTEM), fingerprints(&moved));
    let of_gitlab = |name| -> Vec<Value> {
        list(&json(name, SYSTEM, "gitlab")).iter().map(|issue| issue["fingerprint"].clone()).collect()
    };
    assert_eq!(of_gitlab("a.json").iter().chain(&of_gitlab("b.json")).collect::<HashSet<_>>().len(), {
        fingerprints(SYSTEM).len() * 2
    });
    assert_eq!(of_gitlab("a.json"), of_gitlab("./a.json"));
}

#[test]
fn a_workflow_command_is_one_line_that_a_runner_can_read() {
    for document in ODD.into_iter().chain([SYSTEM.as_bytes()]) {
        for line in in_format(NAME, document, "github").lines() {
            let (command, message) = line.strip_prefix("::").unwrap().split_once("::").unwrap();
            let (severity, properties) = command.split_once(' ').unwrap();
            assert!(["error", "warning", "notice"].contains(&severity), "{line}");
            assert!(!message.is_empty());
            let properties: Vec<(&str, &str)> =
                properties.split(',').map(|property| property.split_once('=').unwrap()).collect();
            assert_eq!(properties[0], ("file", "a b/50%25#%2C%3Aé.json"));
            let keys: Vec<&str> = properties.iter().map(|&(key, _)| key).collect();
            let lines = ["file", "line", "endLine", "title"];
            let columns = ["file", "line", "endLine", "col", "endColumn", "title"];
            if properties[1].1 == properties[2].1 {
                assert_eq!(keys, columns, "{line}");
            } else {
                assert_eq!(keys, lines, "{line}");
            }
        }
    }
}

#[test]
fn a_code_quality_report_has_what_gitlab_reads() {
    assert_eq!(json("x.json", include_bytes!("reports/clean.json"), "gitlab"), serde_json::json!([]));
    for document in ODD.into_iter().chain([SYSTEM.as_bytes()]) {
        let report = json("./x y.json", document, "gitlab");
        let mut seen = HashSet::new();
        for issue in list(&report) {
            assert_eq!(issue["location"]["path"], "x y.json");
            assert!(issue["location"]["lines"]["begin"].as_u64().unwrap() >= 1);
            assert!(["info", "minor", "major"].contains(&issue["severity"].as_str().unwrap()));
            assert!(!issue["description"].as_str().unwrap().is_empty() && issue["check_name"].is_string());
            assert!(seen.insert(issue["fingerprint"].as_str().unwrap()), "{issue}");
        }
        assert!(!seen.is_empty());
    }
}

#[test]
fn junit_is_xml_with_a_test_a_finding() {
    let clean = include_bytes!("reports/clean.json").as_slice();
    for document in ODD.into_iter().chain([SYSTEM.as_bytes(), clean]) {
        let text = in_format(NAME, document, "junit");
        let is_xml =
            |c: char| !matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
        assert!(text.chars().all(is_xml), "{text:?}");
        let junit = quick_junit::Report::deserialize_from_str(&text).unwrap();
        let suite = &junit.test_suites[0];
        let totals = &json(NAME, document, "json")["summary"];
        let number = |field: &str| usize::try_from(totals[field].as_u64().unwrap()).unwrap();
        assert_eq!((junit.test_suites.len(), suite.name.as_str()), (1, NAME));
        assert_eq!(suite.failures, number("errors") + number("warnings"));
        assert_eq!(suite.tests, (suite.failures + number("infos")).max(1));
        let names: HashSet<&str> = suite.test_cases.iter().map(|case| case.name.as_str()).collect();
        assert_eq!(names.len(), suite.tests, "{names:?}");
        read_with_python(&text);
    }
}

/// Reads XML with a parser that knows every rule of XML, where there is one.
fn read_with_python(text: &str) {
    let read = "import sys, xml.etree.ElementTree as e; e.fromstring(sys.stdin.buffer.read())";
    let Ok(mut child) = Command::new("python3").args(["-c", read]).stdin(Stdio::piped()).spawn() else {
        eprintln!("there is no python3: XML is read by quick-xml alone");
        return;
    };
    child.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    assert!(child.wait().unwrap().success(), "{text}");
}

#[test]
fn standard_input_has_a_name_in_every_format() {
    let folder = TempDir::new().unwrap();
    for format in FORMATS {
        let text = run(&folder, &["validate", "-", "--output", format], SYSTEM.as_bytes());
        assert!(
            ["<stdin>", "\"uri\": \"stdin\"", "&lt;stdin&gt;"].iter().any(|name| text.contains(name)),
            "{format}: {text}"
        );
    }
}

#[test]
fn only_so_many_findings_of_a_rule_are_shown() {
    let services: Vec<String> = (0..1_234)
        .map(|index| format!("\"s{index}\": {{\"image\": {{\"name\": \"x\"}}, \"owner\": \"o{index}\"}}"))
        .collect();
    let document = format!("{{\"name\": \"s\", \"services\": {{{}}}}}", services.join(",\n"));
    let shown = |arguments: &[&str]| {
        let text = report("s.json", &document, arguments);
        let lines = text.lines();
        let more: Vec<String> =
            lines.filter(|line| line.contains("more of unknown-owner")).map(str::to_owned).collect();
        (text.matches("warning[unknown-owner]").count(), more.join("\n"))
    };
    let more = |number| format!("… and {number} more of unknown-owner (--max-per-rule 0 shows all)");
    assert_eq!(shown(&[]), (100, more("1,134")));
    assert_eq!(shown(&["--max-per-rule", "1"]), (1, more("1,233")));
    assert_eq!(shown(&["--max-per-rule", "0"]), (1_234, String::new()));
    assert_eq!(shown(&["--max-per-rule", "1", "--output", "compact"]), (1_234, String::new()));
}

/// Whatever rule says whatever about the line that a secret stands on, no report shows it.
#[test]
fn no_report_shows_a_secret() {
    let long = format!("s3cret{}", "x".repeat(200));
    let secrets = [
        ("https://me:s3cret@host/x", "a password"),
        (r"https:\/\/me:s3cret@host\/x", "with escaped slashes"),
        ("https://s3cret@host/x", "a token"),
        ("postgres://me:s3cret@host/x", "of a database"),
        (&format!("https://me:{long}@host/x"), "longer than what is shown of a line"),
    ];
    let documents = [
        // On one line: a finding of any rule shows it.
        r#"{"name": "URL", "services": {"a": {"repo": {"url": "URL", "urll": 1}, "image": {"name": ""}, "owner": "x"}}}"#,
        // Where a name is wanted, and is shown in the message.
        r#"{"name": "s", "URL": 1, "services": {"URL": {"owner": "URL", "imgae": 1, "connections": {"URL": {}}}}}"#,
        r#"{"name": "s", "services": {"a": {"repo": {"url": "URL", "url": "URL"}, "image": "URL"}}}"#,
        // As text that is not JSON.
        r#"{"name": "s", "services": {"a": {"repo": {"url": "URL" "x"}}}}"#,
    ];
    for (secret, what) in secrets {
        for document in documents {
            let document = document.replace("URL", secret);
            for format in FORMATS {
                let text = in_format("s.json", &document, format);
                assert!(text.len() > 50, "{format}: {text}");
                assert!(!text.contains("s3cret") && !text.contains("xxxxxxxx"), "{what}, {format}: {text}");
            }
        }
    }
}

#[test]
fn more_results_than_github_takes_are_told() {
    let folder = TempDir::new().unwrap();
    let services: Vec<String> = (0..8_400).map(|index| format!("\"s{index}\": {{\"owner\": 1}}")).collect();
    let document = format!("{{\"name\": \"s\", \"services\": {{{}}}}}", services.join(","));
    std::fs::write(folder.path().join("s.json"), &document).unwrap();
    let stderr = |format: &str| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_spec-engine"));
        command.current_dir(folder.path()).args(["validate", "s.json", "--output", format]);
        let output = command.output().unwrap();
        let log = String::from_utf8(output.stdout).unwrap();
        (log.matches("\"ruleIndex\"").count(), String::from_utf8(output.stderr).unwrap())
    };
    let (results, told) = stderr("sarif");
    assert_eq!(told.contains("GitHub refuses a SARIF file"), results > 25_000, "{results}: {told}");
    assert!(results > 25_000, "{results}");
    assert!(stderr("compact").1.is_empty());
    let services: Vec<String> = (0..40).map(|index| format!("\"{}\": {{\"owner\": 1}}", noise(index))).collect();
    let document = format!("{{\"name\": \"s\", \"services\": {{{}}}}}", services.join(","));
    std::fs::write(folder.path().join("s.json"), &document).unwrap();
    let (results, told) = stderr("sarif");
    assert!(results < 25_000 && told.contains("10 MB in gzip"), "{results}: {told}");
}

/// A name of 300 kB that gzip cannot shorten by half.
fn noise(seed: u64) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let letter = |_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        char::from(b'a' + (state % 26) as u8)
    };
    (0..300_000).map(letter).collect()
}

/// Whatever stands before a place on its line, every format counts the same characters.
#[test]
fn every_format_names_the_same_column() {
    let before =
        ["👩\u{200d}💻", "a\u{202e}b", "e\u{301}", "\u{200b}", "\u{2028}", "\u{85}", "\u{ad}", "🇩🇪", "✔\u{fe0f}"];
    for text in before {
        let document =
            format!(r#"{{"description": "{text}", "name": "x", "services": {{"a": {{"image": {{"name": "a"}}}}}}}}"#);
        let compact = in_format("s.json", &document, "compact");
        let places: HashSet<&str> = compact.lines().filter_map(|line| line.split(": ").next()).collect();
        let pretty = in_format("s.json", &document, "pretty");
        let shown: HashSet<&str> = pretty.lines().filter_map(|line| line.trim_start().strip_prefix("--> ")).collect();
        assert!(!places.is_empty());
        assert_eq!(shown, places, "{text:?}: {pretty}");
    }
}
