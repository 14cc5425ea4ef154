//! What rows mean: a case said once and added to, a person in a capacity, and everything that contradicts itself.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use court::{Capacity, CaseStage, CaseStatus, Group};
use rules::identifiers::case_number;
use store::{ImportCase, ImportPart};

use super::faults::shown;
use super::{Fault, Field, Place, Raw, Said};

/// How long a name may be, in characters.
const NAME: usize = 100;
/// How long the title of a case may be, in characters.
const TITLE: usize = 200;

/// Reads all rows; what is wrong goes to `faults`, and what is then given is of no use.
pub(super) fn of(rows: Vec<Raw>, faults: &mut Vec<Fault>) -> Said {
    let empty = rows.is_empty();
    let mut reader =
        Reader { faults, said: Said::default(), cases: HashMap::new(), people: HashMap::new(), parts: HashMap::new() };
    for row in rows {
        reader.row(row);
    }
    let said = reader.said;
    if empty && faults.is_empty() {
        let reason = "文件里没有可以导入的案件。".to_owned();
        faults.push(Fault { place: Place { sheet: None, row: 1 }, column: "案号", reason });
    }
    said
}

struct Reader<'f> {
    faults: &'f mut Vec<Fault>,
    said: Said,
    /// By number; beside each field the row that said it.
    cases: HashMap<String, (usize, HashMap<Field, usize>)>,
    /// By phone number: the name, and the row that said it.
    people: HashMap<String, (String, usize)>,
    parts: HashMap<(usize, String, Capacity), usize>,
}

/// The cells of one row, and where to complain.
struct Line<'f> {
    faults: &'f mut Vec<Fault>,
    place: Place,
    cells: HashMap<Field, String>,
}

impl Reader<'_> {
    fn row(&mut self, raw: Raw) {
        let row = self.said.places.len();
        self.said.places.push(raw.place.clone());
        let mut line = Line { faults: self.faults, place: raw.place, cells: raw.cells.into_iter().collect() };
        // Everything is looked at, so that a row complains of all its cells at once.
        let asked = line.case(row);
        let names_somebody = line.cells.keys().any(|field| !field.is_of_case());
        let part = if names_somebody { line.part(row) } else { None };
        let Some(asked) = asked else { return };
        let case = self.case(asked, row);
        if let Some((part, capacity)) = part {
            self.part(ImportPart { case, ..part }, capacity, row);
        }
    }

    /// Adds what a row says to what was said of the case before.
    fn case(&mut self, asked: ImportCase, row: usize) -> usize {
        let import = &mut self.said.import;
        let (index, said) = match self.cases.entry(asked.number.clone()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(new) => {
                import.cases.push(ImportCase { number: asked.number, row, ..ImportCase::default() });
                new.insert((import.cases.len() - 1, HashMap::new()))
            }
        };
        let case = &mut import.cases[*index];
        for (field, asked, known) in [
            (Field::Title, asked.title, &mut case.title),
            (Field::Cause, asked.cause, &mut case.cause),
            (Field::FiledOn, asked.filed_on, &mut case.filed_on),
            (Field::Stage, asked.stage, &mut case.stage),
            (Field::Status, asked.status, &mut case.status),
        ] {
            let Some(asked) = asked else { continue };
            match known {
                None => {
                    *known = Some(asked);
                    said.insert(field, row);
                }
                Some(known) if *known != asked => {
                    let before = &self.said.places[said.get(&field).copied().unwrap_or_default()];
                    let reason = format!("同一案件的内容与{before}不一致，请改成一样，或者只填一行。");
                    let place = self.said.places[row].clone();
                    self.faults.push(Fault { place, column: field.label(), reason });
                }
                Some(_) => {}
            }
        }
        *index
    }

    fn part(&mut self, part: ImportPart, capacity: Capacity, row: usize) {
        let places = &self.said.places;
        let mut fault = |field: Field, reason| {
            self.faults.push(Fault { place: places[row].clone(), column: field.label(), reason });
        };
        let (name, first) = self.people.entry(part.phone.clone()).or_insert_with(|| (part.person.clone(), row));
        if *name != part.person {
            fault(Field::Phone, format!("这个手机号在{}是另一个人的，请核对。", places[*first]));
        }
        match self.parts.entry((part.case, part.phone.clone(), capacity)) {
            Entry::Occupied(first) => {
                let reason =
                    format!("与{}重复：同一案件中，同一手机号、同一诉讼地位只能有一行。", places[*first.get()]);
                fault(Field::Capacity, reason);
            }
            Entry::Vacant(new) => {
                new.insert(row);
                self.said.import.parts.push(part);
            }
        }
    }
}

