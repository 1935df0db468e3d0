use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Expr, ExprLit, Ident, Lit, Result, Token, bracketed};

use super::admission::ADMISSION;
use super::clause::listed;
use super::{Context, RingText};
use crate::names::hint;
use crate::pipeline::model::{Admission, Affinity, Policy, RingKind};

/// What stands where a capacity stands: rings that overwrite.
const KINDS: [(&str, RingKind); 3] = [
    ("broadcast", RingKind::Broadcast),
    ("latest", RingKind::Latest),
    ("mailbox", RingKind::Mailbox),
];
const OPTIONS: [&str; 6] = [
    "shed",
    "drop_oldest",
    "by key",
    "by FIELD",
    "quota 8 per 1s by key",
    "limit 1000 per 1s",
];

/// `[512, shed, by key]`, `[broadcast 1024]`, `[latest = expr]`, `[mailbox]`. What is wrong inside stays inside.
pub(super) fn brackets(input: ParseStream, cx: &mut Context) -> Result<RingText> {
    let content;
    let brackets = bracketed!(content in input);
    let mut ring = RingText {
        kind: RingKind::Queue,
        capacity: None,
        first: None,
        policy: Policy::Wait,
        affinity: Affinity::None,
        admission: Admission::ALL,
        span: brackets.span.join(),
    };
    let read = cx.detail(&content, |_| false, |input: ParseStream, _: &mut Context| head(input));
    if let Some((kind, capacity, first)) = read {
        (ring.kind, ring.capacity, ring.first) = (kind, capacity, first);
    }
    let (mut policy, mut affinity) = (None, None);
    while !content.is_empty() {
        cx.detail(&content, |_| false, separator);
        if content.is_empty() {
            break;
        }
        let kind = ring.kind;
        cx.detail(&content, comma, |input: ParseStream, cx: &mut Context| {
            option(input, kind, (&mut policy, &mut affinity, &mut ring.admission), cx)
        });
    }
    ring.policy = match ring.kind {
        RingKind::Queue => policy.unwrap_or(Policy::Wait),
        RingKind::Broadcast | RingKind::Latest | RingKind::Mailbox => Policy::DropOldest,
    };
    ring.affinity = affinity.unwrap_or(Affinity::None);
    Ok(ring)
}

fn separator(input: ParseStream, _: &mut Context) -> Result<()> {
    match input.parse::<Option<Token![,]>>()? {
        Some(_) => Ok(()),
        None => Err(Error::new(input.span(), "expected `,` and an option of the ring, or `]`")),
    }
}

pub(super) fn comma(input: ParseStream) -> bool {
    input.peek(Token![,])
}

/// What kind of ring it is, how many records it holds if it says so, and its first value.
type Beginning = (RingKind, Option<Expr>, Option<Expr>);

fn head(input: ParseStream) -> Result<Beginning> {
    if let Some((word, kind)) = kind(input)? {
        return of_kind(input, &word, kind);
    }
    Ok((RingKind::Queue, Some(capacity(input)?), None))
}

/// The word of a kind, if one stands here.
fn kind(input: ParseStream) -> Result<Option<(Ident, RingKind)>> {
    let ahead = input.fork();
    let Ok(word) = ahead.call(Ident::parse_any) else {
        return Ok(None);
    };
    if let Some((_, kind)) = KINDS.iter().find(|(name, _)| word == name) {
        return Ok(Some((input.call(Ident::parse_any)?, *kind)));
    }
    if ahead.peek(Lit) {
        let hint = hint(&word.to_string(), KINDS.map(|(name, _)| name));
        let kinds = listed(&KINDS.map(|(name, _)| name));
        return Err(Error::new(
            word.span(),
            format!("`{word}` is no kind of ring; the kinds are {kinds}{hint}"),
        ));
    }
    Ok(None)
}

/// What follows the word of a kind: a capacity where it has one, a first value where it keeps one.
fn of_kind(input: ParseStream, word: &Ident, kind: RingKind) -> Result<Beginning> {
    let nothing = input.is_empty() || comma(input) || input.peek(Token![=]);
    let capacity = match kind {
        RingKind::Broadcast if nothing => {
            return Err(Error::new(word.span(), "a `broadcast` has a capacity: `[broadcast 1024]`"));
        }
        RingKind::Broadcast => Some(capacity(input)?),
        _ if !nothing => {
            let rest: proc_macro2::TokenTree = input.parse()?;
            let message = format!("a `{word}` holds one record, so it has no capacity: write `[{word}]`");
            return Err(Error::new(rest.span(), message));
        }
        _ => None,
    };
    let first = match input.parse::<Option<Token![=]>>()? {
        None => None,
        Some(_) if kind == RingKind::Latest => Some(
            input
                .parse::<Expr>()
                .map_err(|error| Error::new(error.span(), "expected the first value: `[latest = Config::default()]`"))?,
        ),
        Some(equals) => {
            let message = "only a `latest` has a first value, `[latest = expr]`: any other ring is empty at the start";
            return Err(Error::new(equals.span, message));
        }
    };
    Ok((kind, capacity, first))
}

