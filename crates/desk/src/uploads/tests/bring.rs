//! How bytes come in, in parts and through broken connections.

use std::time::Duration;

use serde_json::json;

use super::*;

#[tokio::test]
async fn sr35_an_upload_goes_on_where_it_broke_off_and_is_kept_byte_for_byte() {
    let mut court = Court::new().await;
    let sound = voice(300_000, 1);
    let path = begun(&mut court.browser, "k", "../../通话 录音.WAV", sound.len()).await;

    let answer = part(&mut court.browser, &path, 0, cut(&sound[..100_001])).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (408, "upload_interrupted".to_owned()));
    assert_eq!(answer.json()["offset"], 100_001);
    assert_eq!(offset(&mut court.browser, &path).await, "100001", "what arrived is kept");

    let answer = part(&mut court.browser, &path, 100_001, Body::from(sound[100_001..200_000].to_vec())).await;
    assert_eq!((answer.status.as_u16(), answer.header("upload-offset")), (204, "200000"));
    assert_eq!(answer.header("upload-expires"), "Sat, 21 Nov 2026 06:00:00 GMT");
    let answer = court.browser.get(&path).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (409, "upload_unfinished".to_owned()));

    let answer = part(&mut court.browser, &path, 200_000, streamed(&sound[200_000..])).await;
    assert_eq!((answer.status.as_u16(), answer.header("upload-offset")), (204, "300044"));
    assert_eq!(offset(&mut court.browser, &path).await, "300044");

    let view = court.browser.get(&path).await.json();
    let expected = json!({
        "blob": id_of(&path), "sha256": sha256(&sound), "size": sound.len(), "media_type": "audio/wav",
        "name": "通话 录音.WAV", "seconds": view["seconds"], "warnings": [],
    });
    assert_eq!(view, expected);
    assert!((view["seconds"].as_f64().unwrap() - 9.375).abs() < 0.01, "{view}");
    let kept = court.kit.desk.store.blobs().get_bytes(Hash::of(&sound), 1 << 20).await.unwrap();
    assert_eq!(kept, sound);
    assert_eq!(court.kept().await, (0, 1), "the staged copy is gone");

    let file = crate::uploads::finished_file(&court.kit.desk, court.wang, id_of(&path)).await.unwrap().unwrap();
    assert_eq!((file.kind, file.size, file.sha256), (court::FileKind::Voice, 300_044, Hash::of(&sound)));
    let again = part(&mut court.browser, &path, 300_044, Body::empty()).await;
    assert_eq!(again.status, 204, "a last answer that got lost can be asked for again");
}

#[tokio::test]
async fn a_part_that_begins_elsewhere_changes_nothing() {
    let mut court = Court::new().await;
    let sound = voice(10_000, 1);
    let path = begun(&mut court.browser, "k", "a.wav", sound.len()).await;
    assert_eq!(part(&mut court.browser, &path, 0, Body::from(sound[..5000].to_vec())).await.status, 204);
    for wrong in [0, 4999, 5001, sound.len()] {
        let answer = part(&mut court.browser, &path, wrong, Body::from(vec![0; 10])).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (409, "upload_offset_wrong".to_owned()), "{wrong}");
        assert_eq!(answer.json()["offset"], 5000);
    }
    let untyped = request(Method::PATCH, &path).header("upload-offset", 5000);
    assert_eq!(court.browser.send(untyped, Body::from("x")).await.code(), "upload_type_wrong");
    assert_eq!(part(&mut court.browser, &path, 5000, Body::from(sound[5000..].to_vec())).await.status, 204);
    assert_eq!(court.browser.get(&path).await.json()["sha256"], sha256(&sound));
}

