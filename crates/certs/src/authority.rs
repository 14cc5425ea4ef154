//! A certificate authority for demos and tests. What it issues says so in its name and is worth nothing elsewhere.

use der::asn1::{BitString, ObjectIdentifier, OctetString, PrintableStringRef, SetOfVec, Utf8StringRef};
use der::{Any, Encode};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};
use time::{Duration, OffsetDateTime};
use x509_cert::attr::AttributeTypeAndValue;
use x509_cert::certificate::{TbsCertificate, Version};
use x509_cert::ext::Extension;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::name::{RdnSequence, RelativeDistinguishedName};
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::Validity;

use crate::{Algorithm, Certificate, FileKey, KeyFault, Purpose, Signer, moment, oid, pem, sha256};

/// A root of P-256 that issues certificates of P-256.
pub struct Authority {
    key: FileKey,
}

/// A key with its certificates, as [`FileKey::from_pem`] reads them.
pub struct Issued {
    pub pem: String,
    pub key: FileKey,
}

/// How long the root and what it issues are good for.
const YEARS: i64 = 10;

impl Authority {
    /// A new root called `name`.
    ///
    /// # Errors
    /// If the system has no chance to give.
    pub fn new(name: &str, now: OffsetDateTime) -> Result<(Self, Issued), KeyFault> {
        let root = issued(name, None, None, now)?;
        let key = FileKey::from_pem(&root.pem)?;
        Ok((Self { key }, root))
    }

    /// One that was made before.
    pub fn from_key(key: FileKey) -> Self {
        Self { key }
    }

    /// The certificate at which chains of this authority end.
    pub fn root(&self) -> &Certificate {
        &self.key.chain()[0]
    }

    /// A new key and its certificate.
    ///
    /// # Errors
    /// If the system has no chance to give.
    pub fn issue(&self, name: &str, purpose: Purpose, now: OffsetDateTime) -> Result<Issued, KeyFault> {
        issued(name, Some(&self.key), Some(purpose), now)
    }
}

fn issued(name: &str, by: Option<&FileKey>, purpose: Option<Purpose>, now: OffsetDateTime) -> Result<Issued, KeyFault> {
    let chance = SystemRandom::new();
    let failed = |_| KeyFault::Failed("ring".into());
    let pkcs8 = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &chance).map_err(failed)?;
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8.as_ref(), &chance)
        .map_err(|_| KeyFault::Failed("ring".into()))?;
    let public = pair.public_key().as_ref();
    let fault = || KeyFault::Failed("DER".into());

    let body = body(name, public, by, purpose, now).ok_or_else(fault)?;
    let bytes = body.to_der().map_err(|_| fault())?;
    let signature = match by {
        Some(authority) => authority.sign(&bytes)?,
        None => pair.sign(&chance, &bytes).map_err(failed)?.as_ref().to_vec(),
    };
    let signature_algorithm = body.signature.clone();
    let signature = BitString::from_bytes(&signature).map_err(|_| fault())?;
    let parsed = x509_cert::Certificate { tbs_certificate: body, signature_algorithm, signature };
    let own = Certificate::from_parsed(parsed).map_err(|_| fault())?;

    let mut text = pem::written(pem::PRIVATE_KEY, pkcs8.as_ref()).ok_or_else(fault)?;
    for certificate in std::iter::once(&own).chain(by.into_iter().flat_map(|authority| authority.chain())) {
        text.push_str(&pem::written(pem::CERTIFICATE, certificate.der()).ok_or_else(fault)?);
    }
    let key = FileKey::from_pem(&text)?;
    Ok(Issued { pem: text, key })
}

fn body(
    name: &str,
    public: &[u8],
    by: Option<&FileKey>,
    purpose: Option<Purpose>,
    now: OffsetDateTime,
) -> Option<TbsCertificate> {
    let subject = named(name)?;
    let authority = by.map(|key| &key.chain()[0].parsed.tbs_certificate);
    let key_id = |public: &[u8]| OctetString::new(&sha256(public)[..20]).ok();
    let above = by.map_or(public, |key| key.chain()[0].public_key());

    let usages = if by.is_some() {
        KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
    } else {
        KeyUsages::KeyCertSign | KeyUsages::CRLSign
    };
    let mut extensions = vec![
        extension(true, &BasicConstraints { ca: by.is_none(), path_len_constraint: None })?,
        extension(true, &KeyUsage(usages))?,
        extension(false, &SubjectKeyIdentifier(key_id(public)?))?,
        extension(
            false,
            &AuthorityKeyIdentifier {
                key_identifier: Some(key_id(above)?),
                authority_cert_issuer: None,
                authority_cert_serial_number: None,
            },
        )?,
    ];
    match purpose {
        // RFC 3161 wants this one critical.
        Some(Purpose::TimeStamps) => extensions.push(extension(true, &ExtendedKeyUsage(vec![oid::FOR_TIME_STAMPS]))?),
        Some(Purpose::Documents) => extensions.push(extension(false, &ExtendedKeyUsage(vec![oid::FOR_DOCUMENTS]))?),
        None => {}
    }

    // A hash of the key: different for each, and needs no register of numbers.
    let mut serial = sha256(public)[..16].to_vec();
    serial[0] = serial[0] & 0x7F | 0x40;
    Some(TbsCertificate {
        version: Version::V3,
        serial_number: SerialNumber::new(&serial).ok()?,
        signature: Algorithm::EcdsaP256Sha256.identifier(),
        issuer: authority.map_or_else(|| subject.clone(), |authority| authority.subject.clone()),
        validity: Validity {
            not_before: moment::for_certificate(now - Duration::days(1)).ok()?,
            not_after: moment::for_certificate(now + Duration::days(365 * YEARS)).ok()?,
        },
        subject,
        subject_public_key_info: SubjectPublicKeyInfoOwned {
            algorithm: AlgorithmIdentifierOwned {
                oid: oid::EC_PUBLIC_KEY,
                parameters: Some(Any::encode_from(&oid::P256).ok()?),
            },
            subject_public_key: BitString::from_bytes(public).ok()?,
        },
        issuer_unique_id: None,
        subject_unique_id: None,
        extensions: Some(extensions),
    })
}

/// C=CN, O and CN: `name`, in UTF-8, so that every reader shows it as it is written.
fn named(name: &str) -> Option<RdnSequence> {
    let part = |oid: ObjectIdentifier, value: Any| {
        Some(RelativeDistinguishedName(SetOfVec::try_from(vec![AttributeTypeAndValue { oid, value }]).ok()?))
    };
    let name = Utf8StringRef::new(name).ok()?;
    Some(RdnSequence(vec![
        part(oid::COUNTRY, Any::encode_from(&PrintableStringRef::new("CN").ok()?).ok()?)?,
        part(oid::ORGANISATION, Any::encode_from(&name).ok()?)?,
        part(oid::COMMON_NAME, Any::encode_from(&name).ok()?)?,
    ]))
}

fn extension<T: Encode + der::oid::AssociatedOid>(critical: bool, value: &T) -> Option<Extension> {
    Some(Extension { extn_id: T::OID, critical, extn_value: OctetString::new(value.to_der().ok()?).ok()? })
}
