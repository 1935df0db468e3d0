//! A wire: what it starts with, arrows, and what they lead to.

use proc_macro2::Span;
use syn::ext::IdentExt;
use syn::parse::ParseStream;
use syn::{Block, Error, Expr, ExprBlock, ExprPath, Ident, Pat, Path, Result, Token, braced, parenthesized, token};

use super::context::skip;
use super::options::options;
use super::ring::{brackets, comma};
use super::{ArmText, Arrow, Context, Head, Outlet, Resources, Stage, Step, Target, Wire};
use crate::names::hint;

/// How many branches a group has, and how many arms of a `match` lead on.
const WAYS: usize = 8;

const OUTLETS: [(&str, Outlet); 3] = [("errors", Outlet::Errors), ("shed", Outlet::Shed), ("lagged", Outlet::Lagged)];

/// `requests -> rag(index) -[512]-> answers`
pub(super) fn wire(input: ParseStream, cx: &mut Context) -> Result<Wire> {
    let head = head(input, cx)?;
    let steps = steps(input, cx, None)?;
    let wants = match &head {
        Head::Every { .. } => Some("`every`"),
        Head::Errors { .. } | Head::Outlet { .. } => Some("an outlet"),
        Head::Stage(_) => None,
    };
    if let Some(wants) = wants.filter(|_| steps.is_empty()) {
        return Err(Error::new(
            input.span(),
            format!("expected an arrow: {wants} leads somewhere"),
        ));
    }
    Ok(Wire { head, steps })
}

fn head(input: ParseStream, cx: &mut Context) -> Result<Head> {
    let ahead = input.fork();
    let word = ahead.call(Ident::parse_any).ok();
    if let Some(word) = word {
        let arrow = ahead.peek(Token![->]) || ahead.peek(Token![-]);
        if word == "every" && !arrow && !ahead.peek(token::Paren) && !ahead.peek(token::Brace) && !ahead.peek(Token![::]) {
            let word = input.call(Ident::parse_any)?.span();
            let arrow = |at: ParseStream| at.peek(Token![->]) || at.peek(Token![-]) || at.peek(Token![;]);
            let period = cx.detail(input, arrow, |input: ParseStream, _: &mut Context| input.parse());
            return Ok(Head::Every { period, word });
        }
        if word == "errors" {
            return Ok(Head::Errors {
                word: input.call(Ident::parse_any)?,
            });
        }
        if ahead.peek(Token![.]) {
            return outlet(input);
        }
    }
    Ok(Head::Stage(stage(input, cx)?))
}

/// `infer.errors`, `matcher.order.errors`, `requests.shed`, `alert.lagged`
fn outlet(input: ParseStream) -> Result<Head> {
    let of: Ident = input.parse()?;
    let mut words = Vec::new();
    while input.parse::<Option<Token![.]>>()?.is_some() {
        words.push(input.call(Ident::parse_any)?);
    }
    let (word, inlet) = match words.len() {
        1 => (words.remove(0), None),
        2 => (words.remove(1), Some(words.remove(0))),
        _ => {
            return Err(Error::new(
                of.span(),
                "an outlet is `NODE.errors`, `NODE.INLET.errors`, or the same with `.shed` or `.lagged`",
            ));
        }
    };
    let Some((_, outlet)) = OUTLETS.into_iter().find(|(known, _)| word == known) else {
        let hint = hint(&word.to_string(), OUTLETS.map(|(known, _)| known));
        let message = format!("`{word}` is not an outlet; the outlets are `.errors`, `.shed`, `.lagged`{hint}");
        return Err(Error::new(word.span(), message));
    };
    Ok(Head::Outlet { of, inlet, outlet, word })
}

