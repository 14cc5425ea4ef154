//! Whom a court believes: roots that somebody put into a file.

use der::asn1::ObjectIdentifier;
use rustls_pki_types::{CertificateDer, TrustAnchor, UnixTime};
use time::OffsetDateTime;
use webpki::{EndEntityCert, ExtendedKeyUsageValidator, KeyPurposeIdIter, anchor_from_trusted_cert};
use x509_cert::ext::pkix::{ExtendedKeyUsage, KeyUsage};

use crate::digest::ALL;
use crate::{Certificate, Fault, oid};

/// The certificates at which a chain may end.
#[derive(Clone, Debug, Default)]
pub struct Anchors(Vec<TrustAnchor<'static>>);

/// What a certificate is used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Documents,
    TimeStamps,
}

/// Why a certificate is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the certificate of {subject} is not trusted: {reason}")]
pub struct Distrust {
    pub subject: String,
    pub reason: String,
}

impl Anchors {
    /// # Errors
    /// If a certificate in `pem` cannot be read.
    pub fn from_pem(pem: &str) -> Result<Self, Fault> {
        Self::from_certificates(&Certificate::all_from_pem(pem)?)
    }

    /// # Errors
    /// If a certificate cannot be an anchor.
    pub fn from_certificates(certificates: &[Certificate]) -> Result<Self, Fault> {
        let anchor = |certificate: &Certificate| {
            let der = CertificateDer::from(certificate.der().to_vec());
            anchor_from_trusted_cert(&der).map(|anchor| anchor.to_owned()).map_err(|_| Fault::Malformed("trust anchor"))
        };
        Ok(Self(certificates.iter().map(anchor).collect::<Result<_, _>>()?))
    }

    /// Whether a chain leads from `certificate`, by `others`, to one of these, and the certificate may be used for `purpose`, all of it at `at`.
    ///
    /// # Errors
    /// Why not.
    pub fn check(
        &self,
        certificate: &Certificate,
        others: &[Certificate],
        at: OffsetDateTime,
        purpose: Purpose,
    ) -> Result<(), Distrust> {
        let distrust = |reason: String| Distrust { subject: certificate.subject(), reason };
        may_be_used(certificate, purpose).map_err(|reason| distrust(reason.into()))?;
        let seconds = u64::try_from(at.unix_timestamp()).map_err(|_| distrust("before 1970".into()))?;
        let at = UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds));
        let der = CertificateDer::from(certificate.der());
        let others: Vec<_> = others.iter().map(|other| CertificateDer::from(other.der())).collect();
        let leaf = EndEntityCert::try_from(&der).map_err(|error| distrust(error.to_string()))?;
        leaf.verify_for_usage(ALL, &self.0, &others, at, Usage(purpose), None, None)
            .map(|_| ())
            .map_err(|error| distrust(error.to_string()))
    }
}

/// What the certificate itself says that its key is for.
fn may_be_used(certificate: &Certificate, purpose: Purpose) -> Result<(), &'static str> {
    let body = &certificate.parsed.tbs_certificate;
    let usage = body.get::<KeyUsage>().map_err(|_| "its key usage cannot be read")?;
    if usage.is_some_and(|(_, usage)| !usage.digital_signature() && !usage.non_repudiation()) {
        return Err("its key is not for signatures");
    }
    if purpose == Purpose::TimeStamps {
        let extended = body.get::<ExtendedKeyUsage>().map_err(|_| "its extended key usage cannot be read")?;
        // RFC 3161, 2.3: this one purpose and no other, and critical.
        match extended {
            Some((true, ExtendedKeyUsage(purposes))) if purposes == [oid::FOR_TIME_STAMPS] => {}
            _ => return Err("it is not for time stamps alone"),
        }
    }
    Ok(())
}

/// Authorities on the way may be bound to purposes too; one that names none is bound to none.
struct Usage(Purpose);

impl ExtendedKeyUsageValidator for Usage {
    fn validate(&self, purposes: KeyPurposeIdIter<'_, '_>) -> Result<(), webpki::Error> {
        let mut named = false;
        for purpose in purposes {
            let arcs = purpose?.to_decoded_oid();
            named = true;
            if self.0 == Purpose::Documents || is(&arcs, oid::FOR_TIME_STAMPS) {
                return Ok(());
            }
        }
        if named { Err(webpki::Error::EmptyEkuExtension) } else { Ok(()) }
    }
}

fn is(arcs: &[usize], wanted: ObjectIdentifier) -> bool {
    wanted.arcs().map(|arc| arc as usize).eq(arcs.iter().copied())
}
