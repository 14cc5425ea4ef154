//! Makes every call of every subject and looks at four things: the answer's class, that a refusal had no effect, that what may not be
//! seen looks as if it were not there, and that no answer holds a word that its reader may not know (nor may be kept by a cache).

use std::collections::{BTreeSet, HashMap};

use court::Kind;
use desk::testkit::{Answer, Caller, Kit};
use serde_json::Value;

use super::calls::{Ask, Call, Object, Target};
use super::oracle::{self, Facts, Verdict};
use super::subjects::{Standing, Subject};
use super::world::World;
use crate::kit::{Eyes, Sight, said, without_instance};

/// One call and what came of it.
#[derive(Clone, Debug)]
pub(super) struct Observation {
    pub(super) call: Call,
    pub(super) facts: Facts,
    pub(super) observed: Verdict,
}

/// What a member of a room was given to read there.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) place: usize,
    pub(super) standing: Standing,
    pub(super) words: BTreeSet<String>,
    /// By looking for it, instead of reading everything.
    pub(super) by_search: bool,
}

/// What a run found.
#[derive(Debug, Default)]
pub(super) struct Findings {
    pub(super) observations: Vec<Observation>,
    /// How many requests were made, those about missing things included.
    pub(super) requests: usize,
    /// What is wrong, one line each.
    pub(super) wrong: Vec<String>,
    /// What was heard by those who were given a room's acts.
    pub(super) heard: Vec<Heard>,
    /// Commits that no call explains: snapshots are written beside the way of an act.
    pub(super) beside: usize,
}

/// Runs the calls that `which` wants.
pub(super) async fn run(world: &mut World, which: impl Fn(&Call) -> bool) -> Findings {
    let mut eyes = Eyes::on(&world.house.database).await;
    let mut sight = eyes.sight().await;
    let mut found = Findings::default();
    // Ending all sessions of a person would end other subjects too, so that comes when nothing else is left.
    let (calls, last): (Vec<_>, Vec<_>) = world
        .calls()
        .into_iter()
        .filter(|call| which(call))
        .partition(|call| !matches!(call.operation.id.as_str(), "logout_all" | "end_other_sessions"));
    for calls in [calls, last] {
        for subject in 0..world.subjects.len() {
            let mut missing = HashMap::new();
            for call in &calls {
                one(world, &mut eyes, &mut sight, &mut found, (subject, call), &mut missing).await;
            }
        }
    }
    found
}

/// The answers about missing things, by operation and what was asked.
type Missing = HashMap<(String, String), (u16, Value)>;

async fn one(
    world: &mut World,
    eyes: &mut Eyes,
    sight: &mut Sight,
    found: &mut Findings,
    (index, call): (usize, &Call),
    missing: &mut Missing,
) {
    let subject = &world.subjects[index];
    let facts = world.facts(subject, call);
    let expected = oracle::expected(&world.policy, call, &facts);
    let (caller, target) = prepare(world, subject, call, expected == Verdict::Allowed).await;
    if target != Target::There || caller.is_some() {
        *sight = eyes.sight().await;
    }
    let caller = caller.unwrap_or_else(|| subject.caller.clone());
    let answer = world.make(subject, &caller, call, target).await;
    found.requests += 1;
    let observed = oracle::observed(call, &facts, &answer);
    let mut complain = |what: String| {
        found.wrong.push(format!(
            "{}: {} {:?} {:?}: {what}",
            subject.name,
            call.operation.id,
            call.ask,
            place(world, call)
        ));
    };
    if observed != expected {
        complain(format!("expected {expected:?}, got {}", said(&answer)));
    }
    for word in world.leaks(subject, &answer) {
        complain(format!("{word} is in the answer"));
    }
    if let ("acts" | "search", Object::Room(place)) = (call.operation.id.as_str(), call.object)
        && let Some(standing) = world.standing(subject, &world.places[place])
    {
        let by_search = call.operation.id == "search";
        found.heard.push(Heard { place, standing, words: world.said_in(&answer), by_search });
    }
    if answer.header("cache-control") != "no-store" && call.operation.path.starts_with("/api/") {
        complain(format!("it may be kept: {:?}", answer.header("cache-control")));
    }
    // No existence leak: the same about something that is not there.
    if matches!(observed, Verdict::NotFound | Verdict::NotLoggedIn | Verdict::NoRole) && call.object != Object::Nothing
    {
        let key = (call.operation.id.clone(), format!("{:?}", call.ask));
        if !missing.contains_key(&key) {
            let answer = world.make(subject, &caller, call, Target::Missing).await;
            found.requests += 1;
            missing.insert(key.clone(), (answer.status.as_u16(), without_instance(&answer)));
        }
        let there = (answer.status.as_u16(), without_instance(&answer));
        if missing[&key] != there && !facts.is_member() {
            complain(format!("what is hidden looks like {there:?}, what is missing like {:?}", missing[&key]));
        }
    }
    // No effect on deny, nor of anything that only reads; an act that is taken is one act.
    let grew = i64::from(observed == Verdict::Allowed && answer.status == 201 && is_act(call));
    if observed == Verdict::Allowed && oracle::writes(&world.policy, call) {
        let now = eyes.sight().await;
        if now.heads() - sight.heads() != grew {
            complain(format!("{} acts were added where {grew} should be", now.heads() - sight.heads()));
        }
        *sight = now;
    } else {
        let before = sight.clone();
        if !eyes.untouched(sight).await {
            if sight.same_but_snapshots(&before) {
                found.beside += 1;
            } else {
                complain(format!("it had an effect: {before:?} became {sight:?}"));
            }
        }
    }
    let observation = Observation { call: call.clone(), facts, observed: observed.clone() };
    found.observations.push(observation);
    if observed == Verdict::Allowed && answer.status == 201 && target == Target::There {
        follow(world, eyes, sight, (index, call), &answer).await;
    }
}

