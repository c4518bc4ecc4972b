//! Agreement of assessors, and what stands out in a small survey.

use dgpf::analysis::coherence::{Finding, coherence};
use dgpf::framework::NodeIx;
use dgpf::scoring::Assumptions;

use crate::loading::{framework, responses};

const FRAMEWORK: &str = "
dgpf: 1
id: assessed
unit: unit
rows: [{key: assessor, combine: mean, of: answers}]
scales: {extent: {none: 0, some: 0.5, all: 1}}
indicators:
  - {id: a, scale: extent}
  - {id: b, scale: extent}
  - {id: c, scale: extent}
";

/// Both assessors agree on `a`, and never on `b`; `c` goes down where `a` goes up.
const RESPONSES: &str = "\
unit,assessor,a,b,c
one,x,none,none,all
one,y,none,all,all
two,x,some,all,some
two,y,some,none,some
three,x,all,none,none
three,y,all,all,none
";

#[test]
fn assessors_agree_or_not_and_parts_pull_the_wrong_way() {
    let framework = framework(FRAMEWORK);
    let responses = responses(&framework, RESPONSES);
    let found = coherence(&framework, &Assumptions::of(&framework), &responses, 0);
    let alphas: Vec<Option<f64>> = found.agreement.iter().map(|found| found.alpha).collect();
    // `b`: three pairs that differ by 1, so observed 1; six answers, half of them 1: expected 2 · 1.5 ÷ 5 = 0.6.
    assert_eq!(found.agreement[1].node, Some(NodeIx(1)));
    assert_eq!(alphas[1], Some(1.0));
    let of_b = alphas[2].expect("answers differ");
    assert!((of_b - (1.0 - 1.0 / 0.6)).abs() < 1e-12, "{of_b}");
    assert_eq!(found.agreement[2].equal, Some(0.0));
    assert_eq!(found.agreement[0].node, None);
    assert_eq!(
        (found.agreement[0].compared, found.agreement[0].answers),
        (9, 18)
    );
    assert!(found.findings.contains(&Finding::Disagreement {
        node: Some(NodeIx(2)),
        alpha: of_b
    }));
    // The units' means of `b` are all a half, and those of `a` and `c` sum to 1.
    let against = found.findings.iter().find_map(|finding| match finding {
        Finding::Against {
            one,
            other,
            correlation,
        } => Some((*one, *other, *correlation)),
        _ => None,
    });
    let (one, other, correlation) = against.expect("`a` and `c` fall against each other");
    assert_eq!((one, other), (NodeIx(1), NodeIx(3)));
    assert!((correlation + 1.0).abs() < 1e-12);
    assert!(
        found
            .findings
            .contains(&Finding::Constant { node: NodeIx(2) })
    );
}
