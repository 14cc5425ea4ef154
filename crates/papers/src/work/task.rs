//! The table of what the worker can do, and of what each task may cost.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::reading::Turn;
use crate::{Mark, TableKind};

const MIB: u64 = 1024 * 1024;
const GIB: u64 = 1024 * MIB;

/// One thing that the worker does. Parameters are plain data, never paths: the files to work on are the order's inputs.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(tag = "task", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Task {
    /// Says what a file is; only the ending of its name counts. Answer: [`crate::FileFacts`].
    Identify { name: String },
    /// Draws a photo small, at most `edge` pixels on its longer side. Answer: [`super::Picture`] and a JPEG.
    Thumbnail { edge: u32 },
    /// Counts and measures the pages of a PDF or photo. Answer: [`super::Sizes`].
    Pages,
    /// Draws a page of a PDF (from 1) or a photo, `width` pixels across. Answer: [`super::Picture`] and a JPEG.
    Page { n: u32, width: u32 },
    /// Takes a still picture of a video. Answer: [`super::Picture`] and a JPEG.
    Poster { edge: u32 },
    /// Turns a document of Word or Excel into a PDF. Answer: nothing but the PDF.
    OfficeToPdf { form: OfficeForm },
    /// Draws anew what somebody drew on a screen, a signature: a PNG of pixels alone. Answer: nothing but the PNG.
    Drawing,
    /// Counts and measures the pages of a PDF, or the one that a photo would become, in points. Answer: [`super::Sizes`].
    Places,
    /// Puts a picture, the second input, on places of a PDF or photo. Answer: [`super::Sizes`] and the PDF.
    Mark { marks: Vec<Mark> },
    /// Reads the print on a photo (OCR). Answer: [`crate::reading::Reading`].
    Recognise { turn: Turn },
    /// Reads a table that another program exported. Answer: the sheets, or why they cannot be read.
    Table { kind: TableKind },
}

/// The forms of documents that LibreOffice turns into PDF.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum OfficeForm {
    Doc,
    Docx,
    Xls,
    Xlsx,
}

/// Which queue a task waits in: who has just sent a file does not wait behind a conversion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Somebody waits for the answer before they can go on.
    Check,
    /// Somebody looks at an empty place on the screen.
    View,
    /// Takes seconds and much memory; few at once.
    Long,
}

/// What a task may cost. Past any of these it is killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Address space of each of its processes, in bytes.
    pub memory: u64,
    /// Processor time of each of its processes, in seconds.
    pub cpu: u64,
    /// From start to end.
    pub wall: Duration,
    /// What it may write beside its answer, in bytes. It is kept in memory.
    pub scratch: u64,
    /// What it may answer, files included, in bytes.
    pub output: u64,
    /// How many processes and threads it may have.
    pub processes: u64,
}

/// A program of the system that a task needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Need {
    /// As it is called, in `/usr/bin`.
    pub program: &'static str,
    /// The Debian packages that bring it.
    pub packages: &'static str,
    /// What people are told when it is not there.
    pub sentence: &'static str,
}

const FFMPEG: Need =
    Need {
        program: "ffmpeg", packages: "ffmpeg", sentence: "本法院的服务器不能生成视频封面。视频本身可以照常播放。"
    };
const SOFFICE: Need = Need {
    program: "soffice",
    packages: "libreoffice-writer-nogui libreoffice-calc-nogui",
    sentence: "本法院的服务器不能预览 Word 和 Excel 文档，请下载原件查看，或者另存为 PDF 后再上传。",
};

const TESSERACT: Need = Need {
    program: "tesseract",
    packages: "tesseract-ocr tesseract-ocr-chi-sim",
    sentence: "本法院的服务器不能识别照片上的文字。",
};

