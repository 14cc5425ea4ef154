//! The files under `data/`, as they are written: typed rows, read and checked. The build script uses this very module, so a wrong row does not compile.
//!
//! A new file gets its module here with its rows (`deny_unknown_fields`, [`Row`] for everything that is law), and its lines in [`Book`] and [`Book::read`].
//! What computes stands outside, in the module of its subject.

pub mod cite;
pub mod fees;
pub mod holidays;
pub mod identifiers;
pub mod instruments;
pub mod periods;
pub mod rates;
pub mod risk;
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
    /// The kinds of disputes, in the order of [`RISK`].
    pub risk: Vec<risk::Questionnaire>,
    /// The known years, in their order.
    pub holidays: Vec<holidays::Year>,
    pub standing: Vec<holidays::Standing>,
    pub counting: Vec<periods::Counting>,
    pub pauses: Vec<periods::PauseRow>,
    pub periods: Vec<periods::PeriodRow>,
    pub case_specials: Vec<identifiers::Named>,
    pub case_kinds: Vec<identifiers::Named>,
    pub regions: Vec<identifiers::Region>,
    pub court_classes: Vec<identifiers::Class>,
    pub courts: Vec<identifiers::Named>,
    pub forms: Vec<identifiers::Form>,
    pub causes: Vec<identifiers::Edition>,
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

        let holidays: Vec<holidays::Year> =
            HOLIDAYS.iter().filter_map(|(name, text)| file(name, text, &mut findings)).collect();
        validity::check("holidays", &holidays, &instruments, &mut findings);
        holidays::check(&holidays, &mut findings);
        let standing = file::<holidays::StandingFile>(
            "holidays/standing.toml",
            include_str!("../../data/holidays/standing.toml"),
            &mut findings,
        )
        .map(|file| file.standing)
        .unwrap_or_default();
        validity::check("holidays/standing.toml", &standing, &instruments, &mut findings);

        let (mut counting, mut pauses, mut periods) = (Vec::new(), Vec::new(), Vec::new());
        if let Some(read) =
            file::<periods::PeriodsFile>("periods.toml", include_str!("../../data/periods.toml"), &mut findings)
        {
            (counting, pauses) = (read.counting, read.pause);
            periods = read.period.into_iter().flat_map(periods::PeriodRow::unfold).collect();
        }
        validity::check("periods.toml", &counting, &instruments, &mut findings);
        validity::check("periods.toml", &pauses, &instruments, &mut findings);
        validity::check("periods.toml", &periods, &instruments, &mut findings);
        periods::check(&pauses, &periods, &mut findings);

        let fees = file::<fees::FeesFile>("fees.toml", include_str!("../../data/fees.toml"), &mut findings);
        let rates = file::<rates::RatesFile>("rates.toml", include_str!("../../data/rates.toml"), &mut findings);
        let lpr = file::<rates::LprFile>("lpr.toml", include_str!("../../data/lpr.toml"), &mut findings);
        let (Some(fees), Some(rates), Some(lpr)) = (fees, rates, lpr) else { return Err(findings) };
        fees::check(&fees, &instruments, &mut findings);
        rates::check(&rates, &lpr, &instruments, &mut findings);

        let common =
            file::<risk::CommonFile>("risk/common.toml", include_str!("../../data/risk/common.toml"), &mut findings);
        let Some(common) = common else { return Err(findings) };
        let mut risk = Vec::new();
        for (name, text) in RISK {
            if let Some(read) = file(name, text, &mut findings) {
                let whole = risk::Questionnaire::whole(read, &common, &mut findings);
                whole.check(&fees.fee, &instruments, &mut findings);
                risk.push(whole);
            }
        }

        let numbers = file::<identifiers::CaseNumbersFile>(
            "case_numbers.toml",
            include_str!("../../data/case_numbers.toml"),
            &mut findings,
        );
        let forms = file::<identifiers::IdentifiersFile>(
            "identifiers.toml",
            include_str!("../../data/identifiers.toml"),
            &mut findings,
        );
        let causes =
            file::<identifiers::CausesFile>("causes.toml", include_str!("../../data/causes.toml"), &mut findings);
        let (Some(numbers), Some(forms), Some(causes)) = (numbers, forms, causes) else { return Err(findings) };
        validity::check("case_numbers.toml", &numbers.special, &instruments, &mut findings);
        validity::check("case_numbers.toml", &numbers.kind, &instruments, &mut findings);
        validity::check("case_numbers.toml", &numbers.region, &instruments, &mut findings);
        validity::check("case_numbers.toml", &numbers.class, &instruments, &mut findings);
        validity::check("case_numbers.toml", &numbers.court, &instruments, &mut findings);
        validity::check("identifiers.toml", &forms.form, &instruments, &mut findings);
        validity::check("causes.toml", &causes.edition, &instruments, &mut findings);
        identifiers::check(&causes.edition, &mut findings);

        if !findings.is_empty() {
            return Err(findings);
        }
        Ok(Self {
            instruments,
            fees,
            rates,
            lpr,
            risk,
            holidays,
            standing,
            counting,
            pauses,
            periods,
            case_specials: numbers.special,
            case_kinds: numbers.kind,
            regions: numbers.region,
            court_classes: numbers.class,
            courts: numbers.court,
            forms: forms.form,
            causes: causes.edition,
        })
    }
}

/// A new kind of dispute is a new file and a line here.
const RISK: [(&str, &str); 7] = [
    ("risk/lease.toml", include_str!("../../data/risk/lease.toml")),
    ("risk/lending.toml", include_str!("../../data/risk/lending.toml")),
    ("risk/sale.toml", include_str!("../../data/risk/sale.toml")),
    ("risk/divorce.toml", include_str!("../../data/risk/divorce.toml")),
    ("risk/labour.toml", include_str!("../../data/risk/labour.toml")),
    ("risk/traffic.toml", include_str!("../../data/risk/traffic.toml")),
    ("risk/property_service.toml", include_str!("../../data/risk/property_service.toml")),
];

/// A new year is a new file and a line here.
const HOLIDAYS: [(&str, &str); 11] = [
    ("holidays/2016.toml", include_str!("../../data/holidays/2016.toml")),
    ("holidays/2017.toml", include_str!("../../data/holidays/2017.toml")),
    ("holidays/2018.toml", include_str!("../../data/holidays/2018.toml")),
    ("holidays/2019.toml", include_str!("../../data/holidays/2019.toml")),
    ("holidays/2020.toml", include_str!("../../data/holidays/2020.toml")),
    ("holidays/2021.toml", include_str!("../../data/holidays/2021.toml")),
    ("holidays/2022.toml", include_str!("../../data/holidays/2022.toml")),
    ("holidays/2023.toml", include_str!("../../data/holidays/2023.toml")),
    ("holidays/2024.toml", include_str!("../../data/holidays/2024.toml")),
    ("holidays/2025.toml", include_str!("../../data/holidays/2025.toml")),
    ("holidays/2026.toml", include_str!("../../data/holidays/2026.toml")),
];

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
