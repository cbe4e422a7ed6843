//! Other layers for a drawing that is too long or too high: fewer of them, or some in place of one that is too high.

use crate::error::Error;
use crate::route::RoutedPart;

/// A drawing is too long from so many times of what is asked for, and too high below so many.
const TOO_LONG: f64 = 1.25;
const TOO_HIGH: f64 = 0.75;
/// With more edges than this, layers stay as they are.
pub(crate) const MOST_EDGES: usize = 600;
/// What crossings count from: a few more or less make no difference.
const FEW_CROSSINGS: u64 = 10;
/// How many cuts are tried.
const TRIALS: usize = 3;
/// So few layers are read as they are.
const FEW_LAYERS: usize = 4;

/// How layers are cut.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cut {
    /// How many layers what stands on the sheet, and what is in groups, may have, as parts of those that edges ask for.
    pub(crate) sheet: f64,
    pub(crate) groups: f64,
    /// How high layers may be, as a part of the highest.
    pub(crate) height: f64,
}

impl Default for Cut {
    fn default() -> Self {
        Self { sheet: 1.0, groups: 1.0, height: 1.0 }
    }
}

/// A drawing with some cut.
pub(crate) struct Trial {
    pub(crate) drawn: RoutedPart,
    pub(crate) crossings: u64,
    pub(crate) layers: usize,
}

/// Finds the cut with the best drawing, of those that are tried.
pub(crate) fn search(ratio: f64, trial: impl Fn(Cut) -> Result<Trial, Error>) -> Result<Cut, Error> {
    let mut cuts = Cuts { ratio, next: Cut::default(), left: TRIALS };
    let (mut best, mut drawn) = (Cut::default(), trial(Cut::default())?);
    while let Some(cut) = cuts.next(&drawn) {
        let other = trial(cut)?;
        if cuts.cost(&other) < cuts.cost(&drawn) {
            (best, drawn) = (cut, other);
        }
    }
    Ok(best)
}

/// What is tried next.
struct Cuts {
    ratio: f64,
    next: Cut,
    left: usize,
}

impl Cuts {
    /// A cut that may bring the drawing nearer to what is asked for: first what stands on the sheet in fewer layers, so
    /// that groups read from left to right as before, then what is in groups, too.
    fn next(&mut self, best: &Trial) -> Option<Cut> {
        let (along, across) = best.drawn.size();
        if self.left == 0 || along < 1.0 || across < 1.0 {
            return None;
        }
        self.left -= 1;
        let now = along / across / self.ratio;
        if now > TOO_LONG && best.layers > FEW_LAYERS {
            let step = 1.0 / now.sqrt().clamp(1.1, 1.5);
            let groups = if self.next.sheet < 1.0 { self.next.sheet * step } else { 1.0 };
            self.next = Cut { sheet: self.next.sheet * step, groups, height: 1.0 };
        } else if now < TOO_HIGH {
            self.next = Cut { height: self.next.height * now.sqrt().max(0.6), ..Cut::default() };
        } else {
            return None;
        }
        Some(self.next)
    }

    /// How large a drawing is as it is shown, and more where lines cross.
    fn cost(&self, trial: &Trial) -> f64 {
        let (along, across) = trial.drawn.size();
        #[expect(clippy::cast_precision_loss, reason = "a number to compare with")]
        let crossings = (trial.crossings + FEW_CROSSINGS) as f64;
        (along / self.ratio).max(across) * crossings.sqrt()
    }
}
