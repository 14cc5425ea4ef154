//! The container of a bundle: a ZIP file of which every byte is determined by the names and contents of its files.
//!
//! Nothing is compressed, no time is kept, headers have one spelling. So any program opens it, and a verifier can write the headers anew
//! and compare: not one byte can be changed without being noticed.

use std::collections::HashSet;
use std::io::{self, Read};

/// A file in the container.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub crc: u32,
    pub size: u64,
    /// Where its header begins.
    pub offset: u64,
}

/// Whether numbers take 32 or 64 bits: one form for the whole container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    Narrow,
    Wide,
}

impl Form {
    /// The form for a container of so many files and bytes: wide where the narrow one might not hold it.
    pub fn of(files: u64, bytes: u64) -> Form {
        // Two headers of a file with its name stay below 500 bytes.
        if files < 60_000 && bytes + 500 * files < u32::MAX.into() { Form::Narrow } else { Form::Wide }
    }

    fn version(self) -> u16 {
        match self {
            Form::Narrow => 20,
            Form::Wide => 45,
        }
    }

    /// A number where the form keeps it: in its field, or as ones that say to look elsewhere.
    fn field(self, number: u64) -> u32 {
        match self {
            Form::Narrow => u32::try_from(number).unwrap_or(u32::MAX),
            Form::Wide => u32::MAX,
        }
    }

    fn extra(self, numbers: &[u64]) -> Vec<u8> {
        if self == Form::Narrow {
            return Vec::new();
        }
        let mut extra = vec![1, 0, (8 * numbers.len()) as u8, 0];
        extra.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
        extra
    }
}

/// What stands before a file's bytes.
pub fn local_header(form: Form, entry: &Entry) -> Vec<u8> {
    let mut header = b"PK\x03\x04".to_vec();
    header.extend(common(form, entry, &form.extra(&[entry.size, entry.size])));
    header.extend(entry.name.as_bytes());
    header.extend(form.extra(&[entry.size, entry.size]));
    header
}

/// From the version to the length of the extra field; both headers have it.
fn common(form: Form, entry: &Entry, extra: &[u8]) -> Vec<u8> {
    let mut part = Vec::with_capacity(26);
    // Names are UTF-8; nothing is compressed; the first moment that the format knows.
    for number in [form.version(), 0x0800, 0, 0, 0x21] {
        part.extend(number.to_le_bytes());
    }
    for number in [entry.crc, form.field(entry.size), form.field(entry.size)] {
        part.extend(number.to_le_bytes());
    }
    for length in [entry.name.len(), extra.len()] {
        part.extend((length as u16).to_le_bytes());
    }
    part
}

