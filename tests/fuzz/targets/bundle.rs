//! Fuzzes what is done with a stranger's bytes: `entries::bundle`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| actapub::entries::bundle(bytes));
