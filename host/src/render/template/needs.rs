//! What a template reads of the document and of the graph, so that only that is made for it.
//!
//! A template is read here a second time, and each value that it can have is one of a few shapes: a graph, a list of nodes,
//! a node, or something plain. Whatever could show a whole node, edge or group, or tell two of them apart by a field that is
//! not named, and whatever is not understood, has everything made: `None`.

mod calls;
mod expression;
mod knowledge;
mod shape;
mod tokens;

use self::expression::Expression;
use self::knowledge::Knowledge;
use self::shape::Shape;
use self::tokens::{Tag, Token};

pub(super) use self::knowledge::{Fields, Needs};

impl Needs {
    /// What the files of a template read; `None` where that cannot be told.
    pub(super) fn of<'a>(sources: impl Iterator<Item = &'a str>) -> Option<Self> {
        let files = sources.map(tokens::tags).collect::<Option<Vec<_>>>()?;
        let mut reader = Reader { knowledge: Knowledge::new() };
        // Each turn learns the shape of at least one more variable.
        for _ in 0..MOST_TURNS {
            files.iter().flatten().try_for_each(|tag| reader.tag(tag))?;
            if !reader.knowledge.take_change() {
                return Some(reader.knowledge.needs);
            }
        }
        None
    }
}

/// How often a template is read at most, before everything is made for it.
const MOST_TURNS: usize = 12;

/// Reads tags.
struct Reader {
    knowledge: Knowledge,
}

impl Reader {
    fn tag(&mut self, tag: &Tag<'_>) -> Option<()> {
        if tag.is_output {
            return self.whole(&tag.tokens)?.plain();
        }
        match *tag.tokens.as_slice() {
            [Token::Word("if" | "elif"), ref rest @ ..] => self.whole(rest).map(|_| ()),
            [Token::Word("for"), Token::Word(value), Token::Word("in"), ref rest @ ..] => {
                let element = self.whole(rest)?.element()?;
                self.knowledge.bind(value, element)
            }
            [
                Token::Word("for"),
                Token::Word(key),
                Token::Sign(","),
                Token::Word(value),
                Token::Word("in"),
                ref rest @ ..,
            ] => {
                let value_shape = self.whole(rest)?.value()?;
                self.knowledge.bind(key, Shape::Plain)?;
                self.knowledge.bind(value, value_shape)
            }
            [Token::Word("set" | "set_global"), Token::Word(name), Token::Sign("="), ref rest @ ..] => {
                let shape = self.whole(rest)?;
                self.knowledge.bind(name, shape)
            }
            // What is between is text; the filters of its end are read as those of a text.
            [Token::Word("set" | "set_global"), Token::Word(name), ref rest @ ..] => {
                self.knowledge.bind(name, Shape::Plain)?;
                self.filters(rest)
            }
            [Token::Word("filter"), ref rest @ ..] => {
                let piped: Vec<_> = std::iter::once(Token::Sign("|")).chain(rest.iter().copied()).collect();
                self.filters(&piped)
            }
            [Token::Word("component"), Token::Word(_), ref rest @ ..] => {
                // A parameter with `@` is the caller's variable of this name, and so has its shape.
                let is_simple = |token: &Token<'_>| *token != Token::Sign("...");
                rest.iter().all(is_simple).then_some(())
            }
            [Token::Sign("<"), ref rest @ ..] => {
                let mut expression = Expression::new(&mut self.knowledge, rest);
                expression.component(">")?;
                expression.end()
            }
            [Token::Word("include" | "extends"), Token::Text(_)] | [Token::Sign("</"), ..] => Some(()),
            [Token::Word(word), ..] if WITHOUT_VALUES.contains(&word) => Some(()),
            _ => None,
        }
    }

