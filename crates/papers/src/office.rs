//! docx and xlsx: ZIP packages whose every entry is counted before and while it is unpacked (SR-33).

use std::fs::File;
use std::io::{self, BufReader, Cursor, Read, Seek};

use zip::ZipArchive;
use zip::result::ZipError;

use crate::budget::{Budget, Budgeted};
use crate::format::Format;
use crate::{FileFacts, FileRefusal};

const MAX_ENTRIES: u64 = 10_000;
const MAX_UNPACKED: u64 = 1024 * 1024 * 1024;
const MAX_RATIO: u64 = 200;
/// Under this size no ratio is a danger; a few blank kilobytes pack very well.
const RATIO_MATTERS_FROM: u64 = 16 * 1024 * 1024;
/// The package itself is the first depth, a workbook inside a document the second.
const MAX_DEPTH: usize = 2;
/// An embedded package is unpacked into memory to be looked at.
const MAX_EMBEDDED: u64 = 64 * 1024 * 1024;
/// The table of contents: 10,000 entries with long names take 2 MB.
const MAX_DIRECTORY: u64 = 8 * 1024 * 1024;
const MAX_CONTENT_TYPES: u64 = 4 * 1024 * 1024;

/// What was unpacked so far, over all depths.
#[derive(Default)]
struct Tally {
    entries: u64,
    unpacked: u64,
}

pub(crate) fn examine(file: &File, promised: Format) -> Result<FileFacts, FileRefusal> {
    let size = file.metadata()?.len();
    let mut tally = Tally::default();
    let contents = walk(BufReader::new(file), size, 1, &mut tally)?;
    let found = contents.main_part.ok_or(FileRefusal::Broken("no office document inside".into()))?;
    if found != promised {
        let (ending, found) = match promised {
            Format::Docx => ("docx", " Excel 表格"),
            _ => ("xlsx", " Word 文档"),
        };
        return Err(FileRefusal::TypeMismatch { ending: ending.to_owned(), found: found.into() });
    }
    Ok(FileFacts::document(match promised {
        Format::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        _ => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }))
}

/// Looks at a workbook in memory as [`examine`] does. Gives how many bytes it unpacks to.
pub(crate) fn workbook_unpacks_to(bytes: &[u8]) -> Result<u64, FileRefusal> {
    let mut tally = Tally::default();
    let contents = walk(Cursor::new(bytes), bytes.len() as u64, 1, &mut tally)?;
    match contents.main_part {
        Some(Format::Xlsx) => Ok(tally.unpacked),
        Some(_) => Err(FileRefusal::TypeMismatch { ending: "xlsx".to_owned(), found: " Word 文档".into() }),
        None => Err(FileRefusal::Broken("no office document inside".into())),
    }
}

#[derive(Default)]
struct Contents {
    main_part: Option<Format>,
}

fn walk<R: Read + Seek>(reader: R, size: u64, depth: usize, tally: &mut Tally) -> Result<Contents, FileRefusal> {
    if depth > MAX_DEPTH {
        return Err(FileRefusal::ArchiveBomb("nested too deep".into()));
    }
    let budget = Budget::new(MAX_DIRECTORY);
    let mut archive = ZipArchive::new(Budgeted::new(reader, size, budget.clone())).map_err(refusal)?;
    // From here on the packed bytes are read once each, and their headers.
    budget.grant(size.saturating_mul(2).saturating_add(MAX_DIRECTORY));
    let names = check_directory(&mut archive, size, tally)?;
    let mut types = String::new();
    for (index, name) in names.iter().enumerate() {
        let text = unpack(&mut archive, index, name, depth, tally)?;
        if name == "[Content_Types].xml" {
            types = text;
        }
    }
    // A package inside a document need not be an office document; at the top it must.
    if depth == 1 && types.is_empty() {
        return Err(FileRefusal::Broken("no content types".into()));
    }
    if types.contains("macroEnabled") || types.contains("vbaProject") {
        return Err(FileRefusal::MacroDocument);
    }
    let has = |prefix: &str| names.iter().any(|n| n.starts_with(prefix) && n.ends_with(".xml"));
    let main_part = if types.contains("wordprocessingml.document.main+xml") && has("word/document") {
        Some(Format::Docx)
    } else if types.contains("spreadsheetml.sheet.main+xml") && has("xl/workbook") {
        Some(Format::Xlsx)
    } else {
        None
    };
    Ok(Contents { main_part })
}

