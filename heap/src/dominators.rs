//! Dominators of a graph: through which node does every path to another one go?
//!
//! The method is *semi-NCA* (Georgiadis, 2005), a simpler relative of Lengauer and Tarjan's: nodes are numbered depth
//! first, semidominators come from a walk over the numbers from behind with compressed paths, and the dominator is the
//! first ancestor that is no later than the semidominator. Quadratic for graphs made to be so; heaps are not.

/// A graph whose nodes are numbered depth first; 0 is where it begins.
pub(crate) struct Graph {
    /// Of each node, the one it was found from.
    parents: Vec<u32>,
    /// Edges that found nothing new: from and to.
    others: Vec<(u32, u32)>,
}

impl Graph {
    /// Just the beginning.
    pub(crate) fn new() -> Graph {
        Graph { parents: vec![0], others: vec![] }
    }

    /// The next node, found from an earlier one.
    pub(crate) fn node(&mut self, parent: u32) -> u32 {
        self.parents.push(parent);
        u32::try_from(self.parents.len() - 1).expect("a heap has fewer objects")
    }

    /// Another edge.
    pub(crate) fn edge(&mut self, from: u32, to: u32) {
        self.others.push((from, to));
    }
}

/// The immediate dominator of each node. It is numbered before the node, except for that of 0, which is 0.
pub(crate) fn dominators(graph: &Graph) -> Vec<u32> {
    let mut forest = Forest::new(&graph.parents);
    let mut edges = graph.others.clone();
    edges.sort_unstable_by_key(|&(_, to)| to);
    for node in (1..graph.parents.len() as u32).rev() {
        let mut semi = graph.parents[node as usize];
        while let Some((from, _)) = edges.pop_if(|&mut (_, to)| to == node) {
            let best = forest.best(from, node + 1);
            semi = semi.min(forest.semi[best as usize]);
        }
        forest.semi[node as usize] = semi;
    }
    let mut dominators = graph.parents.clone();
    for node in 1..dominators.len() {
        while dominators[node] > forest.semi[node] {
            dominators[node] = dominators[dominators[node] as usize];
        }
    }
    dominators
}

/// Paths towards the beginning, compressed as they are asked about.
struct Forest {
    semi: Vec<u32>,
    ancestors: Vec<u32>,
    /// The node with the least semidominator on the compressed path.
    labels: Vec<u32>,
    path: Vec<u32>,
}

impl Forest {
    fn new(parents: &[u32]) -> Forest {
        let all: Vec<u32> = (0..parents.len() as u32).collect();
        Forest { semi: all.clone(), ancestors: parents.to_vec(), labels: all, path: vec![] }
    }

    /// The node with the least semidominator among `node` and its ancestors down to number `done`.
    fn best(&mut self, node: u32, done: u32) -> u32 {
        let mut at = node;
        while self.ancestors[at as usize] >= done {
            self.path.push(at);
            at = self.ancestors[at as usize];
        }
        while let Some(next) = self.path.pop() {
            let (before, label) = (self.labels[at as usize], self.labels[next as usize]);
            if self.semi[before as usize] < self.semi[label as usize] {
                self.labels[next as usize] = before;
            }
            self.ancestors[next as usize] = self.ancestors[at as usize];
            at = next;
        }
        self.labels[node as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// By definition: a node dominates those that cannot be reached without it.
    fn slowly(graph: &Graph) -> Vec<u32> {
        let count = graph.parents.len();
        let mut successors = vec![vec![]; count];
        for (n, &parent) in (0..).zip(&graph.parents).skip(1) {
            successors[parent as usize].push(n);
        }
        graph.others.iter().for_each(|&(from, to)| successors[from as usize].push(to));
        let without = |removed: usize| {
            let mut reached = vec![false; count];
            let mut todo = if removed == 0 { vec![] } else { vec![0u32] };
            while let Some(n) = todo.pop() {
                if n as usize != removed && !std::mem::replace(&mut reached[n as usize], true) {
                    todo.extend(&successors[n as usize]);
                }
            }
            reached
        };
        let reached: Vec<_> = (0..count).map(without).collect();
        let dominates = |a: usize, b: usize| !reached[a][b];
        // Dominators of a node are found one after the other on the way to it, so the last one is the immediate one.
        let immediate = |n: usize| (0..n).rev().find(|&a| dominates(a, n)).unwrap_or(0);
        (0..count).map(|n| immediate(n) as u32).collect()
    }

    /// Numbers nodes depth first, as the heap does.
    fn random_graph(seed: u64) -> Graph {
        let mut state = seed * 2 + 1;
        let mut random = |n: u64| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) % n
        };
        let nodes = 2 + random(14) as usize;
        let edges: Vec<(u64, u64)> = (0..3 * nodes).map(|_| (random(nodes as u64), random(nodes as u64))).collect();
        let mut graph = Graph::new();
        let mut numbers = vec![None; nodes];
        let mut todo = vec![(None, 0u64)];
        while let Some((from, node)) = todo.pop() {
            let number = match (from, numbers[node as usize]) {
                (Some(from), Some(known)) => {
                    graph.edge(from, known);
                    continue;
                }
                (Some(from), None) => graph.node(from),
                (None, _) => 0,
            };
            numbers[node as usize] = Some(number);
            todo.extend(edges.iter().filter(|edge| edge.0 == node).map(|edge| (Some(number), edge.1)));
        }
        graph
    }

    #[test]
    fn they_are_what_the_definition_says() {
        for seed in 0..2000 {
            let graph = random_graph(seed);
            assert_eq!(dominators(&graph), slowly(&graph), "seed {seed}");
        }
    }
}