fn is_act(call: &Call) -> bool {
    matches!(call.operation.id.as_str(), "act" | "schedule" | "view_contact")
}

fn place(world: &World, call: &Call) -> String {
    match call.object {
        Object::Room(place) => world.places[place].name.clone(),
        other => format!("{other:?}"),
    }
}

/// What a call that will be taken needs of its own: a second session where it ends or changes the session, a second room where it
/// moves the room on.
async fn prepare(world: &World, subject: &Subject, call: &Call, allowed: bool) -> (Option<Caller>, Target) {
    if !allowed {
        return (None, Target::There);
    }
    match (call.operation.id.as_str(), call.ask, call.object) {
        ("logout" | "logout_all" | "end_other_sessions" | "choose_capacity", ..) => {
            (Some(subject.double(&world.house).await), Target::There)
        }
        ("act", Ask::Act(Kind::SittingOpen | Kind::SittingClose | Kind::SittingEnd), Object::Room(place)) => {
            (None, Target::Instead(world.another_like(&world.places[place]).await))
        }
        ("act", Ask::Act(Kind::MatterWithdraw | Kind::MatterClose), Object::Room(place)) => {
            // A fresh one each time: what is over cannot be ended once more.
            let place = &world.places[place];
            world.asks_again(place).await;
            (None, Target::Instead(place.room))
        }
        (
            "act",
            Ask::Act(kind @ (Kind::DossierWithdraw | Kind::DossierShare | Kind::DossierUnshare)),
            Object::Room(place),
        ) => {
            let place = &world.places[place];
            world.files_again(place, kind == Kind::DossierUnshare).await;
            (None, Target::Instead(place.room))
        }
        _ => (None, Target::There),
    }
}

/// Keeps the world's own notes right after something was taken.
async fn follow(world: &mut World, eyes: &mut Eyes, sight: &mut Sight, (index, call): (usize, &Call), answer: &Answer) {
    if call.operation.id == "upload_create" {
        // A person may have few unfinished uploads at once.
        let path = answer.header("location").to_owned();
        let request = axum::http::Request::delete(path).header("origin", Kit::ORIGIN).header("tus-resumable", "1.0.0");
        let answer = world.subjects[index].caller.clone().send(request, axum::body::Body::empty()).await;
        assert_eq!(answer.status, 204, "{}", said(&answer));
        *sight = eyes.sight().await;
    }
    let (Object::Room(place), Ask::Act(kind)) = (call.object, call.ask) else { return };
    let (pending, spare) = (world.pending(&world.places[place]), world.spare(&world.places[place]));
    let standing = world.standing(&world.subjects[index], &world.places[place]);
    let notes = &mut world.places[place];
    match kind {
        Kind::MemberAdmit => drop(notes.members.insert(pending, true)),
        Kind::MemberEnd => drop(notes.members.insert(spare, false)),
        Kind::NoticeAcknowledge => notes.accepted.extend(standing.map(|standing| standing.member)),
        _ => {}
    }
}
