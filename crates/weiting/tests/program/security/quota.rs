//! SR-33: what one case may hold.

use court::{Capacity, FileKind, Phase};
use serde_json::json;
use store::kit::{TestDatabase, Which};

use crate::kit::{House, Trial, said};

#[tokio::test]
async fn sr33_a_case_holds_no_more_than_the_operator_allows() {
    for which in [Which::Sqlite, Which::Postgres] {
        // Each file of the kit has nine bytes: two fit, a third does not.
        let house = House::with(TestDatabase::fresh(which).await, |config| config.case_bytes = 20).await;
        let (trial, other) = (Trial::begin(&house, 1).await, Trial::begin(&house, 2).await);
        let rooms = [trial.room(&house, Phase::Open).await, trial.room(&house, Phase::Open).await];
        let plaintiff = trial.seat(Capacity::Plaintiff);
        for room in rooms {
            let blob = house.upload(plaintiff.person, FileKind::Photo, "照片.jpg").await;
            plaintiff.must(room, json!({"kind": "speech.photo", "blob": blob})).await;
        }
        let before = plaintiff.acts(rooms[0]).await;
        let blob = house.upload(plaintiff.person, FileKind::Document, "第三个.pdf").await;
        let answer = plaintiff.does(rooms[0], json!({"kind": "speech.document", "blob": blob})).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (507, "case_quota".to_owned()), "{}", said(&answer));
        assert_eq!(plaintiff.acts(rooms[0]).await, before, "nothing was stored");
        // Words and other cases are not concerned.
        plaintiff.says(rooms[0], "文件发不出去。").await;
        let room = other.room(&house, Phase::Open).await;
        let agent = other.seat(Capacity::DefendantAgent);
        let blob = house.upload(agent.person, FileKind::Photo, "照片.jpg").await;
        agent.must(room, json!({"kind": "speech.photo", "blob": blob})).await;
    }
}
