//! What is known of a file that is taken.

use std::borrow::Cow;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};

const MB: u64 = 1024 * 1024;

/// The four kinds of file that a person can show to a court.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// jpeg, png, webp
    Photo,
    /// webm or ogg with Opus, m4a, mp3, wav
    Voice,
    /// mp4, mov, webm with a picture track
    Video,
    /// pdf, doc, docx, xls, xlsx
    Document,
}

impl FileKind {
    /// The largest file of this kind, in bytes (1 MB = 1024 × 1024).
    #[must_use]
    pub const fn max_bytes(self) -> u64 {
        match self {
            Self::Photo | Self::Voice => 50 * MB,
            Self::Document => 200 * MB,
            Self::Video => 2048 * MB,
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Photo => "照片",
            Self::Voice => "语音",
            Self::Video => "视频",
            Self::Document => "文档",
        }
    }
}

/// The most pixels a photo may have (SR-33). Counted in binary megapixels, because the sensors sold as "64 MP" give 9248 × 6936.
pub(crate) const MAX_PIXELS: u64 = 64 * 1024 * 1024;

/// The most pages a document may have (SR-33).
pub const MAX_PAGES: u32 = 2_000;

/// Every media type that a taken file may have.
const MEDIA_TYPES: &[&str] = &[
    "image/jpeg",
    "image/png",
    "image/webp",
    "video/mp4",
    "video/quicktime",
    "video/webm",
    "audio/mp4",
    "audio/mpeg",
    "audio/ogg",
    "audio/wav",
    "audio/webm",
    "application/pdf",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
];

/// Facts may come from a process that a hostile file has taken over: it can name a type, not invent one.
fn known_media_type<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Cow<'static, str>, D::Error> {
    let said = String::deserialize(deserializer)?;
    let known = MEDIA_TYPES.iter().find(|known| **known == said);
    known.map(|known| Cow::Borrowed(*known)).ok_or_else(|| D::Error::custom("unknown media type"))
}

/// What the owner of a file should be told, although it is taken. What each of the photo's means is in `catalog/photo.json`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Warning {
    /// A photo under 1080 × 1440 in either orientation: print on it may be unreadable.
    SmallPhoto,
    /// A part of the sheet is beyond the border.
    CutPhoto,
    BlurredPhoto,
    DarkPhoto,
    /// Much background around a small sheet.
    FarPhoto,
    CrookedPhoto,
    /// Not taken from straight above.
    SlantedPhoto,
    /// The sheet is folded, curled or covered.
    FoldedPhoto,
    /// A PDF with a password or with restricted permissions: others may not be able to open it.
    LockedPdf,
}

impl Warning {
    /// Those that a photo may have.
    pub const OF_PHOTOS: [Warning; 8] = [
        Self::SmallPhoto,
        Self::CutPhoto,
        Self::BlurredPhoto,
        Self::DarkPhoto,
        Self::FarPhoto,
        Self::CrookedPhoto,
        Self::SlantedPhoto,
        Self::FoldedPhoto,
    ];

    /// The stable name that programs see.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::SmallPhoto => "small_photo",
            Self::CutPhoto => "cut_photo",
            Self::BlurredPhoto => "blurred_photo",
            Self::DarkPhoto => "dark_photo",
            Self::FarPhoto => "far_photo",
            Self::CrookedPhoto => "crooked_photo",
            Self::SlantedPhoto => "slanted_photo",
            Self::FoldedPhoto => "folded_photo",
            Self::LockedPdf => "locked_pdf",
        }
    }
}

/// What [`crate::identify`] found.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct FileFacts {
    /// Photo, voice, video or document.
    pub kind: FileKind,
    /// The media type to serve it with; decided by the content, never by the sender.
    #[serde(deserialize_with = "known_media_type")]
    pub media_type: Cow<'static, str>,
    /// Pixels across, upright (after the EXIF turn); photos, and videos that say so.
    pub width: Option<u32>,
    /// Pixels down, upright.
    pub height: Option<u32>,
    /// Duration in seconds, where the file says it. What a browser records says nothing.
    pub seconds: Option<f64>,
    /// How many pages a PDF has; none where it cannot be told without a password, or the file has no pages yet.
    pub pages: Option<u32>,
    /// Friendly warnings, what matters most first.
    pub warnings: Vec<Warning>,
}

impl FileFacts {
    /// Facts of a document: only its kind and type.
    pub(crate) fn document(media_type: &'static str) -> Self {
        Self {
            kind: FileKind::Document,
            media_type: media_type.into(),
            width: None,
            height: None,
            seconds: None,
            pages: None,
            warnings: Vec::new(),
        }
    }
}
