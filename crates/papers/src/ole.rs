//! doc and xls: the old compound file, with its streams by name.

use std::fs::File;
use std::io::{BufReader, Read, Seek};

use cfb::CompoundFile;

use crate::budget::{Budget, Budgeted};
use crate::format::Format;
use crate::{FileFacts, FileRefusal};

/// Sector tables and directory of a 200 MB file take about 2 MB; a loop in them would take everything.
const MAX_TABLES: u64 = 32 * 1024 * 1024;

/// Storages in which Word and Excel keep programs.
const MACROS: [&str; 4] = ["/Macros", "/_VBA_PROJECT_CUR", "/VBA", "/_VBA_PROJECT"];

pub(crate) fn examine(file: &File, promised: Format) -> Result<FileFacts, FileRefusal> {
    let size = file.metadata()?.len();
    let reader = Budgeted::new(BufReader::new(file), size, Budget::new(MAX_TABLES));
    let mut compound = CompoundFile::open(reader).map_err(|_| FileRefusal::Broken("compound file structure".into()))?;
    if compound.is_stream("/EncryptedPackage") {
        return Err(FileRefusal::Encrypted);
    }
    let word = compound.is_stream("/WordDocument");
    let workbook = ["/Workbook", "/Book"].into_iter().find(|name| compound.is_stream(name));
    let media_type = match (promised, word, workbook) {
        (Format::Doc, true, _) => {
            check_word(&mut compound)?;
            "application/msword"
        }
        (Format::Xls, _, Some(name)) => {
            check_workbook(&mut compound, name)?;
            "application/vnd.ms-excel"
        }
        (Format::Doc, false, Some(_)) => return Err(mismatch("doc", " Excel 表格")),
        (_, true, None) => return Err(mismatch("xls", " Word 文档")),
        _ => return Err(FileRefusal::Broken("no document stream".into())),
    };
    if MACROS.into_iter().any(|name| compound.exists(name)) {
        return Err(FileRefusal::MacroDocument);
    }
    Ok(FileFacts::document(media_type))
}

fn mismatch(ending: &str, found: &'static str) -> FileRefusal {
    FileRefusal::TypeMismatch { ending: ending.to_owned(), found: found.into() }
}

/// The file information block: its magic number, and the bit that says "encrypted" ([MS-DOC] 2.5.1).
fn check_word<R: Read + Seek>(compound: &mut CompoundFile<R>) -> Result<(), FileRefusal> {
    let head = head_of(compound, "/WordDocument", 12)?;
    if head.len() < 12 || head[..2] != [0xEC, 0xA5] {
        return Err(FileRefusal::Broken("word document header".into()));
    }
    if u16::from_le_bytes([head[10], head[11]]) & 0x0100 != 0 {
        return Err(FileRefusal::Encrypted);
    }
    Ok(())
}

/// The records of a workbook begin with BOF; FILEPASS among the first of them means a password ([MS-XLS] 2.4.117).
fn check_workbook<R: Read + Seek>(compound: &mut CompoundFile<R>, name: &str) -> Result<(), FileRefusal> {
    let head = head_of(compound, name, 4096)?;
    let mut records = head.as_slice();
    let mut first = true;
    while let [a, b, c, d, rest @ ..] = records {
        match u16::from_le_bytes([*a, *b]) {
            0x0809 | 0x0409 | 0x0209 | 0x0009 if first => first = false,
            _ if first => return Err(FileRefusal::Broken("workbook header".into())),
            0x002F => return Err(FileRefusal::Encrypted),
            _ => {}
        }
        records = rest.get(usize::from(u16::from_le_bytes([*c, *d]))..).unwrap_or_default();
    }
    if first { Err(FileRefusal::Broken("workbook header".into())) } else { Ok(()) }
}

fn head_of<R: Read + Seek>(compound: &mut CompoundFile<R>, name: &str, bytes: u64) -> Result<Vec<u8>, FileRefusal> {
    let broken = |_| FileRefusal::Broken("document stream cannot be read".into());
    let mut head = Vec::new();
    compound.open_stream(name).map_err(broken)?.take(bytes).read_to_end(&mut head).map_err(broken)?;
    Ok(head)
}
