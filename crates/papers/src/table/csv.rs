//! CSV, in the encodings that programs in China write it in.

use std::borrow::Cow;

use encoding_rs::{GB18030, UTF_16BE, UTF_16LE};

use super::{Rows, Sheet, TableRefusal};
use crate::FileRefusal;

pub(super) fn read(bytes: &[u8]) -> Result<Sheet, TableRefusal> {
    let text = decode(bytes)?;
    // A program that writes text into this file wrote no CSV.
    if text.contains('\0') {
        return Err(TableRefusal::Encoding);
    }
    let mut reader = csv::ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
    let mut rows = Rows::default();
    let mut record = csv::StringRecord::new();
    let (mut line, mut counted) = (1, 0);
    loop {
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            Err(_) => return Err(FileRefusal::Broken("csv structure".into()).into()),
        }
        // The reader's own count is off by one after CRLF: it leaves the LF, and empty lines, to the record that follows.
        let begins = record.position().map_or(0, csv::Position::byte);
        let mut begins = usize::try_from(begins).unwrap_or(usize::MAX).min(text.len());
        begins += text.as_bytes()[begins..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += text.as_bytes()[counted..begins].iter().filter(|byte| **byte == b'\n').count() as u64;
        counted = begins;
        for (column, cell) in record.iter().enumerate() {
            rows.put(line, column, cell)?;
        }
    }
    Ok(Sheet { name: String::new(), rows: rows.rows })
}

/// The text: what a mark at the beginning says, else UTF-8 if it is, else GB18030, which Excel writes in China.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, TableRefusal> {
    let whole = |text: Option<Cow<'static, str>>| text.ok_or(TableRefusal::Encoding);
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return std::str::from_utf8(rest).map(Cow::Borrowed).map_err(|_| TableRefusal::Encoding);
    }
    for (mark, encoding) in [(b"\xff\xfe", UTF_16LE), (b"\xfe\xff", UTF_16BE)] {
        if let Some(rest) = bytes.strip_prefix(mark) {
            let text = encoding.decode_without_bom_handling_and_without_replacement(rest);
            return whole(text.map(|text| Cow::Owned(text.into_owned())));
        }
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok(Cow::Borrowed(text));
    }
    let text = GB18030.decode_without_bom_handling_and_without_replacement(bytes);
    whole(text.map(|text| Cow::Owned(text.into_owned())))
}
