//! `key in found`: rhai copies what is searched. Of an array or a map in a variable, it gets a view instead.

use std::cell::RefCell;
use std::rc::Rc;

use rhai::plugin::RhaiResult;
use rhai::{Dynamic, Engine, Map, NativeCallContext, Scope};

use super::{cells, meter};

/// An array or a map in a variable, without a copy.
#[derive(Clone)]
struct View(Rc<RefCell<Dynamic>>);

/// Registers what a view is asked.
pub(super) fn register(engine: &mut Engine) {
    engine.register_fn("contains", |_: &mut Map, (): ()| false);
    engine.register_fn("contains", |context: NativeCallContext<'_>, view: View, mut wanted: Dynamic| -> RhaiResult {
        let mut searched = view.0.borrow_mut();
        if let (Ok(map), Ok(key)) = (searched.as_map_ref(), wanted.as_immutable_string_ref()) {
            return Ok(map.contains_key(key.as_str()).into());
        }
        meter::charge(searched.as_array_ref().map_or(0, |items| items.len()))?;
        // Not by reference: rhai would measure all of it.
        context.call_native_fn_raw("contains", false, &mut [&mut *searched, &mut wanted])
    });
}

/// Makes a view of a variable; `None` where it is neither an array nor a map, or a constant.
pub(super) fn view(name: &str, place: usize, scope: &mut Scope<'_>) -> Option<Dynamic> {
    cells::lend(name, place, scope).map(|cell| Dynamic::from(View(cell)))
}
