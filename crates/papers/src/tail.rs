//! Two files in one: a ZIP archive is read from its end, so it can hide behind anything (a "photo" that unpacks).

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::FileRefusal;

/// An end record with the longest comment that ZIP allows.
const LONGEST_END: u64 = 22 + 65_535;

/// Whether the last bytes are the end record of a ZIP archive, comment included.
pub(crate) fn ends_as_zip(file: &mut File, size: u64) -> Result<bool, FileRefusal> {
    let from = size.saturating_sub(LONGEST_END);
    file.seek(SeekFrom::Start(from))?;
    let mut tail = Vec::new();
    file.take(LONGEST_END).read_to_end(&mut tail)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(memchr::memmem::find_iter(&tail, b"PK\x05\x06").any(|at| is_end_record(&tail[at..])))
}

/// An end record says how long its comment is; by chance this fits once in 65,536 times four matching bytes.
fn is_end_record(bytes: &[u8]) -> bool {
    let Some(comment) = bytes.get(20..22) else { return false };
    let comment = usize::from(u16::from_le_bytes([comment[0], comment[1]]));
    // A little slack: some tools append a newline.
    bytes.len() >= 22 + comment && bytes.len() - (22 + comment) <= 16
}
