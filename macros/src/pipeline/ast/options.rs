//! The options of a node: `{ workers: 4, tick: 1s }`.

use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Error, Expr, Ident, LitInt, Result, Token, braced, token};

use super::Context;
use super::clause::listed;
use super::context::skip;
use super::faults::{FAULTS, fault};
use super::ring::comma;
use crate::names::hint;
use crate::pipeline::model::{Concurrency, Keep, Options, Otherwise, Restart};
use crate::units::Time;

const OPTIONS: [&str; 9] = [
    "workers",
    "concurrency",
    "restart",
    "blocking",
    "pin",
    "keep",
    "tick",
    "on_panic",
    "batch",
];

/// All of them.
fn known() -> Vec<&'static str> {
    [&OPTIONS[..], &FAULTS].concat()
}

/// `{ workers: 4, tick: 1s }`, if there is one. What is wrong inside stays inside.
pub(super) fn options(input: ParseStream, cx: &mut Context) -> Result<Option<Options>> {
    if !input.peek(token::Brace) {
        return Ok(None);
    }
    let content;
    braced!(content in input);
    let (mut options, mut seen) = (Options::default(), Vec::new());
    while !content.is_empty() {
        cx.detail(&content, comma, |input: ParseStream, cx: &mut Context| {
            option(input, &mut options, &mut seen, cx)
        });
        if content.is_empty() || cx.detail(&content, |_| false, end).is_none() {
            break;
        }
    }
    skip(&content, |_| false);
    Ok(Some(options))
}

fn end(input: ParseStream, _: &mut Context) -> Result<()> {
    match input.parse::<Option<Token![,]>>()? {
        Some(_) => Ok(()),
        None => Err(Error::new(
            input.span(),
            "expected `,` and another option, or the end of the options",
        )),
    }
}

fn option(input: ParseStream, options: &mut Options, seen: &mut Vec<Ident>, cx: &mut Context) -> Result<()> {
    if !input.peek(Ident::peek_any) {
        return Err(Error::new(
            input.span(),
            format!("expected an option of a node: {}", listed(&known())),
        ));
    }
    let word = input.call(Ident::parse_any)?;
    if !known().iter().any(|known| word == known) {
        let hint = hint(&word.to_string(), known());
        let message = format!(
            "`{word}` is not an option of a node; the options are {}{hint}",
            listed(&known())
        );
        return Err(Error::new(word.span(), message));
    }
    if seen.contains(&word) {
        cx.errors.at(&word, format!("the option `{word}` is given twice"));
        skip(input, comma);
        return Ok(());
    }
    seen.push(word.clone());
    if FAULTS.iter().any(|known| word == known) {
        return fault(&word, input, &mut options.faults);
    }
    match word.to_string().as_str() {
        "workers" => options.workers = Some(value(input, "4")?),
        "concurrency" => options.concurrency = Some(concurrency(&word, input)?),
        "batch" => options.batch = Some(batch(input, &mut options.faults.within)?),
        "tick" => options.tick = Some(value(input, "1s")?),
        "restart" => options.restart = Some(restart(input)?),
        "keep" => options.keep = Some((keep(input)?, word.span())),
        "pin" => {
            choice(input, "pin", &["cores"])?;
            options.pin = Some(word.span());
        }
        "on_panic" => {
            choice(input, "on_panic", &["rebuild"])?;
            options.rebuild = Some(word.span());
        }
        _ if input.peek(Token![:]) => return Err(Error::new(input.span(), "`blocking` takes no value")),
        _ => options.blocking = Some(word.span()),
    }
    Ok(())
}

pub(super) fn value<T: Parse>(input: ParseStream, example: &str) -> Result<T> {
    colon(input, example)?;
    input.parse()
}

pub(super) fn colon(input: ParseStream, example: &str) -> Result<()> {
    match input.parse::<Option<Token![:]>>()? {
        Some(_) => Ok(()),
        None => Err(Error::new(
            input.span(),
            format!("expected the value of this option: `: {example}`"),
        )),
    }
}

/// One word out of a few.
fn choice(input: ParseStream, option: &str, words: &[&str]) -> Result<usize> {
    colon(input, words[0])?;
    let ahead = input.fork();
    if let Ok(word) = ahead.call(Ident::parse_any)
        && let Some(at) = words.iter().position(|known| word == known)
    {
        input.call(Ident::parse_any)?;
        return Ok(at);
    }
    Err(Error::new(input.span(), format!("`{option}` is one of {}", listed(words))))
}

/// `16`, or `16 ordered`.
fn concurrency(word: &Ident, input: ParseStream) -> Result<Concurrency> {
    let most = value(input, "16")?;
    let ordered = input.peek(Ident::peek_any);
    if ordered {
        let how = input.call(Ident::parse_any)?;
        if how != "ordered" {
            let message =
                "expected `concurrency: 16`, or `concurrency: 16 ordered`: what is given leaves in the order of what came";
            return Err(Error::new(how.span(), message));
        }
    }
    Ok(Concurrency {
        word: word.span(),
        most,
        ordered,
    })
}

/// `32`, or `32 within 5ms`.
fn batch(input: ParseStream, within: &mut Option<Time>) -> Result<Expr> {
    let most = value(input, "32")?;
    let ahead = input.fork();
    if ahead.call(Ident::parse_any).is_ok_and(|word| word == "within") {
        input.call(Ident::parse_any)?;
        *within = Some(input.parse()?);
    }
    Ok(most)
}

fn restart(input: ParseStream) -> Result<Restart> {
    const FORM: &str = "expected `restart: 3 in 10s else drain`, or `else abort`";
    colon(input, "3 in 10s else drain")?;
    let times = input.parse::<LitInt>().map_err(|error| Error::new(error.span(), FORM))?;
    let times = times
        .base10_parse()
        .map_err(|_| Error::new(times.span(), "this number is too large"))?;
    input.parse::<Token![in]>().map_err(|error| Error::new(error.span(), FORM))?;
    let within = input.parse()?;
    input
        .parse::<Token![else]>()
        .map_err(|error| Error::new(error.span(), FORM))?;
    let end = input.call(Ident::parse_any).map_err(|error| Error::new(error.span(), FORM))?;
    let otherwise = match end.to_string().as_str() {
        "drain" => Otherwise::Drain,
        "abort" => Otherwise::Abort,
        _ => return Err(Error::new(end.span(), FORM)),
    };
    Ok(Restart {
        times,
        within,
        otherwise,
    })
}

fn keep(input: ParseStream) -> Result<Keep> {
    let at = choice(input, "keep", &["nothing", "record"])?;
    Ok(if at == 0 { Keep::Nothing } else { Keep::Record })
}
