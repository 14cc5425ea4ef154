//! Witnesses: somebody outside the court who signs its checkpoints too, over HTTP (C2SP tlog-witness).

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use http::{Method, Request, StatusCode};

use crate::outbound::{Outbound, OutboundError};

/// A witness that is asked for signatures. Cheap to clone.
#[derive(Clone)]
pub struct WitnessPort {
    /// Its submission prefix, without a slash at the end.
    prefix: String,
    outbound: Outbound,
    /// The size that it signed last, as far as is known here.
    last: Arc<AtomicU64>,
}

/// What a witness said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// It has signed: signature lines, not verified yet.
    Signed(String),
    /// It last signed this size, and not the one that it was asked to go on from.
    Knows(u64),
    /// What it was shown does not continue what it signed.
    Inconsistent,
    /// It does not sign, for another reason.
    Refused(u16),
}

impl WitnessPort {
    /// The witness at this address.
    pub fn new(prefix: &str, outbound: Outbound) -> WitnessPort {
        WitnessPort { prefix: prefix.trim_end_matches('/').to_owned(), outbound, last: Arc::default() }
    }

    /// The size that it signed last, as far as is known here; 0 at first.
    pub fn last(&self) -> u64 {
        self.last.load(Ordering::Relaxed)
    }

    /// Asks it to sign a checkpoint of `size`, which continues what it signed at size `old`. `proof` has its nodes in base64.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn add_checkpoint(
        &self,
        old: u64,
        proof: &[String],
        size: u64,
        note: &str,
    ) -> Result<Said, OutboundError> {
        let mut body = format!("old {old}\n");
        for node in proof {
            body.push_str(node);
            body.push('\n');
        }
        body.push('\n');
        body.push_str(note);
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{}/add-checkpoint", self.prefix))
            .header("content-type", "text/plain; charset=utf-8")
            .body(Bytes::from(body))
            .map_err(|_| OutboundError::NotAllowed)?;
        let answer = self.outbound.send(request).await?;
        let text = String::from_utf8_lossy(answer.body());
        let said = match answer.status() {
            StatusCode::OK => Said::Signed(text.into_owned()),
            // The same size with another root is answered without a number.
            StatusCode::CONFLICT => Said::Knows(text.trim_end_matches('\n').parse().unwrap_or(old)),
            StatusCode::UNPROCESSABLE_ENTITY => Said::Inconsistent,
            other => Said::Refused(other.as_u16()),
        };
        match said {
            Said::Signed(_) => self.last.store(size, Ordering::Relaxed),
            Said::Knows(known) => self.last.store(known, Ordering::Relaxed),
            _ => {}
        }
        Ok(said)
    }
}
