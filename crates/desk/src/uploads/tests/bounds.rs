//! How much, how long, and what is left over (SR-33, F-17).

use store::{FinishedUpload, UploadRow};
use time::Duration;

use super::*;

const GIB: u64 = 1024 * 1024 * 1024;

#[tokio::test]
async fn sr33_a_person_has_at_most_eight_unfinished_uploads() {
    let mut court = Court::new().await;
    let tries: Vec<_> = (0..20)
        .map(|n| {
            let mut browser = court.browser.clone();
            tokio::spawn(async move { begin(&mut browser, &format!("k{n}"), "a.wav", 1000).await })
        })
        .collect();
    let mut begun = Vec::new();
    for one in tries {
        let answer = one.await.unwrap();
        if answer.status == 201 {
            begun.push(answer.header("location").to_owned());
        } else {
            assert_eq!((answer.status.as_u16(), answer.code()), (429, "uploads_too_many".to_owned()));
            assert!(!answer.header("retry-after").is_empty());
        }
    }
    assert_eq!(begun.len(), 8, "also when they come all at once");
    court.browser.send(request(Method::DELETE, &begun[0]), Body::empty()).await;
    assert_eq!(begin(&mut court.browser, "next", "a.wav", 1000).await.status, 201);
    let li = court.kit.person("李长青", "13900000002").await;
    let mut other = court.kit.caller(&court.app, li, None).await;
    assert_eq!(begin(&mut other, "k0", "a.wav", 1000).await.status, 201, "one person's load is not another's");
}

#[tokio::test]
async fn sr33_a_person_uploads_at_most_20_gib_within_a_day() {
    let mut court = Court::new().await;
    let store = &court.kit.desk.store;
    for n in 0..10_u128 {
        let id = uuid::Uuid::from_u128(n + 1).into();
        let now = court.kit.micros();
        let row = UploadRow {
            id,
            person: court.wang,
            name: "a.mp4".to_owned(),
            length: 2 * GIB,
            offset: 0,
            created_at: now,
            expires_at: now + 86_400_000_000,
            finished: None,
            used: false,
            purpose: store::Purpose::Record,
        };
        store.create_upload(&row).await.unwrap();
        store.set_offset(id, 0, 2 * GIB).await.unwrap();
        let found = FinishedUpload {
            sha256: Hash::of(&n.to_be_bytes()),
            size: 2 * GIB,
            media_type: "video/mp4".to_owned(),
            kind: "video".to_owned(),
            width: None,
            height: None,
            seconds: None,
            warnings: "[]".to_owned(),
        };
        store.finish_upload(id, &found, now).await.unwrap();
    }
    let answer = begin(&mut court.browser, "k", "a.wav", 1).await;
    assert_eq!((answer.status.as_u16(), answer.code()), (507, "upload_quota".to_owned()));
    court.kit.clock.advance(Duration::hours(24) + Duration::seconds(1));
    let mut browser = court.kit.caller(&court.app, court.wang, None).await;
    assert_eq!(begin(&mut browser, "k", "a.wav", 1).await.status, 201, "a refusal is no answer that would be kept");
}

