//! One live socket.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::ws::{CloseFrame, Message, Utf8Bytes, WebSocket};
use court::view::{self, RefusalView};
use court::{Act, Actor, MemberId, RoomId, Viewer, location};
use futures_util::SinkExt;
use time::OffsetDateTime;
use tokio::time::{Instant, MissedTickBehavior, interval_at, timeout};
use tracing::debug;

use super::frames::{ClientFrame, ServerFrame, Watch, act_frame};
use super::tally::{InboxCounts, Tally};
use crate::perform::{Slot, Watcher};
use crate::{Account, Acting, Desk, Problem, metrics};

/// How many rooms one socket may watch.
const ROOMS: usize = 1_000;
/// How many acts are sent before the socket looks at what the client says.
const BURST: u64 = 64;
/// A client that takes longer than this to read what was sent is closed.
const SEND_LIMIT: Duration = Duration::from_secs(10);
/// How often the server asks whether the client is there.
const HEARTBEAT: Duration = Duration::from_secs(25);
/// A client that says nothing for so long, not even pong, is gone.
const SILENCE: Duration = Duration::from_secs(70);
/// How often a client is told of its inbox at most.
const INBOX_EVERY: Duration = Duration::from_millis(250);
/// How often it is looked whether a reading that ends by itself is over.
const OVER_EVERY: Duration = Duration::from_millis(400);
/// How many frames a client may send within one second, and how many at once.
const FRAMES_PER_SECOND: f64 = 20.0;
const FRAMES_AT_ONCE: f64 = 60.0;

/// Why a socket is closed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Close {
    Gone,
    TooSlow,
    TooMuch,
    SessionEnded,
    Restarting,
}

impl Close {
    fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Close::Gone => return None,
            Close::TooSlow => (1013, "resume"),
            Close::TooMuch => (4408, "too much"),
            Close::SessionEnded => (4401, "session ended"),
            Close::Restarting => (1012, "restarting"),
        };
        Some(CloseFrame { code, reason: Utf8Bytes::from_static(reason) })
    }

    fn reason(self) -> &'static str {
        match self {
            Close::Gone => "gone",
            Close::TooSlow => "slow",
            Close::TooMuch => "flood",
            Close::SessionEnded => "session",
            Close::Restarting => "restart",
        }
    }
}

struct Watched {
    slot: Arc<Slot>,
    member: MemberId,
    /// The last act (own number) that was sent.
    sent: u64,
    /// Whether the client was told that it has everything.
    told_head: bool,
    online: Vec<MemberId>,
}

/// What a client was told of its inbox.
struct Follow {
    tally: Tally,
    told: Option<InboxCounts>,
    /// Not before then is it told again.
    next: Instant,
    /// Whether the socket will be woken then.
    waits: bool,
}

impl Default for Follow {
    fn default() -> Self {
        Follow { tally: Tally::default(), told: None, next: Instant::now(), waits: false }
    }
}

struct Live {
    desk: Desk,
    account: Account,
    socket: WebSocket,
    watcher: Arc<Watcher>,
    watched: HashMap<RoomId, Watched>,
    /// What the client was told of its inbox, if it asked to be.
    inbox: Option<Follow>,
    allowance: f64,
    counted: Instant,
}

/// Serves a socket until it closes.
pub(crate) async fn run(desk: Desk, account: Account, socket: WebSocket) {
    let _open = metrics::socket();
    let watcher = desk.hub.socket(account.session);
    let now = Instant::now();
    let mut live = Live {
        desk,
        account,
        socket,
        watcher,
        watched: HashMap::new(),
        inbox: None,
        allowance: FRAMES_AT_ONCE,
        counted: now,
    };
    let close = live.serve().await;
    for watched in live.watched.values() {
        watched.slot.unwatch(&live.watcher, watched.member);
    }
    live.desk.hub.leave_inbox(live.account.person, &live.watcher);
    live.desk.hub.socket_closed(&live.watcher);
    metrics::socket_closed(close.reason());
    debug!(session.id = %live.account.session, reason = close.reason(), "Live socket closed");
    let farewell = async {
        if let Some(frame) = close.frame() {
            live.socket.send(Message::Close(Some(frame))).await.ok();
            // A connection that is dropped while the client still sends is reset, and the client never reads why.
            while let Some(Ok(_)) = live.socket.recv().await {}
        }
    };
    timeout(Duration::from_secs(1), farewell).await.ok();
}

