//! The outermost elements of a webm (RFC 8794): the document type, and a segment that the file really holds.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};

use crate::FileRefusal;

const BROKEN: FileRefusal = FileRefusal::Broken(std::borrow::Cow::Borrowed("ebml header"));

/// Refuses Matroska that is not WebM, and a segment longer than the file. What a browser records has a segment of unknown length.
pub(crate) fn check(mut file: &File, size: u64) -> Result<(), FileRefusal> {
    let mut head = [0_u8; 256];
    file.seek(SeekFrom::Start(0))?;
    let mut got = 0;
    while got < head.len() {
        match file.read(&mut head[got..])? {
            0 => break,
            n => got += n,
        }
    }
    let mut header = Elements { bytes: &head[..got], at: 4 };
    let length = usize::try_from(header.length().flatten().ok_or(BROKEN)?).map_err(|_| BROKEN)?;
    let end = header.at.checked_add(length).filter(|end| *end <= got).ok_or(BROKEN)?;
    let mut inside = Elements { bytes: &head[..end], at: header.at };
    if inside.find(0x4282).ok_or(BROKEN)? != b"webm" {
        return Err(FileRefusal::TypeMismatch { ending: "webm".to_owned(), found: " MKV 视频".into() });
    }
    let mut segment = Elements { bytes: &head[..got], at: end };
    if segment.id() != Some(0x1853_8067) {
        return Err(BROKEN);
    }
    match segment.length().ok_or(BROKEN)? {
        Some(length) if length > size - segment.at as u64 => {
            Err(FileRefusal::Broken("segment reaches past the end".into()))
        }
        _ => Ok(()),
    }
}

struct Elements<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Elements<'a> {
    /// An element's id: as many bytes as its first one has leading zeros, and one.
    fn id(&mut self) -> Option<u32> {
        let width = self.bytes.get(self.at)?.leading_zeros() as usize + 1;
        let bytes = self.bytes.get(self.at..self.at + width).filter(|b| b.len() <= 4)?;
        self.at += width;
        Some(bytes.iter().fold(0, |id, b| id << 8 | u32::from(*b)))
    }

    /// An element's length; `Some(None)` is the reserved value for "unknown".
    fn length(&mut self) -> Option<Option<u64>> {
        let width = self.bytes.get(self.at)?.leading_zeros() as usize + 1;
        let bytes = self.bytes.get(self.at..self.at + width).filter(|b| b.len() <= 8)?;
        self.at += width;
        let value = bytes.iter().fold(0_u64, |v, b| v << 8 | u64::from(*b)) & ((1_u64 << (7 * width)) - 1);
        Some((value != (1_u64 << (7 * width)) - 1).then_some(value))
    }

    /// The bytes of the first element with this id.
    fn find(&mut self, wanted: u32) -> Option<&'a [u8]> {
        while self.at < self.bytes.len() {
            let id = self.id()?;
            let length = usize::try_from(self.length()??).ok()?;
            let data = self.bytes.get(self.at..self.at.checked_add(length)?)?;
            if id == wanted {
                return Some(data);
            }
            self.at += length;
        }
        None
    }
}
