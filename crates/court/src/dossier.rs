//! The dossier of a case (电子卷宗): what the clerk files, what the judge shares of it into a room, who opens it (features, nos. 50 and 54).
//!
//! A dossier is a view of the records of the case's rooms ([`crate::Act::entries`]), and the bench's alone: in the main folder (正卷) what may be shared,
//! in the auxiliary one (副卷) what may not. Others see of it what a judge shares into a room of which they are members, for as long as it is
//! shared. Every opening is an act, and comes before the first page; it lets read for half an hour.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

mod entry;
mod state;

pub use entry::{Entry, Folder, Paper};
pub(crate) use state::Dossier;
pub use state::{OPEN_FOR, Opening, Share};

use crate::act::{Body, Decided, Kind, Scene};
use crate::{ActId, Audience, EntryId, File, MemberId, Refusal, UploadId, Viewer, refusal};

/// The longest title, in characters.
pub const TITLE_LIMIT: usize = 100;
/// How many times something may be shared into one room: its state holds them all.
const SHARES_LIMIT: usize = 200;

/// Puts a file into the dossier.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierFile)]
pub struct FileIn {
    /// A file that the actor has uploaded.
    pub blob: UploadId,
    pub folder: Folder,
    /// Its title there; empty: the name of the file.
    #[serde(default)]
    #[schema(max_length = 100)]
    pub title: String,
    /// What kind of paper it is.
    #[serde(default)]
    pub paper: Option<Paper>,
}

/// A file was put into the dossier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierFiled)]
pub struct Filed {
    pub folder: Folder,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Paper>,
    /// It is not among the files of the act: it is read from the dossier alone, where every opening is recorded.
    pub content: File,
}

/// Moves an entry into the other folder, or gives it another title.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierRefile)]
pub struct Refile {
    pub entry: EntryId,
    #[serde(default)]
    pub folder: Option<Folder>,
    #[serde(default)]
    #[schema(max_length = 100)]
    pub title: Option<String>,
    pub reason: String,
}

/// An entry was moved or renamed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierRefiled)]
pub struct Refiled {
    pub entry: EntryId,
    /// What it was.
    pub before: Standing,
    /// What it is now.
    pub now: Standing,
    pub reason: String,
}

/// Where an entry stands, and under which title.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierStanding)]
pub struct Standing {
    pub folder: Folder,
    pub title: String,
}

/// Takes back what was filed by mistake. The file and the act that filed it stay in the record.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierWithdraw)]
pub struct Withdraw {
    pub entry: EntryId,
    pub reason: String,
}

/// Something that was filed by mistake was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierWithdrawn)]
pub struct Withdrawn {
    pub entry: EntryId,
    pub title: String,
    pub reason: String,
}

/// Shares an entry of the main folder into the room.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierShare)]
pub struct ShareIn {
    pub entry: EntryId,
    /// With these members only; absent: with everybody in the room.
    #[serde(default)]
    #[schema(max_items = 200)]
    pub with: Option<Vec<MemberId>>,
}

/// An entry was shared into the room.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierShared)]
pub struct Shared {
    pub entry: EntryId,
    pub title: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paper: Option<Paper>,
    /// What it is; it is read page by page by those who have opened it.
    pub content: File,
    /// With these members only; absent: with everybody.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub with: Option<Vec<MemberId>>,
}

/// Takes back what was shared: from now on nobody reads it in the room.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierUnshare)]
pub struct Unshare {
    /// The act that shared it.
    pub share: ActId,
}

/// What was shared was taken back.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierUnshared)]
pub struct Unshared {
    pub share: ActId,
    pub title: String,
}

/// Opens what was shared, to read it (查阅).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierOpen)]
pub struct Open {
    /// The act that shared it.
    pub share: ActId,
}

/// What was shared was opened.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierOpened)]
pub struct Opened {
    pub share: ActId,
    pub entry: EntryId,
    pub title: String,
}

/// Opens an entry from the dossier itself, to read it (阅卷).
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = DossierInspect)]
pub struct Inspect {
    pub entry: EntryId,
}

/// An entry was opened from the dossier.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(as = DossierInspected)]
pub struct Inspected {
    pub entry: EntryId,
    pub folder: Folder,
    pub title: String,
}

pub(crate) fn file(scene: &Scene<'_>, asked: FileIn) -> Result<Decided, Refusal> {
    let file = scene.facts.files.get(&asked.blob).cloned().ok_or(Refusal::FileMissing)?;
    let title = if asked.title.trim().is_empty() { shortened(&file.name) } else { title(&asked.title)? };
    fits(asked.paper, asked.folder)?;
    let name = scene.actor.said_name();
    let folder = asked.folder;
    Ok(Decided {
        sentence: format!("{name}将《{title}》归入{}", folder.label()),
        hint: format!("{name}归入一份卷宗材料"),
        audience: Audience::Bench,
        body: Body::DossierFile(Filed { folder, title, paper: asked.paper, content: file }),
    })
}

