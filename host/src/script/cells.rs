//! The variables that closures share. One that holds a closure which shares it holds itself, and nothing would ever free
//! it: so each is known, and emptied when the rule has run.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::mem;
use std::rc::{Rc, Weak};

use rhai::{Dynamic, Scope};

/// The variables between two looks at which of them are gone, at least.
const SWEEP: usize = 1_024;

/// The shared variables of a rule, by the places of their values. No place is used again while its `Weak` is there.
#[derive(Default)]
struct Cells {
    all: HashMap<*const Dynamic, Weak<RefCell<Dynamic>>>,
    /// Those of variables that no closure shares: made for a look inside.
    lent: HashSet<*const Dynamic>,
    sweep_at: usize,
}

thread_local! {
    static CELLS: RefCell<Cells> = RefCell::default();
}

/// Finds the variable of a name in the scope of a function. Its place is that from the end, from 1, or 0.
pub(super) fn variable<'s>(name: &str, place: usize, scope: &'s Scope<'_>) -> Option<&'s Dynamic> {
    // From the end, too.
    let mut variables = scope.iter_raw();
    let at_place = place.checked_sub(1).and_then(|place| variables.nth(place));
    at_place.filter(|(found, ..)| *found == name).map(|(.., value)| value).or_else(|| scope.get(name))
}

/// Takes note of a variable that is read, if it is shared: every closure reads what it captures when it is made.
pub(super) fn note(name: &str, index: usize, scope: &mut Scope<'_>) {
    // One that is being written to was noted before.
    let Some(place) = variable(name, index, scope).and_then(place) else { return };
    CELLS.with_borrow_mut(|cells| {
        if cells.all.contains_key(&place) {
            return;
        }
        // A constant never changes, and cannot come to hold itself.
        let variable = scope.get_mut(name).filter(|variable| self::place(variable) == Some(place));
        if let Some(variable) = variable {
            // Just shared, for the closure that is being made: nobody else has it yet, so the value moves.
            let cell = Rc::new(RefCell::new(mem::take(variable).flatten()));
            cells.add(&cell);
            *variable = cell.into();
        }
    });
}

/// Lends an array or a map in a variable, which is shared until it is read again.
pub(super) fn lend(name: &str, place: usize, scope: &mut Scope<'_>) -> Option<Rc<RefCell<Dynamic>>> {
    let found = variable(name, place, scope)?;
    if let Some(known) = self::place(found) {
        let cell = CELLS.with_borrow(|cells| cells.all.get(&known).and_then(Weak::upgrade))?;
        let is_searchable = cell.try_borrow().is_ok_and(|value| value.is_array() || value.is_map());
        return is_searchable.then_some(cell);
    }
    if found.is_shared() || !(found.is_array() || found.is_map()) {
        return None;
    }
    let address: *const Dynamic = found;
    // A constant is not found.
    let variable = scope.get_mut(name).filter(|variable| std::ptr::eq(*variable, address))?;
    let cell = Rc::new(RefCell::new(mem::take(variable)));
    *variable = Rc::clone(&cell).into();
    CELLS.with_borrow_mut(|cells| {
        cells.add(&cell);
        cells.lent.insert(cell.as_ptr().cast_const());
    });
    Some(cell)
}

/// Takes a variable back that was lent.
pub(super) fn take_back(name: &str, place: usize, scope: &mut Scope<'_>) {
    CELLS.with_borrow_mut(|cells| {
        if cells.lent.is_empty() {
            return;
        }
        let Some(known) = variable(name, place, scope).and_then(self::place) else { return };
        let is_free = || cells.all.get(&known).is_some_and(|cell| cell.strong_count() == 1);
        if !cells.lent.contains(&known) || !is_free() {
            return;
        }
        if let Some(variable) = scope.get_mut(name).filter(|variable| self::place(variable) == Some(known)) {
            *variable = mem::take(variable).flatten();
            cells.lent.remove(&known);
            cells.all.remove(&known);
        }
    });
}

/// The place of the value of a shared variable.
fn place(variable: &Dynamic) -> Option<*const Dynamic> {
    let value = if variable.is_shared() { variable.read_lock::<Dynamic>() } else { None };
    value.map(|value| &raw const *value)
}

/// Empties all that there still are, which frees those that hold themselves.
pub(super) fn clear() {
    let mut values = Vec::new();
    for cell in CELLS.take().all.into_values() {
        let Some(cell) = cell.upgrade() else { continue };
        if let Ok(mut value) = cell.try_borrow_mut() {
            values.push(mem::take(&mut *value));
        }
    }
}

impl Cells {
    fn add(&mut self, cell: &Rc<RefCell<Dynamic>>) {
        if self.all.len() >= self.sweep_at {
            self.all.retain(|_, cell| cell.strong_count() > 0);
            self.lent.retain(|place| self.all.contains_key(place));
            self.sweep_at = (2 * self.all.len()).max(SWEEP);
        }
        self.all.insert(cell.as_ptr(), Rc::downgrade(cell));
    }
}
