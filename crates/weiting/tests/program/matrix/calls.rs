//! Every call that a subject can make: each operation of the API on each object, each kind of act in each room.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::atomic::{AtomicU32, Ordering};

use axum::body::Body;
use axum::http::{Method, Request};
use court::{Capacity, CaseId, FileKind, Kind, MemberId, RoomId};
use desk::testkit::{Answer, Caller, Kit};
use serde_json::{Value, json};
use uuid::Uuid;

use super::subjects::Subject;
use super::world::{Place, World};
use crate::kit::{here, rfc3339};

/// An operation as the OpenAPI document has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Operation {
    pub(super) id: String,
    pub(super) method: Method,
    pub(super) path: String,
    /// The kind of object in `x-authz`.
    pub(super) object: String,
}

/// What a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Object {
    /// The caller, or the court as a whole.
    Nothing,
    Case(CaseId),
    /// One of the world's rooms.
    Room(usize),
    Upload,
    /// An attempt to show who one is that the plaintiff has begun.
    Attempt,
    /// An attempt of somebody else that waits for a reviewer.
    Review,
    /// The report of a missing case, whose number is that of our case.
    Report,
}

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ask {
    Plain,
    Act(Kind),
    /// A message to the bench alone.
    ToBench,
    /// A message to the one member in this capacity.
    ToMember(Capacity),
    /// A call to the one member in this capacity.
    Call(Capacity),
}

/// Which thing of its kind a call is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// The one that the call names.
    There,
    /// One that does not exist.
    Missing,
    /// A room like the one that the call names.
    Instead(RoomId),
}

#[derive(Clone, Debug)]
pub(super) struct Call {
    pub(super) operation: Operation,
    pub(super) object: Object,
    pub(super) ask: Ask,
}

/// The operations of the committed document.
pub(super) fn operations() -> Vec<Operation> {
    let document: Value = serde_json::from_str(&weiting::openapi_text().expect("a document")).expect("JSON");
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("operations") {
            let Some(id) = operation["operationId"].as_str() else { continue };
            operations.push(Operation {
                id: id.to_owned(),
                method: method.to_uppercase().parse().expect("a method"),
                path: path.clone(),
                object: operation["x-authz"]["object"].as_str().expect("an object").to_owned(),
            });
        }
    }
    operations
}

impl World {
    /// Every call, in an order in which none spoils another: what accepts the notice comes last.
    pub(super) fn calls(&self) -> Vec<Call> {
        let mut calls = Vec::new();
        for operation in operations() {
            for object in self.objects(&operation) {
                for ask in self.asks(&operation, object) {
                    calls.push(Call { operation: operation.clone(), object, ask });
                }
            }
        }
        calls.sort_by_key(|call| call.ask == Ask::Act(Kind::NoticeAcknowledge));
        calls
    }

    fn objects(&self, operation: &Operation) -> Vec<Object> {
        if operation.path.contains("{case}") {
            self.trials().map(|trial| Object::Case(trial.case)).to_vec()
        } else if operation.path.contains("{room}") {
            (0..self.places.len()).map(Object::Room).collect()
        } else if operation.path.contains("{upload}") {
            vec![Object::Upload]
        } else if operation.path.contains("{verification}") {
            vec![if operation.path.contains("/reviews/") { Object::Review } else { Object::Attempt }]
        } else if operation.path.contains("{report}") {
            vec![Object::Report]
        } else {
            vec![Object::Nothing]
        }
    }

    fn asks(&self, operation: &Operation, object: Object) -> Vec<Ask> {
        match (operation.id.as_str(), object) {
            ("act", Object::Room(place)) => {
                let mut asks: Vec<_> = Kind::ALL.iter().map(|kind| Ask::Act(*kind)).collect();
                if self.places[place].name == "open/read" {
                    asks.push(Ask::ToBench);
                    asks.extend(Capacity::ALL.map(Ask::ToMember));
                    asks.extend(Capacity::ALL.map(Ask::Call));
                }
                asks
            }
            ("schedule", _) => vec![Ask::Act(Kind::SittingSchedule)],
            ("view_contact", _) => vec![Ask::Act(Kind::ContactView)],
            ("change_panel", _) => vec![Ask::Act(Kind::PanelChange)],
            _ => vec![Ask::Plain],
        }
    }

