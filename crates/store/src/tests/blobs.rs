//! Files by their hash: the same questions to a folder and to a bucket.

use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use record::Hash;

use super::s3;
use crate::{Blobs, StoreError};

const MIB: usize = 1 << 20;

fn noise(length: usize) -> Vec<u8> {
    let mut state = 0x9e37_79b9_u32;
    std::iter::repeat_with(|| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 24) as u8
    })
    .take(length)
    .collect()
}

async fn read(blobs: &Blobs, hash: Hash, range: std::ops::Range<u64>) -> Result<Bytes, StoreError> {
    let stream = blobs.get_range(hash, range).await?;
    Ok(stream.try_collect::<BytesMut>().await?.freeze())
}

/// What must hold of either. `written` counts what reached the place itself.
async fn holds(blobs: &Blobs, written: impl Fn() -> usize) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("video.mp4");
    for length in [0, 1, 5 * MIB, 8 * MIB, 8 * MIB + 1, 20 * MIB + 7] {
        let bytes = noise(length);
        std::fs::write(&path, &bytes).unwrap();
        let before = written();
        let (hash, size) = blobs.put_file(&path).await.unwrap();
        assert_eq!((hash, size), (Hash::of(&bytes), length as u64));
        assert_eq!(written(), before + 1, "{length} bytes");
        assert_eq!(blobs.size(hash).await.unwrap(), Some(size));
        assert_eq!(read(blobs, hash, 0..size).await.unwrap(), bytes);
        assert_eq!(blobs.put_file(&path).await.unwrap(), (hash, size));
        assert_eq!(written(), before + 1, "a file that is there is not written again");
        if length > 100 {
            let end = length as u64;
            for range in [0..1, 17..99, end - 10..end, end - 10..end + 1000, 5..5] {
                let stop = (range.end as usize).min(length);
                assert_eq!(read(blobs, hash, range.clone()).await.unwrap(), bytes[range.start as usize..stop]);
            }
            assert!(matches!(blobs.get_bytes(hash, end - 1).await, Err(StoreError::TooLarge)));
            assert_eq!(blobs.get_bytes(hash, end).await.unwrap(), bytes);
        }
    }
    let hash = blobs.put_bytes(Bytes::from_static(b"thumbnail")).await.unwrap();
    assert_eq!(hash, Hash::of(b"thumbnail"));
    assert!(blobs.exists(hash).await.unwrap());
    assert_eq!(blobs.hash(hash).await.unwrap(), Some(hash));
    let missing = Hash::of(b"missing");
    assert_eq!(blobs.hash(missing).await.unwrap(), None);
    assert!(!blobs.exists(missing).await.unwrap());
    assert_eq!(blobs.size(missing).await.unwrap(), None);
    assert!(matches!(read(blobs, missing, 0..9).await, Err(StoreError::NotFound)));
    assert!(matches!(blobs.get_bytes(missing, 9).await, Err(StoreError::NotFound)));
    assert!(matches!(blobs.put_file(&folder.path().join("nothing")).await, Err(StoreError::NotFound)));
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

#[tokio::test]
async fn sr35_a_folder_keeps_the_original_bytes_under_their_hash() {
    let folder = tempfile::tempdir().unwrap();
    let blobs = Blobs::open(&format!("file://{}/blobs", folder.path().display())).unwrap();
    let place = folder.path().join("blobs");
    holds(&blobs, || files(&place).len()).await;
    let hash = Hash::of(b"thumbnail").to_string();
    let path = place.join("sha256").join(&hash[..2]).join(&hash[2..4]).join(&hash);
    assert_eq!(std::fs::read(&path).unwrap(), b"thumbnail");
    for file in files(&place) {
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        assert_eq!(Hash::of(&std::fs::read(&file).unwrap()).to_string(), name, "nothing unfinished is left behind");
    }
    std::fs::write(&path, b"thumbnbil").unwrap();
    assert_eq!(
        blobs.hash(Hash::of(b"thumbnail")).await.unwrap(),
        Some(Hash::of(b"thumbnbil")),
        "what was altered shows"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn sr35_a_bucket_keeps_the_original_bytes_under_their_hash() {
    let server = s3::Server::start().await;
    let blobs = server.blobs("court/files");
    holds(&blobs, || server.objects().len()).await;
    for (key, bytes) in server.objects() {
        let hash = Hash::of(&bytes).to_string();
        assert_eq!(key, format!("/evidence/court/files/sha256/{}/{}/{hash}", &hash[..2], &hash[2..4]));
    }
    assert_eq!(server.unfinished(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_bucket_that_loses_a_part_keeps_nothing() {
    let server = s3::Server::start().await;
    let blobs = server.blobs("");
    server.fail_part(2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("video.mp4");
    std::fs::write(&path, noise(20 * MIB)).unwrap();
    assert!(matches!(blobs.put_file(&path).await, Err(StoreError::Unavailable(_))));
    assert_eq!((server.objects().len(), server.unfinished()), (0, 0));
}

#[test]
fn addresses_that_name_no_place_are_refused_with_a_reason() {
    for address in ["", "blobs", "ftp://x", "s3://bucket?endpont=http://x", "file://host/x"] {
        assert!(matches!(Blobs::open(address), Err(StoreError::Settings(_))), "{address}");
    }
}
