//! Everything private in the world is a word of its own; every answer is searched for words that its reader may not know.

use std::collections::{BTreeSet, HashMap};

use court::{CaseId, MemberId, PersonId, Policy};
use desk::testkit::Answer;

use super::subjects::{Standing, Subject};
use super::world::World;
use crate::kit::Trial;

/// Who may know a word.
#[derive(Clone, Debug)]
pub(super) enum Secret {
    /// Phone numbers and tokens of sessions appear nowhere.
    Nobody,
    /// The plaintiff's telephone number is for those who look at it with a reason: judges and clerks of the case.
    Contact(CaseId),
    /// A person's id is for that person alone.
    Person(PersonId),
    /// Numbers, titles and names of a case are for its participants.
    Case(CaseId),
    /// What somebody has handed in to show who they are is for those who review it.
    Reviewers,
    /// What somebody wrote with a report of a missing case is for them and for the clerks to whom it comes: those of the case with its
    /// number, or every clerk when there is none.
    Report { by: PersonId, case: Option<CaseId> },
    /// What somebody wrote about the program is for them and for those who answer.
    Feedback { by: PersonId },
    /// What was said in a room is for those members who may read and to whom it was said. A `file` stands in the dossier too: for the bench of
    /// the case, if it was not said to others.
    Said { place: usize, who: Who, file: bool },
    /// What stands in the dossier is for the bench of the case, and what is shared of it into a room for the members who may read there.
    Filed { case: CaseId, shared: Option<usize> },
    /// What a member keeps in a room for themselves.
    Own { place: usize, member: MemberId },
}

/// To whom something was said.
#[derive(Clone, Debug)]
pub(super) enum Who {
    Everyone,
    Bench,
    Members(BTreeSet<MemberId>),
}

#[derive(Debug, Default)]
pub(super) struct Canaries(HashMap<String, Secret>);

impl Canaries {
    pub(super) fn keep(&mut self, word: String, secret: Secret) {
        assert!(words(&word).eq([word.as_str()]), "{word:?} is not one word");
        let before = self.0.insert(word, secret);
        assert!(before.is_none(), "two secrets with one word");
    }

    /// What is private about a case and its people.
    pub(super) fn keep_case(&mut self, mark: u32, trial: &Trial) {
        self.keep(mark.to_string(), Secret::Case(trial.case));
        for (place, seat) in trial.seats.iter().enumerate() {
            // Seats after the fourteenth have numbers of their own (see `cast`).
            let place = if place < 14 { place } else { place - 14 + 101 };
            let seen = seat.capacity == court::Capacity::Plaintiff && place < 14;
            let secret = if seen { Secret::Contact(trial.case) } else { Secret::Nobody };
            self.keep(format!("139{mark}{place:04}"), secret);
            // One person may have seats in two cases.
            self.0.entry(seat.person.to_string()).or_insert(Secret::Person(seat.person));
        }
    }

    /// The token with which a subject shows who it is.
    pub(super) fn keep_session(&mut self, subject: &Subject) {
        for token in subject.tokens() {
            self.0.entry(token).or_insert(Secret::Nobody);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.0.len()
    }
}

impl World {
    /// The words in this answer that its reader may not know.
    pub(super) fn leaks(&self, subject: &Subject, answer: &Answer) -> Vec<String> {
        let body = String::from_utf8_lossy(&answer.body);
        let headers = answer.headers.iter().filter(|(name, _)| *name != "set-cookie");
        let headers: Vec<_> = headers.filter_map(|(_, value)| value.to_str().ok()).collect();
        std::iter::once(&*body)
            .chain(headers)
            .flat_map(words)
            .filter(|word| self.canaries.0.get(*word).is_some_and(|secret| !self.may_know(subject, secret)))
            .map(str::to_owned)
            .collect()
    }

