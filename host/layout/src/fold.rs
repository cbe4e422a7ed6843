//! A line of children in fewer layers: what would stand at its end goes where it has room among those that it is not
//! linked with.
//!
//! Two that are linked never share a layer. So this colours the graph of children, with intervals as colours, and prefers
//! those by which few edges lead back; by the theorem of Gallai and Roy no order has fewer layers than there are colours.

use crate::line::Ends;

/// What an edge that leads back costs, in layers that an edge is long.
const BACK: i64 = 3;
/// How often the children are gone through for one that stands better elsewhere.
const ROUNDS: usize = 4;

/// The layers that children take.
pub(crate) struct Fold<'f> {
    /// The first layer of each.
    pub(crate) starts: Vec<usize>,
    lengths: &'f [usize],
    out: &'f Ends,
    into: &'f Ends,
}

impl<'f> Fold<'f> {
    /// The layers of a line: each child is behind those before it that it is linked with.
    pub(crate) fn new(line: &[usize], lengths: &'f [usize], out: &'f Ends, into: &'f Ends) -> Self {
        let mut fold = Self { starts: vec![usize::MAX; line.len()], lengths, out, into };
        for &child in line {
            let around = fold.out[child].iter().chain(&fold.into[child]);
            let ends = around.filter(|end| fold.starts[end.0] != usize::MAX).map(|end| fold.end(end.0));
            fold.starts[child] = ends.max().unwrap_or(0);
        }
        fold
    }

    /// How many layers there are.
    pub(crate) fn length(&self) -> usize {
        (0..self.starts.len()).map(|child| self.end(child)).max().unwrap_or(1)
    }

    fn end(&self, child: usize) -> usize {
        self.starts[child] + self.lengths[child]
    }

    /// Brings the line into so many times the layers, or more where that cannot be.
    pub(crate) fn shorten(&mut self, line: &[usize], share: f64) {
        let longest = self.lengths.iter().copied().max().unwrap_or(1);
        #[expect(
            clippy::cast_precision_loss,
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few"
        )]
        let most = (self.length() as f64 * share).ceil().max(1.0) as usize;
        let most = most.max(longest);
        self.starts.fill(usize::MAX);
        for &child in line {
            self.starts[child] = self.best(child, most);
        }
        for _ in 0..ROUNDS {
            let before = self.starts.clone();
            for &child in line {
                self.starts[child] = usize::MAX;
                self.starts[child] = self.best(child, most);
            }
            if self.starts == before {
                return;
            }
        }
    }

    /// Where a child stands best among those that have their places: in the layers that there are, if it fits.
    fn best(&self, child: usize, most: usize) -> usize {
        let length = self.lengths[child];
        let around = |out: bool| {
            let ends = if out { &self.out[child] } else { &self.into[child] };
            ends.iter().filter(|end| self.starts[end.0] != usize::MAX).map(move |&(other, weight)| (other, weight, out))
        };
        let linked: Vec<(usize, i64, bool)> = around(false).chain(around(true)).collect();
        let is_free = |&start: &usize| {
            linked.iter().all(|&(other, ..)| start + length <= self.starts[other] || self.end(other) <= start)
        };
        let cost = |&start: &usize| -> i64 {
            let distance = |a: usize, b: usize| i64::try_from(a.abs_diff(b)).unwrap_or(i64::MAX);
            let of = |&(other, weight, out): &(usize, i64, bool)| {
                let is_back = (start < self.starts[other]) != out;
                let apart = if start < self.starts[other] {
                    distance(self.starts[other], start + length)
                } else {
                    distance(start, self.end(other))
                };
                weight * (apart + if is_back { BACK } else { 0 })
            };
            linked.iter().map(of).sum()
        };
        let behind = || linked.iter().map(|&(other, ..)| self.end(other)).max().unwrap_or(0);
        (0..=most - length).filter(is_free).min_by_key(|start| (cost(start), *start)).unwrap_or_else(behind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_circle_of_many_has_few_layers() {
        let count = 8;
        let out: Vec<_> = (0..count).map(|node| vec![((node + 1) % count, 1)]).collect();
        let into: Vec<_> = (0..count).map(|node| vec![((node + count - 1) % count, 1)]).collect();
        let (line, lengths): (Vec<usize>, _) = ((0..count).collect(), vec![1; count]);
        let mut fold = Fold::new(&line, &lengths, &out, &into);
        assert_eq!(fold.length(), 8);
        fold.shorten(&line, 0.5);
        assert_eq!(fold.length(), 4);
        for from in 0..count {
            assert_ne!(fold.starts[from], fold.starts[(from + 1) % count], "{:?}", fold.starts);
        }
    }

    #[test]
    fn what_is_all_linked_keeps_its_layers() {
        let ends = |node: usize, is_later: bool| {
            let others = (0..4).filter(move |&other| if is_later { other > node } else { other < node });
            others.map(|other| (other, 1)).collect::<Vec<_>>()
        };
        let (out, into): (Vec<_>, Vec<_>) = (0..4).map(|node| (ends(node, true), ends(node, false))).unzip();
        let lengths = [1, 3, 1, 1];
        let mut fold = Fold::new(&[0, 1, 2, 3], &lengths, &out, &into);
        fold.shorten(&[0, 1, 2, 3], 0.5);
        assert_eq!(fold.length(), 6);
    }
}
