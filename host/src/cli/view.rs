//! What a user wants to see of a document: named in the project file, and said on the command line.

use clap::Args;
use serde::Deserialize;
use toml::Spanned;

use super::Failure;
use super::project::Project;
use crate::diagnostic::{Diagnostic, Place};
use crate::graph::select::Selection;
use crate::graph::select::expression::{Expression, Field, SyntaxError, Value};
use crate::graph::{Collapse, Depth, Graph, GroupBy, GroupKind, Towards};
use crate::rules::invalid_setting;
use crate::text::{nearest, quote};

/// Says what to show.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "View")]
pub(super) struct ViewArguments {
    /// Start from a view of the project file, [view.NAME].
    #[arg(long, value_name = "NAME")]
    pub view: Option<String>,
    /// Show only these nodes and what is near them: names, ids such as rds:orders, or patterns. May be given several times.
    #[arg(long, value_name = "NODE")]
    pub focus: Vec<String>,
    /// How many edges away from the focus a node may be [default: 1].
    #[arg(long, value_name = "N")]
    pub depth: Option<usize>,
    /// Which edges to follow from the focus: out, to what it depends on; in, to what depends on it; both [default: both].
    #[arg(long, value_name = "WAY", value_parser = Towards::WORDS)]
    pub direction: Option<String>,
    /// Show only what an expression means: 'kind=database or provider=aws', 'services and not owner=payments'.
    #[arg(long, value_name = "EXPRESSION")]
    pub only: Vec<String>,
    /// Leave out what an expression means: deployments, 'kind=secret'.
    #[arg(long, value_name = "EXPRESSION")]
    pub without: Vec<String>,
    /// Show only what an owner has: an id or a name. As all of these: a pattern with * and ?, and any of several.
    #[arg(long, value_name = "OWNER")]
    pub owner: Vec<String>,
    /// Show only what is of a provider: aws, gcp, azure, cloudflare, resources, services, deployments.
    #[arg(long, value_name = "PROVIDER")]
    pub provider: Vec<String>,
    /// Show only nodes of a kind: service, database, queue …
    #[arg(long, value_name = "KIND")]
    pub kind: Vec<String>,
    /// Show only nodes of a group, by its id: owner:payments-team, network:internal.
    #[arg(long, value_name = "GROUP")]
    pub group: Vec<String>,
    /// Show only nodes of a name.
    #[arg(long, value_name = "NAME")]
    pub name: Vec<String>,
    /// Make one node of each group of a kind, or of some: owner, 'network=internal,dmz'. May be given several times.
    #[arg(long, value_name = "KIND[=GROUP,…]")]
    pub collapse: Vec<String>,
    /// What the nodes are grouped by: short for --set group-by=…
    #[arg(long, value_name = "KIND", value_parser = GroupBy::WORDS)]
    pub group_by: Option<String>,
}

/// Holds a view of the project file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case", default)]
pub(super) struct NamedView {
    focus: Vec<Spanned<String>>,
    depth: Option<usize>,
    direction: Option<Spanned<String>>,
    only: Option<Spanned<String>>,
    without: Option<Spanned<String>>,
    owner: Vec<Spanned<String>>,
    provider: Vec<Spanned<String>>,
    kind: Vec<Spanned<String>>,
    group: Vec<Spanned<String>>,
    name: Vec<Spanned<String>>,
    collapse: Vec<Spanned<String>>,
    group_by: Option<Spanned<String>>,
}

/// Holds what to show, and what to group it by.
pub(super) struct View {
    pub selection: Selection,
    /// What somebody asked the nodes to be grouped by.
    pub group_by: Option<String>,
}

impl View {
    /// Reads what the user wants to see: the view of the project that is named, narrowed by the arguments.
    pub fn of(arguments: &ViewArguments, project: &Project) -> anyhow::Result<Self> {
        let mut view = match &arguments.view {
            Some(name) => named(name, project)?,
            None => Self { selection: Selection::default(), group_by: None },
        };
        let selection = &mut view.selection;
        for (option, texts, into) in [
            ("--only", &arguments.only, &mut selection.only),
            ("--without", &arguments.without, &mut selection.without),
        ] {
            for text in texts {
                into.push(Expression::parse(text).map_err(|error| pointed(option, text, &error))?);
            }
        }
        let said = [
            ("--owner", Field::Owner, &arguments.owner),
            ("--provider", Field::Provider, &arguments.provider),
            ("--kind", Field::Kind, &arguments.kind),
            ("--group", Field::Group, &arguments.group),
            ("--name", Field::Name, &arguments.name),
        ];
        for (option, field, texts) in said {
            selection.only.extend(has(field, texts).map_err(|error| Failure::new(format!("{option}: {error}")))?);
        }
        if !arguments.focus.is_empty() {
            selection.focus = values(&arguments.focus).map_err(|error| Failure::new(format!("--focus: {error}")))?;
        }
        for text in &arguments.collapse {
            selection.collapse.push(collapse(text).map_err(|error| Failure::new(format!("--collapse: {error}")))?);
        }
        if let Some(depth) = arguments.depth {
            selection.depth = Depth(depth);
        }
        if let Some(direction) = arguments.direction.as_deref().and_then(Towards::parse) {
            selection.direction = direction;
        }
        if selection.focus.is_empty() && (arguments.depth.is_some() || arguments.direction.is_some()) {
            return Err(Failure::new("--depth and --direction say how far to look from a focus, and there is none")
                .help("name one: --focus payments-service")
                .into());
        }
        view.group_by = arguments.group_by.clone().or(view.group_by);
        Ok(view)
    }

