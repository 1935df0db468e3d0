//! What an input lets in: `quota 8 per 1s by key`, `limit 1000 per 1s`.

use syn::parse::ParseStream;
use syn::{Error, Ident, Result};

use super::Context;
use super::faults::{pace, word_ahead};
use super::ring_options::by;
use crate::pipeline::model::{Admission, Said};

pub(super) const ADMISSION: [&str; 2] = ["quota", "limit"];

/// What stands behind one of these words.
pub(super) fn admission(word: &Ident, input: ParseStream, admission: &mut Admission, cx: &mut Context) -> Result<()> {
    const QUOTA: &str = "expected `quota 8 per 1s by key`: how many records of one key are let in, in which time";
    const LIMIT: &str = "expected `limit 1000 per 1s`: how many records are let in, in which time";
    let quota = word == "quota";
    let value = pace(input, if quota { QUOTA } else { LIMIT })?;
    if quota {
        if !word_ahead(input, "by") {
            return Err(Error::new(input.span(), QUOTA));
        }
        admission.by = by(input)?;
    }
    let said = if quota { &mut admission.quota } else { &mut admission.limit };
    match said {
        Some(_) => cx.errors.at(word, format!("the option `{word}` is given twice")),
        None => {
            *said = Some(Said {
                word: word.span(),
                value,
            })
        }
    }
    Ok(())
}
