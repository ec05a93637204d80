//! Reading what servers send: our own payloads in their shapes, real ones, and hostile ones.

mod corpus;
mod hostile;
mod payloads;