impl Line<'_> {
    fn case(&mut self, row: usize) -> Option<ImportCase> {
        let number = match self.cells.get(&Field::Number) {
            None => self.fault(Field::Number, "必填。".to_owned()),
            Some(text) => match case_number::kept(text) {
                Some(number) => Some(number),
                None => {
                    let reason = format!("{}不是案号，应当像 (2026)沪0113民初10241号。", shown(text));
                    self.fault(Field::Number, reason)
                }
            },
        };
        let title = self.text(Field::Title, TITLE);
        let cause = self.text(Field::Cause, NAME);
        let filed_on = self.one_of(Field::FiledOn, "应当像 2026-10-12", date);
        let stage = self.one_of(Field::Stage, "应为收立案、审理、裁判、送达之一", |text| {
            let stage = CaseStage::ALL.into_iter().find(|stage| stage.label() == text || stage.code() == text);
            stage.map(|stage| stage.code().to_owned())
        });
        let status = self.one_of(Field::Status, "应为未结或者已结", |text| {
            let status = [CaseStatus::Open, CaseStatus::Closed].into_iter();
            status
                .into_iter()
                .find(|status| status.label() == text || status.code() == text)
                .map(|status| status.code().to_owned())
        });
        Some(ImportCase { number: number?, title, cause, filed_on, stage, status, row })
    }

    fn part(&mut self, row: usize) -> Option<(ImportPart, Capacity)> {
        let name = self.needed(Field::Name, NAME);
        let phone = self.phone();
        let capacity = self.capacity();
        let representative = self.text(Field::Representative, NAME);
        let position = self.text(Field::Position, NAME);
        let kind = self.one_of(Field::Kind, "应为自然人或者单位", |text| match text {
            "自然人" | "个人" | "person" => Some(false),
            "单位" | "法人" | "非法人组织" | "organisation" => Some(true),
            _ => None,
        });
        let ended = self.one_of(Field::Ended, "应为是或者否", |text| match text {
            "是" | "终止" | "true" | "1" => Some(true),
            "否" | "false" | "0" => Some(false),
            _ => None,
        });
        let organisation = kind == Some(true);
        if organisation && representative.is_none() {
            self.fault::<()>(Field::Representative, "单位须填写代表人，由代表人以其手机号登录。".to_owned());
        }
        if organisation && capacity.is_some_and(|capacity| capacity.group() != Group::Parties) {
            self.fault::<()>(Field::Kind, "只有当事人可以是单位，其他诉讼地位须为自然人。".to_owned());
        }
        if representative.is_some() != position.is_some() {
            self.fault::<()>(Field::Position, "代表人和代表人职务须同时填写，例如：法定代表人。".to_owned());
        }
        let (name, phone, capacity) = (name?, phone?, capacity?);
        let acting = representative.as_ref().zip(position).map(|(person, position)| format!("{position} {person}"));
        let part = ImportPart {
            case: 0,
            phone,
            person: representative.unwrap_or_else(|| name.clone()),
            name,
            acting,
            capacity: capacity.code().to_owned(),
            role: capacity.role().code().to_owned(),
            ended,
            row,
        };
        Some((part, capacity))
    }

    fn phone(&mut self) -> Option<String> {
        let Some(typed) = self.cells.get(&Field::Phone).cloned() else {
            return self.fault(Field::Phone, "必填：人员以手机号登录。".to_owned());
        };
        match desk::login::mobile_number(&typed) {
            Some(phone) => Some(phone),
            None => {
                let reason = format!("{}不是 11 位中国大陆手机号。", shown(&typed));
                self.fault(Field::Phone, reason)
            }
        }
    }

    fn capacity(&mut self) -> Option<Capacity> {
        if !self.cells.contains_key(&Field::Capacity) {
            return self.fault(Field::Capacity, "必填，例如：原告、被告代理人、审判长、书记员。".to_owned());
        }
        self.one_of(Field::Capacity, "应为审判长、独任审判员、审判员、人民陪审员、法官助理、书记员、原告、被告、第三人、各方代理人、调解员、证人之一", |text| {
            Capacity::ALL.into_iter().find(|capacity| capacity.label() == text || capacity.code() == text)
        })
    }

    fn needed(&mut self, field: Field, limit: usize) -> Option<String> {
        if self.cells.contains_key(&field) {
            self.text(field, limit)
        } else {
            self.fault(field, "必填。".to_owned())
        }
    }

    /// A text that people will read: of bounded length and on one line.
    fn text(&mut self, field: Field, limit: usize) -> Option<String> {
        let text = self.cells.get(&field)?.clone();
        if text.chars().any(char::is_control) {
            return self.fault(field, "含有换行或者其他控制字符，请删除。".to_owned());
        }
        if text.chars().nth(limit).is_some() {
            return self.fault(field, format!("超过 {limit} 个字，请缩短。"));
        }
        Some(text)
    }

    fn one_of<T>(&mut self, field: Field, rule: &str, read: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let text = self.cells.get(&field)?;
        match read(text) {
            Some(value) => Some(value),
            None => {
                let reason = format!("{}不对，{rule}。", shown(text));
                self.fault(field, reason)
            }
        }
    }

    fn fault<T>(&mut self, field: Field, reason: String) -> Option<T> {
        self.faults.push(Fault { place: self.place.clone(), column: field.label(), reason });
        None
    }
}

/// A day as `2026-10-12`, however it was written.
fn date(typed: &str) -> Option<String> {
    let plain = typed.replace(['年', '月', '/', '.'], "-").replace('日', "");
    let mut parts = plain.split('-').map(str::trim);
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if parts.next().is_some()
        || year.len() != 4
        || [year, month, day].iter().any(|part| !part.bytes().all(|byte| byte.is_ascii_digit()))
    {
        return None;
    }
    let month = time::Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = time::Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    (date.year() >= 1949).then(|| format!("{}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
}
