//! What a program would have logged.

use std::io::{self, Write};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use tracing_subscriber::fmt::MakeWriter;

/// Everything logged by this process since [`Logs::catch`].
#[derive(Clone, Debug, Default)]
pub(crate) struct Logs(Arc<Mutex<Vec<u8>>>);

impl Logs {
    /// Catches the logs of this process, in the form in which the program ships them, with every line of our own crates.
    pub(crate) fn catch() -> Logs {
        static LOGS: OnceLock<Logs> = OnceLock::new();
        let start = || {
            let logs = Logs::default();
            let filter = "info,desk=trace,store=trace,rooms=trace,weiting=trace,connect=trace,papers=trace";
            tracing::subscriber::set_global_default(desk::logs::subscriber(filter, logs.clone())).ok();
            logs
        };
        LOGS.get_or_init(start).clone()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap_or_else(PoisonError::into_inner)).into_owned()
    }
}

impl Write for &Logs {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Logs {
    type Writer = &'a Logs;

    fn make_writer(&'a self) -> &'a Logs {
        self
    }
}
