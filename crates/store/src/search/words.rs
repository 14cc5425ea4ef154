//! What people type, folded so that it meets what was said; and the tokens under which a text stands in the index.
//!
//! A text is folded to NFKC and lower case, so that ＡＢＣ１２３ and abc123 are the same. Its tokens are its single characters and its
//! pairs of neighbours, whatever the script: so every piece of a text can be found, a word of one Chinese character as well as half
//! of a number. Of Latin letters and digits there are few, so their triples are tokens too: a pair of digits stands everywhere. Each
//! token begins with the short key of its room: a room has postings of its own, and a search in it reads no other.

use std::collections::BTreeSet;

use court::MemberId;
use unicode_normalization::UnicodeNormalization;

/// Stands before what is no text. Tokens of text with this character are one or two after the key, these are more, so neither is ever
/// taken for the other.
const MEMBER: &str = "\u{e100}by";
const DAY: &str = "\u{e100}on";
const MEDIA: &str = "\u{e100}media";

/// The text as it is compared: compatibility forms resolved, lower case, white space and control characters as single spaces.
pub(super) fn folded(text: &str) -> String {
    let same_case: String = text.nfkc().flat_map(char::to_lowercase).nfkc().collect();
    let spaced: String = same_case.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The words that somebody looks for: a text that contains each of them is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SearchWords(Vec<String>);

impl SearchWords {
    /// The words of what was typed; white space stands between them.
    pub fn of(typed: &str) -> SearchWords {
        SearchWords(folded(typed).split(' ').filter(|word| !word.is_empty()).map(str::to_owned).collect())
    }

    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether this text contains every word.
    pub fn found_in(&self, text: &str) -> bool {
        self.is_empty() || self.all_in(&folded(text))
    }

    pub(super) fn all_in(&self, folded: &str) -> bool {
        self.0.iter().all(|word| folded.contains(word.as_str()))
    }
}

/// What a token begins with: the room's short key, in digits and lower-case letters after their number, so that no key is the
/// beginning of another.
fn room(key: i64) -> String {
    let (mut rest, mut digits) = (key.unsigned_abs(), Vec::new());
    while rest > 0 || digits.is_empty() {
        digits.extend(char::from_digit((rest % 36) as u32, 36));
        rest /= 36;
    }
    digits.extend(char::from_digit(digits.len() as u32, 36));
    digits.iter().rev().collect()
}

/// A character in a token. Both databases part or quote tokens at ASCII's signs, so these go where nobody writes.
fn plain(char: char) -> char {
    if char.is_ascii() && !char.is_ascii_alphanumeric() {
        char::from_u32(0xe000 + u32::from(char)).unwrap_or(char)
    } else {
        char
    }
}

/// The tokens of an act.
pub(super) fn tokens_of(key: i64, folded: &str, member: MemberId, day: i32, media: bool) -> BTreeSet<String> {
    let room = room(key);
    let mut tokens = text_tokens(key, folded);
    tokens.extend([by(&room, member), on(&room, day)]);
    if media {
        tokens.insert(format!("{room}{MEDIA}"));
    }
    tokens
}

/// The tokens of a text.
pub(super) fn text_tokens(key: i64, folded: &str) -> BTreeSet<String> {
    let room = room(key);
    let mut tokens = BTreeSet::new();
    for word in folded.split(' ') {
        let chars: Vec<char> = word.chars().map(plain).collect();
        let pieces = chars.windows(1).chain(chars.windows(2)).chain(chars.windows(3).filter(|triple| is_latin(triple)));
        tokens.extend(pieces.map(|piece| piece.iter().fold(room.clone(), with)));
    }
    tokens
}

/// The tokens that an act must have to be worth looking at.
pub(super) fn tokens_for(
    key: i64,
    words: &SearchWords,
    member: Option<MemberId>,
    day: Option<i32>,
    media: bool,
) -> BTreeSet<String> {
    let room = room(key);
    let mut tokens = BTreeSet::new();
    tokens.extend(member.map(|member| by(&room, member)));
    tokens.extend(day.map(|day| on(&room, day)));
    tokens.extend(media.then(|| format!("{room}{MEDIA}")));
    for word in &words.0 {
        let chars: Vec<char> = word.chars().map(plain).collect();
        let triple = |at: usize| chars.get(at..at + 3).filter(|triple| is_latin(triple));
        let mut put = |piece: &[char]| tokens.insert(piece.iter().fold(room.clone(), with));
        if let [_] = chars.as_slice() {
            put(&chars);
        }
        for (at, pair) in chars.windows(2).enumerate() {
            let before = at.checked_sub(1).and_then(triple);
            if let Some(triple) = triple(at) {
                put(triple);
            } else if before.is_none() {
                // Else it stands in the triple before.
                put(pair);
            }
        }
    }
    tokens
}

/// Whether these are letters and digits of which there are few.
fn is_latin(chars: &[char]) -> bool {
    chars.iter().all(char::is_ascii_alphanumeric)
}

fn with(mut token: String, char: &char) -> String {
    token.push(*char);
    token
}

fn by(room: &str, member: MemberId) -> String {
    format!("{room}{MEMBER}{}", member.0.simple())
}

fn on(room: &str, day: i32) -> String {
    format!("{room}{DAY}{}", day.unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_width_case_and_white_space_make_no_difference() {
        for (a, b) in
            [("ＡＢＣ１２３", "abc123"), ("借　条", "借 条"), ("Ⅷ㎡", "viiim2"), (" a\t\nb\u{0}", "a b"), ("Å", "å")]
        {
            assert_eq!(folded(a), folded(b));
        }
        assert!(SearchWords::of(" 借条　２０万 ").found_in("《借条》，金额20万元"));
        assert!(!SearchWords::of("借条 30万").found_in("《借条》，金额20万元"));
        assert!(SearchWords::of("").is_empty() && SearchWords::of("　").is_empty());
    }

    #[test]
    fn no_rooms_key_is_the_beginning_of_anothers() {
        let keys: Vec<String> = (0..3_000).chain([i64::from(i32::MAX)]).map(room).collect();
        for (place, key) in keys.iter().enumerate() {
            assert!(keys.iter().skip(place + 1).all(|other| !other.starts_with(key.as_str())), "{key}");
        }
    }

    #[test]
    fn a_token_has_no_sign_that_a_database_reads() {
        let every: String = (0..=127_u8).map(char::from).collect();
        let tokens = tokens_of(77, &folded(&every), MemberId(uuid::Uuid::nil()), 2_461_000, true);
        for token in tokens {
            assert!(token.chars().all(|char| !char.is_ascii() || char.is_ascii_alphanumeric()), "{token:?}");
        }
    }
}
