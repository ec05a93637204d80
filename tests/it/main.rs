//! Everything that is tested through the front door: one binary, one file for each feature.

mod harness;
mod node;
mod process;

mod accessibility;
mod architecture;
mod crash;
mod db;
mod demo;
mod dialogue;
mod discovery;
mod fedify;
mod inbox;
mod pages;
mod people;
mod schema;
