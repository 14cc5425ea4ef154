//! Signed messages (CMS, RFC 5652) as PDF signatures and time stamps use them: one signer, signed attributes, the signer's certificate named
//! in them (RFC 5035) so that it cannot be exchanged for another of the same key.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedData, SignerIdentifier, SignerInfo, SignerInfos,
};
use der::asn1::{ObjectIdentifier, OctetString, SetOfVec};
use der::{Any, Decode, Encode, Reader, Sequence, SliceReader, Tag};
use ring::digest;
use spki::AlgorithmIdentifierOwned;
use x509_cert::attr::{Attribute, Attributes};
use x509_cert::ext::pkix::SubjectKeyIdentifier;

use crate::digest::{algorithm_of, sha1, sha256, sha256_algorithm, verification};
use crate::{Certificate, Fault, KeyFault, Signer, oid};

#[derive(Clone, Debug, Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<CertificateIdV2>,
    #[asn1(optional = "true")]
    policies: Option<Any>,
}

#[derive(Clone, Debug, Sequence)]
struct CertificateIdV2 {
    /// SHA-256 if it is not there.
    #[asn1(optional = "true")]
    algorithm: Option<AlgorithmIdentifierOwned>,
    hash: OctetString,
    #[asn1(optional = "true")]
    issuer: Option<Any>,
}

/// A message that was signed just now and may still get a time stamp.
#[derive(Clone, Debug)]
pub struct Signed(SignedData);

/// Signs something that stays outside of the message and has this SHA-256.
///
/// There is no time in it: a PAdES signature says its time in the PDF and proves it by a time stamp.
///
/// # Errors
/// If the key cannot sign.
pub fn sign_detached(sha256: [u8; 32], signer: &dyn Signer) -> Result<Signed, KeyFault> {
    sign(oid::DATA, None, sha256, signer)
}

/// Signs `content`, which goes into the message.
pub(crate) fn sign_content(kind: ObjectIdentifier, content: &[u8], signer: &dyn Signer) -> Result<Signed, KeyFault> {
    sign(kind, Some(content), sha256(content), signer)
}

fn sign(
    kind: ObjectIdentifier,
    content: Option<&[u8]>,
    digest: [u8; 32],
    signer: &dyn Signer,
) -> Result<Signed, KeyFault> {
    let own = signer.chain().first().ok_or(KeyFault::Malformed("没有证书"))?;
    let made = || -> der::Result<(Attributes, Option<Any>)> {
        let certificates =
            vec![CertificateIdV2 { algorithm: None, hash: OctetString::new(sha256(own.der()))?, issuer: None }];
        let attributes = vec![
            attribute(oid::CONTENT_TYPE, &kind)?,
            attribute(oid::MESSAGE_DIGEST, &OctetString::new(digest)?)?,
            attribute(oid::SIGNING_CERTIFICATE_V2, &SigningCertificateV2 { certificates, policies: None })?,
        ];
        let content = content.map(|content| Any::new(Tag::OctetString, content)).transpose()?;
        Ok((SetOfVec::try_from(attributes)?, content))
    };
    let (attributes, content) = made().map_err(der_fault)?;
    let signature = signer.sign(&attributes.to_der().map_err(der_fault)?)?;
    let finished = || -> der::Result<Signed> {
        let body = &own.parsed.tbs_certificate;
        let info = SignerInfo {
            version: CmsVersion::V1,
            sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
                issuer: body.issuer.clone(),
                serial_number: body.serial_number.clone(),
            }),
            digest_alg: sha256_algorithm(),
            signed_attrs: Some(attributes),
            signature_algorithm: signer.algorithm().identifier(),
            signature: OctetString::new(signature)?,
            unsigned_attrs: None,
        };
        let chain = signer.chain().iter().map(|one| CertificateChoices::Certificate(one.parsed.clone()));
        Ok(Signed(SignedData {
            version: if kind == oid::DATA { CmsVersion::V1 } else { CmsVersion::V3 },
            digest_algorithms: SetOfVec::try_from(vec![sha256_algorithm()])?,
            encap_content_info: EncapsulatedContentInfo { econtent_type: kind, econtent: content },
            certificates: Some(CertificateSet::try_from(chain.collect::<Vec<_>>())?),
            crls: None,
            signer_infos: SignerInfos::try_from(vec![info])?,
        }))
    };
    finished().map_err(der_fault)
}