    /// Makes the call.
    pub(super) async fn make(&self, subject: &Subject, caller: &Caller, call: &Call, target: Target) -> Answer {
        let operation = &call.operation;
        let place = match call.object {
            Object::Room(place) => Some(&self.places[place]),
            _ => None,
        };
        let mut path = operation.path.replace("{key}", "0123456789abcdef0123456789abcdef");
        path = path.replace("{code}", super::world::LAW);
        let nowhere = Uuid::from_u128(0x0dd0_0000_0000_4000_8000_0000_0000_0001);
        // No session of theirs: whether it is another's is not told.
        path = path.replace("{session}", &nowhere.to_string());
        path = path.replace("{office}", &nowhere.to_string()).replace("{feedback}", &nowhere.to_string());
        let entry = self.trials().into_iter().find(|trial| match call.object {
            Object::Case(case) => trial.case == case,
            _ => place.is_some_and(|place| place.case == trial.case),
        });
        let entry = entry.map_or(nowhere, |trial| self.entries[&trial.case].unopened.0);
        path = path.replace("{entry}", &entry.to_string()).replace("{n}", "1");
        let id = |id: Uuid| match target {
            Target::There => id.to_string(),
            Target::Missing => nowhere.to_string(),
            Target::Instead(room) => room.to_string(),
        };
        match call.object {
            Object::Nothing => {}
            Object::Case(case) => path = path.replace("{case}", &id(case.0)),
            Object::Room(place) => path = path.replace("{room}", &id(self.places[place].room.0)),
            Object::Report => path = path.replace("{report}", &id(self.report.id.0)),
            Object::Attempt => path = path.replace("{verification}", &id(self.attempt)),
            Object::Review => path = path.replace("{verification}", &id(self.review)).replace("{part}", "front"),
            Object::Upload => path = path.replace("{upload}", &id(self.upload.0.0)),
        }
        if let Some(place) = place {
            path = path.replace("{seq}", &self.photo_for(subject, place).await.to_string());
            let draft = place.matters.as_ref().map_or(nowhere, |matters| matters.draft.0);
            path = path.replace("{matter}", &draft.to_string());
            let share = place.shares.as_ref().map_or(nowhere, |shares| shares.unopened.0);
            path = path.replace("{share}", &share.to_string());
            path = path.replace("{mandate}", &place.mandate.0.to_string());
        }
        assert!(!path.contains('{'), "no recipe for {}", operation.path);
        self.send(subject, caller.clone(), call, place, &path).await
    }

