//! The formats that are taken: how their names end and how their bytes begin.

use std::io::{Read, Seek, SeekFrom};

use crate::{FileKind, FileRefusal};

/// What an ending promises. Only these are parsed at all (SR-32).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Jpeg,
    Png,
    Webp,
    /// mp4 and mov: one family, told apart by its brand.
    IsoMedia,
    /// The same family with sound only.
    M4a,
    Webm,
    Ogg,
    Mp3,
    Wav,
    Pdf,
    Docx,
    Xlsx,
    Doc,
    Xls,
}

/// What the first bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Magic {
    Jpeg,
    Png,
    Webp,
    IsoMedia,
    Ebml,
    Ogg,
    Mp3,
    Wav,
    Pdf,
    Zip,
    Ole,
    /// Known, and not taken under any ending.
    Other(&'static str),
}

impl Format {
    pub(crate) fn of_ending(ending: &str) -> Result<Self, FileRefusal> {
        Ok(match ending {
            "jpg" | "jpeg" | "jpe" | "jfif" => Self::Jpeg,
            "png" => Self::Png,
            "webp" => Self::Webp,
            "mp4" | "mov" => Self::IsoMedia,
            "m4a" => Self::M4a,
            "webm" | "weba" => Self::Webm,
            "ogg" | "oga" | "opus" => Self::Ogg,
            "mp3" => Self::Mp3,
            "wav" => Self::Wav,
            "pdf" => Self::Pdf,
            "docx" => Self::Docx,
            "xlsx" => Self::Xlsx,
            "doc" => Self::Doc,
            "xls" => Self::Xls,
            "docm" | "xlsm" | "dotm" | "xltm" | "xlam" => return Err(FileRefusal::MacroDocument),
            _ => return Err(FileRefusal::TypeUnknown { ending: ending.to_owned() }),
        })
    }

    /// The kind whose size limit holds before more is known. An mp4 or webm may turn out to be a voice, with the smaller limit.
    pub(crate) fn kind(self) -> FileKind {
        match self {
            Self::Jpeg | Self::Png | Self::Webp => FileKind::Photo,
            Self::IsoMedia | Self::Webm => FileKind::Video,
            Self::M4a | Self::Ogg | Self::Mp3 | Self::Wav => FileKind::Voice,
            Self::Pdf | Self::Docx | Self::Xlsx | Self::Doc | Self::Xls => FileKind::Document,
        }
    }

    /// Whether an archive behind the end must be looked for. Packages are archives themselves, a PDF's end has its own check, and an old
    /// document may rightly end with a workbook that is embedded in it.
    pub(crate) fn may_hide_an_archive(self) -> bool {
        self.kind() != FileKind::Document
    }

    fn magic(self) -> Magic {
        match self {
            Self::Jpeg => Magic::Jpeg,
            Self::Png => Magic::Png,
            Self::Webp => Magic::Webp,
            Self::IsoMedia | Self::M4a => Magic::IsoMedia,
            Self::Webm => Magic::Ebml,
            Self::Ogg => Magic::Ogg,
            Self::Mp3 => Magic::Mp3,
            Self::Wav => Magic::Wav,
            Self::Pdf => Magic::Pdf,
            Self::Docx | Self::Xlsx => Magic::Zip,
            Self::Doc | Self::Xls => Magic::Ole,
        }
    }
}

/// Reads the first bytes of `file`, leaves it at its start and names what they are, if they are anything known.
pub(crate) fn sniff<R: Read + Seek>(file: &mut R) -> Result<Option<Magic>, FileRefusal> {
    let mut head = Vec::with_capacity(32);
    file.seek(SeekFrom::Start(0))?;
    file.by_ref().take(32).read_to_end(&mut head)?;
    file.seek(SeekFrom::Start(0))?;
    Ok(magic_of(&head))
}

/// Ending and content must tell the same story.
pub(crate) fn agree(promised: Format, found: Option<Magic>, ending: &str) -> Result<(), FileRefusal> {
    match found {
        Some(found) if found == promised.magic() => Ok(()),
        // Word and Excel put a document with a password into the old container.
        Some(Magic::Ole) if promised.magic() == Magic::Zip => Err(FileRefusal::Encrypted),
        found => Err(FileRefusal::TypeMismatch {
            ending: ending.to_owned(),
            found: found.map_or("别的东西", Magic::label).into(),
        }),
    }
}

