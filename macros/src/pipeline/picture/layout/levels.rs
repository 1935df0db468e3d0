//! On which level an item stands.

/// Where an item wants to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in super::super) enum Hint {
    /// In the first row: an input.
    First,
    /// In the last row: an output.
    Last,
    /// Below what leads to it.
    Free,
}

/// The levels, from 0: every edge joins different levels, and leads downwards unless it closes a cycle.
pub(super) fn levels(hints: &[Hint], edges: &[(usize, usize)]) -> Vec<usize> {
    let sequence = sequence(hints, edges);
    let mut place = vec![0; hints.len()];
    sequence.iter().enumerate().for_each(|(at, item)| place[*item] = at);
    // An edge against the sequence closes a cycle: it counts as if it were turned round.
    let down: Vec<(usize, usize)> = edges
        .iter()
        .map(|&(a, b)| if place[a] < place[b] { (a, b) } else { (b, a) })
        .filter(|(a, b)| a != b)
        .collect();
    let mut level = vec![0; hints.len()];
    for &item in &sequence {
        let above = down.iter().filter(|(_, to)| *to == item).map(|(from, _)| level[*from] + 1);
        level[item] = above.max().unwrap_or(0);
    }
    let last = level.iter().copied().max().unwrap_or(0);
    for &item in sequence.iter().rev() {
        let led_to = down.iter().any(|(_, to)| *to == item);
        let below = down.iter().filter(|(from, _)| *from == item).map(|(_, to)| level[*to]).min();
        match (hints[item], below) {
            (Hint::Last, None) => level[item] = last,
            // A source stands right above what it feeds.
            (Hint::Free, Some(below)) if !led_to => level[item] = below - 1,
            _ => {}
        }
    }
    level
}

/// Every item after what leads to it. Where only cycles are left, one is cut where it was entered.
fn sequence(hints: &[Hint], edges: &[(usize, usize)]) -> Vec<usize> {
    let mut waits = vec![0; hints.len()];
    edges
        .iter()
        .filter(|(from, to)| from != to)
        .for_each(|(_, to)| waits[*to] += 1);
    let mut reached = vec![false; hints.len()];
    let mut left: Vec<usize> = (0..hints.len()).collect();
    let mut sequence = Vec::new();
    while !left.is_empty() {
        let free = left.iter().position(|item| waits[*item] == 0);
        let entered = || left.iter().position(|item| reached[*item]);
        let item = left.remove(free.or_else(entered).unwrap_or(0));
        for (_, to) in edges.iter().filter(|(from, to)| *from == item && from != to) {
            waits[*to] -= usize::from(waits[*to] > 0);
            reached[*to] = true;
        }
        sequence.push(item);
    }
    sequence
}
