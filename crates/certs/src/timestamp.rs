//! Time stamps (RFC 3161): somebody else signs that a hash was there at a time.

use der::asn1::{BitString, Int, ObjectIdentifier, OctetString, Uint};
use der::{Any, Decode, Encode, Sequence};
use spki::AlgorithmIdentifierOwned;
use time::OffsetDateTime;
use x509_cert::ext::Extensions;

use crate::digest::{algorithm_of, sha256_algorithm};
use crate::{Anchors, Certificate, Distrust, Fault, KeyFault, Purpose, Signer, cms, moment, oid};

#[derive(Clone, Debug, PartialEq, Eq, Sequence)]
struct MessageImprint {
    algorithm: AlgorithmIdentifierOwned,
    hash: OctetString,
}

#[derive(Clone, Debug, Sequence)]
struct TimeStampReq {
    version: u8,
    imprint: MessageImprint,
    #[asn1(optional = "true")]
    policy: Option<ObjectIdentifier>,
    #[asn1(optional = "true")]
    nonce: Option<Uint>,
    #[asn1(default = "no")]
    certificate: bool,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Clone, Debug, Sequence)]
struct TimeStampResp {
    status: PkiStatusInfo,
    #[asn1(optional = "true")]
    token: Option<Any>,
}

#[derive(Clone, Debug, Sequence)]
struct PkiStatusInfo {
    status: u8,
    #[asn1(optional = "true")]
    words: Option<Vec<String>>,
    #[asn1(optional = "true")]
    failure: Option<BitString>,
}

#[derive(Clone, Debug, Sequence)]
struct TstInfo {
    version: u8,
    policy: ObjectIdentifier,
    imprint: MessageImprint,
    serial: Int,
    at: Any,
    #[asn1(optional = "true")]
    accuracy: Option<Accuracy>,
    #[asn1(default = "no")]
    ordering: bool,
    #[asn1(optional = "true")]
    nonce: Option<Uint>,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    authority: Option<Any>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    extensions: Option<Extensions>,
}

#[derive(Clone, Debug, Sequence)]
struct Accuracy {
    #[asn1(optional = "true")]
    seconds: Option<Uint>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    millis: Option<Uint>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    micros: Option<Uint>,
}

fn no() -> bool {
    false
}

const REQUEST: Fault = Fault::Malformed("time-stamp request");
const RESPONSE: Fault = Fault::Malformed("time-stamp response");
const TOKEN: Fault = Fault::Malformed("time-stamp token");

/// What is asked of an authority. The nonce binds the answer to this question.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    pub sha256: [u8; 32],
    pub nonce: Option<Vec<u8>>,
    pub wants_certificate: bool,
}

impl Request {
    /// # Errors
    /// Never for a nonce of usual length.
    pub fn to_der(&self) -> Result<Vec<u8>, Fault> {
        let made = || -> der::Result<Vec<u8>> {
            let nonce = self.nonce.as_deref().map(Uint::new).transpose()?;
            let imprint = MessageImprint { algorithm: sha256_algorithm(), hash: OctetString::new(self.sha256)? };
            TimeStampReq {
                version: 1,
                imprint,
                policy: None,
                nonce,
                certificate: self.wants_certificate,
                extensions: None,
            }
            .to_der()
        };
        made().map_err(|_| REQUEST)
    }

    /// As an authority reads it; SHA-256 only.
    ///
    /// # Errors
    /// If it is something else.
    pub fn from_der(der: &[u8]) -> Result<Self, Fault> {
        let request = TimeStampReq::from_der(der).map_err(|_| REQUEST)?;
        if request.imprint.algorithm.oid != oid::SHA256 {
            return Err(Fault::Unsupported("the digest algorithm"));
        }
        let sha256 = request.imprint.hash.as_bytes().try_into().map_err(|_| REQUEST)?;
        let nonce = request.nonce.map(|nonce| nonce.as_bytes().to_vec());
        Ok(Self { sha256, nonce, wants_certificate: request.certificate })
    }

    /// Whether a token answers this request.
    ///
    /// # Errors
    /// What it answers instead.
    pub fn is_answered_by(&self, stamp: &Stamp) -> Result<(), Fault> {
        if stamp.imprint != self.sha256 {
            return Err(Fault::Wrong("the time stamp is of something else"));
        }
        let asked = self.nonce.as_deref().map(Uint::new).transpose().map_err(|_| REQUEST)?;
        if asked.as_ref().map(Uint::as_bytes) != stamp.nonce.as_deref() {
            return Err(Fault::Wrong("the time stamp has another nonce"));
        }
        Ok(())
    }
}

