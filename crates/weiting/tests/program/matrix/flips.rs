//! Whether the matrix can fail: every single cell of the policy, flipped, must contradict what the program did.

use court::{Capacity, Kind, Phase, Policy};
use toml::{Table, Value};

use super::calls::{Ask, operations};
use super::oracle;
use super::run::Findings;
use super::world::World;

const POLICY: &str = include_str!("../../../../../policy.toml");
const NOTICE: &str = include_str!("../../../../../catalog/entry-notice.md");

/// The policy file with something done to it.
pub(super) fn altered(alter: impl FnOnce(&mut Table)) -> Policy {
    let mut file: Table = POLICY.parse().expect("policy.toml is TOML");
    alter(&mut file);
    Policy::parse(&file.to_string(), NOTICE).expect("a policy")
}

/// The policy with one cell of the acts' table flipped.
pub(super) fn with_act_flipped(kind: Kind, phase: Phase, capacity: Capacity) -> Policy {
    let builtin = Policy::builtin();
    let allowed = |other| builtin.allows(kind, phase, other) != (other == capacity);
    let cell = Capacity::ALL.into_iter().filter(|other| allowed(*other));
    let cell: Vec<Value> = cell.map(|capacity| Value::from(capacity.code())).collect();
    altered(|file| drop(table(table(file, "acts"), kind.code()).insert(phase.code().to_owned(), Value::Array(cell))))
}

fn table<'t>(table: &'t mut Table, name: &str) -> &'t mut Table {
    table.get_mut(name).and_then(Value::as_table_mut).expect("a table")
}

/// Flips every cell. Returns how many were flipped, and the names of those that nothing contradicts.
pub(super) fn each(world: &World, found: &Findings) -> (usize, Vec<String>) {
    let (mut flipped, mut silent) = (0, Vec::new());
    let mut check = |name: String, red: bool| {
        flipped += 1;
        if !red {
            silent.push(name);
        }
    };
    for kind in Kind::ALL.iter().copied() {
        for (phase, capacity) in cells(&world.policy, kind) {
            let policy = with_act_flipped(kind, phase, capacity);
            let name = format!("{} {} {}", kind.code(), phase.code(), capacity.code());
            check(name, contradicts(found, &policy, |ask| ask == Ask::Act(kind)));
        }
    }
    for (section, list) in [
        ("entry", "wait_for_start"),
        ("entry", "read_notice"),
        ("private", "address_bench"),
        ("private", "write"),
        ("private", "be_written_to"),
        ("calls", "be_called"),
    ] {
        // Who may never speak may not speak to anybody in particular either.
        let speaks = |capacity: &Capacity| {
            Phase::ALL.into_iter().any(|phase| world.policy.allows(Kind::SpeechText, phase, *capacity))
        };
        let matters = |capacity: &Capacity| !matches!(list, "address_bench" | "write") || speaks(capacity);
        for capacity in Capacity::ALL.into_iter().filter(matters) {
            let policy = altered(|file| flip(file, section, list, capacity));
            check(format!("{section}.{list} {}", capacity.code()), contradicts(found, &policy, |_| true));
        }
    }
    for capacity in Capacity::ALL {
        let policy = altered(|file| flip(file, "groups", "bench", capacity));
        check(format!("bench {}", capacity.code()), hears_otherwise(world, found, &policy));
    }
    for operation in operations() {
        let relations: &[&str] = match (operation.object.as_str(), operation.path.contains('{')) {
            ("room", true) => &["anyone", "account", "acting", "participant", "member"],
            ("case", true) => &["anyone", "account", "acting", "participant", "bench"],
            ("report", true) => &["anyone", "account", "acting", "handler"],
            ("identity", true) if operation.path.contains("/reviews/") => &["anyone", "account", "acting", "reviewer"],
            ("identity", true) => &["anyone", "account", "acting", "owner"],
            ("identity", false) if operation.path.contains("/reviews") => &["anyone", "account", "acting", "reviewer"],
            ("upload", true) => &["anyone", "account", "acting", "owner"],
            _ => &["anyone", "account", "acting"],
        };
        let row = &world.policy.operations()[&operation.id];
        for relation in relations.iter().filter(|relation| **relation != row.relation.code()) {
            let policy = altered(|file| {
                table(table(file, "operations"), &operation.id).insert("relation".to_owned(), Value::from(*relation));
            });
            check(format!("{} {relation}", operation.id), contradicts(found, &policy, |_| true));
        }
    }
    (flipped, silent)
}

/// The cells of a kind that can make a difference: a record begins with its sitting, so no other act meets a room without one; and who
/// waits outside until the window begins is turned away before the table is asked.
fn cells(policy: &Policy, kind: Kind) -> impl Iterator<Item = (Phase, Capacity)> {
    let phases = Phase::ALL
        .into_iter()
        .filter(move |phase| *phase != Phase::Unscheduled || matches!(kind, Kind::SittingSchedule | Kind::PanelChange));
    phases
        .flat_map(|phase| Capacity::ALL.map(|capacity| (phase, capacity)))
        .filter(|(phase, capacity)| *phase != Phase::Scheduled || !policy.waits_for_start(*capacity))
}

/// Takes the capacity out of a list, or puts it in.
fn flip(file: &mut Table, section: &str, list: &str, capacity: Capacity) {
    let groups = table(file, "groups").clone();
    let names = table(file, section).get(list).and_then(Value::as_array).expect("a list").clone();
    let mut members: Vec<&str> = Vec::new();
    for name in names.iter().filter_map(Value::as_str) {
        match groups.get(name).and_then(Value::as_array) {
            Some(group) => members.extend(group.iter().filter_map(Value::as_str)),
            None => members.push(name),
        }
    }
    let there = members.contains(&capacity.code());
    members.retain(|member| *member != capacity.code());
    members.extend((!there).then_some(capacity.code()));
    let members = members.into_iter().map(Value::from).collect();
    table(file, section).insert(list.to_owned(), Value::Array(members));
}

/// Whether some answer was another than this policy wants.
fn contradicts(found: &Findings, policy: &Policy, about: impl Fn(Ask) -> bool) -> bool {
    found
        .observations
        .iter()
        .filter(|observation| about(observation.call.ask))
        .any(|observation| oracle::expected(policy, &observation.call, &observation.facts) != observation.observed)
}

/// Whether somebody heard what this policy keeps from them, or did not hear what it lets them hear.
pub(super) fn hears_otherwise(world: &World, found: &Findings, policy: &Policy) -> bool {
    found.heard.iter().any(|heard| {
        let mut words = world.said_to(policy, heard.place, heard.standing);
        // A place is shown for a day and searched for never (`court::Act::searchable`).
        words.retain(|word| !heard.by_search || !word.starts_with("CNRYPlace"));
        words != heard.words
    })
}
