//! What a file looked like from outside: enough to know that it is still the one that was read.

use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize};

/// What the system says of a file without reading it. Where two of these are equal, the file is the same: a change of its
/// bytes changes a time, its size or its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stamp {
    /// Where it is, absolute.
    pub path: PathBuf,
    /// Its size in bytes.
    pub size: u64,
    /// When its bytes changed, in nanoseconds since 1970.
    pub modified: i128,
    /// When anything about it changed, in nanoseconds since 1970; 0 where the system does not say.
    pub changed: i128,
    /// Its number in its file system, and that of the file system; 0 where there are none.
    pub inode: (u64, u64),
}

impl Stamp {
    /// Takes what the system says of a file, which is at an absolute path.
    pub fn of(path: &Path, metadata: &Metadata) -> Self {
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt;
            let changed = i128::from(metadata.ctime()) * 1_000_000_000 + i128::from(metadata.ctime_nsec());
            (changed, (metadata.ino(), metadata.dev()))
        };
        #[cfg(not(unix))]
        let (changed, inode) = (0, (0, 0));
        let modified = metadata.modified().map_or(0, nanoseconds);
        Self { path: path.to_owned(), size: metadata.len(), modified, changed, inode }
    }

    /// Whether nothing has changed for a while, at a time: a file that is written twice within one tick of the clock
    /// of its file system looks the same after both.
    pub fn is_settled(&self, now: SystemTime) -> bool {
        nanoseconds(now) - self.modified.max(self.changed) > SETTLED
    }
}

/// How long a file has not changed that can be known by its looks, in nanoseconds: the coarsest clock of a file system
/// that is in use has ticks of two seconds.
const SETTLED: i128 = 2_500_000_000;

fn nanoseconds(time: SystemTime) -> i128 {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => i128::try_from(after.as_nanos()).unwrap_or(i128::MAX),
        Err(before) => -i128::try_from(before.duration().as_nanos()).unwrap_or(i128::MAX),
    }
}
