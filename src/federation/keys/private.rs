//! Private keys: made here, stored as PKCS #8, signing for our actors.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair as _, RSA_PKCS1_SHA256, RsaKeyPair};

use super::PublicKey;
use crate::kernel::Secret;

/// The two kinds of key that the fediverse knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Algorithm {
    /// RSA, PKCS #1 v1.5, SHA-256: what every server verifies.
    Rsa,
    /// Ed25519 (RFC 8032): for integrity proofs, and for peers that take RFC 9421 with it.
    Ed25519,
}

/// A fresh key and the form in which it is stored.
#[derive(Debug, Clone)]
pub struct GeneratedKey {
    pub key: SigningKey,
    /// PKCS #8 in DER: what [`SigningKey::from_pkcs8`] reads.
    pub pkcs8: Secret<Vec<u8>>,
}

/// Why a private key could not be made, read or used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    #[error("no key could be generated")]
    Generate,
    #[error("the stored private key cannot be read")]
    Unreadable,
    #[error("nothing could be signed with the private key")]
    Sign,
}

/// A key that signs. Cheap to clone: clones share the parsed key.
#[derive(Clone)]
pub struct SigningKey(Kind);

#[derive(Clone)]
enum Kind {
    Rsa(Arc<RsaKeyPair>, PublicKey),
    Ed25519(Arc<Ed25519KeyPair>, PublicKey),
}

impl SigningKey {
    /// A new RSA key of 2048 bits: some peers refuse less, and more costs every delivery.
    pub fn generate_rsa() -> Result<GeneratedKey, KeyError> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| KeyError::Generate)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generate)?;
        let pkcs8 = Secret::new(der.as_ref().to_vec());
        Ok(GeneratedKey {
            key: Self::from_rsa(pair).ok_or(KeyError::Generate)?,
            pkcs8,
        })
    }

    pub fn generate_ed25519() -> Result<GeneratedKey, KeyError> {
        let pair = Ed25519KeyPair::generate().map_err(|_| KeyError::Generate)?;
        let der: Pkcs8V1Der<'_> = pair.as_der().map_err(|_| KeyError::Generate)?;
        let pkcs8 = Secret::new(der.as_ref().to_vec());
        Ok(GeneratedKey {
            key: Self::from_ed25519(pair).ok_or(KeyError::Generate)?,
            pkcs8,
        })
    }

    /// Reads what [`GeneratedKey::pkcs8`] holds; takes about 0.2 ms, so keep the result.
    pub fn from_pkcs8(algorithm: Algorithm, pkcs8: &[u8]) -> Result<Self, KeyError> {
        match algorithm {
            Algorithm::Rsa => RsaKeyPair::from_pkcs8(pkcs8).ok().and_then(Self::from_rsa),
            Algorithm::Ed25519 => Ed25519KeyPair::from_pkcs8(pkcs8)
                .ok()
                .and_then(Self::from_ed25519),
        }
        .ok_or(KeyError::Unreadable)
    }

    fn from_rsa(pair: RsaKeyPair) -> Option<Self> {
        let public = PublicKey::from_der(pair.public_key().as_ref()).ok()?;
        Some(Self(Kind::Rsa(Arc::new(pair), public)))
    }

    fn from_ed25519(pair: Ed25519KeyPair) -> Option<Self> {
        let public = PublicKey::from_ed25519(pair.public_key().as_ref()).ok()?;
        Some(Self(Kind::Ed25519(Arc::new(pair), public)))
    }

    pub const fn algorithm(&self) -> Algorithm {
        match self.0 {
            Kind::Rsa(..) => Algorithm::Rsa,
            Kind::Ed25519(..) => Algorithm::Ed25519,
        }
    }

    /// The key that the world verifies with.
    pub fn public(&self) -> PublicKey {
        match &self.0 {
            Kind::Rsa(_, public) | Kind::Ed25519(_, public) => public.clone(),
        }
    }

    /// The signature of the message, in the key's one algorithm.
    pub fn sign(&self, message: &[u8]) -> Result<Vec<u8>, KeyError> {
        match &self.0 {
            Kind::Rsa(pair, _) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(
                    &RSA_PKCS1_SHA256,
                    &SystemRandom::new(),
                    message,
                    &mut signature,
                )
                .map_err(|_| KeyError::Sign)?;
                Ok(signature)
            }
            Kind::Ed25519(pair, _) => pair
                .try_sign(message)
                .map(|signature| signature.as_ref().to_vec())
                .map_err(|_| KeyError::Sign),
        }
    }
}

/// Shows the kind and nothing of the key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({:?})", self.algorithm())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_sign_and_survive_storage() {
        for generated in [
            SigningKey::generate_rsa().unwrap(),
            SigningKey::generate_ed25519().unwrap(),
        ] {
            let algorithm = generated.key.algorithm();
            let stored = SigningKey::from_pkcs8(algorithm, generated.pkcs8.reveal()).unwrap();
            assert_eq!(stored.public(), generated.key.public());
            let signature = stored.sign(b"message").unwrap();
            assert!(generated.key.public().verifies(b"message", &signature));
            assert!(!generated.key.public().verifies(b"massage", &signature));
        }
    }

    #[test]
    fn a_damaged_or_mistaken_private_key_is_refused() {
        let rsa = SigningKey::generate_rsa().unwrap();
        let pkcs8 = rsa.pkcs8.reveal();
        assert!(SigningKey::from_pkcs8(Algorithm::Ed25519, pkcs8).is_err());
        assert!(SigningKey::from_pkcs8(Algorithm::Rsa, &pkcs8[1..]).is_err());
        assert!(SigningKey::from_pkcs8(Algorithm::Rsa, b"").is_err());
    }

    #[test]
    fn no_key_prints_itself() {
        let generated = SigningKey::generate_ed25519().unwrap();
        assert_eq!(
            format!("{generated:?}"),
            "GeneratedKey { key: SigningKey(Ed25519), pkcs8: … }"
        );
    }
}
