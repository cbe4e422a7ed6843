//! The structure of a file, before anything is compiled: what it imports and exports, and how much of everything there
//! is, also after components inside of it are expanded.
//!
//! What an instance has is added up for each definition and again wherever that is instantiated, as the compiler will
//! do it, so that 28 levels that double are seen without taking one step for each of the 2^28 instances.

mod types;
mod weight;

use wasmparser::{
    BinaryReaderError, ComponentAlias, ComponentExternalKind, ComponentInstance, ComponentOuterAliasKind,
    ComponentTypeRef, Data, DataKind, Element, ElementItems, ElementKind, FunctionBody, Instance, Parser, Payload,
};

use self::types::count_types;
use self::weight::Weight;
use super::contract::{self, Interface};
use crate::limits::{ComponentLimits, LimitExceeded};
use crate::plugin::{ComponentFault, PluginError};

/// Why a file is not compiled.
#[derive(Debug)]
enum Refusal {
    /// It has more of something than its limit.
    Limit(LimitExceeded),
    /// It hands components or modules on as values: what they become is not known before they are compiled.
    PassedComponent,
    /// It is not well-formed.
    Invalid(String),
}

impl From<BinaryReaderError> for Refusal {
    fn from(error: BinaryReaderError) -> Self {
        Self::Invalid(error.to_string())
    }
}

/// Scans a file.
///
/// # Errors
/// It is not well-formed, has more of something than its limit, or hands components on as values.
pub(super) fn scan(name: &str, wasm: &[u8], limits: &ComponentLimits) -> Result<Interface, PluginError> {
    let mut scan =
        Scan { wasm, limits, open: Vec::new(), all: Weight::default(), types: 0, interface: Interface::default() };
    let mut scanned = Parser::new(0).parse_all(wasm).map(|payload| payload.map_err(Refusal::from));
    match scanned.try_for_each(|payload| scan.take(payload?)) {
        Ok(()) => Ok(scan.interface),
        Err(Refusal::Limit(exceeded)) => Err(PluginError::component(name, ComponentFault::TooLarge(exceeded))),
        Err(Refusal::PassedComponent) => Err(PluginError::component(name, ComponentFault::PassedComponent)),
        Err(Refusal::Invalid(trace)) => Err(contract::invalid(name, trace)),
    }
}

/// A scan that is under way.
struct Scan<'a> {
    wasm: &'a [u8],
    limits: &'a ComponentLimits,
    /// The definitions that are open, each inside of the one before it.
    open: Vec<Definition>,
    /// Everything that was defined, once each.
    all: Weight,
    types: u64,
    interface: Interface,
}

/// A module or a component: what an instance of it has, and what is defined in it.
#[derive(Default)]
struct Definition {
    is_module: bool,
    weight: Weight,
    modules: Vec<Weight>,
    components: Vec<Weight>,
}

