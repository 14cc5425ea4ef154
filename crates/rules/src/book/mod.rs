//! The files under `data/`, as they are written: typed rows, read and checked. The build script uses this very module, so a wrong row does not compile.
//!
//! A new file gets its module here with its rows (`deny_unknown_fields`, [`Row`] for everything that is law), and its lines in [`Book`] and [`Book::read`].
//! What computes stands outside, in the module of its subject.

pub mod cite;
pub mod instruments;
pub mod validity;

use std::sync::LazyLock;

use serde::de::DeserializeOwned;

pub use cite::Cite;
pub use instruments::{Instrument, Version};
pub use validity::Row;

/// All that the data files say.
#[derive(Debug)]
pub struct Book {
    pub instruments: Vec<Instrument>,
    // Fees and interest of the branch `money` go here: one field for each file.
}

impl Book {
    /// Reads every file; says everything that is wrong at once.
    pub fn read() -> Result<Self, Vec<String>> {
        let mut findings = Vec::new();
        let instruments = file::<instruments::InstrumentsFile>(
            "instruments.toml",
            include_str!("../../data/instruments.toml"),
            &mut findings,
        )
        .map(|file| file.instrument)
        .unwrap_or_default();
        instruments::check(&instruments, &mut findings);
        if findings.is_empty() { Ok(Self { instruments }) } else { Err(findings) }
    }
}

/// The book, read at its first use.
pub fn book() -> &'static Book {
    static BOOK: LazyLock<Book> = LazyLock::new(|| {
        Book::read().unwrap_or_else(|findings| unreachable!("the build script has read this: {findings:?}"))
    });
    &BOOK
}

fn file<T: DeserializeOwned>(name: &str, text: &str, findings: &mut Vec<String>) -> Option<T> {
    toml::from_str(text)
        .map_err(|error| findings.push(format!("{name}: {}", error.to_string().replace('\n', " "))))
        .ok()
}
