//! Files through the whole router: from the redirect to the bytes.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Method, Request};
use bytes::Bytes;
use court::{File, FileKind, MemberId, PersonId, Role, RoomId, SessionId};
use http_body_util::BodyExt;
use tower::ServiceExt;
use uuid::Uuid;

use super::{Sight, Variant, send};
use crate::jobs::Outcome;
use crate::testkit::{Answer, Caller, Kit};
use crate::{Acting, Desk, Problem};

const ROOM: RoomId = RoomId(Uuid::from_u128(1));
const MEMBER: MemberId = MemberId(Uuid::from_u128(2));

/// What the member sees, as the test says.
#[derive(Clone, Default)]
struct Eyes(Arc<Mutex<HashMap<u64, File>>>);

#[async_trait]
impl Sight for Eyes {
    async fn may_see(
        &self,
        _: &Desk,
        acting: &Acting,
        room: RoomId,
        member: MemberId,
        (seq, _): (u64, u8),
    ) -> Result<Option<File>, Problem> {
        assert_eq!(acting.role, Role::Party);
        if (room, member) != (ROOM, MEMBER) {
            return Err(Problem::not_found());
        }
        Ok(self.0.lock().unwrap().get(&seq).cloned())
    }
}

struct Court {
    kit: Kit,
    app: Router,
    eyes: Eyes,
    person: PersonId,
    session: SessionId,
    browser: Caller,
}

impl Court {
    async fn new() -> Court {
        let kit = Kit::new().await;
        let eyes = Eyes::default();
        let app = kit.app(super::routes(eyes.clone()).into());
        let person = kit.person("王小禾", "13900000001").await;
        let session = SessionId(Uuid::from_u128(9));
        let row = store::SessionRow {
            id: session,
            token_hash: record::Hash::of(b"token"),
            person,
            role: Some(Role::Party.code().to_owned()),
            kind: "browser".to_owned(),
            created_at: kit.micros(),
            last_seen_at: kit.micros(),
            expires_at: kit.micros() + 86_400_000_000,
            idle_expires_at: kit.micros() + 86_400_000_000,
            revoked_at: None,
            agent: String::new(),
            ip: String::new(),
        };
        kit.desk.store.put_session(&row).await.unwrap();
        let browser = kit.stranger(&app);
        Court { kit, app, eyes, person, session, browser }
    }

    /// Puts a file into the record under this number.
    async fn show(&self, seq: u64, name: &str, media_type: &str, bytes: &[u8]) -> File {
        let sha256 = self.kit.desk.store.blobs().put_bytes(Bytes::copy_from_slice(bytes)).await.unwrap();
        let kind = match media_type.split('/').next().unwrap() {
            "image" => FileKind::Photo,
            "video" => FileKind::Video,
            "audio" => FileKind::Voice,
            _ => FileKind::Document,
        };
        let file = File {
            kind,
            name: name.to_owned(),
            size: bytes.len() as u64,
            media_type: media_type.to_owned(),
            sha256,
            width: None,
            height: None,
            seconds: None,
            warnings: Vec::new(),
        };
        self.eyes.0.lock().unwrap().insert(seq, file.clone());
        file
    }

    /// The thumbnail that is noted for a photo.
    async fn thumb(&self, original: record::Hash) -> Option<record::Hash> {
        let key = store::CopyKey { original, kind: "thumb".to_owned(), n: 0 };
        match self.kit.desk.store.copy(&key).await.unwrap()? {
            store::CopyState::Ready(copy) => copy.file.map(|file| file.sha256),
            other => panic!("{other:?}"),
        }
    }

    /// The path on the files' host to which the app's host leads.
    async fn path(&self, seq: u64, file: &File, variant: Variant) -> String {
        let answer = send(&self.kit.desk, self.session, ROOM, MEMBER, (seq, 0), file, variant).await.unwrap();
        assert_eq!(answer.status(), 307);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        let location = answer.headers()["location"].to_str().unwrap();
        location.strip_prefix(Kit::FILES).unwrap().to_owned()
    }

    async fn fetch(&mut self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let mut asked = Request::builder().method(method).uri(path).header("host", "files.court.example");
        for (name, value) in headers {
            asked = asked.header(*name, *value);
        }
        self.browser.send(asked, Body::empty()).await
    }

