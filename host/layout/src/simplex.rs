//! The network simplex method: integer positions that keep least distances between variables and make the weighted sum
//! of all distances as small as possible.
//!
//! After Gansner, Koutsofios, North, Vo, "A technique for drawing directed graphs" (1993). The cut value of a tree arc is
//! the flow on it, so that the first ones are sums over subtrees; subtrees are ranges of a postorder.

use crate::deadline::Deadline;
use crate::error::Error;

/// A least distance: `position[head] - position[tail] >= least`, and what each unit of it costs.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Arc {
    pub(crate) tail: usize,
    pub(crate) head: usize,
    pub(crate) least: i64,
    pub(crate) weight: i64,
}

/// Variables and the distances between them. The arcs have no circle, and connect all variables.
#[derive(Debug, Default)]
pub(crate) struct Network {
    variables: usize,
    arcs: Vec<Arc>,
}

/// How many tree arcs are looked at, after one that may leave, for a better one.
const WINDOW: usize = 30;

impl Network {
    /// Makes a new variable.
    pub(crate) fn variable(&mut self) -> usize {
        self.variables += 1;
        self.variables - 1
    }

    /// The number of variables.
    pub(crate) fn len(&self) -> usize {
        self.variables
    }

    /// Keeps a variable at least so far behind another.
    pub(crate) fn keep(&mut self, tail: usize, head: usize, least: i64) {
        self.pull(tail, head, least, 0);
    }

    /// Keeps a variable at least so far behind another, and as near as it may.
    pub(crate) fn pull(&mut self, tail: usize, head: usize, least: i64, weight: i64) {
        if tail != head {
            self.arcs.push(Arc { tail, head, least, weight });
        }
    }

    /// Pulls `b` to where `a + offset` is, from either side.
    pub(crate) fn align(&mut self, a: usize, b: usize, offset: i64, weight: i64) {
        if a != b && weight > 0 {
            let low = self.variable();
            self.pull(low, a, -offset, weight);
            self.pull(low, b, 0, weight);
        }
    }

    /// The lowest positions that keep all distances, from 0; `None` where the arcs have a circle.
    pub(crate) fn lowest(&self) -> Option<Vec<i64>> {
        let mut waits = vec![0_usize; self.variables];
        for arc in &self.arcs {
            waits[arc.head] += 1;
        }
        let out = Incident::of(self.variables, self.arcs.iter().map(|arc| arc.tail));
        let mut ready: Vec<usize> = (0..self.variables).filter(|&variable| waits[variable] == 0).collect();
        let mut position = vec![0_i64; self.variables];
        let mut next = 0;
        while let Some(&variable) = ready.get(next) {
            next += 1;
            for &arc in out.at(variable) {
                let Arc { head, least, .. } = self.arcs[arc];
                position[head] = position[head].max(position[variable] + least);
                waits[head] -= 1;
                if waits[head] == 0 {
                    ready.push(head);
                }
            }
        }
        (next == self.variables).then_some(position)
    }

    /// Finds positions of least cost, in at most so many steps; fewer make them worse, not wrong. The least position is 0.
    /// `None` where the arcs have a circle.
    ///
    /// # Errors
    /// The deadline passed.
    pub(crate) fn solve(&self, steps: usize, deadline: &Deadline) -> Result<Option<Vec<i64>>, Error> {
        let Some(position) = self.lowest() else { return Ok(None) };
        if self.variables < 2 {
            return Ok(Some(position));
        }
        let mut simplex = Simplex::new(self, position);
        simplex.span(deadline)?;
        for step in 0..steps {
            if step % 64 == 0 {
                deadline.check()?;
            }
            let Some(leaving) = simplex.leaving() else { break };
            let Some(entering) = simplex.entering(leaving) else { break };
            simplex.exchange(leaving, entering);
        }
        let least = simplex.position.iter().copied().min().unwrap_or(0);
        Ok(Some(simplex.position.iter().map(|position| position - least).collect()))
    }
}

/// Lists of numbers by variable, in one allocation.
#[derive(Debug)]
struct Incident {
    start: Vec<usize>,
    items: Vec<usize>,
}

impl Incident {
    fn of(variables: usize, owners: impl Iterator<Item = usize> + Clone) -> Self {
        let mut start = vec![0; variables + 1];
        for owner in owners.clone() {
            start[owner + 1] += 1;
        }
        for variable in 0..variables {
            start[variable + 1] += start[variable];
        }
        let mut free = start.clone();
        let mut items = vec![0; start[variables]];
        for (item, owner) in owners.enumerate() {
            items[free[owner]] = item;
            free[owner] += 1;
        }
        Self { start, items }
    }

    fn at(&self, variable: usize) -> &[usize] {
        &self.items[self.start[variable]..self.start[variable + 1]]
    }
}

/// No arc.
const NONE: usize = usize::MAX;

