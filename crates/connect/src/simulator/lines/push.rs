//! The receipts as the vendor writes them, and pushing them to the court.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::offset;

use super::{Call, SimulatedPool};
use crate::outbound::{Destination, Outbound, OutboundSettings};
use crate::simulator::misbehaviour::Misbehaviour;

/// How many receipts may wait.
const MAX_WAITING: usize = 1_000;
/// How long the court may take to say that it has one; the vendor's own number.
const PATIENCE: Duration = Duration::from_millis(700);

/// What the vendor tells after something happened to a call: mostly one receipt.
pub(super) fn receipts(pool: &str, call: &Call) -> Vec<Value> {
    let so_far = story(pool, call);
    match (&call.held.wrong, call.over) {
        (Some(Misbehaviour::ReportsLost), _) | (Some(Misbehaviour::ReportsReversed), None) => Vec::new(),
        (Some(Misbehaviour::ReportsReversed), Some(_)) => so_far.into_iter().rev().collect(),
        (wrong, _) => {
            // Dialling tells two things at once: that the call began, and that it rings.
            let dialled = call.answered.is_none() && call.over.is_none();
            let new = so_far.len() - if dialled { 2 } else { 1 };
            let times = if wrong == &Some(Misbehaviour::ReportsTwice) { 2 } else { 1 };
            so_far.into_iter().skip(new).flat_map(|receipt| std::iter::repeat_n(receipt, times)).collect()
        }
    }
}

/// All receipts of a call up to now, in order.
fn story(pool: &str, call: &Call) -> Vec<Value> {
    let base = json!({
        "phone_no": call.held.a, "peer_no": call.held.b, "secret_no": call.held.x, "called_display_no": call.held.x,
        "pool_key": pool, "partner_key": pool, "city": "上海", "call_type": 0, "call_id": call.id, "sub_id": call.held.id,
        "out_id": call.held.remark, "call_time": beijing(call.dialled),
    });
    let with = |more: Value| {
        let mut receipt = base.clone();
        for (name, value) in more.as_object().into_iter().flatten() {
            receipt[name] = value.clone();
        }
        receipt
    };
    let mut told = vec![with(json!({"control_type": "CONTINUE", "unconnected_cause": 0}))];
    told.push(with(json!({"ring_time": beijing(call.dialled)})));
    if let Some(answered) = call.answered {
        told.push(with(json!({"ring_time": beijing(call.dialled), "start_time": beijing(answered)})));
    }
    if let Some(over) = call.over {
        told.push(with(json!({
            "call_out_time": beijing(call.dialled), "ring_time": beijing(call.dialled), "free_ring_time": beijing(call.dialled),
            // A call that was not answered lasted no time.
            "start_time": beijing(call.answered.unwrap_or(over.at)), "release_time": beijing(over.at), "release_dir": 1,
            "release_cause": over.cause, "unconnected_cause": 0, "control_msg": "OK", "control_type": "CONTINUE",
            // Nothing was recorded: whoever follows this address finds nothing.
            "record_url": "http://127.0.0.1:9/record/404",
        })));
    }
    told
}

/// `2021-08-25 20:11:30`.
fn beijing(at: OffsetDateTime) -> String {
    let at = at.to_offset(offset!(+8));
    format!("{} {:02}:{:02}:{:02}", at.date(), at.hour(), at.minute(), at.second())
}

/// Pushes receipts one after another; what is not taken is pushed again later, beside the others.
#[derive(Clone, Default)]
pub(super) struct Pusher(Arc<Mutex<Waiting>>);

#[derive(Default)]
struct Waiting {
    queue: VecDeque<(Arc<SimulatedPool>, Bytes)>,
    busy: bool,
}

impl Pusher {
    pub(super) fn push(&self, pool: &Arc<SimulatedPool>, receipts: Vec<Value>) {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for receipt in receipts {
            if waiting.queue.len() < MAX_WAITING {
                waiting.queue.push_back((pool.clone(), Bytes::from(json!([receipt]).to_string())));
            }
        }
        if !waiting.busy && !waiting.queue.is_empty() {
            waiting.busy = true;
            tokio::spawn(self.clone().work());
        }
    }

    async fn work(self) {
        while let Some((pool, body)) = self.next() {
            if !deliver(&pool.callback, body.clone()).await {
                tokio::spawn(again(pool, body));
            }
        }
    }

    fn next(&self) -> Option<(Arc<SimulatedPool>, Bytes)> {
        let mut waiting = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let next = waiting.queue.pop_front();
        waiting.busy = next.is_some();
        next
    }
}

async fn again(pool: Arc<SimulatedPool>, body: Bytes) {
    for after in &pool.again_after {
        tokio::time::sleep(*after).await;
        if deliver(&pool.callback, body.clone()).await {
            return;
        }
    }
    tracing::warn!("A call receipt was given up");
}

/// One attempt; whether the court took it.
async fn deliver(callback: &str, body: Bytes) -> bool {
    let Ok(uri) = callback.parse::<http::Uri>() else { return false };
    let usual = if uri.scheme_str() == Some("http") { 80 } else { 443 };
    let (host, port) = (uri.host().unwrap_or_default().to_owned(), uri.port_u16().unwrap_or(usual));
    let destinations = vec![Destination { host, port, allow_private: true }];
    let settings = OutboundSettings { destinations, timeout: PATIENCE, ..OutboundSettings::default() };
    let Ok(outbound) = Outbound::new(&settings) else { return false };
    let request = Request::post(uri).header("content-type", "application/json;charset=utf-8").body(body);
    let Ok(request) = request else { return false };
    match outbound.send(request).await {
        Ok(answer) => answer.status() == 200,
        Err(error) => {
            tracing::warn!(%error, "A call receipt was not taken");
            false
        }
    }
}
