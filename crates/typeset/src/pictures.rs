//! Pictures that can be printed. One that cannot must not cost the whole document.

use typst::foundations::Bytes;
use typst::visualize::{ExchangeFormat, RasterImage};

/// No thumbnail is larger; more would fill the memory.
const MAX_EDGE: u32 = 4096;

/// The end of a JPEG.
const END: [u8; 2] = [0xFF, 0xD9];

/// A picture as the typesetter takes it.
pub(crate) enum Printable {
    /// As it is: decoded, and remembered by the typesetter, so that it is decoded once.
    Decoded(Bytes),
    /// A JPEG, of these pixels across and down, that goes into the PDF as it is. Two hundred photos decoded would fill half of the memory that a
    /// long transcript may have, for pixels that nobody looks at.
    Whole { bytes: Bytes, width: u32, height: u32 },
}

/// The picture, if it is a whole JPEG or PNG of colours that the archive format knows.
pub(crate) fn printable(bytes: &[u8]) -> Option<Printable> {
    let (format, width, height) = header(bytes)?;
    if width == 0 || height == 0 || width > MAX_EDGE || height > MAX_EDGE {
        return None;
    }
    let whole = Bytes::new(bytes.to_vec());
    if matches!(format, ExchangeFormat::Jpg) {
        return bytes.ends_with(&END).then_some(Printable::Whole { bytes: whole, width, height });
    }
    RasterImage::plain(whole.clone(), format).ok()?;
    Some(Printable::Decoded(whole))
}

/// A drawing that shows nothing but the picture of this name. The typesetter decodes pictures, but not those in drawings.
pub(crate) fn drawing(name: &str, width: u32, height: u32) -> Bytes {
    Bytes::from_string(format!(
        r#"<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"><image href="{name}" width="{width}" height="{height}"/></svg>"#
    ))
}

/// What the first bytes say.
fn header(bytes: &[u8]) -> Option<(ExchangeFormat, u32, u32)> {
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") && bytes.get(12..16)? == b"IHDR" {
        let number = |at: usize| Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        return Some((ExchangeFormat::Png, number(16)?, number(20)?));
    }
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        let (width, height) = frame_of_jpeg(bytes)?;
        return Some((ExchangeFormat::Jpg, width, height));
    }
    None
}

/// Width and height from the frame header. Four components would be printing inks, which need a profile of their own.
fn frame_of_jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        let (&[0xFF, marker], rest) = bytes.get(at..)?.split_first_chunk::<2>()? else { return None };
        if marker == 0xFF {
            at += 1;
            continue;
        }
        let length = usize::from(u16::from_be_bytes(*rest.first_chunk()?));
        if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
            let [_, _, _, h1, h2, w1, w2, components] = *rest.first_chunk()?;
            let size = (u32::from(u16::from_be_bytes([w1, w2])), u32::from(u16::from_be_bytes([h1, h2])));
            return matches!(components, 1 | 3).then_some(size);
        }
        if length < 2 {
            return None;
        }
        at += 2 + length;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_says_how_large_a_picture_is() {
        let jpeg =
            [&[0xFF, 0xD8, 0xFF, 0xE0, 0, 4, 1, 2, 0xFF, 0xC0, 0, 11, 8, 0, 90, 0, 120, 3, 0, 0, 0][..]].concat();
        assert!(matches!(header(&jpeg), Some((ExchangeFormat::Jpg, 120, 90))));
        let inks = [&[0xFF, 0xD8, 0xFF, 0xC0, 0, 14, 8, 0, 90, 0, 120, 4, 0, 0, 0][..]].concat();
        assert!(header(&inks).is_none());
    }

    #[test]
    fn rubbish_is_no_picture() {
        for bytes in [
            &b""[..],
            b"\xFF\xD8\xFF",
            b"\xFF\xD8\xFF\xE0\0\0",
            b"GIF89a",
            b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01",
        ] {
            assert!(printable(bytes).is_none(), "{bytes:?}");
        }
    }
}
