//! A connection that does not wait for ever.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use hyper::body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Sleep, sleep};

/// What the server waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Phase {
    /// The rest of a request's head; a new connection is expected to say something too.
    Head,
    /// The next request.
    Idle,
    /// Nothing: a request is being worked on, or the connection has become a WebSocket, and others watch it.
    Busy,
}

/// Where a connection stands, known to the socket and to the service above it. Each change has its number, so that a deadline of an
/// earlier phase is told from one of this.
#[derive(Debug, Default)]
pub(super) struct Progress(AtomicU64);

impl Progress {
    fn enter(&self, phase: Phase) {
        // Only one task drives a connection, so nobody else changes the number in between.
        let change = self.0.load(Ordering::Relaxed) / 4 + 1;
        self.0.store(change * 4 + phase as u64, Ordering::Relaxed);
    }

    fn look(&self) -> (u64, Phase) {
        let value = self.0.load(Ordering::Relaxed);
        let phase = match value % 4 {
            0 => Phase::Head,
            1 => Phase::Idle,
            _ => Phase::Busy,
        };
        (value, phase)
    }

    /// A request has been read and is being worked on.
    pub(super) fn busy(&self) {
        self.enter(Phase::Busy);
    }
}

/// How long a connection waits.
#[derive(Clone, Copy, Debug)]
pub(super) struct Patience {
    pub(super) head: Duration,
    pub(super) idle: Duration,
    pub(super) write: Duration,
}

/// A TCP connection with deadlines for what it waits for. It keeps its place among the connections as long as it lives, also as a
/// WebSocket.
pub(super) struct Wire {
    stream: TcpStream,
    progress: Arc<Progress>,
    patience: Patience,
    /// The deadline of reading and the phase that it belongs to.
    reading: Option<(u64, Pin<Box<Sleep>>)>,
    writing: Option<Pin<Box<Sleep>>>,
    _place: OwnedSemaphorePermit,
}

impl Wire {
    pub(super) fn new(
        stream: TcpStream,
        progress: Arc<Progress>,
        patience: Patience,
        place: OwnedSemaphorePermit,
    ) -> Wire {
        Wire { stream, progress, patience, reading: None, writing: None, _place: place }
    }

    /// Pending until the deadline of the phase that the connection is in, then an error.
    fn wait_to_read(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let (change, phase) = self.progress.look();
        let patience = match phase {
            Phase::Head => self.patience.head,
            Phase::Idle => self.patience.idle,
            Phase::Busy => {
                self.reading = None;
                return Poll::Pending;
            }
        };
        if self.reading.as_ref().is_none_or(|(armed, _)| *armed != change) {
            self.reading = Some((change, Box::pin(sleep(patience))));
        }
        match &mut self.reading {
            Some((_, deadline)) => deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into())),
            None => Poll::Pending,
        }
    }

    /// Passes a write on; one that makes no progress for too long is an error.
    fn write_with(
        &mut self,
        cx: &mut Context<'_>,
        write: impl FnOnce(Pin<&mut TcpStream>, &mut Context<'_>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match write(Pin::new(&mut self.stream), cx) {
            Poll::Ready(done) => {
                self.writing = None;
                Poll::Ready(done)
            }
            Poll::Pending => {
                let patience = self.patience.write;
                let deadline = self.writing.get_or_insert_with(|| Box::pin(sleep(patience)));
                deadline.as_mut().poll(cx).map(|()| Err(io::ErrorKind::TimedOut.into()))
            }
        }
    }
}

impl AsyncRead for Wire {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let wire = self.get_mut();
        let before = buf.filled().len();
        match Pin::new(&mut wire.stream).poll_read(cx, buf) {
            Poll::Ready(done) => {
                if buf.filled().len() > before && wire.progress.look().1 == Phase::Idle {
                    wire.progress.enter(Phase::Head);
                }
                Poll::Ready(done)
            }
            Poll::Pending => wire.wait_to_read(cx),
        }
    }
}

impl AsyncWrite for Wire {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        self.get_mut().write_with(cx, |stream, cx| stream.poll_write(cx, buf))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.get_mut().write_with(cx, |stream, cx| stream.poll_write_vectored(cx, bufs))
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.get_mut().stream).poll_shutdown(cx)
    }
}

/// The body of an answer. When it has been sent, or given up, the connection waits for the next request.
pub(super) struct AnswerBody {
    body: axum::body::Body,
    progress: Arc<Progress>,
}

impl AnswerBody {
    pub(super) fn new(body: axum::body::Body, progress: Arc<Progress>) -> AnswerBody {
        AnswerBody { body, progress }
    }
}

impl Drop for AnswerBody {
    fn drop(&mut self) {
        self.progress.enter(Phase::Idle);
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
