//! Inlets by name.

use proc_macro2::Ident;
use syn::ext::IdentExt;

/// The number of the inlet called `name`, as the runtime's `stage::inlet` counts: FNV-1a, 64 bits, never 0.
pub(crate) fn number(name: &Ident) -> u64 {
    let hash = name
        .unraw()
        .to_string()
        .bytes()
        .fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
    hash.max(1)
}
