//! The rooms that are in memory.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use court::{Act, Capacity, CaseFile, CaseId, CaseTitle, Participant, PersonId, Policy, Room, RoomId, SessionId};
use serde::{Deserialize, Serialize};
use store::Committed;
use time::Duration;
use tracing::{debug, warn};

use super::backlog::Backlog;
use super::keys::Keys;
use super::seal;
use super::slot::{RECENT, Slot, Touched, Watcher};
use crate::{Desk, Problem};

/// How many rooms stay in memory when nobody watches them.
const ROOMS: usize = 1_000;
/// How many acts go by between two snapshots of a room, so that a room of any length opens quickly.
const SNAPSHOT_EVERY: u64 = 200;
/// How often a room is read again because more was committed while it was read.
const RELOADS: usize = 5;
/// How many acts are read from the store at once.
const PAGE: u64 = 500;

/// The rooms in memory, and the keys that are being worked on. Made before the store, because the store's writer tells it what is
/// durable.
#[derive(Clone)]
pub struct Hub {
    policy: Arc<Policy>,
    slots: Arc<Mutex<HashMap<RoomId, Arc<Slot>>>>,
    sockets: Arc<Mutex<HashMap<SessionId, Vec<Weak<Watcher>>>>>,
    /// The sockets that follow an inbox, by person.
    inboxes: Arc<Mutex<HashMap<PersonId, Vec<Weak<Watcher>>>>>,
    pub(crate) keys: Keys,
    /// The rooms with acts that search does not know yet.
    pub(crate) backlog: Backlog,
}

/// A folded state as it is kept, with what it was folded under.
#[derive(Serialize, Deserialize)]
struct Snapshot {
    policy: record::Hash,
    room: Room,
}

impl Hub {
    /// A hub without rooms.
    pub fn new(policy: Arc<Policy>) -> Hub {
        Hub {
            policy,
            slots: Arc::default(),
            sockets: Arc::default(),
            inboxes: Arc::default(),
            keys: Keys::default(),
            backlog: Backlog::default(),
        }
    }

    /// Called by the store's writer after each commit, before anybody is told that their act is durable.
    pub fn committed(&self, committed: &[Committed]) {
        for part in committed {
            let slot = self.slots().get(&RoomId(part.record)).cloned();
            if let Some(slot) = slot {
                slot.committed(part.last, &self.policy);
                self.touch_members(&slot, part.effects);
            }
        }
        self.backlog.put(committed.iter().map(|part| RoomId(part.record)));
    }

    fn slots(&self) -> MutexGuard<'_, HashMap<RoomId, Arc<Slot>>> {
        self.slots.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The sockets of the room's members look at the room again, and, if somebody may have been notified, at that.
    fn touch_members(&self, slot: &Slot, notified: bool) {
        let inboxes = self.inboxes();
        // The writer comes by here after every commit, and mostly nobody's badge hangs on it.
        if inboxes.is_empty() {
            return;
        }
        for person in slot.durable().ever().filter_map(|member| member.person) {
            for watcher in inboxes.get(&person).into_iter().flatten().filter_map(Weak::upgrade) {
                watcher.touch_inbox(|touched| {
                    touched.rooms.entry(slot.room).or_default();
                    touched.notifications |= notified;
                });
            }
        }
    }

    /// The sockets of a person look at what of their inbox may have changed.
    pub(crate) fn touch_inbox(&self, person: PersonId, touch: impl Fn(&mut Touched)) {
        for watcher in self.inboxes().get(&person).into_iter().flatten().filter_map(Weak::upgrade) {
            watcher.touch_inbox(&touch);
        }
    }

    /// From now on this socket is told of a person's inbox.
    pub(crate) fn follow_inbox(&self, person: PersonId, watcher: &Arc<Watcher>) {
        let mut inboxes = self.inboxes();
        let own = inboxes.entry(person).or_default();
        own.retain(|other| other.strong_count() > 0 && !std::ptr::eq(other.as_ptr(), Arc::as_ptr(watcher)));
        own.push(Arc::downgrade(watcher));
    }

    /// This socket is told no longer.
    pub(crate) fn leave_inbox(&self, person: PersonId, watcher: &Arc<Watcher>) {
        let mut inboxes = self.inboxes();
        if let Some(own) = inboxes.get_mut(&person) {
            own.retain(|other| other.strong_count() > 0 && !std::ptr::eq(other.as_ptr(), Arc::as_ptr(watcher)));
            if own.is_empty() {
                inboxes.remove(&person);
            }
        }
    }

