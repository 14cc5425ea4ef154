//! A court of 1,000,000 acts: how soon a word is found in a room of 100,000 of them, and in all rooms of a judge who has them all.
//!
//! `WEITING_BENCH_ACTS` makes the court smaller, to see that this works.

use std::time::Instant;

use anyhow::{Context, ensure};
use court::act::{AudienceDocument, Body, BodyDocument};
use court::speech::{Said, To};
use court::{ActId, Audience, Kind, beijing};
use record::{Head, Leaf, commit};
use store::kit::TestDatabase;
use store::{Append, NewAct};

use crate::client::Client;
use crate::court::{House, Room, Seat};
use crate::server::Server;
use crate::table::{Row, median, ms, share};

const ACTS: usize = 1_000_000;
/// The long room has one act in so many of the court's.
const LONG: usize = 10;
/// Rooms beside the long one.
const ROOMS: usize = 200;
const MEMBERS: usize = 4;
/// Acts of one append, while the court is filled.
const AT_ONCE: usize = 1_000;
/// How often each thing is looked for.
const ROUNDS: usize = 30;
const ROOM_TARGET: f64 = 0.050;
const COURT_TARGET: f64 = 0.200;

/// What people talk about. Some of it is said all the time.
const OFTEN: [&str; 12] = ["我方", "已经", "合同", "货物", "付款", "的", "对方", "请", "核对", "没有", "是", "收到"];
const SELDOM: [&str; 40] = [
    "借条", "欠条", "验收", "破损", "包装", "发票", "利息", "违约", "定金", "退还", "解除", "担保", "抵押", "质量",
    "鉴定", "仓库", "运输", "签字", "盖章", "录音", "照片", "微信", "转账", "银行", "流水", "账单", "房屋", "租金",
    "押金", "水电", "工资", "加班", "社保", "工伤", "车辆", "保险", "医院", "病历", "误工", "护理",
];

pub(crate) async fn measure(database: &TestDatabase) -> anyhow::Result<Vec<Row>> {
    let acts = std::env::var("WEITING_BENCH_ACTS").ok().and_then(|acts| acts.parse().ok()).unwrap_or(ACTS);
    let house = House::open(database).await?;
    let begun = Instant::now();
    let long = house.room(MEMBERS).await?;
    let judge = long.seats[0].acting.clone();
    let mut said = Words(1);
    fill(&house, &long, acts / LONG, &mut said).await?;
    for _ in 0..ROOMS {
        let room = house.room_of(Some(&judge), MEMBERS).await?;
        fill(&house, &room, (acts - acts / LONG) / ROOMS, &mut said).await?;
    }
    eprintln!("  {acts} acts said in {:.0} s", begun.elapsed().as_secs_f64());
    let begun = Instant::now();
    house.desk.index_now().await.map_err(|problem| anyhow::anyhow!("{}", problem.detail()))?;
    let rate = acts as f64 / begun.elapsed().as_secs_f64();
    let token = house.token(&long.seats[0]).await?;
    house.close().await?;
    let server = Server::serve(database).await?;
    let client = Client::to(server.address)?;
    let rows = look(&client, &token, &long, acts, rate).await;
    server.stop().await?;
    rows
}

/// Looks for everything, in the room and everywhere.
async fn look(client: &Client, token: &str, long: &Room, acts: usize, rate: f64) -> anyhow::Result<Vec<Row>> {
    let member = long.seats[2].member;
    let number = acts / LONG / 3;
    // Said all the time, now and then, once, never; one character; with a member; further back; the oldest.
    let wanted = [
        "q=%E7%9A%84".to_owned(),
        "q=%E5%90%88%E5%90%8C".to_owned(),
        "q=%E5%80%9F%E6%9D%A1".to_owned(),
        "q=%E5%80%9F".to_owned(),
        "q=%E5%80%9F%E6%9D%A1%20%E6%8A%BC%E9%87%91%20%E5%B7%A5%E4%BC%A4".to_owned(),
        format!("q=no.{number}%E3%80%82"),
        "q=%E7%9A%84%E6%9D%A1".to_owned(),
        format!("q=%E5%88%A9%E6%81%AF&member={member}"),
        format!("q=%E5%88%A9%E6%81%AF&before={number}"),
        "media=true".to_owned(),
    ];
    let paths: Vec<String> = wanted.iter().map(|query| format!("/api/rooms/{}/search?{query}", long.id)).collect();
    let (mut inside, cold_room) = times(client, token, &paths).await?;
    // The word that was said once is found, the one that nobody said is not.
    let found = async |query: &str| -> anyhow::Result<usize> {
        let answer = client.get(token, &format!("/api/rooms/{}/search?{query}", long.id)).await?;
        answer.as_array().map(Vec::len).context("a list")
    };
    ensure!(found(&wanted[5]).await? == 1 && found(&wanted[6]).await? == 0 && found(&wanted[2]).await? == 30);
    let paths: Vec<String> = wanted[..7].iter().map(|query| format!("/api/search?{query}")).collect();
    let (mut everywhere, cold_court) = times(client, token, &paths).await?;
    let (room, court) = (share(&mut inside, 0.95), share(&mut everywhere, 0.95));
    let row = |what, p95, times: &mut Vec<f64>, cold, target, met| Row {
        what,
        measured: format!("p95 {} (median {})", ms(p95), ms(median(times))),
        reference: format!("slowest at first asking {}", ms(cold)),
        value: ms(p95),
        target,
        met: Some(met),
    };
    Ok(vec![
        row("a word in a room of 100,000 acts", room, &mut inside, cold_room, "≤ 50 ms", room <= ROOM_TARGET),
        row(
            "a word in a court of 1,000,000 acts",
            court,
            &mut everywhere,
            cold_court,
            "≤ 200 ms",
            court <= COURT_TARGET,
        ),
        Row {
            what: "acts put into the index",
            measured: format!("{rate:.0}/s"),
            reference: String::new(),
            value: String::new(),
            target: "",
            met: None,
        },
    ])
}

