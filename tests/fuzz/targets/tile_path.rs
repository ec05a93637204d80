//! Fuzzes what is done with a stranger's bytes: `entries::tile_path`.
#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| actapub::entries::tile_path(bytes));