impl Scan<'_> {
    fn take(&mut self, payload: Payload<'_>) -> Result<(), Refusal> {
        match payload {
            Payload::Version { encoding, .. } => {
                let is_module = encoding == wasmparser::Encoding::Module;
                self.open.push(Definition { is_module, ..Definition::default() });
                if self.open.len() as u64 > self.limits.nesting.saturating_add(1) {
                    return self.exceeds("component-nesting");
                }
                Ok(())
            }
            Payload::End(_) => self.close(),
            Payload::TypeSection(section) => self.add_types(section.count().into()),
            Payload::CoreTypeSection(section) => self.add_types(section.count().into()),
            Payload::ComponentTypeSection(section) => {
                let bytes = self.wasm.get(section.range()).unwrap_or_default();
                match count_types(bytes, section.range().start)? {
                    Some(count) => self.add_types(count),
                    None => Err(Refusal::Invalid("types are nested too deeply".to_owned())),
                }
            }
            Payload::ImportSection(section) => self.add_items(section.count()),
            Payload::TagSection(section) => self.add_items(section.count()),
            Payload::GlobalSection(section) => self.add_items(section.count()),
            Payload::ExportSection(section) => self.add_items(section.count()),
            Payload::TableSection(section) => self.add(Weight { tables: section.count().into(), ..Weight::default() }),
            Payload::MemorySection(section) => {
                self.add(Weight { memories: section.count().into(), ..Weight::default() })
            }
            Payload::FunctionSection(section) => {
                self.add(Weight { functions: section.count().into(), ..Weight::default() })
            }
            Payload::CodeSectionEntry(body) => self.check_body(&body),
            Payload::ElementSection(section) => {
                self.add_items(section.count())?;
                section.into_iter().try_for_each(|element| self.add_data(elements(&element?)))
            }
            Payload::DataSection(section) => {
                self.add_items(section.count())?;
                section.into_iter().try_for_each(|data| self.add_data(data_bytes(&data?)))
            }
            Payload::InstanceSection(section) => {
                section.into_iter().try_for_each(|instance| self.instantiate_module(&instance?))
            }
            Payload::ComponentInstanceSection(section) => {
                section.into_iter().try_for_each(|instance| self.instantiate_component(&instance?))
            }
            Payload::ComponentAliasSection(section) => {
                self.add_items(section.count())?;
                section.into_iter().try_for_each(|alias| self.alias(&alias?))
            }
            Payload::ComponentCanonicalSection(section) => {
                self.add(Weight { functions: section.count().into(), ..Weight::default() })
            }
            Payload::ComponentImportSection(section) => {
                self.add_items(section.count())?;
                section.into_iter().try_for_each(|import| {
                    let import = import?;
                    self.import(import.name.name, import.ty)
                })
            }
            Payload::ComponentExportSection(section) => {
                self.add_items(section.count())?;
                section.into_iter().try_for_each(|export| {
                    let export = export?;
                    self.export(export.name.name, export.kind, export.index)
                })
            }
            _ => Ok(()),
        }
    }

    /// Ends a definition, and adds it to the one around it.
    fn close(&mut self) -> Result<(), Refusal> {
        let Some(closed) = self.open.pop() else { return Ok(()) };
        if let Some(around) = self.open.last_mut() {
            let into = if closed.is_module { &mut around.modules } else { &mut around.components };
            into.push(closed.weight);
            // What is defined takes room where it is used, and a little where it is not.
            return self.add_items(1);
        }
        Ok(())
    }

    fn exceeds(&self, key: &'static str) -> Result<(), Refusal> {
        Err(Refusal::Limit(self.limits.exceeded(key)))
    }

    /// Adds what an instance of the open definition has, and what the file has.
    fn add(&mut self, weight: Weight) -> Result<(), Refusal> {
        self.all = self.all.plus(weight);
        self.all.check(self.limits).map_err(Refusal::Limit)?;
        self.add_expanded(weight)
    }

    /// Adds what an instance of the open definition has.
    fn add_expanded(&mut self, weight: Weight) -> Result<(), Refusal> {
        let Some(open) = self.open.last_mut() else { return Ok(()) };
        open.weight = open.weight.plus(weight);
        open.weight.check(self.limits).map_err(Refusal::Limit)
    }

    fn add_types(&mut self, count: u64) -> Result<(), Refusal> {
        self.types = self.types.saturating_add(count);
        if self.types > self.limits.types { self.exceeds("types") } else { Ok(()) }
    }

    fn add_items(&mut self, count: u32) -> Result<(), Refusal> {
        self.add(Weight { items: count.into(), ..Weight::default() })
    }

    fn add_data(&mut self, bytes: u64) -> Result<(), Refusal> {
        self.add(Weight { data: bytes, ..Weight::default() })
    }

    fn check_body(&self, body: &FunctionBody<'_>) -> Result<(), Refusal> {
        if body.range().len() as u64 > self.limits.function_size {
            return self.exceeds("function-size");
        }
        let mut locals = body.get_locals_reader()?;
        let mut count = 0_u64;
        for _ in 0..locals.get_count() {
            count = count.saturating_add(locals.read()?.0.into());
        }
        if count > self.limits.locals { self.exceeds("locals") } else { Ok(()) }
    }

    fn instantiate_module(&mut self, instance: &Instance<'_>) -> Result<(), Refusal> {
        match instance {
            Instance::Instantiate { module_index, args } => {
                let module = self.defined(*module_index, |open| &open.modules)?;
                self.add_items(length(args))?;
                self.add_expanded(module.instance())
            }
            Instance::FromExports(exports) => self.add_items(length(exports)),
        }
    }

    fn instantiate_component(&mut self, instance: &ComponentInstance<'_>) -> Result<(), Refusal> {
        match instance {
            ComponentInstance::Instantiate { component_index, args } => {
                let component = self.defined(*component_index, |open| &open.components)?;
                self.add_items(length(args))?;
                self.add_expanded(component.instance())
            }
            ComponentInstance::FromExports(exports) => self.add_items(length(exports)),
        }
    }

    /// What an instance of a definition has, by the number of that in the open component.
    fn defined(&self, index: u32, of: impl Fn(&Definition) -> &Vec<Weight>) -> Result<Weight, Refusal> {
        let found = self.open.last().and_then(|open| of(open).get(index as usize));
        found.copied().ok_or_else(|| Refusal::Invalid(format!("there is no definition {index}")))
    }

    fn alias(&mut self, alias: &ComponentAlias<'_>) -> Result<(), Refusal> {
        match alias {
            ComponentAlias::InstanceExport {
                kind: ComponentExternalKind::Component | ComponentExternalKind::Module,
                ..
            } => Err(Refusal::PassedComponent),
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::Component, count, index } => {
                let component = self.outer(*count, *index, |open| &open.components)?;
                self.open.last_mut().into_iter().for_each(|open| open.components.push(component));
                Ok(())
            }
            ComponentAlias::Outer { kind: ComponentOuterAliasKind::CoreModule, count, index } => {
                let module = self.outer(*count, *index, |open| &open.modules)?;
                self.open.last_mut().into_iter().for_each(|open| open.modules.push(module));
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// What an instance of a definition of a component around the open one has.
    fn outer(&self, count: u32, index: u32, of: impl Fn(&Definition) -> &Vec<Weight>) -> Result<Weight, Refusal> {
        let around = self.open.iter().rev().nth(count as usize);
        let found = around.and_then(|around| of(around).get(index as usize));
        found.copied().ok_or_else(|| Refusal::Invalid(format!("there is no outer definition {index}")))
    }

    fn import(&mut self, name: &str, ty: ComponentTypeRef) -> Result<(), Refusal> {
        let is_outermost = self.open.len() == 1;
        match ty {
            ComponentTypeRef::Component(_) | ComponentTypeRef::Module(_) if !is_outermost => {
                return Err(Refusal::PassedComponent);
            }
            ComponentTypeRef::Type(_) => {}
            _ if is_outermost => self.interface.imports.push(name.to_owned()),
            _ => {}
        }
        Ok(())
    }

    /// Takes an export, which is an item of its own beside the exported one.
    fn export(&mut self, name: &str, kind: ComponentExternalKind, index: u32) -> Result<(), Refusal> {
        if self.open.len() == 1 {
            self.interface.exports.push(name.to_owned());
        }
        match kind {
            ComponentExternalKind::Component => {
                let component = self.defined(index, |open| &open.components)?;
                self.open.last_mut().into_iter().for_each(|open| open.components.push(component));
            }
            ComponentExternalKind::Module => {
                let module = self.defined(index, |open| &open.modules)?;
                self.open.last_mut().into_iter().for_each(|open| open.modules.push(module));
            }
            _ => {}
        }
        Ok(())
    }
}

fn length<T>(list: &[T]) -> u32 {
    u32::try_from(list.len()).unwrap_or(u32::MAX)
}

/// How many bytes an element segment puts into a table when its module is instantiated.
fn elements(element: &Element<'_>) -> u64 {
    let count = match &element.items {
        ElementItems::Functions(items) => items.count(),
        ElementItems::Expressions(_, items) => items.count(),
    };
    if matches!(element.kind, ElementKind::Declared) { 0 } else { u64::from(count) * 8 }
}

/// How many bytes a data segment puts into a memory when its module is instantiated.
fn data_bytes(data: &Data<'_>) -> u64 {
    match data.kind {
        DataKind::Active { .. } => data.data.len() as u64,
        DataKind::Passive => 0,
    }
}
