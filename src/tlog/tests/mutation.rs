//! Whatever is read may be anything: nothing panics, and what is accepted is written again as it was.
