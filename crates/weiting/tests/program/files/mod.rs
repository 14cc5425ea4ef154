//! Files in the hands of the real worker: this program's own binary behind its walls.

mod documents;
mod hostile;
mod uploads;

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use desk::worker::{NotDone, Settings, Worker};
use papers::work::Task;
use serde::de::DeserializeOwned;
use tempfile::TempDir;
use zip::write::SimpleFileOptions;

/// A worker as `weiting serve` starts it.
pub(crate) async fn walled(folder: &Path) -> Worker {
    let settings = Settings {
        program: PathBuf::from(env!("CARGO_BIN_EXE_weiting")),
        folder: folder.to_owned(),
        concurrency: 2,
        unsandboxed: false,
    };
    let worker = Worker::start(settings).await;
    let task = Task::Pages;
    assert_eq!(worker.can(&task), Ok(()), "the tests need bubblewrap and namespaces (scripts/setup test)");
    worker
}

/// A worker with a folder for the files it is given.
struct Desk {
    worker: Worker,
    folder: TempDir,
}

impl Desk {
    async fn new() -> Desk {
        let folder = tempfile::tempdir().expect("a folder");
        Desk { worker: walled(&folder.path().join("worker")).await, folder }
    }

    async fn run<A: DeserializeOwned>(&self, task: &Task, bytes: &[u8]) -> Result<(A, Vec<Vec<u8>>), NotDone> {
        let path = self.folder.path().join("file");
        std::fs::write(&path, bytes).expect("a file");
        let done = self.worker.run::<A>(task, &[&path]).await?;
        let files = done.files.iter().map(|made| std::fs::read(made.path()).expect("what was made")).collect();
        assert_eq!(std::fs::read(&path).expect("the original"), bytes, "sr35: the original stays");
        Ok((done.answer, files))
    }

    async fn identify(&self, bytes: &[u8], name: &str) -> String {
        match self.run::<papers::FileFacts>(&Task::Identify { name: name.to_owned() }, bytes).await {
            Ok((facts, _)) => facts.media_type.into_owned(),
            Err(not_done) => not_done.code().to_owned(),
        }
    }
}

fn fixture(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../papers/tests/files").join(name))
        .expect("a fixture")
}

fn package(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).expect("an entry");
        zip.write_all(bytes).expect("its bytes");
    }
    zip.finish().expect("a package").into_inner()
}

/// A document of Word with this text and these relationships.
fn docx(text: &str, relationships: &str) -> Vec<u8> {
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>{text}</w:body></w:document>"#
    );
    let relationships = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relationships}</Relationships>"#
    );
    package(&[
        (
            "[Content_Types].xml",
            br#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#,
        ),
        (
            "_rels/.rels",
            br#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#,
        ),
        ("word/document.xml", document.as_bytes()),
        ("word/_rels/document.xml.rels", relationships.as_bytes()),
    ])
}

/// A PDF of one page whose content stream is this, packed or not.
fn pdf(stream: &[u8], filter: &str) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [3 0 R] /Count 1 >>\nendobj\n3 0 obj\n<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R >>\nendobj\n".to_vec();
    let at = file.len();
    file.extend(format!("4 0 obj\n<< /Length {} {filter} >>\nstream\n", stream.len()).into_bytes());
    file.extend(stream);
    file.extend(b"\nendstream\nendobj\n");
    let start = file.len();
    // The places of the first three objects are searched for, as every viewer does with a wrong table; the last one's is right.
    file.extend(format!("xref\n0 1\n0000000000 65535 f \n4 1\n{at:010} 00000 n \ntrailer\n<< /Size 5 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n").into_bytes());
    file
}
