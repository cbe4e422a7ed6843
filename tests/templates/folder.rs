//! Files of a templates folder: their names, and how they work together.

use spec_engine::plugin::TemplateFault;
use spec_engine::render::Renderer as _;
use spec_engine::render::template::{Source, Template, is_renderer};

use crate::templates::{example, render};

#[test]
fn the_file_name_gives_name_and_ending() {
    let template = Template::from_source("my-table.v2.md.tera", "x", None, &[]).unwrap();
    let description = template.description();
    assert_eq!((description.name.as_str(), description.file_extension.as_str()), ("my-table.v2", "md"));
    assert_eq!(description.media_types, ["text/markdown"]);
    for name in ["table.tera", ".md.tera", "my-table.md", "a/b.md.tera", "a b.md.tera", "..md.tera", "x..tera", ""] {
        let error = Template::from_source(name, "x", None, &[]).err().unwrap();
        assert_eq!(error.fault, TemplateFault::FileName, "{name}");
    }
    assert!(is_renderer("my-table.md.tera") && !is_renderer("_head.md.tera") && !is_renderer("my-table.toml"));
}

#[test]
fn files_include_extend_and_share_components() {
    let siblings = [
        Source { file_name: "_base.md.tera", text: "<{% block body %}{% endblock %}>" },
        Source { file_name: "_parts.md.tera", text: "{% component bold(text) %}**{{ text }}**{% endcomponent bold %}" },
        Source { file_name: "_other.md.tera", text: "{% component bold(text) %}other{% endcomponent bold %}" },
    ];
    let source = "{% extends \"_base.md.tera\" %}{% block body %}{% include '_parts.md.tera' %}\
                  {{ <bold text={system.name}/> }}{% endblock %}";
    let template = Template::from_source("page.md.tera", source, None, &siblings).unwrap();
    assert_eq!(render(&template, &example("payments")).unwrap(), "<**payments-platform**>");
}

#[test]
fn markup_is_escaped_by_itself_and_nothing_else_is() {
    let source = "{{ '<b>&' }} {{ '<b>&' | html }} {{ '<b>' | safe }}";
    let rendered =
        |name| render(&Template::from_source(name, source, None, &[]).unwrap(), &example("payments")).unwrap();
    assert_eq!(rendered("a.html.tera"), "&lt;b&gt;&amp; &lt;b&gt;&amp; <b>");
    assert_eq!(rendered("a.svg.tera"), rendered("a.html.tera"));
    assert_eq!(rendered("a.txt.tera"), "<b>& &lt;b&gt;&amp; <b>");
}
