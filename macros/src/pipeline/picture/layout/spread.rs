//! Where edges touch an item that several of them touch.

use std::collections::BTreeMap;

use super::{Arc, Chain, Grid, Link};

/// How far apart edges are, if there is room.
const APART: f64 = 26.0;

/// One end of an edge.
struct End {
    arc: usize,
    middle: f64,
    spread: f64,
    side: bool,
}

/// Spreads the edges at each spot, in the order of where they go; a lone main way keeps the middle.
pub(super) fn spread(grid: &mut Grid, links: &[Link], chains: &[Chain]) {
    // By item, mark, and whether the item is at the upper end.
    let mut spots: BTreeMap<(usize, usize, bool), Vec<End>> = BTreeMap::new();
    for (link, chain) in links.iter().zip(chains) {
        let (upper, lower) = link.ends(chain.upwards);
        for (arc, anchor, at_upper) in [(chain.arcs.0, upper, true), (chain.arcs.1, lower, false)] {
            let ends = spots.entry((anchor.item, anchor.mark, at_upper)).or_default();
            // Links that share a tag share the piece behind it.
            if ends.iter().all(|end| end.arc != arc) {
                ends.push(End {
                    arc,
                    middle: anchor.middle,
                    spread: anchor.spread,
                    side: link.side,
                });
            }
        }
    }
    let position = grid.positions();
    for ((_, _, at_upper), mut ends) in spots {
        let other = |arc: &Arc| if at_upper { arc.lower } else { arc.upper };
        ends.sort_by_key(|end| position[other(&grid.arcs[end.arc])]);
        let last = (ends.len() - 1) as f64;
        let mut main = (0..ends.len()).filter(|at| !ends[*at].side);
        let middle = match (main.next(), main.next()) {
            (Some(one), None) => one as f64,
            _ => last / 2.0,
        };
        let furthest = middle.max(last - middle).max(1.0);
        for (at, end) in ends.iter().enumerate() {
            let spot = end.middle + (at as f64 - middle) * (end.spread / furthest).min(APART);
            let arc = &mut grid.arcs[end.arc];
            *(if at_upper { &mut arc.exit } else { &mut arc.entry }) = spot;
        }
    }
}
