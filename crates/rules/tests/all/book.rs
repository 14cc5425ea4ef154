//! The data is checked, and every rule is listed with where it stands.

use rules::book::validity::check;
use rules::book::{Cite, Row, book};
use rules::{civil, listing};
use time::Date;

#[derive(Clone)]
struct Made {
    key: &'static str,
    cite: Vec<Cite>,
    from: &'static str,
    to: Option<&'static str>,
}

impl Row for Made {
    fn key(&self) -> String {
        self.key.to_owned()
    }
    fn cite(&self) -> &[Cite] {
        &self.cite
    }
    fn from(&self) -> Date {
        civil::parse(self.from).expect("a day")
    }
    fn to(&self) -> Option<Date> {
        self.to.map(|to| civil::parse(to).expect("a day"))
    }
}

fn made(cite: &[&str], from: &'static str, to: Option<&'static str>) -> Made {
    let cite = cite.iter().map(|cite| Cite::try_from((*cite).to_owned()).expect("a citation")).collect();
    Made { key: "made", cite, from, to }
}

fn findings(rows: &[Made]) -> Vec<String> {
    let mut findings = Vec::new();
    check("made.toml", rows, &book().instruments, &mut findings);
    findings
}

#[test]
fn a_row_without_a_sound_citation_does_not_build() {
    let said = |cite: &[&str], from, to| findings(&[made(cite, from, to)]).join("\n");
    assert_eq!(said(&["CPL@2023 128"], "2024-01-01", None), "");
    assert_eq!(said(&[], "2024-01-01", None), "made.toml: made: cites nothing");
    assert_eq!(
        said(&["CPL@2024 128"], "2024-01-01", None),
        "made.toml: made: cites CPL@2024, which instruments.toml does not know"
    );
    assert_eq!(said(&["CPL@2023 307"], "2024-01-01", None), "made.toml: made: CPL@2023 has no such article");
    assert_eq!(
        said(&["CPL@2023 128"], "2023-12-31", None),
        "made.toml: made: holds on days on which CPL@2023 is not in force"
    );
    assert_eq!(
        said(&["CPL@2021 128"], "2022-01-01", None),
        "made.toml: made: holds on days on which CPL@2021 is not in force"
    );
    assert_eq!(said(&["CPL@2021 128"], "2022-01-01", Some("2021-12-31")), "made.toml: made: ends before it begins");
    for bare in ["128", "CPL 128", "CPL@2023 128条", "CPL@2023 0", "@2023 1"] {
        assert!(Cite::try_from(bare.to_owned()).is_err(), "{bare}");
    }
}

#[test]
fn two_rows_for_one_thing_do_not_hold_on_one_day() {
    let old = made(&["CPL@2021 128"], "2022-01-01", Some("2024-01-01"));
    let new = made(&["CPL@2023 128"], "2024-01-01", None);
    assert!(findings(&[old.clone(), new.clone()]).is_empty());
    assert_eq!(findings(&[old, new.clone(), new]), ["made.toml: made: two rows hold on 2024-01-01"]);
}

#[test]
fn every_rule_is_listed_with_its_citation_and_validity() {
    let listed = listing::all();
    assert!(listed.len() > 150, "{}", listed.len());
    for rule in &listed {
        assert!(!rule.citations.is_empty() && !rule.says.is_empty() && !rule.name.is_empty(), "{}", rule.id);
        assert!(civil::parse(&rule.from).is_some());
    }
    let answer = listed.iter().find(|rule| rule.id == "answer/domestic" && rule.to.is_none()).expect("the answer");
    assert_eq!(answer.says, "收到起诉状副本：被告，15日内，提出答辩状");
}

#[test]
fn an_unknown_key_a_missing_citation_and_a_bad_length_do_not_build() {
    const ROW: &str = r#"
id = "answer"
group = "审理前准备"
name = "答辩期"
event = "收到起诉状副本"
who = "被告"
does = "提出答辩状"
length = "15日"
cite = ["CPL@2023 128"]
from = "2024-01-01"
"#;
    let read = |text: &str| toml::from_str::<rules::book::periods::PeriodRow>(text).map_err(|error| error.to_string());
    assert!(read(ROW).is_ok());
    assert!(read(&ROW.replace("who =", "whom =")).expect_err("a key").contains("unknown field `whom`"));
    assert!(
        read(&ROW.replace("cite = [\"CPL@2023 128\"]", "")).expect_err("no citation").contains("missing field `cite`")
    );
    assert!(read(&ROW.replace("15日", "15天")).expect_err("a length").contains("no length"));
    assert!(read(&ROW.replace("2024-01-01", "2024-1-1")).expect_err("a day").contains("no date"));
}
