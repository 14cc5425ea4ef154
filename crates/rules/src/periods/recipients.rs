//! One document, several recipients: each has their own period from their own day, and some effects wait for the last of them.

use serde::{Deserialize, Serialize};
use time::Date;
use utoipa::ToSchema;

use crate::book::book;
use crate::citation::Citation;
use crate::civil;
use crate::periods::{Ask, Period, reckon};
use crate::reason::{Reason, StepKind};
use crate::wrong::Wrong;

/// How many recipients are taken.
const RECIPIENTS: usize = 200;

/// Somebody to whom the document was served.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Recipient {
    /// How the asker calls them; it is given back and not kept.
    pub name: String,
    /// The day on which they were served.
    pub start: String,
    /// The variant for them, such as `abroad`; that of the question if none is named.
    #[serde(default)]
    pub variant: String,
}

/// One recipient's period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RecipientPeriod {
    pub name: String,
    pub period: Period,
}

/// All of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Together {
    pub recipients: Vec<RecipientPeriod>,
    /// The day on which the last of the periods ends.
    #[serde(with = "civil::serde_iso")]
    #[schema(value_type = String, format = Date)]
    pub all_ended: Date,
    /// For 上诉期: the day on which a judgment that nobody appeals against has taken effect.
    #[serde(with = "civil::serde_iso::option")]
    #[schema(value_type = Option<String>, format = Date)]
    pub effective: Option<Date>,
    pub provisional: bool,
    pub reason: Reason,
}

/// Reckons the same period for each recipient, from the day on which each was served.
pub fn together(ask: &Ask, recipients: &[Recipient]) -> Result<Together, Wrong> {
    if recipients.len() > RECIPIENTS {
        return Err(Wrong::TooMany { what: "受送达人", most: RECIPIENTS });
    }
    let mut periods = Vec::with_capacity(recipients.len());
    for recipient in recipients {
        let variant = if recipient.variant.is_empty() { &ask.variant } else { &recipient.variant };
        let asked = Ask { start: recipient.start.clone(), variant: variant.clone(), ..ask.clone() };
        periods.push(RecipientPeriod { name: recipient.name.clone(), period: reckon(&asked)? });
    }
    let last = periods
        .iter()
        .max_by_key(|one| one.period.last_day)
        .ok_or(Wrong::Missing { what: "至少一名受送达人及其收到日期" })?;
    let (all_ended, last_name) = (last.period.last_day, last.name.clone());
    let mut reason = Reason::default();
    for one in &periods {
        let text = format!(
            "{}：{}收到，期间于{}届满。",
            one.name,
            civil::chinese(one.period.start),
            civil::chinese(one.period.last_day)
        );
        reason.step(StepKind::Count, text).cite(one.period.citations).days(one.period.start, one.period.last_day);
    }
    reason.step(
        StepKind::Rule,
        format!("各受送达人的期间自其各自收到之日分别计算；最后届满的是{last_name}，{}。", civil::chinese(all_ended)),
    );
    let mut effective = None;
    if ask.rule == "appeal" {
        effective = all_ended.next_day();
        if let Some(day) = effective {
            let text =
                format!("各当事人的上诉期均已届满而无人上诉的，一审裁判自{}起发生法律效力。", civil::chinese(day));
            reason.step(StepKind::Result, text).cite(both_ended());
        }
    }
    Ok(Together {
        provisional: periods.iter().any(|one| one.period.provisional),
        recipients: periods,
        all_ended,
        effective,
        reason,
    })
}

/// 民诉法解释 536: the judgment of first instance takes effect when the appeal periods of all have ended.
fn both_ended() -> &'static [Citation] {
    static CITATION: std::sync::LazyLock<Vec<Citation>> = std::sync::LazyLock::new(|| {
        let row = book().periods.iter().find(|row| row.id == "appeal" && row.variant == "abroad" && row.to.is_none());
        row.map(|row| Citation::find_all(book(), &row.cite)).unwrap_or_default()
    });
    &CITATION
}
