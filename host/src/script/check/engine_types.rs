//! The types of the values that the engine gives to rules beside those of the document.

use std::any::TypeId;

use crate::script::ctx::Ctx;
use crate::script::document::{Binding, Spot};
use crate::script::graph::{GraphEdge, GraphGroup, GraphNode, GraphValue};
use crate::script::report::{Finding, ParamValues};

/// A type of the engine that is not of the document.
pub(super) struct EngineType {
    pub name: &'static str,
    pub id: fn() -> TypeId,
}

/// The types of the engine that are not of the document. What has another type is unknown.
pub(super) const ENGINE_TYPES: [EngineType; 9] = [
    EngineType { name: "Context", id: TypeId::of::<Ctx> },
    EngineType { name: "Params", id: TypeId::of::<ParamValues> },
    EngineType { name: "Finding", id: TypeId::of::<Finding> },
    EngineType { name: "Place", id: TypeId::of::<Spot> },
    EngineType { name: "Binding", id: TypeId::of::<Binding> },
    EngineType { name: "Graph", id: TypeId::of::<GraphValue> },
    EngineType { name: "Node", id: TypeId::of::<GraphNode> },
    EngineType { name: "Edge", id: TypeId::of::<GraphEdge> },
    EngineType { name: "Group", id: TypeId::of::<GraphGroup> },
];