/// Looks at what the table of contents claims, before a byte is unpacked. Gives the names in order.
fn check_directory<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    size: u64,
    tally: &mut Tally,
) -> Result<Vec<String>, FileRefusal> {
    tally.entries += archive.len() as u64;
    if tally.entries > MAX_ENTRIES {
        return Err(FileRefusal::ArchiveBomb("too many entries".into()));
    }
    let mut names = Vec::with_capacity(archive.len());
    let (mut packed, mut unpacked) = (0_u64, 0_u64);
    for index in 0..archive.len() {
        let entry = archive.by_index_raw(index).map_err(refusal)?;
        if entry.encrypted() {
            return Err(FileRefusal::Encrypted);
        }
        if entry.enclosed_name().is_none() {
            return Err(FileRefusal::Broken("entry name leaves the package".into()));
        }
        let name = entry.name().replace('\\', "/");
        if name.to_ascii_lowercase().ends_with("vbaproject.bin") {
            return Err(FileRefusal::MacroDocument);
        }
        if entry.size() > RATIO_MATTERS_FROM && entry.size() / MAX_RATIO > entry.compressed_size() {
            return Err(FileRefusal::ArchiveBomb("ratio of an entry".into()));
        }
        packed = packed.saturating_add(entry.compressed_size());
        unpacked = unpacked.saturating_add(entry.size());
        names.push(name);
    }
    if packed > size {
        return Err(FileRefusal::ArchiveBomb("entries share their bytes".into()));
    }
    if tally.unpacked.saturating_add(unpacked) > MAX_UNPACKED {
        return Err(FileRefusal::ArchiveBomb("unpacks to too much".into()));
    }
    if unpacked > RATIO_MATTERS_FROM && unpacked / MAX_RATIO > packed {
        return Err(FileRefusal::ArchiveBomb("ratio".into()));
    }
    Ok(names)
}

/// Unpacks one entry to nowhere, counting real bytes against what was claimed; follows a package inside. Gives the text of content types.
fn unpack<R: Read + Seek>(
    archive: &mut ZipArchive<R>,
    index: usize,
    name: &str,
    depth: usize,
    tally: &mut Tally,
) -> Result<String, FileRefusal> {
    let mut entry = archive.by_index(index).map_err(refusal)?;
    let claimed = entry.size();
    let mut head = Vec::with_capacity(4);
    entry.by_ref().take(4).read_to_end(&mut head).map_err(broken)?;
    let is_package = head == b"PK\x03\x04";
    let is_types = name == "[Content_Types].xml";
    let mut rest = entry.by_ref().take((claimed + 1).saturating_sub(head.len() as u64));
    let mut kept = Vec::new();
    let got = if is_package || is_types {
        if claimed > if is_package { MAX_EMBEDDED } else { MAX_CONTENT_TYPES } {
            return Err(FileRefusal::ArchiveBomb("embedded part too large".into()));
        }
        kept.extend_from_slice(&head);
        rest.read_to_end(&mut kept).map_err(broken)? as u64
    } else {
        io::copy(&mut rest, &mut io::sink()).map_err(broken)?
    };
    let real = head.len() as u64 + got;
    if real > claimed {
        return Err(FileRefusal::ArchiveBomb("more than claimed".into()));
    }
    tally.unpacked += real;
    if is_package {
        let size = kept.len() as u64;
        // What is not a readable archive cannot be unpacked by anybody further on; limits and macros are what matters here.
        match walk(Cursor::new(kept), size, depth + 1, tally) {
            Ok(_) | Err(FileRefusal::Broken(_) | FileRefusal::Encrypted) => {}
            Err(refusal) => return Err(refusal),
        }
        return Ok(String::new());
    }
    Ok(String::from_utf8_lossy(&kept).into_owned())
}

fn broken(_: io::Error) -> FileRefusal {
    FileRefusal::Broken("entry cannot be unpacked".into())
}

fn refusal(error: ZipError) -> FileRefusal {
    match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => FileRefusal::Encrypted,
        _ => FileRefusal::Broken("zip structure".into()),
    }
}
