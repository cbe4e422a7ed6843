//! Where the next allocation goes: plain arithmetic on addresses.

/// Hands out addresses in ascending order, each once.
pub(crate) struct Bump {
    next: usize,
    end: usize,
    last: usize,
}

/// The addresses from a first one up to, but not with, an end.
pub(crate) type Range = (usize, usize);

impl Bump {
    /// Starts with no memory at all.
    pub(crate) const fn new() -> Self {
        Self { next: 0, end: 0, last: 0 }
    }

    /// The address of `size` free bytes, or `None` when there is no more memory.
    ///
    /// `grow` adds at least so many bytes and returns what it added.
    #[inline]
    pub(crate) fn allocate(
        &mut self,
        size: usize,
        align: usize,
        mut grow: impl FnMut(usize) -> Option<Range>,
    ) -> Option<usize> {
        loop {
            let address = self.next.checked_next_multiple_of(align)?;
            let next = address.checked_add(size)?;
            if next <= self.end {
                self.next = next;
                self.last = address;
                return Some(address);
            }
            self.extend(grow(next - self.end)?);
        }
    }

    /// Resizes the allocation at `address` where it stands, and says whether that could be done: only the last one can.
    #[inline]
    pub(crate) fn resize(&mut self, address: usize, size: usize, mut grow: impl FnMut(usize) -> Option<Range>) -> bool {
        if address != self.last {
            return false;
        }
        let Some(next) = address.checked_add(size) else { return false };
        if next > self.end {
            let Some(added) = grow(next - self.end) else { return false };
            self.extend(added);
            if address != self.last {
                return false;
            }
        }
        self.next = next;
        true
    }

    #[cold]
    fn extend(&mut self, (start, end): Range) {
        if start != self.end {
            self.next = start;
            self.last = 0;
        }
        self.end = end;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Grows by exactly what is asked for, from 1,000 to 2,000.
    fn memory() -> impl FnMut(usize) -> Option<Range> {
        let mut end = 1_000;
        move |missing| {
            let start = end;
            end += missing;
            (end <= 2_000).then_some((start, end))
        }
    }

    #[test]
    fn allocations_are_aligned_and_apart() {
        let (mut bump, mut grow) = (Bump::new(), memory());
        assert_eq!(bump.allocate(3, 1, &mut grow), Some(1_000));
        assert_eq!(bump.allocate(8, 8, &mut grow), Some(1_008));
        assert_eq!(bump.allocate(1, 1, &mut grow), Some(1_016));
    }

    #[test]
    fn the_last_allocation_is_resized_in_place() {
        let (mut bump, mut grow) = (Bump::new(), memory());
        let address = bump.allocate(10, 1, &mut grow).unwrap();
        assert!(bump.resize(address, 500, &mut grow));
        assert!(bump.resize(address, 400, &mut grow));
        assert_eq!(bump.allocate(1, 1, &mut grow), Some(address + 400));
        assert!(!bump.resize(address, 401, &mut grow), "it is no longer the last one");
    }

    #[test]
    fn memory_that_ends_is_reported() {
        let (mut bump, mut grow) = (Bump::new(), memory());
        let address = bump.allocate(10, 1, &mut grow).unwrap();
        assert!(!bump.resize(address, 1_001, memory_end));
        assert_eq!(bump.allocate(1_001, 1, memory_end), None);
        assert_eq!(bump.allocate(usize::MAX, 16, memory_end), None);
    }

    #[test]
    fn memory_that_another_took_is_skipped() {
        let mut bump = Bump::new();
        let first = bump.allocate(10, 1, |missing| Some((1_000, 1_000 + missing))).unwrap();
        assert_eq!(bump.allocate(10, 1, |missing| Some((5_000, 5_000 + missing))), Some(5_000));
        assert!(!bump.resize(first, 11, memory_end));
        let last = 5_000;
        assert!(!bump.resize(last, 20, |missing| Some((9_000, 9_000 + missing))), "the new range is not adjacent");
    }

    fn memory_end(_: usize) -> Option<Range> {
        None
    }
}
