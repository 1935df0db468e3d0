//! The options of a node against faults.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, LitInt, Result, Token};

use super::options::{colon, value};
use super::ring_options::by;
use crate::pipeline::model::{Faults, Said};
use crate::units::Time;

pub(super) const FAULTS: [&str; 6] = ["timeout", "deadline", "retry", "backoff", "breaker", "rate"];

/// What stands behind the word of one of [`FAULTS`].
pub(super) fn fault(word: &Ident, input: ParseStream, faults: &mut Faults) -> Result<()> {
    let said = word.span();
    match word.to_string().as_str() {
        "timeout" => {
            faults.timeout = Some(Said {
                word: said,
                value: value(input, "500ms")?,
            })
        }
        "deadline" => {
            faults.deadline = Some(Said {
                word: said,
                value: value(input, "2s")?,
            })
        }
        "retry" => {
            colon(input, "3")?;
            let value = number(input, "expected how many more tries there are: `retry: 3`")?;
            faults.retry = Some(Said { word: said, value });
        }
        "breaker" => {
            const FORM: &str = "expected `breaker: 5 in 30s`: how many failures within which time open it";
            colon(input, "5 in 30s")?;
            let most = number(input, FORM)?;
            input.parse::<Token![in]>().map_err(|error| Error::new(error.span(), FORM))?;
            let value = (most, input.parse()?);
            faults.breaker = Some(Said { word: said, value });
        }
        "rate" => {
            const FORM: &str = "expected `rate: 100 per 1s`: how many calls there may be in which time";
            colon(input, "100 per 1s")?;
            let value = pace(input, FORM)?;
            faults.rate = Some(Said { word: said, value });
            if word_ahead(input, "by") {
                faults.rate_by = Some(by(input)?);
            }
        }
        _ => {
            colon(input, "10ms..1s")?;
            let first = input.parse()?;
            let form = |error: Error| Error::new(error.span(), "expected `backoff: 10ms..1s`: the first wait, and the longest");
            input.parse::<Token![..]>().map_err(form)?;
            let value = (first, input.parse()?);
            faults.backoff = Some(Said { word: said, value });
        }
    }
    Ok(())
}

/// `100 per 1s`
pub(super) fn pace(input: ParseStream, form: &str) -> Result<(u32, Time)> {
    let most = number(input, form)?;
    if !word_ahead(input, "per") {
        return Err(Error::new(input.span(), form));
    }
    Ok((most, input.parse()?))
}

/// Takes the word, if it stands here.
pub(super) fn word_ahead(input: ParseStream, word: &str) -> bool {
    let ahead = input.fork();
    let is_next = ahead.call(Ident::parse_any).is_ok_and(|next| next == word);
    if is_next {
        let _ = input.call(Ident::parse_any);
    }
    is_next
}

/// A whole number without a unit.
pub(super) fn number(input: ParseStream, form: &str) -> Result<u32> {
    let number = input.parse::<LitInt>().map_err(|error| Error::new(error.span(), form))?;
    if !number.suffix().is_empty() {
        return Err(Error::new(number.span(), form));
    }
    number
        .base10_parse()
        .map_err(|_| Error::new(number.span(), "this number is too large"))
}
