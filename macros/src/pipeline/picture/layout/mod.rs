//! A layered layout, from the top to the bottom (Sugiyama): levels, order within the rows, places.
//!
//! Items stand in every other row. The rows between are for what is drawn on an edge (a tag: its ring, its label) and for bends.
//! An edge over several rows gets a bend in each, so that everything joins neighbouring rows.

mod levels;
mod order;
mod place;
mod spread;

pub(super) use levels::Hint;

/// The room that something takes on either side of its axis, and its height.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Room {
    pub left: f64,
    pub right: f64,
    pub height: f64,
}

/// Something that stands in a row.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub room: Room,
    pub hint: Hint,
}

/// Where an edge touches an item.
#[derive(Debug, Clone, Copy)]
pub(super) struct Anchor {
    /// The place of the item.
    pub item: usize,
    /// Edges with the same mark share a spot of the item, and spread over it.
    pub mark: usize,
    /// The middle of the spot, from the axis of the item.
    pub middle: f64,
    /// How far edges may spread from there.
    pub spread: f64,
}

/// An edge from an item to another.
#[derive(Debug, Clone, Copy)]
pub(super) struct Link {
    pub from: Anchor,
    pub to: Anchor,
    /// What stands on it, near the end. Several links into one spot may share a tag.
    pub tag: Option<usize>,
    /// The side ways give way to the main ones.
    pub side: bool,
}

impl Link {
    /// Its upper and its lower end.
    fn ends(&self, upwards: bool) -> (Anchor, Anchor) {
        if upwards { (self.to, self.from) } else { (self.from, self.to) }
    }
}

/// Distances.
#[derive(Debug, Clone, Copy)]
pub(super) struct Spacing {
    /// Between neighbours in a row.
    pub aside: f64,
    /// Below a row of items.
    pub below: f64,
    /// Above a row of items: an arrow head fits in.
    pub above: f64,
}

/// The finished layout. The drawing starts at (0, 0).
#[derive(Debug, Default)]
pub(super) struct Layout {
    pub width: f64,
    pub height: f64,
    /// Of each item: its axis, and its top.
    pub items: Vec<(f64, f64)>,
    /// Of each tag: its axis and its top, for the links that lead downwards and for those that lead upwards.
    pub tags: Vec<[Option<(f64, f64)>; 2]>,
    /// Of each link, from the upper to the lower end.
    pub routes: Vec<Route>,
}

/// The way of a link.
#[derive(Debug, Clone, Default)]
pub(super) struct Route {
    /// It leads upwards: the upper end is the link's end.
    pub upwards: bool,
    /// Where it is at the row of the upper item: the axis, and the bottom of the row.
    pub start: (f64, f64),
    /// The rows that it crosses, but for those in which nothing stands in the way.
    pub bends: Vec<Bend>,
    /// Where it is at the row of the lower item: the axis, and the top of the row.
    pub end: (f64, f64),
}

/// A row that a link crosses.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bend {
    pub x: f64,
    pub top: f64,
    pub bottom: f64,
    /// This is where the link's tag stands.
    pub tag: bool,
}

/// What stands in a row: an item, a tag or a bend.
#[derive(Debug, Clone)]
struct Cell {
    row: usize,
    room: Room,
    /// No bend: a wider gap beside it.
    solid: bool,
    x: f64,
}

/// What joins cells in neighbouring rows.
#[derive(Debug, Clone, Copy)]
struct Arc {
    upper: usize,
    lower: usize,
    /// Where it touches the upper and the lower cell, from the axis.
    exit: f64,
    entry: f64,
    /// How straight it wants to be.
    weight: f64,
}

/// The cells, row by row, and what joins them.
#[derive(Debug, Default)]
struct Grid {
    cells: Vec<Cell>,
    rows: Vec<Vec<usize>>,
    arcs: Vec<Arc>,
}

/// The cells of a tag: it stands near the end of a link, so above it or below it.
type TagCells = [Option<usize>; 2];

/// The cells of one link, from the upper to the lower end.
#[derive(Debug)]
struct Chain {
    upwards: bool,
    cells: Vec<usize>,
    /// Its first and its last arc.
    arcs: (usize, usize),
}

/// Lays items out. `tags` are the rooms of the tags.
pub(super) fn layout(items: &[Item], tags: &[Room], links: &[Link], spacing: Spacing) -> Layout {
    let ends: Vec<(usize, usize)> = links.iter().map(|link| (link.from.item, link.to.item)).collect();
    let hints: Vec<Hint> = items.iter().map(|item| item.hint).collect();
    let levels = levels::levels(&hints, &ends);
    let mut grid = Grid::default();
    for (item, level) in items.iter().zip(&levels) {
        grid.add(2 * level, item.room, true);
    }
    let mut tag_cells: Vec<TagCells> = vec![[None; 2]; tags.len()];
    let chains: Vec<Chain> = links
        .iter()
        .map(|link| grid.chain(link, &levels, tags, &mut tag_cells))
        .collect();
    order::order(&mut grid);
    spread::spread(&mut grid, links, &chains);
    place::sideways(&mut grid, spacing.aside);
    let rows = place::downwards(&grid, spacing);
    finish(&grid, &rows, items.len(), &tag_cells, &chains)
}