    async fn send(
        &self,
        subject: &Subject,
        mut caller: Caller,
        call: &Call,
        place: Option<&Place>,
        path: &str,
    ) -> Answer {
        let key = self.house.keys.next();
        let once = [("idempotency-key", key.as_str())];
        let method = call.operation.method.clone();
        match call.operation.id.as_str() {
            "login_code" => {
                let body = json!({"phone": format!("1380000{:04}", next() % 10_000)});
                caller.from(address()).write(method, path, &[], body).await
            }
            "login" => {
                let body = json!({"phone": "13800000000", "code": "000000"});
                caller.from(address()).write(method, path, &[], body).await
            }
            "choose_capacity" => {
                let role = subject.role.unwrap_or(court::Role::Judge);
                caller.write(method, path, &[], json!({"capacity": role})).await
            }
            "schedule" => caller.write(method, path, &once, self.sitting(call.object)).await,
            "view_contact" => {
                let mut body = self.act(subject, call, place.expect("a room")).await;
                body.as_object_mut().expect("a body").remove("kind");
                caller.write(method, path, &once, body).await
            }
            "act" => {
                let body = self.act(subject, call, place.expect("a room")).await;
                caller.write(method, path, &once, body).await
            }
            "step_up_code" | "step_up" => {
                let mut body = json!({"purpose": "signature.confirm", "room": Uuid::nil(), "document": "0".repeat(64)});
                if call.operation.id == "step_up" {
                    body["code"] = json!("000000");
                }
                caller.from(address()).write(method, path, &[], body).await
            }
            "give_signature" => {
                caller.write(method, path, &[], json!({"method": "drawn", "png": crate::kit::ink::DRAWN})).await
            }
            // Whoever they are, they do not know the service's key.
            "phone_reports" => caller.write(method, path, &[], json!([])).await,
            "apply_agency" => {
                let blob = self.shows(subject, "", FileKind::Document)["blob"].clone();
                let authority = json!({"scope": "special", "powers": ["settle"]});
                let body =
                    json!({"number": "(2026)沪0113民初9号", "party_name": "某", "authority": authority, "blob": blob});
                caller.write(method, path, &once, body).await
            }
            "check_agent" => caller.write(method, path, &[], json!({"name": "某", "phone": "13800000000"})).await,
            "register_agent" => caller.write(method, path, &[], json!({"kind": "lawyer"})).await,
            "put_domicile" => {
                let entry =
                    json!({"recipient": "某", "phone": "021-00000000", "address": "示例路 1 号", "default": true});
                caller.write(method, path, &[], json!({"entries": [entry]})).await
            }
            "end_session" | "end_other_sessions" => caller.write(method, path, &[], json!({})).await,
            "acts" => caller.get(&format!("{path}?limit=200")).await,
            "save_draft" => caller.write(method, path, &[], json!({"text": "草稿"})).await,
            "drop_draft" => caller.write(method, path, &[], json!({})).await,
            "report_missing" => {
                let body = json!({"number": "(2026)沪0113民初9号", "remark": "找不到案件"});
                caller.write(method, path, &once, body).await
            }
            "answer_missing" => caller.write(method, path, &[], json!({"reply": "已处理"})).await,
            "begin_verification" => {
                let who = json!({"notice": "1", "name": "张三", "kind": "passport", "number": "E0000009"});
                caller.write(method, path, &once, who).await
            }
            "verification_code" | "begin_face" | "face_result" => {
                caller.from(address()).write(method, path, &[], json!({})).await
            }
            "verify_phone" => caller.from(address()).write(method, path, &[], json!({"code": "000000"})).await,
            "submit_review" => {
                let [front, back, video] = [1, 2, 3].map(|n| Uuid::from_u128(n).to_string());
                let files = json!({"court": "示范区人民法院", "front": front, "back": back, "video": video});
                caller.write(method, path, &[], files).await
            }
            "accept_identity_notice" => {
                caller.write(method, path, &[], json!({"version": "1", "sha256": "0".repeat(64)})).await
            }
            "open_review" => caller.write(method, path, &[], json!({"reason": "审核身份"})).await,
            "decide_review" => caller.write(method, path, &[], json!({"outcome": "approve"})).await,
            "import" => {
                let case = json!({"number": "(2026)沪0113民初9000号", "title": "甲 诉 乙", "cause": "借贷", "filed_on": "2026-10-12"});
                caller.write(method, path, &[], json!({"cases": [case]})).await
            }
            // A case that was never scheduled: whoever may is told that there is nothing to read.
            "oversee" => {
                let body = json!({"number": super::world::EMPTY, "reason": "核查"});
                caller.write(method, path, &once, body).await
            }
            "change_panel" => {
                let body =
                    json!({"leaves": Uuid::nil(), "ground": "recused", "decided_by": "president", "reason": "核查"});
                caller.write(method, path, &once, body).await
            }
            "successors" => caller.get(&format!("{path}?leaves={}", Uuid::nil())).await,
            "invite_staff" => {
                let body = json!({"name": "新人", "phone": format!("1370000{:04}", next() % 10_000), "role": "clerk"});
                caller.write(method, path, &once, body).await
            }
            "give_feedback" => caller.write(method, path, &once, json!({"text": "按钮没有反应"})).await,
            "answer_feedback" => caller.write(method, path, &once, json!({"text": "已修复"})).await,
            "end_staff" => caller.write(method, path, &[], json!({})).await,
            "accept_office" => caller.write(method, path, &[], json!({"code": "none"})).await,
            "read_inbox" => caller.write(method, path, &[], json!({"ids": [Uuid::nil()]})).await,
            "clear_inbox" => caller.write(method, path, &[], json!({"what": "read"})).await,
            "undo_clear" => caller.write(method, path, &[], json!({"undo": "1"})).await,
            "subscribe" => {
                let choice = json!({"function": "letter", "way": "sms", "on": true});
                caller.write(method, path, &[], choice).await
            }
            "put_push" => {
                let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
                let keys = json!({"p256dh": key, "auth": "BTBZMqHH6r4Tts7J_aSIgg"});
                let wish = json!({"endpoint": format!("https://push.example/{key}"), "keys": keys});
                caller.write(method, path, &[], wish).await
            }
            "drop_push" => caller.write(method, path, &[], json!({})).await,
            asked if super::questions::questions().iter().any(|(id, ..)| *id == asked) => {
                let questions = super::questions::questions();
                let (_, _, question) = questions.iter().find(|(id, ..)| *id == asked).expect("a question");
                caller.write(method, path, &[], question.clone()).await
            }
            "courts" => caller.get(&format!("{path}?q=x")).await,
            "search_laws" => caller.get(&format!("{path}?q=cnry")).await,
            "read_text" => caller.write(method, path, &[], json!({"turn": 0})).await,
            "sign_file" => {
                let place = json!({"page": 1, "x": 1, "y": 1, "width": 40, "height": 16});
                let none = "0".repeat(64);
                let body = json!({"document": none, "signature": none, "places": [place]});
                caller.write(method, path, &once, body).await
            }
            "mark_read" => caller.write(method, path, &[], json!({"seq": 1})).await,
            "upload_create" => {
                let request = tus(Method::POST, path)
                    .header("upload-length", "9")
                    .header("upload-metadata", "filename YS5wZGY=")
                    .header("idempotency-key", &key);
                caller.send(request, Body::empty()).await
            }
            "upload_append" => {
                let request = tus(Method::PATCH, path)
                    .header("upload-offset", "9")
                    .header("content-type", "application/offset+octet-stream");
                caller.send(request, Body::empty()).await
            }
            "upload_offset" | "upload_cancel" | "upload_options" => caller.send(tus(method, path), Body::empty()).await,
            // All private words begin alike: whoever looks for that finds those that are theirs.
            "search" => caller.get(&format!("{path}?q=cnry&limit=100")).await,
            "search_rooms" => caller.get(&format!("{path}?q=cnry&limit=50")).await,
            "live" => caller.send(live(path), Body::empty()).await,
            "logout" | "logout_all" | "live_ticket" => caller.write(method, path, &[], json!({})).await,
            _ if method == Method::GET => caller.get(path).await,
            other => panic!("the operation {other:?} has no recipe here: say how it is called"),
        }
    }

