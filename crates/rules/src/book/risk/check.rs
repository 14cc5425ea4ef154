//! Whether a questionnaire is sound: conditions that can be met, weights within the index, notes that cite.

use std::collections::BTreeMap;

use time::Date;

use super::{Kind, MOST, Note, Questionnaire, When, holds};
use crate::book::cite::Cite;
use crate::book::fees::Fee;
use crate::book::instruments::Instrument;
use crate::book::validity::{self, Row};

impl Questionnaire {
    /// Says everything that is wrong with it.
    pub fn check(&self, fees: &[Fee], instruments: &[Instrument], findings: &mut Vec<String>) {
        let mut find = |what: String| findings.push(format!("risk/{}.toml: {what}", self.code));
        for (at, question) in self.questions.iter().enumerate() {
            let id = &question.id;
            if self.questions[at + 1..].iter().any(|other| other.id == *id) {
                find(format!("two questions are {id:?}"));
            }
            if (question.kind == Kind::Amount) != question.answer.is_empty() || question.answer.len() == 1 {
                find(format!("{id}: a choice needs two answers, an amount has none"));
            }
            if question
                .answer
                .iter()
                .enumerate()
                .any(|(at, one)| question.answer[at + 1..].iter().any(|other| other.id == one.id))
            {
                find(format!("{id}: two answers have one name"));
            }
            self.condition(id, &question.when, Some(question.round), &mut find);
        }
        for (at, note) in self.notes.iter().enumerate() {
            if self.notes[at + 1..].iter().any(|other| other.code == note.code) {
                find(format!("two notes are {:?}", note.code));
            }
            if note.plain != note.cite.is_empty() {
                find(format!("{}: cites nothing though it is not plain, or the other way round", note.code));
            }
            self.condition(&note.code, &note.when, None, &mut find);
        }
        for one in &self.least {
            if one.index == 0 || one.index > MOST || one.when.is_empty() {
                find(format!("{}: an index from 1 to {MOST}, on a condition", one.why));
            }
            self.condition(&one.why, &one.when, None, &mut find);
        }
        for rule in &self.fees {
            if !fees.iter().any(|fee| fee.code == rule.code) {
                find(format!("fees.toml has no {:?}", rule.code));
            }
            self.condition(&rule.code, &rule.when, None, &mut find);
        }
        if self.fees.last().is_none_or(|rule| !rule.when.is_empty()) {
            find("the last fee must fit every walk".to_owned());
        }
        if self.questions.first().is_none_or(|first| first.round != 1 || !first.when.is_empty()) {
            find("the first question must be asked of everybody, in round 1".to_owned());
        }
        let worst = self.worst(0, &mut BTreeMap::new());
        if worst > MOST {
            find(format!("the answers of a walk may weigh {worst}, more than {MOST}"));
        }
        let stated: Vec<Stated> =
            self.notes.iter().filter(|note| !note.plain).map(|note| Stated { note, from: self.from }).collect();
        validity::check(&format!("risk/{}.toml", self.code), &stated, instruments, findings);
    }

    /// A condition names questions and answers that there are, of earlier rounds, and can be met.
    fn condition(&self, of: &str, when: &When, round: Option<u8>, find: &mut impl FnMut(String)) {
        for (id, wanted) in when {
            let Some(question) = self.questions.iter().find(|question| question.id == *id) else {
                find(format!("{of}: depends on {id:?}, which nobody asks"));
                continue;
            };
            if round.is_some_and(|round| question.round >= round) {
                find(format!("{of}: depends on {id:?}, which is not asked before it"));
            }
            if round.is_some() && question.kind != Kind::Choice {
                find(format!("{of}: a question can depend on a choice only"));
            }
            if wanted.is_empty() || wanted.iter().any(|answer| !question.answer.iter().any(|known| known.id == *answer))
            {
                find(format!("{of}: depends on an answer that {id:?} does not have"));
            }
        }
        let mut needed = BTreeMap::new();
        if !self.can_hold(when, &mut needed, 0) {
            find(format!("{of}: is never reached"));
        }
    }

    /// Whether one set of answers can meet the condition together with the conditions of all the questions that it depends on.
    fn can_hold(&self, when: &When, needed: &mut When, depth: usize) -> bool {
        depth <= self.questions.len()
            && when.iter().all(|(id, wanted)| {
                let question = self.questions.iter().find(|question| question.id == *id);
                // Any number of answers can be given at once: they never exclude each other.
                if question.is_none_or(|question| question.kind == Kind::Choice) {
                    let left = needed.entry(id.clone()).or_insert_with(|| wanted.clone());
                    left.retain(|answer| wanted.contains(answer));
                    if left.is_empty() {
                        return false;
                    }
                }
                question.is_none_or(|question| self.can_hold(&question.when, needed, depth + 1))
            })
    }

    /// The most that the answers from this question on can weigh.
    fn worst(&self, at: usize, answers: &mut BTreeMap<String, Vec<String>>) -> u32 {
        let Some(question) = self.questions.get(at) else { return 0 };
        if !holds(&question.when, answers) {
            return self.worst(at + 1, answers);
        }
        let branches = self.questions.iter().any(|other| other.when.contains_key(&question.id));
        if !branches {
            let weights = question.answer.iter().map(|answer| answer.weight);
            let most = if question.kind == Kind::Many { weights.sum() } else { weights.max().unwrap_or(0) };
            return most + self.worst(at + 1, answers);
        }
        let mut most = 0;
        for answer in &question.answer {
            answers.insert(question.id.clone(), vec![answer.id.clone()]);
            most = most.max(answer.weight + self.worst(at + 1, answers));
        }
        answers.remove(&question.id);
        most
    }
}

