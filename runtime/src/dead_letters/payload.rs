//! A record as it is stored.
//!
//! JSON, so that a letter can be read by people and by tools that do not know the type; and in one form only, so that the same record
//! always has the same bytes: those are what it is recognised by when it fails again.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::value::RawValue;

use super::StoreError;

/// The record as JSON with the keys of every object in order: a `HashMap` has none of its own.
pub(super) fn encode<T: Serialize>(record: &T) -> Result<String, StoreError> {
    let written = |source| StoreError::Unwritable {
        record: core::any::type_name::<T>(),
        source,
    };
    let raw = serde_json::value::to_raw_value(record).map_err(written)?;
    let mut ordered = String::with_capacity(raw.get().len());
    order(&raw, &mut ordered).map_err(written)?;
    Ok(ordered)
}

fn order(raw: &RawValue, out: &mut String) -> serde_json::Result<()> {
    let text = raw.get();
    match text.as_bytes().first() {
        Some(b'{') => {
            let fields: BTreeMap<Key<'_>, &RawValue> = serde_json::from_str(text)?;
            list(out, '{', fields, '}', |(Key(key), value), out| {
                out.push_str(&serde_json::to_string(&key)?);
                out.push(':');
                order(value, out)
            })
        }
        Some(b'[') => {
            let items: Vec<&RawValue> = serde_json::from_str(text)?;
            list(out, '[', items, ']', order)
        }
        // Numbers and texts as they are: nothing is rounded.
        _ => {
            out.push_str(text);
            Ok(())
        }
    }
}

fn list<I: IntoIterator>(
    out: &mut String,
    open: char,
    items: I,
    close: char,
    mut each: impl FnMut(I::Item, &mut String) -> serde_json::Result<()>,
) -> serde_json::Result<()> {
    out.push(open);
    for (i, item) in items.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        each(item, out)?;
    }
    out.push(close);
    Ok(())
}

/// Borrowed where it has no escapes.
#[derive(serde::Deserialize, PartialEq, Eq, PartialOrd, Ord)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Under what a letter is found by its payload: FNV-1a, 64 bits (Fowler, Noll, Vo). Whoever finds it compares the bytes.
pub(super) fn mark(payload: &str) -> u64 {
    payload.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;

    #[test]
    fn a_record_has_one_form_whatever_the_order_of_its_maps() {
        let names: Vec<String> = (0..50).map(|n| format!("k{n:02}\"")).collect();
        let one: HashMap<_, _> = names.iter().map(|name| (name, [Some(1.5), None])).collect();
        let other: HashMap<_, _> = names.iter().rev().map(|name| (name, [Some(1.5), None])).collect();
        let encoded = encode(&(&one, u128::MAX)).unwrap();
        assert_eq!(encoded, encode(&(&other, u128::MAX)).unwrap());
        let (read, number): (HashMap<String, [Option<f64>; 2]>, u128) = serde_json::from_str(&encoded).unwrap();
        assert_eq!((read.len(), read["k07\""], number), (50, [Some(1.5), None], u128::MAX));
    }

    #[test]
    fn a_record_without_a_form_says_so() {
        let by_pair: HashMap<(u8, u8), u8> = HashMap::from([((1, 2), 3)]);
        let error = encode(&by_pair).unwrap_err().to_string();
        assert!(
            error.contains("cannot be stored as JSON") && error.contains("HashMap"),
            "{error}"
        );
    }
}
