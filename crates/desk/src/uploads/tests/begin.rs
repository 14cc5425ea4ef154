//! How uploads begin, and who finds them again.

use super::*;

#[tokio::test]
async fn options_say_what_is_offered_to_anybody() {
    let court = Court::new().await;
    let mut stranger = court.kit.stranger(&court.app);
    let answer = stranger.send(Request::options("/api/uploads"), Body::empty()).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("tus-version"), "1.0.0");
    assert_eq!(answer.header("tus-extension"), "creation,expiration,termination");
    assert_eq!(answer.header("tus-max-size"), "2147483648");
    assert_eq!(answer.header("tus-resumable"), "1.0.0");
}

#[tokio::test]
async fn another_version_of_tus_is_told_ours() {
    let mut court = Court::new().await;
    let path = begun(&mut court.browser, "k", "a.wav", 100).await;
    for (method, path) in [
        (Method::POST, "/api/uploads"),
        (Method::HEAD, path.as_str()),
        (Method::PATCH, path.as_str()),
        (Method::DELETE, path.as_str()),
    ] {
        for version in [None, Some("0.2.2")] {
            let mut asked = Request::builder().method(&method).uri(path).header("origin", Kit::ORIGIN);
            if let Some(version) = version {
                asked = asked.header("tus-resumable", version);
            }
            let answer = court.browser.send(asked, Body::empty()).await;
            assert_eq!((answer.status.as_u16(), answer.header("tus-version")), (412, "1.0.0"), "{method} {version:?}");
        }
    }
    assert_eq!(offset(&mut court.browser, &path).await, "0", "nothing happened");
}

#[tokio::test]
async fn sr39_the_same_key_begins_one_upload_and_another_file_under_it_is_refused() {
    let mut court = Court::new().await;
    let first = begun(&mut court.browser, "k1", "借条.wav", 500).await;
    assert_eq!(begun(&mut court.browser, "k1", "借条.wav", 500).await, first);
    for (name, length) in [("借条.wav", 501), ("收条.wav", 500)] {
        let answer = begin(&mut court.browser, "k1", name, length).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (422, "idempotency_key_reused".to_owned()));
    }
    assert_ne!(begun(&mut court.browser, "k2", "借条.wav", 500).await, first);

    let tries: Vec<_> = (0..20)
        .map(|_| {
            let mut browser = court.browser.clone();
            tokio::spawn(async move { begun(&mut browser, "k3", "a.wav", 500).await })
        })
        .collect();
    let mut paths = Vec::new();
    for one in tries {
        paths.push(one.await.unwrap());
    }
    paths.dedup();
    assert_eq!(paths.len(), 1, "twenty at once, one upload");
    assert_eq!(court.kept().await.0, 3);

    let answer = court
        .browser
        .send(
            request(Method::POST, "/api/uploads")
                .header("upload-length", 5)
                .header("upload-metadata", "filename YS53YXY="),
            Body::empty(),
        )
        .await;
    assert_eq!(answer.code(), "idempotency_key_missing");
}

#[tokio::test]
async fn what_is_missing_at_the_beginning_is_named() {
    let mut court = Court::new().await;
    let asked = |length: Option<&str>, metadata: Option<&str>| {
        let mut asked = request(Method::POST, "/api/uploads").header("idempotency-key", "k");
        if let Some(length) = length {
            asked = asked.header("upload-length", length);
        }
        if let Some(metadata) = metadata {
            asked = asked.header("upload-metadata", metadata);
        }
        asked
    };
    for (length, metadata, expected) in [
        (None, Some("filename YS53YXY="), (400, "upload_header_invalid")),
        (Some("-1"), Some("filename YS53YXY="), (400, "upload_header_invalid")),
        (Some("5"), None, (422, "file_name_missing")),
        (Some("5"), Some("filename ???"), (422, "file_name_missing")),
        (Some("0"), Some("filename YS53YXY="), (422, "file_empty")),
        (Some("2147483649"), Some("filename YS53YXY="), (413, "file_too_large")),
        (Some("99999999999999999999"), Some("filename YS53YXY="), (400, "upload_header_invalid")),
    ] {
        let answer = court.browser.send(asked(length, metadata), Body::empty()).await;
        assert_eq!((answer.status.as_u16(), answer.code().as_str()), expected, "{length:?} {metadata:?}");
    }
    assert_eq!(court.kept().await, (0, 0));
}

#[tokio::test]
async fn sr14_the_upload_of_somebody_else_is_not_there() {
    let mut court = Court::new().await;
    let sound = voice(1000, 1);
    let path = begun(&mut court.browser, "k", "a.wav", sound.len()).await;
    let li = court.kit.person("李长青", "13900000002").await;
    let mut other = court.kit.caller(&court.app, li, None).await;
    let mut nobody = court.kit.stranger(&court.app);
    let missing = format!("/api/uploads/{}", uuid::Uuid::from_u128(7));
    for path in [path.as_str(), missing.as_str(), "/api/uploads/7"] {
        for method in [Method::HEAD, Method::GET, Method::DELETE] {
            let answer = other.send(request(method.clone(), path), Body::empty()).await;
            assert_eq!(answer.status, 404, "{method} {path}");
            let answer = nobody.send(request(method.clone(), path), Body::empty()).await;
            assert_eq!(answer.status, 401, "{method} {path}");
        }
        let answer = part(&mut other, path, 0, Body::from(sound.clone())).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (404, "not_found".to_owned()));
        assert_eq!(part(&mut nobody, path, 0, Body::from(sound.clone())).await.status, 401);
    }
    assert_eq!(part(&mut court.browser, &path, 0, Body::from(sound)).await.status, 204);
    let mine = crate::uploads::finished_file(&court.kit.desk, court.wang, id_of(&path)).await.unwrap();
    assert_eq!(mine.unwrap().name, "a.wav");
    let theirs = crate::uploads::finished_file(&court.kit.desk, li, id_of(&path)).await.unwrap();
    assert_eq!(theirs, None, "nobody shows what another has uploaded");
}
