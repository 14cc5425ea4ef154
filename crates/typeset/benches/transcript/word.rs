//! The same content as a Word document, of the plainest kind: what a clerk would have LibreOffice turn into PDF.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use typeset::Pictures;
use typeset::transcript::{Content, Transcript};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const TYPES: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="jpg" ContentType="image/jpeg"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"#;
const RELATIONS: &str = r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>"#;
const NAMES: &str = r#"xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture""#;

pub(crate) fn write(path: &Path, transcript: &Transcript, pictures: &Pictures) -> io::Result<()> {
    let mut zip = ZipWriter::new(File::create(path)?);
    let mut part = |name: &str, bytes: &[u8]| -> io::Result<()> {
        zip.start_file(name, SimpleFileOptions::default())?;
        zip.write_all(bytes)
    };
    part("[Content_Types].xml", TYPES.as_bytes())?;
    part("_rels/.rels", RELATIONS.as_bytes())?;
    let mut body = String::new();
    paragraph(&mut body, &transcript.court, true);
    paragraph(&mut body, transcript.kind.title(), true);
    paragraph(&mut body, &transcript.case_number, false);
    for person in &transcript.attendance {
        paragraph(&mut body, &format!("{}：{}", person.capacity, person.name), false);
    }
    for entry in &transcript.entries {
        let Content::Said { text } = &entry.content else { continue };
        let speaker = entry.speaker.as_ref().map_or_else(String::new, |s| format!("{} {}", s.capacity, s.name));
        body.push_str("<w:p><w:pPr><w:ind w:left=\"480\" w:hanging=\"480\"/></w:pPr>");
        run(&mut body, &speaker, "<w:b/>");
        run(
            &mut body,
            &format!("［{}　{}］", entry.seq, entry.at.time()),
            "<w:color w:val=\"666666\"/><w:sz w:val=\"18\"/>",
        );
        run(&mut body, &format!("：{text}"), "");
        body.push_str("</w:p>");
        for picture in &entry.pictures {
            drawing(&mut body, &picture.id, entry.seq);
            paragraph(
                &mut body,
                &format!("{} SHA-256 {}", picture.name.as_deref().unwrap_or(""), &picture.sha256[..16]),
                false,
            );
        }
    }
    for annex in &transcript.annexes {
        paragraph(&mut body, &format!("{} {} {} {}", annex.no, annex.name, annex.size, annex.sha256), false);
    }
    for signer in &transcript.signers {
        paragraph(&mut body, &format!("{} {}（签名）：", signer.capacity, signer.name), false);
    }
    let document = format!(
        r#"<?xml version="1.0" encoding="UTF-8"?><w:document {NAMES}><w:body>{body}<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1701" w:right="1474" w:bottom="1474" w:left="1587"/></w:sectPr></w:body></w:document>"#
    );
    part("word/document.xml", document.as_bytes())?;
    let relations: String = pictures
        .keys()
        .map(|id| format!(r#"<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/{id}.jpg"/>"#))
        .collect();
    part(
        "word/_rels/document.xml.rels",
        format!(r#"<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{relations}</Relationships>"#).as_bytes(),
    )?;
    for (id, bytes) in pictures {
        part(&format!("word/media/{id}.jpg"), bytes)?;
    }
    zip.finish()?;
    Ok(())
}

fn paragraph(body: &mut String, text: &str, title: bool) {
    body.push_str(if title { "<w:p><w:pPr><w:jc w:val=\"center\"/></w:pPr>" } else { "<w:p>" });
    run(body, text, if title { "<w:b/><w:sz w:val=\"40\"/>" } else { "" });
    body.push_str("</w:p>");
}

fn run(body: &mut String, text: &str, look: &str) {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    body.push_str(&format!(
        r#"<w:r><w:rPr><w:rFonts w:eastAsia="Noto Serif CJK SC" w:ascii="Noto Serif CJK SC" w:hAnsi="Noto Serif CJK SC"/>{look}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>"#
    ));
}

/// 7 cm wide, in a line of its own.
fn drawing(body: &mut String, id: &str, number: u64) {
    let extent = r#"cx="2520000" cy="1890000""#;
    body.push_str(&format!(
        r#"<w:p><w:r><w:drawing><wp:inline><wp:extent {extent}/><wp:docPr id="{number}" name="{id}"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="{number}" name="{id}"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="{id}"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext {extent}/></a:xfrm><a:prstGeom prst="rect"/></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"#
    ));
}
