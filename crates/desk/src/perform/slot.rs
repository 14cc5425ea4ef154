//! One room in memory: what is durable, what is on its way, who watches.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::ws::Utf8Bytes;
use court::{Act, Extent, MemberId, Policy, Room, RoomId, SessionId};
use store::Pending;
use time::OffsetDateTime;
use tokio::sync::Notify;

use super::seal::Sealed;
use crate::Problem;

/// How many durable acts a room keeps in memory for the live feed; who is further behind reads the store.
pub(super) const RECENT: usize = 64;

/// A durable act with the frames that were made of it.
#[derive(Debug)]
pub(crate) struct Recent {
    pub(crate) act: Act,
    /// Encoded once for each number that viewers know the act by, and for each extent: mostly one.
    frames: Mutex<Vec<((u64, Extent), Utf8Bytes)>>,
}

/// A live socket as rooms know it.
#[derive(Debug)]
pub(crate) struct Watcher {
    pub(crate) session: SessionId,
    ended: AtomicBool,
    /// Rooms in which something happened since the socket last looked.
    dirty: Mutex<BTreeSet<RoomId>>,
    inbox: Mutex<Touched>,
    wake: Notify,
}

/// What of an inbox may have changed since a socket last looked.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    pub(crate) everything: bool,
    pub(crate) notifications: bool,
    /// The rooms in which something happened, and whether their read marks may have moved.
    pub(crate) rooms: BTreeMap<RoomId, bool>,
}

/// One room in memory.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) room: RoomId,
    /// Held while the state is read from the store, so that it is read once.
    pub(crate) loading: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    /// Whether `durable` is known to be what the store has; otherwise it is read again before the next use.
    fresh: bool,
    /// Counts how often undurable acts were dropped.
    epoch: u64,
    durable: Arc<Room>,
    /// `durable` with the acts that are on their way folded in.
    ahead: Arc<Room>,
    in_flight: VecDeque<Act>,
    /// The last act that the writer is known to have committed.
    committed: u64,
    recent: VecDeque<Arc<Recent>>,
    watchers: Vec<Arc<Watcher>>,
    present: BTreeMap<MemberId, u32>,
    snapshot: u64,
    used: Option<OffsetDateTime>,
}

