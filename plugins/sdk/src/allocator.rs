//! The allocator of a guest: an instance lives for one call, so what is freed is kept for what is as large, and nothing
//! more is done about it.

use std::alloc::{GlobalAlloc, Layout};
use std::arch::wasm32::{memory_grow, memory_size};
use std::cell::UnsafeCell;

use crate::bump::{Bump, Range};
use crate::classes::{ALIGN, Class};

#[global_allocator]
static ALLOCATOR: Allocator = Allocator(UnsafeCell::new(State { bump: Bump::new(), free: [0; Class::COUNT] }));

/// The size of a page of WebAssembly memory in bytes.
const PAGE: usize = 65_536;

/// The fewest pages that the memory grows by: 1 MiB.
const GROWTH: usize = 16;

struct Allocator(UnsafeCell<State>);

struct State {
    /// Memory that was never handed out.
    bump: Bump,
    /// The address of a free block of each class, 0 where there is none. In it stands that of the next one.
    free: [usize; Class::COUNT],
}

// SAFETY: a core module for wasm32-unknown-unknown has one thread, which the `atomics` check below holds true.
unsafe impl Sync for Allocator {}

#[cfg(target_feature = "atomics")]
compile_error!("the allocator of spec-engine-plugin is for one thread: leave out its feature `allocator`");

impl State {
    #[inline]
    fn allocate(&mut self, layout: Layout) -> *mut u8 {
        let Some(class) = Class::of(layout.size()) else { return std::ptr::null_mut() };
        let free = &mut self.free[class.index()];
        if *free != 0 && layout.align() <= ALIGN {
            let block = *free as *mut usize;
            // SAFETY: a free block of the module, in which `release` wrote the address of the next one.
            *free = unsafe { block.read() };
            return block.cast();
        }
        let address = self.bump.allocate(class.size(), layout.align().max(ALIGN), grow);
        address.map_or(std::ptr::null_mut(), |address| address as *mut u8)
    }

    #[inline]
    fn release(&mut self, block: *mut u8, size: usize) {
        let Some(class) = Class::of(size) else { return };
        let free = &mut self.free[class.index()];
        // SAFETY: the block is the caller's, who gives it up; every block is aligned for an address, and has room for one.
        unsafe { block.cast::<usize>().write(*free) };
        *free = block as usize;
    }
}

// SAFETY: `State` returns addresses of memory that the module owns, aligned, none of them twice until it was given up, each
// with as many bytes as its class has. A block that `resize` leaves where it is has the size of its new class.
unsafe impl GlobalAlloc for Allocator {
    #[inline]
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        // SAFETY: there is one thread, and `grow` allocates nothing, so this is the only reference.
        unsafe { &mut *self.0.get() }.allocate(layout)
    }

    #[inline]
    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: as in `alloc`.
        unsafe { &mut *self.0.get() }.release(block, layout.size());
    }

    #[inline]
    unsafe fn realloc(&self, block: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: as in `alloc`.
        let state = unsafe { &mut *self.0.get() };
        let (Some(old), Some(new)) = (Class::of(layout.size()), Class::of(size)) else { return std::ptr::null_mut() };
        if old == new || state.bump.resize(block as usize, new.size(), grow) {
            return block;
        }
        // SAFETY: the caller promises that `size`, rounded up to the alignment, does not overflow.
        let moved = state.allocate(unsafe { Layout::from_size_align_unchecked(size, layout.align()) });
        if !moved.is_null() {
            // SAFETY: both blocks have the lesser of the two sizes, and a new block overlaps no other.
            unsafe { moved.copy_from_nonoverlapping(block, layout.size().min(size)) };
            state.release(block, layout.size());
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
