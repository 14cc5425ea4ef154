//! Where the wing of hearings has its receipts from: the court's log, which is another wing's.

use async_trait::async_trait;
use court::RoomId;
use desk::{Desk, Problem};
use hearing::{ReceiptOf, Receipts};

/// The court's own log.
#[derive(Clone, Copy, Debug)]
pub struct LogReceipts;

#[async_trait]
impl Receipts for LogReceipts {
    async fn receipt(&self, desk: &Desk, room: RoomId, seq: u64) -> Result<ReceiptOf, Problem> {
        if desk.store.tree_epoch().await?.is_none() {
            return Ok(ReceiptOf::NoLog);
        }
        Ok(attestation::receipt_of(desk, room, seq).await?.map_or(ReceiptOf::NotYet, ReceiptOf::Here))
    }
}
