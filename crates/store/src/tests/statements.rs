//! SR-64: values reach the database as bound parameters alone, and SQL is written in this crate alone.

use std::path::{Path, PathBuf};

/// Where a statement is put together from text, with the reason. This list may only shrink.
const EXCEPTIONS: &[(&str, &str)] = &[(
    "crates/store/src/kit.rs",
    "PostgreSQL takes no parameter for a database's name; the test kit makes it of letters and digits",
)];

const VERBS: &[&str] = &[
    "select", "insert", "update", "delete", "create", "drop", "alter", "with", "pragma", "vacuum", "attach", "truncate",
];

fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

/// The text literals of a Rust source, with what stands directly before each. Comments are left out.
fn literals(text: &str) -> Vec<(String, String)> {
    let bytes = text.as_bytes();
    let (mut found, mut at) = (Vec::new(), 0);
    while at < bytes.len() {
        let rest = &text[at..];
        if rest.starts_with("//") {
            at += rest.find('\n').unwrap_or(rest.len());
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\'") {
            at += 3;
        } else if bytes[at] == b'"' {
            let hashes = text[..at].bytes().rev().take_while(|byte| *byte == b'#').count();
            let raw = text[..at - hashes].ends_with('r');
            let begin = at + 1;
            let mut end = begin;
            if raw {
                let close = format!("\"{}", "#".repeat(hashes));
                end += text[begin..].find(&close).unwrap_or(text.len() - begin);
                at = end + close.len();
            } else {
                while end < bytes.len() && bytes[end] != b'"' {
                    end += if bytes[end] == b'\\' { 2 } else { 1 };
                }
                at = end + 1;
            }
            let mut from = begin.saturating_sub(40);
            while !text.is_char_boundary(from) {
                from -= 1;
            }
            found.push((text[from..begin - 1].to_owned(), text[begin..end.min(text.len())].to_owned()));
        } else {
            at += rest.chars().next().map_or(1, char::len_utf8);
        }
    }
    found
}

/// Whether a text reads like a statement: a verb in capitals and what must follow it.
fn is_statement(text: &str) -> bool {
    let mut words = text.split_whitespace();
    let Some(first) = words.next() else { return false };
    let second = words.next().unwrap_or_default();
    let shouted = first.bytes().all(|byte| byte.is_ascii_uppercase());
    shouted && !second.is_empty() && VERBS.contains(&first.to_ascii_lowercase().as_str())
}

fn findings(file: &str, text: &str) -> Vec<String> {
    let store = file.starts_with("crates/store/");
    let mut findings = Vec::new();
    for (before, literal) in literals(text) {
        if !is_statement(&literal) {
            continue;
        }
        if !store {
            findings.push(format!("{file}: SQL outside store: {literal:.60}"));
        } else if ["format!(", "write!(", "writeln!(", "concat!(", "push_str(", "format_args!("]
            .iter()
            .any(|made| before.trim_end().ends_with(made))
            || literal.contains("{}")
        {
            findings.push(format!("{file}: a statement put together from text: {literal:.60}"));
        }
    }
    if text.contains(concat!("AssertSql", "Safe")) {
        findings.push(format!("{file}: a statement declared safe by hand"));
    }
    if !store && (text.contains("sea_orm::") || text.contains("sqlx::")) {
        findings.push(format!("{file}: the database by another way than store"));
    }
    findings
}

#[test]
fn sr64_no_statement_is_put_together_from_text() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).unwrap();
    let mut files = Vec::new();
    sources(&root.join("crates"), &mut files);
    assert!(files.len() > 30, "this looks at the whole workspace");
    let mut wrong = Vec::new();
    for path in files {
        let file = path.strip_prefix(root).unwrap().to_string_lossy().into_owned();
        // This file quotes what it looks for. Whole-program tests and benchmarks may look at the database with eyes of their own; they
        // do not ship.
        if file == "crates/store/src/tests/statements.rs"
            || ((file.contains("/tests/") || file.contains("/benches/")) && !file.starts_with("crates/store/"))
        {
            continue;
        }
        let found = findings(&file, &std::fs::read_to_string(&path).unwrap());
        let excepted = EXCEPTIONS.iter().any(|(excepted, _)| *excepted == file);
        assert!(!(excepted && found.is_empty()), "{file} needs no exception any more");
        if !excepted {
            wrong.extend(found);
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn sr64_the_search_finds_what_it_looks_for() {
    let store = "crates/store/src/x.rs";
    for text in [
        "let q = format!(\"SELECT * FROM act WHERE id = '{id}'\");",
        "sqlx::query(\"DELETE FROM {}\")",
        "q.push_str(\"UPDATE person SET name = \");",
        "let q = format!(\n        \"SELECT 1\");",
        "AssertSqlSafe(text)",
    ] {
        assert_ne!(findings(store, text), [] as [String; 0], "{text}");
    }
    assert_ne!(findings("crates/desk/src/x.rs", "run(r#\"SELECT 1\"#)"), [] as [String; 0]);
    assert_ne!(findings("crates/rooms/src/x.rs", "use sea_orm::EntityTrait;"), [] as [String; 0]);
    for text in ["sqlx::query(\"SELECT 1\")", "// format!(\"SELECT 1\")", "format!(\"Select a room\")"] {
        assert_eq!(findings(store, text), [] as [String; 0], "{text}");
    }
}