    /// The words of what was said in rooms that are in this answer.
    pub(super) fn said_in(&self, answer: &Answer) -> BTreeSet<String> {
        let body = String::from_utf8_lossy(&answer.body);
        let said = |word: &&str| matches!(self.canaries.0.get(*word), Some(Secret::Said { .. }));
        words(&body).filter(said).map(str::to_owned).collect()
    }

    /// The words that somebody who stands like this to a room hears there under this policy.
    pub(super) fn said_to(&self, policy: &Policy, place: usize, standing: Standing) -> BTreeSet<String> {
        let hears = |secret: &Secret| match secret {
            Secret::Said { place: there, who, .. } => *there == place && hears(policy, standing, who),
            _ => false,
        };
        self.canaries.0.iter().filter(|(_, secret)| hears(secret)).map(|(word, _)| word.clone()).collect()
    }

    /// Whether a subject finds in the dossier of a case what was shown to these in one of its rooms.
    fn finds(&self, subject: &Subject, case: CaseId, who: &Who) -> bool {
        let seat = self.seat_in(subject, case).filter(|seat| self.policy.is_bench(seat.capacity));
        seat.is_some_and(|seat| match who {
            Who::Everyone | Who::Bench => true,
            Who::Members(members) => members.contains(&seat.member),
        })
    }

    fn has_overseen(&self, subject: &Subject, case: CaseId) -> bool {
        let readers = [self.overseer.0, self.over];
        case == self.ours.case && subject.live && subject.person.is_some_and(|person| readers.contains(&person))
    }

    fn may_know(&self, subject: &Subject, secret: &Secret) -> bool {
        match secret {
            Secret::Nobody => false,
            Secret::Contact(case) => {
                let capacity = self.participant(subject, *case);
                capacity.is_some_and(|capacity| self.policy.is_judge(capacity) || self.policy.is_clerk(capacity))
            }
            Secret::Person(person) => subject.live && subject.person == Some(*person),
            // Whoever read it from outside knows which case it was.
            Secret::Case(case) => self.participant(subject, *case).is_some() || self.has_overseen(subject, *case),
            Secret::Own { place, member } => {
                self.standing(subject, &self.places[*place]).is_some_and(|standing| standing.member == *member)
            }
            Secret::Reviewers => subject.live && subject.role.is_some_and(|role| self.policy.reviews_identity(role)),
            Secret::Feedback { by } => {
                let helps = subject.role.is_some_and(|role| self.policy.answers_feedback(role));
                subject.live && (subject.person == Some(*by) || helps)
            }
            Secret::Report { by, case } => {
                let cases = case.map_or_else(|| self.trials().map(|trial| trial.case).to_vec(), |case| vec![case]);
                let own = subject.live && subject.person == Some(*by);
                own || cases.into_iter().any(|case| self.is_clerk_of(subject, case))
            }
            Secret::Said { place, who, file } => {
                let heard = self
                    .standing(subject, &self.places[*place])
                    .is_some_and(|standing| hears(&self.policy, standing, who));
                heard || *file && self.finds(subject, self.places[*place].case, who)
            }
            Secret::Filed { case, shared } => {
                let read = |place: usize| {
                    let standing = self.standing(subject, &self.places[place]);
                    standing.is_some_and(|standing| hears(&self.policy, standing, &Who::Everyone))
                };
                self.finds(subject, *case, &Who::Bench) || shared.is_some_and(read)
            }
        }
    }
}

/// Whether something that was said in a room is for somebody who stands like this to it.
fn hears(policy: &Policy, standing: Standing, who: &Who) -> bool {
    let inside = standing.accepted || !policy.reads_notice(standing.capacity);
    inside
        && match who {
            Who::Everyone => true,
            Who::Bench => policy.is_bench(standing.capacity),
            Who::Members(members) => members.contains(&standing.member),
        }
}

/// The words of a text: runs of Latin letters, digits, `-` and `_`. Chinese characters and everything else stand between.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    text.split(move |char: char| !u8::try_from(char).is_ok_and(in_word)).filter(|word| word.len() >= 4)
}
