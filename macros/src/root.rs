//! The path of the runtime crate, as generated code names it.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::Path;

/// The path of the runtime crate: `::forebay`, unless the user says `crate = path` (it was renamed, or is re-exported).
#[derive(Debug, Clone)]
pub(crate) struct Root {
    path: TokenStream,
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
