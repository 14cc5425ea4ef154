//! The outermost boxes of an mp4 or mov (ISO 14496-12): they must fill the file exactly.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use crate::FileRefusal;

/// A fragmented film has two boxes a fragment; so many are seven hours of one-second fragments.
const MAX_BOXES: usize = 50_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Brand {
    Mp4,
    QuickTime,
}

/// Refuses a file that stops inside a box. Seeks from box to box, reads sixteen bytes of each.
pub(crate) fn check(file: &File, size: u64) -> Result<Brand, FileRefusal> {
    let mut file = BufReader::new(file);
    file.seek(SeekFrom::Start(0))?;
    let mut position = 0;
    let mut at = 0;
    let mut brand = None;
    for _ in 0..MAX_BOXES {
        if at == size {
            return brand.ok_or(FileRefusal::Broken("no ftyp box".into()));
        }
        // Relative, so that boxes that lie close together cost no system call.
        file.seek_relative(i64::try_from(at - position).map_err(|_| FileRefusal::Broken("box size".into()))?)?;
        let mut head = [0_u8; 8];
        file.read_exact(&mut head)?;
        position = at + 8;
        let length = match u32::from_be_bytes([head[0], head[1], head[2], head[3]]) {
            // To the end of the file.
            0 => size - at,
            1 => {
                let mut long = [0_u8; 8];
                file.read_exact(&mut long)?;
                position += 8;
                u64::from_be_bytes(long)
            }
            short => u64::from(short),
        };
        if &head[4..] == b"ftyp" && brand.is_none() {
            let mut major = [0_u8; 4];
            file.read_exact(&mut major)?;
            position += 4;
            brand = Some(if &major == b"qt  " { Brand::QuickTime } else { Brand::Mp4 });
        }
        if at + length.min(size) < position || length > size - at {
            return Err(FileRefusal::Broken("box is too short or reaches past the end".into()));
        }
        at += length;
    }
    Err(FileRefusal::Broken("too many boxes".into()))
}
