//! The way to a value of a document.

use crate::diagnostic::Pointer;

/// The way to a value of a document. It becomes a pointer on demand.
#[derive(Clone, Copy, Debug, Default)]
pub struct Path<'p>(Option<(&'p Path<'p>, Step<'p>)>);

/// A step on the way to a value.
#[derive(Clone, Copy, Debug)]
pub enum Step<'p> {
    /// Into a field of an object or an entry of a map.
    Name(&'p str),
    /// Into an element of a list.
    Index(usize),
}

impl Path<'_> {
    /// Goes a step further.
    pub fn join<'p>(&'p self, step: Step<'p>) -> Path<'p> {
        Path(Some((self, step)))
    }

    /// The pointer to the value.
    pub fn pointer(&self) -> Pointer {
        match self.0 {
            None => Pointer::root(),
            Some((around, Step::Name(name))) => around.pointer().join(name),
            Some((around, Step::Index(position))) => around.pointer().index(position),
        }
    }
}