    /// The subject's own number of the room's photo; for others any number.
    async fn photo_for(&self, subject: &Subject, place: &Place) -> u64 {
        let (Some(standing), Some(photo)) = (self.standing(subject, place), place.photo) else { return 1 };
        let room = self.house.desk().room(place.room).await.expect("a store").expect("a room");
        room.dense(standing.member, photo).expect("everybody sees the photo")
    }

    fn sitting(&self, object: Object) -> Value {
        let now = self.house.desk().now();
        let trial = self.trials().into_iter().find(|trial| object == Object::Case(trial.case)).expect("a case");
        let members: Vec<_> = trial.seats[..14].iter().map(|seat| seat.member).collect();
        json!({
            "kind": "inquiry",
            "opens_at": rfc3339(now + time::Duration::days(1)),
            "closes_at": rfc3339(now + time::Duration::days(2)),
            "members": members,
        })
    }

    /// An act that is right in itself, so that nothing but who asks and when can be in its way.
    async fn act(&self, subject: &Subject, call: &Call, place: &Place) -> Value {
        let kind = match call.ask {
            Ask::Act(kind) => kind,
            Ask::ToBench => return json!({"kind": "speech.text", "text": "致审判组织", "to": "bench"}),
            Ask::ToMember(to) => {
                let member = self.ours.seat(to).member;
                return json!({"kind": "speech.text", "text": "私信", "to": {"members": [member]}});
            }
            Ask::Call(to) => return json!({"kind": "call.start", "callee": self.ours.seat(to).member}),
            Ask::Plain => unreachable!("an act has a kind"),
        };
        let code = kind.code();
        match kind {
            Kind::SittingSchedule => {
                let mut body = self.sitting(Object::Case(place.case));
                body["sitting"] = body["kind"].take();
                body["kind"] = json!(code);
                body
            }
            Kind::SittingReschedule => {
                // The same window again, so that the room stays in its phase.
                let (opens, closes) = (rfc3339(place.window.0), rfc3339(place.window.1));
                json!({"kind": code, "opens_at": opens, "closes_at": closes, "reason": "核对时间"})
            }
            Kind::SittingOpen | Kind::SittingClose | Kind::SittingEnd => json!({"kind": code}),
            Kind::MemberAdmit => json!({"kind": code, "participant": self.pending(place)}),
            Kind::MemberEnd => json!({"kind": code, "member": self.spare(place), "reason": "委托终止"}),
            Kind::PanelChange => {
                let leaves = self.spare(place);
                json!({"kind": code, "leaves": leaves, "ground": "recused", "decided_by": "president", "reason": "核查"})
            }
            Kind::OversightRead => json!({"kind": code, "reason": "核查"}),
            Kind::NoticeAcknowledge => {
                let notice = self.policy.entry_notice();
                json!({"kind": code, "notice": notice.id, "version": notice.version})
            }
            Kind::AgencyApply => self.applied(),
            Kind::AgencyApprove => json!({"kind": code, "mandate": Uuid::nil()}),
            Kind::AgencyReject | Kind::AgencyEnd => json!({"kind": code, "mandate": Uuid::nil(), "reason": "核对"}),
            Kind::ConsentGive => {
                json!({"kind": code, "to": "asynchronous", "version": court::consent::To::Asynchronous.text().version, "agreed": true})
            }
            Kind::ConsentWithdraw => json!({"kind": code, "to": "asynchronous", "reason": "改变主意"}),
            Kind::ConsentSettle => {
                json!({"kind": code, "member": self.spare(place), "to": "electronic_service", "granted": true, "reason": "核对"})
            }
            Kind::DomicileConfirm => json!({"kind": code, "version": 1}),
            Kind::CallStart => {
                let trial = self.trials().into_iter().find(|trial| trial.case == place.case).expect("a case");
                json!({"kind": code, "callee": trial.seat(Capacity::Plaintiff).member})
            }
            Kind::CallEnd => json!({"kind": code, "call": Uuid::nil(), "outcome": "missed"}),
            Kind::SpeechText => json!({"kind": code, "text": "发言"}),
            Kind::SpeechPhoto => self.shows(subject, code, FileKind::Photo),
            Kind::SpeechVideo => self.shows(subject, code, FileKind::Video),
            Kind::SpeechVoice => self.shows(subject, code, FileKind::Voice),
            Kind::SpeechDocument => self.shows(subject, code, FileKind::Document),
            Kind::MatterIssue => {
                let trial = self.trials().into_iter().find(|trial| trial.case == place.case).expect("a case");
                let target = trial.seat(Capacity::Plaintiff).member;
                let deadline = rfc3339(place.window.1);
                json!({"kind": code, "title": "补充", "text": "请补充", "targets": [target], "deadline": deadline})
            }
            Kind::MatterAnswer => {
                let answer = place.matters.as_ref().map_or(Uuid::nil(), |matters| matters.answer.0);
                json!({"kind": code, "matter": answer, "text": "办理"})
            }
            Kind::MatterExtend | Kind::MatterWithdraw | Kind::MatterClose => self.ends(kind, place).await,
            Kind::LocationSend => here("附近"),
            Kind::PointsRecord => json!({"kind": code, "undisputed": [{"text": "合同已签订"}], "disputed": []}),
            Kind::TranscriptDraft => json!({"kind": code, "reason": "核对"}),
            Kind::TranscriptAnnotate | Kind::TranscriptRequestCorrection => json!({"kind": code, "text": "补正"}),
            Kind::TranscriptCirculate => json!({"kind": code, "until": self.soon()}),
            Kind::TranscriptConclude => json!({"kind": code, "sign_until": self.soon()}),
            Kind::TranscriptSettleCorrection => json!({"kind": code, "request": Uuid::nil(), "accepted": true}),
            Kind::TranscriptFinalise => {
                json!({"kind": code, "version": 1, "file": pdf(), "pages": 1, "content": "0".repeat(64)})
            }
            Kind::TranscriptSeal => json!({"kind": code, "version": 1, "file": pdf(), "pages": 1}),
            Kind::SignatureReserve => json!({"kind": code}),
            Kind::SignatureCheck => {
                json!({"kind": code, "member": self.spare(place), "commitment": "0".repeat(64)})
            }
            Kind::SignatureConfirm => json!({"kind": code, "document": "0".repeat(64), "pages": 1}),
            Kind::SignatureRefuse => json!({"kind": code, "document": "0".repeat(64), "reason": "不同意"}),
            Kind::DossierFile => {
                let mut body = self.shows(subject, code, FileKind::Document);
                body["folder"] = json!("auxiliary");
                body
            }
            Kind::DossierRefile => {
                let entry = self.entries[&place.case].moved;
                json!({"kind": code, "entry": entry, "title": format!("卷{}", next()), "reason": "核对"})
            }
            Kind::DossierWithdraw | Kind::DossierShare => {
                let fresh = *self.fresh.lock().expect("a lock");
                let mut body = json!({"kind": code, "entry": fresh.unwrap_or(self.entries[&place.case].moved)});
                if kind == Kind::DossierWithdraw {
                    body["reason"] = json!("误传");
                }
                body
            }
            Kind::DossierUnshare => json!({"kind": code, "share": self.newest_share(place).await}),
            Kind::DossierOpen => {
                let share = place.shares.as_ref().map_or(Uuid::nil(), |shares| shares.open.0);
                json!({"kind": code, "share": share})
            }
            Kind::ContactView => {
                let trial = self.trials().into_iter().find(|trial| trial.case == place.case).expect("a case");
                json!({"kind": code, "member": trial.seat(Capacity::Plaintiff).member, "reason": "核对送达信息"})
            }
            Kind::DossierInspect => json!({"kind": code, "entry": self.entries[&place.case].moved}),
        }
    }