    fn inboxes(&self) -> MutexGuard<'_, HashMap<PersonId, Vec<Weak<Watcher>>>> {
        self.inboxes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Opens a place for a live socket of this session.
    pub(crate) fn socket(&self, session: SessionId) -> Arc<Watcher> {
        let watcher = Watcher::new(session);
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        let own = sockets.entry(session).or_default();
        own.retain(|other| other.strong_count() > 0);
        own.push(Arc::downgrade(&watcher));
        watcher
    }

    /// Gives the place up.
    pub(crate) fn socket_closed(&self, watcher: &Arc<Watcher>) {
        let mut sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = sockets.get_mut(&watcher.session) {
            own.retain(|other| other.strong_count() > 0 && !std::ptr::eq(other.as_ptr(), Arc::as_ptr(watcher)));
            if own.is_empty() {
                sockets.remove(&watcher.session);
            }
        }
    }

    /// Ends the live sockets of a session (SR-08).
    pub(crate) fn session_ended(&self, session: SessionId) {
        let sockets = self.sockets.lock().unwrap_or_else(PoisonError::into_inner);
        for watcher in sockets.get(&session).into_iter().flatten().filter_map(Weak::upgrade) {
            watcher.end();
        }
    }

    /// The rooms in memory with the number of acts that are known of each.
    pub(crate) fn known(&self) -> Vec<Arc<Slot>> {
        self.slots().values().cloned().collect()
    }

    /// The slot of a room, empty if it was not in memory.
    fn slot(&self, room: RoomId) -> Arc<Slot> {
        let mut slots = self.slots();
        if let Some(slot) = slots.get(&room) {
            return slot.clone();
        }
        if slots.len() >= ROOMS {
            let mut idle: Vec<_> = slots
                .iter()
                .filter(|(_, slot)| Arc::strong_count(slot) == 1)
                .filter_map(|(id, slot)| slot.idle_since().map(|since| (since, *id)))
                .collect();
            idle.sort_unstable();
            for (_, id) in idle.iter().take(ROOMS / 4) {
                slots.remove(id);
            }
        }
        slots.entry(room).or_insert_with(|| Arc::new(Slot::new(room))).clone()
    }

    fn forget(&self, room: RoomId) {
        self.slots().remove(&room);
    }
}

impl Desk {
    /// The room, read from the store if memory does not have it or is not sure; none if there is no such room.
    pub(crate) async fn slot(&self, room: RoomId) -> Result<Option<Arc<Slot>>, Problem> {
        let slot = self.hub.slot(room);
        slot.touch(self.now());
        if slot.is_fresh() {
            return Ok(Some(slot));
        }
        let exists = self.refresh(&slot).await?;
        if exists {
            Ok(Some(slot))
        } else {
            self.hub.forget(room);
            Ok(None)
        }
    }

    /// Reads a room from the store, once for all who wait for it. Returns whether there is such a room.
    async fn refresh(&self, slot: &Slot) -> Result<bool, Problem> {
        let _one = slot.loading.lock().await;
        if slot.is_fresh() {
            return Ok(true);
        }
        for _ in 0..RELOADS {
            let Some((state, tail, snapshot)) = self.load(slot.room).await? else { return Ok(false) };
            if slot.loaded(state, tail, snapshot) {
                return Ok(true);
            }
        }
        Err(Problem::unavailable())
    }

    /// Folds a room from its last snapshot and the acts since; returns also those acts, and where the snapshot stands.
    async fn load(&self, room: RoomId) -> Result<Option<(Room, Vec<Act>, u64)>, Problem> {
        let kept = self.store.snapshot(room.0).await?;
        let mut state = kept
            .and_then(|(_, text)| serde_json::from_str::<Snapshot>(&text).ok())
            // Who sees what is folded into the state, so a state from under another policy is of no use.
            .filter(|snapshot| snapshot.policy == self.policy.fingerprint())
            .map_or_else(|| Room::empty(room), |snapshot| snapshot.room);
        let snapshot = state.seq;
        let mut tail = Vec::new();
        loop {
            let rows = self.store.acts(room.0, state.seq, u64::MAX >> 1, PAGE).await?;
            let Some(last) = rows.last().map(|row| row.seq) else { break };
            for row in &rows {
                let act = seal::open(room, row)?;
                state.fold(&act, &self.policy);
                tail.push(act);
            }
            let full = rows.len() as u64 == PAGE;
            debug_assert_eq!(last, state.seq);
            if !full {
                break;
            }
            tail.drain(..tail.len().saturating_sub(RECENT));
        }
        Ok((state.seq > 0).then_some((state, tail, snapshot)))
    }

