use std::io::{self, Write};

/// Collects what a template writes, up to a limit.
pub(super) struct BoundedWriter {
    content: Vec<u8>,
    limit: usize,
    is_over: bool,
}

impl BoundedWriter {
    /// Makes a writer that takes `limit` bytes.
    pub(super) fn new(limit: usize) -> Self {
        Self { content: Vec::new(), limit, is_over: false }
    }

    /// What was written, or `None` where it was more than the limit.
    pub(super) fn finish(self) -> Option<Vec<u8>> {
        (!self.is_over).then_some(self.content)
    }
}

impl Write for BoundedWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if bytes.len() > self.limit - self.content.len() {
            self.is_over = true;
            return Err(io::ErrorKind::QuotaExceeded.into());
        }
        self.content.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
