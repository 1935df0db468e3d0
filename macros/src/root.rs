//! The path of the runtime crate, as generated code names it.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::Path;

/// The path of the runtime crate: `::forebay`, unless the user says `crate = path` (it was renamed, or is re-exported).
#[derive(Debug, Clone)]
pub(crate) struct Root {
    path: TokenStream,
}

impl Root {
    /// The same path, standing where `span` is: an error in what follows it is shown there.
    pub(crate) fn at(&self, span: Span) -> Root {
        let located = self.path.clone().into_iter().map(|mut token| {
            token.set_span(token.span().located_at(span));
            token
        });
        Root { path: located.collect() }
    }
}

impl Default for Root {
    fn default() -> Self {
        Root { path: quote!(::forebay) }
    }
}

impl From<Path> for Root {
    fn from(path: Path) -> Self {
        // Generated code names the path, so lints on it are not the user's; `$crate` alone depends on where it was written.
        let path = path.into_token_stream().into_iter().map(|mut token| {
            if !matches!(&token, TokenTree::Ident(ident) if ident == "$crate") {
                token.set_span(Span::call_site());
            }
            token
        });
        Root { path: path.collect() }
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
    }
}