    /// An application, as the program would bring it.
    fn applied(&self) -> Value {
        let party = self.ours.seat(Capacity::Plaintiff).member;
        let agent = json!({"id": Uuid::nil(), "name": "代理", "capacity": "plaintiff_agent"});
        json!({
            "kind": "agency.apply", "mandate": Uuid::nil(), "agent": agent, "party": party,
            "authority": {"scope": "general"}, "file": pdf(),
        })
    }

    /// In an hour.
    fn soon(&self) -> String {
        rfc3339(self.house.desk().now() + time::Duration::hours(1))
    }

    /// What a judge does with a matter that is there: each takes some more time, or ends the newest.
    async fn ends(&self, kind: Kind, place: &Place) -> Value {
        let room = self.house.desk().room(place.room).await.expect("a store").expect("a room");
        let judge = self.trials().into_iter().find(|trial| trial.case == place.case).expect("a case").judge().member;
        let id = match kind {
            Kind::MatterExtend => place.matters.as_ref().map(|matters| matters.answer),
            _ => room.matters_of(judge).last().map(|(id, _)| id),
        };
        let matter = id.and_then(|id| room.matter(id));
        let later = matter.map_or(place.window.1, |matter| matter.deadline + time::Duration::milliseconds(1));
        let mut body = json!({"kind": kind.code(), "matter": id.map_or(Uuid::nil(), |id| id.0)});
        if kind == Kind::MatterExtend {
            body["deadline"] = json!(rfc3339(later));
        }
        if kind != Kind::MatterClose {
            body["reason"] = json!("核对");
        }
        body
    }