/// The state of the method: a spanning tree of arcs that are as short as they may be.
struct Simplex<'n> {
    arcs: &'n [Arc],
    out: Incident,
    into: Incident,
    position: Vec<i64>,
    /// The tree arcs at each variable.
    tree: Vec<Vec<usize>>,
    tree_arcs: Vec<usize>,
    /// The position of an arc in `tree_arcs`.
    tree_index: Vec<usize>,
    cut: Vec<i64>,
    /// The arc to the parent of a variable.
    parent: Vec<usize>,
    /// The first number of the subtree of a variable, and its own, in postorder.
    low: Vec<usize>,
    number: Vec<usize>,
    numbered: Vec<usize>,
    /// Where the search for a leaving arc goes on.
    search: usize,
}

impl<'n> Simplex<'n> {
    fn new(network: &'n Network, position: Vec<i64>) -> Self {
        let (variables, arcs) = (network.variables, network.arcs.as_slice());
        Self {
            arcs,
            out: Incident::of(variables, arcs.iter().map(|arc| arc.tail)),
            into: Incident::of(variables, arcs.iter().map(|arc| arc.head)),
            position,
            tree: vec![Vec::new(); variables],
            tree_arcs: Vec::with_capacity(variables),
            tree_index: vec![NONE; arcs.len()],
            cut: vec![0; arcs.len()],
            parent: vec![NONE; variables],
            low: vec![0; variables],
            number: vec![0; variables],
            numbered: vec![0; variables],
            search: 0,
        }
    }

    fn slack(&self, arc: usize) -> i64 {
        let Arc { tail, head, least, .. } = self.arcs[arc];
        self.position[head] - self.position[tail] - least
    }

    fn add(&mut self, arc: usize) {
        self.tree_index[arc] = self.tree_arcs.len();
        self.tree_arcs.push(arc);
        self.tree[self.arcs[arc].tail].push(arc);
        self.tree[self.arcs[arc].head].push(arc);
    }

    fn other(&self, arc: usize, variable: usize) -> usize {
        self.arcs[arc].tail + self.arcs[arc].head - variable
    }

    /// Finds a first tree: pieces that hang together by tight arcs, the smallest of which is moved to its nearest
    /// neighbour until one is left.
    fn span(&mut self, deadline: &Deadline) -> Result<(), Error> {
        let mut pieces = Pieces::new(self.position.len());
        for arc in 0..self.arcs.len() {
            if self.slack(arc) == 0 && pieces.join(self.arcs[arc].tail, self.arcs[arc].head) {
                self.add(arc);
            }
        }
        let mut heap: std::collections::BinaryHeap<_> =
            pieces.roots().map(|root| std::cmp::Reverse((pieces.members[root].len(), root))).collect();
        let mut rounds = 0_usize;
        while let Some(std::cmp::Reverse((size, root))) = heap.pop() {
            if pieces.root(root) != root || pieces.members[root].len() != size {
                continue;
            }
            rounds += 1;
            if rounds.is_multiple_of(64) {
                deadline.check()?;
            }
            let Some((arc, shift)) = self.nearest(root, &mut pieces) else { continue };
            for &variable in &pieces.members[root] {
                self.position[variable] += shift;
            }
            pieces.join(self.arcs[arc].tail, self.arcs[arc].head);
            self.add(arc);
            let joined = pieces.root(root);
            heap.push(std::cmp::Reverse((pieces.members[joined].len(), joined)));
        }
        self.renumber(0, 0);
        self.first_cuts();
        Ok(())
    }

    /// The shortest arc out of a piece, and how far the piece moves to make it tight.
    fn nearest(&self, root: usize, pieces: &mut Pieces) -> Option<(usize, i64)> {
        let mut best: Option<(i64, usize, i64)> = None;
        for index in 0..pieces.members[root].len() {
            let variable = pieces.members[root][index];
            for (arcs, sign) in [(self.out.at(variable), 1), (self.into.at(variable), -1)] {
                for &arc in arcs {
                    if pieces.root(self.other(arc, variable)) != root {
                        let slack = self.slack(arc);
                        if best.is_none_or(|(least, ..)| slack < least) {
                            best = Some((slack, arc, slack * sign));
                        }
                    }
                }
            }
        }
        best.map(|(_, arc, shift)| (arc, shift))
    }

    /// Numbers the subtree of a variable in postorder, from a number on.
    fn renumber(&mut self, top: usize, from: usize) {
        let mut next = from;
        let mut stack = vec![(top, 0_usize)];
        self.low[top] = next;
        while let Some((variable, child)) = stack.last_mut() {
            let variable = *variable;
            if let Some(&arc) = self.tree[variable].get(*child) {
                *child += 1;
                if arc != self.parent[variable] {
                    let below = self.other(arc, variable);
                    self.parent[below] = arc;
                    self.low[below] = next;
                    stack.push((below, 0));
                }
            } else {
                self.number[variable] = next;
                self.numbered[next] = variable;
                next += 1;
                stack.pop();
            }
        }
    }

