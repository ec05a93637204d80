//! What we send.