fn attribute(oid: ObjectIdentifier, value: &impl Encode) -> der::Result<Attribute> {
    let value = Any::from_der(&value.to_der()?)?;
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn der_fault(_: der::Error) -> KeyFault {
    KeyFault::Failed("DER".into())
}

impl Signed {
    /// What a time stamp is asked for: the SHA-256 of the signature's value.
    pub fn imprint(&self) -> [u8; 32] {
        let infos = self.0.signer_infos.0.as_slice();
        sha256(infos.first().map_or(&[][..], |info| info.signature.as_bytes()))
    }

    /// The whole message, with a time-stamp token if there is one.
    ///
    /// # Errors
    /// If the token is not DER.
    pub fn to_der(&self, token: Option<&[u8]>) -> Result<Vec<u8>, Fault> {
        const FAULT: Fault = Fault::Malformed("time-stamp token");
        let mut data = self.0.clone();
        if let Some(token) = token {
            let mut infos = data.signer_infos.0.into_vec();
            for info in &mut infos {
                let value = ContentInfo::from_der(token).map_err(|_| FAULT)?;
                let attributes = vec![attribute(oid::TIME_STAMP_TOKEN, &value).map_err(|_| FAULT)?];
                info.unsigned_attrs = Some(SetOfVec::try_from(attributes).map_err(|_| FAULT)?);
            }
            data.signer_infos = SignerInfos::try_from(infos).map_err(|_| FAULT)?;
        }
        wrapped(&data).map_err(|_| FAULT)
    }
}

fn wrapped(data: &SignedData) -> der::Result<Vec<u8>> {
    ContentInfo { content_type: oid::SIGNED_DATA, content: Any::encode_from(data)? }.to_der()
}

/// A message whose signature is that of its signer's key over what was given. Whether the signer is believed is another question.
#[derive(Clone, Debug)]
pub struct Verified {
    pub signer: Certificate,
    /// The other certificates that came with the message.
    pub others: Vec<Certificate>,
    /// The signature's value: what a time stamp covers.
    pub signature: Vec<u8>,
    /// The time-stamp token, not looked at yet.
    pub token: Option<Vec<u8>>,
    pub(crate) content: Vec<u8>,
}

/// Checks a message whose content is outside, in `parts` one after another. Zeros after the message are room that was left over.
///
/// # Errors
/// What is wrong: nothing is said of a message that is not intact.
pub fn verify_detached(der: &[u8], parts: &[&[u8]]) -> Result<Verified, Fault> {
    let data = read(der)?;
    if data.encap_content_info.econtent.is_some() {
        return Err(Fault::Wrong("the message has its content inside"));
    }
    verify(data, oid::DATA, parts, Vec::new())
}

/// Checks a message of this kind that has its content inside.
pub(crate) fn verify_content(der: &[u8], kind: ObjectIdentifier) -> Result<Verified, Fault> {
    let data = read(der)?;
    let inside = data.encap_content_info.econtent.as_ref().ok_or(Fault::Malformed("message"))?;
    let content = inside.decode_as::<OctetString>().map_err(|_| Fault::Malformed("message"))?.into_bytes().to_vec();
    let parts: [&[u8]; 1] = [&content.clone()];
    verify(data, kind, &parts, content)
}

fn read(der: &[u8]) -> Result<SignedData, Fault> {
    const FAULT: Fault = Fault::Malformed("signed message");
    let mut reader = SliceReader::new(der).map_err(|_| FAULT)?;
    let info = ContentInfo::decode(&mut reader).map_err(|_| FAULT)?;
    let rest = reader.read_slice(reader.remaining_len()).map_err(|_| FAULT)?;
    if info.content_type != oid::SIGNED_DATA || rest.iter().any(|byte| *byte != 0) {
        return Err(FAULT);
    }
    info.content.decode_as().map_err(|_| FAULT)
}

fn verify(data: SignedData, kind: ObjectIdentifier, parts: &[&[u8]], content: Vec<u8>) -> Result<Verified, Fault> {
    if data.encap_content_info.econtent_type != kind {
        return Err(Fault::Wrong("the message is of another kind"));
    }
    let [info] = data.signer_infos.0.as_slice() else {
        return Err(Fault::Unsupported("a message with several signers"));
    };
    let attributes = info.signed_attrs.as_ref().ok_or(Fault::Unsupported("a message without signed attributes"))?;
    if value::<ObjectIdentifier>(attributes, oid::CONTENT_TYPE)? != Some(kind) {
        return Err(Fault::Wrong("the signed kind of content is another"));
    }
    let algorithm = algorithm_of(&info.digest_alg.oid)?;
    let mut hasher = digest::Context::new(algorithm);
    parts.iter().for_each(|part| hasher.update(part));
    let said = value::<OctetString>(attributes, oid::MESSAGE_DIGEST)?.ok_or(Fault::Malformed("signed message"))?;
    if said.as_bytes() != hasher.finish().as_ref() {
        return Err(Fault::Wrong("the content was changed after it was signed"));
    }

    let mut certificates = certificates(&data)?;
    let at = certificates
        .iter()
        .position(|one| is_of(one, &info.sid))
        .ok_or(Fault::Wrong("the signer's certificate is not there"))?;
    let signer = certificates.swap_remove(at);
    named(attributes, &signer)?;
    let how = verification(&info.signature_algorithm.oid, &info.digest_alg.oid, signer.curve())?;
    let signed = attributes.to_der().map_err(|_| Fault::Malformed("signed message"))?;
    let der = rustls_pki_types::CertificateDer::from(signer.der());
    let key = webpki::EndEntityCert::try_from(&der).map_err(|_| Fault::Malformed("certificate"))?;
    key.verify_signature(how, &signed, info.signature.as_bytes())
        .map_err(|_| Fault::Wrong("the signature is not of this key"))?;

    let token = match &info.unsigned_attrs {
        Some(unsigned) => value::<Any>(unsigned, oid::TIME_STAMP_TOKEN)?,
        None => None,
    };
    let token = token.map(|token| token.to_der()).transpose().map_err(|_| Fault::Malformed("time-stamp token"))?;
    Ok(Verified { signature: info.signature.as_bytes().to_vec(), signer, others: certificates, token, content })
}

fn certificates(data: &SignedData) -> Result<Vec<Certificate>, Fault> {
    let all = data.certificates.iter().flat_map(|set| set.0.iter());
    all.filter_map(|choice| match choice {
        CertificateChoices::Certificate(parsed) => Some(Certificate::from_parsed(parsed.clone())),
        CertificateChoices::Other(_) => None,
    })
    .collect()
}

fn is_of(certificate: &Certificate, id: &SignerIdentifier) -> bool {
    let body = &certificate.parsed.tbs_certificate;
    match id {
        SignerIdentifier::IssuerAndSerialNumber(named) => {
            body.issuer == named.issuer && body.serial_number == named.serial_number
        }
        SignerIdentifier::SubjectKeyIdentifier(key) => {
            matches!(body.get::<SubjectKeyIdentifier>(), Ok(Some((_, own))) if own == *key)
        }
    }
}

/// Whether the signed attributes name this certificate. One of the two attributes must be there: PAdES and RFC 3161 want it.
fn named(attributes: &Attributes, signer: &Certificate) -> Result<(), Fault> {
    const OTHER: Fault = Fault::Wrong("the signature names another certificate");
    if let Some(list) = value::<SigningCertificateV2>(attributes, oid::SIGNING_CERTIFICATE_V2)? {
        let first = list.certificates.first().ok_or(OTHER)?;
        let algorithm = first.algorithm.as_ref().map_or(oid::SHA256, |algorithm| algorithm.oid);
        let hash = digest::digest(algorithm_of(&algorithm)?, signer.der());
        return if first.hash.as_bytes() == hash.as_ref() { Ok(()) } else { Err(OTHER) };
    }
    // The older attribute has the same shape, with SHA-1 and no algorithm.
    if let Some(list) = value::<SigningCertificateV2>(attributes, oid::SIGNING_CERTIFICATE)? {
        let first = list.certificates.first().ok_or(OTHER)?;
        let hash = sha1(signer.der());
        return if first.algorithm.is_none() && first.hash.as_bytes() == hash { Ok(()) } else { Err(OTHER) };
    }
    Err(Fault::Wrong("the signature does not name its certificate"))
}

/// The one value of an attribute; none if it is not there, a fault if it is there twice.
fn value<T: for<'a> Decode<'a>>(attributes: &Attributes, oid: ObjectIdentifier) -> Result<Option<T>, Fault> {
    const FAULT: Fault = Fault::Malformed("attribute");
    let mut found = attributes.iter().filter(|attribute| attribute.oid == oid);
    let Some(attribute) = found.next() else { return Ok(None) };
    let ([value], None) = (attribute.values.as_slice(), found.next()) else { return Err(FAULT) };
    let der = value.to_der().map_err(|_| FAULT)?;
    T::from_der(&der).map(Some).map_err(|_| FAULT)
}