    /// Writes a snapshot of the room if one is due, off the way of the act.
    pub(crate) fn keep_snapshot(&self, slot: &Arc<Slot>) {
        let Some(room) = slot.due_snapshot(SNAPSHOT_EVERY) else { return };
        let desk = self.clone();
        tokio::spawn(async move {
            let snapshot = Snapshot { policy: desk.policy.fingerprint(), room: Room::clone(&room) };
            match serde_json::to_string(&snapshot) {
                Ok(text) => match desk.store.put_snapshot(room.id.0, room.seq, text).await {
                    Ok(()) => debug!(room.id = %room.id, room.seq, "Snapshot kept"),
                    Err(error) => warn!(room.id = %room.id, %error, "Snapshot not kept"),
                },
                Err(error) => warn!(room.id = %room.id, %error, "Snapshot not written"),
            }
        });
    }

    /// Acts of a room by record number, `from` and `to` included, from memory or from the store.
    pub(crate) async fn acts_between(&self, slot: &Slot, from: u64, to: u64) -> Result<Vec<Act>, Problem> {
        if let Some(recent) = slot.recent(from) {
            return Ok(recent.iter().map(|recent| recent.act.clone()).filter(|act| act.seq <= to).collect());
        }
        let rows = self.store.acts(slot.room.0, from - 1, to, to + 1 - from).await?;
        rows.iter().map(|row| seal::open(slot.room, row)).collect()
    }

    /// A case with its participants, as decisions need it.
    ///
    /// # Errors
    /// 503 when the store cannot be read.
    pub async fn case_file(&self, case: CaseId) -> Result<Option<CaseFile>, Problem> {
        let Some(row) = self.store.case(case).await? else { return Ok(None) };
        let participants = self.store.participants(case).await?;
        let participants = participants
            .into_iter()
            .filter_map(|row| {
                Some(Participant {
                    id: row.id,
                    person: row.person,
                    pseudonym: String::new(),
                    name: row.name,
                    acting: row.acting,
                    capacity: Capacity::from_code(&row.capacity)?,
                    ended: row.ended_at.is_some(),
                })
            })
            .collect();
        let title = CaseTitle { id: row.id, number: row.number, title: row.title, cause: row.cause };
        Ok(Some(CaseFile { title, participants }))
    }

    /// Closes the live sockets of sessions that have just been ended in the store.
    pub fn close_sessions(&self, sessions: &[SessionId]) {
        sessions.iter().for_each(|session| self.hub.session_ended(*session));
    }

    /// Closes the live sockets of sessions that were revoked, here or on another node, within half a second (SR-08).
    pub async fn follow_revocations(&self, shutdown: impl Future<Output = ()>) {
        tokio::pin!(shutdown);
        // Clocks of nodes may differ a little; closing a socket twice does no harm.
        let overlap = Duration::seconds(5);
        let mut every = tokio::time::interval(Duration::milliseconds(400).unsigned_abs());
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                _ = every.tick() => {}
            }
            let since = court::beijing::micros(self.now() - overlap);
            match self.store.revoked_since(since).await {
                Ok(sessions) => sessions.into_iter().for_each(|session| self.hub.session_ended(session)),
                Err(error) => warn!(%error, "Revoked sessions could not be read"),
            }
        }
    }

    /// Looks whether other nodes have appended to rooms that are in memory here (several nodes on one PostgreSQL; ≤ 200 ms apart).
    pub async fn follow_other_nodes(&self, shutdown: impl Future<Output = ()>) {
        tokio::pin!(shutdown);
        let mut every = tokio::time::interval(Duration::milliseconds(200).unsigned_abs());
        every.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                () = &mut shutdown => return,
                _ = every.tick() => {}
            }
            let slots = self.hub.known();
            let ids: Vec<_> = slots.iter().map(|slot| slot.room.0).collect();
            let Ok(heads) = self.store.heads(&ids).await else { continue };
            for slot in slots {
                if heads.get(&slot.room.0).is_some_and(|head| head.seq > slot.durable().seq) {
                    slot.doubt();
                    self.hub.touch_members(&slot, false);
                }
            }
            // Clocks of nodes may differ a little; looking twice does no harm.
            let since = court::beijing::micros(self.now() - Duration::seconds(5));
            for (person, _) in self.store.inboxes_changed_since(since).await.unwrap_or_default() {
                self.hub.touch_inbox(person, |touched| touched.everything = true);
            }
        }
    }
}
