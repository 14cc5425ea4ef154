//! Certificates, keys, signed messages and time stamps: bytes to bytes.
//!
//! What `papers` puts into a PDF and what `connect` gets from a time-stamping authority are the same kind of thing, a CMS signed message
//! (RFC 5652), so both are made and checked here. ring does the arithmetic, webpki walks the chains; nothing here is written anew but the
//! structures. No clock is read: whoever asks says at which time a certificate must be valid. Revocation is not looked at.
//!
//! [`authority`] issues certificates for demos and tests; it is no certificate authority that anybody should trust.

pub mod authority;
mod certificate;
pub mod cms;
mod digest;
mod key;
mod moment;
mod oid;
mod pem;
pub mod timestamp;
mod trust;

pub use certificate::Certificate;
pub use digest::sha256;
pub use key::{Algorithm, FileKey, KeyFault, Signer};
pub use trust::{Anchors, Distrust, Purpose};

/// Why bytes are not what they should be. The words are for logs and for the page that tells what is wrong with a signature.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("not a well-formed {0}")]
    Malformed(&'static str),
    #[error("{0} is not supported")]
    Unsupported(&'static str),
    #[error("{0}")]
    Wrong(&'static str),
}
