//! What a transcript (笔录) says: plain data, in the order in which it is printed.
//!
//! Whoever fills this in decides what its readers may know. A private message has no place here to carry its words.

#[cfg(feature = "render")]
use std::collections::HashMap;

use serde::{Deserialize, Serialize};
#[cfg(feature = "render")]
use serde_json::{Value, json};
use time::OffsetDateTime;

#[cfg(feature = "render")]
use crate::hash::sha256;
use crate::moment;

/// Everything that stands in one transcript.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transcript {
    pub court: String,
    pub kind: SittingKind,
    pub case_number: String,
    pub cause: String,
    /// Where it was held: 微法庭（异步）.
    pub place: String,
    /// The time that the sitting was scheduled for.
    pub scheduled: Option<Span>,
    /// When the asynchronous proceeding was opened for the first time, and closed for the last.
    #[serde(with = "moment::option")]
    pub opened: Option<OffsetDateTime>,
    #[serde(with = "moment::option")]
    pub closed: Option<OffsetDateTime>,
    pub attendance: Vec<Attendance>,
    /// Who was called and never came.
    pub absent: Vec<Attendance>,
    pub notices: Vec<NoticeAccepted>,
    /// Every act, in order of time.
    pub entries: Vec<Entry>,
    pub matters: Vec<Matter>,
    pub undisputed: Vec<Point>,
    pub disputed: Vec<Point>,
    pub corrections: Vec<Correction>,
    pub annexes: Vec<Annex>,
    pub signers: Vec<Signer>,
    /// The machine-readable record, carried in the file byte for byte.
    pub record: Attached,
    /// The time of making. No other clock is read, so the same data gives the same bytes.
    #[serde(with = "moment")]
    pub made_at: OffsetDateTime,
    /// One line under the signatures.
    pub remark: Option<String>,
}

#[cfg(feature = "render")]
impl Transcript {
    /// What the template is given: everything but the record's text, with the title, the record's hash and the pictures' files.
    pub(crate) fn printed(&self, files: &HashMap<&str, String>) -> serde_json::Result<Value> {
        let mut value = serde_json::to_value(self)?;
        value["title"] = json!(self.kind.title());
        value["record"]["text"] = json!("");
        value["record"]["sha256"] = json!(sha256(&self.record.text));
        for (entry, printed) in self.entries.iter().zip(value["entries"].as_array_mut().into_iter().flatten()) {
            if entry.content == (Content::Private {}) {
                printed["pictures"] = json!([]);
                printed["annexes"] = json!([]);
            }
            for picture in printed["pictures"].as_array_mut().into_iter().flatten() {
                picture["file"] = json!(picture["id"].as_str().and_then(|id| files.get(id)));
            }
        }
        Ok(value)
    }
}

/// What the sitting was for; the title follows from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SittingKind {
    Inquiry,
    Talk,
    EvidenceExchange,
    Mediation,
    Hearing,
}

impl SittingKind {
    /// The title that courts print over such a transcript.
    pub fn title(self) -> &'static str {
        match self {
            Self::Inquiry => "询问笔录",
            Self::Talk => "谈话笔录",
            Self::EvidenceExchange => "证据交换笔录",
            Self::Mediation => "调解笔录",
            Self::Hearing => "庭审笔录",
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Span {
    #[serde(with = "moment")]
    pub from: OffsetDateTime,
    #[serde(with = "moment")]
    pub to: OffsetDateTime,
}

/// One person in one capacity.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attendance {
    pub name: String,
    pub capacity: String,
    /// What is to be said of this attendance: since when, for whom, by which authority.
    pub note: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoticeAccepted {
    pub title: String,
    pub name: String,
    pub capacity: String,
    #[serde(with = "moment")]
    pub at: OffsetDateTime,
}

/// One act.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    pub seq: u64,
    #[serde(with = "moment")]
    pub at: OffsetDateTime,
    /// Who acted; nobody where the system tells something.
    pub speaker: Option<Speaker>,
    pub content: Content,
    /// Printed in place.
    pub pictures: Vec<Picture>,
    /// Numbers of [`Transcript::annexes`].
    pub annexes: Vec<u32>,
    /// A short label behind the time, such as 逾期.
    pub mark: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Speaker {
    pub name: String,
    pub capacity: String,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum Content {
    /// The speaker's own words.
    Said { text: String },
    /// A sentence that tells what was done.
    Done { sentence: String },
    /// A private message was sent; this transcript is not for those who may read it. Its pictures and annexes are not printed either.
    Private {},
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Picture {
    /// Its key in [`Pictures`](crate::Pictures).
    pub id: String,
    /// The hash of the original, of which the beginning is printed below the picture.
    pub sha256: String,
    pub name: Option<String>,
}

/// A matter (诉讼事项) with what was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Matter {
    pub no: u32,
    pub title: String,
    pub text: String,
    pub issued_by: String,
    #[serde(with = "moment")]
    pub issued_at: OffsetDateTime,
    #[serde(with = "moment::option")]
    pub deadline: Option<OffsetDateTime>,
    pub answers: Vec<Answer>,
    /// The names of those who did not answer.
    pub unanswered: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    pub name: String,
    pub capacity: String,
    #[serde(with = "moment")]
    pub at: OffsetDateTime,
    pub text: String,
    /// Numbers of [`Transcript::annexes`].
    pub annexes: Vec<u32>,
}

/// A point that is or is not disputed, and why (EVI 57).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Point {
    pub text: String,
    pub reason: Option<String>,
}

/// Somebody asked to have the transcript corrected (CPL 150).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    pub name: String,
    pub capacity: String,
    #[serde(with = "moment")]
    pub at: OffsetDateTime,
    pub text: String,
    pub outcome: Option<String>,
}

/// A file that is not printed but named, with its hash.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Annex {
    pub no: u32,
    pub name: String,
    /// What it is, for people: PDF 文档, 语音, 视频.
    pub kind: String,
    pub size: u64,
    pub sha256: String,
    /// Who handed it in.
    pub from: String,
    #[serde(with = "moment")]
    pub at: OffsetDateTime,
}

/// Somebody who is to sign.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signer {
    /// The place of the signature is called `signer:` and this.
    pub id: String,
    pub name: String,
    pub capacity: String,
    /// Set where the person refused: it is printed in the place of the signature (CPL 150).
    pub refused: Option<SigningRefused>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SigningRefused {
    #[serde(with = "moment")]
    pub at: OffsetDateTime,
    pub reason: String,
}

/// A file inside the file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attached {
    /// Plain ASCII, such as `record.json`.
    pub name: String,
    pub description: String,
    pub text: String,
}
