//! What the lanes of a ring with `priority` are chosen by.

/// A priority: a value with a known number of levels. `#[derive(Priority)]` writes it for an enum without fields, the first variant
/// first.
///
/// A ring with `priority` has a lane for each level, so there are few: 2 to 16.
///
/// ```
/// use forebay::Priority;
/// use forebay::record::Priority as _;
///
/// #[derive(Priority)]
/// enum Urgency { Now, Soon, Sometime }
///
/// assert_eq!((Urgency::LEVELS, Urgency::Now.level(), Urgency::Sometime.level()), (3, 0, 2));
/// assert_eq!((bool::LEVELS, true.level()), (2, 0)); // `#[priority] urgent: bool`
/// ```
///
/// By hand, for what is told otherwise:
///
/// ```
/// use forebay::record::Priority;
///
/// /// In percent.
/// struct Risk(u8);
///
/// impl Priority for Risk {
///     const LEVELS: usize = 3;
///     fn level(&self) -> usize {
///         match self.0 {
///             90.. => 0,
///             50..90 => 1,
///             _ => 2,
///         }
///     }
/// }
/// # assert_eq!(Risk(60).level(), 1);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no priority: it does not say how many levels it has",
    label = "`priority` wants a lane for each level",
    note = "let the `#[priority]` be an enum with `#[derive(Priority)]`, or a `bool`; or write `impl forebay::record::Priority` for it"
)]
pub trait Priority {
    /// How many levels there are.
    const LEVELS: usize;
    /// The level: 0 goes first. What is not below [`LEVELS`](Self::LEVELS) counts as the last.
    fn level(&self) -> usize;
}

/// `true` goes first.
impl Priority for bool {
    const LEVELS: usize = 2;
    #[inline]
    fn level(&self) -> usize {
        usize::from(!self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn true_goes_before_false() {
        assert_eq!((true.level(), false.level()), (0, 1));
    }
}
