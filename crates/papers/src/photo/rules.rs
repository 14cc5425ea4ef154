//! The table: from which number on somebody is told what.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Finding, Look};

/// What may be wrong with a photo of a paper.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Fault {
    #[serde(rename = "small_photo")]
    Small,
    #[serde(rename = "cut_photo")]
    Cut,
    #[serde(rename = "blurred_photo")]
    Blurred,
    #[serde(rename = "dark_photo")]
    Dark,
    #[serde(rename = "far_photo")]
    Far,
    #[serde(rename = "crooked_photo")]
    Crooked,
    #[serde(rename = "slanted_photo")]
    Slanted,
    #[serde(rename = "folded_photo")]
    Folded,
}

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// It can be read as it is; another photo would be better.
    Hint,
    /// It can perhaps not be read.
    Fault,
}

impl Fault {
    /// In the order in which they are told.
    pub const ALL: [Fault; 8] = [
        Self::Small,
        Self::Cut,
        Self::Blurred,
        Self::Dark,
        Self::Far,
        Self::Crooked,
        Self::Slanted,
        Self::Folded,
    ];

    /// The stable name that programs see.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Small => "small_photo",
            Self::Cut => "cut_photo",
            Self::Blurred => "blurred_photo",
            Self::Dark => "dark_photo",
            Self::Far => "far_photo",
            Self::Crooked => "crooked_photo",
            Self::Slanted => "slanted_photo",
            Self::Folded => "folded_photo",
        }
    }

    /// What it is called, in a few Chinese characters.
    #[must_use]
    pub fn name(self) -> &'static str {
        &rules().told[&self].name
    }

    /// What is wrong and how to do better, in Chinese.
    #[must_use]
    pub fn hint(self) -> &'static str {
        &rules().told[&self].hint
    }
}

/// `catalog/photo.json`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Rules {
    #[serde(rename = "about")]
    _about: String,
    size: Size,
    tilt: Bounds,
    slant: Bounds,
    flat: Bounds,
    page: Bounds,
    blur: Bounds,
    light: Bounds,
    pub(super) sheet: SheetRules,
    told: std::collections::BTreeMap<Fault, Told>,
}

/// Edges in pixels, under which a photo is small.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Size {
    short: u32,
    long: u32,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Bounds {
    hint: f64,
    fault: f64,
}

/// When something is taken for a sheet of paper at all.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SheetRules {
    /// Its share of the picture.
    pub(super) least: f64,
    /// How much lighter it is than its ground, of 255.
    pub(super) contrast: f64,
    /// How much lighter it is than what is beside each of its edges.
    pub(super) step: f64,
    /// A corner is at the border within this share of the longer edge.
    pub(super) margin: f64,
    /// How much of its shape it fills.
    pub(super) solid: f64,
    /// How much of it is dark: print or writing.
    pub(super) ink: f64,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Told {
    name: String,
    hint: String,
}

/// The table that was built in.
pub(super) fn rules() -> &'static Rules {
    static RULES: LazyLock<Rules> = LazyLock::new(|| {
        serde_json::from_str(include_str!("../../../../catalog/photo.json")).expect("a test reads this very table")
    });
    &RULES
}

impl Rules {
    /// What is to be told of a photo that was measured, the worst first.
    pub(super) fn findings(&self, look: &Look) -> Vec<Finding> {
        let (short, long) = (look.width.min(look.height), look.width.max(look.height));
        let small = short < self.size.short || long < self.size.long;
        let sheet = look.sheet.as_ref();
        // With all four corners at the border the sheet fills the picture, as a scan does.
        let cut = sheet.is_some_and(|sheet| (1..4).contains(&sheet.outside));
        // A sheet of which a part is not to be seen has other edges than its own.
        let whole = sheet.filter(|sheet| sheet.outside == 0);
        let graded = [
            (Fault::Small, small.then_some(Grade::Fault)),
            (Fault::Cut, cut.then_some(Grade::Fault)),
            (Fault::Blurred, look.blur.and_then(|blur| self.blur.above(blur))),
            (Fault::Dark, self.light.below(look.light)),
            (Fault::Far, whole.and_then(|sheet| self.page.below(sheet.share))),
            (Fault::Crooked, look.tilt.and_then(|tilt| self.tilt.above(tilt.abs()))),
            (Fault::Slanted, whole.and_then(|sheet| self.slant.above(sheet.slant))),
            (Fault::Folded, whole.and_then(|sheet| self.flat.below(sheet.flat))),
        ];
        let mut findings: Vec<_> =
            graded.into_iter().filter_map(|(fault, grade)| Some(Finding { fault, grade: grade? })).collect();
        findings.sort_by_key(|finding| std::cmp::Reverse(finding.grade));
        findings
    }
}

impl Bounds {
    fn above(self, value: f64) -> Option<Grade> {
        (value > self.hint).then_some(if value > self.fault { Grade::Fault } else { Grade::Hint })
    }

    fn below(self, value: f64) -> Option<Grade> {
        (value < self.hint).then_some(if value < self.fault { Grade::Fault } else { Grade::Hint })
    }
}