    /// The newest share of a room that was not taken back.
    async fn newest_share(&self, place: &Place) -> Uuid {
        let room = self.house.desk().room(place.room).await.expect("a store").expect("a room");
        let judge = self.trials().into_iter().find(|trial| trial.case == place.case).expect("a case").judge();
        let viewer = court::Viewer { member: judge.member, capacity: judge.capacity };
        let shares = room.shares_of(viewer, &self.policy);
        shares.into_iter().rev().find(|(_, share)| !share.ended).map_or(Uuid::nil(), |(id, _)| id.0)
    }

    fn shows(&self, subject: &Subject, code: &str, kind: FileKind) -> Value {
        let own = subject.person.and_then(|person| self.files.get(&(person, kind.label())));
        // Who has no file names one that does not exist: they must be turned away before it is looked for.
        json!({"kind": code, "blob": own.map_or_else(Uuid::nil, |upload| upload.0)})
    }

    /// A participant who is not in the room.
    pub(super) fn pending(&self, place: &Place) -> MemberId {
        let trial = self.trials().into_iter().find(|trial| trial.case == place.case).expect("a case");
        let out = |member: &MemberId| !place.members.contains_key(member);
        let last = trial.seats.iter().rev().map(|seat| seat.member).find(out);
        last.unwrap_or(trial.seats[0].member)
    }