    /// Narrows a whole graph, and tells the user what to know about it.
    pub fn apply<'a>(&self, graph: Graph<'a>) -> anyhow::Result<Graph<'a>> {
        let (graph, remarks) = graph.select(&self.selection).map_err(|error| {
            let failure = Failure::new(error.message);
            match error.help {
                Some(help) => failure.help(help),
                None => failure,
            }
        })?;
        for remark in remarks {
            super::report::warning(&remark)?;
        }
        Ok(graph)
    }
}

/// Reads a view of the project file.
fn named(name: &str, project: &Project) -> anyhow::Result<View> {
    let views = &project.settings.view;
    let Some(view) = views.get(name) else {
        let help = match nearest(name, views.keys().map(String::as_str)) {
            Some(meant) => format!("did you mean {}?", quote(meant)),
            None if views.is_empty() => format!("write a section [view.{name}] into spec-engine.toml"),
            None => format!("there are {}", views.keys().map(|name| quote(name)).collect::<Vec<_>>().join(", ")),
        };
        return Err(Failure::new(format!("the project has no view {}", quote(name))).help(help).into());
    };
    read(view).map_err(|wrong| {
        let wrong = wrong.into_iter().next().map(|(_, message)| message).unwrap_or_default();
        Failure::new(format!("[view.{name}]: {wrong}")).help("`spec-engine validate` shows the place").into()
    })
}

/// Finds what is wrong with the views of a project file.
pub(super) fn mistakes(project: &Project) -> Vec<Diagnostic> {
    let mistakes = project.settings.view.values().filter_map(|view| read(view).err()).flatten();
    mistakes.map(|(span, message)| invalid_setting::finding(Place::Bytes(span), message)).collect()
}

/// What is wrong in a view, with the bytes of the project file where it stands.
type Mistakes = Vec<(std::ops::Range<usize>, String)>;

fn read(view: &NamedView) -> Result<View, Mistakes> {
    let mut wrong = Mistakes::new();
    let mut selection = Selection::default();
    for (text, into) in [(&view.only, &mut selection.only), (&view.without, &mut selection.without)] {
        let Some(text) = text else { continue };
        match Expression::parse(text.get_ref()) {
            Ok(expression) => into.push(expression),
            Err(error) => wrong.push((text.span(), format!("byte {}: {}", error.offset, error.message))),
        }
    }
    let mut each = |texts: &[Spanned<String>]| -> Vec<String> {
        for text in texts {
            wrong.extend(Value::new(text.get_ref()).err().map(|error| (text.span(), error)));
        }
        texts.iter().map(|text| text.get_ref().clone()).collect()
    };
    for (field, texts) in [
        (Field::Owner, &view.owner),
        (Field::Provider, &view.provider),
        (Field::Kind, &view.kind),
        (Field::Group, &view.group),
        (Field::Name, &view.name),
    ] {
        selection.only.extend(has(field, &each(texts)).unwrap_or_default());
    }
    selection.focus = values(&each(&view.focus)).unwrap_or_default();
    for text in &view.collapse {
        match collapse(text.get_ref()) {
            Ok(collapse) => selection.collapse.push(collapse),
            Err(error) => wrong.push((text.span(), error)),
        }
    }
    selection.depth = view.depth.map_or_else(Depth::default, Depth);
    if let Some(word) = &view.direction {
        match Towards::parse(word.get_ref()) {
            Some(direction) => selection.direction = direction,
            None => wrong.push((word.span(), none_of("direction", word.get_ref(), &Towards::WORDS))),
        }
    }
    if let Some(word) = view.group_by.as_ref().filter(|word| !GroupBy::WORDS.contains(&word.get_ref().as_str())) {
        wrong.push((word.span(), none_of("grouping", word.get_ref(), &GroupBy::WORDS)));
    }
    let group_by = view.group_by.as_ref().map(|word| word.get_ref().clone());
    if wrong.is_empty() { Ok(View { selection, group_by }) } else { Err(wrong) }
}

fn none_of(what: &str, word: &str, words: &[&str]) -> String {
    format!("there is no {what} {}; there are {}", quote(word), words.join(", "))
}

fn values(texts: &[String]) -> Result<Vec<Value>, String> {
    texts.iter().map(|text| Value::new(text)).collect()
}

fn has(field: Field, texts: &[String]) -> Result<Option<Expression>, String> {
    Ok(if texts.is_empty() { None } else { Some(Expression::Has(field, values(texts)?)) })
}

/// Reads `KIND` or `KIND=GROUP,…`.
fn collapse(text: &str) -> Result<Collapse, String> {
    let (kind, groups) = text.split_once('=').map_or((text, None), |(kind, groups)| (kind, Some(groups)));
    let words = GroupKind::ALL.map(GroupKind::as_str);
    let Some(kind) = GroupKind::ALL.into_iter().find(|group| group.as_str() == kind.trim()) else {
        return Err(none_of("kind of groups", kind, &words));
    };
    let groups = groups.into_iter().flat_map(|groups| groups.split(',')).map(|group| Value::new(group.trim()));
    Ok(Collapse { kind, groups: groups.collect::<Result<_, _>>()? })
}

/// Says what is wrong with an expression, and shows where.
fn pointed(option: &str, text: &str, error: &SyntaxError) -> Failure {
    let before = text.get(..error.offset).unwrap_or(text).chars().count();
    let mut failure = Failure::new(format!("{option}: {}", error.message));
    failure.details = Some(format!("{text}\n{}^", " ".repeat(before)));
    failure
}