pub(crate) fn refile(scene: &Scene<'_>, asked: &Refile) -> Result<Decided, Refusal> {
    let entry = found(scene, asked.entry)?;
    let reason = refusal::reason(&asked.reason)?;
    let before = Standing { folder: entry.folder, title: entry.title.clone() };
    let now = Standing {
        folder: asked.folder.unwrap_or(before.folder),
        title: asked.title.as_deref().map_or_else(|| Ok(before.title.clone()), title)?,
    };
    if now == before {
        return Err(Refusal::DossierUnchanged);
    }
    fits(entry.paper, now.folder)?;
    let moved = match now.folder == before.folder {
        true => String::new(),
        false => format!("由{}移入{}", before.folder.label(), now.folder.label()),
    };
    let renamed = match now.title == before.title {
        true => String::new(),
        false => format!("改名为《{}》", now.title),
    };
    let changes = [moved, renamed].into_iter().filter(|change| !change.is_empty()).collect::<Vec<_>>().join("并");
    let name = scene.actor.said_name();
    Ok(Decided {
        sentence: format!("{name}将卷宗材料《{}》{changes}，理由：{reason}", before.title),
        hint: format!("{name}整理了一份卷宗材料"),
        audience: seen_like(entry),
        body: Body::DossierRefile(Refiled { entry: asked.entry, before, now, reason }),
    })
}

pub(crate) fn withdraw(scene: &Scene<'_>, asked: &Withdraw) -> Result<Decided, Refusal> {
    let entry = found(scene, asked.entry)?;
    if !entry.is_filed() {
        return Err(Refusal::DossierOfRoom);
    }
    let reason = refusal::reason(&asked.reason)?;
    let name = scene.actor.said_name();
    let title = entry.title.clone();
    Ok(Decided {
        sentence: format!("{name}撤回卷宗材料《{title}》，理由：{reason}"),
        hint: format!("{name}撤回了一份卷宗材料"),
        audience: seen_like(entry),
        body: Body::DossierWithdraw(Withdrawn { entry: asked.entry, title, reason }),
    })
}

pub(crate) fn share(scene: &Scene<'_>, asked: ShareIn) -> Result<Decided, Refusal> {
    let entry = found(scene, asked.entry)?;
    if entry.folder == Folder::Auxiliary || entry.paper.is_some_and(Paper::is_internal) {
        return Err(Refusal::DossierAuxiliary);
    }
    if entry.is_private() {
        return Err(Refusal::DossierPrivate);
    }
    if !entry.has_pages() {
        return Err(Refusal::DossierNotPages);
    }
    let with = asked.with.map(|with| recipients(scene, &with)).transpose()?;
    if scene.room.shares().any(|share| share.covers(entry.id, with.as_deref())) {
        return Err(Refusal::DossierShared);
    }
    if scene.room.shares().count() >= SHARES_LIMIT {
        return Err(Refusal::DossierSharesTooMany { limit: SHARES_LIMIT });
    }
    let audience = match &with {
        None => Audience::Everyone,
        Some(with) => {
            let bench = scene.room.present().filter(|member| scene.policy.is_bench(member.capacity));
            let bench = bench.map(|member| member.id);
            Audience::Members(bench.chain(with.iter().copied()).chain([scene.actor.member]).collect())
        }
    };
    let name = scene.actor.said_name();
    let (title, paper, content) = (entry.title.clone(), entry.paper, entry.file.clone());
    let to = with.as_deref().map_or_else(String::new, |with| format!("，供{}查阅", names(scene, with)));
    Ok(Decided {
        sentence: format!("{name}分享卷宗材料《{title}》{to}"),
        hint: format!("{name}分享了一份卷宗材料"),
        audience,
        body: Body::DossierShare(Shared { entry: asked.entry, title, paper, content, with }),
    })
}

pub(crate) fn unshare(scene: &Scene<'_>, asked: &Unshare) -> Result<Decided, Refusal> {
    let share = live(scene, asked.share)?;
    let name = scene.actor.said_name();
    let title = share.title.clone();
    Ok(Decided {
        sentence: format!("{name}收回分享的卷宗材料《{title}》"),
        hint: format!("{name}收回了一份卷宗材料"),
        audience: share.audience(),
        body: Body::DossierUnshare(Unshared { share: asked.share, title }),
    })
}

