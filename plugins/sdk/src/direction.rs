//! The way a diagram runs.

crate::options! {
    /// Which way a diagram runs: one vocabulary for every renderer, so that `--set direction=down` works with each.
    #[derive(Copy, Eq)]
    pub enum Direction {
        /// From left to right.
        Right = "right",
        /// From right to left.
        Left = "left",
        /// From top to bottom.
        Down = "down",
        /// From bottom to top.
        Up = "up",
    }
}
