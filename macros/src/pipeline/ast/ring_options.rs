//! What stands behind the capacity of a ring.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Ident, Result, Token};

use super::Context;
use super::admission::{ADMISSION, admission};
use super::clause::listed;
use super::faults::number;
use super::ring::KINDS;
use crate::names::hint;
use crate::pipeline::model::{Admission, Affinity, Extras, Offer, Policy, Ranking, RingKind};
use crate::units::Time;

const OPTIONS: [&str; 9] = [
    "shed",
    "drop_oldest",
    "offer 3 every 10ms",
    "by key",
    "by FIELD",
    "priority",
    "coalesce by key",
    "quota 8 per 1s by key",
    "limit 1000 per 1s",
];

/// The options that were read.
pub(super) struct Said {
    pub(super) policy: Option<Policy>,
    pub(super) affinity: Option<Affinity>,
    pub(super) extras: Extras,
    pub(super) admission: Admission,
}

impl Default for Said {
    fn default() -> Self {
        Said {
            policy: None,
            affinity: None,
            extras: Extras::default(),
            admission: Admission::ALL,
        }
    }
}

/// Reads one option.
pub(super) fn option(input: ParseStream, kind: RingKind, said: &mut Said, cx: &mut Context) -> Result<()> {
    if !input.peek(Ident::peek_any) {
        return Err(Error::new(
            input.span(),
            format!("expected an option of a ring: {}", listed(&OPTIONS)),
        ));
    }
    let word = input.call(Ident::parse_any)?;
    of_a_queue(&word, kind)?;
    match word.to_string().as_str() {
        "shed" => {
            policy(&word, Policy::Shed, said, cx);
            said.extras.shed = Some(word.span());
        }
        "drop_oldest" => policy(&word, Policy::DropOldest, said, cx),
        "offer" => {
            let offer = offer(&word, input)?;
            policy(&word, Policy::Offer, said, cx);
            said.extras.offer = Some(offer).filter(|_| said.policy == Some(Policy::Offer));
        }
        "by" => {
            let affinity = by(input)?;
            once(&word, &mut said.affinity, affinity, cx);
        }
        "priority" => {
            let ranking = priority(&word, input)?;
            once(&word, &mut said.extras.priority, ranking, cx);
        }
        "coalesce" => {
            let span = coalesce(&word, input)?;
            once(&word, &mut said.extras.coalesce, span, cx);
        }
        of_admission if ADMISSION.contains(&of_admission) => return admission(&word, input, &mut said.admission, cx),
        _ => return Err(unknown(&word)),
    }
    Ok(())
}

fn unknown(word: &Ident) -> Error {
    let words = OPTIONS.into_iter().filter_map(|option| option.split(' ').next());
    let hint = hint(&word.to_string(), words);
    let message = format!(
        "`{word}` is not an option of a ring; the options are {}{hint}",
        listed(&OPTIONS)
    );
    Error::new(word.span(), message)
}

/// A ring that overwrites has no options.
fn of_a_queue(word: &Ident, kind: RingKind) -> Result<()> {
    let Some((name, _)) = KINDS.iter().find(|(_, known)| *known == kind) else {
        return Ok(());
    };
    let why = match (word.to_string().as_str(), kind) {
        ("by", RingKind::Mailbox) => "has one slot, so a key chooses nothing in it".to_owned(),
        ("by", _) => "shows every record to every reader, so a key chooses nothing in it".to_owned(),
        ("priority", RingKind::Mailbox | RingKind::Latest) => "holds one record, so no other goes before it".to_owned(),
        ("priority", _) => "shows every record to every reader in one order, so none goes first".to_owned(),
        ("coalesce", RingKind::Mailbox | RingKind::Latest) => "holds one record, the newest of all keys".to_owned(),
        ("coalesce", _) => "shows every record to every reader, so none takes the place of another".to_owned(),
        ("shed" | "drop_oldest" | "offer", _) => {
            format!("is never full, so it does not `{word}` (the new record overwrites the oldest)")
        }
        _ => return Ok(()),
    };
    Err(Error::new(word.span(), format!("a `{name}` {why}: leave the option out")))
}

