//! Files that are refused, of which nothing stays (SR-32, SR-33).

use super::*;

/// The beginning of a PNG that says it has so many pixels.
fn picture_of(width: u32, height: u32) -> Vec<u8> {
    let mut header = b"IHDR".to_vec();
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    header.extend([8, 2, 0, 0, 0]);
    let mut png = b"\x89PNG\r\n\x1a\n".to_vec();
    png.extend(13_u32.to_be_bytes());
    png.extend(&header);
    png.extend(crc32(&header).to_be_bytes());
    png.extend(b"\0\0\0\0IDAT");
    png.extend(crc32(b"IDAT").to_be_bytes());
    png.extend(b"\0\0\0\0IEND");
    png.extend(crc32(b"IEND").to_be_bytes());
    png
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    })
}

#[tokio::test]
async fn sr32_disguised_and_hostile_files_are_refused_and_nothing_of_them_stays() {
    let mut court = Court::new().await;
    let page = b"<!doctype html><script>alert(1)</script>".to_vec();
    let drawing = b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>".to_vec();
    for (name, bytes, status, code) in [
        ("a.jpg", page.clone(), 415, ""),
        ("a.html", page, 415, "file_type_unknown"),
        ("a.svg", drawing, 415, "file_type_unknown"),
        ("a.exe", b"MZ\x90\0".repeat(100), 415, "file_type_unknown"),
        ("a.jpg", voice(1000, 1), 415, "file_type_mismatch"),
        ("a.wav", picture_of(10, 10), 415, "file_type_mismatch"),
        ("a.wav", b"RIFF\xff\xff\xff\xffWAVE".to_vec(), 422, "file_broken"),
        ("bomb.png", picture_of(60_000, 60_000), 413, "picture_too_large"),
        ("a.docx", b"PK\x03\x04".to_vec(), 422, "file_broken"),
    ] {
        let path = begun(&mut court.browser, &sha256(&[name.as_bytes(), &bytes].concat()), name, bytes.len()).await;
        let answer = part(&mut court.browser, &path, 0, Body::from(bytes)).await;
        assert_eq!(answer.status.as_u16(), status, "{name} {}", answer.json());
        if !code.is_empty() {
            assert_eq!(answer.code(), code, "{name}");
        }
        assert!(!answer.json()["detail"].as_str().unwrap().is_empty());
        assert_eq!(offset(&mut court.browser, &path).await, "404", "the upload is gone");
        assert_eq!(court.kept().await, (0, 0), "{name}");
        let file = crate::uploads::finished_file(&court.kit.desk, court.wang, id_of(&path)).await.unwrap();
        assert_eq!(file, None);
    }
}

#[tokio::test]
async fn sr33_more_bytes_than_announced_are_not_taken() {
    let mut court = Court::new().await;
    let sound = voice(1000, 1);
    let path = begun(&mut court.browser, "k", "a.wav", sound.len()).await;
    let longer = [sound.clone(), vec![0]].concat();
    let announced = request(Method::PATCH, &path)
        .header("upload-offset", 0)
        .header("content-length", longer.len())
        .header("content-type", "application/offset+octet-stream");
    let answer = court.browser.send(announced, Body::from(longer.clone())).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (413, "upload_too_long".to_owned()));
    let answer = part(&mut court.browser, &path, 0, streamed(&longer)).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (413, "upload_too_long".to_owned()));
    assert_eq!(offset(&mut court.browser, &path).await, "0");
    assert_eq!(part(&mut court.browser, &path, 0, Body::from(sound)).await.status, 204);
}
