//! How a row of data cites: `CPL@2023 128`, `CPI@2022 99.1` with a paragraph, `HOL@2025` where a notice has no articles.

use serde::Deserialize;

/// A citation as it stands in a row: instrument, version, article. Never a bare number, because numbers move between versions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Cite {
    pub instrument: String,
    pub version: String,
    /// None for the instrument as a whole.
    pub article: Option<u16>,
    pub paragraph: Option<u16>,
}

impl TryFrom<String> for Cite {
    type Error = String;

    fn try_from(typed: String) -> Result<Self, String> {
        let wrong = || format!("{typed:?} is no citation such as \"CPL@2023 128\" or \"CPI@2022 99.1\"");
        let (source, place) = match typed.split_once(' ') {
            Some((source, place)) => (source, Some(place)),
            None => (typed.as_str(), None),
        };
        let (instrument, version) = source.split_once('@').ok_or_else(wrong)?;
        let number = |part: &str| part.parse::<u16>().ok().filter(|number| *number > 0).ok_or_else(wrong);
        let (article, paragraph) =
            match place.map(|place| place.split_once('.').map_or((place, None), |(a, p)| (a, Some(p)))) {
                None => (None, None),
                Some((article, paragraph)) => (Some(number(article)?), paragraph.map(number).transpose()?),
            };
        if instrument.is_empty() || version.is_empty() {
            return Err(wrong());
        }
        Ok(Self { instrument: instrument.to_owned(), version: version.to_owned(), article, paragraph })
    }
}
