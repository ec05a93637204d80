//! The same trees by another program library.