impl Task {
    /// Its name, for logs and metrics.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Task::Identify { .. } => "identify",
            Task::Thumbnail { .. } => "thumbnail",
            Task::Pages => "pages",
            Task::Page { .. } => "page",
            Task::Poster { .. } => "poster",
            Task::OfficeToPdf { .. } => "office-to-pdf",
            Task::Drawing => "drawing",
            Task::Places => "places",
            Task::Mark { .. } => "mark",
            Task::Recognise { .. } => "recognise",
            Task::Table { .. } => "table",
        }
    }

    /// What it may cost. A progressive photo at the pixel limit takes 600 MB to decode; LibreOffice reserves gigabytes and uses few.
    #[must_use]
    pub const fn bounds(&self) -> Bounds {
        let seconds = Duration::from_secs;
        match self {
            Task::Identify { .. } => {
                Bounds { memory: 2 * GIB, cpu: 10, wall: seconds(20), scratch: MIB, output: 64 * 1024, processes: 8 }
            }
            Task::Drawing => {
                Bounds { memory: GIB, cpu: 5, wall: seconds(15), scratch: MIB, output: 4 * MIB, processes: 8 }
            }
            Task::Table { .. } => {
                Bounds { memory: GIB, cpu: 10, wall: seconds(15), scratch: MIB, output: 64 * MIB, processes: 8 }
            }
            Task::Thumbnail { .. } => {
                Bounds { memory: 2 * GIB, cpu: 20, wall: seconds(30), scratch: MIB, output: 8 * MIB, processes: 8 }
            }
            Task::Pages | Task::Places => {
                Bounds { memory: 2 * GIB, cpu: 20, wall: seconds(30), scratch: MIB, output: MIB, processes: 8 }
            }
            Task::Page { .. } => {
                Bounds { memory: 2 * GIB, cpu: 20, wall: seconds(30), scratch: MIB, output: 24 * MIB, processes: 8 }
            }
            Task::Mark { .. } => {
                Bounds { memory: 3 * GIB, cpu: 40, wall: seconds(45), scratch: MIB, output: 120 * MIB, processes: 8 }
            }
            Task::Poster { .. } => Bounds {
                memory: 3 * GIB,
                cpu: 20,
                wall: seconds(30),
                scratch: 64 * MIB,
                output: 8 * MIB,
                processes: 64,
            },
            Task::Recognise { .. } => Bounds {
                memory: 2 * GIB,
                cpu: 50,
                wall: seconds(60),
                scratch: 64 * MIB,
                output: 8 * MIB,
                processes: 16,
            },
            Task::OfficeToPdf { .. } => Bounds {
                memory: 4 * GIB,
                cpu: 40,
                wall: seconds(45),
                scratch: 512 * MIB,
                output: 200 * MIB,
                processes: 64,
            },
        }
    }

    /// Which queue it waits in.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        match self {
            Task::Identify { .. } | Task::Drawing | Task::Table { .. } => Lane::Check,
            Task::Thumbnail { .. } | Task::Pages | Task::Places | Task::Page { .. } | Task::Poster { .. } => Lane::View,
            Task::OfficeToPdf { .. } | Task::Recognise { .. } | Task::Mark { .. } => Lane::Long,
        }
    }

    /// The program that it needs, if it needs one.
    #[must_use]
    pub const fn need(&self) -> Option<Need> {
        match self {
            Task::Poster { .. } => Some(FFMPEG),
            Task::OfficeToPdf { .. } => Some(SOFFICE),
            Task::Recognise { .. } => Some(TESSERACT),
            Task::Identify { .. }
            | Task::Drawing
            | Task::Table { .. }
            | Task::Thumbnail { .. }
            | Task::Pages
            | Task::Places
            | Task::Mark { .. }
            | Task::Page { .. } => None,
        }
    }

    /// Everything that any task needs, for the look at the start.
    pub const NEEDS: &[Need] = &[FFMPEG, SOFFICE, TESSERACT];
}

impl OfficeForm {
    /// The form of this media type.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Option<OfficeForm> {
        Some(match media_type {
            "application/msword" => OfficeForm::Doc,
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document" => OfficeForm::Docx,
            "application/vnd.ms-excel" => OfficeForm::Xls,
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet" => OfficeForm::Xlsx,
            _ => return None,
        })
    }

    /// How names of such files end.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            OfficeForm::Doc => "doc",
            OfficeForm::Docx => "docx",
            OfficeForm::Xls => "xls",
            OfficeForm::Xlsx => "xlsx",
        }
    }
}
