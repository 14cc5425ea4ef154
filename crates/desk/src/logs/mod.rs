//! Logs: one JSON object a line, for programs that filter and ship them.
//!
//! A line names ids, never people: what may not be in a log is wrapped in [`Redacted`] where it comes in, so that a careless `{:?}`
//! prints nothing of it (SR-29, SR-52).

mod encode;
mod redacted;

use std::io::{self, Write};
use std::panic::PanicHookInfo;

use tracing::level_filters::LevelFilter;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

pub use redacted::{Redacted, mask_phone};

/// Writes logs to standard error from now on, and panics with them. `RUST_LOG` names the levels, e.g. `info,desk=debug`; what it gets
/// wrong is left at `info`. A second call changes nothing.
pub fn start() {
    let filter = std::env::var("RUST_LOG").unwrap_or_default();
    if subscriber(&filter, io::stderr).try_init().is_ok() {
        std::panic::set_hook(Box::new(log_panic));
    }
}

/// What writes logs as [`start`] does, but to this writer; tests look at what would be shipped.
pub fn subscriber<W>(filter: &str, to: W) -> impl tracing::Subscriber + Send + Sync
where
    W: for<'a> MakeWriter<'a> + Send + Sync + 'static,
{
    let filter = EnvFilter::builder().with_default_directive(LevelFilter::INFO.into()).parse_lossy(filter);
    let lines = tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(Encoded(to));
    tracing_subscriber::registry().with(filter).with(lines)
}

/// Logs a panic with its place. A message that was put together at run time may carry somebody's words, so only a literal is repeated.
pub fn log_panic(panic: &PanicHookInfo<'_>) {
    let message = panic.payload().downcast_ref::<&'static str>().copied().unwrap_or("(message withheld)");
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(panic.place = place, panic.message = message, "A panic");
}

/// Writes through [`encode::encode`].
struct Encoded<W>(W);

/// The writer of one line.
struct Line<W>(W);

impl<'a, W: MakeWriter<'a>> MakeWriter<'a> for Encoded<W> {
    type Writer = Line<W::Writer>;

    fn make_writer(&'a self) -> Self::Writer {
        Line(self.0.make_writer())
    }
}

impl<W: Write> Write for Line<W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.write_all(&encode::encode(line))?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