    /// The shape of an expression that takes all the tokens.
    fn whole(&mut self, tokens: &[Token<'_>]) -> Option<Shape> {
        let mut expression = Expression::new(&mut self.knowledge, tokens);
        let shape = expression.shape(0)?;
        expression.end()?;
        Some(shape)
    }

    /// Reads filters of a text.
    fn filters(&mut self, tokens: &[Token<'_>]) -> Option<()> {
        let text: Vec<_> = std::iter::once(Token::Text("")).chain(tokens.iter().copied()).collect();
        self.whole(&text)?.plain()
    }
}

/// Tags that have no value of the document in them.
const WITHOUT_VALUES: [&str; 11] = [
    "else",
    "endif",
    "endfor",
    "endset",
    "endset_global",
    "endfilter",
    "endcomponent",
    "block",
    "endblock",
    "break",
    "continue",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostic::Diagnostic;
    use crate::graph::{GroupBy, ViewOptions};
    use crate::model::System;
    use crate::render::template::{SHIPPED, Template};
    use crate::render::{Embeds, RenderContext, Renderer as _};

    fn needs(source: &str) -> Option<Needs> {
        Needs::of([source].into_iter())
    }

    fn fields(names: &[&str]) -> Fields {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn what_ships_reads_what_it_names() {
        let shipped = |name: &str| {
            let shipped = SHIPPED.iter().find(|shipped| shipped.file_name.starts_with(name)).unwrap();
            let parts = shipped.parts.iter().map(|part| part.text);
            Needs::of(std::iter::once(shipped.source).chain(parts))
                .unwrap_or_else(|| panic!("{name} is not understood"))
        };
        let dot = shipped("dot.");
        assert_eq!(dot.attributes, fields(&["link"]));
        assert_eq!(dot.nodes, Some(fields(&["attributes", "change", "group", "id", "kind", "label"])));
        assert_eq!((dot.system, dot.json), (Fields::new(), [false; 2]));
        assert_eq!(shipped("cytoscape.").attributes, Fields::new());
        assert_eq!(shipped("sigma.").groups, None);
        assert_eq!(shipped("markdown.").system, fields(&["networks", "owners"]));
        assert_eq!((shipped("html.").json, shipped("html.").nodes), ([true, false], Some(fields(&["id"]))));
        assert_eq!(shipped("graph.").json, [false, true]);
    }

    #[test]
    fn what_shows_a_whole_node_has_everything() {
        for source in [
            "{{ graph }}",
            "{{ graph.nodes }}",
            "{{ graph.nodes | json }}",
            "{{ graph.nodes | first }}",
            "{{ graph.nodes | first | str }}",
            "{{ graph.nodes[0] }}",
            "{% for node in graph.nodes %}{{ node }}{% endfor %}",
            "{% for node in graph.nodes %}{% for key, value in node %}{% endfor %}{% endfor %}",
            "{% for node in graph.nodes %}{{ node[graph.name] }}{% endfor %}",
            "{% for node in graph.nodes %}{{ node | get(key=graph.name) }}{% endfor %}",
            "{% for node in graph.nodes %}{{ node | keys }}{% endfor %}",
            "{% for node in graph.nodes %}{{ node | length }}{% endfor %}",
            "{% for node in graph.nodes %}{{ \"\" ~ node }}{% endfor %}",
            "{% for node in graph.nodes %}{{ node or 1 }}{% endfor %}",
            "{% for node in graph.nodes %}{{ node if true else 1 }}{% endfor %}",
            "{% for node in graph.nodes %}{{ {...node} }}{% endfor %}",
            "{% for node in graph.nodes %}{{ [node] }}{% endfor %}",
            "{% for node in graph.nodes %}{{ node.attributes }}{% endfor %}",
            "{% for node in graph.nodes %}{{ node.attributes | json }}{% endfor %}",
            "{% for node in graph.nodes %}{% if node == 1 %}{% endif %}{% endfor %}",
            "{% if graph.nodes[0] in graph.nodes %}{% endif %}",
            "{{ graph.nodes | unique | length }}",
            "{{ graph.nodes | sort | length }}",
            "{{ graph.nodes | group_by(attribute=graph.name) | length }}",
            "{{ graph.nodes | key_by(attribute=\"id\") }}",
            "{% set a = graph.nodes %}{% set b = a %}{{ b }}",
            "{% set_global a = 1 %}{{ a }}{% set_global a = graph %}",
            "{% component c(x) %}{{ x }}{% endcomponent %}{{ <c x={graph.nodes}/> }}",
            "{% component c(@graph) %}{{ graph }}{% endcomponent %}{{ <c/> }}",
            "{% component c(...rest) %}{{ rest }}{% endcomponent %}{{ <c x={graph}/> }}",
            "{{ [n for n in graph.nodes] }}",
            "{{ dependencies(of=\"svc:a\") }}",
            "{{ node(id=\"svc:a\") }}",
            "{{ system }}",
            "{{ system | json }}",
            "{% for key, value in system %}{{ value }}{% endfor %}",
            "{{ __tera_context }}",
            "{% filter upper %}{{ graph.nodes }}{% endfilter %}",
            "{{ {\"a\": graph} }}",
            "{{ none | default(value=graph) }}",
            "{{ {} | get(key=\"a\", default=graph) }}",
        ] {
            assert_eq!(needs(source), None, "{source}");
        }
    }

    #[test]
    fn what_is_no_tag_is_not_read() {
        let source =
            "{# {{ graph }} #}{% raw %}{{ graph }}{% endraw %}{{ \"}} {{ graph\" }} { graph } {{- graph.name -}}";
        assert_eq!(needs(source), Some(Needs { graph: fields(&["name"]), ..Needs::default() }));
    }

    /// Renders a system with the values that a template reads, and with all of them.
    fn both(template: &Template, system: &System) -> [Vec<u8>; 2] {
        let options = &template.description().options["properties"];
        let options = options.as_object().unwrap().iter().map(|(key, schema)| (key.clone(), schema["default"].clone()));
        let options = serde_json::Value::Object(options.collect());
        let embeds = Embeds::from(["mermaid", "svg"].map(|name| (name.to_owned(), "diagram\n".to_owned())));
        let findings: [Diagnostic; 0] = [];
        let mut written = [Vec::new(), Vec::new()];
        for group_by in [GroupBy::Provider, GroupBy::Owner, GroupBy::None] {
            let graph = crate::graph::Graph::of(system).view(&ViewOptions { group_by, ..ViewOptions::default() });
            let given =
                RenderContext { graph: &graph, options: &options, embeds: &embeds, layouts: &[], findings: &findings };
            for (written, needs) in written.iter_mut().zip([template.needs.as_ref(), None]) {
                let (content, _) = template.rendered_with(&given, needs).unwrap_or_else(|error| panic!("{error}"));
                written.extend(content);
            }
        }
        written
    }

    #[test]
    fn what_is_written_is_the_same() {
        let systems: Vec<System> = [
            include_str!("../../../../examples/payments.json"),
            include_str!("../../../../examples/boutique.json"),
            include_str!("../../../../examples/otel.json"),
            include_str!("../../../../tests/fixtures/hostile.json"),
        ]
        .map(|text| serde_json::from_str(text).unwrap())
        .into();
        let own = [
            include_str!("../../../../examples/templates/owners.md.tera"),
            include_str!("../../../../examples/templates/services.puml.tera"),
            include_str!("../../../../examples/templates/my-table.md.tera"),
            "{% set by = graph.nodes | key_by(attribute=\"id\") %}{% for edge in graph.edges %}{{ edge.id }} \
             {{ by[edge.target].attributes.image?.name | default(value=\"-\") }} {{ edge.pointer }} {{ edge.port | default(value=0) }}\n{% endfor %}",
            "{% for node in graph.nodes %}{% if node.attributes %}y{% else %}n{% endif %}{% if node %}y{% endif %}\
             {{ node.attributes is map }}{{ node.attributes.exposes | default(value=[]) | json }}{% endfor %}",
            "{% for group in graph.groups %}{{ group.nodes | json }}{{ group.parent | default(value=\"\") }}{% endfor %}",
            "{{ system.services | json }}{{ system.name }}{{ graph.name }}{{ graph.version | default(value=\"-\") }}",
            "{% for node in graph.nodes %}{{ node.groups | json }}{{ node.pointer }}{{ node[\"label\"] }}{% endfor %}",
            "{{ graph.nodes | sort(attribute=\"label\") | length }}",
        ];
        let own = own.iter().map(|source| {
            let sidecar = source
                .contains("options.silent")
                .then_some(include_str!("../../../../examples/templates/my-table.toml"));
            let template = Template::from_source("test.md.tera", source, sidecar, &[]).unwrap();
            assert!(template.needs.is_some(), "not understood: {source}");
            template
        });
        for template in SHIPPED.iter().map(|shipped| shipped.template().unwrap()).chain(own) {
            for system in &systems {
                let [some, all] = both(&template, system);
                assert_eq!(String::from_utf8_lossy(&some), String::from_utf8_lossy(&all), "{}", template.file);
            }
        }
    }
}
