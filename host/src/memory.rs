//! The memory that a thread uses, counted where it is allocated.
//!
//! Scripts and templates run in interpreters that allocate without asking, so what they use is counted by the allocator
//! of the process. The command installs it; a program that uses this library does the same to have the same bounds:
//!
//! ```
//! #[global_allocator]
//! static ALLOCATOR: spec_engine::memory::CountingAllocator = spec_engine::memory::CountingAllocator;
//!
//! assert!(spec_engine::memory::is_counted());
//! ```
//!
//! Without it, [`is_counted`] is false: the limit `memory` of a script holds about, by weighing its variables from time to
//! time, and the limit `memory` of a template does not hold. Every other limit holds in either case.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::hint::black_box;
use std::sync::OnceLock;

thread_local! {
    // Neither is dropped nor made at its first use: both can be used inside of the allocator, at any time.
    static NET: Cell<i64> = const { Cell::new(0) };
    static WATCH: Cell<Option<Watch>> = const { Cell::new(None) };
}

/// Is asked before a thread gets more memory, and where it gives some back: with what it holds, and how much more it wants,
/// in bytes. It may stay away for ever, and must not allocate.
pub(crate) type Watch = fn(i64, usize);

/// The allocator of the system, with a count a thread of what it holds: what it allocated, without what it freed.
#[derive(Clone, Copy, Debug, Default)]
pub struct CountingAllocator;

// SAFETY: every call goes to `System` with the caller's own arguments, so that the contract of `GlobalAlloc` holds as it
// does there. Beside it only cells of the thread are read and written, which neither allocates nor panics: they are made
// at compile time and have no destructor. A watch that is called does not return early or unwind: it returns, or never.
unsafe impl GlobalAlloc for CountingAllocator {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        grow(layout.size());
        // SAFETY: the caller's contract.
        unsafe { System.alloc_zeroed(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        shrink(layout.size());
        // SAFETY: the caller's contract.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // Until it is copied there are both.
        grow(size);
        shrink(layout.size());
        // SAFETY: the caller's contract.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[inline]
fn grow(bytes: usize) {
    let net = NET.get();
    if let Some(watch) = WATCH.get() {
        watch(net, bytes);
    }
    NET.set(net.wrapping_add_unsigned(bytes as u64));
}

#[inline]
fn shrink(bytes: usize) {
    let net = NET.get().wrapping_sub_unsigned(bytes as u64);
    if let Some(watch) = WATCH.get() {
        watch(net, 0);
    }
    NET.set(net);
}

/// The bytes that this thread holds, beside those that it was given by others: what it freed for them counts
/// against it. Always 0 where memory is not counted.
pub(crate) fn held() -> i64 {
    NET.get()
}

/// Sets what is asked before this thread gets more memory.
pub(crate) fn watch(watch: Option<Watch>) {
    WATCH.set(watch);
}

/// Whether memory is counted: whether the allocator of the process is [`CountingAllocator`].
pub fn is_counted() -> bool {
    static IS_COUNTED: OnceLock<bool> = OnceLock::new();
    *IS_COUNTED.get_or_init(|| {
        let before = held();
        let block = black_box(Box::new([0_u64; 4]));
        let is_counted = held() != before;
        drop(block);
        is_counted
    })
}
