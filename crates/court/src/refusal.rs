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
    NotStarted {
        opens_at: OffsetDateTime,
    },
    NoticeRequired,
    NoticeOutdated,
    NoticeAlreadyAcknowledged,
    NotOpen {
        phase: Phase,
        opens_at: OffsetDateTime,
        closes_at: OffsetDateTime,
    },
    NotForCapacity {
        label: &'static str,
    },
    NotInThisPhase {
        phase: Phase,
    },
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
    /// 回避 and 移交 are for those who hear the case.
    NotOfTheBench,
    PanelSelf,
    DecisionNotTheirs {
        label: &'static str,
    },
    SuccessorMissing,
    SuccessorOtherwise {
        label: &'static str,
    },
    OversightBegun,
    OversightOfOwnCase,
    TextEmpty,
    TextTooLong {
        chars: usize,
    },
    FileMissing,
    FileOfOtherKind {
        is: &'static str,
    },
    RecipientUnknown,
    RecipientForbidden,
    /// The court takes no private messages to those who judge.
    RecipientHearsInPublic,
    ReminderNotPrivate,
    ConsentMissing,
    PlaceInvalid,
    AddressTooLong,
    CalleeForbidden,
    CallInProgress,
    CallOver,
    PhoneUnavailable,
    TitleMissing,
    TitleTooLong,
    TargetsMissing,
    TargetForbidden {
        label: &'static str,
    },
    DeadlinePassed,
    DeadlineAfterEnd {
        closes_at: OffsetDateTime,
    },
    DeadlineNotLater {
        deadline: OffsetDateTime,
    },
    FieldsWrong {
        why: &'static str,
    },
    FieldMissing {
        label: String,
    },
    FieldWrong {
        label: String,
        asks: &'static str,
    },
    FieldUnknown,
    FilesTooMany {
        limit: usize,
    },
    FileTwice,
    MattersTooMany {
        limit: usize,
    },
    MatterUnknown,
    MatterAnswered,
    MatterLate {
        deadline: OffsetDateTime,
    },
    MatterEnded {
        label: &'static str,
    },
    AnswerEmpty,
    AnswerAfterEnd {
        closes_at: OffsetDateTime,
    },
    WordsTooMany {
        limit: usize,
    },
    TermTooLong {
        days: i64,
    },
    TranscriptMissing,
    TranscriptFull {
        limit: usize,
    },
    TranscriptConcluded,
    TranscriptNotCirculated,
    TranscriptOutdated,
    CirculationRunning {
        until: OffsetDateTime,
    },
    CorrectionLate,
    CorrectionUnknown,
    CorrectionSettled,
    CorrectionsOpen,
    SigningRunning,
    SigningOver,
    SigningAnswered,
    NothingToSign,
    DocumentOther,
    StepUpRequired,
    SignatureMissing,
    SignatureReserved,
    SignatureUnchecked,
    NothingToCheck,
    DossierEntryUnknown,
    DossierUnchanged,
    DossierAuxiliaryOnly {
        label: &'static str,
    },
    DossierOfRoom,
    DossierAuxiliary,
    DossierPrivate,
    DossierNotPages,
    DossierNotForMember {
        label: &'static str,
    },
    DossierShared,
    DossierSharesTooMany {
        limit: usize,
    },
    DossierShareUnknown,
    DossierShareOver,
    DossierOpened,
    MandateUnknown,
    MandateDecided,
    PowersMissing,
    PowersWithoutScope,
    ConsentOutdated,
    ConsentAnswered,
    ConsentStands,
    ConsentNotGiven,
    ConsentWithdrawing,
    ConsentNotWithdrawing,
    DomicileMissing,
    DomicileChanged,
    DomicileConfirmed,
    ElectronicServiceNotAgreed,
    MandatesTooMany {
        limit: usize,
    },
    AgentsTooMany {
        limit: usize,
    },
    AgentElsewhere {
        label: &'static str,
    },
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
            Refusal::NotOfTheBench => "not_of_the_bench",
            Refusal::PanelSelf => "panel_self",
            Refusal::DecisionNotTheirs { .. } => "decision_not_theirs",
            Refusal::SuccessorMissing => "successor_missing",
            Refusal::SuccessorOtherwise { .. } => "successor_otherwise",
            Refusal::OversightBegun => "oversight_begun",
            Refusal::OversightOfOwnCase => "oversight_of_own_case",
            Refusal::TextEmpty => "text_empty",
            Refusal::TextTooLong { .. } => "text_too_long",
            Refusal::FileMissing => "file_missing",
            Refusal::FileOfOtherKind { .. } => "file_of_other_kind",
            Refusal::RecipientUnknown => "recipient_unknown",
            Refusal::RecipientForbidden => "recipient_forbidden",
            Refusal::RecipientHearsInPublic => "recipient_hears_in_public",
            Refusal::ReminderNotPrivate => "reminder_not_private",
            Refusal::ConsentMissing => "consent_missing",
            Refusal::PlaceInvalid => "place_invalid",
            Refusal::AddressTooLong => "address_too_long",
            Refusal::CalleeForbidden => "callee_forbidden",
            Refusal::CallInProgress => "call_in_progress",
            Refusal::CallOver => "call_over",
            Refusal::PhoneUnavailable => "phone_unavailable",
            Refusal::TitleMissing => "title_missing",
            Refusal::TitleTooLong => "title_too_long",
            Refusal::TargetsMissing => "targets_missing",
            Refusal::TargetForbidden { .. } => "target_forbidden",
            Refusal::DeadlinePassed => "deadline_passed",
            Refusal::DeadlineAfterEnd { .. } => "deadline_after_end",
            Refusal::DeadlineNotLater { .. } => "deadline_not_later",
            Refusal::FieldsWrong { .. } => "fields_wrong",
            Refusal::FieldMissing { .. } => "field_missing",
            Refusal::FieldWrong { .. } => "field_wrong",
            Refusal::FieldUnknown => "field_unknown",
            Refusal::FilesTooMany { .. } => "files_too_many",
            Refusal::FileTwice => "file_twice",
            Refusal::MattersTooMany { .. } => "matters_too_many",
            Refusal::MatterUnknown => "matter_unknown",
            Refusal::MatterAnswered => "matter_answered",
            Refusal::MatterLate { .. } => "matter_late",
            Refusal::MatterEnded { .. } => "matter_ended",
            Refusal::AnswerEmpty => "answer_empty",
            Refusal::AnswerAfterEnd { .. } => "ended",
            Refusal::WordsTooMany { .. } => "words_too_many",
            Refusal::TermTooLong { .. } => "term_too_long",
            Refusal::TranscriptMissing => "transcript_missing",
            Refusal::TranscriptFull { .. } => "transcript_full",
            Refusal::TranscriptConcluded => "transcript_concluded",
            Refusal::TranscriptNotCirculated => "transcript_not_circulated",
            Refusal::TranscriptOutdated => "transcript_outdated",
            Refusal::CirculationRunning { .. } => "circulation_running",
            Refusal::CorrectionLate => "correction_late",
            Refusal::CorrectionUnknown => "correction_unknown",
            Refusal::CorrectionSettled => "correction_settled",
            Refusal::CorrectionsOpen => "corrections_open",
            Refusal::SigningRunning => "signing_running",
            Refusal::SigningOver => "signing_over",
            Refusal::SigningAnswered => "signing_answered",
            Refusal::NothingToSign => "nothing_to_sign",
            Refusal::DocumentOther => "document_other",
            Refusal::StepUpRequired => "step_up_required",
            Refusal::SignatureMissing => "signature_missing",
            Refusal::SignatureReserved => "signature_reserved",
            Refusal::SignatureUnchecked => "signature_unchecked",
            Refusal::NothingToCheck => "nothing_to_check",
            Refusal::DossierEntryUnknown => "dossier_entry_unknown",
            Refusal::DossierUnchanged => "dossier_unchanged",
            Refusal::DossierAuxiliaryOnly { .. } => "dossier_auxiliary_only",
            Refusal::DossierOfRoom => "dossier_of_room",
            Refusal::DossierAuxiliary => "dossier_auxiliary",
            Refusal::DossierPrivate => "dossier_private",
            Refusal::DossierNotPages => "dossier_not_pages",
            Refusal::DossierNotForMember { .. } => "dossier_not_for_member",
            Refusal::DossierShared => "dossier_shared",
            Refusal::DossierSharesTooMany { .. } => "dossier_shares_too_many",
            Refusal::DossierShareUnknown => "dossier_share_unknown",
            Refusal::DossierShareOver => "dossier_share_over",
            Refusal::DossierOpened => "dossier_opened",
            Refusal::MandateUnknown => "mandate_unknown",
            Refusal::MandateDecided => "mandate_decided",
            Refusal::PowersMissing => "powers_missing",
            Refusal::PowersWithoutScope => "powers_without_scope",
            Refusal::ConsentOutdated => "consent_outdated",
            Refusal::ConsentAnswered => "consent_answered",
            Refusal::ConsentStands => "consent_stands",
            Refusal::ConsentNotGiven => "consent_not_given",
            Refusal::ConsentWithdrawing => "consent_withdrawing",
            Refusal::ConsentNotWithdrawing => "consent_not_withdrawing",
            Refusal::DomicileMissing => "domicile_missing",
            Refusal::DomicileChanged => "domicile_changed",
            Refusal::DomicileConfirmed => "domicile_confirmed",
            Refusal::ElectronicServiceNotAgreed => "electronic_service_not_agreed",
            Refusal::MandatesTooMany { .. } => "mandates_too_many",
            Refusal::AgentsTooMany { .. } => "agents_too_many",
            Refusal::AgentElsewhere { .. } => "agent_elsewhere",
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
            Refusal::NotOfTheBench => "只有本案的审判人员和审判辅助人员可以办理回避、移交。".into(),
            Refusal::PanelSelf => "本人的回避、移交，请由本案书记员或者其他审判人员登记。".into(),
            Refusal::DecisionNotTheirs { label } => {
                format!(
                    "{label}的回避、移交不由所选的人决定：审判人员由院长或者审判委员会决定，其他人员由审判长或者独任审判员决定。"
                )
            }
            Refusal::SuccessorMissing => "主持审理的法官退出，须同时选择接替的法官。".into(),
            Refusal::SuccessorOtherwise { label } => format!("接替的人员须以{label}的身份参加本案。"),
            Refusal::OversightBegun => "本次监督查阅已经开始。".into(),
            Refusal::OversightOfOwnCase => "您参加了本案，请以本案中的身份进入。".into(),
            Refusal::TextEmpty => "内容为空，请输入文字后再发送。".into(),
            Refusal::TextTooLong { chars } => {
                format!("这条消息有 {chars} 个字，一次最多 {TEXT_LIMIT} 个字。请分几条发送，或以文件发送。")
            }
            Refusal::FileMissing => "没有找到要发送的文件，可能上传未完成或已过期，请重新选择文件发送。".into(),
            Refusal::FileOfOtherKind { is } => format!("这个文件是{is}，请用相应的方式发送。"),
            Refusal::RecipientUnknown => "收信人不在本微法庭中，请刷新成员列表后再试。".into(),
            Refusal::RecipientForbidden => "您不能在本微法庭中这样发送。".into(),
            Refusal::RecipientHearsInPublic => "本院不接收发给审判人员的私信，请在微法庭中公开发言。".into(),
            Refusal::ReminderNotPrivate => "短信强提醒只能随私信或者诉讼事项发出，请取消勾选后再发送。".into(),
            Refusal::ConsentMissing => "发送位置须经您本人单独同意，请勾选同意后再发送。".into(),
            Refusal::PlaceInvalid => "没有得到准确的位置，请到开阔处重新定位后再发送。".into(),
            Refusal::AddressTooLong => format!("地址说明请不要超过 {ADDRESS_LIMIT} 个字。"),
            Refusal::CalleeForbidden => "虚拟电话只能打给当事人或者代理人，请重新选择。".into(),
            Refusal::CallInProgress => "本微法庭有一次通话尚未结束，请在它结束以后再拨打。".into(),
            Refusal::CallOver => "这次通话已经结束。".into(),
            Refusal::PhoneUnavailable => "本院尚未开通虚拟电话，请改用其他方式联系，或者请系统管理员开通。".into(),
            Refusal::TitleMissing => "请填写标题。".into(),
            Refusal::TitleTooLong => format!("标题请不要超过 {} 个字。", crate::matter::TITLE_LIMIT),
            Refusal::TargetsMissing => "请至少选择一名需要办理的成员。".into(),
            Refusal::TargetForbidden { label } => format!("诉讼事项不能交由{label}办理，请重新选择成员。"),
            Refusal::DeadlinePassed => "截止时间必须晚于现在，请重新选择。".into(),
            Refusal::DeadlineAfterEnd { closes_at } => format!(
                "截止时间不能晚于本次微法庭的结束时间（{}）。如需更长时间，请先调整排期。",
                beijing::long(*closes_at)
            ),
            Refusal::DeadlineNotLater { deadline } => {
                format!("新的截止时间必须晚于原截止时间（{}），请重新选择。", beijing::long(*deadline))
            }
            Refusal::FieldsWrong { why } => format!("{why}，请修改后再发布。"),
            Refusal::FieldMissing { label } => format!("请填写“{label}”。"),
            Refusal::FieldWrong { label, asks } => format!("“{label}”填写有误：{asks}。"),
            Refusal::FieldUnknown => "本事项没有您填写的某一项，请刷新页面后再试。".into(),
            Refusal::FilesTooMany { limit } => format!("一次最多附 {limit} 个文件。"),
            Refusal::FileTwice => "同一个文件附了两次，请删除重复的一个。".into(),
            Refusal::MattersTooMany { limit } => {
                format!("本微法庭的诉讼事项已达 {limit} 项，不能再发布。请在新的微法庭中发布。")
            }
            Refusal::MatterUnknown => "没有找到这项诉讼事项，请刷新页面后再试。".into(),
            Refusal::MatterAnswered => "您已办理过这项诉讼事项，不能重复提交。如需补充，请在微法庭中发言说明。".into(),
            Refusal::MatterLate { deadline } => format!(
                "本事项已于 {} 截止，未能提交。如需补交，请在微法庭中向法官或书记员发送“申请延期”并说明理由，法官延长期限后即可提交。",
                beijing::long(*deadline)
            ),
            Refusal::MatterEnded { label } => format!("这项诉讼事项{label}，不能再进行此操作。"),
            Refusal::AnswerEmpty => "请填写办理内容，或者附上文件后再提交。".into(),
            Refusal::AnswerAfterEnd { closes_at } => format!(
                "本次微法庭已于 {} 结束，诉讼事项不能再办理。如需补交，请联系书记员申请延期。",
                beijing::long(*closes_at)
            ),
            Refusal::WordsTooMany { limit } => format!("内容请不要超过 {limit} 个字。"),
            Refusal::TermTooLong { days } => format!("期限最长为 {days} 天，请重新选择。"),
            Refusal::TranscriptMissing => "本次微法庭还没有笔录，请先制作笔录。".into(),
            Refusal::TranscriptFull { limit } => format!("数量已达上限（{limit}），不能再添加。"),
            Refusal::TranscriptConcluded => {
                "笔录已经定稿，不能再修改。如确需修改，请重新制作笔录，已有的签名将不再适用。".into()
            }
            Refusal::TranscriptNotCirculated => "笔录草稿尚未送请核对，请先送请各成员核对。".into(),
            Refusal::TranscriptOutdated => "笔录已有新的版本或者处于其他阶段，请刷新页面后再试。".into(),
            Refusal::CirculationRunning { until } => {
                format!("核对期限至 {} 届满，届满后方可定稿。", beijing::long(*until))
            }
            Refusal::CorrectionLate => "申请补正的期限已过。如对笔录仍有异议，可以在确认签名时拒绝并说明理由。".into(),
            Refusal::CorrectionUnknown => "没有找到这项补正申请，请刷新页面后再试。".into(),
            Refusal::CorrectionSettled => "这项补正申请已经处理。".into(),
            Refusal::CorrectionsOpen => "还有补正申请没有处理，请逐项准许或者说明不准许的理由后再定稿。".into(),
            Refusal::SigningRunning => "还有成员没有答复，签名期限也尚未届满。".into(),
            Refusal::SigningOver => "确认签名的期限已过，不能再签名或拒绝。".into(),
            Refusal::SigningAnswered => "您已经答复过这份笔录，不能重复操作。".into(),
            Refusal::NothingToSign => "现在没有需要您确认签名的笔录，请刷新页面查看。".into(),
            Refusal::DocumentOther => "您确认的文件与现在的笔录不是同一份，请刷新页面，阅读后重新确认。".into(),
            Refusal::StepUpRequired => {
                "签名前请先通过短信验证码确认是您本人，验证五分钟内有效，只用于这一份文件。".into()
            }
            Refusal::SignatureMissing => "您还没有预留签名，请先书写签名，再确认。".into(),
            Refusal::SignatureReserved => "您已在本微法庭预留了这个签名。".into(),
            Refusal::SignatureUnchecked => "您键入的签名尚待书记员核对，核对后即可确认。您也可以改为手写签名。".into(),
            Refusal::NothingToCheck => "没有待核对的签名，可能已经核对，或者本人已更换签名。请刷新页面查看。".into(),
            Refusal::DossierEntryUnknown => "卷宗中没有这份材料，可能已被撤回，请刷新页面后再试。".into(),
            Refusal::DossierUnchanged => "这份材料的标题和所在卷宗都没有变化，无需保存。".into(),
            Refusal::DossierAuxiliaryOnly { label } => format!("{label}属于审判组织内部材料，只能归入副卷。"),
            Refusal::DossierOfRoom => "这是成员在微法庭中提交的材料，已自动归卷，不能从卷宗中撤回。".into(),
            Refusal::DossierAuxiliary => "副卷材料仅供审判组织查阅，不能分享。".into(),
            Refusal::DossierPrivate => "这是成员私下发送的材料，不能分享给他人。".into(),
            Refusal::DossierNotPages => "视频和语音不能按页查阅，请在微法庭中发送。".into(),
            Refusal::DossierNotForMember { label } => format!("{label}不能查阅分享的卷宗材料，请重新选择成员。"),
            Refusal::DossierShared => "这份材料已经分享给所选成员，无需重复分享。".into(),
            Refusal::DossierSharesTooMany { limit } => format!("本微法庭分享的卷宗材料已达 {limit} 份，不能再分享。"),
            Refusal::DossierShareUnknown => "没有找到分享的材料，请刷新页面后再试。".into(),
            Refusal::DossierShareOver => "这份材料已被收回，不能再查阅。".into(),
            Refusal::DossierOpened => "您刚刚打开过这份材料，可以继续查阅。".into(),
            Refusal::MandateUnknown => "没有找到这项代理，可能已经终止，请刷新页面查看。".into(),
            Refusal::MandateDecided => "这项代理申请已经处理，请刷新页面查看结果。".into(),
            Refusal::PowersMissing => "特别授权须逐项列明。仅写“全权代理”而没有列明具体事项的，不发生特别授权的效力（民事诉讼法司法解释（2022）第八十九条），请勾选委托书上写明的事项，或者改为一般授权。".into(),
            Refusal::PowersWithoutScope => "一般授权不包括需要特别授权的事项，请取消勾选，或者改为特别授权。".into(),
            Refusal::ConsentOutdated => "告知书已更新，请刷新页面，阅读新版后再选择。".into(),
            Refusal::ConsentAnswered => "您已经这样答复过，无需重复提交。".into(),
            Refusal::ConsentStands => "您此前已经同意。如改变主意，请选择“撤回同意”并说明理由。".into(),
            Refusal::ConsentNotGiven => "您没有可以撤回的同意，请刷新页面查看。".into(),
            Refusal::ConsentWithdrawing => "您已申请撤回，请等待法院决定。".into(),
            Refusal::ConsentNotWithdrawing => "没有待决定的撤回申请，可能已经处理，请刷新页面查看。".into(),
            Refusal::DomicileMissing => "您还没有填写送达地址，请先填写，再确认。".into(),
            Refusal::DomicileChanged => "您的送达地址刚刚有变化，请核对后再确认。".into(),
            Refusal::DomicileConfirmed => "您已在本微法庭确认了这份送达地址。".into(),
            Refusal::ElectronicServiceNotAgreed => "送达地址中有电子送达方式，须先阅读《电子送达告知与确认书》并同意；不同意电子送达的，请删去电子地址后再确认。".into(),
            Refusal::MandatesTooMany { limit } => format!("本微法庭的代理申请已达 {limit} 项，不能再受理。"),
            Refusal::AgentsTooMany { limit } => format!("一名当事人最多委托 {limit} 名诉讼代理人（民事诉讼法（2023）第六十一条），请先由当事人解除一名代理人的委托。"),
            Refusal::AgentElsewhere { label } => format!("此人已是本案的{label}，不能再担任这一方的诉讼代理人。"),
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
            | Refusal::RecipientForbidden
            | Refusal::RecipientHearsInPublic
            | Refusal::CalleeForbidden
            | Refusal::CorrectionLate
            | Refusal::SigningOver
            | Refusal::DocumentOther
            | Refusal::StepUpRequired
            | Refusal::MatterLate { .. }
            | Refusal::AnswerAfterEnd { .. } => Why::Forbidden,
            Refusal::NoticeOutdated
            | Refusal::NoticeAlreadyAcknowledged
            | Refusal::AlreadyMember
            | Refusal::JudgeCannotLeave
            | Refusal::PanelSelf
            | Refusal::OversightBegun
            | Refusal::OversightOfOwnCase
            | Refusal::CallInProgress
            | Refusal::CallOver
            | Refusal::PhoneUnavailable
            | Refusal::MattersTooMany { .. }
            | Refusal::TranscriptMissing
            | Refusal::TranscriptFull { .. }
            | Refusal::TranscriptConcluded
            | Refusal::TranscriptNotCirculated
            | Refusal::TranscriptOutdated
            | Refusal::CirculationRunning { .. }
            | Refusal::CorrectionSettled
            | Refusal::CorrectionsOpen
            | Refusal::SigningRunning
            | Refusal::SigningAnswered
            | Refusal::NothingToSign
            | Refusal::SignatureMissing
            | Refusal::SignatureReserved
            | Refusal::SignatureUnchecked
            | Refusal::NothingToCheck
            | Refusal::MatterAnswered
            | Refusal::MatterEnded { .. }
            | Refusal::DossierUnchanged
            | Refusal::DossierAuxiliaryOnly { .. }
            | Refusal::DossierOfRoom
            | Refusal::DossierAuxiliary
            | Refusal::DossierPrivate
            | Refusal::DossierNotPages
            | Refusal::DossierShared
            | Refusal::DossierSharesTooMany { .. }
            | Refusal::DossierShareOver
            | Refusal::MandateDecided
            | Refusal::ConsentOutdated
            | Refusal::ConsentAnswered
            | Refusal::ConsentStands
            | Refusal::ConsentNotGiven
            | Refusal::ConsentWithdrawing
            | Refusal::ConsentNotWithdrawing
            | Refusal::DomicileMissing
            | Refusal::DomicileChanged
            | Refusal::DomicileConfirmed
            | Refusal::ElectronicServiceNotAgreed
            | Refusal::MandatesTooMany { .. }
            | Refusal::AgentsTooMany { .. }
            | Refusal::AgentElsewhere { .. }
            | Refusal::DossierOpened => Why::Conflict,
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
            | Refusal::ReminderNotPrivate
            | Refusal::ConsentMissing
            | Refusal::PlaceInvalid
            | Refusal::AddressTooLong
            | Refusal::TitleMissing
            | Refusal::TitleTooLong
            | Refusal::TargetsMissing
            | Refusal::TargetForbidden { .. }
            | Refusal::DeadlinePassed
            | Refusal::DeadlineAfterEnd { .. }
            | Refusal::DeadlineNotLater { .. }
            | Refusal::FieldsWrong { .. }
            | Refusal::FieldMissing { .. }
            | Refusal::FieldWrong { .. }
            | Refusal::FieldUnknown
            | Refusal::FilesTooMany { .. }
            | Refusal::FileTwice
            | Refusal::WordsTooMany { .. }
            | Refusal::TermTooLong { .. }
            | Refusal::CorrectionUnknown
            | Refusal::MatterUnknown
            | Refusal::AnswerEmpty
            | Refusal::DossierEntryUnknown
            | Refusal::DossierNotForMember { .. }
            | Refusal::MandateUnknown
            | Refusal::PowersMissing
            | Refusal::PowersWithoutScope
            | Refusal::NotOfTheBench
            | Refusal::DecisionNotTheirs { .. }
            | Refusal::SuccessorMissing
            | Refusal::SuccessorOtherwise { .. }
            | Refusal::DossierShareUnknown => Why::Invalid,
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