/// What stands after the last file, beginning at `offset`.
pub fn directory(form: Form, entries: &[Entry], offset: u64) -> Vec<u8> {
    let mut out = Vec::new();
    for entry in entries {
        let extra = form.extra(&[entry.size, entry.size, entry.offset]);
        out.extend(b"PK\x01\x02");
        out.extend(form.version().to_le_bytes());
        out.extend(common(form, entry, &extra));
        // No comment, first disk, no attributes.
        out.extend([0; 10]);
        out.extend(form.field(entry.offset).to_le_bytes());
        out.extend(entry.name.as_bytes());
        out.extend(extra);
    }
    let (count, size) = (entries.len() as u64, out.len() as u64);
    if form == Form::Wide {
        let end = offset + size;
        out.extend(b"PK\x06\x06");
        out.extend(44_u64.to_le_bytes());
        out.extend([45, 0, 45, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        out.extend([count, count, size, offset].iter().flat_map(|number| number.to_le_bytes()));
        out.extend(b"PK\x06\x07\0\0\0\0");
        out.extend(end.to_le_bytes());
        out.extend([1, 0, 0, 0]);
    }
    let short = |number: u64| if form == Form::Wide { u16::MAX } else { number as u16 };
    out.extend(b"PK\x05\x06\0\0\0\0");
    out.extend([short(count), short(count)].iter().flat_map(|number| number.to_le_bytes()));
    out.extend([form.field(size), form.field(offset)].iter().flat_map(|number| number.to_le_bytes()));
    out.extend([0, 0]);
    out
}

/// Reads a container from its first byte to its last. `take` gets each file's name and bytes, and must read all of them.
///
/// Returns the names of files whose headers are not as they were written, and whether the container as a whole is sound.
///
/// # Errors
/// When the source cannot be read, or `take` fails.
pub fn read(
    source: impl Read,
    mut take: impl FnMut(&str, &mut dyn Read) -> io::Result<()>,
) -> io::Result<(Vec<String>, bool)> {
    let mut source = Counted { source, bytes: 0 };
    let (mut entries, mut odd, mut form) = (Vec::new(), Vec::new(), Form::Narrow);
    let mut names = HashSet::new();
    loop {
        let offset = source.bytes;
        let mut head = [0; 30];
        let got = fill(&mut source, &mut head[..4])?;
        if &head[..4] != b"PK\x03\x04" {
            let mut rest = head[..got].to_vec();
            source.read_to_end(&mut rest)?;
            return Ok((odd, rest == directory(form, &entries, offset)));
        }
        if fill(&mut source, &mut head[4..])? != 26 {
            return Ok((odd, false));
        }
        let short = |at: usize| u16::from_le_bytes([head[at], head[at + 1]]);
        let long = |at: usize| u32::from_le_bytes([head[at], head[at + 1], head[at + 2], head[at + 3]]);
        let mut rest = vec![0; usize::from(short(26)) + usize::from(short(28))];
        if fill(&mut source, &mut rest)? != rest.len() {
            return Ok((odd, false));
        }
        let (name, extra) = rest.split_at(usize::from(short(26)));
        let Ok(name) = String::from_utf8(name.to_vec()) else { return Ok((odd, false)) };
        if entries.is_empty() && short(28) == 20 {
            form = Form::Wide;
        }
        let size = match (form, extra.get(4..12)) {
            (Form::Wide, Some(size)) => u64::from_le_bytes(size.try_into().unwrap_or_default()),
            (Form::Wide, None) => return Ok((odd, false)),
            (Form::Narrow, _) => long(18).into(),
        };
        let mut content = Summed { source: (&mut source).take(size), crc: !0, bytes: 0 };
        take(&name, &mut content)?;
        let entry = Entry { crc: !content.crc, size: content.bytes, name, offset };
        if content.bytes != size {
            return Ok((odd, false));
        }
        // Two files of one name would be one to us and another to somebody else.
        if !names.insert(entry.name.clone()) || local_header(form, &entry) != [head.as_slice(), &rest].concat() {
            odd.push(entry.name.clone());
        }
        entries.push(entry);
    }
}

/// Fills as much of the buffer as there is.
fn fill(source: &mut impl Read, buffer: &mut [u8]) -> io::Result<usize> {
    let mut filled = 0;
    while filled < buffer.len() {
        match source.read(&mut buffer[filled..])? {
            0 => break,
            count => filled += count,
        }
    }
    Ok(filled)
}

struct Counted<R> {
    source: R,
    bytes: u64,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.bytes += count as u64;
        Ok(count)
    }
}

struct Summed<R> {
    source: R,
    crc: u32,
    bytes: u64,
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.source.read(buffer)?;
        self.crc = crc_on(self.crc, &buffer[..count]);
        self.bytes += count as u64;
        Ok(count)
    }
}

/// The checksum that the format wants (CRC-32, IEEE 802.3). It protects nothing here; the manifest does.
pub fn crc(bytes: &[u8]) -> u32 {
    !crc_on(!0, bytes)
}

/// The same, bytes by and by: begin with all ones, invert at the end.
pub fn crc_on(crc: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(crc, |crc, byte| (crc >> 8) ^ TABLE[usize::from(crc as u8 ^ byte)])
}

const TABLE: [u32; 256] = {
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let (mut value, mut bit) = (at as u32, 0);
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ 0xedb8_8320 } else { value >> 1 };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
};
