//! The authorization matrix (security requirement SR-13 and its neighbours): every operation of the API and every kind of act, asked
//! for by everybody, in rooms of every phase with and without accepted notice.
//!
//! What must come of a call is computed from `policy.toml` ([`oracle`]); an operation without a recipe in [`calls`], a kind without an
//! arm there, fails the build or the test. Each call is looked at in four ways ([`run`]).

mod calls;
mod canaries;
mod flips;
mod oracle;
pub(crate) mod questions;
mod run;
mod subjects;
mod world;

use std::collections::BTreeSet;
use std::time::Instant;

use court::{Capacity, Kind, Phase, Policy, Relation};
use desk::openapi::Mismatch;
use store::kit::{TestDatabase, Which};

use self::calls::Ask;
use self::run::Findings;
use self::world::World;

/// Fewer calls than this would mean that something was left out.
const AT_LEAST: usize = 9_000;

async fn holds(database: TestDatabase) -> (World, Findings) {
    let begun = Instant::now();
    let mut world = World::build(database, Policy::builtin()).await;
    let built = begun.elapsed();
    let found = run::run(&mut world, |_| true).await;
    let (subjects, words) = (world.subjects.len(), world.canaries.len());
    eprintln!(
        "authorization matrix: {} requests by {subjects} subjects in {} rooms, each searched for {words} private words; \
         {:.1} s, of which the world took {:.1} s",
        found.requests,
        world.places.len(),
        begun.elapsed().as_secs_f64(),
        built.as_secs_f64(),
    );
    let wrong = &found.wrong;
    assert!(wrong.is_empty(), "{} findings:\n{}", wrong.len(), wrong[..wrong.len().min(40)].join("\n"));
    assert!(found.beside <= 3, "{} writes that no call explains", found.beside);
    assert!(subjects >= 20 && found.requests >= AT_LEAST, "{subjects} subjects, {} requests", found.requests);
    assert!(!flips::hears_otherwise(&world, &found, &world.policy), "somebody did not hear what was said to them");
    everything_was_asked(&found);
    (world, found)
}

/// Every operation and every kind of act was taken at least once, so that no refusal hides a call that is wrong in itself.
fn everything_was_asked(found: &Findings) {
    let taken: Vec<_> = found.observations.iter().filter(|seen| seen.observed == oracle::Verdict::Allowed).collect();
    let operations: BTreeSet<_> = taken.iter().map(|seen| seen.call.operation.id.clone()).collect();
    // What only a service may call, and what only a service reports, is tried in vain by everybody here (see `calls`).
    let rows = Policy::builtin();
    let served = |id: &String| rows.operations()[id].relation == Relation::Service;
    let known = calls::operations().into_iter().map(|operation| operation.id);
    let known: BTreeSet<_> = known.filter(|id| !served(id)).collect();
    assert_eq!(operations, known, "operations that were never taken");
    for kind in Kind::ALL.iter().filter(|kind| !kind.is_report()) {
        assert!(taken.iter().any(|seen| seen.call.ask == Ask::Act(*kind)), "{} was never taken", kind.code());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr13_every_subject_gets_what_policy_says_and_every_cell_of_policy_matters() {
    let (world, found) = holds(TestDatabase::fresh(Which::Sqlite).await).await;
    let begun = Instant::now();
    let (flipped, silent) = flips::each(&world, &found);
    eprintln!(
        "authorization matrix: {flipped} cells of the policy flipped one by one in {:.1} s",
        begun.elapsed().as_secs_f64()
    );
    assert!(flipped > 850, "{flipped}");
    assert!(silent.is_empty(), "flipping these changes nothing: {silent:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr13_every_subject_gets_what_policy_says_on_postgres() {
    holds(TestDatabase::fresh(Which::Postgres).await).await;
}

/// The program decides by a policy with one cell flipped; the matrix expects the shipped one.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr13_a_program_that_decides_otherwise_turns_the_matrix_red() {
    for (kind, phase, capacity) in [
        (Kind::SpeechText, Phase::Open, Capacity::Witness),
        (Kind::SittingOpen, Phase::Waiting, Capacity::Plaintiff),
        (Kind::MemberEnd, Phase::Closed, Capacity::SoleJudge),
    ] {
        let decided_by = flips::with_act_flipped(kind, phase, capacity);
        let mut world = World::build(TestDatabase::fresh(Which::Sqlite).await, decided_by).await;
        let found = run::run(&mut world, |call| call.ask == Ask::Act(kind)).await;
        assert!(!found.wrong.is_empty(), "{} {} {}", kind.code(), phase.code(), capacity.code());
        for wrong in &found.wrong {
            assert!(wrong.contains(capacity.code()) || wrong.contains("plaintiff"), "another finding: {wrong}");
        }
    }
}

#[test]
fn sr13_a_row_without_an_operation_and_an_operation_without_a_row_are_refused() {
    let document = |policy: &Policy| {
        let (_, api) = weiting::api().split_for_parts();
        desk::openapi::document(api, policy).map(|_| ())
    };
    assert_eq!(document(&Policy::builtin()), Ok(()));
    let operations = |file: &mut toml::Table| file["operations"].as_table().cloned().expect("a table");
    let more = flips::altered(|file| {
        let mut rows = operations(file);
        rows.insert("unseal".to_owned(), rows["room"].clone());
        file.insert("operations".to_owned(), rows.into());
    });
    assert_eq!(document(&more), Err(Mismatch::NoOperation("unseal".to_owned())));
    for id in calls::operations().into_iter().map(|operation| operation.id) {
        let fewer = flips::altered(|file| {
            let mut rows = operations(file);
            rows.remove(&id);
            file.insert("operations".to_owned(), rows.into());
        });
        assert_eq!(document(&fewer), Err(Mismatch::NoRow(id)));
    }
}
