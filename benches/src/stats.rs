//! Figures of many rounds.

/// The value below which the share `q` of them lies.
pub(crate) fn quantile(values: &mut [f64], q: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    let last = values.len().saturating_sub(1);
    let at = (values.len() as f64 * q) as usize;
    values.get(at.min(last)).copied().unwrap_or(f64::NAN)
}

/// The value in the middle.
pub(crate) fn median(values: impl IntoIterator<Item = f64>) -> f64 {
    quantile(&mut values.into_iter().collect::<Vec<_>>(), 0.5)
}

/// The median, over the rounds, of what `compare` makes of two figures of one round.
pub(crate) fn by_round(a: &[f64], b: &[f64], compare: impl Fn(f64, f64) -> f64) -> f64 {
    median(a.iter().zip(b).map(|(a, b)| compare(*a, *b)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_median_is_in_the_middle() {
        assert_eq!(median([3.0, 1.0, 200.0]), 3.0);
        assert!(median([]).is_nan());
    }

    #[test]
    fn a_quantile_has_its_share_below_it() {
        let mut values: Vec<f64> = (0..1000).rev().map(f64::from).collect();
        assert_eq!(quantile(&mut values, 0.99), 990.0);
        assert_eq!(quantile(&mut values, 1.0), 999.0);
    }
}
