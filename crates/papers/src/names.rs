//! Names that people give to files, made safe to show (SR-31).

/// The longest name that is shown, in characters.
const MAX_CHARS: usize = 120;

/// The longest ending that is kept when a name is cut, with its dot.
const MAX_ENDING: usize = 12;

/// `name` as it may be shown, logged and offered for download: without path, without control, bidirectional and invisible characters, at most
/// 120 characters of which the ending survives. Never empty.
#[must_use]
pub fn display_name(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| !is_hidden(*c)).collect();
    // Windows drops dots and spaces at the end, and a leading dot hides a file: neither is a name's meaning.
    let trimmed = visible.trim().trim_matches(['.', ' ']).trim();
    if trimmed.is_empty() {
        return "未命名文件".to_owned();
    }
    shorten(trimmed)
}

/// The ending of `name` in lower-case ASCII without its dot; empty if it has none.
pub(crate) fn ending(name: &str) -> String {
    let shown = display_name(name);
    match shown.rsplit_once('.') {
        Some((_, ending)) if ending.chars().all(|c| c.is_ascii_alphanumeric()) => ending.to_ascii_lowercase(),
        _ => String::new(),
    }
}

fn shorten(name: &str) -> String {
    let length = name.chars().count();
    if length <= MAX_CHARS {
        return name.to_owned();
    }
    let ending =
        name.rfind('.').map(|dot| &name[dot..]).filter(|e| e.chars().count() <= MAX_ENDING).unwrap_or_default();
    let stem: String = name.chars().take(MAX_CHARS - 1 - ending.chars().count()).collect();
    format!("{}…{ending}", stem.trim_end())
}

/// Characters that change how others are read, or that cannot be seen.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{00AD}'                  // soft hyphen
            | '\u{034F}'                // combining grapheme joiner
            | '\u{061C}'                // Arabic letter mark
            | '\u{115F}' | '\u{1160}'   // Hangul fillers
            | '\u{17B4}' | '\u{17B5}'   // Khmer inherent vowels
            | '\u{180B}'..='\u{180F}'   // Mongolian selectors and vowel separator
            | '\u{200B}'..='\u{200F}'   // zero width, LRM, RLM
            | '\u{2028}'..='\u{202E}'   // line and paragraph separators, embeddings, overrides
            | '\u{2060}'..='\u{206F}'   // word joiner, isolates, deprecated controls
            | '\u{2800}'                // Braille blank
            | '\u{3164}' | '\u{FFA0}'   // Hangul fillers
            | '\u{FE00}'..='\u{FE0F}'   // variation selectors
            | '\u{FEFF}'                // byte order mark
            | '\u{FFF0}'..='\u{FFFF}'   // specials
            | '\u{E0000}'..='\u{E0FFF}' // tags and further selectors
        )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr31_names_are_shown_safely() {
        for (given, shown) in [
            ("借条.jpg", "借条.jpg"),
            ("/etc/passwd", "passwd"),
            (r"C:\fakepath\合同 第2版.docx", "合同 第2版.docx"),
            ("../../照片.png", "照片.png"),
            ("exe.\u{202E}gpj.pdf", "exe.gpj.pdf"),
            ("a\u{200B}b\u{2066}c\u{FEFF}.pdf", "abc.pdf"),
            ("line\r\nbreak\0.pdf", "linebreak.pdf"),
            ("  spaced.pdf .. ", "spaced.pdf"),
            (".hidden", "hidden"),
            ("...", "未命名文件"),
            ("", "未命名文件"),
            ("\u{202E}\u{200D}", "未命名文件"),
            ("folder/", "未命名文件"),
        ] {
            assert_eq!(display_name(given), shown, "{given:?}");
        }
    }

    #[test]
    fn sr31_a_long_name_keeps_its_ending() {
        let shown = display_name(&format!("{}.docx", "证".repeat(500)));
        assert_eq!(shown.chars().count(), 120);
        assert!(shown.ends_with("….docx"));
        let no_ending = display_name(&"长".repeat(500));
        assert_eq!(no_ending.chars().count(), 120);
    }

    #[test]
    fn the_ending_is_what_is_shown() {
        assert_eq!(ending("A.JPG"), "jpg");
        assert_eq!(ending("a.jp\u{200B}g"), "jpg");
        assert_eq!(ending("a.tar.gz"), "gz");
        assert_eq!(ending("noending"), "");
        assert_eq!(ending("a.文档"), "");
    }

    proptest::proptest! {
        #[test]
        fn any_name_becomes_a_short_visible_one(name in "\\PC{0,300}|.{0,300}") {
            let shown = display_name(&name);
            proptest::prop_assert!(!shown.is_empty() && shown.chars().count() <= 120);
            proptest::prop_assert!(!shown.chars().any(|c| is_hidden(c) || c == '/' || c == '\\'));
            proptest::prop_assert_eq!(display_name(&shown), shown.clone());
        }
    }
}
