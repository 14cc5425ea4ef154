//! `weiting import-laws`: a folder of Markdown files becomes laws that can be looked up.

use std::path::{Path, PathBuf};

use record::Hash;
use store::{LawPut, NewLaw, Store, StoreError};

use super::{known, read};

/// The largest file, in bytes.
const FILE: u64 = 8 * 1024 * 1024;
/// The most files of one folder.
const FILES: usize = 5_000;

/// What came of a folder.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LawsImported {
    pub new: u32,
    pub changed: u32,
    pub same: u32,
    pub articles: usize,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LawFault {
    pub file: String,
    /// In Chinese.
    pub reason: String,
}

/// Why nothing was loaded.
#[derive(Debug, thiserror::Error)]
pub enum NotLoaded {
    #[error("{0} 无法读取")]
    Folder(PathBuf, #[source] std::io::Error),
    #[error("{0} 中没有 .md 文件")]
    Empty(PathBuf),
    /// All that is wrong; nothing was loaded.
    #[error("有 {} 个文件不能导入，没有写入任何内容", .0.len())]
    Files(Vec<LawFault>),
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Loads every `.md` file of a folder. Nothing is loaded when one of them cannot be read. `at`: microseconds since 1970-01-01 UTC.
///
/// # Errors
/// [`NotLoaded`].
pub async fn import_laws(store: &Store, folder: &Path, at: i64) -> Result<LawsImported, NotLoaded> {
    let unreadable = |error| NotLoaded::Folder(folder.to_owned(), error);
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .map_err(unreadable)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()
        .map_err(unreadable)?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "md"));
    files.sort();
    if files.is_empty() {
        return Err(NotLoaded::Empty(folder.to_owned()));
    }
    let (mut laws, mut faults): (Vec<NewLaw>, Vec<LawFault>) = (Vec::new(), Vec::new());
    for file in files.iter().take(FILES) {
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        match law_of(file, &name) {
            Ok(law) if laws.iter().any(|other| (&other.code, &other.version) == (&law.code, &law.version)) => {
                let reason = format!("《{}》{}版还有另一个文件", law.title, law.version);
                faults.push(LawFault { file: name, reason });
            }
            Ok(law) => laws.push(law),
            Err(reason) => faults.push(LawFault { file: name, reason }),
        }
    }
    if let Some(over) = files.get(FILES) {
        let reason = format!("一个文件夹最多 {FILES} 个文件");
        faults.push(LawFault { file: over.to_string_lossy().into_owned(), reason });
    }
    if !faults.is_empty() {
        return Err(NotLoaded::Files(faults));
    }
    let mut done = LawsImported::default();
    for law in laws {
        match store.put_law(&law, at).await? {
            LawPut::New => done.new += 1,
            LawPut::Changed => done.changed += 1,
            LawPut::Same => done.same += 1,
        }
        done.articles += law.articles.len();
    }
    Ok(done)
}

fn law_of(file: &Path, name: &str) -> Result<NewLaw, String> {
    let size = std::fs::metadata(file).map_err(|_| "无法读取".to_owned())?.len();
    if size > FILE {
        return Err(format!("文件超过 {} MB", FILE / 1024 / 1024));
    }
    let text = std::fs::read_to_string(file).map_err(|_| "无法读取，文件应为 UTF-8 编码的文本".to_owned())?;
    let law = read::read(&text)?;
    let mut days = Vec::new();
    days.extend(day_of_name(name));
    days.extend(law.notes.lines().rev().filter_map(day_of_note));
    let (code, version) = known::names(&law.title, &days)
        .ok_or_else(|| "不知道是哪一版：文件名应为“法规名称(2023-09-01).md”，括号内为公布日期".to_owned())?;
    let mut articles = law.articles;
    for article in &mut articles {
        article.also = format!("{} {}", article.also, known::short(&code));
    }
    Ok(NewLaw { code, title: law.title, version, notes: law.notes, sha256: Hash::of(text.as_bytes()), articles })
}

/// `2023-09-01` of `民事诉讼法(2023-09-01).md`.
fn day_of_name(name: &str) -> Option<String> {
    let (_, rest) = name.rsplit_once(['(', '（'])?;
    let (day, _) = rest.split_once([')', '）'])?;
    rules::civil::parse(day).map(rules::civil::iso)
}

/// The day with which a note begins: 2023年9月1日.
fn day_of_note(line: &str) -> Option<String> {
    let (year, rest) = line.split_once('年')?;
    let (month, rest) = rest.split_once('月')?;
    let (day, _) = rest.split_once('日')?;
    let day = format!("{year:0>4}-{month:0>2}-{day:0>2}");
    rules::civil::parse(&day).map(rules::civil::iso)
}
