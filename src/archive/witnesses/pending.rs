//! The newest checkpoint of a log on its way to enough cosignatures.

use std::collections::HashMap;

use super::Question;
use crate::archive::log::Checkpointed;
use crate::kernel::Timestamp;
use crate::tlog::note::Signature;
use crate::tlog::{Note, Policy, VerifierKey};

/// A checkpoint with the cosignatures that it has so far.
pub(super) struct Pending {
    note: Note,
    /// When each witness cosigned it, by our clock and by its key.
    fresh: HashMap<VerifierKey, Timestamp>,
}

impl Pending {
    /// The signed checkpoint, with what the stored witnessed one has if it is the same.
    pub(super) fn new(signed: &Note, witnessed: Option<&Checkpointed>, policy: &Policy) -> Self {
        let mut pending = Self {
            note: signed.clone(),
            fresh: HashMap::new(),
        };
        let Some(witnessed) = witnessed else {
            return pending;
        };
        let Ok(stored) = Note::parse(&witnessed.note) else {
            return pending;
        };
        if stored.text != signed.text {
            return pending;
        }
        for witness in policy.witnesses() {
            if stored.verify(&witness.key).is_ok() {
                pending.take_over(&stored, &witness.key);
                pending.fresh.insert(witness.key.clone(), witnessed.at);
            }
        }
        pending
    }

    fn take_over(&mut self, from: &Note, key: &VerifierKey) {
        let own = from
            .signatures
            .iter()
            .filter(|it| it.id == key.id() && it.name == key.name());
        for signature in own {
            self.note.add(signature.clone());
        }
    }

    /// Goes on to what was signed since. The same text signed anew keeps its cosignatures, old as they are.
    pub(super) fn renew(&mut self, signed: &Note) {
        if self.note.text == signed.text {
            for signature in &signed.signatures {
                self.note.add(signature.clone());
            }
        } else {
            self.note = signed.clone();
            self.fresh.clear();
        }
    }

    /// Whether the witness has cosigned it since it was signed.
    pub(super) fn is_fresh(&self, key: &VerifierKey, signed_at: Timestamp) -> bool {
        self.fresh.get(key).is_some_and(|at| *at >= signed_at)
    }

    /// Adds a cosignature that was verified; returns the whole note if it is enough by the policy.
    pub(super) fn add(
        &mut self,
        question: &Question,
        signature: Signature,
        now: Timestamp,
        policy: &Policy,
    ) -> Option<String> {
        if self.note.text != question.note.text {
            return None;
        }
        self.note.add(signature);
        self.fresh.insert(question.witness.key.clone(), now);
        let judgement = policy.judge(&self.note);
        judgement.satisfied.then(|| self.note.to_string())
    }
}
