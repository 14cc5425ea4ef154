//! Tables that people export from other programs: CSV and xlsx, as rows of text.
//!
//! A formula is taken as the value that was stored beside it and never computed; a cell that begins with `=` is text like any other.
//! What a row means is nobody's business here.

mod csv;
mod xlsx;

use serde::{Deserialize, Serialize};

use crate::{FileRefusal, rim};

/// The largest table, in bytes.
pub const TABLE_BYTES: usize = 8 * 1024 * 1024;
/// How many rows a table may have, its heading included.
pub const TABLE_ROWS: usize = 20_001;
/// How many columns a row may have.
pub const TABLE_COLUMNS: usize = 64;
/// How many characters a cell may have.
pub const TABLE_CELL: usize = 1_000;

/// In which form a table comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TableKind {
    /// Comma-separated values (RFC 4180): UTF-8 with or without a mark, UTF-16 with one, otherwise GB18030.
    Csv,
    /// A workbook of Excel 2007 or later.
    Xlsx,
}

/// One sheet of a table; a CSV file is one without a name.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Sheet {
    pub name: String,
    /// Rows that hold something, in their order.
    pub rows: Vec<Row>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// From 1: the line of the file where it begins, or the row of the sheet.
    pub number: u64,
    /// What stands in it, from the first column on, without spaces around it. A row may be shorter than its heading.
    pub cells: Vec<String>,
}

/// Why a table is not read.
#[derive(Debug, Deserialize, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum TableRefusal {
    /// More than [`TABLE_BYTES`].
    #[error("table too large")]
    TooLarge,
    /// More than [`TABLE_ROWS`] in all sheets together.
    #[error("too many rows")]
    TooManyRows,
    /// More than [`TABLE_COLUMNS`].
    #[error("too many columns in row {row}")]
    TooManyColumns { row: u64 },
    /// More than [`TABLE_CELL`] characters.
    #[error("a cell of row {row} is too long")]
    CellTooLong { row: u64 },
    /// Neither UTF-8 nor GB18030.
    #[error("encoding unknown")]
    Encoding,
    /// The file is not what its ending says, is broken, encrypted or dangerous.
    #[error(transparent)]
    File(#[from] FileRefusal),
}

/// Reads a table whole. Blocking; holds at most some hundred megabytes for a hostile file, a few for an honest one, and never panics.
///
/// # Errors
/// The first [`TableRefusal`] that is met.
pub fn table(bytes: &[u8], kind: TableKind) -> Result<Vec<Sheet>, TableRefusal> {
    if bytes.is_empty() {
        return Err(FileRefusal::Empty.into());
    }
    if bytes.len() > TABLE_BYTES {
        return Err(TableRefusal::TooLarge);
    }
    rim::guarded(|| {
        Ok(match kind {
            TableKind::Csv => csv::read(bytes).map(|sheet| vec![sheet]),
            TableKind::Xlsx => xlsx::read(bytes),
        })
    })?
}

/// The rows of a sheet as they come in, held to the limits.
#[derive(Default)]
struct Rows {
    rows: Vec<Row>,
    /// Rows of the sheets before.
    before: usize,
}

impl Rows {
    fn after(before: usize) -> Rows {
        Rows { rows: Vec::new(), before }
    }

    /// Puts text into a cell; `column` counts from 0. Cells come row by row.
    fn put(&mut self, number: u64, column: usize, text: &str) -> Result<(), TableRefusal> {
        let text = text.trim_matches(|char: char| char.is_whitespace() || char == '\u{feff}' || char == '\0');
        if text.is_empty() {
            return Ok(());
        }
        if column >= TABLE_COLUMNS {
            return Err(TableRefusal::TooManyColumns { row: number });
        }
        if text.chars().nth(TABLE_CELL).is_some() {
            return Err(TableRefusal::CellTooLong { row: number });
        }
        if self.rows.last().is_none_or(|row| row.number != number) {
            if self.before + self.rows.len() >= TABLE_ROWS {
                return Err(TableRefusal::TooManyRows);
            }
            self.rows.push(Row { number, cells: Vec::new() });
        }
        if let Some(row) = self.rows.last_mut() {
            if row.cells.len() <= column {
                row.cells.resize(column + 1, String::new());
            }
            text.clone_into(&mut row.cells[column]);
        }
        Ok(())
    }
}

impl TableRefusal {
    /// The stable code that programs rely on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge | Self::TooManyRows | Self::TooManyColumns { .. } | Self::CellTooLong { .. } => {
                "table_too_large"
            }
            Self::Encoding => "table_encoding",
            Self::File(refusal) => refusal.code(),
        }
    }

    /// What is wrong and what to do, in Chinese.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::TooLarge => format!("文件超过 {} MB，请分成几个文件导入。", TABLE_BYTES / 1024 / 1024),
            Self::TooManyRows => format!("文件超过 {} 行，请分成几个文件导入。", TABLE_ROWS - 1),
            Self::TooManyColumns { row } => format!("第 {row} 行超过 {TABLE_COLUMNS} 列，请按示例文件的列整理。"),
            Self::CellTooLong { row } => format!("第 {row} 行有一格超过 {TABLE_CELL} 个字，请缩短。"),
            Self::Encoding => "文件的编码无法识别，请另存为 UTF-8 编码的 CSV，或者 xlsx。".to_owned(),
            Self::File(refusal) => refusal.detail(),
        }
    }
}