    /// A member whom nothing else needs.
    pub(super) fn spare(&self, place: &Place) -> MemberId {
        let trial = self.trials().into_iter().find(|trial| trial.case == place.case).expect("a case");
        let present = |member: &MemberId| place.members.get(member) == Some(&true);
        trial.seats.iter().rev().map(|seat| seat.member).find(present).expect("a member")
    }
}

/// A file as a report has it.
fn pdf() -> Value {
    json!({
        "kind": "document", "name": "笔录.pdf", "size": 9, "media_type": "application/pdf", "sha256": "0".repeat(64),
    })
}

fn tus(method: Method, path: &str) -> axum::http::request::Builder {
    Request::builder().method(method).uri(path).header("origin", Kit::ORIGIN).header("tus-resumable", "1.0.0")
}

/// A handshake without a connection under it: who may open the feed learns that it could be opened.
fn live(path: &str) -> axum::http::request::Builder {
    Request::get(path)
        .header("origin", Kit::ORIGIN)
        .header("connection", "upgrade")
        .header("upgrade", "websocket")
        .header("sec-websocket-version", "13")
        .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
        .header("sec-websocket-protocol", "weiting.v1")
}

fn next() -> u32 {
    static COUNT: AtomicU32 = AtomicU32::new(0);
    COUNT.fetch_add(1, Ordering::Relaxed)
}

/// An address from which nobody has asked before.
fn address() -> IpAddr {
    IpAddr::V4(Ipv4Addr::from(0x0b00_0000 + next()))
}
