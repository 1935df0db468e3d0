//! Algorithms on graphs whose vertices are `0..edges.len()`. None of them recurses: a wire may be long.

/// For each vertex, those that it leads to.
pub(crate) type Edges = Vec<Vec<usize>>;

/// Which vertices `roots` reach, themselves included.
pub(crate) fn reach(edges: &Edges, roots: impl IntoIterator<Item = usize>) -> Vec<bool> {
    let mut seen = vec![false; edges.len()];
    let mut todo: Vec<usize> = roots.into_iter().collect();
    while let Some(at) = todo.pop() {
        if !std::mem::replace(&mut seen[at], true) {
            todo.extend(edges[at].iter().copied());
        }
    }
    seen
}

/// The vertices in an order in which each comes before all that it leads to (those on a cycle in some order).
pub(crate) fn topological(edges: &Edges, roots: impl IntoIterator<Item = usize>) -> Vec<usize> {
    let mut seen = vec![false; edges.len()];
    let mut order = Vec::new();
    let mut roots: Vec<usize> = roots.into_iter().collect();
    roots.reverse();
    for root in roots {
        if std::mem::replace(&mut seen[root], true) {
            continue;
        }
        // Each vertex with how many of its edges are left, taken from the last: the reversed post-order then keeps the order written.
        let mut path = vec![(root, edges[root].len())];
        while let Some((at, left)) = path.last_mut() {
            if *left == 0 {
                order.push(*at);
                path.pop();
                continue;
            }
            *left -= 1;
            let next = edges[*at][*left];
            if !std::mem::replace(&mut seen[next], true) {
                path.push((next, edges[next].len()));
            }
        }
    }
    order.reverse();
    order
}

/// The strongly connected components that hold a cycle, each sorted, in the order of their first vertex.
pub(crate) fn cyclic(edges: &Edges) -> Vec<Vec<usize>> {
    let order = topological(edges, 0..edges.len());
    let mut back: Edges = vec![Vec::new(); edges.len()];
    for (from, targets) in edges.iter().enumerate() {
        for &to in targets {
            back[to].push(from);
        }
    }
    // Kosaraju: on the reversed graph, in the order found, each search finds one component.
    let mut seen = vec![false; edges.len()];
    let mut found = Vec::new();
    for root in order {
        let (mut component, mut todo) = (Vec::new(), vec![root]);
        while let Some(at) = todo.pop() {
            if !std::mem::replace(&mut seen[at], true) {
                component.push(at);
                todo.extend(back[at].iter().copied());
            }
        }
        let cyclic = component.len() > 1 || component.first().is_some_and(|&at| edges[at].contains(&at));
        if cyclic {
            component.sort_unstable();
            found.push(component);
        }
    }
    found.sort_unstable();
    found
}

/// A shortest path of vertices from `from` to `to`, at least one edge long.
pub(crate) fn path(edges: &Edges, from: usize, to: usize) -> Option<Vec<usize>> {
    let mut before = vec![None; edges.len()];
    let mut todo = std::collections::VecDeque::from([from]);
    while let Some(at) = todo.pop_front() {
        for &next in &edges[at] {
            if before[next].is_some() {
                continue;
            }
            before[next] = Some(at);
            if next == to {
                let mut path = vec![to, at];
                let mut at = at;
                while at != from {
                    at = before[at]?;
                    path.push(at);
                }
                path.reverse();
                return Some(path);
            }
            todo.push_back(next);
        }
    }
    None
}

/// Elementary cycles, each once, from its smallest vertex on; no more than `limit`.
pub(crate) fn cycles(edges: &Edges, limit: usize) -> Vec<Vec<usize>> {
    let mut found = Vec::new();
    for component in cyclic(edges) {
        for &start in &component {
            // Within the component, over vertices from `start` on.
            let inside = |at: &usize| *at >= start && component.binary_search(at).is_ok();
            let back: Edges = (0..edges.len())
                .map(|to| {
                    (0..edges.len())
                        .filter(|from| inside(from) && inside(&to) && edges[*from].contains(&to))
                        .collect()
                })
                .collect();
            let home = reach(&back, [start]);
            let mut path = vec![start];
            let mut left = vec![edges[start].clone()];
            while let Some(targets) = left.last_mut() {
                let Some(next) = targets.pop() else {
                    left.pop();
                    path.pop();
                    continue;
                };
                if next == start {
                    found.push(path.clone());
                    if found.len() >= limit {
                        return found;
                    }
                } else if inside(&next) && home[next] && !path.contains(&next) {
                    path.push(next);
                    left.push(edges[next].clone());
                }
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 0 -> 1 -> 2 -> 1, 2 -> 3, 3 -> 3, 4 -> 0
    fn sample() -> Edges {
        vec![vec![1], vec![2], vec![1, 3], vec![3], vec![0]]
    }

    #[test]
    fn what_is_reached() {
        assert_eq!(reach(&sample(), [2]), [false, true, true, true, false]);
        assert_eq!(reach(&sample(), []), [false; 5]);
    }

    #[test]
    fn components_with_a_cycle() {
        assert_eq!(cyclic(&sample()), [vec![1, 2], vec![3]]);
        assert_eq!(cyclic(&vec![vec![1], vec![]]), Vec::<Vec<usize>>::new());
    }

    #[test]
    fn topological_order_keeps_the_order_written() {
        let edges = vec![vec![2, 1], vec![3], vec![3], vec![]];
        assert_eq!(topological(&edges, [0]), [0, 2, 1, 3]);
        assert_eq!(topological(&edges, [1, 0]), [0, 2, 1, 3]);
        let long: Edges = (0..100_000)
            .map(|at| if at < 99_999 { vec![at + 1] } else { vec![] })
            .collect();
        assert_eq!(topological(&long, [0]), (0..100_000).collect::<Vec<_>>());
    }

    #[test]
    fn shortest_paths() {
        assert_eq!(path(&sample(), 4, 3), Some(vec![4, 0, 1, 2, 3]));
        assert_eq!(path(&sample(), 3, 3), Some(vec![3, 3]));
        assert_eq!(path(&sample(), 1, 1), Some(vec![1, 2, 1]));
        assert_eq!(path(&sample(), 3, 0), None);
    }

    #[test]
    fn each_cycle_once() {
        let edges = vec![vec![1], vec![0, 2], vec![0]];
        assert_eq!(cycles(&edges, 10), [vec![0, 1, 2], vec![0, 1]]);
        assert_eq!(cycles(&edges, 1).len(), 1);
        assert_eq!(cycles(&sample(), 10), [vec![1, 2], vec![3]]);
        let full: Edges = (0..12).map(|_| (0..12).collect()).collect();
        assert_eq!(cycles(&full, 64).len(), 64);
    }
}
