//! What honest files give: pages, stills, PDFs.

use papers::work::{OfficeForm, Picture, Sizes, Task};
use serde_json::Value;

use super::*;

#[tokio::test]
async fn sr34_a_page_a_thumbnail_and_a_still_come_from_behind_the_walls() {
    let desk = Desk::new().await;
    let paper = pdf(b"0 0 0 rg 100 100 200 200 re f", "");
    let (sizes, files) = desk.run::<Sizes>(&Task::Pages, &paper).await.unwrap();
    assert_eq!((sizes.pages.len(), files.len()), (1, 0));
    let (page, files) = desk.run::<Picture>(&Task::Page { n: 1, width: 300 }, &paper).await.unwrap();
    assert_eq!(page.width, 300);
    assert!(files[0].starts_with(b"\xFF\xD8\xFF"));
    let (still, files) = desk.run::<Picture>(&Task::Poster { edge: 40 }, &fixture("video.mp4")).await.unwrap();
    assert!(still.width <= 40 && still.height <= 40 && files[0].starts_with(b"\xFF\xD8\xFF"), "{still:?}");
    let sound = desk.run::<Picture>(&Task::Poster { edge: 40 }, &fixture("voice.m4a")).await.unwrap_err();
    assert_eq!(sound.class(), "bad_input", "there is nothing to see");
}

#[tokio::test]
async fn a_word_document_becomes_a_pdf_with_chinese_in_it() {
    let desk = Desk::new().await;
    let text = r#"<w:p><w:r><w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312"/></w:rPr><w:t>借条：今借到人民币三万元。</w:t></w:r></w:p>"#;
    let (_, files) = desk.run::<Value>(&Task::OfficeToPdf { form: OfficeForm::Docx }, &docx(text, "")).await.unwrap();
    assert!(files[0].starts_with(b"%PDF-"));
    assert!(memory_has(&files[0], b"NotoSerifCJK"), "the font that stands in is embedded");
    let (sizes, _) = desk.run::<Sizes>(&Task::Pages, &files[0]).await.unwrap();
    assert_eq!(sizes.pages.len(), 1);
    desk.run::<Picture>(&Task::Page { n: 1, width: 1240 }, &files[0]).await.unwrap();
    let broken = desk.run::<Value>(&Task::OfficeToPdf { form: OfficeForm::Docx }, b"PK\x03\x04 torn").await;
    assert!(matches!(broken.map(|_| ()).unwrap_err().class(), "bad_input" | "resource"));
}

#[tokio::test]
async fn sr34_f18_a_document_that_calls_outside_reaches_nobody() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let place = format!("http://{}", listener.local_addr().unwrap());
    let picture = format!(
        r#"<Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="{place}/picture.png" TargetMode="External"/><Relationship Id="rId8" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/attachedTemplate" Target="{place}/template.dotx" TargetMode="External"/>"#
    );
    let drawing = r#"<w:p><w:r><w:drawing><wp:inline><wp:extent cx="990000" cy="990000"/><wp:docPr id="1" name="p"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="0" name="p"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:link="rId9"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="990000" cy="990000"/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"#;
    let calling = docx(drawing, &picture);
    let entity = format!(
        r#"<?xml version="1.0"?><!DOCTYPE w [<!ENTITY x SYSTEM "{place}/entity"><!ENTITY y SYSTEM "file:///etc/passwd">]><w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&x;&y;</w:t></w:r></w:p></w:body></w:document>"#
    );
    let types = br#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
    let entities = package(&[("[Content_Types].xml", types), ("word/document.xml", entity.as_bytes())]);
    let desk = Desk::new().await;
    for document in [calling, entities] {
        let came = desk.run::<Value>(&Task::OfficeToPdf { form: OfficeForm::Docx }, &document).await;
        if let Ok((_, files)) = came {
            assert!(!memory_has(&files[0], b"root:"), "nothing of this machine is in it");
        }
        assert!(listener.accept().is_err(), "nobody has called");
    }
}

fn memory_has(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|part| part == word)
}
