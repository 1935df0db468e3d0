//! Declarations that are cut, or changed at random, as they are while somebody writes them: an error, never a panic.

use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::{DISPATCH, ORCHESTRATOR, TELEMETRY};
use crate::prefixes::prefixes;

fn expand(tokens: TokenStream) -> String {
    let root: TokenStream = "@ ::forebay ;".parse().expect("tokens");
    super::super::expand([root, tokens].into_iter().collect()).to_string()
}

#[test]
fn every_prefix_is_refused_and_still_defines_the_name() {
    refused_and_defined(ORCHESTRATOR, "Orchestrator", "every 30s -> beat");
    refused_and_defined(TELEMETRY, "Telemetry", "limits -> config");
    refused_and_defined(DISPATCH, "Dispatch", "priced { workers : 2 } -> board");
}

fn refused_and_defined(sample: &str, name: &str, last: &str) {
    let all = prefixes(sample);
    let (whole, prefixes) = all.split_last().expect("the whole is one of them");
    assert!(prefixes.len() >= 150, "only {} prefixes", prefixes.len());
    let mut seen = false;
    for prefix in prefixes {
        let code = expand(prefix.clone());
        // A prefix may end at a place where the declaration is right: then the rest of it must be missing somewhere else.
        let complete = !code.contains("compile_error");
        let text = prefix.to_string();
        assert!(!complete || text.contains(last), "accepted: {text}");
        seen |= text.contains(name);
        assert_eq!(seen, code.contains(&format!("struct {name}")), "{text}\n{code}");
    }
    let whole = expand(whole.clone());
    assert!(!whole.contains("compile_error"), "{whole}");
}

#[test]
fn no_single_token_can_be_left_out_or_doubled_with_a_panic() {
    fn mutate(tokens: &[TokenTree], each: &mut dyn FnMut(Vec<TokenTree>)) {
        for at in 0..tokens.len() {
            let mut less = tokens.to_vec();
            let token = less.remove(at);
            each(less);
            let mut more = tokens.to_vec();
            more.insert(at, token.clone());
            each(more);
            if let TokenTree::Group(group) = token {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                mutate(&inner, &mut |inner| {
                    let mut changed = tokens.to_vec();
                    changed[at] = Group::new(group.delimiter(), inner.into_iter().collect()).into();
                    each(changed);
                });
                for delimiter in [Delimiter::Parenthesis, Delimiter::Bracket, Delimiter::Brace] {
                    let mut changed = tokens.to_vec();
                    changed[at] = Group::new(delimiter, group.stream()).into();
                    each(changed);
                }
            }
        }
    }
    for sample in [ORCHESTRATOR, TELEMETRY, DISPATCH] {
        let tokens: TokenStream = sample.parse().expect("tokens");
        let mut count = 0;
        mutate(&tokens.into_iter().collect::<Vec<_>>(), &mut |tokens| {
            count += 1;
            expand(tokens.into_iter().collect());
        });
        assert!(count > 350, "only {count}");
    }
}

/// Wires put together at random: whatever they mean, nothing panics, and what is accepted holds together.
#[test]
fn random_declarations() {
    const NAMES: [&str; 13] = ["a", "b", "t", "o", "x", "y", "m", "m.one", "m.two", "c", "l", "k", "y(l)"];
    const ARROWS: [&str; 13] = [
        "->",
        "->",
        "-[8]->",
        "-[8, shed]->",
        "-[8, drop_oldest]->",
        "-[8, by key]->",
        "-[8, priority]->",
        "-[8, priority weighted 2:1, shed]->",
        "-[8, offer 3 every 10ms]->",
        "-[8, coalesce by key, offer 1 every 1s]->",
        "-[broadcast 8]->",
        "-[latest]->",
        "-[mailbox]->",
    ];
    const HEADS: [&str; 11] = [
        "x.lagged",
        "m.one.lagged",
        "y.lagged",
        "x.errors",
        "m.errors",
        "m.one.errors",
        "errors",
        "every 1s",
        "x.shed",
        "t.shed",
        "y { workers: 2 }",
    ];
    const DECLARED: [&str; 2] = [
        "input a: A [8]; input b: B [8, shed]; topic t: T [8, shed]; output o: O [8]; node m: M;",
        "topic c: C [broadcast 8]; topic l: L [latest = 1]; output k: K [broadcast 8];",
    ];
    let mut state = 1_u64;
    let mut random = move |below: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).expect("31 bits") % below
    };
    let (mut accepted, mut refused) = (0, 0);
    for _ in 0..4_000 {
        let mut body = String::new();
        for _ in 0..2 + random(5) {
            body.push_str(if random(3) == 0 {
                HEADS[random(HEADS.len())]
            } else {
                NAMES[random(NAMES.len())]
            });
            for _ in 0..1 + random(3) {
                let (arrow, name) = (ARROWS[random(ARROWS.len())], NAMES[random(NAMES.len())]);
                let step = match random(8) {
                    0 => format!(" {arrow} {{ {name}, {arrow} {} }}", NAMES[random(NAMES.len())]),
                    1 => format!(" {arrow} match {{ 1 => drop, k => k {arrow} {name} }}"),
                    2 => " -> drop".to_owned(),
                    _ => format!(" {arrow} {name}"),
                };
                body.push_str(&step);
            }
            body.push(';');
        }
        // With the ports that overwrite, or with those names for stages.
        let [ports, overwriting] = DECLARED;
        let declared = [ports, if random(2) == 0 { overwriting } else { "" }].concat();
        match super::read(&format!("P {{ {declared} {body} }}")) {
            Ok(_) => accepted += 1,
            Err(errors) => {
                assert!(!errors.is_empty(), "{body}");
                refused += 1;
            }
        }
        // Without ports that must be fed and read, more is right.
        let body = body.replace("m.one", "z").replace("m.two", "w").replace(", by key", "");
        accepted += usize::from(super::read(&format!("P {{ poll -> x; {body} }}")).is_ok());
    }
    assert!(refused > 100 && accepted > 50, "{accepted} accepted, {refused} refused");
}
