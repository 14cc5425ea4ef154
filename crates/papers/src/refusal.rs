//! Why a file is not taken: a code for programs, a sentence for the person who must do something about it.

use std::borrow::Cow;
use std::io;

use serde::{Deserialize, Serialize};

use crate::FileKind;

/// The reason why [`crate::identify`], [`crate::thumbnail`] or the drawing of a page gives nothing.
#[derive(Debug, Deserialize, Serialize, thiserror::Error)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum FileRefusal {
    /// The ending is not on the list, or the content is of no known type.
    #[error("file type unknown: .{ending}")]
    TypeUnknown {
        /// The ending of its name in lower case, perhaps empty.
        ending: String,
    },
    /// Ending and content are of two types.
    #[error("file ends in .{ending} but its content is {found}")]
    TypeMismatch {
        /// The ending of its name in lower case.
        ending: String,
        /// What the content is, in words.
        found: Cow<'static, str>,
    },
    /// One file that two programs would read as two different things.
    #[error("file carries a second file")]
    Disguised,
    /// Larger than its kind may be.
    #[error("file too large for {kind:?}")]
    TooLarge {
        /// Whose limit was passed.
        kind: FileKind,
    },
    /// Zero bytes.
    #[error("file is empty")]
    Empty,
    /// The structure does not hold, or stops early.
    #[error("file broken: {0}")]
    Broken(Cow<'static, str>),
    /// More than 64 megapixels.
    #[error("picture too large: {width} x {height}")]
    PictureTooLarge {
        /// Pixels across, as the header says.
        width: u32,
        /// Pixels down, as the header says.
        height: u32,
    },
    /// A package that unpacks to far more than it is.
    #[error("archive bomb: {0}")]
    ArchiveBomb(Cow<'static, str>),
    /// More than [`crate::MAX_PAGES`].
    #[error("too many pages: {pages}")]
    TooManyPages {
        /// As many as were counted.
        pages: u64,
    },
    /// A document without such a page, or a file that has no pages at all.
    #[error("no such page")]
    NoSuchPage,
    /// Looking at it took more time or memory than any honest file does.
    #[error("file too costly")]
    TooCostly,
    /// Cannot be opened without a password.
    #[error("file encrypted")]
    Encrypted,
    /// Was signed electronically: a change of its pages would break the signature.
    #[error("document is signed")]
    SignedDocument,
    /// A PDF that programs can show and that nothing can be added to.
    #[error("nothing can be added to the document")]
    NothingCanBeAdded,
    /// Carries a program.
    #[error("document carries macros")]
    MacroDocument,
    /// The file could not be read from our own disk; says nothing of the file.
    #[error("cannot read the file")]
    #[serde(skip)]
    Unreadable(#[source] io::Error),
}

impl FileKind {
    pub(crate) fn check_size(self, bytes: u64) -> Result<(), FileRefusal> {
        if bytes > self.max_bytes() { Err(FileRefusal::TooLarge { kind: self }) } else { Ok(()) }
    }
}

impl FileRefusal {
    /// The stable code that programs rely on.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TypeUnknown { .. } => "file_type_unknown",
            Self::TypeMismatch { .. } | Self::Disguised => "file_type_mismatch",
            Self::TooLarge { .. } => "file_too_large",
            Self::Empty => "file_empty",
            Self::Broken(_) => "file_broken",
            Self::PictureTooLarge { .. } => "picture_too_large",
            Self::ArchiveBomb(_) => "archive_bomb",
            Self::TooManyPages { .. } => "too_many_pages",
            Self::NoSuchPage => "no_such_page",
            Self::TooCostly => "file_too_costly",
            Self::Encrypted => "file_encrypted",
            Self::SignedDocument => "document_signed",
            Self::NothingCanBeAdded => "document_not_addable",
            Self::MacroDocument => "macro_document",
            Self::Unreadable(_) => "file_unreadable",
        }
    }

    /// A sentence in Chinese for the person who sent the file: what is wrong, and what to do.
    #[must_use]
    pub fn detail(&self) -> String {
        match self {
            Self::TypeUnknown { ending } => unknown_type(ending),
            Self::TypeMismatch { ending, found } => {
                format!("文件名以 .{ending} 结尾，内容却是{found}。请用原来的软件重新保存，或把后缀改回原样后再上传。")
            }
            Self::Disguised => "这个文件里还夹带着另一个文件，无法接收。请用原来的软件重新保存后再上传。".to_owned(),
            Self::TooLarge { kind } => {
                let limit = kind.max_bytes() / (1024 * 1024);
                let limit = if limit >= 1024 { format!("{} GB", limit / 1024) } else { format!("{limit} MB") };
                format!("{}不能超过 {limit}，请压缩或分成几个文件后再上传。", kind.label())
            }
            Self::Empty => "这个文件是空的，请检查后重新选择。".to_owned(),
            Self::Broken(_) => {
                "文件已损坏或不完整，无法打开。请先在自己的手机或电脑上确认能打开，再重新上传。".to_owned()
            }
            Self::PictureTooLarge { width, height } => {
                format!("照片尺寸为 {width}×{height}，超过 6400 万像素，请缩小后再上传。")
            }
            Self::ArchiveBomb(_) => {
                "文档解开后的内容过大或层层嵌套，为了安全不能接收。请另存为 PDF 后再上传。".to_owned()
            }
            Self::TooManyPages { pages } => {
                format!("文档有 {pages} 页，超过 {} 页，请分成几个文件后再上传。", crate::MAX_PAGES)
            }
            Self::NoSuchPage => "文档没有这一页。".to_owned(),
            Self::TooCostly => {
                "打开这个文件所需的时间或内存超出了限度，为了安全不能接收。请重新扫描或另存为较小的 PDF 后再上传。"
                    .to_owned()
            }
            Self::Encrypted => "文档设有打开密码，法官和对方无法查看。请取消密码后再上传。".to_owned(),
            Self::SignedDocument => {
                "这个 PDF 已经有电子签名，再加内容会使原签名失效。请使用尚未签名的文件。".to_owned()
            }
            Self::NothingCanBeAdded => {
                "这个 PDF 不合规范，不能在上面添加签名。请用原来的软件另存（或打印）为新的 PDF 后再试。".to_owned()
            }
            Self::MacroDocument => {
                "文档里带有宏（程序），为了安全不能接收。请另存为不带宏的 docx、xlsx 或 PDF 后再上传。".to_owned()
            }
            Self::Unreadable(_) => "服务器暂时读不到这个文件，请稍后重新上传。".to_owned(),
        }
    }
}