impl Slot {
    pub(crate) fn new(room: RoomId) -> Slot {
        let empty = Arc::new(Room::empty(room));
        Slot {
            room,
            loading: tokio::sync::Mutex::new(()),
            state: Mutex::new(State {
                fresh: false,
                epoch: 0,
                durable: empty.clone(),
                ahead: empty,
                in_flight: VecDeque::new(),
                committed: 0,
                recent: VecDeque::new(),
                watchers: Vec::new(),
                present: BTreeMap::new(),
                snapshot: 0,
                used: None,
            }),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The room as it is durable.
    pub(crate) fn durable(&self) -> Arc<Room> {
        self.state().durable.clone()
    }

    pub(crate) fn is_fresh(&self) -> bool {
        self.state().fresh
    }

    /// Notes when the room was last used, for the cache.
    pub(crate) fn touch(&self, now: OffsetDateTime) {
        self.state().used = Some(now);
    }

    /// Whether nobody would miss it in memory, and since when it is unused.
    pub(crate) fn idle_since(&self) -> Option<OffsetDateTime> {
        let state = self.state();
        (state.watchers.is_empty() && state.in_flight.is_empty()).then_some(state.used).flatten()
    }

    /// Decides an act on the state ahead, folds it there and hands it to the writer: all in one turn, so that the writer receives a
    /// room's acts in the order in which they were decided.
    pub(crate) fn decide<T>(
        &self,
        decide: impl FnOnce(&Room) -> Result<Sealed, Problem>,
        submit: impl FnOnce(&Room, &Sealed) -> Result<(T, Pending), Problem>,
        policy: &Policy,
    ) -> Result<(T, Pending, u64), Problem> {
        let mut state = self.state();
        if !state.fresh {
            return Err(Problem::unavailable());
        }
        let sealed = decide(&state.ahead)?;
        Arc::make_mut(&mut state.ahead).fold(&sealed.act, policy);
        match submit(&state.ahead, &sealed) {
            Ok((answer, pending)) => {
                state.in_flight.push_back(sealed.act);
                Ok((answer, pending, state.epoch))
            }
            Err(problem) => {
                state.drop_undurable();
                Err(problem)
            }
        }
    }

    /// Forgets what is not durable; the state is read again before the next decision.
    pub(crate) fn drop_undurable(&self, epoch: u64) {
        let mut state = self.state();
        if state.epoch == epoch {
            state.drop_undurable();
        }
    }

    /// Says that the store may know more than this slot does.
    pub(crate) fn doubt(&self) {
        let watchers = {
            let mut state = self.state();
            // Acts of our own are on their way: if another node was quicker, the store refuses them and the state is read again.
            if !state.in_flight.is_empty() {
                return;
            }
            state.fresh = false;
            state.watchers.clone()
        };
        self.wake(&watchers);
    }

    /// The acts up to `last` are durable: they become visible, in order, and those who watch are woken.
    pub(crate) fn committed(&self, last: u64, policy: &Policy) {
        let watchers = {
            let mut state = self.state();
            state.committed = state.committed.max(last);
            while state.in_flight.front().is_some_and(|act| act.seq == state.durable.seq + 1 && act.seq <= last) {
                let Some(act) = state.in_flight.pop_front() else { break };
                state.take(act, policy);
            }
            if state.durable.seq < last {
                // Committed after it had been given up here, or by another node: the store has it, so it is read from there.
                state.drop_undurable();
            }
            state.watchers.clone()
        };
        self.wake(&watchers);
    }

    /// Takes the state as read from the store. Returns whether it is good: not when more was committed while it was read.
    pub(crate) fn loaded(&self, room: Room, tail: Vec<Act>, snapshot: u64) -> bool {
        let watchers = {
            let mut state = self.state();
            if state.fresh {
                return true;
            }
            if room.seq < state.committed {
                return false;
            }
            let known = state.recent.back().map_or(0, |recent| recent.act.seq);
            // What is remembered has no gap: acts that are known only from a snapshot are not among those that were read.
            if tail.first().map_or(room.seq + 1, |act| act.seq) > known + 1 {
                state.recent.clear();
            }
            for act in tail.into_iter().filter(|act| act.seq > known) {
                state.remember(act);
            }
            let room = Arc::new(room);
            state.durable = room.clone();
            state.ahead = room;
            state.snapshot = state.snapshot.max(snapshot);
            state.fresh = true;
            state.watchers.clone()
        };
        self.wake(&watchers);
        true
    }

    /// The durable state, if so much happened since the last snapshot that another is worth its cost.
    pub(crate) fn due_snapshot(&self, every: u64) -> Option<Arc<Room>> {
        let mut state = self.state();
        let due = state.fresh && state.durable.seq >= state.snapshot + every;
        due.then(|| {
            state.snapshot = state.durable.seq;
            state.durable.clone()
        })
    }

    /// The recent acts from this record number on; none when memory does not reach back so far.
    pub(crate) fn recent(&self, from: u64) -> Option<Vec<Arc<Recent>>> {
        let state = self.state();
        let first = state.recent.front()?.act.seq;
        (first <= from).then(|| state.recent.iter().filter(|recent| recent.act.seq >= from).cloned().collect())
    }

    /// Adds somebody who watches as this member.
    pub(crate) fn watch(&self, watcher: &Arc<Watcher>, member: MemberId) {
        let watchers = {
            let mut state = self.state();
            state.watchers.push(watcher.clone());
            *state.present.entry(member).or_default() += 1;
            state.watchers.clone()
        };
        self.wake(&watchers);
    }

    /// Removes one who watched.
    pub(crate) fn unwatch(&self, watcher: &Arc<Watcher>, member: MemberId) {
        let watchers = {
            let mut state = self.state();
            if let Some(place) = state.watchers.iter().position(|known| Arc::ptr_eq(known, watcher)) {
                state.watchers.swap_remove(place);
            }
            if let Some(count) = state.present.get_mut(&member) {
                *count -= 1;
                if *count == 0 {
                    state.present.remove(&member);
                }
            }
            state.watchers.clone()
        };
        self.wake(&watchers);
    }

    /// Whether a member has a live socket open.
    pub(crate) fn online(&self, member: MemberId) -> bool {
        self.state().present.contains_key(&member)
    }

    /// The members who have a live socket open.
    pub(crate) fn present(&self) -> Vec<MemberId> {
        self.state().present.keys().copied().collect()
    }

    fn wake(&self, watchers: &[Arc<Watcher>]) {
        for watcher in watchers {
            watcher.touch(self.room);
        }
    }
}

impl State {
    fn drop_undurable(&mut self) {
        self.epoch += 1;
        self.in_flight.clear();
        self.fresh = false;
    }

    fn take(&mut self, act: Act, policy: &Policy) {
        Arc::make_mut(&mut self.durable).fold(&act, policy);
        self.remember(act);
    }

    fn remember(&mut self, act: Act) {
        if self.recent.len() == RECENT {
            self.recent.pop_front();
        }
        self.recent.push_back(Arc::new(Recent { act, frames: Mutex::default() }));
    }
}

impl Recent {
    /// The frame for viewers who know the act by this number and are shown so much of it; encoded once.
    pub(crate) fn frame(
        &self,
        dense: u64,
        extent: Extent,
        encode: impl FnOnce(&Act, u64, Extent) -> Utf8Bytes,
    ) -> Utf8Bytes {
        let key = (dense, extent);
        let mut frames = self.frames.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, frame)) = frames.iter().find(|(known, _)| *known == key) {
            return frame.clone();
        }
        let frame = encode(&self.act, dense, extent);
        frames.push((key, frame.clone()));
        frame
    }
}

impl Watcher {
    pub(crate) fn new(session: SessionId) -> Arc<Watcher> {
        Arc::new(Watcher {
            session,
            ended: AtomicBool::new(false),
            dirty: Mutex::default(),
            inbox: Mutex::default(),
            wake: Notify::new(),
        })
    }

    /// Says that the session has ended, and wakes the socket.
    pub(crate) fn end(&self) {
        self.ended.store(true, Ordering::Release);
        self.wake.notify_one();
    }

    /// Whether the session has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Acquire)
    }

    /// Marks a room and wakes the socket.
    pub(crate) fn touch(&self, room: RoomId) {
        self.dirty.lock().unwrap_or_else(PoisonError::into_inner).insert(room);
        self.wake.notify_one();
    }

    /// Marks what of the inbox may have changed, and wakes the socket.
    pub(crate) fn touch_inbox(&self, touch: impl FnOnce(&mut Touched)) {
        touch(&mut self.inbox.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }

    /// Takes what of the inbox may have changed.
    pub(crate) fn take_inbox(&self) -> Touched {
        std::mem::take(&mut *self.inbox.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Wakes the socket, so that it looks whether its session still holds.
    pub(crate) fn wake(&self) {
        self.wake.notify_one();
    }

    /// Waits until something happened in a watched room.
    pub(crate) async fn woken(&self) {
        self.wake.notified().await;
    }

    /// Takes the rooms in which something happened.
    pub(crate) fn take_dirty(&self) -> BTreeSet<RoomId> {
        std::mem::take(&mut *self.dirty.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