/// How long each answer took, and the slowest of those that were asked for the first time. In seconds.
async fn times(client: &Client, token: &str, paths: &[String]) -> anyhow::Result<(Vec<f64>, f64)> {
    let (mut times, mut first) = (Vec::new(), 0.0_f64);
    // The room itself is opened before.
    client.get(token, "/api/rooms").await?;
    for round in 0..=ROUNDS {
        for path in paths {
            let begun = Instant::now();
            client.get(token, path).await?;
            let seconds = begun.elapsed().as_secs_f64();
            if round == 0 {
                first = first.max(seconds);
            } else {
                times.push(seconds);
            }
        }
    }
    Ok((times, first))
}

/// Says so much in a room, past the engine: it is the index that is measured. The judge speaks last, through the engine, so that the
/// room has its snapshot.
async fn fill(house: &House, room: &Room, acts: usize, said: &mut Words) -> anyhow::Result<()> {
    let desk = &house.desk;
    let mut head = desk.store.head(room.id.0).await?.context("the room was just made")?;
    let at = beijing::micros(desk.now());
    for begin in (0..acts).step_by(AT_ONCE) {
        let expected = head;
        let acts = (begin..acts.min(begin + AT_ONCE))
            .map(|number| speech(house, room, &room.seats[number % MEMBERS], &mut head, at, said.next(number)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let append = Append {
            record: room.id.0,
            founding: None,
            expected,
            acts,
            jobs: Vec::new(),
            effects: Vec::new(),
            answer: None,
        };
        desk.store.append(append).await?;
    }
    // The engine has not heard of it: its first act is refused by the store, and it reads the room again.
    room.seats[0].says(desk, room.id, To::Everyone).await.map(|_| ())
}

fn speech(house: &House, room: &Room, seat: &Seat, head: &mut Head, at: i64, text: String) -> anyhow::Result<NewAct> {
    let desk = &house.desk;
    let body = serde_json::to_string(&BodyDocument {
        capacity: seat.capacity,
        name: seat.acting.name.clone(),
        sentence: format!("{}{}：{text}", seat.capacity.label(), seat.acting.name),
        act: Body::SpeechText(Said { text, reminders: Vec::new() }),
    })?;
    let hint = format!("{}发言", seat.acting.name);
    let audience = serde_json::to_string(&AudienceDocument { audience: Audience::Everyone, hint })?;
    let salt = [7; 32];
    let seq = head.seq + 1;
    let leaf = Leaf {
        court: &desk.config.court.code,
        record: room.id.0,
        seq,
        kind: Kind::SpeechText.code(),
        at,
        actor: &seat.acting.pseudonym,
        prev: head.leaf,
        body: commit(&salt, body.as_bytes()),
        audience: commit(&salt, audience.as_bytes()),
    }
    .hash();
    let act = NewAct {
        id: ActId(desk.chance.id()),
        seq,
        at,
        person: Some(seat.acting.person),
        pseudonym: seat.acting.pseudonym.clone(),
        member: Some(seat.member),
        capacity: seat.capacity.code().to_owned(),
        kind: Kind::SpeechText.code().to_owned(),
        body,
        body_salt: salt,
        audience,
        audience_salt: salt,
        leaf,
        prev: head.leaf,
    };
    *head = Head { seq, leaf };
    Ok(act)
}

/// Sentences that repeat themselves in each run alone.
struct Words(u64);

impl Words {
    /// About as long as people write, with a number of its own.
    fn next(&mut self, number: usize) -> String {
        let mut text = String::new();
        for _ in 0..14 {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let draw = (self.0 >> 33) as usize;
            // A seldom word stands in about one message of sixty.
            text.push_str(if draw.is_multiple_of(20) { SELDOM[draw / 20 % 40] } else { OFTEN[draw % 12] });
        }
        text.push_str(&format!("，No.{number}。"));
        text
    }
}
