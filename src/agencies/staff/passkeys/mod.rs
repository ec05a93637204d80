//! Passkeys: signing in with what a device or a security key holds.

mod store;

pub(super) use self::store::forget;
