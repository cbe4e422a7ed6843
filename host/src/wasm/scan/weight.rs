//! How much of everything an instance has.

use crate::limits::{ComponentLimits, LimitExceeded};

/// What an instance of a module or a component has, with all that is instantiated in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Weight {
    pub instances: u64,
    pub functions: u64,
    pub items: u64,
    pub memories: u64,
    pub tables: u64,
    /// In bytes.
    pub data: u64,
}

impl Weight {
    /// Both together.
    pub fn plus(self, other: Self) -> Self {
        Self {
            instances: self.instances.saturating_add(other.instances),
            functions: self.functions.saturating_add(other.functions),
            items: self.items.saturating_add(other.items),
            memories: self.memories.saturating_add(other.memories),
            tables: self.tables.saturating_add(other.tables),
            data: self.data.saturating_add(other.data),
        }
    }

    /// What is there when a definition with this in it is instantiated.
    pub fn instance(self) -> Self {
        Self { instances: self.instances.saturating_add(1), ..self }
    }

    /// Compares it with the limits.
    ///
    /// # Errors
    /// The first limit that it exceeds.
    pub fn check(&self, limits: &ComponentLimits) -> Result<(), LimitExceeded> {
        for (count, most, key) in [
            (self.instances, limits.instances, "instances"),
            (self.functions, limits.functions, "functions"),
            (self.items, limits.items, "items"),
            (self.memories, limits.memories, "memories"),
            (self.tables, limits.tables, "tables"),
            (self.data, limits.initial_data, "initial-data"),
        ] {
            if count > most {
                return Err(limits.exceeded(key));
            }
        }
        Ok(())
    }
}