#[tokio::test]
async fn an_expired_upload_is_over_and_swept_away() {
    let mut court = Court::new().await;
    let sound = voice(1000, 1);
    let half = begun(&mut court.browser, "k1", "a.wav", sound.len()).await;
    part(&mut court.browser, &half, 0, Body::from(sound[..500].to_vec())).await;
    let whole = begun(&mut court.browser, "k2", "a.wav", sound.len()).await;
    part(&mut court.browser, &whole, 0, Body::from(sound.clone())).await;

    court.kit.clock.advance(Duration::hours(24) - Duration::seconds(1));
    let mut browser = court.kit.caller(&court.app, court.wang, None).await;
    crate::uploads::sweep(&court.kit.desk).await.unwrap();
    assert_eq!(offset(&mut browser, &half).await, "500");
    court.kit.clock.advance(Duration::seconds(1));
    for path in [&half, &whole] {
        assert_eq!(offset(&mut browser, path).await, "410");
        assert_eq!(browser.get(path).await.code(), "upload_expired");
    }
    let file = crate::uploads::finished_file(&court.kit.desk, court.wang, id_of(&whole)).await.unwrap();
    assert_eq!(file, None, "what has expired cannot be shown");
    crate::uploads::sweep(&court.kit.desk).await.unwrap();
    assert_eq!(offset(&mut browser, &half).await, "404");
    assert_eq!(offset(&mut browser, &whole).await, "404");
    assert_eq!(court.kept().await, (0, 1), "its file stays an hour longer");
    crate::uploads::sweep_orphans(&court.kit.desk).await.unwrap();
    assert_eq!(court.kept().await, (0, 1));
    court.kit.clock.advance(Duration::hours(1) + Duration::seconds(1));
    crate::uploads::sweep_orphans(&court.kit.desk).await.unwrap();
    assert_eq!(court.kept().await, (0, 0));
}

#[tokio::test]
async fn staged_bytes_without_an_upload_are_swept_and_those_in_use_are_not() {
    let mut court = Court::new().await;
    let path = begun(&mut court.browser, "k", "a.wav", 1000).await;
    let staging = court.kit.desk.store.staging();
    let (orphan, held) = (UploadId(uuid::Uuid::from_u128(1)), UploadId(uuid::Uuid::from_u128(2)));
    staging.create(orphan).await.unwrap();
    staging.create(held).await.unwrap();
    let mine = court.kit.desk.uploads.write(held).unwrap();
    crate::uploads::sweep(&court.kit.desk).await.unwrap();
    let mut left = staging.all().await.unwrap();
    left.sort_unstable();
    let mut expected = vec![held, id_of(&path)];
    expected.sort_unstable();
    assert_eq!(left, expected);
    drop(mine);
    crate::uploads::sweep(&court.kit.desk).await.unwrap();
    assert_eq!(staging.all().await.unwrap(), [id_of(&path)]);
}

#[tokio::test(flavor = "multi_thread")]
async fn f17_fifty_parallel_uploads_of_which_a_third_is_cut_leave_nothing_behind() {
    let court = Court::new().await;
    let mut people = Vec::new();
    for n in 0..10 {
        let person = court.kit.person(&format!("当事人{n}"), &format!("1380000000{n}")).await;
        people.push(court.kit.caller(&court.app, person, None).await);
    }
    let tasks: Vec<_> = (0..50_usize)
        .map(|n| {
            let mut browser = people[n % 10].clone();
            tokio::spawn(async move {
                let sound = voice(100_000 + n * 1000, n as u64);
                let path = begun(&mut browser, &format!("k{n}"), "a.wav", sound.len()).await;
                let mut at = 0;
                if n % 3 == 0 {
                    at = 30_000 + n * 100;
                    assert_eq!(part(&mut browser, &path, 0, cut(&sound[..at])).await.status, 408);
                    assert_eq!(offset(&mut browser, &path).await, at.to_string());
                }
                if n % 6 == 3 {
                    return None;
                }
                let answer = part(&mut browser, &path, at, streamed(&sound[at..])).await;
                assert_eq!(answer.status, 204, "{}", answer.json());
                let view = browser.get(&path).await.json();
                assert_eq!(view["sha256"], sha256(&sound));
                Some(Hash::of(&sound))
            })
        })
        .collect();
    let mut taken = Vec::new();
    for task in tasks {
        taken.extend(task.await.unwrap());
    }
    assert_eq!(taken.len(), 42);
    assert_eq!(court.kept().await, (8, 42), "only those that never came back are staged");
    for hash in taken {
        let bytes = court.kit.desk.store.blobs().get_bytes(hash, 1 << 20).await.unwrap();
        assert_eq!(Hash::of(&bytes), hash);
    }
    court.kit.clock.advance(Duration::hours(25));
    crate::uploads::sweep(&court.kit.desk).await.unwrap();
    assert_eq!(court.kept().await.0, 0);
}
