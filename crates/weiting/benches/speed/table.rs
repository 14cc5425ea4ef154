//! What is printed in the end.

use std::fmt;

use store::kit::Which;

/// One promise and how it was kept.
pub(crate) struct Row {
    pub(crate) what: &'static str,
    /// What was measured, with its unit.
    pub(crate) measured: String,
    /// What it is held against, measured in the same run; empty when the promise is absolute.
    pub(crate) reference: String,
    /// The measured value in terms of the promise.
    pub(crate) value: String,
    pub(crate) target: &'static str,
    /// None for what is only told.
    pub(crate) met: Option<bool>,
}

/// All promises.
#[derive(Default)]
pub(crate) struct Table(Vec<(Which, Row)>);

impl Table {
    /// Takes what a part found, or why it found nothing.
    pub(crate) fn add(&mut self, which: Which, part: &'static str, found: anyhow::Result<Vec<Row>>) {
        let rows = found.unwrap_or_else(|error| {
            vec![Row {
                what: part,
                measured: format!("not measured: {error:#}"),
                reference: String::new(),
                value: String::new(),
                target: "",
                met: Some(false),
            }]
        });
        for row in rows {
            eprintln!("  {}", Line(which, &row));
            self.0.push((which, row));
        }
    }
}

/// One row on one line.
struct Line<'a>(Which, &'a Row);

impl fmt::Display for Line<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Line(which, row) = self;
        let mark = row.met.map_or("·", |met| if met { "✔" } else { "✘" });
        let cells =
            [format!("{which:?}"), row.what.to_owned(), row.measured.clone(), row.reference.clone(), row.value.clone()];
        for (cell, width) in cells.iter().zip([9, 50, 32, 34, 10]) {
            write!(f, "{cell:width$} ")?;
        }
        write!(f, "{:10} {mark}", row.target)
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let head = Row {
            what: "what",
            measured: "measured".to_owned(),
            reference: "against".to_owned(),
            value: "is".to_owned(),
            target: "wanted",
            met: None,
        };
        writeln!(f, "\n{}", Line(Which::Sqlite, &head).to_string().replace("Sqlite   ", "database ").replace('·', ""))?;
        for (which, row) in &self.0 {
            writeln!(f, "{}", Line(*which, row))?;
        }
        let missed = self.0.iter().filter(|(_, row)| row.met == Some(false)).count();
        match missed {
            0 => writeln!(f, "\nEvery promise is kept."),
            1 => writeln!(f, "\nOne promise is missed."),
            missed => writeln!(f, "\n{missed} promises are missed."),
        }
    }
}

/// The value below which this share of them lies.
pub(crate) fn share(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = (values.len() as f64 * share).ceil() as usize;
    values.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

/// The middle one.
pub(crate) fn median(values: &mut [f64]) -> f64 {
    share(values, 0.5)
}

/// Seconds as milliseconds.
pub(crate) fn ms(seconds: f64) -> String {
    format!("{:.2} ms", seconds * 1e3)
}
