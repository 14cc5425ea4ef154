//! Why an act is refused: data with a stable code, and a sentence that says what to do.

use time::OffsetDateTime;

use crate::{Phase, beijing};

/// What kind of no it is; the rim turns it into a status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// This person may not do it (now): 403.
    Forbidden,
    /// It does not fit what has happened already: 409.
    Conflict,
    /// The request itself is not right: 422.
    Invalid,
}

/// A refusal. Nothing was stored.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{code}: {detail}", code = self.code(), detail = self.detail())]
pub enum Refusal {
    NotStarted { opens_at: OffsetDateTime },
    NoticeRequired,
    NoticeOutdated,
    NoticeAlreadyAcknowledged,
    NotOpen { phase: Phase, opens_at: OffsetDateTime, closes_at: OffsetDateTime },
    NotForCapacity { label: &'static str },
    NotInThisPhase { phase: Phase },
    HearingNeedsVideo,
    WindowBackwards,
    WindowOver,
    WindowTooLong,
    ReasonMissing,
    ReasonTooLong,
    NobodyToMeet,
    JudgeMissing,
    ParticipantUnknown,
    AlreadyMember,
    MemberUnknown,
    JudgeCannotLeave,
    TextEmpty,
    TextTooLong { chars: usize },
    FileMissing,
    FileOfOtherKind { is: &'static str },
    RecipientUnknown,
    RecipientForbidden,
    ConsentMissing,
    PlaceInvalid,
    AddressTooLong,
}

/// The longest text that one message may have, in characters (Unicode scalar values).
pub(crate) const TEXT_LIMIT: usize = 10_000;
/// The longest address of a place that is sent, in characters.
pub(crate) const ADDRESS_LIMIT: usize = 200;
/// The longest reason, in characters.
pub(crate) const REASON_LIMIT: usize = 500;

impl Refusal {
    /// The stable name for programs.
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::NotStarted { .. } => "not_started",
            Refusal::NoticeRequired => "notice_required",
            Refusal::NoticeOutdated => "notice_outdated",
            Refusal::NoticeAlreadyAcknowledged => "notice_already_acknowledged",
            Refusal::NotOpen { phase: Phase::Ended, .. } => "ended",
            Refusal::NotOpen { .. } => "not_open",
            Refusal::NotForCapacity { .. } => "not_for_capacity",
            Refusal::NotInThisPhase { .. } => "not_in_this_phase",
            Refusal::HearingNeedsVideo => "hearing_needs_video",
            Refusal::WindowBackwards => "window_backwards",
            Refusal::WindowOver => "window_over",
            Refusal::WindowTooLong => "window_too_long",
            Refusal::ReasonMissing => "reason_missing",
            Refusal::ReasonTooLong => "reason_too_long",
            Refusal::NobodyToMeet => "nobody_to_meet",
            Refusal::JudgeMissing => "judge_missing",
            Refusal::ParticipantUnknown => "participant_unknown",
            Refusal::AlreadyMember => "already_member",
            Refusal::MemberUnknown => "member_unknown",
            Refusal::JudgeCannotLeave => "judge_cannot_leave",
            Refusal::TextEmpty => "text_empty",
            Refusal::TextTooLong { .. } => "text_too_long",
            Refusal::FileMissing => "file_missing",
            Refusal::FileOfOtherKind { .. } => "file_of_other_kind",
            Refusal::RecipientUnknown => "recipient_unknown",
            Refusal::RecipientForbidden => "recipient_forbidden",
            Refusal::ConsentMissing => "consent_missing",
            Refusal::PlaceInvalid => "place_invalid",
            Refusal::AddressTooLong => "address_too_long",
        }
    }

