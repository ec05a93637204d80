//! Keys: RSA for HTTP signatures, Ed25519 beside it, in the forms in which peers publish them.

mod der;
mod multikey;
mod pem;
mod private;
mod public;
mod ring;
pub mod store;

pub use self::private::{Algorithm, GeneratedKey, KeyError, SigningKey};
pub use self::public::{InvalidKey, PublicKey};
pub use self::ring::{Keys, NewPair, Ring, RingError, Signer, new_pair, rotate};
