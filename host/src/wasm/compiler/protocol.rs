//! What the two processes say to each other: the one a request, a file, and nothing more; the other an answer.

use std::io::{self, Read, Write};

use serde::{Deserialize, Serialize};

use crate::plugin::ModuleFault;

/// The first byte of an answer that is compiled code.
pub(super) const COMPILED: u8 = b'C';

/// The first byte of an answer that says why there is none.
pub(super) const REJECTED: u8 = b'R';

/// The bytes of an answer before its content: the first, and the length.
pub(super) const HEAD: usize = 9;

/// Why a file was not compiled.
#[derive(Debug, Serialize, Deserialize)]
pub(super) enum Rejection {
    /// It is no valid component.
    Invalid { trace: String },
    /// It is a core module of which no component can be made.
    Module { fault: ModuleFault, trace: String },
    /// Memory was short.
    Memory,
    /// The compiler failed.
    Failed { reason: String },
}

/// What the process is told before it gets the file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Request {
    /// The most memory, in bytes.
    pub memory: u64,
    /// The most time of a processor, in seconds.
    pub seconds: u64,
}

impl Request {
    /// Writes it for another process.
    pub fn write(&self, output: &mut impl Write) -> io::Result<()> {
        output.write_all(&self.memory.to_le_bytes())?;
        output.write_all(&self.seconds.to_le_bytes())
    }

    /// Reads what another process wrote.
    pub fn read(input: &mut impl Read) -> io::Result<Self> {
        let mut number = || -> io::Result<u64> {
            let mut bytes = [0; 8];
            input.read_exact(&mut bytes)?;
            Ok(u64::from_le_bytes(bytes))
        };
        Ok(Self { memory: number()?, seconds: number()? })
    }

    /// Bounds this process as far as its system can: its time on Unix, its memory on Linux. A crash leaves no image of its
    /// memory behind.
    #[cfg(any(target_os = "linux", target_vendor = "apple"))]
    pub fn bound_this_process(&self) -> io::Result<()> {
        use nix::sys::resource::{Resource, getrlimit, setrlimit};
        let bound = |resource, most: u64| -> io::Result<()> {
            let (_, hard) = getrlimit(resource)?;
            // The second is a little higher, so that the signal of the first says what it is about.
            Ok(setrlimit(resource, hard.min(most), hard.min(most.saturating_add(1)))?)
        };
        bound(Resource::RLIMIT_CORE, 0)?;
        bound(Resource::RLIMIT_CPU, self.seconds)?;
        #[cfg(target_os = "linux")]
        {
            /// What a thread reserves without using it: its stack, and room for it in the allocator.
            const RESERVED: u64 = 80 << 20;
            let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get() as u64).saturating_add(2);
            let reserved = threads.saturating_mul(RESERVED);
            bound(Resource::RLIMIT_DATA, self.memory)?;
            // Where a system does not hold that one to all data, this one holds, which counts what is reserved, too.
            bound(Resource::RLIMIT_AS, self.memory.saturating_mul(2).saturating_add(reserved))?;
        }
        Ok(())
    }

    /// Bounds nothing: on this system the process that waits for this one ends it when its time is over.
    #[cfg(not(any(target_os = "linux", target_vendor = "apple")))]
    pub fn bound_this_process(&self) -> io::Result<()> {
        Ok(())
    }
}

/// Whether a message is about memory that could not be had.
pub(super) fn is_about_memory(message: &str) -> bool {
    let signs = ["memory allocation of", "Cannot allocate memory", "out of memory", "Resource temporarily unavailable"];
    signs.iter().any(|sign| message.contains(sign))
}
