//! Short ways to ask.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use rules::Wrong;
use rules::periods::{Ask, PauseAsked, Period, reckon};

/// `answer` or `answer/abroad`, from a day.
pub(crate) fn ask(rule: &str, start: &str) -> Ask {
    let (rule, variant) = rule.split_once('/').unwrap_or((rule, ""));
    Ask { rule: rule.to_owned(), variant: variant.to_owned(), start: start.to_owned(), ..Ask::default() }
}

pub(crate) fn period(ask: &Ask) -> Period {
    reckon(ask).unwrap_or_else(|wrong| panic!("{ask:?}: {wrong}"))
}

pub(crate) fn wrong(ask: &Ask) -> Wrong {
    match reckon(ask) {
        Ok(period) => panic!("{ask:?} gave {}", period.last_day),
        Err(wrong) => wrong,
    }
}

/// The last day, `2025-03-18`.
pub(crate) fn last_day(ask: &Ask) -> String {
    rules::civil::iso(period(ask).last_day)
}

pub(crate) fn without(kind: &str, from: &str, until: &str) -> PauseAsked {
    PauseAsked { kind: kind.to_owned(), from: from.to_owned(), until: until.to_owned() }
}

/// A second implementation under tests/rules: lines in, lines out. The host's zone is one in which it is often another day than in court.
pub(crate) fn python(program: &str, arguments: &[&str], questions: &str) -> Vec<String> {
    let mut child = Command::new("python3")
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/rules").join(program))
        .args(arguments)
        .env("TZ", "Pacific/Kiritimati")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("python3");
    let mut stdin = child.stdin.take().expect("a pipe");
    let questions = questions.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(questions.as_bytes()));
    let output = child.wait_with_output().expect("python3 ends");
    writer.join().expect("a thread").expect("all is read");
    assert!(output.status.success());
    String::from_utf8(output.stdout).expect("UTF-8").lines().map(str::to_owned).collect()
}
