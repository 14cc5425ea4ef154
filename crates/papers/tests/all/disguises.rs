//! Files that say one thing and are another.

use image::ImageFormat;
use papers::{FileKind, identify};

use crate::made::*;

#[test]
fn sr32_a_renamed_file_is_refused() {
    let jpeg = picture(64, 64, ImageFormat::Jpeg);
    let table: Vec<(Vec<u8>, &str, &str)> = vec![
        (jpeg.clone(), "a.png", "file_type_mismatch"),
        (jpeg.clone(), "a.pdf", "file_type_mismatch"),
        (jpeg.clone(), "a.docx", "file_type_mismatch"),
        (jpeg, "a", "file_type_unknown"),
        (pdf(""), "a.jpg", "file_type_mismatch"),
        (docx(), "a.xlsx", "file_type_mismatch"),
        (xlsx(), "a.docx", "file_type_mismatch"),
        (docx(), "a.zip", "file_type_unknown"),
        (docx(), "a.doc", "file_type_mismatch"),
        (package(&[("readme.txt", b"hello")]), "a.docx", "file_broken"),
        (compound(&[("/WordDocument", &word_header(0))]), "a.xls", "file_type_mismatch"),
        (compound(&[("/Workbook", &workbook(b""))]), "a.doc", "file_type_mismatch"),
        (compound(&[("/Other", b"x")]), "a.doc", "file_broken"),
        (b"<!DOCTYPE html><script>alert(1)</script>".to_vec(), "a.pdf", "file_type_mismatch"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "a.svg", "file_type_unknown"),
        (b"MZ\x90\0".to_vec(), "a.mp4", "file_type_mismatch"),
        (fixture("video.mp4"), "a.m4a", "file_type_mismatch"),
        (fixture("video.mp4"), "a.webm", "file_type_mismatch"),
        (fixture("video.mkv"), "a.webm", "file_type_mismatch"),
        (fixture("video.mkv"), "a.mkv", "file_type_unknown"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "a.heic", "file_type_unknown"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "a.mp4", "file_type_mismatch"),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec(), "a.jpg", "file_type_mismatch"),
        (Vec::new(), "a.jpg", "file_empty"),
    ];
    for (bytes, name, code) in table {
        assert_eq!(verdict(&bytes, name), code, "{name} of {} bytes", bytes.len());
    }
}

#[test]
fn sr32_two_files_in_one_are_refused() {
    let archive = package(&[("run.sh", b"echo")]);
    let join = |first: &[u8], second: &[u8]| [first, second].concat();
    let gif = b"GIF89a\x01\0\x01\0\0\0\0\x2C\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;";
    let jpeg = picture(64, 64, ImageFormat::Jpeg);
    let html = b"<html><script>alert(1)</script></html>";
    let table: Vec<(Vec<u8>, &str)> = vec![
        (join(gif, &archive), "a.docx"),
        (join(gif, &docx()), "a.docx"),
        (join(&jpeg, &archive), "a.jpg"),
        (join(&picture(64, 64, ImageFormat::Png), &archive), "a.png"),
        (join(&fixture("video.mp4"), &archive), "a.mp4"),
        (join(&fixture("voice.mp3"), &archive), "a.mp3"),
        (join(&pdf(""), html), "a.pdf"),
        (join(html, &pdf("")), "a.pdf"),
        (join(&pdf(""), &archive), "a.pdf"),
        (join(&pdf(""), &docx()), "a.docx"),
    ];
    for (bytes, name) in table {
        assert_eq!(verdict(&bytes, name), "file_type_mismatch", "{name} of {} bytes", bytes.len());
    }
}

#[test]
fn programs_in_documents_are_refused() {
    let macro_types = br#"<Types><Override PartName="/word/document.xml" ContentType="application/vnd.ms-word.document.macroEnabled.main+xml"/></Types>"#;
    let table: Vec<(Vec<u8>, &str)> = vec![
        (docx(), "a.docm"),
        (docx_with(&[("word/vbaProject.bin", b"x")]), "a.docx"),
        (package(&[("[Content_Types].xml", macro_types), ("word/document.xml", b"<w/>")]), "a.docx"),
        (docx_with(&[("word/embeddings/sheet.xlsm", &package(&[("xl/vbaProject.bin", b"x")]))]), "a.docx"),
        (compound(&[("/WordDocument", &word_header(0)), ("/Macros/VBA/dir", b"x")]), "a.doc"),
        (compound(&[("/Workbook", &workbook(b"")), ("/_VBA_PROJECT_CUR/VBA/dir", b"x")]), "a.xls"),
    ];
    for (bytes, name) in table {
        assert_eq!(verdict(&bytes, name), "macro_document", "{name} of {} bytes", bytes.len());
    }
}

#[test]
fn documents_that_nobody_else_can_open_are_refused() {
    let table: Vec<(Vec<u8>, &str)> = vec![
        (compound(&[("/EncryptedPackage", b"x"), ("/EncryptionInfo", b"x")]), "a.docx"),
        (compound(&[("/EncryptedPackage", b"x")]), "a.doc"),
        (compound(&[("/WordDocument", &word_header(0x0100))]), "a.doc"),
        (compound(&[("/Workbook", &workbook(FILEPASS))]), "a.xls"),
    ];
    for (bytes, name) in table {
        assert_eq!(verdict(&bytes, name), "file_encrypted", "{name} of {} bytes", bytes.len());
    }
}

#[test]
fn sr33_sizes_are_checked_per_kind_before_anything_is_read() {
    const MB: u64 = 1024 * 1024;
    let dir = tempfile::tempdir().expect("a folder");
    for (name, limit) in [("a.jpg", 50 * MB), ("a.mp3", 50 * MB), ("a.pdf", 200 * MB), ("a.mp4", 2048 * MB)] {
        let path = dir.path().join("sparse");
        let file = std::fs::File::create(&path).expect("a file");
        file.set_len(limit + 1).expect("a sparse file");
        assert_eq!(identify(&path, name).expect_err(name).code(), "file_too_large");
        file.set_len(limit).expect("a sparse file");
        assert_eq!(
            identify(&path, name).expect_err(name).code(),
            "file_type_mismatch",
            "{name}: zeros of allowed size"
        );
    }
    assert_eq!(FileKind::Video.max_bytes(), 2 * 1024 * MB);
}

#[test]
fn every_refusal_tells_a_person_what_to_do() {
    for (bytes, name) in [
        (docx(), "a.rar"),
        (docx(), "a.heic"),
        (docx(), "a.docm"),
        (docx(), "a.pdf"),
        (picture(64, 64, ImageFormat::Png)[..80].to_vec(), "a.png"),
        (Vec::new(), "a.png"),
    ] {
        let detail = examine(&bytes, name).expect_err(name).detail();
        assert!(detail.ends_with('。') && (detail.contains('请') || detail.contains("可以")), "{name}: {detail}");
    }
}
