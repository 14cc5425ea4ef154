//! A reader that stops after so many bytes, so that no file can keep a parser busy for ever or make it build endless tables.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use symphonia::core::io::MediaSource;

/// What may still be read. Its owner can fill it up again between two steps.
#[derive(Clone, Debug)]
pub(crate) struct Budget(Arc<AtomicU64>);

impl Budget {
    pub(crate) fn new(bytes: u64) -> Self {
        Self(Arc::new(AtomicU64::new(bytes)))
    }

    /// Grants `bytes` from now on, whatever was left before.
    pub(crate) fn grant(&self, bytes: u64) {
        self.0.store(bytes, Ordering::Relaxed);
    }

    fn left(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// `inner`, read within a [`Budget`]. Seeking is free: only what is read can fill memory or time.
#[derive(Debug)]
pub(crate) struct Budgeted<R> {
    inner: R,
    len: u64,
    budget: Budget,
}

impl<R> Budgeted<R> {
    /// `len` is the length of `inner` in bytes.
    pub(crate) fn new(inner: R, len: u64, budget: Budget) -> Self {
        Self { inner, len, budget }
    }
}

impl<R: Read> Read for Budgeted<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.left();
        if left == 0 && !buf.is_empty() {
            return Err(io::Error::other("read budget exhausted"));
        }
        let take = buf.len().min(usize::try_from(left).unwrap_or(usize::MAX));
        let got = self.inner.read(&mut buf[..take])?;
        self.budget.grant(left - got as u64);
        Ok(got)
    }
}

impl<R: Seek> Seek for Budgeted<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.inner.seek(to)
    }
}

impl<R: Read + Seek + Send + Sync> MediaSource for Budgeted<R> {
    fn is_seekable(&self) -> bool {
        true
    }

    fn byte_len(&self) -> Option<u64> {
        Some(self.len)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_up_to_the_budget_and_no_further() {
        let budget = Budget::new(5);
        let mut reader = Budgeted::new(&b"0123456789"[..], 10, budget.clone());
        let mut got = Vec::new();
        assert!(reader.read_to_end(&mut got).is_err());
        assert_eq!(got, b"01234");
        budget.grant(2);
        let mut two = [0; 2];
        assert!(reader.read_exact(&mut two).is_ok());
        assert_eq!(&two, b"56");
    }
}
