//! The path of the runtime crate, as generated code names it.

use proc_macro2::{Span, TokenStream};
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
        Root {
            path: path.into_token_stream(),
        }
    }
}

impl ToTokens for Root {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.path.to_tokens(tokens);
    }
}
