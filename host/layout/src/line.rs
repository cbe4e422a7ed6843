//! Lines in which few edges lead back.

use std::collections::BTreeSet;

/// How often a line is gone through for a member that stands better elsewhere.
const ROUNDS: usize = 8;

/// The edges of each member, with their weights.
pub(crate) type Ends = [Vec<(usize, i64)>];

/// Takes members that nothing leads to from the front, those that lead nowhere from the back, and where there is
/// neither the one that leads out most.
pub(crate) fn greedy<R: Ord + Copy>(ranks: &[R], out: &Ends, into: &Ends) -> Vec<usize> {
    let count = ranks.len();
    let total = |ends: &[(usize, i64)]| ends.iter().map(|end| end.1).sum::<i64>();
    let mut leads_out: Vec<i64> = out.iter().map(|ends| total(ends)).collect();
    let mut leads_in: Vec<i64> = into.iter().map(|ends| total(ends)).collect();
    let class = |node: usize, leads_out: &[i64], leads_in: &[i64]| {
        let excess = leads_out[node] - leads_in[node];
        let class = if leads_in[node] == 0 {
            0
        } else if leads_out[node] == 0 {
            1
        } else {
            2
        };
        (class, if class == 2 { -excess } else { 0 }, ranks[node], node)
    };
    let mut queue: BTreeSet<_> = (0..count).map(|node| class(node, &leads_out, &leads_in)).collect();
    let (mut front, mut back) = (Vec::with_capacity(count), Vec::new());
    while let Some(first) = queue.pop_first() {
        let node = first.3;
        if first.0 == 1 {
            back.push(node)
        } else {
            front.push(node)
        }
        let around = out[node].iter().map(|&(other, weight)| (other, [weight, 0]));
        let around = around.chain(into[node].iter().map(|&(other, weight)| (other, [0, weight])));
        for (other, [less_in, less_out]) in around {
            if queue.remove(&class(other, &leads_out, &leads_in)) {
                leads_in[other] -= less_in;
                leads_out[other] -= less_out;
                queue.insert(class(other, &leads_out, &leads_in));
            }
        }
    }
    back.reverse();
    front.extend(back);
    front
}

/// Moves one member at a time to where the fewest edges lead back.
pub(crate) fn improve(line: &mut Vec<usize>, out: &Ends, into: &Ends) {
    for _ in 0..ROUNDS {
        let mut changed = false;
        for node in line.clone() {
            let at = line.iter().position(|&other| other == node).unwrap_or_default();
            let (best, gain) = best_place(line, node, at, out, into);
            if gain > 0 {
                line.remove(at);
                line.insert(best, node);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Where a member stands best among the others, and how many edges less lead back then.
fn best_place(line: &[usize], node: usize, at: usize, out: &Ends, into: &Ends) -> (usize, i64) {
    let mut pull = vec![0_i64; line.len()];
    let mut places = vec![usize::MAX; line.iter().max().map_or(0, |most| most + 1)];
    for (place, &other) in line.iter().enumerate() {
        places[other] = place;
    }
    // What an edge gains where the member stands behind its other end rather than before it.
    for &(other, weight) in &into[node] {
        if let Some(&place) = places.get(other).filter(|&&place| place != usize::MAX) {
            pull[place] += weight;
        }
    }
    for &(other, weight) in &out[node] {
        if let Some(&place) = places.get(other).filter(|&&place| place != usize::MAX) {
            pull[place] -= weight;
        }
    }
    let (mut best, mut most) = (at, 0);
    let mut gain = 0;
    for place in (0..at).rev() {
        gain -= pull[place];
        if gain > most {
            (best, most) = (place, gain);
        }
    }
    gain = 0;
    for (place, pull) in pull.iter().enumerate().skip(at + 1) {
        gain += pull;
        if gain > most {
            (best, most) = (place, gain);
        }
    }
    (best, most)
}

/// The members with a hint in its order, each of the others where it stands best among them.
pub(crate) fn hinted(line: Vec<usize>, hints: &[Option<i64>], out: &Ends, into: &Ends) -> Vec<usize> {
    let (mut known, new): (Vec<usize>, Vec<usize>) = line.into_iter().partition(|&node| hints[node].is_some());
    known.sort_by_key(|&node| hints[node]);
    for node in new {
        let end = known.len();
        known.push(node);
        let (best, _) = best_place(&known, node, end, out, into);
        let node = known.remove(end);
        known.insert(best, node);
    }
    known
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(count: usize, edges: &[(usize, usize)]) -> [Vec<Vec<(usize, i64)>>; 2] {
        let (mut out, mut into) = (vec![Vec::new(); count], vec![Vec::new(); count]);
        for &(from, to) in edges {
            out[from].push((to, 1));
            into[to].push((from, 1));
        }
        [out, into]
    }

    fn back(line: &[usize], edges: &[(usize, usize)]) -> usize {
        let place = |node| line.iter().position(|&other| other == node).unwrap();
        edges.iter().filter(|&&(from, to)| place(from) > place(to)).count()
    }

    #[test]
    fn a_circle_has_one_edge_that_leads_back() {
        let edges = [(0, 1), (1, 2), (2, 3), (3, 0), (0, 2)];
        let [out, into] = ends(4, &edges);
        let ranks: Vec<usize> = (0..4).collect();
        let mut line = greedy(&ranks, &out, &into);
        improve(&mut line, &out, &into);
        assert_eq!(back(&line, &edges), 1, "{line:?}");
    }

    #[test]
    fn known_members_keep_their_order_and_a_new_one_finds_its_place() {
        let edges = [(0, 2), (2, 1)];
        let [out, into] = ends(3, &edges);
        assert_eq!(
            hinted(vec![2, 1, 0], &[Some(5), Some(9), None], &out, &into),
            [0, 1, 2].map(|node| [0, 2, 1][node])
        );
    }
}
