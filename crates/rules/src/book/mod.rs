//! The files under `data/`, as they are written: typed rows, read and checked. The build script uses this very module, so a wrong row does not compile.
//!
//! A new file gets its module here with its rows (`deny_unknown_fields`, [`Row`] for everything that is law), and its lines in [`Book`] and [`Book::read`].
//! What computes stands outside, in the module of its subject.

pub mod cite;
pub mod fees;
pub mod instruments;
pub mod rates;
mod typed;
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
    pub fees: fees::FeesFile,
    pub rates: rates::RatesFile,
    pub lpr: rates::LprFile,
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
        let fees = file::<fees::FeesFile>("fees.toml", include_str!("../../data/fees.toml"), &mut findings);
        let rates = file::<rates::RatesFile>("rates.toml", include_str!("../../data/rates.toml"), &mut findings);
        let lpr = file::<rates::LprFile>("lpr.toml", include_str!("../../data/lpr.toml"), &mut findings);
        let (Some(fees), Some(rates), Some(lpr)) = (fees, rates, lpr) else { return Err(findings) };
        fees::check(&fees, &instruments, &mut findings);
        rates::check(&rates, &lpr, &instruments, &mut findings);
        if findings.is_empty() { Ok(Self { instruments, fees, rates, lpr }) } else { Err(findings) }
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
