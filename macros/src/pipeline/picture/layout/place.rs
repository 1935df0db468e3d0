//! The places: straight edges first, then short ones.

use super::{Cell, Grid, Spacing};

/// Rounds of placing every row.
const ROUNDS: usize = 120;
/// From this round on an edge that is nearly straight outweighs those that are not: lengths count, not their squares.
const STRAIGHTEN: usize = 30;

/// A slant below this is not seen as one, but as a mistake.
const SNAP: f64 = 3.0;

/// Sets the axis of every cell. A row keeps its order and its distances, and is as close to where its edges want it as can be.
pub(super) fn sideways(grid: &mut Grid, aside: f64) {
    for row in &grid.rows {
        let mut x = 0.0;
        for pair in 0..row.len() {
            if pair > 0 {
                x += distance(&grid.cells[row[pair - 1]], &grid.cells[row[pair]], aside);
            }
            grid.cells[row[pair]].x = x;
        }
    }
    let mut touching = vec![Vec::new(); grid.cells.len()];
    for (at, arc) in grid.arcs.iter().enumerate() {
        touching[arc.upper].push(at);
        touching[arc.lower].push(at);
    }
    for round in 0..ROUNDS {
        let count = grid.rows.len();
        for step in 0..count {
            let row = if round % 2 == 0 { step } else { count - 1 - step };
            place_row(grid, row, aside, &touching, round >= STRAIGHTEN);
        }
    }
    snap(grid, aside, &touching);
}

/// Makes what is nearly straight quite straight, from the top to the bottom, where the neighbours leave room for it.
fn snap(grid: &mut Grid, aside: f64, touching: &[Vec<usize>]) {
    for row in &grid.rows {
        for (at, &cell) in row.iter().enumerate() {
            let from_above = touching[cell]
                .iter()
                .map(|arc| &grid.arcs[*arc])
                .filter(|arc| arc.lower == cell);
            let Some(arc) = from_above.max_by(|a, b| a.weight.total_cmp(&b.weight)) else {
                continue;
            };
            let x = grid.cells[arc.upper].x + arc.exit - arc.entry;
            // The neighbour to the left has been snapped already, that to the right will be.
            let left = at.checked_sub(1).map(|left| &grid.cells[row[left]]);
            let right = row.get(at + 1).map(|right| &grid.cells[*right]);
            let own = &grid.cells[cell];
            let free = left.is_none_or(|left| x - left.x >= distance(left, own, aside) - SNAP)
                && right.is_none_or(|right| right.x - x >= distance(own, right, aside) - SNAP);
            if (x - own.x).abs() < SNAP && free {
                grid.cells[cell].x = x;
            }
        }
    }
}

/// How far apart the axes of two neighbours are at least.
fn distance(left: &Cell, right: &Cell, aside: f64) -> f64 {
    let gap = if left.solid && right.solid { aside } else { aside * 0.7 };
    left.room.right + gap + right.room.left
}

/// Where a cell wants to be, and how much.
fn wish(grid: &Grid, cell: usize, touching: &[usize], straighten: bool) -> (f64, f64) {
    let (mut sum, mut weights) = (0.0, 0.0);
    for arc in touching.iter().map(|at| &grid.arcs[*at]) {
        let there = if arc.upper == cell {
            grid.cells[arc.lower].x + arc.entry - arc.exit
        } else {
            grid.cells[arc.upper].x + arc.exit - arc.entry
        };
        let slant = (there - grid.cells[cell].x).abs();
        let weight = if straighten { arc.weight / (slant + 1.0) } else { arc.weight };
        sum += weight * there;
        weights += weight;
    }
    if weights == 0.0 {
        (grid.cells[cell].x, 0.001)
    } else {
        (sum / weights, weights)
    }
}

/// Neighbours that touch each other and move as one.
struct Block {
    /// Where its first cell goes.
    x: f64,
    weight: f64,
    cells: usize,
    /// From the first cell of the block to the first of the next one that touches it.
    width: f64,
}

/// Places one row (an isotonic regression: neighbours that would be too close become one block at their common mean).
fn place_row(grid: &mut Grid, row: usize, aside: f64, touching: &[Vec<usize>], straighten: bool) {
    let cells = grid.rows[row].clone();
    let mut blocks: Vec<Block> = Vec::new();
    for (at, &cell) in cells.iter().enumerate() {
        let (x, weight) = wish(grid, cell, &touching[cell], straighten);
        let width = cells
            .get(at + 1)
            .map_or(0.0, |next| distance(&grid.cells[cell], &grid.cells[*next], aside));
        let mut block = Block {
            x,
            weight,
            cells: 1,
            width,
        };
        while let Some(before) = blocks.pop_if(|before| before.x + before.width > block.x) {
            let weight = before.weight + block.weight;
            block = Block {
                x: (before.x * before.weight + (block.x - before.width) * block.weight) / weight,
                weight,
                cells: before.cells + block.cells,
                width: before.width + block.width,
            };
        }
        blocks.push(block);
    }
    let mut at = 0;
    for block in blocks {
        let mut x = block.x;
        for _ in 0..block.cells {
            grid.cells[cells[at]].x = x;
            if let Some(next) = cells.get(at + 1) {
                x += distance(&grid.cells[cells[at]], &grid.cells[*next], aside);
            }
            at += 1;
        }
    }
}

/// The top and the bottom of every row.
pub(super) fn downwards(grid: &Grid, spacing: Spacing) -> Vec<(f64, f64)> {
    let mut y = 0.0;
    let mut rows = Vec::new();
    for (at, row) in grid.rows.iter().enumerate() {
        if at > 0 {
            // A wide sweep needs some height.
            let sweep = grid.arcs.iter().filter(|arc| grid.cells[arc.lower].row == at).map(|arc| {
                let (from, to) = (&grid.cells[arc.upper], &grid.cells[arc.lower]);
                (from.x + arc.exit - to.x - arc.entry).abs()
            });
            let sweep = sweep.fold(0.0, f64::max);
            let least = if at % 2 == 1 { spacing.below } else { spacing.above };
            y += least + (sweep * 0.16).min(26.0);
        }
        let height = row.iter().map(|cell| grid.cells[*cell].room.height).fold(0.0, f64::max);
        rows.push((y, y + height));
        y += height;
    }
    rows
}
