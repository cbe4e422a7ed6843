//! Compiled code: the one place that trusts what it reads.

use std::path::Path;

use wasmtime::Engine;
use wasmtime::component::Component as Compiled;

use super::shipped::AheadOfTime;

/// Where compiled code comes from: only from the build script, from this host's own cache, and from a process of this
/// program.
pub(super) enum CompiledCode<'a> {
    /// It ships.
    Shipped(AheadOfTime),
    /// A file of the cache.
    Cached(&'a Path),
    /// What a process wrote that the host started to compile a component.
    Process(&'a [u8]),
}

/// Loads compiled code.
///
/// # Errors
/// It was made by another wasmtime, with another configuration or for another processor.
pub(super) fn deserialize(engine: &Engine, precompiled: CompiledCode<'_>) -> wasmtime::Result<Compiled> {
    match precompiled {
        // SAFETY: the bytes are what `Engine::precompile_component` returned to host/build.rs, which writes the table of
        // what ships; nothing else can make an `AheadOfTime`.
        CompiledCode::Shipped(code) => unsafe { Compiled::deserialize(engine, code.bytes()?) },
        // SAFETY: `Cache::get` or `Cache::recall` gave the path: `Cache::put` wrote the file, from `Component::serialize`,
        // into a folder that only this user can write to. `get` has just compared its checksum; `recall` compared its
        // path, size, times and inode with those that it had when the checksum was right. Files there are replaced by
        // rename, never changed in place, so that the mapping stays what was checked.
        CompiledCode::Cached(path) => unsafe { Compiled::deserialize_file(engine, path) },
        // SAFETY: `compiler/process.rs` read the bytes, whole, from the pipe of a process that it had started. The command
        // of that is the embedder's, who promises that it is this program in `compile_for_parent`, which writes what
        // `Engine::precompile_component` returned and nothing else. Nobody else holds the other end of the pipe.
        CompiledCode::Process(precompiled) => unsafe { Compiled::deserialize(engine, precompiled) },
    }
}

#[cfg(test)]
mod tests {
    use super::super::shipped::ShippedCode;
    use super::super::{Cache, CodeOrigin, Host, SHIPPED, ShippedComponent};
    use crate::limits::ComponentLimits;

    /// As in a binary that was built on another architecture.
    #[test]
    fn what_was_not_compiled_ahead_of_time_is_compiled_at_first_use() {
        let folder = tempfile::tempdir().unwrap();
        let host = Host::new(ComponentLimits::default(), Cache::at(folder.path().join("cache")));
        let d2 = SHIPPED.iter().find(|shipped| shipped.name == "d2").unwrap();
        let wasm = include_bytes!("../../../plugins/dist/d2.wasm");
        let crossed = ShippedComponent { code: ShippedCode::Component(wasm), ..*d2 };
        let info = |shipped| host.load_shipped(shipped).expect("it loads").info();
        assert_eq!(info(d2).origin, CodeOrigin::Shipped);
        let first = info(&crossed);
        assert_eq!((first.origin, first.sha256.as_str()), (CodeOrigin::Compiled, d2.sha256));
        assert!(matches!(info(&crossed).origin, CodeOrigin::Cached(_)));
    }
}
