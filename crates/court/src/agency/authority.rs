//! What an agent may do for a party: 一般授权 or 特别授权 with its items.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use utoipa::ToSchema;

use crate::Refusal;

/// The kind of authority.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(as = AuthorityScope)]
pub enum Scope {
    /// 一般授权: to conduct the proceedings, and nothing that gives a right away.
    General,
    /// 特别授权: also what is named.
    Special,
}

/// What needs special authority: 民事诉讼法 (2023) 第六十二条第二款.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Power {
    /// 承认诉讼请求
    Admit,
    /// 放弃诉讼请求
    Waive,
    /// 变更诉讼请求
    Change,
    /// 和解
    Settle,
    /// 反诉
    Counterclaim,
    /// 上诉
    Appeal,
}

/// A set of powers, one bit each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Powers(u16);

/// What an agent may do for a party.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    pub scope: Scope,
    /// Empty for general authority.
    #[schema(value_type = Vec<Power>, max_items = 6)]
    #[serde(default)]
    pub powers: Powers,
}

impl Power {
    /// Every power, in the order of the law.
    pub const ALL: [Power; 6] =
        [Power::Admit, Power::Waive, Power::Change, Power::Settle, Power::Counterclaim, Power::Appeal];

    /// The term that people read.
    pub fn label(self) -> &'static str {
        match self {
            Power::Admit => "承认诉讼请求",
            Power::Waive => "放弃诉讼请求",
            Power::Change => "变更诉讼请求",
            Power::Settle => "进行和解",
            Power::Counterclaim => "提起反诉",
            Power::Appeal => "提起上诉",
        }
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

impl Powers {
    /// The set with these bits; unknown ones are left out.
    pub fn from_bits(bits: u16) -> Powers {
        Power::ALL.into_iter().filter(|power| bits & power.bit() != 0).collect()
    }

    /// One bit for each power, in the order of [`Power::ALL`].
    pub fn bits(self) -> u16 {
        self.0
    }

    /// Whether the set has this power.
    pub fn has(self, power: Power) -> bool {
        self.0 & power.bit() != 0
    }

    /// The powers of the set, in the order of the law.
    pub fn iter(self) -> impl Iterator<Item = Power> {
        Power::ALL.into_iter().filter(move |power| self.has(*power))
    }

    /// Whether there is none.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

impl FromIterator<Power> for Powers {
    fn from_iter<I: IntoIterator<Item = Power>>(powers: I) -> Powers {
        Powers(powers.into_iter().fold(0, |bits, power| bits | power.bit()))
    }
}

impl Serialize for Powers {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Powers {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Powers, D::Error> {
        Ok(Vec::<Power>::deserialize(deserializer)?.into_iter().collect())
    }
}

impl Authority {
    /// Whether the agent may do this for the party: by special authority that names it. A paper that says 全权代理 and names nothing gives none
    /// (民事诉讼法司法解释 (2022) 第八十九条).
    pub fn allows(self, power: Power) -> bool {
        self.scope == Scope::Special && self.powers.has(power)
    }

    /// The same, if it is one that there can be.
    ///
    /// # Errors
    /// [`Refusal::PowersMissing`], [`Refusal::PowersWithoutScope`].
    pub fn checked(self) -> Result<Authority, Refusal> {
        match (self.scope, self.powers.is_empty()) {
            (Scope::Special, true) => Err(Refusal::PowersMissing),
            (Scope::General, false) => Err(Refusal::PowersWithoutScope),
            _ => Ok(self),
        }
    }

    /// 特别授权：承认诉讼请求、进行和解
    pub fn said(self) -> String {
        match self.scope {
            Scope::General => "一般授权".to_owned(),
            Scope::Special => {
                let powers: Vec<_> = self.powers.iter().map(Power::label).collect();
                format!("特别授权：{}", powers.join("、"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_of_powers_is_written_by_name_and_read_again() {
        for bits in 0..64_u16 {
            let powers = Powers::from_bits(bits);
            assert_eq!(powers.bits(), bits);
            let written = serde_json::to_string(&powers).unwrap();
            assert_eq!(serde_json::from_str::<Powers>(&written).unwrap(), powers);
        }
        assert_eq!(serde_json::to_string(&Powers::from_bits(0b1001)).unwrap(), r#"["admit","settle"]"#);
        assert_eq!(Powers::from_bits(0xffff).bits(), 63, "a bit that means nothing is none");
    }

    #[test]
    fn all_powers_unnamed_are_none_and_general_authority_gives_nothing_away() {
        let nothing_named = Authority { scope: Scope::Special, powers: Powers::default() };
        assert_eq!(nothing_named.checked(), Err(Refusal::PowersMissing));
        let general = Authority { scope: Scope::General, powers: Powers::from_bits(63) };
        assert_eq!(general.checked(), Err(Refusal::PowersWithoutScope));
        let some = Authority { scope: Scope::Special, powers: [Power::Settle].into_iter().collect() };
        assert_eq!(some.checked(), Ok(some));
        for power in Power::ALL {
            assert!(!nothing_named.allows(power) && !general.allows(power));
            assert_eq!(some.allows(power), power == Power::Settle);
        }
    }
}
