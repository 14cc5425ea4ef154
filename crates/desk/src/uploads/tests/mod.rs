//! Uploads through the whole router.

mod begin;
mod bounds;
mod bring;
mod refuse;
mod scan;

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use court::{PersonId, UploadId};
use futures_util::stream;
use record::Hash;

use crate::testkit::{Answer, Caller, Kit};

/// A court with somebody who uploads.
struct Court {
    kit: Kit,
    app: Router,
    wang: PersonId,
    browser: Caller,
}

impl Court {
    async fn new() -> Court {
        Court::of(Kit::new().await).await
    }

    async fn of(kit: Kit) -> Court {
        let app = kit.app(super::routes());
        let wang = kit.person("王小禾", "13900000001").await;
        let browser = kit.caller(&app, wang, None).await;
        Court { kit, app, wang, browser }
    }

    /// How many staged files and how many stored files there are.
    async fn kept(&self) -> (usize, usize) {
        let staged = self.kit.desk.store.staging().all().await.unwrap().len();
        (staged, files_under(&self.kit.folder().join("blobs")))
    }
}

fn files_under(folder: &std::path::Path) -> usize {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| if entry.path().is_dir() { files_under(&entry.path()) } else { 1 }).sum()
}

/// A voice recording of so many bytes of sound, different for each seed.
fn voice(bytes: usize, seed: u64) -> Vec<u8> {
    let length = u32::try_from(bytes & !1).unwrap();
    let mut wav = Vec::new();
    wav.extend(b"RIFF");
    wav.extend((36 + length).to_le_bytes());
    wav.extend(b"WAVEfmt ");
    wav.extend(16_u32.to_le_bytes());
    for half in [1_u16, 1] {
        wav.extend(half.to_le_bytes());
    }
    wav.extend(16_000_u32.to_le_bytes());
    wav.extend(32_000_u32.to_le_bytes());
    wav.extend(2_u16.to_le_bytes());
    wav.extend(16_u16.to_le_bytes());
    wav.extend(b"data");
    wav.extend(length.to_le_bytes());
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    wav.extend((0..length).map(|_| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    }));
    wav
}

fn request(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("origin", Kit::ORIGIN).header("tus-resumable", "1.0.0")
}

async fn begin(caller: &mut Caller, key: &str, name: &str, length: u64) -> Answer {
    let asked = request(Method::POST, "/api/uploads")
        .header("upload-length", length)
        .header("upload-metadata", format!("filename {}", STANDARD.encode(name)))
        .header("idempotency-key", key);
    caller.send(asked, Body::empty()).await
}

/// Begins an upload that must be taken; its address.
async fn begun(caller: &mut Caller, key: &str, name: &str, length: usize) -> String {
    let answer = begin(caller, key, name, length as u64).await;
    assert_eq!(answer.status, 201, "{}", answer.json());
    answer.header("location").to_owned()
}

async fn part(caller: &mut Caller, path: &str, at: usize, body: Body) -> Answer {
    let asked = request(Method::PATCH, path)
        .header("upload-offset", at)
        .header("content-type", "application/offset+octet-stream");
    caller.send(asked, body).await
}

/// How far the server says that the upload has come.
async fn offset(caller: &mut Caller, path: &str) -> String {
    let answer = caller.send(request(Method::HEAD, path), Body::empty()).await;
    if answer.status == 200 { answer.header("upload-offset").to_owned() } else { answer.status.as_str().to_owned() }
}

/// A body that breaks off after these bytes, as a connection does.
fn cut(bytes: &[u8]) -> Body {
    let half = bytes.len() / 2;
    let pieces = [Ok(Bytes::copy_from_slice(&bytes[..half])), Ok(Bytes::copy_from_slice(&bytes[half..])), Err("cut")];
    Body::from_stream(stream::iter(pieces.map(|piece| piece.map_err(std::io::Error::other))))
}

/// A body of unannounced length.
fn streamed(bytes: &[u8]) -> Body {
    let pieces: Vec<_> = bytes.chunks(10_000).map(|piece| Ok::<_, Infallible>(Bytes::copy_from_slice(piece))).collect();
    Body::from_stream(stream::iter(pieces))
}

fn id_of(path: &str) -> UploadId {
    path.rsplit('/').next().unwrap().parse().unwrap()
}

fn sha256(bytes: &[u8]) -> String {
    Hash::of(bytes).to_string()
}