impl Magic {
    fn label(self) -> &'static str {
        match self {
            Self::Jpeg => " JPEG 照片",
            Self::Png => " PNG 图片",
            Self::Webp => " WebP 图片",
            Self::IsoMedia => " MP4 音视频",
            Self::Ebml => " WebM 音视频",
            Self::Ogg => " OGG 录音",
            Self::Mp3 => " MP3 录音",
            Self::Wav => " WAV 录音",
            Self::Pdf => " PDF 文档",
            Self::Zip => "压缩包或新版 Office 文档",
            Self::Ole => "旧版 Office 文档",
            Self::Other(label) => label,
        }
    }
}

fn magic_of(head: &[u8]) -> Option<Magic> {
    let at = |offset: usize, bytes: &[u8]| head.get(offset..).is_some_and(|rest| rest.starts_with(bytes));
    if at(0, b"\xFF\xD8\xFF") {
        Some(Magic::Jpeg)
    } else if at(0, b"\x89PNG\r\n\x1A\n") {
        Some(Magic::Png)
    } else if at(0, b"RIFF") && at(8, b"WEBP") {
        Some(Magic::Webp)
    } else if at(0, b"RIFF") && at(8, b"WAVE") {
        Some(Magic::Wav)
    } else if at(4, b"ftyp") {
        Some(iso_brand(head.get(8..12).unwrap_or_default()))
    } else if at(0, b"\x1A\x45\xDF\xA3") {
        Some(Magic::Ebml)
    } else if at(0, b"OggS") {
        Some(Magic::Ogg)
    } else if at(0, b"%PDF-") {
        Some(Magic::Pdf)
    } else if at(0, b"PK\x03\x04") || at(0, b"PK\x05\x06") {
        Some(Magic::Zip)
    } else if at(0, b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1") {
        Some(Magic::Ole)
    } else if at(0, b"ID3") || is_mpeg_frame(head) {
        Some(Magic::Mp3)
    } else {
        other(head)
    }
}

/// HEIF pictures wear the same box as films.
fn iso_brand(brand: &[u8]) -> Magic {
    match brand {
        b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1" => Magic::Other(" HEIC 照片"),
        b"avif" | b"avis" => Magic::Other(" AVIF 图片"),
        _ => Magic::IsoMedia,
    }
}

/// An MPEG audio layer III frame header: sync, a version, layer III, a bit rate and a sample rate that exist.
fn is_mpeg_frame(head: &[u8]) -> bool {
    matches!(head, [0xFF, b, c, ..] if b & 0xE0 == 0xE0 && b & 0x18 != 0x08 && b & 0x06 == 0x02 && c & 0xF0 != 0xF0 && c & 0x0C != 0x0C)
}

fn other(head: &[u8]) -> Option<Magic> {
    let text = head.trim_ascii_start();
    if head.starts_with(b"GIF8") {
        Some(Magic::Other(" GIF 图片"))
    } else if head.starts_with(b"MZ") || head.starts_with(b"\x7FELF") {
        Some(Magic::Other("程序"))
    } else if head.starts_with(b"Rar!") || head.starts_with(b"7z\xBC\xAF") || head.starts_with(b"\x1F\x8B") {
        Some(Magic::Other("压缩包"))
    } else if head.starts_with(b"{\\rtf") {
        Some(Magic::Other(" RTF 文档"))
    } else if text.first() == Some(&b'<') {
        Some(Magic::Other("网页"))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sr32_first_bytes_are_named() {
        for (bytes, magic) in [
            (&b"\xFF\xD8\xFF\xE0"[..], Some(Magic::Jpeg)),
            (b"RIFF\0\0\0\0WAVEfmt ", Some(Magic::Wav)),
            (b"RIFF\0\0\0\0AVI LIST", None),
            (b"\0\0\0\x18ftypheic", Some(Magic::Other(" HEIC 照片"))),
            (b"\0\0\0\x18ftypisom", Some(Magic::IsoMedia)),
            (b"GIF89a", Some(Magic::Other(" GIF 图片"))),
            (b"\n <!DOCTYPE html>", Some(Magic::Other("网页"))),
            (b"\xFF\xFB\x90\x64", Some(Magic::Mp3)),
            (b"\xFF\xF1\x50\x80", None),
            (b" %PDF-1.4", None),
            (b"", None),
        ] {
            assert_eq!(magic_of(bytes), magic, "{bytes:?}");
        }
    }
}
