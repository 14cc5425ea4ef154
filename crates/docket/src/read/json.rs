//! JSON into rows. Each object is named by the line where it begins.

use std::collections::BTreeMap;

use papers::{TABLE_BYTES, TABLE_CELL, TABLE_ROWS, TableRefusal};
use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::faults::shown;
use super::{Fault, Field, Place, Raw, Unreadable};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File<'a> {
    #[serde(borrow)]
    cases: Vec<&'a RawValue>,
}

/// The list of those who take part, inside a case.
const PARTICIPANTS: &str = "participants";

pub(super) fn rows(bytes: &[u8]) -> Result<(Vec<Raw>, Vec<Fault>), Unreadable> {
    if bytes.len() > TABLE_BYTES {
        return Err(TableRefusal::TooLarge.into());
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|_| TableRefusal::Encoding)?;
    // What serde says of an error may hold words of the file; where it is, is enough.
    let file: File = serde_json::from_str(text).map_err(|error| Unreadable::Json { line: error.line() as u64 })?;
    let mut reader = Reader { lines: Lines::of(text), rows: Vec::new(), faults: Vec::new() };
    for case in file.cases {
        reader.case(case)?;
    }
    Ok((reader.rows, reader.faults))
}

struct Reader<'a> {
    lines: Lines<'a>,
    rows: Vec<Raw>,
    faults: Vec<Fault>,
}

impl<'a> Reader<'a> {
    fn case(&mut self, case: &'a RawValue) -> Result<(), Unreadable> {
        let place = self.lines.place(case);
        let Some(mut object) = self.object(case, &place) else { return Ok(()) };
        let participants = object.remove(PARTICIPANTS);
        let cells = self.cells(object, &place, true)?;
        let number = cells.iter().find(|(field, _)| *field == Field::Number).map(|(_, text)| text.clone());
        self.row(place.clone(), cells)?;
        let Some(participants) = participants else { return Ok(()) };
        let Ok(list) = serde_json::from_str::<Vec<&RawValue>>(participants.get()) else {
            self.fault(&place, "participants", "须为列表 […]。".to_owned());
            return Ok(());
        };
        for one in list {
            let place = self.lines.place(one);
            let Some(object) = self.object(one, &place) else { continue };
            let mut cells = self.cells(object, &place, false)?;
            // Without a number the case has been complained of once.
            let Some(number) = &number else { continue };
            cells.push((Field::Number, number.clone()));
            self.row(place, cells)?;
        }
        Ok(())
    }

    fn row(&mut self, place: Place, cells: Vec<(Field, String)>) -> Result<(), Unreadable> {
        if self.rows.len() >= TABLE_ROWS {
            return Err(TableRefusal::TooManyRows.into());
        }
        self.rows.push(Raw { place, cells });
        Ok(())
    }

    fn object(&mut self, raw: &'a RawValue, place: &Place) -> Option<BTreeMap<String, &'a RawValue>> {
        let object = serde_json::from_str(raw.get()).ok();
        if object.is_none() {
            self.fault(place, "JSON", "这里须为对象 {…}。".to_owned());
        }
        object
    }

    fn cells(
        &mut self,
        object: BTreeMap<String, &'a RawValue>,
        place: &Place,
        of_case: bool,
    ) -> Result<Vec<(Field, String)>, Unreadable> {
        let mut cells = Vec::new();
        for (name, value) in object {
            let field = Field::ALL.into_iter().find(|field| field.key() == name && field.is_of_case() == of_case);
            let Some(field) = field else {
                self.fault(place, "JSON", format!("不认识的字段{}，请对照示例文件。", shown(&name)));
                continue;
            };
            let at = self.lines.place(value);
            let text = match serde_json::from_str(value.get()) {
                Ok(Value::String(text)) => text.trim().to_owned(),
                Ok(Value::Number(number)) => number.to_string(),
                Ok(Value::Bool(yes)) => if yes { "是" } else { "否" }.to_owned(),
                Ok(Value::Null) => String::new(),
                _ => {
                    self.fault(&at, field.label(), "须为文字。".to_owned());
                    continue;
                }
            };
            if text.chars().nth(TABLE_CELL).is_some() {
                return Err(TableRefusal::CellTooLong { row: at.row }.into());
            }
            if !text.is_empty() {
                cells.push((field, text));
            }
        }
        Ok(cells)
    }

    fn fault(&mut self, place: &Place, column: &'static str, reason: String) {
        self.faults.push(Fault { place: place.clone(), column, reason });
    }
}

/// Tells the line on which a part of the text begins.
struct Lines<'a> {
    text: &'a str,
    /// Where each line begins.
    begins: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn of(text: &'a str) -> Lines<'a> {
        let ends = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        Lines { text, begins: std::iter::once(0).chain(ends.map(|(at, _)| at + 1)).collect() }
    }

    /// A raw value is a part of the text that it was read from, so its place there is a difference of addresses.
    fn place(&self, part: &RawValue) -> Place {
        let at = (part.get().as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        Place { sheet: None, row: self.begins.partition_point(|begin| *begin <= at) as u64 }
    }
}
