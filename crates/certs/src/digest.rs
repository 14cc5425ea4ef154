//! Digests, and which algorithm a pair of identifiers means.

use der::asn1::ObjectIdentifier;
use ring::digest;
use rustls_pki_types::SignatureVerificationAlgorithm;
use spki::AlgorithmIdentifierOwned;

use crate::{Fault, oid};

/// The SHA-256 of `bytes`.
pub fn sha256(bytes: &[u8]) -> [u8; 32] {
    let mut out = [0; 32];
    out.copy_from_slice(digest::digest(&digest::SHA256, bytes).as_ref());
    out
}

pub(crate) fn sha256_algorithm() -> AlgorithmIdentifierOwned {
    AlgorithmIdentifierOwned { oid: oid::SHA256, parameters: None }
}

/// The digest that `algorithm` names. SHA-1 is no digest for contents any more.
pub(crate) fn algorithm_of(algorithm: &ObjectIdentifier) -> Result<&'static digest::Algorithm, Fault> {
    match *algorithm {
        oid::SHA256 => Ok(&digest::SHA256),
        oid::SHA384 => Ok(&digest::SHA384),
        oid::SHA512 => Ok(&digest::SHA512),
        _ => Err(Fault::Unsupported("the digest algorithm")),
    }
}

/// The old attribute of time stamps names its certificate by SHA-1; there it is a name and proves nothing.
pub(crate) fn sha1(bytes: &[u8]) -> Vec<u8> {
    digest::digest(&digest::SHA1_FOR_LEGACY_USE_ONLY, bytes).as_ref().to_vec()
}

/// Every algorithm with which a certificate may be signed.
pub(crate) static ALL: &[&dyn SignatureVerificationAlgorithm] = &[
    webpki::ring::ECDSA_P256_SHA256,
    webpki::ring::ECDSA_P256_SHA384,
    webpki::ring::ECDSA_P384_SHA256,
    webpki::ring::ECDSA_P384_SHA384,
    webpki::ring::RSA_PKCS1_2048_8192_SHA256,
    webpki::ring::RSA_PKCS1_2048_8192_SHA384,
    webpki::ring::RSA_PKCS1_2048_8192_SHA512,
];

/// How a signed message was signed: by the algorithm's identifier, the digest's, and the curve of the signer's key.
pub(crate) fn verification(
    signature: &ObjectIdentifier,
    digest: &ObjectIdentifier,
    curve: Option<ObjectIdentifier>,
) -> Result<&'static dyn SignatureVerificationAlgorithm, Fault> {
    let digest = match *signature {
        oid::RSA_SHA256 | oid::ECDSA_SHA256 => oid::SHA256,
        oid::RSA_SHA384 | oid::ECDSA_SHA384 => oid::SHA384,
        oid::RSA_SHA512 => oid::SHA512,
        oid::RSA => *digest,
        _ => return Err(Fault::Unsupported("the signature algorithm")),
    };
    match (*signature, digest, curve) {
        (oid::ECDSA_SHA256, _, Some(oid::P256)) => Ok(webpki::ring::ECDSA_P256_SHA256),
        (oid::ECDSA_SHA384, _, Some(oid::P256)) => Ok(webpki::ring::ECDSA_P256_SHA384),
        (oid::ECDSA_SHA256, _, Some(oid::P384)) => Ok(webpki::ring::ECDSA_P384_SHA256),
        (oid::ECDSA_SHA384, _, Some(oid::P384)) => Ok(webpki::ring::ECDSA_P384_SHA384),
        (oid::ECDSA_SHA256 | oid::ECDSA_SHA384, ..) => Err(Fault::Unsupported("the curve")),
        (_, oid::SHA256, None) => Ok(webpki::ring::RSA_PKCS1_2048_8192_SHA256),
        (_, oid::SHA384, None) => Ok(webpki::ring::RSA_PKCS1_2048_8192_SHA384),
        (_, oid::SHA512, None) => Ok(webpki::ring::RSA_PKCS1_2048_8192_SHA512),
        _ => Err(Fault::Unsupported("the signature algorithm")),
    }
}