    async fn get(&mut self, path: &str) -> Answer {
        self.fetch(Method::GET, path, &[]).await
    }
}

/// A PNG of so many pixels, stored without compression.
fn photo(width: u32, height: u32) -> Vec<u8> {
    let mut rows = Vec::new();
    for y in 0..height {
        rows.push(0);
        rows.extend((0..width).flat_map(|x| [(x % 251) as u8, (y % 241) as u8, 90]));
    }
    let mut data = vec![0x78, 0x01];
    let blocks = rows.chunks(65_535);
    let last = blocks.len() - 1;
    for (n, block) in blocks.enumerate() {
        let length = u16::try_from(block.len()).unwrap();
        data.push(u8::from(n == last));
        data.extend(length.to_le_bytes());
        data.extend((!length).to_le_bytes());
        data.extend(block);
    }
    let (a, b) = rows.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (b + a) % 65_521)
    });
    data.extend(((b << 16) | a).to_be_bytes());
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, content) in [(b"IHDR", header), (b"IDAT", data), (b"IEND", Vec::new())] {
        png.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        let chunk = [&kind[..], &content].concat();
        png.extend(&chunk);
        let crc = chunk.iter().fold(u32::MAX, |crc, byte| {
            (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
        });
        png.extend((!crc).to_be_bytes());
    }
    png
}