/// What an authority answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Response {
    Granted {
        token: Vec<u8>,
    },
    /// With its own words, if it gave any.
    Refused {
        status: u8,
        words: String,
    },
}

impl Response {
    /// # Errors
    /// If it is no such response.
    pub fn from_der(der: &[u8]) -> Result<Self, Fault> {
        let response = TimeStampResp::from_der(der).map_err(|_| RESPONSE)?;
        match (response.status.status, response.token) {
            // 1: granted with modifications, which a check of the token finds if they matter.
            (0 | 1, Some(token)) => Ok(Self::Granted { token: token.to_der().map_err(|_| RESPONSE)? }),
            (0 | 1, None) => Err(RESPONSE),
            (status, _) => Ok(Self::Refused { status, words: response.status.words.unwrap_or_default().join(" ") }),
        }
    }

    /// # Errors
    /// If the token is not DER.
    pub fn to_der(&self) -> Result<Vec<u8>, Fault> {
        let (status, words, token) = match self {
            Self::Granted { token } => (0, None, Some(Any::from_der(token).map_err(|_| TOKEN)?)),
            Self::Refused { status, words } => (*status, Some(vec![words.clone()]), None),
        };
        TimeStampResp { status: PkiStatusInfo { status, words, failure: None }, token }.to_der().map_err(|_| RESPONSE)
    }
}

/// A token whose signature is that of the certificate in it.
#[derive(Clone, Debug)]
pub struct Stamp {
    pub at: OffsetDateTime,
    pub authority: Certificate,
    others: Vec<Certificate>,
    imprint: Vec<u8>,
    algorithm: ObjectIdentifier,
    nonce: Option<Vec<u8>>,
}

impl Stamp {
    /// # Errors
    /// If the token is broken or was changed.
    pub fn from_token(token: &[u8]) -> Result<Self, Fault> {
        let message = cms::verify_content(token, oid::TST_INFO)?;
        let info = TstInfo::from_der(&message.content).map_err(|_| TOKEN)?;
        algorithm_of(&info.imprint.algorithm.oid)?;
        Ok(Self {
            at: moment::read_generalised(&info.at)?,
            authority: message.signer,
            others: message.others,
            imprint: info.imprint.hash.as_bytes().to_vec(),
            algorithm: info.imprint.algorithm.oid,
            nonce: info.nonce.map(|nonce| nonce.as_bytes().to_vec()),
        })
    }

    /// Whether it stamps `bytes`.
    pub fn is_of(&self, bytes: &[u8]) -> bool {
        algorithm_of(&self.algorithm)
            .is_ok_and(|algorithm| ring::digest::digest(algorithm, bytes).as_ref() == self.imprint)
    }

    /// Whether its authority is believed, at the time that it says.
    ///
    /// # Errors
    /// Why not.
    pub fn check(&self, anchors: &Anchors) -> Result<(), Distrust> {
        anchors.check(&self.authority, &self.others, self.at, Purpose::TimeStamps)
    }
}

/// What an authority does: stamps `request` at `at` under this serial number. For tests and demos.
///
/// # Errors
/// If the key cannot sign.
pub fn issue(request: &Request, signer: &dyn Signer, at: OffsetDateTime, serial: u64) -> Result<Vec<u8>, KeyFault> {
    let made = || -> Option<Vec<u8>> {
        let info = TstInfo {
            version: 1,
            policy: oid::TEST_POLICY,
            imprint: MessageImprint { algorithm: sha256_algorithm(), hash: OctetString::new(request.sha256).ok()? },
            serial: Int::new(&[&[1][..], &serial.to_be_bytes()].concat()).ok()?,
            at: moment::generalised(at).ok()?,
            accuracy: Some(Accuracy { seconds: Some(Uint::new(&[1]).ok()?), millis: None, micros: None }),
            ordering: false,
            nonce: request.nonce.as_deref().map(Uint::new).transpose().ok()?,
            authority: None,
            extensions: None,
        };
        info.to_der().ok()
    };
    let info = made().ok_or_else(|| KeyFault::Failed("DER".into()))?;
    let signed = cms::sign_content(oid::TST_INFO, &info, signer)?;
    signed.to_der(None).map_err(|fault| KeyFault::Failed(fault.to_string()))
}
