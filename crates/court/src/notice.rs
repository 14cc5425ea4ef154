//! Notices that must be read and accepted before something opens: the entry notice (进入微法庭须知, manual S0 三).

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::act::{Body, Decided, Scene};
use crate::{MemberId, Refusal, Room};

/// A notice as the court publishes it. The text lives in `catalog/`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Notice {
    pub id: String,
    pub version: String,
    pub title: String,
    /// Plain text: paragraphs apart by blank lines.
    pub text: String,
    /// SHA-256 of the text, which the act of accepting names.
    #[schema(value_type = String)]
    pub sha256: record::Hash,
}

/// Why a notice's file cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("the notice lacks its {0}")]
pub struct NoticeError(&'static str);

impl Notice {
    /// Reads a notice: `+++`-free front matter of `key: value` lines between two lines of `---`, then the text.
    ///
    /// # Errors
    /// When id, version, title or text is missing.
    pub fn parse(file: &str) -> Result<Notice, NoticeError> {
        let rest = file.trim_start().strip_prefix("---\n").ok_or(NoticeError("front matter"))?;
        let (front, text) = rest.split_once("\n---\n").ok_or(NoticeError("front matter"))?;
        let value = |key: &'static str| {
            front
                .lines()
                .filter_map(|line| line.split_once(':'))
                .find(|(name, _)| name.trim() == key)
                .map(|(_, value)| value.trim().trim_matches('"').to_owned())
                .filter(|value| !value.is_empty())
                .ok_or(NoticeError(key))
        };
        let text = text.trim().to_owned();
        if text.is_empty() {
            return Err(NoticeError("text"));
        }
        Ok(Notice {
            id: value("id")?,
            version: value("version")?,
            title: value("title")?,
            sha256: record::Hash::of(text.as_bytes()),
            text,
        })
    }
}

/// Says that the member has read this notice and accepts it. Never pre-ticked (architecture 5, no. 81).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Acknowledge {
    pub notice: String,
    pub version: String,
}

/// A notice was accepted: which text, to the byte.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Acknowledged {
    pub notice: String,
    pub version: String,
    #[schema(value_type = String)]
    pub sha256: record::Hash,
}

pub(crate) fn acknowledge(scene: &Scene<'_>, asked: Acknowledge) -> Result<Decided, Refusal> {
    let notice = scene.policy.entry_notice();
    if scene.room.has_acknowledged(scene.actor.member) {
        return Err(Refusal::NoticeAlreadyAcknowledged);
    }
    if asked.notice != notice.id || asked.version != notice.version {
        return Err(Refusal::NoticeOutdated);
    }
    let sentence = format!("{}已阅读并同意《{}》", scene.actor.said_name(), notice.title);
    let body = Acknowledged { notice: notice.id.clone(), version: notice.version.clone(), sha256: notice.sha256 };
    Ok(Decided::open(Body::NoticeAcknowledge(body), sentence))
}

impl Room {
    /// Whether this member has accepted the entry notice.
    pub fn has_acknowledged(&self, member: MemberId) -> bool {
        self.acknowledged.contains(&member)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_notice_names_the_hash_of_its_text() {
        let notice = Notice::parse("---\nid: entry\nversion: \"1\"\ntitle: 须知\n---\n\n第一条\n\n第二条\n").unwrap();
        assert_eq!(notice.text, "第一条\n\n第二条");
        assert_eq!(notice.sha256, record::Hash::of("第一条\n\n第二条".as_bytes()));
        assert!(Notice::parse("---\nid: entry\n---\n文").is_err());
    }
}
