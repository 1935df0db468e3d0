//! A ring in brackets: its kind, its capacity, and then its options.

use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Error, Expr, ExprLit, Ident, Lit, Result, Token, bracketed};

use super::clause::listed;
use super::ring_options::{Said, option};
use super::{Context, RingText};
use crate::names::hint;
use crate::pipeline::model::{Admission, Affinity, Extras, Policy, RingKind};

/// What stands where a capacity stands: rings that overwrite.
pub(super) const KINDS: [(&str, RingKind); 3] = [
    ("broadcast", RingKind::Broadcast),
    ("latest", RingKind::Latest),
    ("mailbox", RingKind::Mailbox),
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
        extras: Extras::default(),
        span: brackets.span.join(),
    };
    let read = cx.detail(&content, |_| false, |input: ParseStream, _: &mut Context| head(input));
    if let Some((kind, capacity, first)) = read {
        (ring.kind, ring.capacity, ring.first) = (kind, capacity, first);
    }
    let mut said = Said::default();
    while !content.is_empty() {
        cx.detail(&content, |_| false, separator);
        if content.is_empty() {
            break;
        }
        let kind = ring.kind;
        cx.detail(&content, comma, |input: ParseStream, cx: &mut Context| {
            option(input, kind, &mut said, cx)
        });
    }
    ring.policy = match ring.kind {
        RingKind::Queue => said.policy.unwrap_or(Policy::Wait),
        RingKind::Broadcast | RingKind::Latest | RingKind::Mailbox => Policy::DropOldest,
    };
    ring.affinity = said.affinity.unwrap_or(Affinity::None);
    ring.extras = said.extras;
    ring.admission = said.admission;
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
        let option = ["shed", "drop_oldest", "by", "priority", "offer", "coalesce"]
            .iter()
            .any(|option| word == option);
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
