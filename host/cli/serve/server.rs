//! The server: a thread that accepts connections and answers requests, bounded in everything that a client decides.
//!
//! Where there are too many connections, the one that was silent for the longest gives way. So whoever asks next is
//! answered, whatever the others do; a page that waits for news asks again.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::io;
use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::oneshot;
use tokio::task::AbortHandle;

use super::answer::Answers;
use super::client::{Client, LastHeard, Ticks};

/// The most connections at a time.
const MOST_CONNECTIONS: usize = 64;

/// The most bytes that the head of a request has: its first line and its headers.
const HEAD_BYTES: usize = 16 << 10;

/// The most headers that a request has.
const HEADERS: usize = 64;

/// How long a client may take to send the head of a request, and may keep a connection on which it asks nothing.
const HEAD_TIME: Duration = Duration::from_secs(10);

/// How long a connection is read from after its last answer, and how much, so that the client sees the answer before the
/// connection ends.
const LAST_TIME: Duration = Duration::from_secs(1);
const LAST_BYTES: u64 = 64 << 10;

/// How long nothing is accepted where the system has no more descriptors.
const PAUSE: Duration = Duration::from_millis(100);

/// A server that runs.
pub(super) struct Server {
    thread: JoinHandle<()>,
    stop: oneshot::Sender<()>,
}

impl Server {
    /// Starts to answer whoever connects to a listener.
    ///
    /// # Errors
    /// The system does not give what a server needs.
    pub fn start(listener: TcpListener, answers: Answers) -> io::Result<Self> {
        listener.set_nonblocking(true)?;
        let runtime = tokio::runtime::Builder::new_current_thread().enable_io().enable_time().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new().name("server".to_owned()).spawn(move || {
            runtime.block_on(async {
                let Ok(listener) = tokio::net::TcpListener::from_std(listener) else { return };
                let accepting = accept(listener, Arc::new(answers), Connections::default());
                tokio::select! {
                    () = accepting => {}
                    _ = stopped => {}
                }
            });
        })?;
        Ok(Self { thread, stop })
    }

    /// Whether it answers no more.
    pub fn is_finished(&self) -> bool {
        self.thread.is_finished()
    }

    /// Ends it, with every connection.
    pub fn stop(self) {
        // It may have ended; what went wrong in it was printed by then.
        let _ = self.stop.send(());
        let _ = self.thread.join();
    }
}

/// Accepts connections, for ever.
async fn accept(listener: tokio::net::TcpListener, answers: Arc<Answers>, connections: Connections) {
    loop {
        match listener.accept().await {
            Ok((stream, _)) => connections.start(stream, &answers),
            Err(error) if is_of_one_connection(&error) => {}
            // The connection that is closed gives its descriptor to the next one.
            Err(_) if connections.close_quietest() => tokio::task::yield_now().await,
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// Whether an error is that of a client which has gone again, and not of the system.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted)
}

/// The connections that are open.
#[derive(Clone, Default)]
struct Connections {
    open: Arc<Mutex<BTreeMap<u64, Connection>>>,
    ticks: Ticks,
}

struct Connection {
    last: LastHeard,
    task: AbortHandle,
}

impl Connections {
    /// Answers what comes over a connection. Where there are too many, the quietest of the others gives way.
    fn start(&self, stream: TcpStream, answers: &Arc<Answers>) {
        if self.open().len() >= MOST_CONNECTIONS {
            self.close_quietest();
        }
        let last = LastHeard::default();
        let client = Client::new(stream, self.ticks.clone(), last.clone());
        // No other connection is started at the same tick.
        let id = last.tick();
        let (answers, closing) = (Arc::clone(answers), Closing { id, connections: self.clone() });
        let task = tokio::spawn(async move {
            let _closing = closing;
            serve(client, answers).await;
        });
        self.open().insert(id, Connection { last, task: task.abort_handle() });
    }

    /// Ends the connection of which nothing was heard for the longest time. Returns whether there was one.
    fn close_quietest(&self) -> bool {
        let quietest = {
            let open = self.open();
            open.iter().min_by_key(|(_, connection)| connection.last.tick()).map(|(id, _)| *id)
        };
        let Some(connection) = quietest.and_then(|id| self.open().remove(&id)) else { return false };
        connection.task.abort();
        true
    }

    fn open(&self) -> MutexGuard<'_, BTreeMap<u64, Connection>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Forgets a connection when it ends, however that happens.
struct Closing {
    id: u64,
    connections: Connections,
}

impl Drop for Closing {
    fn drop(&mut self) {
        self.connections.open().remove(&self.id);
    }
}

/// Answers the requests of one connection, until it ends.
async fn serve(client: Client, answers: Arc<Answers>) {
    let service = service_fn(move |request| {
        let answers = Arc::clone(&answers);
        Box::pin(async move { Ok::<_, Infallible>(answers.answer(request).await) })
    });
    let mut http = Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(HEAD_TIME).max_buf_size(HEAD_BYTES).max_headers(HEADERS);
    let mut connection = http.serve_connection(TokioIo::new(client), service);
    // Whoever asks wrongly has been answered; whoever is too slow or has gone gets no more than that the connection ends.
    let _ = std::future::poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut client = connection.into_parts().io.into_inner();
    // To close a connection on which something has not been read would take back the last answer.
    let last = async {
        client.shutdown().await?;
        tokio::io::copy(&mut client.take(LAST_BYTES), &mut tokio::io::sink()).await
    };
    let _ = tokio::time::timeout(LAST_TIME, last).await;
}
