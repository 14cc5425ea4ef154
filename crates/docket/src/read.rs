//! A file into what it says: cases and who takes part in them.

mod columns;
mod faults;
mod json;
mod meaning;
mod tables;

use papers::{Sheet, TableKind, TableRefusal};
use store::Import;

pub use self::faults::{Fault, Place};

use self::columns::Field;

/// In which form a file comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Json,
    Csv,
    Xlsx,
}

/// One row of a file, or one object of JSON: what stands in its known columns.
#[derive(Clone, Debug)]
struct Raw {
    place: Place,
    cells: Vec<(Field, String)>,
}

/// What a file says, and where.
#[derive(Clone, Debug, Default)]
pub struct Said {
    pub import: Import,
    /// By the `row` of cases and parts.
    pub places: Vec<Place>,
}

/// Why a file is not taken.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// It cannot be read at all.
    #[error(transparent)]
    Table(#[from] TableRefusal),
    /// No JSON, or none of this shape.
    #[error("the JSON is not right at line {line}")]
    Json { line: u64 },
    /// Rows that are not right: all of them.
    #[error("{} rows are not right", .0.len())]
    Rows(Vec<Fault>),
}

impl Form {
    /// Every form.
    pub const ALL: [Form; 3] = [Form::Json, Form::Csv, Form::Xlsx];

    /// The ending of a file's name, and the name in the audit line.
    pub fn ending(self) -> &'static str {
        match self {
            Form::Json => "json",
            Form::Csv => "csv",
            Form::Xlsx => "xlsx",
        }
    }

    /// What kind of table it is; JSON is none.
    pub fn table(self) -> Option<TableKind> {
        match self {
            Form::Json => None,
            Form::Csv => Some(TableKind::Csv),
            Form::Xlsx => Some(TableKind::Xlsx),
        }
    }

    /// The form that a file's name ends in.
    pub fn of_name(name: &str) -> Option<Form> {
        let ending = name.rsplit_once('.')?.1.to_ascii_lowercase();
        Form::ALL.into_iter().find(|form| form.ending() == ending)
    }

    /// The form of this `Content-Type`.
    pub fn of_media_type(kind: &str) -> Option<Form> {
        match kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase().as_str() {
            "application/json" => Some(Form::Json),
            "text/csv" => Some(Form::Csv),
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => Some(Form::Xlsx),
            _ => None,
        }
    }
}

/// Reads a file. Blocking, and pure: the same bytes always say the same.
///
/// # Errors
/// Every row that is not right, with the reason; never only the first.
pub fn read(bytes: &[u8], form: Form) -> Result<Said, Unreadable> {
    match form.table() {
        None => meant(json::rows(bytes)?),
        Some(kind) => of_sheets(papers::table(bytes, kind)?),
    }
}

/// Reads a table that was read into sheets before.
///
/// # Errors
/// As [`read`].
pub fn of_sheets(sheets: Vec<Sheet>) -> Result<Said, Unreadable> {
    meant(tables::rows(sheets))
}

fn meant((rows, mut faults): (Vec<Raw>, Vec<Fault>)) -> Result<Said, Unreadable> {
    let said = meaning::of(rows, &mut faults);
    if faults.is_empty() {
        return Ok(said);
    }
    faults.sort_by(|a, b| (&a.place, a.column).cmp(&(&b.place, b.column)));
    Err(Unreadable::Rows(faults))
}

impl Unreadable {
    /// The stable code that programs rely on.
    pub fn code(&self) -> &'static str {
        match self {
            Unreadable::Table(refusal) => refusal.code(),
            Unreadable::Json { .. } => "malformed_json",
            Unreadable::Rows(_) => "import_refused",
        }
    }

    /// What is wrong and what to do, in Chinese; of rows only how many.
    pub fn detail(&self) -> String {
        match self {
            Unreadable::Table(refusal) => refusal.detail(),
            Unreadable::Json { line } => {
                format!("第 {line} 行附近不是有效的 JSON，或者最外层不是 {{\"cases\": […]}}，请对照示例文件修改。")
            }
            Unreadable::Rows(faults) => {
                format!("文件有 {} 处问题，全部没有导入。请按行修改后重新导入。", faults.len())
            }
        }
    }
}
