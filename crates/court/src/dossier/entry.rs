//! What stands in a dossier: a view of the acts that brought files before the court.

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use crate::act::{Act, Body, Kind};
use crate::{ActId, Audience, Capacity, CaseId, EntryId, File, FileKind, MemberId, Policy, RoomId, Viewer};

/// In which part of the dossier something stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DossierFolder)]
pub enum Folder {
    /// 正卷: what parties may be shown.
    Main,
    /// 副卷: the bench's own. Never shared (SR-17).
    Auxiliary,
}

impl Folder {
    /// Both, in the order in which they are shown.
    pub const ALL: [Folder; 2] = [Folder::Main, Folder::Auxiliary];

    /// The name on the wire and in the database.
    pub fn code(self) -> &'static str {
        match self {
            Folder::Main => "main",
            Folder::Auxiliary => "auxiliary",
        }
    }

    /// The folder of this name.
    pub fn from_code(code: &str) -> Option<Folder> {
        Folder::ALL.into_iter().find(|folder| folder.code() == code)
    }

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Folder::Main => "正卷",
            Folder::Auxiliary => "副卷",
        }
    }
}

/// What kind of paper it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = DossierPaper)]
pub enum Paper {
    Complaint,
    Answer,
    Evidence,
    Mandate,
    Identity,
    Application,
    Notice,
    Transcript,
    Ruling,
    Judgment,
    Settlement,
    Deliberation,
    Report,
    Other,
}

impl Paper {
    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Paper::Complaint => "起诉状",
            Paper::Answer => "答辩状",
            Paper::Evidence => "证据材料",
            Paper::Mandate => "授权委托书",
            Paper::Identity => "身份证明",
            Paper::Application => "申请书",
            Paper::Notice => "通知书、传票",
            Paper::Transcript => "笔录",
            Paper::Ruling => "裁定书",
            Paper::Judgment => "判决书",
            Paper::Settlement => "调解书",
            Paper::Deliberation => "合议笔录",
            Paper::Report => "审理报告",
            Paper::Other => "其他",
        }
    }

    /// Whether it may stand in the auxiliary folder only: how the bench came to its view is not for the parties.
    pub fn is_internal(self) -> bool {
        matches!(self, Paper::Deliberation | Paper::Report)
    }
}

/// A file in the dossier of a case, with the act that brought it there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub id: EntryId,
    pub case: CaseId,
    /// Where that act is: room, number in the record, id, and which of its files it is.
    pub room: RoomId,
    pub seq: u64,
    pub act: ActId,
    pub place: u8,
    /// What kind of act it was.
    pub from: Kind,
    pub folder: Folder,
    pub title: String,
    pub paper: Option<Paper>,
    pub file: File,
    /// Who filed or showed it.
    pub actor: MemberId,
    pub capacity: Capacity,
    pub name: String,
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Who may see the act.
    pub audience: Audience,
}

impl Entry {
    /// Whether somebody who takes part in the case sees it in the dossier: the bench, and of what was shown to few only those few.
    pub fn is_seen_by(&self, viewer: Viewer, policy: &Policy) -> bool {
        policy.is_bench(viewer.capacity) && self.audience.includes(viewer, self.actor, policy)
    }

    /// Whether somebody put it there, as opposed to what goes there by itself.
    pub fn is_filed(&self) -> bool {
        self.from == Kind::DossierFile
    }

    /// Whether it was said to a few: sharing it would tell others what was not for them.
    pub(super) fn is_private(&self) -> bool {
        self.from.is_speech() && self.audience != Audience::Everyone
    }

    /// Whether a judge may share it.
    pub fn is_shareable(&self) -> bool {
        let internal = self.folder == Folder::Auxiliary || self.paper.is_some_and(Paper::is_internal);
        !internal && !self.is_private() && self.has_pages()
    }

    /// Whether it can be shown page by page.
    pub fn has_pages(&self) -> bool {
        matches!(self.file.kind, FileKind::Photo | FileKind::Document)
    }
}

impl Act {
    /// What the act puts into the dossier of its case: what the clerk files, and by itself every file that is shown (features, no. 50) and every
    /// sealed transcript (no. 53).
    /// A file that the bench shows to itself alone is its own paper.
    pub fn entries(&self, case: CaseId) -> Vec<Entry> {
        let entry = |place: usize, folder, title: &str, paper, file: &File| {
            let place = u8::try_from(place).ok()?;
            Some(Entry {
                id: EntryId::of(self.id, place),
                case,
                room: self.room,
                seq: self.seq,
                act: self.id,
                place,
                from: self.body.kind(),
                folder,
                title: title.to_owned(),
                paper,
                file: file.clone(),
                actor: self.actor,
                capacity: self.capacity,
                name: self.name.clone(),
                at: self.at,
                audience: self.audience.clone(),
            })
        };
        if let Body::DossierFile(filed) = &self.body {
            return entry(0, filed.folder, &filed.title, filed.paper, &filed.content).into_iter().collect();
        }
        if let Body::TranscriptSeal(sealed) = &self.body {
            return entry(0, Folder::Main, &sealed.file.name, Some(Paper::Transcript), &sealed.file)
                .into_iter()
                .collect();
        }
        if let Body::AgencyApply(applied) = &self.body {
            let title = format!("授权委托书（{}）", applied.agent.name);
            return entry(0, Folder::Main, &title, None, &applied.file).into_iter().collect();
        }
        let folder = if self.audience == Audience::Bench { Folder::Auxiliary } else { Folder::Main };
        let files = self.body.files().iter().enumerate();
        files.filter_map(|(place, file)| entry(place, folder, &file.name, None, file)).collect()
    }
}

impl EntryId {
    /// The entry that an act makes of one of its files: the same whenever the list is made anew.
    pub fn of(act: ActId, place: u8) -> EntryId {
        let hash = record::Hash::of(&[b"weiting dossier entry".as_slice(), act.0.as_bytes(), &[place]].concat());
        let mut bytes = [0; 16];
        bytes.copy_from_slice(&hash.0[..16]);
        EntryId(uuid::Builder::from_custom_bytes(bytes).into_uuid())
    }
}
