//! Workbooks, cell by cell: never a rectangle as large as the corners of a sheet claim.

use std::io::Cursor;

use calamine::{DataRef, Reader, SheetType, Xlsx, XlsxError};

use super::{Rows, Sheet, TableRefusal};
use crate::{FileRefusal, office};

/// What a workbook of [`super::TABLE_BYTES`] may unpack to, in bytes: the names in it are all in memory at once.
const UNPACKED: u64 = 128 * 1024 * 1024;

pub(super) fn read(bytes: &[u8]) -> Result<Vec<Sheet>, TableRefusal> {
    if office::workbook_unpacks_to(bytes)? > UNPACKED {
        return Err(FileRefusal::ArchiveBomb("a workbook too large to be a table".into()).into());
    }
    let mut book: Xlsx<_> = Xlsx::new(Cursor::new(bytes)).map_err(|error| broken(&error))?;
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet)
        .map(|sheet| sheet.name.clone())
        .collect();
    let (mut sheets, mut before) = (Vec::new(), 0);
    for name in names {
        let mut cells = book.worksheet_cells_reader(&name).map_err(|error| broken(&error))?;
        let mut rows = Rows::after(before);
        while let Some(cell) = cells.next_cell().map_err(|error| broken(&error))? {
            let (row, column) = cell.get_position();
            let column = usize::try_from(column).unwrap_or(usize::MAX);
            rows.put(u64::from(row) + 1, column, &text(cell.get_value()))?;
        }
        before += rows.rows.len();
        sheets.push(Sheet { name, rows: rows.rows });
    }
    Ok(sheets)
}

/// A cell as a person reads it.
fn text(value: &DataRef<'_>) -> String {
    match value {
        DataRef::Int(number) => number.to_string(),
        // Excel keeps every number as a double; a telephone number among them is a whole one.
        DataRef::Float(number) if number.fract() == 0.0 && number.abs() < 1e15 => format!("{number:.0}"),
        DataRef::Float(number) => number.to_string(),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => text.clone(),
        DataRef::SharedString(text) => (*text).to_owned(),
        DataRef::Bool(yes) => if *yes { "是" } else { "否" }.to_owned(),
        // From the first of March 1900, before which Excel's days are not ours, to the end of 9999.
        DataRef::DateTime(moment) if moment.is_datetime() && (61.0..2_958_466.0).contains(&moment.as_f64()) => {
            let (year, month, day, ..) = moment.to_ymd_hms_milli();
            format!("{year:04}-{month:02}-{day:02}")
        }
        DataRef::DateTime(moment) => moment.as_f64().to_string(),
        DataRef::Error(error) => error.to_string(),
        DataRef::Empty => String::new(),
    }
}

fn broken(error: &XlsxError) -> TableRefusal {
    match error {
        XlsxError::Password => FileRefusal::Encrypted,
        _ => FileRefusal::Broken("workbook".into()),
    }
    .into()
}