    fn first_cuts(&mut self) {
        let mut flow = vec![0_i64; self.position.len()];
        for arc in self.arcs {
            flow[arc.tail] += arc.weight;
            flow[arc.head] -= arc.weight;
        }
        for number in 0..self.numbered.len() {
            let variable = self.numbered[number];
            let arc = self.parent[variable];
            if arc != NONE {
                let above = self.other(arc, variable);
                flow[above] += flow[variable];
                self.cut[arc] = if self.arcs[arc].tail == variable { flow[variable] } else { -flow[variable] };
            }
        }
    }

    /// A tree arc that would better be longer.
    fn leaving(&mut self) -> Option<usize> {
        let count = self.tree_arcs.len();
        let (mut best, mut seen) = (None, 0);
        for step in 0..count {
            let at = (self.search + step) % count;
            let arc = self.tree_arcs[at];
            if self.cut[arc] < 0 {
                if best.is_none_or(|best: usize| self.cut[arc] < self.cut[best]) {
                    best = Some(arc);
                }
                seen += 1;
                if seen == WINDOW {
                    self.search = at;
                    break;
                }
            }
        }
        best
    }

    fn is_below(&self, variable: usize, top: usize) -> bool {
        (self.low[top]..=self.number[top]).contains(&self.number[variable])
    }

    /// The end of a tree arc that lies below the other.
    fn lower_end(&self, arc: usize) -> usize {
        let Arc { tail, head, .. } = self.arcs[arc];
        if self.number[tail] < self.number[head] { tail } else { head }
    }

    /// The shortest arc that connects what a leaving arc parts, in the other direction.
    fn entering(&self, leaving: usize) -> Option<usize> {
        let below = self.lower_end(leaving);
        let leads_out = self.arcs[leaving].tail != below;
        let mut best: Option<(i64, usize)> = None;
        for number in self.low[below]..=self.number[below] {
            let variable = self.numbered[number];
            let arcs = if leads_out { self.out.at(variable) } else { self.into.at(variable) };
            for &arc in arcs {
                if !self.is_below(self.other(arc, variable), below) {
                    let slack = self.slack(arc);
                    if best.is_none_or(|(least, _)| slack < least) {
                        best = Some((slack, arc));
                    }
                }
            }
        }
        best.map(|(_, arc)| arc)
    }

    fn exchange(&mut self, leaving: usize, entering: usize) {
        let below = self.lower_end(leaving);
        let slack = self.slack(entering);
        if slack != 0 {
            let shift = if self.arcs[leaving].tail == below { -slack } else { slack };
            for number in self.low[below]..=self.number[below] {
                let variable = self.numbered[number];
                self.position[variable] += shift;
            }
        }
        let cut = self.cut[leaving];
        let Arc { tail, head, .. } = self.arcs[entering];
        let top = self.change_cuts(tail, head, cut);
        self.change_cuts(head, tail, -cut);
        self.cut[entering] = -cut;
        self.cut[leaving] = 0;
        let index = self.tree_index[leaving];
        self.tree_arcs[index] = entering;
        self.tree_index[entering] = index;
        for end in [self.arcs[leaving].tail, self.arcs[leaving].head] {
            self.tree[end].retain(|&arc| arc != leaving);
        }
        for end in [tail, head] {
            self.tree[end].push(entering);
        }
        self.renumber(top, self.low[top]);
    }

    /// Adds to the cut values on the way from a variable up to the subtree of another; returns where it ends.
    fn change_cuts(&mut self, from: usize, to: usize, cut: i64) -> usize {
        let mut variable = from;
        while !self.is_below(to, variable) {
            let arc = self.parent[variable];
            if self.arcs[arc].tail == variable {
                self.cut[arc] += cut;
            } else {
                self.cut[arc] -= cut;
            }
            variable = self.other(arc, variable);
        }
        variable
    }
}

/// Sets of variables that are joined, each with its members.
struct Pieces {
    parent: Vec<usize>,
    members: Vec<Vec<usize>>,
}

impl Pieces {
    fn new(variables: usize) -> Self {
        Self { parent: (0..variables).collect(), members: (0..variables).map(|variable| vec![variable]).collect() }
    }

    fn root(&mut self, mut variable: usize) -> usize {
        while self.parent[variable] != variable {
            self.parent[variable] = self.parent[self.parent[variable]];
            variable = self.parent[variable];
        }
        variable
    }

    fn roots(&self) -> impl Iterator<Item = usize> {
        (0..self.parent.len()).filter(|&variable| self.parent[variable] == variable)
    }

    /// Joins the pieces of two variables; whether they were apart.
    fn join(&mut self, a: usize, b: usize) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return false;
        }
        let (small, large) = if self.members[a].len() < self.members[b].len() { (a, b) } else { (b, a) };
        let members = std::mem::take(&mut self.members[small]);
        self.members[large].extend(members);
        self.parent[small] = large;
        true
    }
}
