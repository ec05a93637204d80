//! Chance from the system's generator, for salts, tokens and keys.

/// Fills with bytes that nobody can guess.
pub fn chance(bytes: &mut [u8]) {
    // It fails only where there is no system to speak of; then nothing may go on.
    aws_lc_rs::rand::fill(bytes).unwrap_or_else(|_| std::process::abort());
}
