//! Components of others, rules of components, and the importers.

use std::path::Path;
use std::time::{Duration, Instant};

use spec_engine::limits::ComponentLimits;
use spec_engine::wasm::{Cache, CodeOrigin, ComponentSource, Host, Stamp};

use super::samples::Samples;
use super::table::{Base, Table};
use super::{ROUNDS, cluster, command, run, show_memory, state};

/// Measures them, compiled and in the cache.
pub fn show(table: &mut Table, folder: &Path, payments: &str, large: &str) {
    table.start("components");
    let rust = concat!(env!("CARGO_MANIFEST_DIR"), "/plugins/dist/mermaid.wasm");
    show_cached(table, "load and instantiate, Rust, 0.2 MB", Path::new(rust), 1.0);
    let javascript = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/plugins/javascript/dist/graphml.wasm");
    if Path::new(javascript).is_file() {
        show_cached(table, "load and instantiate, JavaScript, 12 MB", Path::new(javascript), 5.0);
    } else {
        println!("  JavaScript: not measured, since it is not built (examples/plugins/check.sh builds it)");
    }
    show_list(table, folder, Path::new(rust));
    show_rules(table, folder, payments, large);
    let compose = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/compose/shop.yml");
    let mut imported = Samples::default();
    (0..ROUNDS).for_each(|_| imported.add(|| run(&["import", "compose", compose])));
    table.time("a compose file of seven services to a document, as a process", &imported, None);
    show_cluster(table, folder);
}

/// Times the import of lists of a cluster, and of a state, each in a process of its own, with the limits that nobody set.
fn show_cluster(table: &mut Table, folder: &Path) {
    const FEW: usize = 5_000;
    let mut times: Vec<Samples> = Vec::new();
    for workloads in [FEW, 5 * FEW] {
        let path = folder.join(format!("cluster-{workloads}.json"));
        std::fs::write(&path, cluster::list(workloads)).expect("a file");
        let path = path.to_str().expect("a path in UTF-8");
        let arguments = ["import", "kubernetes", path];
        let mut imported = Samples::default();
        (0..3).for_each(|_| imported.add(|| run(&arguments)));
        if workloads == FEW {
            table.time("5,000 workloads of Kubernetes to a document, as a process", &imported, Some(1_500.0));
            show_memory(table, "the same", &arguments, 400.0);
        }
        times.push(imported);
    }
    table.ratio("five times as many", &times[1], Base { name: "those of 5,000", samples: &times[0] }, 5.5);
    let path = folder.join("state.json");
    std::fs::write(&path, state::state(30_000)).expect("a file");
    let arguments = ["import", "terraform", path.to_str().expect("a path in UTF-8")];
    let mut imported = Samples::default();
    (0..3).for_each(|_| imported.add(|| run(&arguments)));
    table.time("a state of Terraform with 30,000 resources, as a process", &imported, None);
    show_memory(table, "the same", &arguments, 400.0);
}

/// Times how a component that the cache has is loaded, and instantiated once.
fn show_cached(table: &mut Table, what: &str, wasm: &Path, goal: f64) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let read = |_| Ok(std::fs::read(wasm).expect("the component"));
    let stamp = Stamp::of(wasm, &std::fs::metadata(wasm).expect("the component"));
    let load = || {
        let host = Host::new(ComponentLimits::default(), Cache::at(folder.path().join("cache")));
        let source = ComponentSource { name: "cached", stamp: Some(&stamp), pinned: None, read: &read };
        let start = Instant::now();
        let component = host.load_source(&source).expect("it loads");
        component.describe().expect("it describes itself");
        (start.elapsed(), component.info().origin)
    };
    load();
    let mut loading = Samples::default();
    for _ in 0..ROUNDS {
        let (time, code) = load();
        assert!(matches!(code, CodeOrigin::Cached(_)), "{code:?}");
        loading.0.push(time);
    }
    table.time(what, &loading, Some(goal));
}

/// Times `plugins list`, as a process, with fifty components that the cache has, and with none.
fn show_list(table: &mut Table, folder: &Path, wasm: &Path) {
    let plugins = folder.join("plugins");
    std::fs::create_dir(&plugins).expect("room for a folder");
    let component = std::fs::read(wasm).expect("the component");
    let old = std::time::SystemTime::now() - Duration::from_secs(60);
    for index in 0..50_u8 {
        // A custom section makes each another component.
        let name = [0, 3, 1, b'n', index];
        let path = plugins.join(format!("plugin-{index}.wasm"));
        std::fs::write(&path, [&component[..], &name].concat()).expect("room for a component");
        let file = std::fs::File::options().write(true).open(&path).expect("it was written");
        file.set_modified(old).expect("its time can be set");
    }
    // Only what has not changed for a while is known by its looks.
    std::thread::sleep(Duration::from_secs(3));
    let plugins = plugins.to_str().expect("a path in UTF-8");
    let cache = folder.join("cache");
    let list = |arguments: &[&str]| {
        let listed = command(arguments).env("XDG_CACHE_HOME", &cache).output().expect("it runs");
        assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    };
    list(&["plugins", "list", "--plugins-dir", plugins]);
    let (mut fifty, mut none) = (Samples::default(), Samples::default());
    for _ in 0..ROUNDS {
        fifty.add(|| list(&["plugins", "list", "--plugins-dir", plugins]));
        none.add(|| list(&["plugins", "list"]));
    }
    table.time("plugins list with fifty components, as a process", &fifty, Some(30.0));
    table.time("plugins list without them", &none, None);
}

/// Times `validate`, as a process: what two rules of a component take, and what fifty renderers that have none take.
fn show_rules(table: &mut Table, folder: &Path, small: &str, large: &str) {
    let rules = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/contract/0.1.1/house-rules.wasm");
    let (renderers, cache) = (folder.join("plugins"), folder.join("cache"));
    let renderers = renderers.to_str().expect("a path in UTF-8");
    // That there are findings is no failure.
    let validate = |document: &str, more: [&str; 2]| {
        let arguments = ["validate", document, "--output", "compact", more[0], more[1]];
        let ran = command(&arguments).env("XDG_CACHE_HOME", &cache).output().expect("it runs");
        assert!(ran.status.code() < Some(2), "{}", String::from_utf8_lossy(&ran.stderr));
    };
    let nothing = ["--max-per-rule", "100"];
    let (mut with, mut without) = (Samples::default(), Samples::default());
    let (mut fifty, mut none) = (Samples::default(), Samples::default());
    validate(small, ["--rules", rules]);
    for _ in 0..ROUNDS {
        with.add(|| validate(large, ["--rules", rules]));
        without.add(|| validate(large, nothing));
        fifty.add(|| validate(small, ["--plugins-dir", renderers]));
        none.add(|| validate(small, nothing));
    }
    let more = with.median() - without.median();
    table.milliseconds("two rules of a component on 10,000 services", more, None);
    let more = fifty.median() - none.median();
    table.milliseconds("validate beside fifty renderers that have no rules", more, None);
}