/// What a full ring does, said once.
fn policy(word: &Ident, new: Policy, said: &mut Said, cx: &mut Context) {
    match said.policy {
        Some(old) if old != new && old.sheds() && new.sheds() => cx.errors.at(
            word,
            "`offer` sheds when its tries are over: write `shed` or `offer`, not both",
        ),
        Some(old) if old != new => cx.errors.at(
            word,
            "a full ring does one thing: it waits, or `shed`, or `drop_oldest`, or `offer 3 every 10ms` and then sheds",
        ),
        _ => once(word, &mut said.policy, new, cx),
    }
}

fn once<T>(word: &Ident, place: &mut Option<T>, new: T, cx: &mut Context) {
    match place {
        Some(_) => cx.errors.at(word, format!("the option `{word}` is given twice")),
        None => *place = Some(new),
    }
}

/// `offer 3 every 10ms`
fn offer(word: &Ident, input: ParseStream) -> Result<Offer> {
    const FORM: &str = "expected `offer 3 every 10ms`: how often a full ring is tried again, and when";
    let span = input.span();
    let more = number(input, FORM)?;
    if more == 0 {
        return Err(Error::new(
            span,
            "`offer` tries at least once more: without another try, write `shed`",
        ));
    }
    let span = input.span();
    if input.call(Ident::parse_any).ok().is_none_or(|word| word != "every") {
        return Err(Error::new(span, FORM));
    }
    let (span, every) = (input.span(), input.parse::<Time>()?);
    if every.value.is_zero() {
        return Err(Error::new(span, "this time has to be longer than zero"));
    }
    Ok(Offer {
        span: word.span(),
        more,
        every,
    })
}

/// `by key`, `by FIELD`
pub(super) fn by(input: ParseStream) -> Result<Affinity> {
    let message = "expected `by key`, or `by` and the name of a field";
    let field: Ident = input.parse().map_err(|_| Error::new(input.span(), message))?;
    Ok(match field == "key" {
        true => Affinity::Key(field.span()),
        false => Affinity::Field(field),
    })
}

/// `priority`, `priority weighted 4:2:1`
fn priority(word: &Ident, input: ParseStream) -> Result<Ranking> {
    const FORM: &str = "expected `priority`, or `priority weighted 4:2:1`: how many records each lane gives in a round";
    let mut ranking = Ranking {
        span: word.span(),
        weights: None,
    };
    if input.is_empty() || input.peek(Token![,]) {
        return Ok(ranking);
    }
    let span = input.span();
    if input.call(Ident::parse_any).ok().is_none_or(|word| word != "weighted") {
        return Err(Error::new(span, FORM));
    }
    let span = input.span();
    let mut weights = vec![weight(input, FORM)?];
    while input.parse::<Option<Token![:]>>()?.is_some() {
        weights.push(weight(input, FORM)?);
    }
    if weights.len() < 2 {
        return Err(Error::new(span, "there is a weight for each level: `weighted 4:2:1`"));
    }
    ranking.weights = Some((weights, span));
    Ok(ranking)
}

fn weight(input: ParseStream, form: &str) -> Result<u32> {
    let span = input.span();
    match number(input, form)? {
        0 => Err(Error::new(
            span,
            "a weight is at least 1: a lane of weight 0 would never have a turn",
        )),
        weight => Ok(weight),
    }
}

/// `coalesce by key`
fn coalesce(word: &Ident, input: ParseStream) -> Result<Span> {
    const FORM: &str = "expected `coalesce by key`";
    let span = input.span();
    if input.call(Ident::parse_any).ok().is_none_or(|word| word != "by") {
        return Err(Error::new(span, FORM));
    }
    let field = input.call(Ident::parse_any).map_err(|_| Error::new(input.span(), FORM))?;
    if field != "key" {
        let message = format!("records coalesce by their `#[key]`: mark `{field}` with it, and write `coalesce by key`");
        return Err(Error::new(field.span(), message));
    }
    Ok(word.span())
}
