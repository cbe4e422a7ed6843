//! What a drawing says in words: its description, and what is shown where the pointer rests.

use std::fmt::Write as _;

use super::pen::Pen;
use crate::graph::Origin;
use crate::render::picture::plan::is_stack;
use crate::render::picture::xml::EscapedText;
use crate::text::{plural, redact};

/// The most names of the members of a stack that are shown.
const MOST_MEMBERS: usize = 20;

impl Pen<'_> {
    /// Describes the drawing to those who do not see it.
    pub(super) fn description(&mut self) {
        let system = self.graph.system;
        let counts = [
            plural(self.graph.nodes.len(), "node"),
            plural(self.graph.edges.len(), "connection"),
            plural(self.graph.groups.len(), "group"),
        ];
        let groups: Vec<&str> = self.graph.groups.iter().map(|group| group.label).collect();
        let of_groups = if groups.is_empty() { String::new() } else { format!(": {}", groups.join(", ")) };
        let what = system.description.as_ref().map(|text| format!("{}\n", text.as_str())).unwrap_or_default();
        let [nodes, edges, number] = counts;
        let text = format!("{what}{nodes}, {edges}, {number}{of_groups}");
        let _ = writeln!(self.out, "<desc>{}</desc>", EscapedText(&text));
    }

    /// Adds to the title of a node what its box has no room for, a line each.
    pub(super) fn tooltip(&mut self, index: usize) {
        let node = &self.graph.nodes[index];
        let mut lines: Vec<String> = Vec::new();
        match node.resource {
            Some(resource) => lines.push(format!("{} ({resource})", node.kind)),
            None => lines.push(node.kind.to_owned()),
        }
        if let Some((_, service)) = self.graph.service(index) {
            lines.extend(service.description.as_ref().map(|text| text.as_str().to_owned()));
            lines.extend(service.owner.as_ref().map(|owner| format!("owner: {}", owner.as_str())));
            let repository = service.repo.as_ref().map(|repo| repo.url.as_str()).filter(|url| !url.is_empty());
            lines.extend(repository.map(|url| format!("repository: {}", redact(url))));
        }
        if let Origin::Collapsed(collapsed) = node.origin
            && is_stack(node)
        {
            let members = &self.graph.collapsed[collapsed as usize].members;
            let name = |id: &smol_str::SmolStr| id.split_once(':').map_or(id.as_str(), |(_, name)| name).to_owned();
            lines.extend(members.iter().take(MOST_MEMBERS).map(name));
            if members.len() > MOST_MEMBERS {
                lines.push(format!("and {} more", members.len() - MOST_MEMBERS));
            }
        }
        for line in lines {
            let _ = write!(self.out, "\n{}", EscapedText(&line));
        }
    }

    /// Where a node leads to: one that stands for a group, to the diagram of that group, if it has one; a service, to
    /// its repository.
    pub(super) fn link(&self, index: usize) -> Option<String> {
        let node = &self.graph.nodes[index];
        if let Origin::Collapsed(collapsed) = node.origin {
            return self.graph.collapsed[collapsed as usize].link.clone();
        }
        let url = self.graph.service(index)?.1.repo.as_ref()?.url.as_str();
        let is_web = ["https://", "http://"].iter().any(|scheme| url.starts_with(scheme));
        (self.tools.options.links && is_web).then(|| redact(url).into_owned())
    }
}
