//! Distances that bring a drawing near the aspect that is asked for: what is too wide has more room between its nodes, and
//! what is too high between its layers.

use crate::order::Search;
use crate::part::{Gaps, Part};

/// How far from what is asked for a drawing may be, and how near a change aims, as factors.
const TOLERANCE: f64 = 1.2;
const AIM: f64 = 1.12;
/// Distances between nodes and groups grow to so many times, at most.
const MOST: f64 = 4.0;
/// Where other layers may do better, and where there are few nodes, distances grow to so many times only; beyond, those
/// between lines grow, too.
const MOST_OF_A_TRIAL: f64 = 3.0;
const FEW_NODES: usize = 8;
/// Layers move apart by so much, at most.
const MOST_SPREAD: f64 = 90.0;
/// How much of the size of a drawing is distances: a guess for the first step.
const SHARE: f64 = 0.6;

/// The search for distances.
pub(crate) struct Stretch {
    /// The distances that are asked for.
    gaps: Gaps,
    /// How many times as long along as across the drawing should be.
    ratio: f64,
    factor: f64,
    /// The factor before, and the size across that it led to.
    before: Option<(f64, f64)>,
    /// How many more distances are tried.
    left: usize,
    /// How far distances grow.
    most: f64,
}

impl Stretch {
    pub(crate) fn new(part: &Part, ratio: f64, tries: usize, search: Search) -> Self {
        let is_small = part.nodes.len() <= FEW_NODES;
        let most = if search == Search::Quick || is_small { MOST_OF_A_TRIAL } else { MOST };
        Self { gaps: part.gaps, ratio, factor: 1.0, before: None, left: tries, most }
    }

    /// Better distances than those that led to a size, along and across; `None` where they are good enough.
    pub(crate) fn next(&mut self, (along, across): (f64, f64), layers: usize) -> Option<Gaps> {
        if self.left == 0 || along < 1.0 || across < 1.0 {
            return None;
        }
        self.left -= 1;
        let now = along / across / self.ratio;
        if now < 1.0 / TOLERANCE && self.before.is_none() {
            self.left = 0;
            let missing = across * self.ratio / AIM - along;
            let channels = f64::from(u32::try_from(layers.saturating_sub(1).max(1)).unwrap_or(u32::MAX));
            return Some(Gaps { spread: rounded((missing / channels).min(MOST_SPREAD)), ..self.gaps });
        }
        let is_near = (1.0 / TOLERANCE..=TOLERANCE).contains(&now);
        if is_near || (now > 1.0 && self.factor >= self.most) {
            return None;
        }
        let wanted = along / self.ratio / AIM;
        let slope = match self.before {
            Some((factor, then)) if (across - then).abs() > 1.0 => (across - then) / (self.factor - factor),
            _ => across * SHARE / self.factor,
        };
        self.before = Some((self.factor, across));
        self.factor = (self.factor + (wanted - across) / slope).clamp(1.0, self.most);
        let grown = |gap: i64| rounded(number(gap) * self.factor);
        let lane = rounded(number(self.gaps.lane) * (1.0 + self.factor - MOST_OF_A_TRIAL).max(1.0));
        Some(Gaps { node: grown(self.gaps.node), group: grown(self.gaps.group), lane, ..self.gaps })
    }
}

fn number(length: i64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "lengths of a drawing")]
    let number = length as f64;
    number
}

/// The nearest even number that is not below: half of it is a whole one.
fn rounded(length: f64) -> i64 {
    crate::part::even(length.max(0.0))
}
