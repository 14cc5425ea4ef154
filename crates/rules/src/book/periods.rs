//! `data/periods.toml`: how periods are counted, what interrupts them, and every period with its event.

use serde::Deserialize;
use time::Date;

use crate::book::cite::Cite;
use crate::book::validity::Row;
use crate::civil;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PeriodsFile {
    pub counting: Vec<Counting>,
    pub pause: Vec<PauseRow>,
    pub period: Vec<PeriodRow>,
}

/// A rule of counting: that the first day is left out, that a rest day moves the end.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counting {
    pub id: String,
    /// What it says, as a sentence without full stop.
    pub says: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// Time that does not count, such as that of an appraisal.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PauseRow {
    pub id: String,
    pub name: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
}

/// A period: when what happens, who has how long for what.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PeriodRow {
    pub id: String,
    /// Tells rows of one id apart, such as 在国内没有住所; empty where there is one.
    #[serde(default)]
    pub variant: String,
    /// What the variant is called.
    #[serde(default)]
    pub variant_name: String,
    /// Under which heading it is listed.
    pub group: String,
    pub name: String,
    /// What starts it (or, for one that counts backwards, what it is before).
    pub event: String,
    pub who: String,
    pub does: String,
    pub length: Length,
    #[serde(default)]
    pub way: Way,
    #[serde(default)]
    pub bound: Bound,
    /// Whether a last day that is no working day moves on. It does not where the end is the effect of something and not a day to do something on.
    #[serde(default = "yes")]
    pub rolls: bool,
    /// Ids of the pauses that lengthen it.
    #[serde(default)]
    pub pauses: Vec<String>,
    /// What it may be extended by at most, by the law; any extension is refused where nothing is said.
    #[serde(default)]
    pub extension: Extension,
    /// An invariable period (不变期间) is neither suspended nor extended.
    #[serde(default)]
    pub invariable: bool,
    /// What people must know besides.
    #[serde(default)]
    pub note: String,
    pub cite: Vec<Cite>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(default, with = "civil::serde_iso::option")]
    pub to: Option<Date>,
    /// The same period under the versions before.
    #[serde(default)]
    pub earlier: Vec<Earlier>,
}

/// An earlier time in which the same held under other numbers.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Earlier {
    pub cite: Vec<Cite>,
    /// Where the length was another one.
    #[serde(default)]
    pub length: Option<Length>,
    #[serde(with = "civil::serde_iso")]
    pub from: Date,
    #[serde(with = "civil::serde_iso")]
    pub to: Date,
}

/// How long a period is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(try_from = "String")]
pub enum Length {
    Hours(u16),
    Days(u16),
    WorkingDays(u16),
    Months(u16),
    Years(u16),
}

/// Which way a period counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// From its event on.
    #[default]
    After,
    /// Back from its event: three days before the hearing.
    Before,
}

/// Who fixes the length.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// The law.
    #[default]
    Fixed,
    /// The court, which may not give less.
    Least,
    /// The court, which may not give more.
    Most,
    /// The court, which normally does not give more (一般不超过).
    Usually,
}

/// Whether and by how much the court may extend.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub enum Extension {
    #[default]
    No,
    /// As far as the court grants.
    Granted,
    /// By so much at most.
    UpTo(Length),
}

impl Length {
    /// Reads `15日`, `48小时`, `6个月`, `2年`, `3个工作日`.
    pub fn parse(typed: &str) -> Option<Self> {
        let at = typed.find(|char: char| !char.is_ascii_digit())?;
        let count = typed[..at].parse::<u16>().ok().filter(|count| *count > 0)?;
        match &typed[at..] {
            "小时" => Some(Self::Hours(count)),
            "日" => Some(Self::Days(count)),
            "个工作日" => Some(Self::WorkingDays(count)),
            "个月" => Some(Self::Months(count)),
            "年" => Some(Self::Years(count)),
            _ => None,
        }
    }

    pub const fn count(self) -> u16 {
        match self {
            Self::Hours(count)
            | Self::Days(count)
            | Self::WorkingDays(count)
            | Self::Months(count)
            | Self::Years(count) => count,
        }
    }

    pub const fn unit(self) -> &'static str {
        match self {
            Self::Hours(_) => "小时",
            Self::Days(_) => "日",
            Self::WorkingDays(_) => "个工作日",
            Self::Months(_) => "个月",
            Self::Years(_) => "年",
        }
    }

    /// `15日`.
    pub fn chinese(self) -> String {
        format!("{}{}", self.count(), self.unit())
    }
}

impl TryFrom<String> for Length {
    type Error = String;

    fn try_from(typed: String) -> Result<Self, String> {
        Self::parse(&typed).ok_or_else(|| {
            format!("{typed:?} is no length such as \"15日\", \"48小时\", \"6个月\", \"2年\" or \"3个工作日\"")
        })
    }
}

impl TryFrom<String> for Extension {
    type Error = String;

    fn try_from(typed: String) -> Result<Self, String> {
        match typed.as_str() {
            "no" => Ok(Self::No),
            "granted" => Ok(Self::Granted),
            _ => Length::try_from(typed).map(Self::UpTo),
        }
    }
}

impl PeriodRow {
    /// This row and one for each earlier time.
    pub(crate) fn unfold(self) -> Vec<Self> {
        let mut rows: Vec<Self> = self
            .earlier
            .iter()
            .map(|earlier| Self {
                cite: earlier.cite.clone(),
                length: earlier.length.unwrap_or(self.length),
                from: earlier.from,
                to: Some(earlier.to),
                earlier: Vec::new(),
                ..self.clone()
            })
            .collect();
        rows.push(Self { earlier: Vec::new(), ..self });
        rows.sort_by_key(|row| row.from);
        rows
    }
}

const fn yes() -> bool {
    true
}

macro_rules! row {
    ($of:ty, $key:expr) => {
        impl Row for $of {
            fn key(&self) -> String {
                let key: fn(&Self) -> String = $key;
                key(self)
            }
            fn cite(&self) -> &[Cite] {
                &self.cite
            }
            fn from(&self) -> Date {
                self.from
            }
            fn to(&self) -> Option<Date> {
                self.to
            }
        }
    };
}

row!(Counting, |row| format!("counting {}", row.id));
row!(PauseRow, |row| format!("pause {}", row.id));
row!(PeriodRow, |row| if row.variant.is_empty() { row.id.clone() } else { format!("{}/{}", row.id, row.variant) });

/// What only these rows can have wrong.
pub(crate) fn check(pauses: &[PauseRow], periods: &[PeriodRow], findings: &mut Vec<String>) {
    for row in periods {
        let mut find = |what: &str| findings.push(format!("periods.toml: {}: {what}", row.key()));
        if row.pauses.iter().any(|id| !pauses.iter().any(|pause| pause.id == *id)) {
            find("names a pause that there is none of");
        }
        if row.variant.is_empty() != row.variant_name.is_empty() {
            find("a variant has an id and a name");
        }
        if row.invariable && !(row.pauses.is_empty() && row.extension == Extension::No) {
            find("is invariable, and yet pauses or is extended");
        }
        let whole_days = matches!(row.length, Length::Days(_) | Length::Months(_) | Length::Years(_));
        if !row.pauses.is_empty() && !whole_days {
            find("pauses, but is not counted in whole days");
        }
        if row.way == Way::Before && !matches!(row.length, Length::Days(_)) {
            find("counts back, and that is done in days");
        }
    }
}
