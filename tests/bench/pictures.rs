//! Layouts of systems as they look: teams whose services use each other, and what all of them use.

use std::hint::black_box;

use spec_engine_layout::{Edge, Graph, Group, Hints, Node, Options, Size, layout};

use super::samples::Samples;
use super::table::{Base, Table};

const ROUNDS: usize = 7;
/// So many services have a team.
const TEAM: usize = 16;

/// So many services with so many edges. Of ten edges, seven stay in the team, and one leads to what all use.
fn system(services: usize, edges: usize) -> Graph {
    let teams = services.div_ceil(TEAM);
    let mut state = 7_u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits fit") % end
    };
    let node = |index: usize| Node {
        key: format!("service-{index}"),
        size: Size { width: 130.0, height: 36.0 },
        group: Some(index % teams),
    };
    let group =
        |index: usize| Group { key: format!("team-{index}"), title: Size { width: 60.0, height: 13.0 }, parent: None };
    let mut edge = |index: usize| {
        let source = index % services;
        let target = match below(10) {
            0 => below(services.min(6)),
            1 | 2 => below(services),
            _ => (source % teams + teams * below(TEAM)) % services,
        };
        Edge { source, target, label: Some(Size { width: 60.0, height: 16.0 }), bundle: None }
    };
    let edges = (0..edges).map(&mut edge).collect();
    Graph { nodes: (0..services).map(node).collect(), groups: (0..teams).map(group).collect(), edges }
}

fn time(graph: &Graph) -> Samples {
    let mut samples = Samples::default();
    for _ in 0..ROUNDS {
        samples.add(|| black_box(layout(graph, &Options::default(), &Hints::default()).expect("a graph that is fine")));
    }
    samples
}

/// Lays out systems of several sizes.
pub fn show(table: &mut Table) {
    table.start("layouts of pictures");
    table.time("52 services, 258 edges", &time(&system(52, 258)), Some(120.0));
    let small = time(&system(100, 400));
    table.time("100 services, 400 edges", &small, Some(300.0));
    table.time("200 services, 800 edges", &time(&system(200, 800)), Some(600.0));
    let base = Base { name: "those of 100", samples: &small };
    table.ratio("400 services, 1,600 edges", &time(&system(400, 1600)), base, 6.0);
}
