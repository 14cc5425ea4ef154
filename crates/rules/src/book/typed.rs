//! Amounts in data files: yuan, as lawyers write them.

use serde::{Deserialize, Deserializer, de::Error};

use crate::money::Fen;

/// Serde: `"10000"` or `"0.5"` are yuan.
pub(super) fn yuan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fen, D::Error> {
    let typed = String::deserialize(deserializer)?;
    Fen::parse(&typed).ok_or_else(|| D::Error::custom(format!("{typed:?} is no amount in yuan")))
}

/// The same for `Option<Fen>`; give `#[serde(default)]` beside it.
pub(super) fn some_yuan<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Fen>, D::Error> {
    yuan(deserializer).map(Some)
}
