//! Where `COINr` 1.1.14 errs, and the right number. None of these needs `COINr`'s tables.

use dgpf::framework::Framework;
use dgpf::scoring::Remark;

use super::reference::Reference;
use super::scored::{Scored, written};

/// A framework of one pillar, `p`, with these lines.
fn pillar(lines: &str) -> Framework {
    written(&format!(
        "dgpf: 1\nid: written\nunit: {{key: unit, codes: any}}\nrange: unbounded\n{lines}"
    ))
}

fn close(found: Option<f64>, expected: f64) {
    let found = found.expect("there is a score");
    assert!(
        (found - expected).abs() < 1e-12,
        "{found} instead of {expected}"
    );
}

fn scores<const N: usize>(scored: &Scored, node: &str, units: [&str; N]) -> [Option<f64>; N] {
    units.map(|unit| scored.score(node, unit))
}

/// `COINr` counts a pair that it cannot compare as a win of the later row: a −2, b 0, c 2, and the other way round when
/// the rows are reversed.
#[test]
fn copeland_compares_what_both_have() {
    let framework = "
pillars:
  - id: p
    aggregate: copeland
    indicators: [{id: x, number: {}}, {id: y, number: {}}, {id: z, number: {}}]
";
    for csv in [
        "unit,x,y,z\na,3,,\nb,1,5,\nc,,,7\n",
        "unit,x,y,z\nc,,,7\nb,1,5,\na,3,,\n",
    ] {
        let scored = Scored::by(pillar(framework), csv);
        // a is ahead of b on x, all that they share; c shares nothing with anybody.
        let expected = [Some(1.0), Some(-1.0), Some(0.0)];
        assert_eq!(scores(&scored, "p", ["a", "b", "c"]), expected);
    }
}

/// `COINr`'s manual says that a missing part is skipped; its function gives nothing.
#[test]
fn a_power_mean_skips_a_missing_part() {
    let framework = "
pillars:
  - id: p
    aggregate: {power: 2}
    indicators:
      - {id: x, number: {valid: [0, 10]}}
      - {id: y, number: {valid: [0, 10]}}
      - {id: z, number: {valid: [0, 10]}, weight: 3}
";
    let scored = Scored::by(pillar(framework), "unit,x,y,z\na,6,8,\n");
    // √((36 + 64) ÷ 2)
    close(scored.score("p", "a"), 50f64.sqrt());
}

/// `COINr` divides by the lowest value, so that a price of 8 scores four times as much as one of 2.
#[test]
fn a_share_of_the_leader_falls_where_less_is_better() {
    let framework = "
indicators:
  - {id: price, number: {better: lower}, normalise: share-of-leader}
";
    let scored = Scored::by(pillar(framework), "unit,price\na,2\nb,4\nc,8\n");
    let expected = [Some(1.0), Some(0.5), Some(0.25)];
    assert_eq!(scores(&scored, "price", ["a", "b", "c"]), expected);
}

/// `COINr` computes this logarithm and then gives back what it was given.
#[test]
fn the_logarithm_of_the_innovation_index_is_taken() {
    let framework = "
indicators:
  - {id: x, number: {}, treat: {skewness: 0, kurtosis: -1000, winsorise: 0, transform: log-gii}}
";
    let scored = Scored::by(pillar(framework), "unit,x\na,0\nb,1.2\nc,3\nd,6\n");
    // (6 − 1)·x ÷ 6 + 1
    for (unit, stretched) in [("a", 1.0), ("b", 2.0), ("c", 3.5), ("d", 6.0)] {
        close(scored.score("x", unit), f64::ln(stretched));
    }
}

/// The units `u1`, `u2`, … with the numbers 1, 2, ….
fn ascending(units: u32) -> String {
    let lines = (1..=units).map(|unit| format!("u{unit},{unit}"));
    let lines: Vec<String> = std::iter::once("unit,x".to_owned()).chain(lines).collect();
    lines.join("\n") + "\n"
}

/// The value of an outlier.
fn far(outlier: u32) -> u32 {
    100 * 4_u32.pow(outlier)
}

/// `COINr` drops `winmax = NULL` and stops at five points.
#[test]
fn as_many_outliers_are_moved_as_are_allowed() {
    let of = |most: usize| {
        let framework = format!(
            "indicators:\n  - {{id: x, number: {{}}, treat: {{winsorise: {most}, transform: none}}}}\n"
        );
        let outliers: Vec<String> = (1..=8)
            .map(|outlier| format!("o{outlier},{}\n", far(outlier)))
            .collect();
        let csv = ascending(60) + &outliers.concat();
        let scored = Scored::by(pillar(&framework), &csv);
        (1..=8)
            .filter(|outlier| {
                let own = f64::from(far(*outlier));
                scored.score("x", &format!("o{outlier}")) != Some(own)
            })
            .count()
    };
    assert_eq!(of(5), 5);
    assert_eq!(of(1000), 8);
}