pub(crate) fn open(scene: &Scene<'_>, asked: &Open) -> Result<Decided, Refusal> {
    let share = live(scene, asked.share)?;
    // What has since been moved out of the main folder, or taken back, is not read any more.
    let entry = scene.facts.entry.as_ref().filter(|entry| entry.id == share.entry && entry.folder == Folder::Main);
    let entry = entry.ok_or(Refusal::DossierShareOver)?;
    if share.openings.get(&scene.actor.member).is_some_and(|opening| opening.lasts(scene.now)) {
        return Err(Refusal::DossierOpened);
    }
    let name = scene.actor.said_name();
    let title = share.title.clone();
    Ok(Decided {
        sentence: format!("{name}查阅卷宗材料《{title}》"),
        hint: format!("{name}查阅了一份卷宗材料"),
        // The one who opens sees their own act.
        audience: Audience::Bench,
        body: Body::DossierOpen(Opened { share: asked.share, entry: entry.id, title }),
    })
}

pub(crate) fn inspect(scene: &Scene<'_>, asked: &Inspect) -> Result<Decided, Refusal> {
    let entry = found(scene, asked.entry)?;
    if scene.room.inspection(scene.actor.member, entry.id, scene.now).is_some() {
        return Err(Refusal::DossierOpened);
    }
    let name = scene.actor.said_name();
    let (folder, title) = (entry.folder, entry.title.clone());
    Ok(Decided {
        sentence: format!("{name}查阅{}《{title}》", folder.label()),
        hint: format!("{name}查阅了一份卷宗材料"),
        audience: seen_like(entry),
        body: Body::DossierInspect(Inspected { entry: entry.id, folder, title }),
    })
}

/// The entry that was looked up, if the actor sees it: what is not theirs to see does not exist for them.
fn found<'a>(scene: &Scene<'a>, id: EntryId) -> Result<&'a Entry, Refusal> {
    let viewer = Viewer { member: scene.actor.member, capacity: scene.actor.capacity };
    let entry = scene.facts.entry.as_ref().filter(|entry| entry.id == id && entry.is_seen_by(viewer, scene.policy));
    let same_case = |entry: &&Entry| scene.room.case.as_ref().is_some_and(|case| case.id == entry.case);
    entry.filter(same_case).ok_or(Refusal::DossierEntryUnknown)
}

/// What was shared with the actor and has not been taken back.
fn live<'a>(scene: &Scene<'a>, id: ActId) -> Result<&'a Share, Refusal> {
    let viewer = Viewer { member: scene.actor.member, capacity: scene.actor.capacity };
    let share = scene.room.share(id).filter(|share| share.is_seen_by(viewer, scene.policy));
    match share {
        None => Err(Refusal::DossierShareUnknown),
        Some(share) if share.ended => Err(Refusal::DossierShareOver),
        Some(share) => Ok(share),
    }
}

/// What happens to an entry is told to those who see the entry: its title may say what a few were told.
fn seen_like(entry: &Entry) -> Audience {
    match &entry.audience {
        Audience::Everyone | Audience::Bench => Audience::Bench,
        Audience::Members(_) => entry.audience.clone(),
    }
}

/// The members with whom it is to be shared, each once: those whom policy lets open it.
fn recipients(scene: &Scene<'_>, asked: &[MemberId]) -> Result<Vec<MemberId>, Refusal> {
    let mut with = Vec::new();
    for id in asked {
        let member = scene.room.member(*id).ok_or(Refusal::MemberUnknown)?;
        if !scene.policy.ever_allows(Kind::DossierOpen, member.capacity) {
            return Err(Refusal::DossierNotForMember { label: member.capacity.label() });
        }
        if !with.contains(id) {
            with.push(*id);
        }
    }
    if with.is_empty() { Err(Refusal::TargetsMissing) } else { Ok(with) }
}

fn names(scene: &Scene<'_>, members: &[MemberId]) -> String {
    let found = members.iter().filter_map(|id| scene.room.member(*id));
    found.map(|member| format!("{}{}", member.capacity.label(), member.name)).collect::<Vec<_>>().join("、")
}

/// Papers of the bench stand in the auxiliary folder only.
fn fits(paper: Option<Paper>, folder: Folder) -> Result<(), Refusal> {
    match paper {
        Some(paper) if paper.is_internal() && folder == Folder::Main => {
            Err(Refusal::DossierAuxiliaryOnly { label: paper.label() })
        }
        _ => Ok(()),
    }
}

fn title(asked: &str) -> Result<String, Refusal> {
    let title = asked.split_whitespace().collect::<Vec<_>>().join(" ");
    match title.chars().count() {
        0 => Err(Refusal::TitleMissing),
        n if n > TITLE_LIMIT => Err(Refusal::TitleTooLong),
        _ => Ok(title),
    }
}

fn shortened(name: &str) -> String {
    name.chars().take(TITLE_LIMIT).collect()
}