/// Arrows and what they lead to, up to the end of the wire. `first`: an arrow that is not written.
fn steps(input: ParseStream, cx: &mut Context, mut first: Option<Arrow>) -> Result<Vec<Step>> {
    let mut steps: Vec<Step> = Vec::new();
    loop {
        let next = match first.take() {
            Some(arrow) => Some(arrow),
            None => arrow(input, cx)?,
        };
        let Some(arrow) = next else { return Ok(steps) };
        let why = match steps.last().map(|step| &step.target) {
            Some(Target::Group { .. }) => Some("a group ends its wire: the branches go on inside of it"),
            Some(Target::Route { .. }) => Some("a `match` ends its wire: the arms go on inside of it"),
            Some(Target::Drop(_)) => Some("`drop` ends its wire: nothing is left to go on with"),
            Some(Target::Inlet { .. }) => Some("an inlet ends its wire: go on with the node in a wire of its own"),
            Some(Target::Stage(_)) | None => None,
        };
        if let Some(why) = why {
            let span = match &arrow {
                Arrow::Fused(span) => *span,
                Arrow::Ring(ring) => ring.span,
            };
            return Err(Error::new(span, why));
        }
        steps.push(Step {
            arrow,
            target: target(input, cx)?,
        });
    }
}

fn arrow(input: ParseStream, cx: &mut Context) -> Result<Option<Arrow>> {
    if input.peek(Token![->]) {
        let arrow: Token![->] = input.parse()?;
        return Ok(Some(Arrow::Fused(arrow.spans[0])));
    }
    if !(input.peek(Token![-]) && input.peek2(token::Bracket)) {
        return Ok(None);
    }
    input.parse::<Token![-]>()?;
    let ring = brackets(input, cx)?;
    match input.parse::<Option<Token![->]>>()? {
        Some(_) => Ok(Some(Arrow::Ring(ring))),
        None => Err(Error::new(input.span(), "expected `->`: an edge with a ring is `-[512]->`")),
    }
}

fn target(input: ParseStream, cx: &mut Context) -> Result<Target> {
    if input.peek(token::Brace) {
        return group(input, cx);
    }
    if input.peek(Token![match]) {
        return route(input, cx);
    }
    let ahead = input.fork();
    if let Ok(word) = ahead.call(Ident::parse_any) {
        let path = ahead.peek(Token![::]);
        if word == "drop" && !path {
            input.call(Ident::parse_any)?;
            return Ok(Target::Drop(word.span()));
        }
        if ahead.peek(Token![.]) {
            let node = input.parse()?;
            input.parse::<Token![.]>()?;
            return Ok(Target::Inlet {
                node,
                inlet: input.call(Ident::parse_any)?,
            });
        }
    }
    Ok(Target::Stage(stage(input, cx)?))
}

pub(super) fn stage(input: ParseStream, cx: &mut Context) -> Result<Stage> {
    Ok(Stage {
        path: stage_path(input)?,
        resources: resources(input, cx)?,
        options: options(input, cx)?,
    })
}

/// The path of a stage: `rag`, `parse::parse`, `log::<Verbose>`.
pub(super) fn stage_path(input: ParseStream) -> Result<Path> {
    let starts = input.peek(Ident) || input.peek(Token![::]) || input.peek(Token![crate]) || input.peek(Token![super]);
    if !starts && !input.peek(Token![self]) {
        return Err(Error::new(input.span(), "expected a stage, a port or a node"));
    }
    let path = input.parse::<ExprPath>()?.path;
    match path.segments.last().map(|last| &last.ident) {
        Some(last) if last != "self" && last != "super" && last != "crate" => Ok(path),
        _ => Err(Error::new_spanned(path, "expected the path of a stage")),
    }
}

/// `(index, model)`, if there.
pub(super) fn resources(input: ParseStream, cx: &mut Context) -> Result<Option<Resources>> {
    if !input.peek(token::Paren) {
        return Ok(None);
    }
    let content;
    parenthesized!(content in input);
    let mut names = Vec::new();
    while !content.is_empty() {
        let name = cx.recover(&content, comma, |input: ParseStream, _: &mut Context| {
            let name = input
                .parse::<Ident>()
                .map_err(|error| Error::new(error.span(), "expected the name of a resource"))?;
            match input.is_empty() || comma(input) {
                true => Ok(name),
                false => Err(Error::new(
                    input.span(),
                    "expected `,` or `)`: a stage takes resources by their names",
                )),
            }
        });
        names.extend(name);
        let _ = content.parse::<Option<Token![,]>>();
    }
    Ok(Some(Resources { names }))
}