/// With a partial specification `COINr` forgets to skip missing cells and leaves the column untreated.
#[test]
fn a_column_with_a_gap_is_treated() {
    let framework = "
indicators:
  - {id: x, number: {}, treat: {winsorise: 1}}
";
    let csv = ascending(20) + "gap,\nfar,500\n";
    let scored = Scored::by(pillar(framework), &csv);
    let found = scores(&scored, "x", ["far", "u20", "u1", "gap"]);
    assert_eq!(found, [Some(20.0), Some(20.0), Some(1.0), None]);
}

/// `COINr` makes NaN of a constant indicator, and of every node above it.
#[test]
fn a_constant_indicator_has_no_score_and_one_note() {
    let framework = "
defaults: {indicator: {number: {}, normalise: min-max}}
pillars:
  - {id: p, indicators: [{id: x}, {id: y}]}
";
    let scored = Scored::by(pillar(framework), "unit,x,y\na,4,0\nb,4,1\n");
    assert_eq!(scores(&scored, "x", ["a", "b"]), [None, None]);
    assert_eq!(scores(&scored, "p", ["a", "b"]), [Some(0.0), Some(1.0)]);
    let [
        Remark::UselessCohort {
            node,
            count: 2,
            constant: true,
            ..
        },
    ] = scored.table.remarks.as_slice()
    else {
        panic!("{:?}", scored.table.remarks)
    };
    assert_eq!(*node, scored.node("x"));
}

/// `COINr` fills the gaps of a group in which nobody answered with NaN.
#[test]
fn a_group_without_answers_fills_nothing() {
    let framework = "
attributes: {region: text}
indicators:
  - {id: x, number: {}, missing: {mean: {by: region}}}
";
    let csv = "unit,region,x\na,north,1\nb,north,3\nc,north,\nd,south,\ne,,\n";
    let scored = Scored::by(pillar(framework), csv);
    assert_eq!(
        scores(&scored, "x", ["c", "d", "e"]),
        [Some(2.0), None, None]
    );
}

/// `COINr` stops at a zero.
#[test]
fn a_zero_in_a_geometric_mean_follows_its_rule() {
    let of = |zeros: &str| {
        let framework = format!(
            "pillars:\n  - id: p\n    aggregate: {{geometric: {{zeros: {zeros}}}}}\n    \
             indicators: [{{id: x, number: {{}}}}, {{id: y, number: {{}}}}]\n"
        );
        Scored::by(pillar(&framework), "unit,x,y\na,0,4\n").score("p", "a")
    };
    assert_eq!(of("zero"), Some(0.0));
    close(of("0.01"), 0.2);
}

/// `COINr` sorts units in the language of the session, and lists follow that order.
#[test]
fn the_order_of_rows_changes_nothing() {
    let Some(reference) = Reference::open() else {
        return;
    };
    let mut input = reference.table("input/asem_iData");
    let forward = Scored::of("copeland", &input.responses());
    input.rows.reverse();
    let backward = Scored::of("copeland", &input.responses());
    assert!(forward.table == backward.table, "the tables differ");
}

/// Three countries score 5.1 in the tolerance for minorities, one of them as 5.100 000 000 000 000 5: not worse.
#[test]
fn the_last_bit_of_a_number_parts_no_tie() {
    let Some(reference) = Reference::open() else {
        return;
    };
    let input = reference.table("input/asem_iData");
    let numbers = input.by("uCode", "TolMin");
    let tied = ["BGR", "CZE", "GRC"];
    assert_eq!(
        tied.map(|unit| numbers[unit].as_str()),
        [
            "5.0999999999999996",
            "5.0999999999999996",
            "5.1000000000000005"
        ]
    );
    let scored = Scored::of("asem", &input.responses());
    assert_eq!(
        tied.map(|unit| scored.rank("TolMin", unit)),
        [Some(24.0); 3]
    );
}

/// What the page calls tests are tests.
pub(crate) fn names(page: &str) {
    let source = include_str!("differences.rs");
    let rows = page.lines().filter(|line| line.starts_with("| "));
    let named = rows.filter_map(|row| row.strip_suffix("` |")?.rsplit_once("| `"));
    let mut count = 0;
    for (_, name) in named {
        assert!(source.contains(&format!("\nfn {name}()")), "no test {name}");
        count += 1;
    }
    assert_eq!(count, source.matches("\n#[test]\n").count());
}
