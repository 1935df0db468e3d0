//! Literals with a unit: `500ms`, `5s`, `2m`, `1h`; `64KiB`, `8MiB`, `1GiB`.

use std::fmt;
use std::time::Duration;

use proc_macro2::Span;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Lit, Result};

/// A time as the user wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Time {
    /// How long.
    pub value: Duration,
    /// The number written.
    pub number: u64,
    /// The unit written.
    pub unit: &'static str,
    /// The literal.
    pub span: Span,
}

/// A size in bytes as the user wrote it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Size {
    /// How many bytes.
    pub bytes: u64,
    /// The literal.
    pub span: Span,
}

impl Parse for Time {
    fn parse(input: ParseStream) -> Result<Self> {
        let (number, unit, span) = literal(input, TIME)?;
        let known = [("ms", 1), ("s", 1_000), ("m", 60_000), ("h", 3_600_000)];
        let Some((unit, scale)) = known.into_iter().find(|(known, _)| unit == *known) else {
            return Err(not_a_unit(&unit, span, TIME));
        };
        let millis = number
            .checked_mul(scale)
            .ok_or_else(|| Error::new(span, "this time is too long"))?;
        Ok(Time {
            value: Duration::from_millis(millis),
            number,
            unit,
            span,
        })
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.number, self.unit)
    }
}

impl Parse for Size {
    fn parse(input: ParseStream) -> Result<Self> {
        let (number, unit, span) = literal(input, SIZE)?;
        let scale = match unit.as_str() {
            "KiB" => Some(1 << 10),
            "MiB" => Some(1 << 20),
            "GiB" => Some(1 << 30),
            _ => None,
        };
        let scale = scale.ok_or_else(|| not_a_unit(&unit, span, SIZE))?;
        let bytes = number
            .checked_mul(scale)
            .ok_or_else(|| Error::new(span, "this size is too large"))?;
        Ok(Size { bytes, span })
    }
}

/// What a literal is for, with examples of it.
type Wanted = (&'static str, &'static str);
const TIME: Wanted = ("time", "`500ms`, `5s`, `2m`, `1h`");
const SIZE: Wanted = ("size", "`64KiB`, `8MiB`, `1GiB`");

fn literal(input: ParseStream, wanted: Wanted) -> Result<(u64, String, Span)> {
    let (what, examples) = wanted;
    if !input.peek(Lit) {
        return Err(input.error(format!("expected a {what}: {examples}")));
    }
    match input.parse()? {
        Lit::Int(int) => {
            let number = int
                .base10_digits()
                .parse()
                .map_err(|_| Error::new(int.span(), format!("this {what} is too large")))?;
            Ok((number, int.suffix().to_owned(), int.span()))
        }
        Lit::Float(float) => Err(Error::new(
            float.span(),
            format!("a {what} is a whole number with a unit: {examples}"),
        )),
        other => Err(Error::new(other.span(), format!("expected a {what}: {examples}"))),
    }
}

fn not_a_unit(unit: &str, span: Span, (what, examples): Wanted) -> Error {
    let message = match unit {
        "" => format!("a {what} has a unit: {examples}"),
        unit => format!("`{unit}` is not a unit of {what}; write {examples}"),
    };
    Error::new(span, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(text: &str) -> std::result::Result<Duration, String> {
        syn::parse_str::<Time>(text)
            .map(|time| time.value)
            .map_err(|error| error.to_string())
    }

    fn size(text: &str) -> std::result::Result<u64, String> {
        syn::parse_str::<Size>(text)
            .map(|size| size.bytes)
            .map_err(|error| error.to_string())
    }

    #[test]
    fn units_of_time() {
        assert_eq!(time("500ms"), Ok(Duration::from_millis(500)));
        assert_eq!(time("5s"), Ok(Duration::from_secs(5)));
        assert_eq!(time("2m"), Ok(Duration::from_secs(120)));
        assert_eq!(time("1h"), Ok(Duration::from_secs(3600)));
        assert_eq!(time("1_000s"), Ok(Duration::from_secs(1000)));
    }

    #[test]
    fn units_of_size() {
        assert_eq!(size("64KiB"), Ok(65_536));
        assert_eq!(size("8MiB"), Ok(8 << 20));
        assert_eq!(size("1GiB"), Ok(1 << 30));
    }

    #[test]
    fn a_unit_that_is_not_one() {
        assert_eq!(
            time("5sec").unwrap_err(),
            "`sec` is not a unit of time; write `500ms`, `5s`, `2m`, `1h`"
        );
        assert_eq!(time("5").unwrap_err(), "a time has a unit: `500ms`, `5s`, `2m`, `1h`");
        assert_eq!(
            time("0.5s").unwrap_err(),
            "a time is a whole number with a unit: `500ms`, `5s`, `2m`, `1h`"
        );
        assert_eq!(time("\"5s\"").unwrap_err(), "expected a time: `500ms`, `5s`, `2m`, `1h`");
        assert_eq!(time("soon").unwrap_err(), "expected a time: `500ms`, `5s`, `2m`, `1h`");
        assert_eq!(
            size("8MB").unwrap_err(),
            "`MB` is not a unit of size; write `64KiB`, `8MiB`, `1GiB`"
        );
        assert_eq!(size("99999999999GiB").unwrap_err(), "this size is too large");
        assert_eq!(time("999999999999999999999999s").unwrap_err(), "this time is too large");
    }
}
