//! Texts that print as they were written, or say that they cannot.
//!
//! A transcript is evidence. A character that turns the direction of writing can make a line read as its opposite; one that no font has makes
//! the archive format refuse the whole file; a run of letters without a break leaves the page. None of them comes through here. What was written
//! is kept, letter for letter, in the record that the document carries.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

/// A character that could not be printed and stands as 〔U+1F600〕 instead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Replaced {
    pub character: char,
    pub times: u64,
}

/// Cleans texts, and remembers what it replaced in all of them.
pub struct Sanitiser<F> {
    can_print: F,
    known: HashMap<char, bool>,
    replaced: BTreeMap<char, u64>,
}

/// A line may be broken here although nothing shows.
const BREAK: char = '\u{200B}';

/// A run of characters that may not be broken gets a break after each so many …
const BREAK_EVERY: usize = 24;

/// … if it is longer than this: an id of 36 characters stays whole.
const LONG_RUN: usize = 36;

/// More empty lines than this, one after another, say nothing more.
const MOST_NEWLINES: usize = 3;

/// More accents on one letter than this are there to cover the lines around it.
const MOST_MARKS: usize = 2;

impl<F: Fn(char) -> bool> Sanitiser<F> {
    /// `can_print` says whether some font has a glyph for a character.
    pub fn new(can_print: F) -> Self {
        Self { can_print, known: HashMap::new(), replaced: BTreeMap::new() }
    }

    /// The text as it is printed.
    pub fn text(&mut self, text: &str) -> String {
        let mut clean = String::with_capacity(text.len());
        let (mut newlines, mut marks) = (0, 0);
        let mut characters = text.chars().peekable();
        while let Some(c) = characters.next() {
            let c = match c {
                '\r' if characters.peek() == Some(&'\n') => continue,
                '\r' | '\u{85}' | '\u{0B}' | '\u{0C}' | '\u{2028}' | '\u{2029}' => '\n',
                c => c,
            };
            // What has no look of its own is not there: it parts neither lines nor marks.
            if is_invisible(c) {
                continue;
            }
            newlines = if c == '\n' { newlines + 1 } else { 0 };
            marks = if is_mark(c) { marks + 1 } else { 0 };
            match c {
                '\n' if newlines <= MOST_NEWLINES => clean.push('\n'),
                '\n' => {}
                '\t' => clean.push_str("    "),
                c if is_space(c) => clean.push(' '),
                c if marks <= MOST_MARKS && self.prints(c) => clean.push(c),
                c => {
                    *self.replaced.entry(c).or_default() += 1;
                    clean.push_str(&format!("〔U+{:04X}〕", u32::from(c)));
                }
            }
        }
        breakable(&clean)
    }

    /// Cleans every text in `value`, whatever it is called.
    pub fn value(&mut self, value: &mut serde_json::Value) {
        match value {
            serde_json::Value::String(text) => *text = self.text(text),
            serde_json::Value::Array(items) => items.iter_mut().for_each(|item| self.value(item)),
            serde_json::Value::Object(members) => members.values_mut().for_each(|member| self.value(member)),
            _ => {}
        }
    }

    /// What was replaced until now, by character.
    pub fn replaced(&self) -> Vec<Replaced> {
        self.replaced.iter().map(|(&character, &times)| Replaced { character, times }).collect()
    }

    fn prints(&mut self, c: char) -> bool {
        let can_print = &self.can_print;
        !c.is_control() && !is_private(c) && !runs_leftwards(c) && *self.known.entry(c).or_insert_with(|| can_print(c))
    }
}

/// Puts a possible break into runs that would leave the page.
fn breakable(text: &str) -> String {
    let mut broken = String::with_capacity(text.len() + text.len() / 16);
    let mut run: Vec<char> = Vec::new();
    let end = |run: &mut Vec<char>, broken: &mut String| {
        let long = run.len() > LONG_RUN;
        for (at, c) in run.drain(..).enumerate() {
            if long && at > 0 && at % BREAK_EVERY == 0 {
                broken.push(BREAK);
            }
            broken.push(c);
        }
    };
    for c in text.chars() {
        if c.is_whitespace() || is_breakable(c) {
            end(&mut run, &mut broken);
            broken.push(c);
        } else {
            run.push(c);
        }
    }
    end(&mut run, &mut broken);
    broken
}

/// Ideographs and Hangul syllables, before and after which a line may end. Signs such as 。 are not: a thousand of them are one run.
fn is_breakable(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7A3}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

fn is_space(c: char) -> bool {
    matches!(c, '\u{A0}' | '\u{1680}' | '\u{2000}'..='\u{200A}' | '\u{202F}' | '\u{205F}')
}

