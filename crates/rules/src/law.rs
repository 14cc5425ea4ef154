//! Rows of the book together with their citations as people read them, looked up once.

use std::sync::LazyLock;

use time::Date;

use crate::book::fees::{Bearing, Fee, Named, Payment};
use crate::book::rates::FixedRate;
use crate::book::{Book, Row, book};
use crate::citation::Citation;
use crate::civil;
use crate::listed::Listed;

/// A row, and where it stands.
#[derive(Debug)]
pub(crate) struct Cited<T: 'static> {
    pub row: &'static T,
    pub citations: Vec<Citation>,
}

/// What fees and interest are computed from.
#[derive(Debug)]
pub(crate) struct Law {
    pub fees: Vec<Cited<Fee>>,
    pub payments: Vec<Cited<Payment>>,
    pub bearings: Vec<Cited<Bearing>>,
    pub rates: Vec<Cited<FixedRate>>,
    /// The named rules of fees and of interest.
    pub rules: Vec<Cited<Named>>,
}

/// The law, at its first use.
pub(crate) fn law() -> &'static Law {
    static LAW: LazyLock<Law> = LazyLock::new(|| {
        let book = book();
        Law {
            fees: cited(book, &book.fees.fee),
            payments: cited(book, &book.fees.payment),
            bearings: cited(book, &book.fees.bearing),
            rates: cited(book, &book.rates.rate),
            rules: book.fees.rule.iter().chain(&book.rates.rule).map(|row| one(book, row)).collect(),
        }
    });
    &LAW
}

fn cited<T: Row>(book: &Book, rows: &'static [T]) -> Vec<Cited<T>> {
    rows.iter().map(|row| one(book, row)).collect()
}

fn one<T: Row>(book: &Book, row: &'static T) -> Cited<T> {
    Cited { row, citations: Citation::find_all(book, row.cite()) }
}

impl<T: Row> Cited<T> {
    /// The row as a line of the list of all rules.
    pub(crate) fn listed(&self, subject: &str, name: &str, says: String) -> Listed {
        Listed {
            subject: subject.to_owned(),
            id: self.row.key(),
            name: name.to_owned(),
            says,
            citations: self.citations.clone(),
            from: civil::iso(self.row.from()),
            to: self.row.to().map(civil::iso),
        }
    }
}

impl Law {
    /// The named rule. Its names are written in this crate's source and a test asks for each, so there is always one.
    pub(crate) fn rule(&'static self, code: &str) -> &'static Cited<Named> {
        newest(&self.rules, code)
    }

    pub(crate) fn rate(&'static self, code: &str) -> &'static Cited<FixedRate> {
        newest(&self.rates, code)
    }

    pub(crate) fn payment(&'static self, code: &str) -> &'static Cited<Payment> {
        newest(&self.payments, code)
    }

    pub(crate) fn bearing(&'static self, code: &str) -> &'static Cited<Bearing> {
        newest(&self.bearings, code)
    }
}

/// The row of that name that holds on the day.
pub(crate) fn on<T: Row>(rows: &'static [Cited<T>], code: &str, day: Date) -> Option<&'static Cited<T>> {
    rows.iter().find(|cited| cited.row.key() == code && cited.row.holds_on(day))
}

/// The latest row of that name.
fn newest<T: Row>(rows: &'static [Cited<T>], code: &str) -> &'static Cited<T> {
    rows.iter()
        .filter(|cited| cited.row.key() == code)
        .max_by_key(|cited| cited.row.from())
        .unwrap_or_else(|| unreachable!("the book has no rule {code:?}"))
}