impl Grid {
    fn add(&mut self, row: usize, room: Room, solid: bool) -> usize {
        let cell = self.cells.len();
        self.cells.push(Cell {
            row,
            room,
            solid,
            x: 0.0,
        });
        if self.rows.len() <= row {
            self.rows.resize(row + 1, Vec::new());
        }
        self.rows[row].push(cell);
        cell
    }

    /// Adds the bends and the tag of a link, and joins them.
    fn chain(&mut self, link: &Link, levels: &[usize], tags: &[Room], tag_cells: &mut [TagCells]) -> Chain {
        let upwards = levels[link.from.item] > levels[link.to.item];
        let (upper, lower) = link.ends(upwards);
        let rows = 2 * levels[upper.item] + 1..2 * levels[lower.item];
        let tag_row = if upwards { rows.start } else { rows.end - 1 };
        let mut cells = vec![upper.item];
        for row in rows {
            let cell = match link.tag.filter(|_| row == tag_row) {
                Some(tag) => *tag_cells[tag][usize::from(upwards)].get_or_insert_with(|| self.add(row, tags[tag], true)),
                None => self.add(row, Room::default(), false),
            };
            cells.push(cell);
        }
        cells.push(lower.item);
        let mut arcs = Vec::new();
        for pair in cells.windows(2) {
            // A long edge is straight in its middle first of all; a main way is straighter than a side way.
            let inner = !self.cells[pair[0]].solid && !self.cells[pair[1]].solid;
            let weight = if link.side { 1.0 } else { 6.0 } * if inner { 8.0 } else { 1.0 };
            // Only between a tag and its item can two links share a piece.
            let shared = self.cells[pair[0]].solid && self.cells[pair[1]].solid;
            let known = self
                .arcs
                .iter()
                .position(|arc| shared && (arc.upper, arc.lower) == (pair[0], pair[1]));
            arcs.push(known.unwrap_or_else(|| {
                self.arcs.push(Arc {
                    upper: pair[0],
                    lower: pair[1],
                    exit: upper.middle,
                    entry: lower.middle,
                    weight,
                });
                self.arcs.len() - 1
            }));
        }
        let (first, last) = (arcs[0], arcs[arcs.len() - 1]);
        for (at, arc) in arcs.iter().enumerate() {
            let arc = &mut self.arcs[*arc];
            arc.exit = if at == 0 { upper.middle } else { 0.0 };
            arc.entry = if at + 1 == arcs.len() { lower.middle } else { 0.0 };
        }
        Chain {
            upwards,
            cells,
            arcs: (first, last),
        }
    }

    /// The place of each cell in its row.
    fn positions(&self) -> Vec<usize> {
        let mut positions = vec![0; self.cells.len()];
        for row in &self.rows {
            row.iter().enumerate().for_each(|(at, cell)| positions[*cell] = at);
        }
        positions
    }
}

/// Reads the layout off the grid. `rows` are the tops and the bottoms of the rows.
fn finish(grid: &Grid, rows: &[(f64, f64)], items: usize, tags: &[TagCells], chains: &[Chain]) -> Layout {
    let left = grid
        .cells
        .iter()
        .map(|cell| cell.x - cell.room.left)
        .fold(f64::INFINITY, f64::min);
    let right = grid
        .cells
        .iter()
        .map(|cell| cell.x + cell.room.right)
        .fold(f64::NEG_INFINITY, f64::max);
    let x = |cell: usize| grid.cells[cell].x - left;
    let mut joined = vec![false; grid.cells.len()];
    grid.arcs.iter().for_each(|arc| joined[arc.lower] = true);
    let top = |cell: usize| {
        let (top, bottom) = rows[grid.cells[cell].row];
        // What nothing leads to stands close to what it leads to.
        if joined[cell] {
            top
        } else {
            bottom - grid.cells[cell].room.height
        }
    };
    let crowded: Vec<bool> = grid
        .rows
        .iter()
        .map(|row| row.iter().any(|cell| grid.cells[*cell].solid))
        .collect();
    let routes = chains.iter().map(|chain| {
        let (first, last) = (&grid.arcs[chain.arcs.0], &grid.arcs[chain.arcs.1]);
        let inner = chain.cells[1..chain.cells.len() - 1]
            .iter()
            .filter(|cell| crowded[grid.cells[**cell].row]);
        let bends = inner.map(|&cell| {
            let (top, bottom) = rows[grid.cells[cell].row];
            let tag = grid.cells[cell].solid;
            Bend {
                x: x(cell),
                top,
                bottom: if tag { top + grid.cells[cell].room.height } else { bottom },
                tag,
            }
        });
        Route {
            upwards: chain.upwards,
            start: (x(first.upper) + first.exit, rows[grid.cells[first.upper].row].1),
            bends: bends.collect(),
            end: (x(last.lower) + last.entry, rows[grid.cells[last.lower].row].0),
        }
    });
    Layout {
        width: if grid.cells.is_empty() { 0.0 } else { right - left },
        height: rows.last().map_or(0.0, |row| row.1),
        items: (0..items).map(|cell| (x(cell), top(cell))).collect(),
        tags: tags
            .iter()
            .map(|tag| tag.map(|cell| cell.map(|cell| (x(cell), rows[grid.cells[cell].row].0))))
            .collect(),
        routes: routes.collect(),
    }
}
