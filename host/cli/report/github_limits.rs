//! What GitHub takes of a SARIF file.
//!
//! Source: <https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit>
//! and <https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/file-too-large>.

use std::io::{self, Write};

use flate2::Compression;
use flate2::write::GzEncoder;

use spec_engine::text::number;

use super::contents::Report;
use super::sarif;

/// The most results of a run.
const RESULTS: usize = 25_000;

/// The most bytes of a file that is packed with gzip.
const PACKED_BYTES: usize = 10_000_000;

/// Why GitHub refuses the SARIF file of a report, in words; `None` where it takes it. `bytes` is the size of the file.
pub(crate) fn refusal(report: &Report<'_>, bytes: usize) -> io::Result<Option<String>> {
    let way_out = "turn rules off with --rule ID=off, or accept what is there with --update-baseline";
    let results: usize = report.files.iter().map(|file| file.findings.len()).sum();
    if results > RESULTS {
        let (most, results) = (number(RESULTS), number(results));
        let message = format!("GitHub refuses a SARIF file with more than {most} results, and this one has {results}");
        return Ok(Some(format!("{message}; {way_out}")));
    }
    // What is packed is smaller.
    let packed = if bytes > PACKED_BYTES { packed_bytes(report)? } else { bytes };
    let message =
        format!("GitHub refuses a SARIF file of more than 10 MB in gzip, and this one has {}", number(packed));
    Ok((packed > PACKED_BYTES).then(|| format!("{message} bytes; {way_out}")))
}

/// The size of the SARIF file of a report, packed.
fn packed_bytes(report: &Report<'_>) -> io::Result<usize> {
    let mut packed = io::BufWriter::new(GzEncoder::new(ByteCount::of(io::sink()), Compression::default()));
    sarif::write(&mut packed, report)?;
    Ok(packed.into_inner()?.finish()?.bytes)
}

/// Counts what is written.
#[derive(Debug)]
pub(crate) struct ByteCount<W> {
    out: W,
    /// How many bytes were written.
    pub bytes: usize,
}

impl<W> ByteCount<W> {
    /// Counts what is written into a writer from now on.
    pub fn of(out: W) -> Self {
        Self { out, bytes: 0 }
    }
}

impl<W: Write> Write for ByteCount<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.bytes += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
