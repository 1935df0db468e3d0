//! What `#[record]` stands on, and its options.

use proc_macro2::TokenStream;
use syn::{DeriveInput, LitInt, LitStr, Path};

use crate::diag::Errors;
use crate::options::{self, Known};
use crate::root::Root;

/// The options of `#[record(…)]`.
#[derive(Debug, Default)]
pub(crate) struct Args {
    pub(crate) root: Root,
    pub(crate) name: Option<LitStr>,
    pub(crate) version: Option<LitInt>,
    pub(crate) max_size: Option<LitInt>,
}

const KNOWN: &[Known] = &[
    ("name", "\"prompt.request\""),
    ("version", "2"),
    ("max_size", "256"),
    ("crate", "::forebay"),
];

impl Args {
    pub(crate) fn parse(tokens: TokenStream, errors: &mut Errors) -> Self {
        let mut args = Args::default();
        for option in options::parse(tokens, KNOWN, errors) {
            match option.name.to_string().as_str() {
                "name" => args.name = option.value("\"prompt.request\"", errors),
                "version" => args.version = option.value("2", errors),
                "max_size" => args.max_size = option.value("256", errors),
                _ => args.root = option.value::<Path>("::forebay", errors).map(Root::from).unwrap_or_default(),
            }
        }
        args
    }

    /// What is left where something is wrong, so that no value is complained of twice.
    pub(crate) fn without_values(self) -> Self {
        Args {
            root: self.root,
            ..Args::default()
        }
    }
}

/// The type under the attribute.
pub(crate) fn parse(item: TokenStream) -> syn::Result<DeriveInput> {
    let start = item.clone();
    syn::parse2(item).map_err(|error| match super::is_a_type(start.clone()) {
        true => error,
        false => syn::Error::new_spanned(start, "`#[record]` goes on a struct or an enum"),
    })
}
