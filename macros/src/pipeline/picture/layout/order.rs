//! The order within the rows: few crossings.

use super::Grid;

/// How often the rows are swept, down and up.
const SWEEPS: usize = 12;

/// The neighbours of each cell in one direction, with what their edge adds to their position.
type Neighbours = Vec<Vec<(usize, f64)>>;

/// Orders every row by where its neighbours stand, down and up in turn, and keeps the best.
pub(super) fn order(grid: &mut Grid) {
    let (mut above, mut below): (Neighbours, Neighbours) = (vec![vec![]; grid.cells.len()], vec![vec![]; grid.cells.len()]);
    for arc in &grid.arcs {
        // Of two edges from one item, the left one leads further to the left.
        above[arc.lower].push((arc.upper, arc.exit / 1000.0));
        below[arc.upper].push((arc.lower, arc.entry / 1000.0));
    }
    let mut best = (crossings(grid, &below), grid.rows.clone());
    for sweep in 0..SWEEPS {
        let count = grid.rows.len();
        let rows: Vec<usize> = if sweep % 2 == 0 {
            (1..count).collect()
        } else {
            (0..count.saturating_sub(1)).rev().collect()
        };
        let neighbours = if sweep % 2 == 0 { &above } else { &below };
        for row in rows {
            sort(grid, row, neighbours);
        }
        let crossed = crossings(grid, &below);
        if crossed < best.0 {
            best = (crossed, grid.rows.clone());
        }
    }
    grid.rows = best.1;
    swap_neighbours(grid, &above, &below);
}

/// Sorts a row by the mean of its neighbours; what has none keeps its place.
fn sort(grid: &mut Grid, row: usize, neighbours: &Neighbours) {
    let position = grid.positions();
    let mean = |cell: usize| {
        let of = &neighbours[cell];
        let sum: f64 = of.iter().map(|(other, shift)| position[*other] as f64 + shift).sum();
        (!of.is_empty()).then(|| sum / of.len() as f64)
    };
    let mut movable: Vec<(f64, usize)> = grid.rows[row].iter().filter_map(|cell| Some((mean(*cell)?, *cell))).collect();
    movable.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut movable = movable.into_iter();
    for at in 0..grid.rows[row].len() {
        if mean(grid.rows[row][at]).is_some()
            && let Some((_, cell)) = movable.next()
        {
            grid.rows[row][at] = cell;
        }
    }
}

/// Swaps neighbours as long as that saves crossings.
fn swap_neighbours(grid: &mut Grid, above: &Neighbours, below: &Neighbours) {
    let mut position = grid.positions();
    let mut better = true;
    while better {
        better = false;
        for row in &mut grid.rows {
            for at in 1..row.len() {
                let (left, right) = (row[at - 1], row[at]);
                let crossed = |a: usize, b: usize| {
                    [above, below]
                        .iter()
                        .map(|of| inversions(&of[a], &of[b], &position))
                        .sum::<usize>()
                };
                if crossed(right, left) < crossed(left, right) {
                    row.swap(at - 1, at);
                    position.swap(left, right);
                    better = true;
                }
            }
        }
    }
}

/// How many pairs of edges cross where one cell, with the ends `left`, stands to the left of another, with the ends `right`.
fn inversions(left: &[(usize, f64)], right: &[(usize, f64)], position: &[usize]) -> usize {
    let end = |(to, shift): &(usize, f64)| position[*to] as f64 + shift;
    left.iter()
        .map(|left| right.iter().filter(|right| end(left) > end(right)).count())
        .sum()
}

/// How many pairs of edges cross.
fn crossings(grid: &Grid, below: &Neighbours) -> usize {
    let position = grid.positions();
    grid.rows
        .iter()
        .map(|row| {
            let mut ends: Vec<f64> = Vec::new();
            let mut crossed = 0;
            for cell in row {
                let mut own: Vec<f64> = below[*cell].iter().map(|(to, shift)| position[*to] as f64 + shift).collect();
                crossed += own
                    .iter()
                    .map(|end| ends.iter().filter(|other| *other > end).count())
                    .sum::<usize>();
                ends.append(&mut own);
            }
            crossed
        })
        .sum()
}
