//! Signatures have versions that stay; a proof is for one session and one thing; a document is for whoever is a member.

use court::{MemberId, PersonId, RoomId, SessionId, UploadId};
use record::Hash;

use super::sample::{self, NOON, SECOND, Speaker, id};
use crate::{
    Answer, Effect, FinishedUpload, NewDocument, Purpose, SignatureRow, SignatureUse, StepUpRow, StoreError, UploadRow,
    VaultKeyRow, on_both_databases,
};

fn signature(person: PersonId, key: uuid::Uuid, version: u32) -> SignatureRow {
    let commitment = Hash::of(&version.to_be_bytes());
    let sealed = vec![u8::try_from(version).unwrap(); 40];
    SignatureRow { person, version, method: "drawn".to_owned(), commitment, key, sealed, created_at: NOON }
}

on_both_databases! {
    async fn the_latest_signature_is_the_persons_and_the_former_ones_stay_for_what_they_signed(db) {
        let store = db.open().await;
        let (one, other) = (sample::person(&store).await.id, sample::person(&store).await.id);
        let key = VaultKeyRow { id: id(), wrapped: vec![1; 60], created_at: NOON };
        store.put_vault_key(&key).await.unwrap();
        assert_eq!(store.vault_keys().await.unwrap(), std::slice::from_ref(&key));
        assert_eq!(store.signature(one).await.unwrap(), None);
        for version in [1, 2] {
            store.put_signature(&signature(one, key.id, version)).await.unwrap();
        }
        assert!(matches!(store.put_signature(&signature(one, key.id, 2)).await, Err(StoreError::Conflict)));
        assert_eq!(store.signature(one).await.unwrap().unwrap(), signature(one, key.id, 2));
        let first = signature(one, key.id, 1);
        assert_eq!(store.signature_named(one, first.commitment).await.unwrap().unwrap(), first);
        assert_eq!(store.signature_named(other, first.commitment).await.unwrap(), None, "sr42: it is not theirs");
        assert_eq!(store.signature(other).await.unwrap(), None);
        assert!(!format!("{first:?}").contains("sealed"));
    }

    async fn sr09_a_proof_is_for_one_session_one_purpose_one_object_and_grows_old(db) {
        let store = db.open().await;
        let (session, other) = (SessionId(id()), SessionId(id()));
        let row = StepUpRow {
            id: id(),
            session,
            purpose: "signature.confirm".to_owned(),
            object: "room/hash".to_owned(),
            method: "sms".to_owned(),
            granted_at: NOON,
            expires_at: NOON + 300 * SECOND,
        };
        store.put_step_up(&row).await.unwrap();
        let find = async |session, purpose, object, now| store.step_up(session, purpose, object, now).await.unwrap();
        assert_eq!(find(session, "signature.confirm", "room/hash", NOON).await, Some(row.clone()));
        assert_eq!(find(other, "signature.confirm", "room/hash", NOON).await, None);
        assert_eq!(find(session, "login", "room/hash", NOON).await, None);
        assert_eq!(find(session, "signature.confirm", "room/other", NOON).await, None);
        assert_eq!(find(session, "signature.confirm", "room/hash", NOON + 300 * SECOND).await, None);
        assert_eq!(store.forget_step_ups(NOON + 400 * SECOND).await.unwrap(), 1);
        assert_eq!(find(session, "signature.confirm", "room/hash", NOON).await, None);
    }

    async fn sr40_a_use_in_no_room_takes_its_proof_once_together_with_its_result_and_its_answer(db) {
        let store = db.open().await;
        let (one, other) = (sample::person(&store).await.id, sample::person(&store).await.id);
        let session = SessionId(id());
        let mut uses = Vec::new();
        for n in 0..3_i64 {
            let proof = StepUpRow {
                id: id(),
                session,
                purpose: "signature.place".to_owned(),
                object: format!("tool/{n}"),
                method: "sms".to_owned(),
                granted_at: NOON,
                expires_at: NOON + 300 * SECOND,
            };
            store.put_step_up(&proof).await.unwrap();
            let used = SignatureUse {
                id: id(),
                person: one,
                // Two at the same moment.
                at: NOON + n / 2,
                signature: Hash::of(b"s"),
                name: format!("{n}.pdf"),
                document: Hash::of(b"d"),
                result: Hash::of(b"r"),
                places: "[]".to_owned(),
                method: "sms".to_owned(),
            };
            let finished = FinishedUpload {
                sha256: Hash::of(b"r"),
                size: 3,
                media_type: "application/pdf".to_owned(),
                kind: "document".to_owned(),
                width: None,
                height: None,
                seconds: None,
                warnings: "[]".to_owned(),
            };
            let result = UploadRow {
                id: UploadId(id()),
                person: one,
                name: format!("{n}（已签名）.pdf"),
                length: 3,
                offset: 3,
                created_at: NOON,
                expires_at: NOON + 86_400 * SECOND,
                finished: Some(finished),
                used: false,
                purpose: Purpose::Tool,
            };
            let answer = Answer { person: one, key: format!("k{n}"), request: Hash::of(b"q"), response: "{}".to_owned(), at: NOON };
            store.note_signature_use(&used, proof.id, &result, &answer).await.unwrap();
            assert_eq!(store.upload(one, result.id).await.unwrap().as_ref(), Some(&result));
            assert_eq!(store.answer(one, &answer.key).await.unwrap(), Some(answer.clone()));
            assert_eq!(store.step_up(session, "signature.place", &proof.object, NOON).await.unwrap(), None);
            // The proof again, for something else: nothing of it is noted.
            let again = SignatureUse { id: id(), ..used.clone() };
            let elsewhere = UploadRow { id: UploadId(id()), ..result };
            let late = Answer { key: format!("late{n}"), ..answer };
            let refused = store.note_signature_use(&again, proof.id, &elsewhere, &late).await;
            assert!(matches!(refused, Err(StoreError::Conflict)));
            assert_eq!(store.upload(one, elsewhere.id).await.unwrap(), None);
            assert_eq!(store.answer(one, &late.key).await.unwrap(), None);
            uses.push(used);
        }
        uses.sort_by_key(|used| std::cmp::Reverse((used.at, used.id)));
        assert_eq!(store.signature_uses(one, None, 9).await.unwrap(), uses);
        let after = Some((uses[0].at, uses[0].id));
        assert_eq!(store.signature_uses(one, after, 1).await.unwrap(), uses[1..2]);
        assert_eq!(store.signature_uses(other, None, 9).await.unwrap(), []);
    }

    async fn sr65_an_incident_is_new_once_and_open_until_it_is_mended(db) {
        let store = db.open().await;
        let (record, other) = (id(), id());
        assert_eq!(store.note_incidents(record, &["acts", "files"], NOON).await.unwrap(), 2);
        assert_eq!(store.note_incidents(record, &["acts", "files"], NOON + 1).await.unwrap(), 0);
        assert_eq!(store.note_incidents(other, &[], NOON).await.unwrap(), 0);
        assert_eq!(store.count_open_incidents().await.unwrap(), 2);
        assert_eq!(store.note_incidents(record, &["files"], NOON + 2).await.unwrap(), 0);
        let open = store.open_incidents(&[record, other]).await.unwrap();
        assert_eq!(open.iter().map(|one| (one.what.as_str(), one.found_at)).collect::<Vec<_>>(), [("files", NOON)]);
        assert_eq!(store.note_incidents(record, &["acts", "files"], NOON + 3).await.unwrap(), 1, "it is back");
        assert_eq!(store.open_incidents(&[other]).await.unwrap(), []);
        store.set_scrub_mark(Some(record)).await.unwrap();
        assert_eq!(store.scrub_mark().await.unwrap(), Some(record));
        store.set_scrub_mark(None).await.unwrap();
        assert_eq!(store.scrub_mark().await.unwrap(), None);
    }

    async fn an_act_uses_its_proof_up_and_files_its_document_for_the_members_who_are_there(db) {
        let store = db.open().await;
        let (one, gone) = (sample::person(&store).await, sample::person(&store).await);
        let (member, former) = (MemberId(id()), MemberId(id()));
        let mut speaker = Speaker::new(&one);
        let session = SessionId(id());
        let row = StepUpRow {
            id: id(),
            session,
            purpose: "signature.confirm".to_owned(),
            object: "o".to_owned(),
            method: "sms".to_owned(),
            granted_at: NOON,
            expires_at: NOON + 300 * SECOND,
        };
        store.put_step_up(&row).await.unwrap();
        let started = |member, person, role: &str| Effect::MembershipStarted { member, person, role: role.to_owned(), seq: 1, at: NOON };
        let document = |seq: u64, title: &str| {
            Effect::DocumentFiled(Box::new(NewDocument {
                seq,
                at: NOON + i64::try_from(seq).unwrap(),
                title: title.to_owned(),
                number: "(2026)沪0113民初7号".to_owned(),
                parties: "甲公司 诉 乙公司".to_owned(),
                version: 1,
                pages: 3,
                size: 9,
                sha256: Hash::of(title.as_bytes()),
            }))
        };
        let mut first = speaker.says("一");
        first.effects = vec![
            started(member, one.id, "party"),
            started(former, gone.id, "agent"),
            Effect::StepUpUsed { id: row.id, at: NOON },
            document(1, "谈话笔录"),
        ];
        store.append(first).await.unwrap();
        let mut second = speaker.says("二");
        second.effects = vec![Effect::MembershipEnded { member: former, seq: 2, at: NOON }, document(2, "调解笔录")];
        store.append(second).await.unwrap();
        assert_eq!(store.step_up(session, "signature.confirm", "o", NOON).await.unwrap(), None, "it was used");

        let words = |text: &str| text.split(' ').filter(|word| !word.is_empty()).map(court::folded).collect::<Vec<_>>();
        let found = async |person, role, text: &str, before, limit| {
            let rows = store.documents_of(person, role, &words(text), before, limit).await.unwrap();
            rows.into_iter().map(|(row, member)| (row.title, member)).collect::<Vec<_>>()
        };
        let both = vec![("调解笔录".to_owned(), member), ("谈话笔录".to_owned(), member)];
        assert_eq!(found(one.id, "party", "", None, 9).await, both, "newest first");
        assert_eq!(found(one.id, "party", "（2026）沪0113 甲公司", None, 9).await, both);
        assert_eq!(found(one.id, "party", "谈话 乙", None, 9).await, both[1..]);
        assert_eq!(found(one.id, "party", "%", None, 9).await, []);
        assert_eq!(found(one.id, "judge", "", None, 9).await, [], "in another role they are not theirs");
        assert_eq!(found(gone.id, "agent", "", None, 9).await, [], "sr08: whose membership ended has none");
        let after = Some((NOON + 2, RoomId(speaker.record), 2));
        assert_eq!(found(one.id, "party", "", after, 9).await, both[1..]);
        assert_eq!(found(one.id, "party", "", None, 1).await, both[..1]);
    }
}
