//! A certificate with the very bytes it came in.

use der::asn1::{ObjectIdentifier, PrintableStringRef, Utf8StringRef};
use der::{Decode, Encode};

use crate::{Fault, oid, pem};

const FAULT: Fault = Fault::Malformed("certificate");

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    der: Vec<u8>,
    pub(crate) parsed: x509_cert::Certificate,
}

impl Certificate {
    /// # Errors
    /// If `der` is not a certificate and nothing else.
    pub fn from_der(der: &[u8]) -> Result<Self, Fault> {
        let parsed = x509_cert::Certificate::from_der(der).map_err(|_| FAULT)?;
        Ok(Self { der: der.to_vec(), parsed })
    }

    pub(crate) fn from_parsed(parsed: x509_cert::Certificate) -> Result<Self, Fault> {
        Ok(Self { der: parsed.to_der().map_err(|_| FAULT)?, parsed })
    }

    /// All certificates in `pem`, in order; other blocks are passed over.
    ///
    /// # Errors
    /// If one of them is broken.
    pub fn all_from_pem(pem: &str) -> Result<Vec<Self>, Fault> {
        let mut found = Vec::new();
        let mut rest = pem;
        while let Some((der, after)) = pem::block(rest, pem::CERTIFICATE) {
            found.push(Self::from_der(&der)?);
            rest = after;
        }
        if rest.contains(pem::CERTIFICATE) { Err(FAULT) } else { Ok(found) }
    }

    pub fn der(&self) -> &[u8] {
        &self.der
    }

    /// As files of trusted certificates have it.
    pub fn to_pem(&self) -> String {
        pem::written(pem::CERTIFICATE, &self.der).unwrap_or_default()
    }

    /// Who it was issued to, as people call it: the common name.
    pub fn subject(&self) -> String {
        let names = self.parsed.tbs_certificate.subject.0.iter().flat_map(|part| part.0.iter());
        let common = names.filter(|name| name.oid == oid::COMMON_NAME).find_map(|name| {
            let utf8 = name.value.decode_as::<Utf8StringRef<'_>>().map(|text| text.as_str().to_owned());
            utf8.or_else(|_| name.value.decode_as::<PrintableStringRef<'_>>().map(|text| text.as_str().to_owned())).ok()
        });
        common.unwrap_or_else(|| self.parsed.tbs_certificate.subject.to_string())
    }

    /// The curve of its key, if it is one of a curve.
    pub(crate) fn curve(&self) -> Option<ObjectIdentifier> {
        let algorithm = &self.parsed.tbs_certificate.subject_public_key_info.algorithm;
        (algorithm.oid == oid::EC_PUBLIC_KEY).then(|| algorithm.parameters.as_ref()?.decode_as().ok()).flatten()
    }

    /// The public key as it stands in the certificate.
    pub(crate) fn public_key(&self) -> &[u8] {
        self.parsed.tbs_certificate.subject_public_key_info.subject_public_key.raw_bytes()
    }
}
