//! What the user may have meant.

/// The candidate nearest to `name`, if one is near enough to be a misspelling.
pub(crate) fn nearest<S: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = S>) -> Option<S> {
    let limit = match name.chars().count() {
        0..=2 => 0,
        3..=5 => 1,
        _ => 2,
    };
    candidates
        .into_iter()
        .filter(|candidate| candidate.as_ref() != name)
        .map(|candidate| (distance(name, candidate.as_ref()), candidate))
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// `; did you mean ...?`, or nothing.
pub(crate) fn hint<S: AsRef<str>>(name: &str, candidates: impl IntoIterator<Item = S>) -> String {
    nearest(name, candidates).map_or_else(String::new, |found| format!("; did you mean `{}`?", found.as_ref()))
}

/// The powers of two around a number that is none.
pub(crate) fn powers(value: u64) -> (Option<u64>, Option<u64>) {
    let above = value.checked_next_power_of_two();
    let below = match value {
        0 => None,
        value => Some(1 << value.ilog2()),
    };
    (below, above)
}

/// How many letters to insert, delete, replace or swap with the next (each place once).
fn distance(a: &str, b: &str) -> usize {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let mut rows = vec![(0..=b.len()).collect::<Vec<_>>()];
    for i in 1..=a.len() {
        let mut row = vec![i];
        for j in 1..=b.len() {
            let replace = rows[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
            let mut best = replace.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[a.len()][b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("requests", "request"), 1);
        assert_eq!(distance("reqeusts", "requests"), 1);
        assert_eq!(distance("kitten", "sitting"), 3);
    }

    #[test]
    fn the_nearest_name() {
        assert_eq!(nearest("request", ["answers", "requests"]), Some("requests"));
        assert_eq!(nearest("requests", ["requests"]), None);
        assert_eq!(nearest("a", ["b"]), None);
        assert_eq!(nearest("abc", ["abd"]), Some("abd"));
        assert_eq!(nearest("abc", ["xyc"]), None);
        assert_eq!(hint("woker", ["workers", "worker"]), "; did you mean `worker`?");
    }

    #[test]
    fn the_two_nearest_powers() {
        assert_eq!(powers(500), (Some(256), Some(512)));
        assert_eq!(powers(0), (None, Some(1)));
        assert_eq!(powers(3), (Some(2), Some(4)));
        assert_eq!(powers(u64::MAX), (Some(1 << 63), None));
    }
}