fn group(input: ParseStream, cx: &mut Context) -> Result<Target> {
    let content;
    let braces = braced!(content in input);
    let span = braces.span.join();
    if content.is_empty() {
        return Err(Error::new(
            span,
            "a group has at least one branch; `-> drop` ends a wire on purpose",
        ));
    }
    let mut branches = Vec::new();
    while !content.is_empty() {
        let branch = cx.recover(&content, comma, |input: ParseStream, cx: &mut Context| {
            let first = arrow(input, cx)?.unwrap_or(Arrow::Fused(input.span()));
            let steps = steps(input, cx, Some(first))?;
            match input.is_empty() || comma(input) {
                true => Ok(steps),
                false => Err(Error::new(input.span(), "expected `,` or an arrow")),
            }
        });
        branches.extend(branch);
        let _ = content.parse::<Option<Token![,]>>();
    }
    if branches.len() > WAYS {
        return Err(Error::new(
            span,
            format!("a group has at most {WAYS} branches: make the last one a group, `{{ …, {{ …, … }} }}`"),
        ));
    }
    Ok(Target::Group { span, branches })
}

fn route(input: ParseStream, cx: &mut Context) -> Result<Target> {
    let word: Span = input.parse::<Token![match]>()?.span;
    if !input.peek(token::Brace) {
        return Err(Error::new(
            input.span(),
            "expected `{`: what is matched on is what flows here",
        ));
    }
    let content;
    braced!(content in input);
    if content.is_empty() {
        return Err(Error::new(word, "a `match` has at least one arm"));
    }
    let mut arms = Vec::new();
    while !content.is_empty() {
        arms.extend(cx.recover(&content, comma, arm));
        let _ = content.parse::<Option<Token![,]>>();
    }
    skip(&content, |_| false);
    if let Some(last) = arms.iter().filter(|arm| arm.value.is_some()).nth(WAYS) {
        return Err(Error::new(
            last.span,
            format!("at most {WAYS} arms of a `match` lead on: lead one to a stage, with another `match` behind it"),
        ));
    }
    Ok(Target::Route { word, arms })
}

fn arm(input: ParseStream, cx: &mut Context) -> Result<ArmText> {
    let span = input.span();
    let pat = Pat::parse_multi_with_leading_vert(input)?;
    let guard = match input.parse::<Option<Token![if]>>()? {
        Some(_) => Some(input.parse::<Expr>()?),
        None => None,
    };
    input.parse::<Token![=>]>()?;
    let value = if input.peek(token::Brace) {
        let block: Block = input.parse()?;
        Some(Expr::Block(ExprBlock {
            attrs: Vec::new(),
            label: None,
            block,
        }))
    } else {
        const FORM: &str = "expected what the arm forwards: a name or a `{ block }`; or `drop`";
        let name: Ident = input.parse().map_err(|error| Error::new(error.span(), FORM))?;
        let arrow = input.peek(Token![->]) || input.peek(Token![-]);
        match name == "drop" && !arrow {
            true => None,
            false => Some(Expr::Path(ExprPath {
                attrs: Vec::new(),
                qself: None,
                path: name.into(),
            })),
        }
    };
    let steps = match value {
        Some(_) => steps(input, cx, None)?,
        None => Vec::new(),
    };
    if let Some(span) = steps.first().and_then(|step| untyped(&step.target)) {
        return Err(Error::new(
            span,
            "what an arm forwards has the type that a stage or a port takes: lead it to one; a `match` or `drop` may follow that stage",
        ));
    }
    if value.is_some() && steps.is_empty() {
        return Err(Error::new(
            input.span(),
            "expected an arrow: an arm leads somewhere, or is `drop`",
        ));
    }
    match input.is_empty() || comma(input) {
        true => Ok(ArmText {
            pat,
            guard,
            value,
            steps,
            span,
        }),
        false => Err(Error::new(input.span(), "expected `,` or an arrow")),
    }
}

/// The place where an arm leads to something that takes anything: its type is then nowhere said.
fn untyped(target: &Target) -> Option<Span> {
    match target {
        Target::Stage(_) | Target::Inlet { .. } => None,
        Target::Drop(span) => Some(*span),
        Target::Route { word, .. } => Some(*word),
        Target::Group { branches, .. } => branches.first()?.first().and_then(|step| untyped(&step.target)),
    }
}
