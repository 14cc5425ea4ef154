//! The columns of a file, and their names.

/// What a column holds. The order is that of the example files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Field {
    Number,
    Title,
    Cause,
    FiledOn,
    Stage,
    Status,
    Name,
    Kind,
    Representative,
    Position,
    Phone,
    Capacity,
    Ended,
}

impl Field {
    pub(super) const ALL: [Field; 13] = [
        Field::Number,
        Field::Title,
        Field::Cause,
        Field::FiledOn,
        Field::Stage,
        Field::Status,
        Field::Name,
        Field::Kind,
        Field::Representative,
        Field::Position,
        Field::Phone,
        Field::Capacity,
        Field::Ended,
    ];

    /// The name that people read.
    pub(super) fn label(self) -> &'static str {
        self.names()[0]
    }

    /// The name in JSON.
    pub(super) fn key(self) -> &'static str {
        self.names()[1]
    }

    /// The field with this heading; capitals and spaces make no difference.
    pub(super) fn of(heading: &str) -> Option<Field> {
        let heading: String =
            heading.chars().filter(|char| !char.is_whitespace()).flat_map(char::to_lowercase).collect();
        Field::ALL.into_iter().find(|field| field.names().contains(&heading.as_str()))
    }

    /// Whether it is said of the case and not of one participant.
    pub(super) fn is_of_case(self) -> bool {
        self <= Field::Status
    }

    fn names(self) -> &'static [&'static str] {
        match self {
            Field::Number => &["案号", "number"],
            Field::Title => &["案件名称", "title"],
            Field::Cause => &["案由", "cause"],
            Field::FiledOn => &["立案日期", "filed_on"],
            Field::Stage => &["诉讼环节", "stage", "阶段"],
            Field::Status => &["案件状态", "status", "状态"],
            Field::Name => &["姓名或名称", "name", "姓名", "名称"],
            Field::Kind => &["类型", "kind"],
            Field::Representative => &["代表人", "representative"],
            Field::Position => &["代表人职务", "position"],
            Field::Phone => &["手机号", "phone", "手机号码"],
            Field::Capacity => &["诉讼地位", "capacity", "出庭职务"],
            Field::Ended => &["是否终止", "ended", "终止"],
        }
    }
}
