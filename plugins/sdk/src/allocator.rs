//! The allocator of a guest: an instance lives for one call, so nothing is ever freed.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::UnsafeCell;

use crate::bump::{Bump, Range};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(Bump::new()));

/// The size of a page of WebAssembly memory in bytes.
const PAGE: usize = 65_536;

/// The fewest pages that the memory grows by: 1 MiB.
const GROWTH: usize = 16;

struct Allocator(UnsafeCell<Bump>);

// SAFETY: a core module for wasm32-unknown-unknown has one thread, which the `atomics` check below holds true.
unsafe impl Sync for Allocator {}

#[cfg(target_feature = "atomics")]
compile_error!("the allocator of spec-engine-plugin is for one thread: leave out its feature `allocator`");

// SAFETY: `Bump` returns addresses of memory that the module owns, aligned, and never one of them twice; a block
// that `resize` leaves where it is has room for its new size.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: there is one thread, and `grow` allocates nothing, so this is the only reference.
        let bump = unsafe { &mut *self.0.get() };
        bump.allocate(layout.size(), layout.align(), grow).map_or(std::ptr::null_mut(), |address| address as *mut u8)
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`.
        let bump = unsafe { &mut *self.0.get() };
        if bump.resize(block as usize, layout.size(), size, grow) {
            return block;
        }
        // SAFETY: the caller promises that `size`, rounded up to the alignment, does not overflow.
        let grown = unsafe { Layout::from_size_align_unchecked(size, layout.align()) };
        // SAFETY: the caller promises that `size` is not zero.
        let moved = unsafe { self.alloc(grown) };
        if !moved.is_null() {
            // SAFETY: a block that is moved grows, so both have the old size, and a new block overlaps no other.
            unsafe { moved.copy_from_nonoverlapping(block, layout.size()) };
        }
        moved
    }
}

/// Adds at least `missing` bytes to the memory of the module.
#[cold]
fn grow(missing: usize) -> Option<Range> {
    let pages = missing.div_ceil(PAGE).max(GROWTH);
    // The last page of a memory of 4 GiB would end past the largest address.
    if memory_size::<0>() + pages >= usize::MAX / PAGE {
        return None;
    }
    let before = memory_grow::<0>(pages);
    (before != usize::MAX).then(|| (before * PAGE, (before + pages) * PAGE))
}
