//! The table: from which number on somebody is told what.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::{Finding, Look};
use crate::Warning;

/// How much it matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grade {
    /// It can be read as it is; another photo would be better.
    Hint,
    /// It can perhaps not be read.
    Fault,
}

impl Warning {
    /// What is wrong with the photo, in a few Chinese characters; none for warnings about other files.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        rules().told.get(&self).map(|told| told.name.as_str())
    }

    /// What is wrong with the photo and how to do better, in Chinese; none for warnings about other files.
    #[must_use]
    pub fn hint(self) -> Option<&'static str> {
        rules().told.get(&self).map(|told| told.hint.as_str())
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
    told: std::collections::BTreeMap<Warning, Told>,
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
    /// Whether print on a photo of these sides is hard to read, either way up.
    pub(super) fn is_small(&self, width: u32, height: u32) -> bool {
        width.min(height) < self.size.short || width.max(height) < self.size.long
    }

    /// What is to be told of a photo that was measured, the worst first.
    pub(super) fn findings(&self, look: &Look) -> Vec<Finding> {
        let small = self.is_small(look.width, look.height);
        let sheet = look.sheet.as_ref();
        // With all four corners at the border the sheet fills the picture, as a scan does.
        let cut = sheet.is_some_and(|sheet| (1..4).contains(&sheet.outside));
        // A sheet of which a part is not to be seen has other edges than its own.
        let whole = sheet.filter(|sheet| sheet.outside == 0);
        let graded = [
            (Warning::SmallPhoto, small.then_some(Grade::Fault)),
            (Warning::CutPhoto, cut.then_some(Grade::Fault)),
            (Warning::BlurredPhoto, look.blur.and_then(|blur| self.blur.above(blur))),
            (Warning::DarkPhoto, self.light.below(look.light)),
            (Warning::FarPhoto, whole.and_then(|sheet| self.page.below(sheet.share))),
            (Warning::CrookedPhoto, look.tilt.and_then(|tilt| self.tilt.above(tilt.abs()))),
            (Warning::SlantedPhoto, whole.and_then(|sheet| self.slant.above(sheet.slant))),
            (Warning::FoldedPhoto, whole.and_then(|sheet| self.flat.below(sheet.flat))),
        ];
        let mut findings: Vec<_> =
            graded.into_iter().filter_map(|(what, grade)| Some(Finding { what, grade: grade? })).collect();
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
