//! The clients' side of the story: what they were told is durable, and what they saw. It is the judge of every fault test (I1 to I7 of
//! the requirements).

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// What was acknowledged: idempotency key → answer.
#[derive(Clone, Default)]
pub(crate) struct Acknowledged(Arc<Mutex<BTreeMap<String, Value>>>);

impl Acknowledged {
    pub(crate) fn note(&self, key: &str, answer: Value) {
        let earlier = self.0.lock().unwrap().insert(key.to_owned(), answer.clone());
        if let Some(earlier) = earlier {
            assert_eq!(earlier, answer, "one key, two answers");
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.0.lock().unwrap().len()
    }

    /// I1: every act that was acknowledged under a key that begins so is in the record, once, under the same number and leaf, with the text
    /// that was sent. The record is the one of whoever sent them: numbers are each member's own.
    pub(crate) fn all_in(&self, keys: &str, record: &[Value]) {
        let mut by_id = HashMap::new();
        for act in record {
            assert!(by_id.insert(act["id"].clone(), act).is_none(), "an act stands twice: {act}");
        }
        for (key, answer) in self.0.lock().unwrap().iter().filter(|(key, _)| key.starts_with(keys)) {
            let act = by_id.get(&answer["id"]).unwrap_or_else(|| panic!("an acknowledged act is gone: {key} {answer}"));
            assert_eq!(act["leaf"], answer["leaf"], "{key}");
            assert_eq!(act["seq"], answer["seq"], "{key}");
            assert_eq!(act["text"], Value::from(key.as_str()), "{key}");
        }
    }
}

/// I2: what was sent is there at most once, whether it was acknowledged or not.
pub(crate) fn nothing_twice(record: &[Value]) {
    let mut seen = HashSet::new();
    for text in record.iter().filter(|act| act["kind"] == "speech.text").map(|act| act["text"].clone()) {
        assert!(seen.insert(text.clone()), "sent once, there twice: {text}");
    }
}

/// I7: what a client saw live is the record, from the first act it asked for, without gap, double or other order.
pub(crate) fn same_order(seen: &[Value], record: &[Value]) {
    let from = record.len() - seen.len();
    for (live, stored) in seen.iter().zip(&record[from..]) {
        assert_eq!(live["seq"], stored["seq"]);
        assert_eq!(live["id"], stored["id"]);
    }
}