    /// The sentence that a litigant reads.
    pub fn detail(&self) -> String {
        match self {
            // The exact words of manual S0 二, 特别说明 1.
            Refusal::NotStarted { opens_at } => {
                format!("当前未到微法庭启动时间，请于 {} 进入使用！", beijing::long(*opens_at))
            }
            Refusal::NoticeRequired => "请先阅读并同意《进入微法庭须知》，再进入微法庭。".into(),
            Refusal::NoticeOutdated => "须知已更新，请重新打开页面，阅读新版后再同意。".into(),
            Refusal::NoticeAlreadyAcknowledged => "您已同意过须知，可直接进入微法庭。".into(),
            Refusal::NotOpen { phase: Phase::Scheduled, opens_at, .. } => {
                format!("微法庭将于 {} 开始，届时由法官启动异步审理后可以发言。", beijing::short(*opens_at))
            }
            Refusal::NotOpen { phase: Phase::Ended, closes_at, .. } => {
                format!("本次微法庭已于 {} 结束，可以查看记录，不能再发言。", beijing::short(*closes_at))
            }
            Refusal::NotOpen { phase: Phase::Closed, .. } => {
                "法官已关闭异步审理，暂时不能发言。如需补充，请等待法官再次启动或联系书记员。".into()
            }
            Refusal::NotOpen { closes_at, .. } => {
                format!("法官尚未启动异步审理，启动后即可发言。本次微法庭开放至 {}。", beijing::short(*closes_at))
            }
            Refusal::NotForCapacity { label } => {
                format!("您在本案的身份是{label}，不能进行此操作。如有需要，请联系书记员。")
            }
            Refusal::NotInThisPhase { phase } => format!("微法庭当前状态为“{}”，不能进行此操作。", phase.label()),
            Refusal::HearingNeedsVideo => {
                "庭审须以视频方式进行，并具备《人民法院在线诉讼规则》第二十条第二款规定的条件，目前不能以文字方式排期。\
                 请改选证据交换、谈话或调解。"
                    .into()
            }
            Refusal::WindowBackwards => "结束时间必须晚于开始时间，请重新选择。".into(),
            Refusal::WindowOver => "结束时间已经过去，请选择今后的时间。".into(),
            Refusal::WindowTooLong => "开放时间最长为一年，且应在两年之内，请重新选择。".into(),
            Refusal::ReasonMissing => "请填写理由。".into(),
            Refusal::ReasonTooLong => format!("理由请不要超过 {REASON_LIMIT} 个字。"),
            Refusal::NobodyToMeet => "请至少选择一名当事人、代理人或其他参加人。".into(),
            Refusal::JudgeMissing => "参加人中必须有一名审判长或独任审判员。".into(),
            Refusal::ParticipantUnknown => "所选人员不是本案的参加人，请刷新页面后重新选择。".into(),
            Refusal::AlreadyMember => "此人已在微法庭中。".into(),
            Refusal::MemberUnknown => "微法庭中没有这名成员，请刷新页面后再试。".into(),
            Refusal::JudgeCannotLeave => "主持审理的法官不能被移出微法庭。".into(),
            Refusal::TextEmpty => "内容为空，请输入文字后再发送。".into(),
            Refusal::TextTooLong { chars } => {
                format!("这条消息有 {chars} 个字，一次最多 {TEXT_LIMIT} 个字。请分几条发送，或以文件发送。")
            }
            Refusal::FileMissing => "没有找到要发送的文件，可能上传未完成或已过期，请重新选择文件发送。".into(),
            Refusal::FileOfOtherKind { is } => format!("这个文件是{is}，请用相应的方式发送。"),
            Refusal::RecipientUnknown => "收信人不在本微法庭中，请刷新成员列表后再试。".into(),
            Refusal::RecipientForbidden => "您不能在本微法庭中这样发送。".into(),
            Refusal::ConsentMissing => "发送位置须经您本人单独同意，请勾选同意后再发送。".into(),
            Refusal::PlaceInvalid => "没有得到准确的位置，请到开阔处重新定位后再发送。".into(),
            Refusal::AddressTooLong => format!("地址说明请不要超过 {ADDRESS_LIMIT} 个字。"),
        }
    }

    /// What kind of no it is.
    pub fn why(&self) -> Why {
        match self {
            Refusal::NotStarted { .. }
            | Refusal::NoticeRequired
            | Refusal::NotOpen { .. }
            | Refusal::NotForCapacity { .. }
            | Refusal::NotInThisPhase { .. }
            | Refusal::RecipientForbidden => Why::Forbidden,
            Refusal::NoticeOutdated
            | Refusal::NoticeAlreadyAcknowledged
            | Refusal::AlreadyMember
            | Refusal::JudgeCannotLeave => Why::Conflict,
            Refusal::HearingNeedsVideo
            | Refusal::WindowBackwards
            | Refusal::WindowOver
            | Refusal::WindowTooLong
            | Refusal::ReasonMissing
            | Refusal::ReasonTooLong
            | Refusal::NobodyToMeet
            | Refusal::JudgeMissing
            | Refusal::ParticipantUnknown
            | Refusal::MemberUnknown
            | Refusal::TextEmpty
            | Refusal::TextTooLong { .. }
            | Refusal::FileMissing
            | Refusal::FileOfOtherKind { .. }
            | Refusal::RecipientUnknown
            | Refusal::ConsentMissing
            | Refusal::PlaceInvalid
            | Refusal::AddressTooLong => Why::Invalid,
        }
    }
}

/// Checks a reason that a person must give.
pub(crate) fn reason(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    match text.chars().count() {
        0 => Err(Refusal::ReasonMissing),
        n if n > REASON_LIMIT => Err(Refusal::ReasonTooLong),
        _ => Ok(text.to_owned()),
    }
}
