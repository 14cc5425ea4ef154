//! PDF: header, end, cross-reference and catalogue. Nothing is rendered and no stream is unpacked here.

use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};

use memchr::memmem;

use crate::{FileFacts, FileRefusal, Warning};

/// How much of the end is searched for the last `startxref`.
const TAIL: u64 = 4096;

/// How much of a trailer or of a cross-reference stream's dictionary is read.
const DICTIONARY: u64 = 64 * 1024;

/// The most subsections that a cross-reference table may have; every incremental save adds its own table, not to this one.
const MAX_SUBSECTIONS: usize = 100_000;

const BROKEN: FileRefusal = FileRefusal::Broken(std::borrow::Cow::Borrowed("pdf structure"));

pub(crate) fn examine(file: &File, size: u64) -> Result<FileFacts, FileRefusal> {
    let mut reader = BufReader::new(file);
    let from = size.saturating_sub(TAIL);
    reader.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    reader.by_ref().take(TAIL).read_to_end(&mut tail)?;
    let end = memmem::rfind(&tail, b"%%EOF").ok_or(BROKEN)?;
    // A page of HTML or a second file behind the end is how one file becomes two.
    if tail[end + 5..].iter().any(|b| !b.is_ascii_whitespace() && *b != 0) {
        return Err(FileRefusal::Disguised);
    }
    let trailer = match pointed_trailer(&mut reader, &tail[..end], size)? {
        Some(dictionary) => has(&dictionary, b"/Encrypt"),
        // Some scanners write a wrong pointer; every viewer then searches for the objects, and so do we.
        None => searched_catalogue(&mut reader)?.ok_or(BROKEN)?,
    };
    let mut facts = FileFacts::document("application/pdf");
    if trailer {
        facts.warnings.push(Warning::LockedPdf);
    }
    Ok(facts)
}

fn has(haystack: &[u8], needle: &[u8]) -> bool {
    memmem::find(haystack, needle).is_some()
}

/// The trailer dictionary (or that of the cross-reference stream) to which the last `startxref` points, if it names a catalogue.
fn pointed_trailer(reader: &mut BufReader<&File>, tail: &[u8], size: u64) -> Result<Option<Vec<u8>>, FileRefusal> {
    let Some(offset) = last_startxref(tail).filter(|offset| *offset < size) else { return Ok(None) };
    reader.seek(SeekFrom::Start(offset))?;
    let Some(first) = token(reader)? else { return Ok(None) };
    let is_table = first == b"xref";
    if is_table && skip_table(reader)?.is_none() {
        return Ok(None);
    }
    let mut dictionary = Vec::new();
    reader.by_ref().take(DICTIONARY).read_to_end(&mut dictionary)?;
    let end = if is_table { memmem::find(&dictionary, b"startxref") } else { memmem::find(&dictionary, b"stream") };
    dictionary.truncate(end.unwrap_or(dictionary.len()));
    let is_stream = first.iter().all(u8::is_ascii_digit) && has(&dictionary, b"/XRef");
    Ok(((is_table || is_stream) && has(&dictionary, b"/Root")).then_some(dictionary))
}

fn last_startxref(tail: &[u8]) -> Option<u64> {
    let at = memmem::rfind(tail, b"startxref")? + 9;
    let digits: Vec<u8> = tail[at..]
        .iter()
        .copied()
        .skip_while(u8::is_ascii_whitespace)
        .take_while(u8::is_ascii_digit)
        .take(20)
        .collect();
    std::str::from_utf8(&digits).ok()?.parse().ok()
}

/// Reads past the lines of a cross-reference table up to and including the word `trailer`.
fn skip_table(reader: &mut BufReader<&File>) -> Result<Option<()>, FileRefusal> {
    for _ in 0..MAX_SUBSECTIONS {
        let Some(start) = token(reader)? else { return Ok(None) };
        if start == b"trailer" {
            return Ok(Some(()));
        }
        let count = token(reader)?.and_then(|t| std::str::from_utf8(&t).ok()?.parse::<i64>().ok());
        let (true, Some(count @ 0..=10_000_000)) = (start.iter().all(u8::is_ascii_digit), count) else {
            return Ok(None);
        };
        if count > 0 {
            // Entries are exactly twenty bytes, the first begins after the line's end.
            skip_whitespace(reader)?;
            reader.seek_relative(count * 20 - 1)?;
        }
    }
    Ok(None)
}

/// The next word, at most 32 bytes of it.
fn token(reader: &mut BufReader<&File>) -> Result<Option<Vec<u8>>, FileRefusal> {
    skip_whitespace(reader)?;
    let mut word = Vec::new();
    while word.len() < 32 {
        match reader.fill_buf()?.first().copied() {
            Some(b) if b.is_ascii_alphanumeric() => {
                word.push(b);
                reader.consume(1);
            }
            _ => break,
        }
    }
    Ok((!word.is_empty()).then_some(word))
}

fn skip_whitespace(reader: &mut BufReader<&File>) -> Result<(), FileRefusal> {
    for _ in 0..1024 {
        match reader.fill_buf()?.first() {
            Some(b) if b.is_ascii_whitespace() => reader.consume(1),
            _ => break,
        }
    }
    Ok(())
}

/// Looks through the whole file for a catalogue with pages. `Some(encrypted)` if there is one.
fn searched_catalogue(reader: &mut BufReader<&File>) -> Result<Option<bool>, FileRefusal> {
    const CHUNK: usize = 1024 * 1024;
    const OVERLAP: usize = 16;
    let finders = [&b"/Catalog"[..], b"/Pages", b"/Encrypt", b"/XRef", b" obj"].map(memmem::Finder::new);
    let mut seen = [false; 5];
    let mut window = Vec::with_capacity(CHUNK + OVERLAP);
    reader.seek(SeekFrom::Start(0))?;
    loop {
        let kept = window.len().min(OVERLAP);
        window.drain(..window.len() - kept);
        let got = reader.by_ref().take(CHUNK as u64).read_to_end(&mut window)?;
        for (finder, seen) in finders.iter().zip(&mut seen) {
            *seen = *seen || finder.find(&window).is_some();
        }
        if got == 0 {
            break;
        }
    }
    let [catalogue, pages, encrypted, stream, objects] = seen;
    // In a file with cross-reference streams the catalogue itself may be packed.
    Ok((objects && ((catalogue && pages) || stream)).then_some(encrypted))
}
