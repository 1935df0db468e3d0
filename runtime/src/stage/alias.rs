//! What the compiler knows of a return type, and a macro does not.

use core::marker::PhantomData;

/// A `Result`, under whatever name: how it fails.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is called a `Result` and is none",
    label = "not a `Result`",
    note = "`#[stage]` takes a type whose name ends in `Result` for one; give yours another name"
)]
pub trait Fallible {
    /// How it fails.
    type Err;
}

impl<T, E> Fallible for Result<T, E> {
    type Err = E;
}

/// What a type is an alias of, told by method resolution: what an inherent `impl` says goes before what a trait says.
#[derive(Debug)]
pub struct Shape<T>(PhantomData<T>);

impl<T, E> Shape<Result<T, E>> {
    /// What it is an alias of.
    pub const ALIAS: Option<Alias> = Some(Alias::Result);
}

impl<T> Shape<Option<T>> {
    /// What it is an alias of.
    pub const ALIAS: Option<Alias> = Some(Alias::Option);
}

/// Any other type is just a record.
pub trait Plain {
    /// It is none.
    const ALIAS: Option<Alias> = None;
}

impl<T> Plain for Shape<T> {}

/// What a record's type must not be an alias of.
#[derive(Debug, Clone, Copy)]
pub enum Alias {
    /// `Result`
    Result,
    /// `Option`
    Option,
}

/// Refuses an alias where a record is returned.
///
/// ```compile_fail,E0080
/// type Outcome<T> = Result<T, String>;
///
/// #[forebay::stage]
/// fn alias(record: u32) -> Outcome<u32> {
///     Ok(record)
/// }
/// ```
///
/// ```compile_fail,E0080
/// type Perhaps = Option<u32>;
///
/// #[forebay::stage]
/// async fn alias(record: u32) -> Result<Perhaps, String> {
///     Ok(Some(record))
/// }
/// ```
#[track_caller]
pub const fn no_alias(alias: Option<Alias>) {
    match alias {
        Some(Alias::Result) => {
            panic!("this is an alias of `Result`, which `#[stage]` cannot see: write `Result<T, E>` in the signature")
        }
        Some(Alias::Option) => {
            panic!("this is an alias of `Option`, which `#[stage]` cannot see: write `Option<T>` in the signature")
        }
        None => {}
    }
}
