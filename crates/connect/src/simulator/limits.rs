//! The limits as the vendor publishes them. A day is the last 24 hours; what was refused does not count.

use std::collections::VecDeque;

use time::{Duration, OffsetDateTime};

use super::TemplateKind;

/// A message that was taken.
#[derive(Clone, Debug)]
pub(super) struct Sent {
    pub(super) at: OffsetDateTime,
    pub(super) to: String,
    pub(super) sign: String,
    pub(super) template: String,
    pub(super) kind: TemplateKind,
}

/// The vendor's words for the first limit that `next` would pass, if any.
pub(super) fn passed(history: &VecDeque<Sent>, next: &Sent) -> Option<&'static str> {
    let count = |span: Duration, same: &dyn Fn(&Sent) -> bool| {
        history.iter().filter(|s| s.to == next.to && s.kind == next.kind && next.at - s.at < span && same(s)).count()
    };
    let same_sign = |s: &Sent| s.sign == next.sign;
    let same_template = |s: &Sent| s.sign == next.sign && s.template == next.template;
    match next.kind {
        TemplateKind::Code if count(Duration::MINUTE, &same_sign) >= 1 => Some("触发分钟级流控Permits:1"),
        TemplateKind::Code if count(Duration::HOUR, &same_sign) >= 5 => Some("触发小时级流控Permits:5"),
        TemplateKind::Code if count(Duration::DAY, &same_sign) >= 10 => Some("触发天级流控Permits:10"),
        TemplateKind::Code if count(Duration::DAY, &|_| true) >= 40 => Some("触发号码天级流控Permits:40"),
        TemplateKind::Notice if count(Duration::DAY, &same_template) >= 50 => Some("触发天级流控Permits:50"),
        _ => None,
    }
}
