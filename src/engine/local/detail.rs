//! How much is shown: the trade between what is missed and what is wrongly shown.

use std::fmt;

use clap::ValueEnum;

/// Between missing a finding and showing what is none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Detail {
    /// Only what is surest: more right than missed.
    Sharp,
    /// As much missed as wrongly shown, about.
    #[default]
    Balanced,
    /// Whatever may be a finding: for a reviewer who would rather reject than miss.
    Full,
}

impl Detail {
    /// The confidence from which on a finding is claimed. With calibrated probabilities F1 is highest where the threshold is
    /// half of the F1 that can be reached (Lipton, Elkan and Naryanaswamy 2014, "Optimal thresholding of classifiers to
    /// maximize F1"); the other two lie around it.
    #[must_use]
    pub const fn threshold(self) -> f32 {
        match self {
            Self::Sharp => 0.45,
            Self::Balanced => 0.3,
            Self::Full => 0.15,
        }
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sharp => "sharp",
            Self::Balanced => "balanced",
            Self::Full => "full",
        })
    }
}
