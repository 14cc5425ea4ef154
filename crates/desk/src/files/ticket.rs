//! Tickets: what a browser carries to the files' own host, where no cookie goes (SR-24).
//!
//! A ticket says which file of which act, for which session, until when; its MAC says that this court wrote it. It opens nothing by
//! itself: at delivery the session and the member's view of the act are looked up again (SR-08).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use court::{MemberId, RoomId, SessionId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::Variant;

/// How long a ticket is good.
pub(crate) const LIFE: Duration = Duration::minutes(10);

/// The form of tickets; another form gets another number.
const VERSION: u8 = 3;
/// Version, three ids, number of the act, place of the file in it, variant and page, expiry.
const CLAIMS: usize = 1 + 3 * 16 + 8 + 1 + 1 + 2 + 8;
/// Of HMAC-SHA256.
const MAC: usize = 32;

/// The key that tickets are signed with.
pub(crate) type Secret = [u8; 32];

/// What a ticket is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket {
    pub(crate) session: SessionId,
    pub(crate) room: RoomId,
    pub(crate) member: MemberId,
    /// Number of the act in the record.
    pub(crate) seq: u64,
    /// Which of the act's files, from 0.
    pub(crate) place: u8,
    pub(crate) variant: Variant,
    /// In seconds since 1970.
    pub(crate) expires: i64,
}

impl Ticket {
    /// The ticket as it stands in an address: base64url, 135 characters.
    pub(crate) fn write(&self, secret: &Secret) -> String {
        let mut bytes = Vec::with_capacity(CLAIMS + MAC);
        bytes.push(VERSION);
        bytes.extend(self.session.0.as_bytes());
        bytes.extend(self.room.0.as_bytes());
        bytes.extend(self.member.0.as_bytes());
        bytes.extend(self.seq.to_be_bytes());
        bytes.push(self.place);
        let (variant, page) = self.variant.code();
        bytes.push(variant);
        bytes.extend(page.to_be_bytes());
        bytes.extend(self.expires.to_be_bytes());
        let mac = mac(secret, &bytes).finalize().into_bytes();
        bytes.extend(mac);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// Reads a ticket; none when this court did not write it or it has expired.
    pub(crate) fn read(text: &str, secret: &Secret, now: OffsetDateTime) -> Option<Ticket> {
        let bytes: [u8; CLAIMS + MAC] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (claims, code) = bytes.split_at(CLAIMS);
        // Compares in constant time.
        mac(secret, claims).verify_slice(code).ok()?;
        let (version, claims) = claims.split_first()?;
        if *version != VERSION {
            return None;
        }
        let id = |place: usize| Uuid::from_slice(claims.get(place * 16..place * 16 + 16)?).ok();
        let rest = claims.get(48..)?;
        let ticket = Ticket {
            session: id(0)?.into(),
            room: id(1)?.into(),
            member: id(2)?.into(),
            seq: u64::from_be_bytes(rest.get(..8)?.try_into().ok()?),
            place: *rest.get(8)?,
            variant: Variant::from_code((*rest.get(9)?, u16::from_be_bytes(rest.get(10..12)?.try_into().ok()?)))?,
            expires: i64::from_be_bytes(rest.get(12..)?.try_into().ok()?),
        };
        (now.unix_timestamp() < ticket.expires).then_some(ticket)
    }
}

fn mac(secret: &Secret, claims: &[u8]) -> Hmac<Sha256> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret).expect("HMAC takes keys of any length");
    mac.update(b"weiting file ticket");
    mac.update(claims);
    mac
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 06:00 UTC);
    const SECRET: Secret = [7; 32];

    fn ticket() -> Ticket {
        Ticket {
            session: Uuid::from_u128(1).into(),
            room: Uuid::from_u128(2).into(),
            member: Uuid::from_u128(3).into(),
            seq: 4,
            place: 5,
            variant: Variant::Page { n: 2000, width: crate::PageWidth::Read },
            expires: (NOW + LIFE).unix_timestamp(),
        }
    }

    #[test]
    fn a_ticket_is_read_as_it_was_written_until_it_expires() {
        let text = ticket().write(&SECRET);
        assert_eq!(text.len(), 135);
        assert_eq!(Ticket::read(&text, &SECRET, NOW), Some(ticket()));
        assert_eq!(Ticket::read(&text, &SECRET, NOW + LIFE - Duration::seconds(1)), Some(ticket()));
        assert_eq!(Ticket::read(&text, &SECRET, NOW + LIFE), None);
    }

    #[test]
    fn sr08_a_ticket_with_one_bit_changed_is_none() {
        let bytes = URL_SAFE_NO_PAD.decode(ticket().write(&SECRET)).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(Ticket::read(&URL_SAFE_NO_PAD.encode(forged), &SECRET, NOW), None, "bit {bit}");
        }
        assert_eq!(Ticket::read(&ticket().write(&[8; 32]), &SECRET, NOW), None, "another court's");
        for text in ["", "A", "====", "证"] {
            assert_eq!(Ticket::read(text, &SECRET, NOW), None);
        }
    }
}
