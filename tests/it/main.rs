//! Everything that is tested through the front door: one binary, one file for each feature.

mod demo;
