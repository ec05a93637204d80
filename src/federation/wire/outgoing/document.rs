//! A JSON object whose properties stand in the order in which they were put.

use serde_json::{Map, Value};

pub(super) struct Document(Map<String, Value>);

impl Document {
    pub(super) fn new(kind: &str, id: impl Into<String>) -> Self {
        Self(Map::new()).with("id", id.into()).with("type", kind)
    }

    /// Without an id of its own.
    pub(super) fn anonymous(kind: &str) -> Self {
        Self(Map::new()).with("type", kind)
    }

    #[must_use]
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    /// Nothing for `None`: an absent property says more clearly than `null` that there is none.
    #[must_use]
    pub(super) fn maybe(self, name: &str, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.with(name, value),
            None => self,
        }
    }

    /// Nothing for an empty list.
    #[must_use]
    pub(super) fn list(self, name: &str, values: Vec<Value>) -> Self {
        if values.is_empty() {
            self
        } else {
            self.with(name, values)
        }
    }

    /// As part of another document.
    pub(super) fn inner(self) -> Value {
        Value::Object(self.0)
    }

    /// On its own, its context in front.
    pub(super) fn outer(self, context: Value) -> Value {
        let mut whole = Map::new();
        whole.insert("@context".to_owned(), context);
        whole.extend(self.0);
        Value::Object(whole)
    }
}

/// A document to stand in another, whose context holds for both.
pub(super) fn without_context(mut document: Value) -> Value {
    if let Value::Object(map) = &mut document {
        map.shift_remove("@context");
    }
    document
}
