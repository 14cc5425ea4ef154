//! A transcript, pages of every turn, a seal, and a court with its authority.

use std::path::{Path, PathBuf};
use std::process::Command;

use certs::authority::Authority;
use certs::timestamp::{Request, issue};
use certs::{Anchors, FileKey, Purpose, Signer};
use image::{Rgba, RgbaImage};
use lopdf::{Document, Object, Stream, dictionary};
use papers::signature::Seal;
use time::OffsetDateTime;
use time::macros::datetime;

pub(crate) const NOW: OffsetDateTime = datetime!(2026-11-28 10:00:00 +8);

/// A transcript as `typeset` makes it.
pub(crate) fn transcript() -> Vec<u8> {
    crate::made::fixture("transcript.pdf")
}

/// One white page with nothing on it but a coordinate system that was left changed.
pub(crate) fn page(turn: i64, crop: Option<[i64; 4]>) -> Vec<u8> {
    let mut document = Document::with_version("1.7");
    let pages = document.new_object_id();
    let content = document.add_object(Stream::new(dictionary! {}, b"0.5 0 0 0.5 100 100 cm".to_vec()));
    let mut entries = dictionary! { "Type" => "Page", "Parent" => pages, "Contents" => content, "Rotate" => turn };
    if let Some(crop) = crop {
        entries.set("CropBox", crop.map(Object::from).to_vec());
    }
    let one = document.add_object(entries);
    document.objects.insert(
        pages,
        Object::Dictionary(dictionary! {
            "Type" => "Pages", "Kids" => vec![one.into()], "Count" => 1,
            "MediaBox" => vec![0.into(), 0.into(), 400.into(), 600.into()],
        }),
    );
    let root = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages });
    document.trailer.set("Root", root);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).expect("a PDF");
    bytes
}

/// A picture with a red upper left quarter, blue elsewhere, and a transparent lower right quarter.
pub(crate) fn mark() -> Vec<u8> {
    let picture = RgbaImage::from_fn(80, 40, |x, y| match (x < 40, y < 20) {
        (true, true) => Rgba([255, 0, 0, 255]),
        (false, false) => Rgba([0, 255, 0, 0]),
        _ => Rgba([0, 0, 255, 255]),
    });
    let mut bytes = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, image::ImageFormat::Png).expect("a PNG");
    bytes.into_inner()
}

pub(crate) struct Court {
    pub(crate) authority: Authority,
    pub(crate) key: FileKey,
    pub(crate) stamps: FileKey,
    pub(crate) anchors: Anchors,
}

pub(crate) fn court() -> Court {
    let (authority, _) = Authority::new("微庭测试根证书", NOW).expect("an authority");
    let key = authority.issue("某某区人民法院（测试）", Purpose::Documents, NOW).expect("a certificate").key;
    let stamps = authority.issue("测试时间戳", Purpose::TimeStamps, NOW).expect("a certificate").key;
    let anchors = Anchors::from_certificates(&[authority.root().clone()]).expect("anchors");
    Court { authority, key, stamps, anchors }
}

impl Court {
    /// A token for `imprint`, as an authority gives it.
    pub(crate) fn token(&self, imprint: [u8; 32]) -> Vec<u8> {
        let request = Request { sha256: imprint, nonce: Some(vec![9; 8]), wants_certificate: true };
        issue(&request, &self.stamps, NOW, 1).expect("a token")
    }

    /// `pdf`, signed and stamped.
    pub(crate) fn sealed(&self, pdf: &[u8], seal: &Seal, signer: &dyn Signer) -> Vec<u8> {
        let prepared = papers::signature::prepare(pdf, seal, signer).expect("prepared");
        let token = self.token(prepared.imprint());
        prepared.finish(Some(&token)).expect("sealed")
    }
}

pub(crate) fn seal(field: &str) -> Seal {
    Seal {
        field: field.into(), name: "某某区人民法院（测试）".into(), reason: "笔录签章".into(), at: NOW, look: None
    }
}

/// Puts files into a folder of their own; whoever wants to see them names a folder for them.
pub(crate) fn on_disk(pdf: &[u8]) -> (tempfile::TempDir, PathBuf) {
    let dir = tempfile::tempdir().expect("a temporary folder");
    let path = dir.path().join("file.pdf");
    std::fs::write(&path, pdf).expect("a file");
    if let Some(kept) = std::env::var_os("KEEP_PDFS") {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        std::fs::write(Path::new(&kept).join(name).with_extension("pdf"), pdf).expect("a kept file");
    }
    (dir, path)
}

/// What another program prints, and whether it ended well.
pub(crate) fn output(program: &str, arguments: &[&str]) -> (bool, String) {
    let answer = Command::new(program).args(arguments).output();
    let answer = answer.unwrap_or_else(|error| panic!("{program}: {error}; scripts/setup test installs it"));
    let words = String::from_utf8_lossy(&answer.stdout).into_owned() + &String::from_utf8_lossy(&answer.stderr);
    (answer.status.success(), words)
}

/// The first page as pixels, one for each point.
pub(crate) fn drawn(pdf: &[u8]) -> image::RgbImage {
    let (dir, path) = on_disk(pdf);
    let out = dir.path().join("page");
    let (well, words) = output(
        "pdftoppm",
        &["-r", "72", "-cropbox", "-png", "-singlefile", path.to_str().expect("a path"), out.to_str().expect("a path")],
    );
    assert!(well && words.is_empty(), "{words}");
    image::open(out.with_extension("png")).expect("a PNG").into_rgb8()
}
