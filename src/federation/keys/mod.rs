//! Keys: RSA for HTTP signatures, Ed25519 beside it, in the forms in which peers publish them.

mod der;
mod multikey;
mod pem;
mod private;
mod public;

pub use self::private::{Algorithm, GeneratedKey, KeyError, SigningKey};
pub use self::public::{InvalidKey, PublicKey};