/// What has no look of its own and changes how others look: direction, joining, variants, tags, marks of byte order.
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}')
        || (c.is_control() && c != '\n' && c != '\t')
}

/// Marks that are set over or under the letter before them.
fn is_mark(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36F}' | '\u{483}'..='\u{489}' | '\u{1AB0}'..='\u{1AFF}' | '\u{1DC0}'..='\u{1DFF}' | '\u{20D0}'..='\u{20FF}'
        | '\u{302A}'..='\u{302F}' | '\u{3099}' | '\u{309A}' | '\u{FE20}'..='\u{FE2F}')
}

/// Characters whose look is a matter between the writer's device and nobody else; and those that are none.
fn is_private(c: char) -> bool {
    let code = u32::from(c);
    matches!(code, 0xE000..=0xF8FF | 0xF0000..=0x10_FFFF | 0xFDD0..=0xFDEF)
        || code & 0xFFFE == 0xFFFE
        || c == '\u{FFFC}'
}

/// Scripts that are written from right to left: they would turn the signs and figures around them.
fn runs_leftwards(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFE}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// A font of the Basic Multilingual Plane, so that something is missing.
    fn clean(text: &str) -> String {
        Sanitiser::new(|c| u32::from(c) < 0x1_0000).text(text)
    }

    fn check(written: &str, printed: &str) {
        assert_eq!(clean(written), printed, "{written:?}");
    }

    #[test]
    fn ordinary_words_are_left_alone() {
        let text = "同意今天付清，共 12,500.00 元（含利息）。\n账号：6222 0000 0000 0000\u{3000}OK?";
        check(text, text);
    }

    #[test]
    fn what_no_font_has_is_named() {
        check("好的😀", "好的〔U+1F600〕");
        let mut sanitiser = Sanitiser::new(|c| c != '囧');
        sanitiser.text("囧");
        sanitiser.text("囧囧，好");
        assert_eq!(sanitiser.replaced(), [Replaced { character: '囧', times: 3 }]);
    }

    #[test]
    fn direction_cannot_be_turned() {
        check("付\u{202E}元001\u{202C}", "付元001");
        check("abc\u{2066}def\u{2069}\u{200F}", "abcdef");
        check("א", "〔U+05D0〕");
    }

    #[test]
    fn lines_end_in_one_way_and_not_for_ever() {
        check("a\r\nb\rc\u{2028}d", "a\nb\nc\nd");
        check(&format!("a{}b", "\n".repeat(5000)), "a\n\n\nb");
        check("a\tb\u{A0}c", "a    b c");
    }

    #[test]
    fn a_long_run_can_be_broken_and_an_id_stays_whole() {
        let id = "6f1c1e0a-7a55-4a6e-8f0e-0123456789ab";
        check(id, id);
        let broken = clean(&"A".repeat(4000));
        assert!(broken.split(BREAK).all(|part| part.len() <= BREAK_EVERY), "{broken}");
        assert!(clean(&"。".repeat(100)).contains(BREAK));
        assert!(!clean(&"证".repeat(100)).contains(BREAK));
    }

    #[test]
    fn marks_do_not_pile_up_over_other_lines() {
        let piled = format!("a{}", "\u{301}".repeat(50));
        let cleaned = clean(&piled);
        assert_eq!(cleaned.matches('\u{301}').count(), MOST_MARKS);
        assert!(cleaned.contains("〔U+0301〕"));
    }

    proptest! {
        #[test]
        fn whatever_is_written_what_remains_can_be_printed(text in "\\PC{0,80}|(?s:.{0,80})", extra in any::<Vec<char>>()) {
            let text: String = text.chars().chain(extra).collect();
            for c in clean(&text).chars() {
                prop_assert!(c == '\n' || c == BREAK || !c.is_control(), "{c:?}");
                prop_assert!(c == BREAK || !is_invisible(c), "{c:?}");
                prop_assert!(u32::from(c) < 0x1_0000 && !is_private(c) && !runs_leftwards(c), "{c:?}");
            }
        }

        #[test]
        fn no_run_is_longer_than_a_line(text in "[!-~。、“”（）…]{0,300}") {
            let longest = clean(&text).split(|c: char| c == BREAK || c.is_whitespace()).map(|run| run.chars().count()).max();
            prop_assert!(longest.unwrap_or(0) <= LONG_RUN);
        }

        #[test]
        fn what_is_clean_stays_as_it_is(text in "(?s:.{0,120})") {
            let once = clean(&text);
            prop_assert_eq!(clean(&once), once);
        }
    }
}
