//! What functions and filters make of nodes, edges and groups, and what they read of them.

use super::expression::{Argument, Expression};
use super::shape::{Kind, Shape};

impl Expression<'_, '_> {
    /// The shape of what a function of the engine or of Tera returns.
    pub fn function(&mut self, name: &str, arguments: &[Argument<'_>]) -> Option<Shape> {
        let takes = |shape: Shape| matches!(shape, Shape::Plain | Shape::Record(_));
        if !arguments.iter().all(|&(_, shape, _)| takes(shape)) {
            return None;
        }
        let needs = &mut self.knowledge.needs;
        let (node_fields, shape): (&[&str], Shape) = match name {
            "node" => (&[], Shape::Record(Kind::Node)),
            "dependencies" | "dependents" | "reachable" | "path" | "orphans" => (&[], Shape::List(Kind::Node)),
            "members" => (&["groups", "group"], Shape::List(Kind::Node)),
            "outgoing" | "incoming" => {
                needs.fields(Kind::Edge);
                (&[], Shape::List(Kind::Edge))
            }
            "group" => {
                needs.fields(Kind::Group).insert("id".to_owned());
                (&[], Shape::Record(Kind::Group))
            }
            "owner" | "owners" | "findings" => (&[], Shape::Plain),
            "public_endpoints" => {
                needs.attributes.insert("exposes".to_owned());
                (&["attributes"], Shape::Plain)
            }
            "range" | "circle" | "throw" | "super" => {
                arguments.iter().try_for_each(|(_, shape, _)| shape.plain())?;
                return Some(Shape::Plain);
            }
            _ => return None,
        };
        let fields = ["id"].iter().chain(node_fields).map(|field| (*field).to_owned());
        needs.fields(Kind::Node).extend(fields);
        Some(shape)
    }

    /// The shape of what a filter makes of a value.
    pub fn filter(&mut self, value: Shape, name: &str, arguments: &[Argument<'_>]) -> Option<Shape> {
        let argument = |name: &str| arguments.iter().find(|(argument, ..)| *argument == name);
        let others_are_plain = |except: &str| {
            arguments.iter().filter(|(argument, ..)| *argument != except).all(|(_, shape, _)| *shape == Shape::Plain)
        };
        if name == "identifier" {
            for kind in [Kind::Node, Kind::Group] {
                self.knowledge.needs.fields(kind).insert("id".to_owned());
            }
        }
        if name == "default" {
            let (_, default, _) = argument("value")?;
            return others_are_plain("value").then(|| value.or(*default))?;
        }
        if !others_are_plain("default") {
            return None;
        }
        let default = argument("default").map_or(Shape::Plain, |(_, shape, _)| *shape);
        let attribute = argument("attribute").map(|(_, _, text)| *text);
        match (value, name) {
            (Shape::Plain, "get") => Some(default),
            (Shape::Map(_) | Shape::MapOfLists(_), "get") => value.value()?.or(default),
            (Shape::Attributes, "get") => {
                let (_, _, key) = argument("key")?;
                self.field(value, (*key)?)?.or(default)
            }
            _ if default != Shape::Plain => None,
            (Shape::Plain, _) => Some(Shape::Plain),
            (Shape::Graph, "json") => {
                let is_pretty = match arguments {
                    [] => false,
                    [("pretty", _, Some("true"))] => true,
                    _ => return None,
                };
                self.knowledge.needs.json[usize::from(is_pretty)] = true;
                Some(Shape::Plain)
            }
            (Shape::List(_) | Shape::Map(_) | Shape::MapOfLists(_), "length")
            | (Shape::Map(_) | Shape::MapOfLists(_), "keys") => Some(Shape::Plain),
            (Shape::Map(kind), "values") => Some(Shape::List(kind)),
            (Shape::List(kind), "first" | "last" | "nth") => Some(Shape::Record(kind)),
            (Shape::List(_), "reverse") => Some(value),
            (Shape::List(kind), "sort" | "unique" | "group_by" | "key_by" | "count_by") => {
                self.path(kind, attribute??)?;
                Some(match name {
                    "group_by" => Shape::MapOfLists(kind),
                    "key_by" => Shape::Map(kind),
                    "count_by" => Shape::Plain,
                    _ => value,
                })
            }
            _ => None,
        }
    }
}