impl Live {
    async fn serve(&mut self) -> Close {
        let mut heartbeat = interval_at(Instant::now() + HEARTBEAT, HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        let watcher = self.watcher.clone();
        let shutdown = self.desk.shutdown.clone();
        loop {
            let step = tokio::select! {
                biased;
                () = shutdown.cancelled() => Err(Close::Restarting),
                message = self.socket.recv() => {
                    heard = Instant::now();
                    match message {
                        Some(Ok(message)) => self.hear(message).await,
                        // The protocol layer refuses frames that are too large before they are read.
                        Some(Err(error)) if error.to_string().contains("too l") => Err(Close::TooMuch),
                        Some(Err(_)) | None => Err(Close::Gone),
                    }
                }
                () = watcher.woken() => self.pump_dirty().await,
                _ = heartbeat.tick() => {
                    watcher.wake();
                    if heard.elapsed() > SILENCE { Err(Close::Gone) } else { self.send(Message::Ping(Default::default())).await }
                }
            };
            if let Err(close) = step {
                return close;
            }
        }
    }

    async fn hear(&mut self, message: Message) -> Result<(), Close> {
        self.spend()?;
        let text = match message {
            Message::Text(text) => text,
            Message::Binary(_) => return Err(Close::TooMuch),
            Message::Close(_) => return Err(Close::Gone),
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
        };
        let Ok(frame) = serde_json::from_str::<ClientFrame>(&text) else { return Err(Close::TooMuch) };
        for room in frame.unwatch {
            self.leave(room);
        }
        for watch in frame.watch {
            self.watch(watch).await?;
        }
        match frame.inbox {
            Some(true) => {
                self.inbox = Some(Follow::default());
                self.desk.hub.follow_inbox(self.account.person, &self.watcher);
                self.watcher.touch_inbox(|touched| touched.everything = true);
            }
            Some(false) => {
                self.inbox = None;
                self.desk.hub.leave_inbox(self.account.person, &self.watcher);
            }
            None => {}
        }
        Ok(())
    }

    /// A token bucket over what the client sends.
    fn spend(&mut self) -> Result<(), Close> {
        let elapsed = self.counted.elapsed().as_secs_f64();
        self.counted = Instant::now();
        self.allowance = (self.allowance + elapsed * FRAMES_PER_SECOND).min(FRAMES_AT_ONCE) - 1.0;
        if self.allowance < 0.0 { Err(Close::TooMuch) } else { Ok(()) }
    }

    fn leave(&mut self, room: RoomId) {
        if let Some(watched) = self.watched.remove(&room) {
            watched.slot.unwatch(&self.watcher, watched.member);
        }
    }

    async fn watch(&mut self, watch: Watch) -> Result<(), Close> {
        let Some(acting) = self.acting() else {
            return self.refuse(watch.room, &Problem::no_role()).await;
        };
        if self.watched.len() >= ROOMS && !self.watched.contains_key(&watch.room) {
            return Err(Close::TooMuch);
        }
        match self.desk.enter(&acting, watch.room).await {
            Ok(inside) => {
                self.leave(watch.room);
                inside.slot.watch(&self.watcher, inside.actor.member);
                if let Some(until) = inside.until {
                    self.look_again_at(until, watch.room);
                }
                let watched = Watched {
                    slot: inside.slot,
                    member: inside.actor.member,
                    sent: watch.after,
                    told_head: false,
                    online: Vec::new(),
                };
                self.watched.insert(watch.room, watched);
                self.pump(watch.room).await
            }
            Err(problem) => {
                // One frame may name hundreds of rooms, and each that is not there is looked for in the store.
                self.spend()?;
                self.refuse(watch.room, &problem).await
            }
        }
    }

    async fn pump_dirty(&mut self) -> Result<(), Close> {
        if self.watcher.has_ended() || self.account.expires_at <= self.desk.now() {
            return Err(Close::SessionEnded);
        }
        for room in self.watcher.take_dirty() {
            self.pump(room).await?;
        }
        self.pump_inbox().await
    }

    /// Tells how much is not read, if that has changed; at most a few times a second, for it is one number however much comes.
    async fn pump_inbox(&mut self) -> Result<(), Close> {
        let (Some(follow), Some(acting)) = (&mut self.inbox, self.account.acting()) else { return Ok(()) };
        let now = Instant::now();
        if now < follow.next {
            if !follow.waits {
                follow.waits = true;
                let (watcher, next) = (self.watcher.clone(), follow.next);
                tokio::spawn(async move {
                    tokio::time::sleep_until(next).await;
                    watcher.wake();
                });
            }
            return Ok(());
        }
        follow.waits = false;
        let touched = self.watcher.take_inbox();
        if follow.tally.look_again(&self.desk, &acting, &touched).await.is_err() {
            follow.next = now + INBOX_EVERY;
            self.watcher.touch_inbox(|touched| touched.everything = true);
            return Ok(());
        }
        let counts = follow.tally.counts();
        if follow.told == Some(counts) {
            return Ok(());
        }
        follow.told = Some(counts);
        follow.next = now + INBOX_EVERY;
        self.send_all(vec![ServerFrame::Inbox { inbox: counts }.encode()]).await
    }

    /// Sends what the client does not have yet, at most a burst; the rest when the client has been heard.
    async fn pump(&mut self, room: RoomId) -> Result<(), Close> {
        let Some(acting) = self.acting() else { return Err(Close::SessionEnded) };
        if !self.watched.contains_key(&room) {
            return Ok(());
        }
        // Reads the store again if it knows more than memory does. Membership and gates are checked afresh before every send.
        let inside = match self.desk.enter(&acting, room).await {
            Ok(inside) => inside,
            Err(problem) if problem.status().is_server_error() => {
                self.later(room);
                return Ok(());
            }
            Err(problem) => {
                self.leave(room);
                return self.refuse(room, &problem).await;
            }
        };
        if let Err(refusal) = view::may_read(&inside.room, &inside.actor, &self.desk.policy, self.desk.now()) {
            self.leave(room);
            return self.refuse(room, &refusal.into()).await;
        }
        let Some(watched) = self.watched.get_mut(&room) else { return Ok(()) };
        let head = inside.room.dense_head(watched.member);
        // A client may name an act that does not exist (yet); it has then nothing to gain and nothing to miss.
        let from = watched.sent.min(head);
        let to = head.min(from + BURST);
        let mut frames = match acts_for(&self.desk, &inside.slot, &inside.room, &inside.actor, from, to).await {
            Ok(frames) => frames,
            Err(_) => {
                self.later(room);
                return Ok(());
            }
        };
        watched.sent = to;
        if to < head {
            self.watcher.touch(room);
        } else if !watched.told_head {
            watched.told_head = true;
            frames.push(ServerFrame::Head { room, head }.encode());
        }
        let online = inside.slot.present();
        if online != watched.online {
            watched.online.clone_from(&online);
            frames.push(ServerFrame::Online { room, online }.encode());
        }
        self.send_all(frames).await
    }

    /// Looks at the room again when the right to read it ends by itself (SR-08, SR-23). The court's clock is asked, not the machine's.
    fn look_again_at(&self, until: OffsetDateTime, room: RoomId) {
        let (desk, watcher) = (self.desk.clone(), Arc::downgrade(&self.watcher));
        tokio::spawn(async move {
            while watcher.strong_count() > 0 && desk.now() < until {
                tokio::time::sleep(OVER_EVERY).await;
            }
            if let Some(watcher) = watcher.upgrade() {
                watcher.touch(room);
            }
        });
    }

    /// Looks at the room again in a moment.
    fn later(&self, room: RoomId) {
        let watcher = self.watcher.clone();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_millis(250)).await;
            watcher.touch(room);
        });
    }

    async fn refuse(&mut self, room: RoomId, problem: &Problem) -> Result<(), Close> {
        let error = RefusalView { code: problem.code().to_owned(), detail: problem.detail().to_owned() };
        self.send_all(vec![ServerFrame::Error { room, error }.encode()]).await
    }

    async fn send_all(&mut self, frames: Vec<Utf8Bytes>) -> Result<(), Close> {
        if frames.is_empty() {
            return Ok(());
        }
        let sending = async {
            for frame in frames {
                self.socket.feed(Message::Text(frame)).await?;
            }
            self.socket.flush().await
        };
        match timeout(SEND_LIMIT, sending).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::Gone),
            Err(_) => Err(Close::TooSlow),
        }
    }

    async fn send(&mut self, message: Message) -> Result<(), Close> {
        match timeout(SEND_LIMIT, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) => Err(Close::Gone),
            Err(_) => Err(Close::TooSlow),
        }
    }

    fn acting(&self) -> Option<Acting> {
        self.account.acting()
    }
}

/// The frames of the acts after the viewer's number `from` up to `to`.
async fn acts_for(
    desk: &Desk,
    slot: &Slot,
    room: &court::Room,
    actor: &Actor,
    from: u64,
    to: u64,
) -> Result<Vec<Utf8Bytes>, Problem> {
    let (Some(first), Some(last)) = (room.record_seq(actor.member, from + 1), room.record_seq(actor.member, to)) else {
        return Ok(Vec::new());
    };
    if to <= from {
        return Ok(Vec::new());
    }
    let viewer = Viewer { member: actor.member, capacity: actor.capacity };
    let now = desk.now();
    let extent = |act: &Act| location::extent(act, viewer, &desk.policy, now);
    if let Some(recent) = slot.recent(first) {
        let visible = recent.iter().take_while(|recent| recent.act.seq <= last);
        return Ok(visible
            .filter_map(|recent| Some((recent, room.dense(actor.member, recent.act.seq)?)))
            .map(|(recent, dense)| recent.frame(dense, extent(&recent.act), act_frame))
            .collect());
    }
    let acts = desk.acts_between(slot, first, last).await?;
    Ok(acts.iter().filter_map(|act| Some(act_frame(act, room.dense(actor.member, act.seq)?, extent(act)))).collect())
}
