//! The stream of a client: it is told apart when it was last heard of, and a client that does not read is given up.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::{Instant, Sleep, sleep};

/// How long a client may read nothing of what it is sent.
const STALL: Duration = Duration::from_secs(10);

/// Counts what is received and sent, by all clients together: the higher, the later.
#[derive(Clone, Debug, Default)]
pub(super) struct Ticks(Arc<AtomicU64>);

/// When a client was last heard of, in ticks.
#[derive(Clone, Debug, Default)]
pub(super) struct LastHeard(Arc<AtomicU64>);

impl LastHeard {
    /// The tick.
    pub fn tick(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// The stream of a client.
pub(super) struct Client {
    stream: TcpStream,
    ticks: Ticks,
    last: LastHeard,
    /// When the client is given up; counts while something waits to be sent.
    stalled: Pin<Box<Sleep>>,
    is_waiting: bool,
}

impl Client {
    /// Takes a stream, which was heard of now.
    pub fn new(stream: TcpStream, ticks: Ticks, last: LastHeard) -> Self {
        let client = Self { stream, ticks, last, stalled: Box::pin(sleep(STALL)), is_waiting: false };
        client.heard();
        client
    }

    fn heard(&self) {
        self.last.0.store(self.ticks.0.fetch_add(1, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// Passes on how a write went, and fails where the client has read nothing for too long.
    fn sent<T>(&mut self, context: &mut Context<'_>, sent: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if sent.is_ready() {
            self.is_waiting = false;
            self.heard();
            return sent;
        }
        if !self.is_waiting {
            self.is_waiting = true;
            self.stalled.as_mut().reset(Instant::now() + STALL);
        }
        ready!(self.stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }
}

impl AsyncRead for Client {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let read = Pin::new(&mut self.stream).poll_read(context, buffer);
        if read.is_ready() {
            self.heard();
        }
        read
    }
}

impl AsyncWrite for Client {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.sent(context, sent)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        parts: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let sent = Pin::new(&mut self.stream).poll_write_vectored(context, parts);
        self.sent(context, sent)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
