//! What a template may use at most, and that it never breaks the engine.

use spec_engine::limits::TemplateLimits;
use spec_engine::render::template::{Source, Template};

use crate::templates::{example, render, template};

/// Renders a template and returns the error's message.
fn fault(source: &str, limits: TemplateLimits) -> String {
    let template = template(source).unwrap().with_limits(limits);
    render(&template, &example("payments")).unwrap_err().to_string()
}

#[test]
fn output_is_limited() {
    let limits = TemplateLimits { output_bytes: 1000, ..TemplateLimits::default() };
    let source = "{% for i in range(end=100000) %}{% for i in range(end=100000) %}x{% endfor %}{% endfor %}";
    assert_eq!(
        fault(source, limits.clone()),
        "test.md.tera: the template used more than 1000 bytes of output (limit `output-bytes`)"
    );
    let exact = template("{% for i in range(end=1000) %}x{% endfor %}").unwrap().with_limits(limits);
    assert_eq!(render(&exact, &example("payments")).unwrap().len(), 1000);
}

#[test]
fn a_loop_that_writes_nothing_ends() {
    let limits = TemplateLimits { time: 100, ..TemplateLimits::default() };
    let source = "{% set r = range(end=3000) %}{% for a in r %}{% for b in r %}{% for c in r %}{% endfor %}\
                  {% endfor %}{% endfor %}";
    assert_eq!(fault(source, limits), "test.md.tera: the template used more than 100ms (limit `time`)");
}

#[test]
fn deep_includes_end() {
    let names: Vec<String> = (0..1000).map(|i| format!("f{i}.md.tera")).collect();
    let texts: Vec<String> = (1..=1000).map(|i| format!("{{% include \"f{i}.md.tera\" %}}")).collect();
    let files: Vec<_> = names.iter().zip(&texts).map(|(file_name, text)| Source { file_name, text }).collect();
    let error = Template::from_source(&names[0], &texts[0], None, &files[1..]).err().unwrap();
    assert_eq!(error.to_string(), "f0.md.tera: includes more than 64 files");

    let last = Source { file_name: "f63.md.tera", text: "end" };
    let files: Vec<_> = files[1..63].iter().copied().chain([last]).collect();
    let template = Template::from_source(&names[0], &texts[0], None, &files).unwrap();
    assert_eq!(render(&template, &example("payments")).unwrap(), "end");
}

#[test]
fn deep_nesting_is_an_error() {
    for (open, close) in [("(", ")"), ("[", "]"), ("{\"a\":", "}"), ("not ", ""), ("-", ""), ("a[", "]")] {
        let source = format!("{{{{ {}1{} }}}}", open.repeat(100_000), close.repeat(100_000));
        let error = template(&source).err().unwrap_or_else(|| panic!("{open}"));
        assert_eq!(error.place.line_column.map(|(line, _)| line), Some(1), "{error}");
    }
    let source = format!("{}{}", "{% if true %}".repeat(10_000), "{% endif %}".repeat(10_000));
    assert!(template(&source).is_err());
    let source = format!("{{{{ 1{} }}}}", " + 1".repeat(100_000));
    assert!(template(&source).is_err());
}

#[test]
fn values_are_not_nested_without_end() {
    let source = "{% set r = range(end=10000) %}{% set a = [] %}{% for i in r %}{% for j in r %} {% set_global a = [a] %}\
                  {% endfor %}{% endfor %}";
    let message = fault(source, TemplateLimits::default());
    assert!(message.starts_with("test.md.tera:1:"), "{message}");
    assert!(message.ends_with("`set` nests values beyond the limit of 2000000 levels"), "{message}");
}

#[test]
fn what_counts_is_never_seen() {
    let source = "a {%- set x = [1] -%} b {% set y = [2] | first %} c {# {% set z = [1] #}{% raw %}{% set z = [1] %}\
                  {% endraw %}{{ '{% set z = [1] %}' }} {{ x | first }}{{ y }}{{ \"\\\"{% set z = [1] %}\" }}";
    let rendered = render(&template(source).unwrap(), &example("payments")).unwrap();
    assert_eq!(rendered, "ab  c {% set z = [1] %}{% set z = [1] %} 12\"{% set z = [1] %}");
    let source = "{% set x = [1] %}{% set y = [2] %}{{ nothing }}";
    assert!(fault(source, TemplateLimits::default()).starts_with("test.md.tera:1:38: Variable `nothing`"));
    let source = "{% set x = [nothing.more] %}";
    assert!(fault(source, TemplateLimits::default()).starts_with("test.md.tera:1:13: "));
}

#[test]
fn a_value_of_a_hundred_thousand_levels_is_dropped() {
    let source = "{% set a = [] %}{% for i in range(end=100000) %}{% set_global a = [a] %}{% endfor %}done";
    assert_eq!(render(&template(source).unwrap(), &example("payments")).unwrap(), "done");
}
