//! Where on the sides of nodes edges start and end.

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

/// How many edges end on the fuller side of each node.
pub(crate) fn fullest(part: &Part, links: &[Link]) -> Vec<usize> {
    let mut sides = vec![[0_usize; 2]; part.nodes.len()];
    for link in links {
        sides[link.left][0] += 1;
        sides[link.right][1] += 1;
    }
    sides.into_iter().map(|[leaving, entering]| leaving.max(entering)).collect()
}

/// Spreads the ports over the sides, in the order of where their edges go.
pub(crate) fn spread(part: &Part, proper: &Proper, cells: &Cells, links: &[Link]) -> Ports {
    let mut leaving: Vec<Vec<(usize, usize)>> = vec![Vec::new(); part.nodes.len()];
    let mut entering = leaving.clone();
    for (index, (link, chain)) in links.iter().zip(&proper.chains).enumerate() {
        leaving[link.left].push((cells.place(chain[1]), index));
        entering[link.right].push((cells.place(chain[chain.len() - 2]), index));
    }
    let mut ports = Ports { leaving: vec![0; links.len()], entering: vec![0; links.len()] };
    for (node, across) in part.nodes.iter().map(|node| node.across).enumerate() {
        leaving[node].sort_unstable();
        entering[node].sort_unstable();
        for (&(_, link), offset) in leaving[node].iter().zip(offsets(leaving[node].len(), across)) {
            ports.leaving[link] = offset;
        }
        for (&(_, link), offset) in entering[node].iter().zip(offsets(entering[node].len(), across)) {
            ports.entering[link] = offset;
        }
    }
    ports
}

/// The places of so many ports on a side, around its middle.
fn offsets(count: usize, across: i64) -> Vec<i64> {
    let gaps = i64::try_from(count.saturating_sub(1)).unwrap_or(0);
    let reach = if gaps == 0 { 0 } else { (gaps * PITCH).min((across - 2 * CORNER).max(0)) };
    (0..=gaps).take(count).map(|at| if gaps == 0 { 0 } else { at * reach / gaps - reach / 2 }).collect()
}
