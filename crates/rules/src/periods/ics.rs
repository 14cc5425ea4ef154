//! Periods for people's own calendars: iCalendar text (RFC 5545). Pure: the moment of writing and the ids are arguments.

use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

use crate::periods::Period;

/// An entry of a calendar: a whole day, or a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stays the same when the entry is exported again, so that a calendar replaces it: such as the rule, the case and the host.
    pub uid: String,
    pub summary: String,
    pub description: String,
    pub day: Date,
    /// In Asia/Shanghai; a moment instead of the whole day.
    pub moment: Option<PrimitiveDateTime>,
    pub alarms: Vec<Alarm>,
}

/// A reminder so many days before the entry's day begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Alarm {
    pub days_before: u8,
}

impl Event {
    /// The last day of a period, with its reason as the description.
    pub fn of(period: &Period, uid: &str) -> Self {
        let reason: Vec<&str> = period.reason.0.iter().map(|step| step.text.as_str()).collect();
        let moment = period.ends_at.as_deref().and_then(|end| {
            let hour = end.get(11..13)?.parse().ok()?;
            Some(PrimitiveDateTime::new(period.last_day, time::Time::from_hms(hour, 0, 0).ok()?))
        });
        Self {
            uid: uid.to_owned(),
            summary: format!("{}届满：{}", period.name, period.does),
            description: reason.join("\n"),
            day: period.last_day,
            moment,
            alarms: vec![Alarm { days_before: 3 }, Alarm { days_before: 1 }],
        }
    }
}

/// A whole calendar. `stamp` is when it was written.
pub fn calendar(events: &[Event], stamp: OffsetDateTime) -> String {
    let mut text = String::new();
    let stamp = utc(stamp);
    for (name, value) in [
        ("BEGIN", "VCALENDAR"),
        ("VERSION", "2.0"),
        ("PRODID", "-//Weiting//Periods//ZH"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ] {
        line(&mut text, name, value);
    }
    for event in events {
        line(&mut text, "BEGIN", "VEVENT");
        line(&mut text, "UID", &escape(&event.uid));
        line(&mut text, "DTSTAMP", &stamp);
        match event.moment.and_then(|moment| Some(moment.assume_offset(UtcOffset::from_hms(8, 0, 0).ok()?))) {
            Some(moment) => {
                line(&mut text, "DTSTART", &utc(moment));
                line(&mut text, "DTEND", &utc(moment));
            }
            None => {
                line(&mut text, "DTSTART;VALUE=DATE", &basic(event.day));
                line(&mut text, "DTEND;VALUE=DATE", &basic(event.day.next_day().unwrap_or(event.day)));
            }
        }
        line(&mut text, "SUMMARY", &escape(&event.summary));
        line(&mut text, "DESCRIPTION", &escape(&event.description));
        line(&mut text, "TRANSP", "TRANSPARENT");
        for alarm in &event.alarms {
            line(&mut text, "BEGIN", "VALARM");
            line(&mut text, "ACTION", "DISPLAY");
            line(&mut text, "DESCRIPTION", &escape(&event.summary));
            // Nine in the morning of that day, where the entry is a whole day.
            let trigger = match (event.moment, alarm.days_before) {
                (None, days @ 1..) => format!("-P{}DT15H", days - 1),
                (_, days) => format!("-P{days}D"),
            };
            line(&mut text, "TRIGGER", &trigger);
            line(&mut text, "END", "VALARM");
        }
        line(&mut text, "END", "VEVENT");
    }
    line(&mut text, "END", "VCALENDAR");
    text
}

/// A value of type TEXT: backslash, semicolon, comma and line break are escaped, other control characters left out.
pub fn escape(value: &str) -> String {
    let mut escaped = String::with_capacity(value.len());
    for char in value.chars() {
        match char {
            '\\' => escaped.push_str("\\\\"),
            ';' => escaped.push_str("\\;"),
            ',' => escaped.push_str("\\,"),
            '\n' => escaped.push_str("\\n"),
            char if char.is_control() => {}
            char => escaped.push(char),
        }
    }
    escaped
}

/// One line of the file, folded after at most 75 octets and never within a character.
fn line(text: &mut String, name: &str, value: &str) {
    const MOST: usize = 75;
    let mut octets = 0;
    for char in name.chars().chain([':']).chain(value.chars()) {
        if octets + char.len_utf8() > MOST {
            text.push_str("\r\n ");
            octets = 1;
        }
        text.push(char);
        octets += char.len_utf8();
    }
    text.push_str("\r\n");
}

fn basic(date: Date) -> String {
    format!("{:04}{:02}{:02}", date.year(), u8::from(date.month()), date.day())
}

fn utc(moment: OffsetDateTime) -> String {
    let moment = moment.to_offset(UtcOffset::UTC);
    format!("{}T{:02}{:02}{:02}Z", basic(moment.date()), moment.hour(), moment.minute(), moment.second())
}