/// A note as a row of law.
struct Stated<'a> {
    note: &'a Note,
    from: Date,
}

impl Row for Stated<'_> {
    fn key(&self) -> String {
        self.note.code.clone()
    }

    fn cite(&self) -> &[Cite] {
        &self.note.cite
    }

    fn from(&self) -> Date {
        self.from
    }

    fn to(&self) -> Option<Date> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::book::book;
    use crate::book::risk::{CommonFile, QuestionnaireFile};

    const COMMON: &str = r#"
        [[question]]
        id = "evidence"
        round = 3
        kind = "choice"
        text = "证据？"
        answer = [{ id = "yes", text = "有" }, { id = "no", text = "没有", weight = 20 }]

        [[note]]
        code = "shared"
        aspect = "action"
        when = { evidence = ["no"] }
        text = "收集证据。"
        plain = true
    "#;

    const SOUND: &str = r#"
        code = "made"
        label = "虚构纠纷"
        intro = "虚构。"
        from = "2024-01-01"
        common = ["evidence"]

        [[question]]
        id = "side"
        round = 1
        kind = "choice"
        text = "哪一方？"
        answer = [{ id = "one", text = "甲" }, { id = "other", text = "乙", weight = 30 }]

        [[question]]
        id = "more"
        round = 2
        kind = "choice"
        when = { side = ["one"] }
        text = "还有？"
        answer = [{ id = "yes", text = "有", weight = 50 }, { id = "no", text = "没有" }]

        [[note]]
        code = "law"
        aspect = "litigation"
        when = { more = ["yes"] }
        text = "依照法律。"
        cite = ["CPL@2023 67.1"]

        [[fee]]
        code = "property"
    "#;

    fn findings(text: &str) -> String {
        let common: CommonFile = toml::from_str(COMMON).expect("common questions");
        let file: QuestionnaireFile = match toml::from_str(text) {
            Ok(file) => file,
            Err(error) => return error.message().to_owned(),
        };
        let mut findings = Vec::new();
        Questionnaire::whole(file, &common, &mut findings).check(&book().fees.fee, &book().instruments, &mut findings);
        findings.join("\n")
    }

    #[test]
    fn a_questionnaire_with_a_mistake_does_not_build() {
        assert_eq!(findings(SOUND), "");
        for (from, to, says) in [
            (
                r#"when = { side = ["one"] }"#,
                r#"when = { sides = ["one"] }"#,
                "depends on \"sides\", which nobody asks",
            ),
            (
                r#"when = { side = ["one"] }"#,
                r#"when = { side = ["two"] }"#,
                "depends on an answer that \"side\" does not have",
            ),
            (
                r#"when = { side = ["one"] }"#,
                r#"when = { side = [] }"#,
                "depends on an answer that \"side\" does not have",
            ),
            (r#"when = { side = ["one"] }"#, r#"when = { evidence = ["no"] }"#, "which is not asked before it"),
            ("round = 2", "round = 1", "which is not asked before it"),
            (r#"when = { more = ["yes"] }"#, r#"when = { more = ["yes"], side = ["other"] }"#, "law: is never reached"),
            (r#"cite = ["CPL@2023 67.1"]"#, "", "cites nothing though it is not plain"),
            (r#"cite = ["CPL@2023 67.1"]"#, r#"cite = ["CPL@2023 307"]"#, "has no such article"),
            (r#"cite = ["CPL@2023 67.1"]"#, r#"cite = ["CPL@2021 67"]"#, "is not in force"),
            (r#"common = ["evidence"]"#, r#"common = ["nothing"]"#, "common.toml has no question"),
            (r#"code = "property""#, r#"code = "nothing""#, "fees.toml has no"),
            ("[[fee]]", "[[fee]]\nwhen = { side = [\"one\"] }", "the last fee must fit every walk"),
            ("weight = 50", "weight = 81", "may weigh 101, more than 100"),
            ("round = 1", "round = 2", "must be asked of everybody, in round 1"),
            (r#"id = "other""#, r#"id = "one""#, "two answers have one name"),
            (r#"id = "more""#, r#"id = "side""#, "two questions are"),
            ("label", "lable", "unknown field"),
        ] {
            assert!(SOUND.contains(from), "{from}");
            let said = findings(&SOUND.replacen(from, to, 1));
            assert!(said.contains(says), "{to}: {said:?} does not say {says:?}");
        }
    }

    #[test]
    fn the_worst_walk_is_found_among_the_branches() {
        // 乙 30 and no evidence 20, or 甲 with more 50 and no evidence 20: not all of them together.
        let common: CommonFile = toml::from_str(COMMON).expect("common questions");
        let whole = Questionnaire::whole(toml::from_str(SOUND).expect("sound"), &common, &mut Vec::new());
        assert_eq!(whole.worst(0, &mut BTreeMap::new()), 70);
    }
}
