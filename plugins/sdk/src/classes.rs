//! The sizes in which memory is handed out: plain arithmetic.

/// The alignment of every block, in bytes: that of the largest number.
pub(crate) const ALIGN: usize = 8;

/// The largest size up to which there is a class for each multiple of [`ALIGN`].
const FINE: usize = 512;

/// How many classes there are between two powers of two above [`FINE`].
const STEPS: usize = 8;

/// The size of a block, one of a few.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Class {
    index: usize,
    size: usize,
}

impl Class {
    /// How many there are: the largest block is of less than 2 GiB.
    pub(crate) const COUNT: usize = FINE / ALIGN + (31 - FINE.ilog2() as usize) * STEPS;

    /// The class of blocks with room for a size, at most an eighth more than it; `None` above the largest one.
    #[inline]
    pub(crate) fn of(size: usize) -> Option<Self> {
        if size <= FINE {
            let index = size.saturating_sub(1) / ALIGN;
            return Some(Self { index, size: (index + 1) * ALIGN });
        }
        let power = (size - 1).ilog2();
        if power > 30 {
            return None;
        }
        let step = (1_usize << power) / STEPS;
        let above = (size - 1 - (1 << power)) / step;
        let index = FINE / ALIGN + (power - FINE.ilog2()) as usize * STEPS + above;
        Some(Self { index, size: (1 << power) + (above + 1) * step })
    }

    /// Its position among all.
    #[inline]
    pub(crate) fn index(self) -> usize {
        self.index
    }

    /// The size of its blocks in bytes.
    #[inline]
    pub(crate) fn size(self) -> usize {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use super::{ALIGN, Class, FINE};

    #[test]
    fn classes_follow_each_other_without_a_gap() {
        let mut last = Class::of(1).expect("there is a least one");
        assert_eq!((last.index(), last.size()), (0, ALIGN));
        loop {
            let least = last.size() + 1;
            let Some(next) = Class::of(least) else { break };
            assert_eq!((next.index(), next.size() % ALIGN), (last.index() + 1, 0), "{least}");
            assert_eq!(Class::of(next.size()), Some(next), "the largest size of a class is of it");
            assert!(least <= FINE || next.size() - least < least / 8, "{least}: {}", next.size());
            last = next;
        }
        assert_eq!((last.index(), last.size()), (Class::COUNT - 1, 1 << 31));
    }

    #[test]
    fn what_is_too_large_has_none() {
        assert_eq!((Class::of((1 << 31) + 1), Class::of(usize::MAX)), (None, None));
        assert_eq!(Class::of(0), Class::of(1), "nobody asks for nothing, and it would be harmless");
    }
}
