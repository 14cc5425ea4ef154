//! Words for one browser alone: `aes128gcm` of RFC 8188 under keys of RFC 8291.

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes128Gcm, Nonce};
use hmac::{Hmac, Mac};
use p256::{PublicKey, SecretKey, ecdh};
use sha2::Sha256;

use super::PushTarget;

/// The one record that a message has is never longer than this.
const RECORD: u32 = 4096;
/// So much fits beside a delimiter and a tag, and within what every service takes.
const LONGEST: usize = 3_900;

/// Why words could not be sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SealFailure {
    /// The browser's keys are no keys.
    #[error("the subscription's keys are not valid")]
    Keys,
    /// More than one message holds.
    #[error("the message is too long")]
    TooLong,
}

/// Seals `words` for a browser. `own` is a fresh secret of 32 random bytes, `salt` 16 random bytes: both for this message alone.
///
/// # Errors
/// [`SealFailure`]; of random bytes one in 2^32 is no key, and is answered like keys that are none.
pub fn seal(to: &PushTarget, words: &[u8], own: &[u8; 32], salt: &[u8; 16]) -> Result<Vec<u8>, SealFailure> {
    if words.len() > LONGEST {
        return Err(SealFailure::TooLong);
    }
    if !to.has_keys() {
        return Err(SealFailure::Keys);
    }
    let theirs = PublicKey::from_sec1_bytes(&to.p256dh).map_err(|_| SealFailure::Keys)?;
    let own = SecretKey::from_slice(own).map_err(|_| SealFailure::Keys)?;
    let mine = own.public_key().to_sec1_bytes();
    let shared = ecdh::diffie_hellman(own.to_nonzero_scalar(), theirs.as_affine());
    let info = [b"WebPush: info\0".as_slice(), &to.p256dh, &mine].concat();
    let secret = derive(&to.auth, shared.raw_secret_bytes(), &info);
    let key = derive(salt, &secret, b"Content-Encoding: aes128gcm\0");
    let nonce = derive(salt, &secret, b"Content-Encoding: nonce\0");
    let cipher = Aes128Gcm::new_from_slice(&key[..16]).expect("sixteen bytes are a key");
    let nonce = Nonce::try_from(&nonce[..12]).expect("twelve bytes are a nonce");
    // Two: the last record ends here.
    let plain = [words, &[2]].concat();
    let sealed = cipher.encrypt(&nonce, Payload { msg: &plain, aad: &[] }).expect("so few bytes can be sealed");
    let length = u8::try_from(mine.len()).map_err(|_| SealFailure::Keys)?;
    Ok([salt.as_slice(), &RECORD.to_be_bytes(), &[length], &mine, &sealed].concat())
}

/// HKDF with SHA-256 (RFC 5869) for at most 32 bytes: extract, then the first block of expand.
fn derive(salt: &[u8], secret: &[u8], info: &[u8]) -> [u8; 32] {
    let extracted = mac(salt, &[secret]);
    mac(&extracted, &[info, &[1]])
}

fn mac(key: &[u8], parts: &[&[u8]]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("any length is a key");
    for part in parts {
        mac.update(part);
    }
    mac.finalize().into_bytes().into()
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;

    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        URL_SAFE_NO_PAD.decode(text).unwrap().try_into().unwrap()
    }

    fn browser() -> PushTarget {
        let key = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4";
        PushTarget {
            endpoint: String::new(),
            p256dh: URL_SAFE_NO_PAD.decode(key).unwrap(),
            auth: bytes::<16>("BTBZMqHH6r4Tts7J_aSIgg").to_vec(),
        }
    }

    #[test]
    fn the_published_example_of_rfc_8291_comes_out_byte_for_byte() {
        let own = bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw");
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let sealed = seal(&browser(), b"When I grow up, I want to be a watermelon", &own, &salt).unwrap();
        let published = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8w\
                         EqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(URL_SAFE_NO_PAD.encode(sealed), published);
    }

    #[test]
    fn keys_that_are_none_and_words_that_are_too_many_are_refused() {
        let refused = |change: fn(&mut PushTarget), words: &[u8]| {
            let mut to = browser();
            change(&mut to);
            seal(&to, words, &[7; 32], &[1; 16]).unwrap_err()
        };
        assert_eq!(refused(|to| to.auth.truncate(15), b""), SealFailure::Keys);
        assert_eq!(refused(|to| to.p256dh[40] ^= 1, b""), SealFailure::Keys, "not on the curve");
        assert_eq!(refused(|to| to.p256dh.clear(), b""), SealFailure::Keys);
        assert_eq!(refused(|_| (), &[b'x'; 4_000]), SealFailure::TooLong);
        assert_eq!(seal(&browser(), b"", &[0; 32], &[1; 16]), Err(SealFailure::Keys), "nought is no secret");
    }
}
