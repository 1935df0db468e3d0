use proc_macro2::{Delimiter, Group, TokenStream, TokenTree};

use super::ORCHESTRATOR;

/// Every prefix of the tokens, the groups opened too; the whole is the last one.
fn prefixes(tokens: TokenStream) -> Vec<TokenStream> {
    let mut all = vec![TokenStream::new()];
    let mut before: Vec<TokenTree> = Vec::new();
    for token in tokens {
        if let TokenTree::Group(group) = &token {
            for inner in prefixes(group.stream()) {
                let mut cut = Group::new(group.delimiter(), inner);
                cut.set_span(group.span());
                all.push(before.iter().cloned().chain([TokenTree::Group(cut)]).collect());
            }
            all.pop();
        }
        before.push(token);
        all.push(before.iter().cloned().collect());
    }
    all
}

fn expand(tokens: TokenStream) -> String {
    let root: TokenStream = "@ ::forebay ;".parse().expect("tokens");
    super::super::expand([root, tokens].into_iter().collect()).to_string()
}

#[test]
fn every_prefix_is_refused_and_still_defines_the_name() {
    let all = prefixes(ORCHESTRATOR.parse().expect("tokens"));
    let (whole, prefixes) = all.split_last().expect("the whole is one of them");
    assert!(prefixes.len() > 150, "only {} prefixes", prefixes.len());
    let mut seen = false;
    for prefix in prefixes {
        let code = expand(prefix.clone());
        // A prefix may end at a place where the declaration is right: then the rest of it must be missing somewhere else.
        let complete = !code.contains("compile_error");
        let text = prefix.to_string();
        assert!(!complete || text.contains("every 30s -> beat"), "accepted: {text}");
        seen |= text.contains("Orchestrator");
        assert_eq!(seen, code.contains("struct Orchestrator"), "{text}\n{code}");
    }
    assert!(!expand(whole.clone()).contains("compile_error"));
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
    let tokens: TokenStream = ORCHESTRATOR.parse().expect("tokens");
    let mut count = 0;
    mutate(&tokens.into_iter().collect::<Vec<_>>(), &mut |tokens| {
        count += 1;
        expand(tokens.into_iter().collect());
    });
    assert!(count > 400, "only {count}");
}