#[tokio::test]
async fn one_part_at_a_time_and_whoever_asks_how_far_takes_over() {
    let mut court = Court::new().await;
    let sound = voice(10_000, 1);
    let path = begun(&mut court.browser, "k", "a.wav", sound.len()).await;
    // A connection that died in a tunnel: some bytes, then neither more nor an end.
    let first = Bytes::copy_from_slice(&sound[..1000]);
    let silent = stream::unfold(Some(first), async |bytes| match bytes {
        Some(bytes) => Some((Ok::<_, Infallible>(bytes), None)),
        None => std::future::pending().await,
    });
    let stuck = tokio::spawn({
        let (mut browser, path) = (court.browser.clone(), path.clone());
        async move { part(&mut browser, &path, 0, Body::from_stream(silent)).await }
    });
    while !court.kit.desk.uploads.is_busy(id_of(&path)) {
        tokio::task::yield_now().await;
    }
    let second = part(&mut court.browser, &path, 0, Body::from(sound.clone())).await;
    assert_eq!((second.status.as_u16(), second.code()), (423, "upload_busy".to_owned()));
    tokio::time::sleep(Duration::from_millis(50)).await;

    assert_eq!(offset(&mut court.browser, &path).await, "1000", "what the dead connection brought counts");
    assert_eq!(stuck.await.unwrap().code(), "upload_interrupted");
    assert_eq!(part(&mut court.browser, &path, 1000, Body::from(sound[1000..].to_vec())).await.status, 204);
    assert_eq!(court.browser.get(&path).await.json()["sha256"], sha256(&sound));
}

#[tokio::test]
async fn a_handler_that_is_dropped_keeps_what_arrived() {
    let mut court = Court::new().await;
    let sound = voice(10_000, 1);
    let path = begun(&mut court.browser, "k", "a.wav", sound.len()).await;
    let (send, receive) = tokio::sync::mpsc::channel::<Result<Bytes, std::io::Error>>(4);
    let body = Body::from_stream(stream::unfold(receive, async |mut receive| Some((receive.recv().await?, receive))));
    let handler = tokio::spawn({
        let (mut browser, path) = (court.browser.clone(), path.clone());
        async move { part(&mut browser, &path, 0, body).await }
    });
    send.send(Ok(Bytes::copy_from_slice(&sound[..4000]))).await.unwrap();
    while send.capacity() < send.max_capacity() {
        tokio::task::yield_now().await;
    }
    handler.abort();
    assert!(handler.await.unwrap_err().is_cancelled());
    send.send(Err(std::io::Error::other("reset by peer"))).await.unwrap();
    assert_eq!(offset(&mut court.browser, &path).await, "4000");
}

#[tokio::test]
async fn a_check_that_a_restart_interrupted_is_done_when_asked_for() {
    let mut court = Court::new().await;
    for (name, status) in [("a.wav", 200), ("a.pdf", 415)] {
        let sound = voice(10_000, 1);
        let path = begun(&mut court.browser, name, name, sound.len()).await;
        // All bytes are durable, and then the lights went out.
        let bytes = stream::iter([Ok::<_, std::io::Error>(Bytes::from(sound.clone()))]);
        court.kit.desk.store.receive(court.wang, id_of(&path), 0, bytes).await.unwrap();
        assert_eq!(offset(&mut court.browser, &path).await, sound.len().to_string());
        assert_eq!(court.browser.get(&path).await.status.as_u16(), status);
        assert_eq!(court.kept().await, (0, 1));
    }
}

#[tokio::test]
async fn an_upload_that_is_given_up_leaves_nothing() {
    let mut court = Court::new().await;
    let sound = voice(10_000, 1);
    let path = begun(&mut court.browser, "k", "a.wav", sound.len()).await;
    part(&mut court.browser, &path, 0, Body::from(sound[..5000].to_vec())).await;
    let gone = court.browser.send(request(Method::DELETE, &path), Body::empty()).await;
    assert_eq!(gone.status, 204);
    assert_eq!(offset(&mut court.browser, &path).await, "404");
    assert_eq!(court.kept().await, (0, 0));
}