fn capacity(input: ParseStream) -> Result<Expr> {
    if input.is_empty() {
        return Err(Error::new(input.span(), "a ring has a capacity: `[512]`"));
    }
    let ahead = input.fork();
    if let Ok(word) = ahead.call(Ident::parse_any) {
        let option = word == "shed" || word == "drop_oldest" || word == "by" || word == "priority";
        if option && !ahead.peek(Token![::]) {
            return Err(Error::new(word.span(), "a ring begins with its capacity: `[512, …]`"));
        }
    }
    let mut capacity: Expr = input.parse()?;
    // What a `macro_rules!` passes on comes in a group that nobody sees.
    while let Expr::Group(group) = capacity {
        capacity = *group.expr;
    }
    match &capacity {
        Expr::Lit(ExprLit { lit: Lit::Int(int), .. }) if matches!(int.suffix(), "" | "usize") => Ok(capacity),
        Expr::Lit(other) => Err(Error::new_spanned(other, "a capacity counts records: a number, or a const")),
        Expr::Assign(assign) => {
            let message = "only a `latest` has a first value, `[latest = expr]`: any other ring is empty at the start";
            Err(Error::new(assign.eq_token.span, message))
        }
        _ => Ok(capacity),
    }
}

/// What stands behind the word `by`.
pub(super) fn by(input: ParseStream) -> Result<Affinity> {
    let message = "expected `by key`, or `by` and the name of a field";
    let field: Ident = input.parse().map_err(|_| Error::new(input.span(), message))?;
    Ok(match field == "key" {
        true => Affinity::Key(field.span()),
        false => Affinity::Field(field),
    })
}

fn unknown(word: &Ident) -> Error {
    let hint = hint(&word.to_string(), ["shed", "drop_oldest"]);
    let message = format!(
        "`{word}` is not an option of a ring; the options are {}{hint}",
        listed(&OPTIONS)
    );
    Error::new(word.span(), message)
}

fn option(
    input: ParseStream,
    kind: RingKind,
    (policy, affinity, admission): (&mut Option<Policy>, &mut Option<Affinity>, &mut Admission),
    cx: &mut Context,
) -> Result<()> {
    if !input.peek(Ident::peek_any) {
        return Err(Error::new(
            input.span(),
            format!("expected an option of a ring: {}", listed(&OPTIONS)),
        ));
    }
    let word = input.call(Ident::parse_any)?;
    if let (Some((name, _)), true) = (
        KINDS.iter().find(|(_, known)| *known == kind),
        matches!(word.to_string().as_str(), "shed" | "drop_oldest" | "by"),
    ) {
        let why = match (kind, word == "by") {
            (RingKind::Mailbox, true) => "has one slot, so a key chooses nothing in it".to_owned(),
            (_, true) => "shows every record to every reader, so a key chooses nothing in it".to_owned(),
            _ => format!("is never full, so it does not `{word}` (the new record overwrites the oldest)"),
        };
        return Err(Error::new(word.span(), format!("a `{name}` {why}: leave the option out")));
    }
    let new = match word.to_string().as_str() {
        "shed" => Policy::Shed,
        "drop_oldest" => Policy::DropOldest,
        "by" => {
            let new = by(input)?;
            match affinity {
                Some(_) => cx.errors.at(&word, "the option `by` is given twice"),
                None => *affinity = Some(new),
            }
            return Ok(());
        }
        word_of if ADMISSION.contains(&word_of) => return super::admission::admission(&word, input, admission, cx),
        _ => return Err(unknown(&word)),
    };
    match policy {
        Some(old) if *old == new => cx.errors.at(&word, format!("the option `{word}` is given twice")),
        Some(_) => cx
            .errors
            .at(&word, "a full ring does one thing: it waits, or `shed`, or `drop_oldest`"),
        None => *policy = Some(new),
    }
    Ok(())
}