#[tokio::test]
async fn files_are_sent_whole_or_in_the_part_that_is_asked_for() {
    let mut court = Court::new().await;
    let bytes: Vec<u8> = (0..1000_u32).map(|n| (n % 251) as u8).collect();
    let file = court.show(5, "庭前.mp4", "video/mp4", &bytes).await;
    let path = court.path(5, &file, Variant::Original).await;
    let tag = format!("\"{}\"", file.sha256);

    let whole = court.get(&path).await;
    assert_eq!((whole.status.as_u16(), &whole.body[..]), (200, &bytes[..]));
    assert_eq!((whole.header("content-length"), whole.header("accept-ranges")), ("1000", "bytes"));
    assert_eq!(whole.header("etag"), tag);

    for (range, status, content_range, expected) in [
        ("bytes=0-0", 206, "bytes 0-0/1000", &bytes[..1]),
        ("bytes=200-299", 206, "bytes 200-299/1000", &bytes[200..300]),
        ("bytes=900-5000", 206, "bytes 900-999/1000", &bytes[900..]),
        ("bytes=999-", 206, "bytes 999-999/1000", &bytes[999..]),
        ("bytes=-100", 206, "bytes 900-999/1000", &bytes[900..]),
        ("bytes=-5000", 206, "bytes 0-999/1000", &bytes[..]),
        ("bytes=0-1,5-6", 200, "", &bytes[..]),
        ("bytes=5-2", 200, "", &bytes[..]),
        ("pages=1-2", 200, "", &bytes[..]),
    ] {
        let answer = court.fetch(Method::GET, &path, &[("range", range)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-range")), (status, content_range), "{range}");
        assert_eq!(answer.body, expected, "{range}");
        assert_eq!(answer.header("content-length"), expected.len().to_string());
    }
    for range in ["bytes=1000-", "bytes=2000-3000", "bytes=-0"] {
        let answer = court.fetch(Method::GET, &path, &[("range", range)]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-range")), (416, "bytes */1000"), "{range}");
        assert_eq!(answer.code(), "range_not_satisfiable");
    }
    let part = |with: &str| [("range".to_owned(), "bytes=0-9".to_owned()), ("if-range".to_owned(), with.to_owned())];
    for (with, status) in [(tag.as_str(), 206), ("\"another\"", 200)] {
        let headers = part(with);
        let headers: Vec<_> = headers.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(court.fetch(Method::GET, &path, &headers).await.status.as_u16(), status, "{with}");
    }
    assert_eq!(court.fetch(Method::GET, &path, &[("if-none-match", &tag)]).await.status, 304);

    let head = court.fetch(Method::HEAD, &path, &[("range", "bytes=0-9")]).await;
    assert_eq!((head.status.as_u16(), head.header("content-length"), head.body.len()), (200, "1000", 0));
    assert_eq!(head.header("content-type"), "video/mp4");
    assert_eq!(court.fetch(Method::POST, &path, &[]).await.status, 405);
}

#[tokio::test]
async fn sr24_nothing_in_a_file_can_act_and_no_cookie_goes_there() {
    let mut court = Court::new().await;
    for (n, (name, media_type, how, sent_as)) in [
        ("借条.jpg", "image/jpeg", "inline", "image/jpeg"),
        ("a.webm", "video/webm", "inline", "video/webm"),
        ("a.m4a", "audio/mp4", "inline", "audio/mp4"),
        ("合同.pdf", "application/pdf", "inline", "application/pdf"),
        ("a.doc", "application/msword", "attachment", "application/msword"),
        ("a.svg", "image/svg+xml", "attachment", "application/octet-stream"),
        ("a.html", "text/html", "attachment", "application/octet-stream"),
        ("a.xml", "text/xml", "attachment", "application/octet-stream"),
    ]
    .into_iter()
    .enumerate()
    {
        let seq = n as u64 + 1;
        let file = court.show(seq, name, media_type, b"<script>alert(1)</script>").await;
        let path = court.path(seq, &file, Variant::Original).await;
        let answer = court.fetch(Method::GET, &path, &[("cookie", "__Host-weiting=stolen")]).await;
        assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, sent_as), "{name}");
        assert!(answer.header("content-disposition").starts_with(&format!("{how}; filename=\"")), "{name}");
        let refused = court.get("/files/nonsense").await;
        assert_eq!(refused.status, 404);
        for answer in [answer, refused] {
            assert_eq!(answer.header("x-content-type-options"), "nosniff");
            assert_eq!(answer.header("cross-origin-resource-policy"), "cross-origin");
            assert!(answer.header("content-security-policy").contains("default-src 'none'"));
            assert!(answer.header("content-security-policy").contains("sandbox"));
            assert!(!answer.header("content-security-policy").contains("script-src"));
            assert!(answer.header("cache-control").contains("no-store"));
            assert_eq!(answer.header("referrer-policy"), "no-referrer");
            assert_eq!(answer.header("set-cookie"), "");
        }
        let on_app_host = court.browser.get(&path).await;
        assert_eq!(on_app_host.status, 404, "the app's own host shows no files");
    }
}

#[tokio::test]
async fn sr08_an_old_ticket_is_worth_nothing_once_its_right_has_ended() {
    let mut court = Court::new().await;
    let file = court.show(5, "a.pdf", "application/pdf", b"%PDF").await;
    let path = court.path(5, &file, Variant::Original).await;
    assert_eq!(court.get(&path).await.status, 200);

    // The membership ends, or the act is no longer to be seen.
    let seen = court.eyes.0.lock().unwrap().remove(&5).unwrap();
    let ended = court.get(&path).await;
    assert_eq!((ended.status.as_u16(), ended.code()), (404, "not_found".to_owned()));
    court.eyes.0.lock().unwrap().insert(5, seen);
    assert_eq!(court.get(&path).await.status, 200);

    // The session ends: this one, then all of the person's.
    court.kit.desk.store.revoke(court.session, court.kit.micros()).await.unwrap();
    let revoked = court.get(&path).await;
    assert_eq!(revoked.status, 404);
    assert_eq!(
        (revoked.code(), &revoked.json()["detail"]),
        (ended.code(), &ended.json()["detail"]),
        "nobody can tell why"
    );
    assert!(court.kit.desk.store.revoke_all(court.person, court.kit.micros()).await.unwrap().is_empty());
}

#[tokio::test]
async fn sr08_a_ticket_that_is_forged_or_ten_minutes_old_is_none() {
    let mut court = Court::new().await;
    let file = court.show(5, "a.pdf", "application/pdf", b"%PDF").await;
    let path = court.path(5, &file, Variant::Original).await;
    let mut forged = path.clone().into_bytes();
    let last = forged.len() - 10;
    forged[last] = if forged[last] == b'A' { b'B' } else { b'A' };
    assert_eq!(court.get(&String::from_utf8(forged).unwrap()).await.status, 404);
    let other = court.path(6, &file, Variant::Original).await;
    assert_eq!(court.get(&other).await.status, 404, "an act that shows no file");

    court.kit.clock.advance(time::Duration::seconds(599));
    assert_eq!(court.get(&path).await.status, 200);
    court.kit.clock.advance(time::Duration::seconds(1));
    assert_eq!(court.get(&path).await.status, 404);
}

#[tokio::test]
async fn sr08_a_transfer_breaks_off_when_its_right_ends() {
    let court = Court::new().await;
    let file = court.show(5, "a.mp4", "video/mp4", &vec![7; 8 << 20]).await;
    let path = court.path(5, &file, Variant::Original).await;
    let mut asked = Request::get(&path).header("host", "files.court.example").body(Body::empty()).unwrap();
    asked.extensions_mut().insert(ConnectInfo(std::net::SocketAddr::from(([127, 0, 0, 1], 50_000))));
    let mut body = court.app.clone().oneshot(asked).await.unwrap().into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    let mut received = first.len();
    assert!(received > 0 && received < 8 << 20);

    court.kit.desk.store.revoke(court.session, court.kit.micros()).await.unwrap();
    tokio::time::sleep(Duration::from_millis(600)).await;
    let broken = loop {
        match body.frame().await {
            Some(Ok(frame)) => received += frame.into_data().map_or(0, |data| data.len()),
            Some(Err(_)) => break true,
            None => break false,
        }
    };
    assert!(broken, "the client is told that this is not all");
    assert_eq!(received, first.len(), "not one more byte after the next look");
}

#[tokio::test]
async fn sr35_a_thumbnail_is_a_small_picture_of_its_own_and_the_original_stays() {
    let mut court = Court::new().await;
    let bytes = photo(1300, 700);
    let file = court.show(5, "欠条.png", "image/png", &bytes).await;
    let path = court.path(5, &file, Variant::Thumb).await;
    let answer = court.get(&path).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "image/jpeg"));
    assert!(answer.body.starts_with(b"\xFF\xD8\xFF") && answer.body.len() < bytes.len() / 10);
    assert!(answer.header("content-disposition").ends_with("UTF-8''%E6%AC%A0%E6%9D%A1.jpg"));
    let copy = court.thumb(file.sha256).await.unwrap();
    assert_eq!(copy, record::Hash::of(&answer.body), "kept, and marked as derived");
    assert_eq!(court.get(&path).await.body, answer.body);
    let head = court.fetch(Method::HEAD, &path, &[]).await;
    assert_eq!((head.status.as_u16(), head.header("content-length")), (200, answer.body.len().to_string().as_str()));
    let original = court.path(5, &file, Variant::Original).await;
    assert_eq!(court.get(&original).await.body, bytes);
    assert!(court.kit.desk.store.staging().all().await.unwrap().is_empty());

    let voice = court.show(6, "a.mp3", "audio/mpeg", b"voice").await;
    let refused = send(&court.kit.desk, court.session, ROOM, MEMBER, (6, 0), &voice, Variant::Thumb).await.unwrap_err();
    assert_eq!(refused.code(), "not_found");
    let broken = court.show(7, "a.png", "image/png", &bytes[..2000]).await;
    let path = court.path(7, &broken, Variant::Thumb).await;
    for _ in 0..2 {
        assert_eq!(court.get(&path).await.status, 404);
    }
}

#[tokio::test]
async fn the_job_makes_the_thumbnail_before_it_is_asked_for() {
    let court = Court::new().await;
    let file = court.show(5, "a.png", "image/png", &photo(700, 700)).await;
    let payload = format!(r#"{{"sha256":"{}"}}"#, file.sha256);
    let both = tokio::join!(
        crate::views::thumbnail_job(court.kit.desk.clone(), payload.clone()),
        crate::views::thumbnail_job(court.kit.desk.clone(), payload),
    );
    assert_eq!(both, (Outcome::Done, Outcome::Done));
    assert!(court.thumb(file.sha256).await.is_some());
    let outcome = crate::views::thumbnail_job(court.kit.desk.clone(), "{}".to_owned()).await;
    assert!(matches!(outcome, Outcome::Fail(_)));
}
