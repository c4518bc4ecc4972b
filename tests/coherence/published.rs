//! What the OECD published on the consistency of the Digital Government Index of 2023 (<https://doi.org/10.1787/1a89ed5e-en>):
//! over all 38 countries.

use dgpf::analysis::coherence::coherence;
use dgpf::framework::Framework;
use dgpf::scoring::Assumptions;

use crate::loading::{framework, responses};

const FRAMEWORK: &str = include_str!("../../frameworks/dgi-2023.yaml");
const RESPONSES: &str = include_str!("../../examples/dgi-2023.csv");

#[test]
fn the_published_checks_of_the_index_of_2023_come_out() {
    let framework = framework(FRAMEWORK);
    let responses = responses(&framework, RESPONSES);
    let found = coherence(&framework, &Assumptions::of(&framework), &responses, 0);
    assert_eq!(found.units, 38);
    let index = found
        .nodes
        .iter()
        .find(|group| group.node == Framework::INDEX);
    let index = index.expect("the index has six parts");
    let near = |found: f64, printed: f64, digits: i32| {
        let off = 0.5 * 10f64.powi(-digits) + 1e-9;
        assert!((found - printed).abs() <= off, "{found} is not {printed}");
    };
    let components = index.components.as_ref().expect("all of them vary");
    near(components.eigenvalues[0], 4.31, 2);
    near(components.explained(0), 0.719, 3);
    assert_eq!(components.above_one(), 1);
    let alpha = index.alpha.as_ref().expect("all of them vary");
    near(alpha.raw, 0.916, 3);
    near(alpha.standardised.expect("all vary"), 0.921, 3);
    let printed = [0.89, 0.82, 0.87, 0.78, 0.88, 0.85];
    assert_eq!(index.parts.len(), printed.len());
    for (part, printed) in index.parts.iter().zip(printed) {
        let link = found.links.iter().find(|link| link.node == *part);
        let link = link.expect("it is part of the index");
        near(link.with_index.pearson.expect("it varies"), printed, 2);
    }
}
