//! Where on the sides of nodes edges start and end.

use std::collections::{BTreeMap, BTreeSet};

use crate::order::Cells;
use crate::orient::Link;
use crate::part::Part;
use crate::proper::Proper;

/// From one port to the next, where there is room.
const PITCH: i64 = 16;
/// The least from one port to the next: nodes grow for it.
const LEAST_PITCH: i64 = 8;
/// From the corners of a node to its ports.
const CORNER: i64 = 8;

/// The ports, as distances from the middles of nodes.
#[derive(Clone, Debug)]
pub(crate) struct Ports {
    /// Of each link, on its left node and on its right one.
    pub(crate) leaving: Vec<i64>,
    pub(crate) entering: Vec<i64>,
}

/// The size across that a node needs for its edges.
pub(crate) fn least_size(ports: usize) -> i64 {
    let gaps = i64::try_from(ports.saturating_sub(1)).unwrap_or(0);
    gaps * LEAST_PITCH + if ports > 0 { 2 * CORNER } else { 0 }
}

/// How many ports the fuller side of each node has.
pub(crate) fn fullest(part: &Part, links: &[Link]) -> Vec<usize> {
    let mut sides = vec![[(0_usize, BTreeSet::new()), (0, BTreeSet::new())]; part.nodes.len()];
    for link in links {
        for (side, (node, bundle)) in [link.left, link.right].into_iter().zip(link.bundles(part)).enumerate() {
            let (count, bundles) = &mut sides[node][side];
            *count += usize::from(bundle.is_none_or(|bundle| bundles.insert(bundle)));
        }
    }
    sides.into_iter().map(|[leaving, entering]| leaving.0.max(entering.0)).collect()
}

/// Spreads the ports over the sides, in the order of where their edges go.
pub(crate) fn spread(part: &Part, proper: &Proper, cells: &Cells, links: &[Link]) -> Ports {
    let mut leaving = vec![Side::default(); part.nodes.len()];
    let mut entering = leaving.clone();
    for (index, (link, chain)) in links.iter().zip(&proper.chains).enumerate() {
        let [left, right] = link.bundles(part);
        leaving[link.left].add(cells.place(chain[1]), index, left);
        entering[link.right].add(cells.place(chain[chain.len() - 2]), index, right);
    }
    let mut ports = Ports { leaving: vec![0; links.len()], entering: vec![0; links.len()] };
    for ((node, leaving), entering) in part.nodes.iter().zip(leaving).zip(entering) {
        leaving.spread(node.across, &mut ports.leaving);
        entering.spread(node.across, &mut ports.entering);
    }
    ports
}

/// The edges on a side of a node.
#[derive(Clone, Debug, Default)]
struct Side {
    /// Of each port, its links, and the sum of the places that they lead to.
    ports: Vec<(Vec<usize>, usize)>,
    bundles: BTreeMap<u32, usize>,
}

impl Side {
    fn add(&mut self, place: usize, link: usize, bundle: Option<u32>) {
        let next = self.ports.len();
        let port = bundle.map_or(next, |bundle| *self.bundles.entry(bundle).or_insert(next));
        if port == next {
            self.ports.push((Vec::new(), 0));
        }
        let (links, sum) = &mut self.ports[port];
        links.push(link);
        *sum += place;
    }

    /// Gives each link its port on a side of some length.
    fn spread(mut self, across: i64, ports: &mut [i64]) {
        self.ports.sort_by(|(a, sum_a), (b, sum_b)| (sum_a * b.len()).cmp(&(sum_b * a.len())).then(a[0].cmp(&b[0])));
        let offsets = offsets(self.ports.len(), across);
        for ((links, _), offset) in self.ports.into_iter().zip(offsets) {
            links.into_iter().for_each(|link| ports[link] = offset);
        }
    }
}

/// The places of so many ports on a side, around its middle.
fn offsets(count: usize, across: i64) -> Vec<i64> {
    let gaps = i64::try_from(count.saturating_sub(1)).unwrap_or(0);
    let reach = if gaps == 0 { 0 } else { (gaps * PITCH).min((across - 2 * CORNER).max(0)) };
    (0..=gaps).take(count).map(|at| if gaps == 0 { 0 } else { at * reach / gaps - reach / 2 }).collect()
}
