//! Multikeys (W3C Controlled Identifiers 1.0, section 2.2.2; FEP-521a): `z6Mk…`.

/// The multicodec of an Ed25519 public key, as a varint.
const ED25519_PUBLIC: [u8; 2] = [0xed, 0x01];

/// `z` says base58btc.
pub(super) fn write_ed25519(key: &[u8]) -> String {
    let mut bytes = ED25519_PUBLIC.to_vec();
    bytes.extend_from_slice(key);
    format!("z{}", bs58::encode(bytes).into_string())
}

/// The 32 bytes of an Ed25519 key; nothing for other kinds of key.
pub(super) fn read_ed25519(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 34];
    let length = bs58::decode(text.strip_prefix('z')?)
        .onto(&mut bytes)
        .ok()?;
    let key = bytes.get(..length)?.strip_prefix(&ED25519_PUBLIC)?;
    key.try_into().ok()
}
