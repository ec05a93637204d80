//! Fuzzes what is done with a stranger's bytes: `entries::key`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| actapub::entries::key(bytes));
