//! A radar, for those who ask for it: lines only, since the area of a radar grows with the square of its scores and hangs
//! on the order of its axes (`docs/scorecards.md`).

use crate::framework::{NodeIx, Range};
use crate::report::svg::Svg;
use crate::report::terminal::{escaped as plain, shorten};

use super::context::Context;

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 420.0;
const RADIUS: f64 = 140.0;
const CENTRE: [f64; 2] = [WIDTH / 2.0, HEIGHT / 2.0];

/// The dimensions of a unit, the peers' mean and the last wave; nothing with fewer than three dimensions, or where scores
/// have no range.
pub(super) fn picture(context: &Context<'_>, row: usize) -> Option<Svg> {
    let nodes = context.dimensions();
    if nodes.len() < 3 || context.range() == Range::Unbounded {
        return None;
    }
    let mut picture = Svg::new(WIDTH, HEIGHT);
    let at = |position: usize, share: f64| {
        let turn = std::f64::consts::TAU * position as f64 / nodes.len() as f64;
        let length = RADIUS * share;
        [
            CENTRE[0] + length * libm::sin(turn),
            CENTRE[1] - length * libm::cos(turn),
        ]
    };
    for ring in 1..=4 {
        let share = f64::from(ring) / 4.0;
        let ring: Vec<[f64; 2]> = (0..nodes.len()).map(|axis| at(axis, share)).collect();
        picture.path("open", &ring, true);
    }
    for (axis, &node) in nodes.iter().enumerate() {
        let end = at(axis, 1.0);
        picture.line("axis", CENTRE, end);
        label(context, &mut picture, node, at(axis, 1.08));
    }
    let mean = |node: NodeIx| context.spread(node).map(|spread| spread.mean);
    let before = context.before.get(&row).copied();
    let then = |node: NodeIx| before.and_then(|before| context.score(node, before));
    let now = |node: NodeIx| context.score(node, row);
    outline(&mut picture, "radar-mean", &nodes, mean, at);
    outline(&mut picture, "radar-before", &nodes, then, at);
    outline(&mut picture, "course", &nodes, now, at);
    for (axis, &node) in nodes.iter().enumerate() {
        if let Some(score) = now(node) {
            picture.circle("score", at(axis, score), 5.0);
        }
    }
    Some(picture)
}

/// A closed line where every dimension has a score; else only the sides between those that have one.
fn outline(
    picture: &mut Svg,
    class: &str,
    nodes: &[NodeIx],
    of: impl Fn(NodeIx) -> Option<f64>,
    at: impl Fn(usize, f64) -> [f64; 2],
) {
    for axis in 0..nodes.len() {
        let next = (axis + 1) % nodes.len();
        if let (Some(here), Some(there)) = (of(nodes[axis]), of(nodes[next])) {
            picture.line(class, at(axis, here), at(next, there));
        }
    }
}

fn label(context: &Context<'_>, picture: &mut Svg, node: NodeIx, [x, y]: [f64; 2]) {
    let anchor = if (x - CENTRE[0]).abs() < 20.0 {
        "middle"
    } else if x > CENTRE[0] {
        "start"
    } else {
        "end"
    };
    let title = context.title(node);
    picture.text("name", [x, y + 4.0], anchor, &shorten(&plain(&title), 36));
}
