use court::{Capacity, Policy, PolicyError};

const POLICY: &str = include_str!("../../../../policy.toml");
const NOTICE: &str = include_str!("../../../../catalog/entry-notice.md");

fn broken(from: &str, to: &str) -> PolicyError {
    assert!(POLICY.contains(from), "the shipped policy no longer has {from:?}");
    Policy::parse(&POLICY.replacen(from, to, 1), NOTICE).unwrap_err()
}

#[test]
fn a_slip_of_the_pen_allows_and_forbids_nothing() {
    assert!(matches!(broken("open = [\"judge\"]", "open = [\"jugde\"]"), PolicyError::UnknownName(_)));
    assert!(matches!(broken("[acts.\"sitting.close\"]", "[acts.\"sitting.shut\"]"), PolicyError::UnknownKind(_)));
    assert!(matches!(broken("open = [\"judge\"]", "opened = [\"judge\"]"), PolicyError::UnknownPhase(_)));
    assert!(matches!(broken("[entry]", "[entry]\nextra = 1"), PolicyError::Syntax(_)));
    let without = POLICY
        .replace("[acts.\"speech.voice\"]\nwaiting = [\"judge\"]\nopen    = [\"speakers\"]\nclosed  = [\"judge\"]", "");
    assert!(matches!(Policy::parse(&without, NOTICE).unwrap_err(), PolicyError::MissingKind("speech.voice")));
}

#[test]
fn every_capacity_has_its_way_in() {
    let policy = Policy::builtin();
    for capacity in Capacity::ALL {
        let judge_or_clerk = policy.is_bench(capacity) && capacity != Capacity::LayAssessor;
        assert_eq!(policy.waits_for_start(capacity), !judge_or_clerk, "{capacity:?}");
        assert_eq!(policy.reads_notice(capacity), !judge_or_clerk, "{capacity:?}");
    }
}
