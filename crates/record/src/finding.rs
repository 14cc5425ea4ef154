//! What a verifier says: nothing, or where something is wrong.

use std::fmt;

/// What is wrong with a place. Other verifiers use the same words (docs/record-format.md).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// The container is not as it was written.
    Container,
    /// It cannot be read.
    Malformed,
    /// No signature of the court's log holds.
    Signature,
    /// What is named is not there.
    Missing,
    /// What is there is not named.
    Unlisted,
    /// It is not what was acknowledged.
    Altered,
    /// It does not follow what is before it.
    Order,
    /// It is dated before what it follows.
    Time,
    /// Nothing proves that the court's log holds it.
    Proof,
    /// The log was another one at another time.
    Fork,
    /// A record ends before what was acknowledged.
    Cut,
}

impl Fault {
    /// The stable word.
    pub fn code(self) -> &'static str {
        match self {
            Fault::Container => "container",
            Fault::Malformed => "malformed",
            Fault::Signature => "signature",
            Fault::Missing => "missing",
            Fault::Unlisted => "unlisted",
            Fault::Altered => "altered",
            Fault::Order => "order",
            Fault::Time => "time",
            Fault::Proof => "proof",
            Fault::Fork => "fork",
            Fault::Cut => "cut",
        }
    }

    /// The same for people.
    pub fn sentence(self) -> &'static str {
        match self {
            Fault::Container => "压缩包结构与导出时不同",
            Fault::Malformed => "内容无法读取，格式不符",
            Fault::Signature => "法院的签名不成立",
            Fault::Missing => "应有的内容缺失",
            Fault::Unlisted => "多出未列入清单的内容",
            Fault::Altered => "内容被改动过",
            Fault::Order => "前后不相衔接：有增删或调换",
            Fault::Time => "时间早于前一行为",
            Fault::Proof => "不能证明已载入法院存证日志",
            Fault::Fork => "与法院另一时刻的存证日志不一致",
            Fault::Cut => "末尾被截去：已确认的行为不见了",
        }
    }
}

/// Something wrong, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub fault: Fault,
    /// A file's name, then which act in it and which part of the act.
    pub place: String,
}

impl Finding {
    pub(crate) fn new(fault: Fault, place: impl Into<String>) -> Finding {
        Finding { fault, place: place.into() }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.fault.code(), self.place)
    }
}