fn unknown_type(ending: &str) -> String {
    match ending {
        "heic" | "heif" => {
            "暂不支持 HEIC 照片。请在手机设置的“相机－格式”里选择“兼容性最佳”，或另存为 JPG 后再上传。".to_owned()
        }
        "zip" | "rar" | "7z" | "gz" | "tar" => "不能上传压缩包，请解开后把里面的文件分别上传。".to_owned(),
        "wps" | "et" | "pages" | "numbers" | "rtf" | "txt" | "ofd" => {
            format!("暂不支持 .{ending} 文件，请另存为 PDF 或 docx、xlsx 后再上传。")
        }
        "amr" | "aac" | "wma" | "silk" | "flac" => format!("暂不支持 .{ending} 录音，请转为 mp3 或 m4a 后再上传。"),
        "avi" | "mkv" | "wmv" | "flv" | "3gp" | "rmvb" => format!("暂不支持 .{ending} 视频，请转为 mp4 后再上传。"),
        _ => "不支持这种文件。可以上传：照片 jpg、png、webp；语音 m4a、mp3、wav、ogg、webm；视频 mp4、mov、webm；\
              文档 pdf、doc、docx、xls、xlsx。"
            .to_owned(),
    }
}

impl From<io::Error> for FileRefusal {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The bytes ended where the structure said there would be more: that is the file's fault, not the disk's.
            io::ErrorKind::UnexpectedEof => Self::Broken("ends early".into()),
            _ => Self::Unreadable(error),
        }
    }
}
