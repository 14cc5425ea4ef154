//! Keys that sign. Whoever keeps them elsewhere (a card, a module, a service) implements [`Signer`].

use p12_keystore::{KeyStore, KeyStoreEntry, Pkcs12ImportPolicy};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use spki::AlgorithmIdentifierOwned;

use crate::{Certificate, oid, pem};

/// Something that can sign, and the certificates that say who it is.
pub trait Signer: Send + Sync {
    /// The signer's certificate first, then those of the authorities on the way to a root.
    fn chain(&self) -> &[Certificate];

    fn algorithm(&self) -> Algorithm;

    /// Signs `bytes`, which it hashes itself.
    ///
    /// # Errors
    /// If the key cannot be used now.
    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, KeyFault>;
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    RsaSha256,
    EcdsaP256Sha256,
}

impl Algorithm {
    pub(crate) fn identifier(self) -> AlgorithmIdentifierOwned {
        match self {
            // RFC 4055 wants the parameters of RSA to be there and to say nothing.
            Self::RsaSha256 => AlgorithmIdentifierOwned { oid: oid::RSA_SHA256, parameters: Some(der::Any::null()) },
            Self::EcdsaP256Sha256 => AlgorithmIdentifierOwned { oid: oid::ECDSA_SHA256, parameters: None },
        }
    }
}

/// Why a key cannot be had or used. Never says anything about the key itself.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("口令不正确，或者不是 PKCS#12 文件")]
    Locked,
    #[error("密钥文件无法读取：{0}")]
    Malformed(&'static str),
    #[error("密钥与证书不相符")]
    Mismatch,
    #[error("签名失败：{0}")]
    Failed(String),
}

/// A key from a file: RSA of 2048 bits or more, or P-256.
pub struct FileKey {
    pair: Pair,
    chain: Vec<Certificate>,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
}

impl FileKey {
    /// From a PEM file with one `PRIVATE KEY` (PKCS#8, not locked) and the certificates, the signer's first.
    ///
    /// # Errors
    /// If something is missing or does not belong together.
    pub fn from_pem(pem: &str) -> Result<Self, KeyFault> {
        let (pkcs8, _) = pem::block(pem, pem::PRIVATE_KEY).ok_or(KeyFault::Malformed("没有 PRIVATE KEY"))?;
        let chain = Certificate::all_from_pem(pem).map_err(|_| KeyFault::Malformed("CERTIFICATE"))?;
        Self::new(&pkcs8, chain)
    }

    /// From a PKCS#12 file (`.p12`, `.pfx`) with one key.
    ///
    /// # Errors
    /// If the password is wrong, or as above.
    pub fn from_pkcs12(bytes: &[u8], password: &str) -> Result<Self, KeyFault> {
        let store =
            KeyStore::from_pkcs12(bytes, password, Pkcs12ImportPolicy::Relaxed).map_err(|_| KeyFault::Locked)?;
        let mut found = None;
        let mut others = Vec::new();
        for (_, entry) in store.entries() {
            match entry {
                KeyStoreEntry::PrivateKeyChain(keys) if found.is_none() => found = Some(keys),
                KeyStoreEntry::Certificate(certificate) => others.push(certificate.as_der()),
                _ => {}
            }
        }
        let keys = found.ok_or(KeyFault::Malformed("没有私钥"))?;
        let read = |der: &[u8]| Certificate::from_der(der).map_err(|_| KeyFault::Malformed("证书"));
        let chain = keys
            .certs()
            .iter()
            .map(p12_keystore::Certificate::as_der)
            .chain(others)
            .map(read)
            .collect::<Result<_, _>>()?;
        Self::new(keys.key().as_der(), chain)
    }

    pub(crate) fn new(pkcs8: &[u8], chain: Vec<Certificate>) -> Result<Self, KeyFault> {
        let pair = match RsaKeyPair::from_pkcs8(pkcs8) {
            Ok(pair) => Pair::Rsa(pair),
            Err(_) => Pair::P256(
                EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, pkcs8, &SystemRandom::new())
                    .map_err(|_| KeyFault::Malformed("需要 2048 位以上 RSA 或者 P-256"))?,
            ),
        };
        let public = match &pair {
            Pair::Rsa(pair) => pair.public_key().as_ref(),
            Pair::P256(pair) => pair.public_key().as_ref(),
        };
        match chain.first() {
            Some(own) if own.public_key() == public => Ok(Self { pair, chain }),
            Some(_) => Err(KeyFault::Mismatch),
            None => Err(KeyFault::Malformed("没有证书")),
        }
    }
}

impl Signer for FileKey {
    fn chain(&self) -> &[Certificate] {
        &self.chain
    }

    fn algorithm(&self) -> Algorithm {
        match self.pair {
            Pair::Rsa(_) => Algorithm::RsaSha256,
            Pair::P256(_) => Algorithm::EcdsaP256Sha256,
        }
    }

    fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, KeyFault> {
        let failed = |_| KeyFault::Failed("ring".into());
        let chance = SystemRandom::new();
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public().modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &chance, bytes, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Pair::P256(pair) => Ok(pair.sign(&chance, bytes).map_err(failed)?.as_ref().to_vec()),
        }
    }
}
