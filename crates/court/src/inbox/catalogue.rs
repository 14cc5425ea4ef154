//! `catalog/inbox.toml`, read and checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Topic;

/// The headings, what can be subscribed to, and a row for every topic.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Catalogue {
    categories: Vec<Category>,
    functions: Vec<Function>,
    topics: BTreeMap<Topic, Row>,
    pub strong: StrongLimits,
    pub limits: Limits,
}

/// A heading of the tab 消息 (features item 25).
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Category {
    pub code: String,
    pub label: String,
}

/// What is subscribed to, way by way.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Function {
    pub code: String,
    pub label: String,
    pub about: String,
    pub sms: Way,
    pub push: Way,
    /// Why something cannot be switched off.
    pub why: Option<String>,
}

/// Whether a way is used before somebody has chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// It cannot be switched off.
    Always,
    On,
    Off,
}

/// How a topic is told.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    pub category: String,
    pub function: String,
    pub title: String,
    /// Stands where the act's own words may not be shown.
    pub text: String,
    /// What fills the one place of an SMS.
    pub what: String,
    /// Whether who causes it may ask for a strong reminder (强提醒).
    #[serde(default)]
    pub strong: bool,
}

/// How many strong reminders there may be within 24 hours, and when nobody is woken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StrongLimits {
    pub pair: usize,
    pub case: usize,
    pub sender: usize,
    pub recipient: usize,
    /// From this hour on, Beijing time …
    pub quiet_from: u8,
    /// … until this one.
    pub quiet_to: u8,
}

/// How much one person is sent within 24 hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    pub sms: u64,
    pub push: u64,
}

static BUILTIN: LazyLock<Catalogue> = LazyLock::new(|| {
    Catalogue::parse(include_str!("../../../../catalog/inbox.toml")).expect("the shipped catalogue is tested")
});

impl Catalogue {
    /// The catalogue that this program ships.
    pub fn builtin() -> &'static Catalogue {
        &BUILTIN
    }

    /// Reads a catalogue.
    ///
    /// # Errors
    /// What is wrong with it: a topic without a row, a heading or function that does not exist, a rule without its reason.
    pub fn parse(text: &str) -> Result<Catalogue, String> {
        let read: Catalogue = toml::from_str(text).map_err(|error| error.to_string())?;
        for topic in Topic::ALL {
            let row = read.topics.get(topic).ok_or_else(|| format!("{} has no row", topic.code()))?;
            if !read.categories.iter().any(|category| category.code == row.category) {
                return Err(format!("{} is under no heading", topic.code()));
            }
            if read.function(&row.function).is_none() {
                return Err(format!("{} belongs to no function", topic.code()));
            }
        }
        for function in &read.functions {
            if [function.sms, function.push].contains(&Way::Always) && function.why.is_none() {
                return Err(format!("{} cannot be switched off and does not say why", function.code));
            }
            if function.push == Way::Always {
                return Err(format!("{}: a browser can always refuse to be woken", function.code));
            }
        }
        let hours = [read.strong.quiet_from, read.strong.quiet_to];
        if hours.iter().any(|hour| *hour > 23) || read.strong.quiet_from <= read.strong.quiet_to {
            return Err("the quiet hours are a night".to_owned());
        }
        Ok(read)
    }

    /// How a topic is told.
    pub fn row(&self, topic: Topic) -> &Row {
        &self.topics[&topic]
    }

    /// The headings under which something can stand in this court.
    pub fn categories(&self) -> impl Iterator<Item = &Category> {
        let used: BTreeSet<_> = self.topics.values().map(|row| row.category.as_str()).collect();
        self.categories.iter().filter(move |category| used.contains(category.code.as_str()))
    }

    /// The topics under a heading.
    pub fn topics_of(&self, category: &str) -> Vec<Topic> {
        self.topics.iter().filter(|(_, row)| row.category == category).map(|(topic, _)| *topic).collect()
    }

    /// Everything that can be subscribed to.
    pub fn functions(&self) -> &[Function] {
        &self.functions
    }

    /// The function with this name.
    pub fn function(&self, code: &str) -> Option<&Function> {
        self.functions.iter().find(|function| function.code == code)
    }

    /// The function of a topic.
    pub fn function_of(&self, topic: Topic) -> &Function {
        self.function(&self.row(topic).function).expect("the catalogue was checked")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_topic_has_its_row_heading_and_function() {
        let catalogue = Catalogue::builtin();
        for topic in Topic::ALL {
            assert_eq!(Topic::from_code(topic.code()), Some(*topic));
            assert!(!catalogue.function_of(*topic).label.is_empty());
        }
        let shown: Vec<_> = catalogue.categories().map(|category| category.label.as_str()).collect();
        assert_eq!(shown, ["微法庭", "审判流程消息", "电子送达", "其他"], "no heading without anything under it");
        assert_eq!(catalogue.categories.len(), 10, "item 25, all of it, is data");
        let covered: usize = catalogue.categories().map(|category| catalogue.topics_of(&category.code).len()).sum();
        assert_eq!(covered, Topic::ALL.len());
    }

    #[test]
    fn sr17_no_text_has_a_place_for_what_was_said() {
        for row in Catalogue::builtin().topics.values() {
            for text in [&row.title, &row.text, &row.what] {
                assert!(!text.contains(['{', '}', '$', '<']) && !text.contains("http"), "{text}");
            }
        }
    }

    #[test]
    fn a_catalogue_with_a_hole_is_refused() {
        let whole = include_str!("../../../../catalog/inbox.toml");
        let refused = |from: &str, to: &str| {
            assert!(whole.contains(from), "{from}");
            Catalogue::parse(&whole.replacen(from, to, 1)).unwrap_err()
        };
        assert!(refused("[topics.\"matter.due\"]", "[topics.\"matter.dew\"]").contains("matter.dew"));
        assert!(refused("category = \"process\"", "category = \"nowhere\"").contains("heading"));
        assert!(refused("function = \"letter\"", "function = \"nothing\"").contains("function"));
        assert!(refused("sms = \"off\"", "sms = \"always\"").contains("why"));
        assert!(refused("push = \"on\"", "push = \"always\"").contains("browser"));
        assert!(refused("quiet_from = 21", "quiet_from = 7").contains("night"));
    }
}
