//! Lines, step by step.

/// A point, from the left and from the top.
pub(super) type Point = (f64, f64);

/// A way from point to point.
#[derive(Debug, Clone, Default)]
pub(super) struct Path {
    pub start: Point,
    pub steps: Vec<Step>,
}

/// How a way goes on.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Step {
    Line(Point),
    /// A curve that starts and ends upright.
    Sway(Point),
    /// Round a corner.
    Turn {
        corner: Point,
        to: Point,
    },
}

impl Step {
    pub(super) fn end(self) -> Point {
        match self {
            Step::Line(to) | Step::Sway(to) | Step::Turn { to, .. } => to,
        }
    }
}

impl Path {
    pub(super) fn from(start: Point) -> Path {
        Path {
            start,
            steps: Vec::new(),
        }
    }

    pub(super) fn end(&self) -> Point {
        self.steps.last().map_or(self.start, |step| step.end())
    }

    pub(super) fn line(&mut self, to: Point) {
        let at = self.end();
        if length(at, to) <= 0.05 {
            return;
        }
        // Straight on is one line.
        let before = self
            .steps
            .len()
            .checked_sub(2)
            .map_or(self.start, |before| self.steps[before].end());
        if matches!(self.steps.last(), Some(Step::Line(_))) && before.0 == at.0 && at.0 == to.0 {
            self.steps.pop();
        }
        self.steps.push(Step::Line(to));
    }

    pub(super) fn sway(&mut self, to: Point) {
        if (self.end().0 - to.0).abs() < 0.75 {
            self.line(to)
        } else {
            self.steps.push(Step::Sway(to))
        }
    }

    /// Goes straight through the corners, and rounds them.
    pub(super) fn corners(&mut self, corners: &[Point], to: Point) {
        let mut next = corners.iter().skip(1).chain([&to]);
        for corner in corners {
            let Some(after) = next.next() else { break };
            let radius = 10f64.min(length(self.end(), *corner)).min(length(*corner, *after) / 2.0);
            self.line(toward(*corner, self.end(), radius));
            self.steps.push(Step::Turn {
                corner: *corner,
                to: toward(*corner, *after, radius),
            });
        }
        self.line(to);
    }

    pub(super) fn append(&mut self, path: &Path) {
        self.line(path.start);
        self.steps.extend(&path.steps);
    }

    /// The same way back.
    pub(super) fn reversed(&self) -> Path {
        let mut back = Path::from(self.end());
        for (at, step) in self.steps.iter().enumerate().rev() {
            let to = if at == 0 { self.start } else { self.steps[at - 1].end() };
            back.steps.push(match *step {
                Step::Line(_) => Step::Line(to),
                Step::Sway(_) => Step::Sway(to),
                Step::Turn { corner, .. } => Step::Turn { corner, to },
            });
        }
        back
    }

    pub(super) fn shifted(mut self, by: Point) -> Path {
        self.shift(by);
        self
    }

    pub(super) fn shift(&mut self, by: Point) {
        let moved = |point: Point| (point.0 + by.0, point.1 + by.1);
        self.start = moved(self.start);
        for step in &mut self.steps {
            *step = match *step {
                Step::Line(to) => Step::Line(moved(to)),
                Step::Sway(to) => Step::Sway(moved(to)),
                Step::Turn { corner, to } => Step::Turn {
                    corner: moved(corner),
                    to: moved(to),
                },
            };
        }
    }
}

fn length(a: Point, b: Point) -> f64 {
    (a.0 - b.0).abs() + (a.1 - b.1).abs()
}

fn toward(from: Point, to: Point, by: f64) -> Point {
    let whole = length(from, to).max(0.01);
    (from.0 + (to.0 - from.0) * by / whole, from.1 + (to.1 - from.1) * by / whole)
}
