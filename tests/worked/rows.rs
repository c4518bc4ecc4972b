//! Rows finer than the unit become one.

use dgpf::framework::Framework;

use super::{framework, scores, table};

const CHANNELS: &str = "
attributes: {channel: {values: [web, app]}}
indicators:
  - {id: fast, scale: {\"no\": 0, \"yes\": 1}, rows-where: {channel: web}}
  - {id: safe, scale: {\"no\": 0, \"yes\": 1}}
";

#[test]
fn an_indicator_that_is_for_some_rows_takes_them_alone_however_many_steps_there_are() {
    let rows = "rows: [{key: event, combine: mean, of: answers}, {key: portal, combine: best, of: answers}]";
    let csv = "\
unit,event,portal,channel,fast,safe
NO,birth,p1,app,yes,no
NO,birth,p2,web,no,no
NO,death,p3,web,yes,no
";
    // The best of the one web portal for a birth, 0, and of that for a death, 1.
    let fast = scores(&format!("{rows}{CHANNELS}"), "fast", csv);
    assert_eq!(fast, [Some(0.5)]);
}

#[test]
fn an_indicator_that_is_for_some_rows_does_not_apply_to_others_that_are_scored() {
    let rows = "rows: [{key: portal, combine: mean, of: scores}]";
    let csv = "unit,portal,channel,fast,safe\nNO,p1,web,yes,yes\nNO,p2,app,no,no\n";
    let framework = format!("{rows}{CHANNELS}");
    assert_eq!(scores(&framework, "fast", csv), [Some(1.0)]);
    // The web portal has both, 1; the app the other one alone, 0.
    assert_eq!(scores(&framework, "index", csv), [Some(0.5)]);
}

#[test]
fn what_no_row_is_for_does_not_apply() {
    let csv = "unit,portal,channel,fast,safe\nNO,p1,app,yes,yes\n";
    for of in ["answers", "scores"] {
        let rows = format!(
            "rows: [{{key: portal, combine: mean, of: {of}}}]\ndefaults: {{missing: zero}}"
        );
        let framework = format!("{rows}{CHANNELS}");
        assert_eq!(scores(&framework, "fast", csv), [None]);
        assert_eq!(scores(&framework, "index", csv), [Some(1.0)], "{of}");
    }
}

/// How many answers there are and could be, and the coverage, of every unit.
fn counts(rest: &str, csv: &str) -> Vec<(u32, u32, Option<f64>)> {
    let table = table(&framework(rest), csv);
    let index = &table.nodes[Framework::INDEX.0];
    (0..index.score.len())
        .map(|row| {
            (
                index.answered[row],
                index.applicable[row],
                index.coverage[row],
            )
        })
        .collect()
}

#[test]
fn answers_of_rows_without_a_say_are_not_counted() {
    let by = |combine: &str| {
        format!(
            "
attributes: {{staff: number, tier: text}}
rows: [{{key: office, combine: {combine}, of: scores}}]
indicators:
  - {{id: a, scale: {{n: 0, y: 1}}}}
  - {{id: b, scale: {{n: 0, y: 1}}}}
"
        )
    };
    // Of A the second office has no staff: one answer of two. Of B none has: of all four nothing counts as answered.
    let csv = "unit,office,staff,tier,a,b\nA,1,5,x,y,\nA,2,0,x,y,y\nB,1,0,x,y,y\nB,2,,x,y,\n";
    assert_eq!(
        counts(&by("mean, weight: staff"), csv),
        [(1, 2, Some(0.5)), (0, 4, Some(0.0))]
    );
    // Nothing says how to combine `x`.
    assert_eq!(
        counts(&by("{by: tier, z: best}"), csv),
        [(0, 4, Some(0.0)), (0, 4, Some(0.0))]
    );
    assert_eq!(
        counts(&by("mean"), csv),
        [(3, 4, Some(0.75)), (3, 4, Some(0.75))]
    );
}

#[test]
fn what_counts_in_place_of_a_number_is_combined_with_the_numbers_of_other_rows() {
    let csv = "unit,agency,sells,paid\nNO,a1,yes,80\nNO,a2,no,\nSE,a1,no,\nSE,a2,no,\n";
    let index = |combine: &str, number: &str| {
        let framework = format!(
            "
rows: [{{key: agency, combine: {combine}, of: answers}}]
indicators:
  - {{id: sells, scale: {{\"no\": 0, \"yes\": 1}}}}
  - {{id: paid, number: {number}, when: {{sells: \"yes\"}}, otherwise: 0}}
"
        );
        scores(&framework, "paid", csv)
    };
    // Of 80 and of 0, and of nothing but 0.
    let percent = "{from: 0, to: 100}";
    assert_eq!(index("mean", percent), [Some(0.4), Some(0.0)]);
    assert_eq!(index("worst", percent), [Some(0.0), Some(0.0)]);
    assert_eq!(index("best", percent), [Some(0.8), Some(0.0)]);
    // The lowest number counts as 0 where it is not 0 itself: the mean of 80 and 60 of 60 to 100.
    assert_eq!(
        index("mean", "{from: 60, to: 100}"),
        [Some(0.25), Some(0.0)]
    );
    // Less is better: the mean of 80 and 100 of 100 to 0.
    assert_eq!(index("mean", "{from: 100, to: 0}"), [Some(0.1), Some(0.0)]);
    assert_eq!(index("best", "{from: 100, to: 0}"), [Some(0.2), Some(0.0)]);
}

#[test]
fn the_worse_of_two_shares_in_a_number_s_place_is_the_higher_one_where_less_is_better() {
    let framework = r#"
better: lower
rows: [{key: agency, combine: worst, of: answers}]
dimensions:
  - id: d
    when: {opens: "yes"}
    otherwise: 0.8
    indicators:
      - {id: paid, number: {from: 1, to: 20, log: true}, when: {sells: "yes"}, otherwise: 0.2}
indicators:
  - {id: opens, scale: {"no": 0, "yes": 1}}
  - {id: sells, scale: {"no": 0, "yes": 1}}
"#;
    let csv = "unit,agency,opens,sells,paid\nNO,a1,no,no,\nNO,a2,yes,no,\n";
    assert_eq!(scores(framework, "paid", csv), [Some(0.8)]);
}

#[test]
fn rows_without_a_say_are_no_part_of_coverage() {
    for of in ["answers", "scores"] {
        let framework = framework(&format!(
            "attributes: {{staff: number}}\nrows: [{{key: agency, combine: mean, weight: staff, of: {of}}}]\n\
             indicators: [{{id: a, scale: {{n: 0, y: 1}}}}]\n"
        ));
        let table = table(&framework, "unit,agency,staff,a\nNO,a1,0,\nNO,a2,1,y\n");
        assert_eq!(
            table.nodes[Framework::INDEX.0].coverage,
            [Some(1.0)],
            "{of}"
        );
    }
}

#[test]
fn a_share_that_nothing_says_how_to_combine_is_missing_as_a_number_is() {
    let of = |number: &str, tier: &str| {
        let framework = framework(&format!(
            "attributes: {{tier: text}}\nrows: [{{key: office, combine: {{by: tier, central: mean}}, of: answers}}]\n\
             indicators:\n  - {{id: open, scale: {{n: 0, y: 1}}}}\n  \
             - {{id: hours, number: {number}, when: {{open: y}}, otherwise: 0.5, missing: zero}}\n"
        ));
        let csv = format!("unit,office,tier,open,hours\nNO,a,{tier},n,\nNO,b,{tier},n,\n");
        let table = table(&framework, &csv);
        let hours = &table.nodes[framework.find("hours").expect("it is there").0];
        (
            hours.score[0],
            hours.coverage[0],
            hours.low[0],
            hours.high[0],
        )
    };
    // Whatever combines them, it would be a half.
    let missing = (Some(0.0), Some(0.0), Some(0.0), Some(0.5));
    let combined = (Some(0.5), Some(1.0), Some(0.5), Some(0.5));
    for number in ["{from: 1, to: 20}", "{from: 1, to: 20, log: true}"] {
        assert_eq!(of(number, "local"), missing, "{number}");
        assert_eq!(of(number, "central"), combined, "{number}");
    }
}

const SILENT: &str = "
indicators:
  - {id: a, scale: {low: 0.2, high: 1}, missing: lowest}
  - {id: b, scale: {\"no\": 0, \"yes\": 1}, rows-where: {channel: web}}
";

#[test]
fn what_rows_without_a_say_would_come_to_lies_among_them() {
    let of = |rows: &str| {
        let framework = framework(&format!(
            "attributes: {{staff: number, channel: {{values: [web, app]}}}}\nrows: [{rows}]{SILENT}"
        ));
        let csv = "unit,agency,staff,channel,a,b\nNO,a1,0,app,,yes\nNO,a2,,app,high,yes\n";
        let table = table(&framework, csv);
        let node = |id: &str| {
            let node = &table.nodes[framework.find(id).expect("it is there").0];
            (node.score[0], node.coverage[0], node.low[0], node.high[0])
        };
        [node("a"), node("b"), node("index")]
    };
    // Nobody says whose answer counts: the gap, at least 0.2, or the other one, 1. `b` is for neither row.
    let filled = (Some(0.2), Some(0.0), Some(0.2), Some(1.0));
    let missing = (None, Some(0.0), Some(0.2), Some(1.0));
    let away = (None, None, None, None);
    let answers = of("{key: agency, combine: mean, weight: staff, of: answers}");
    assert_eq!(answers, [filled, away, filled]);
    let scores = of("{key: agency, combine: mean, weight: staff, of: scores}");
    assert_eq!(scores, [missing, away, missing]);
}

#[test]
fn scores_that_nothing_says_how_to_combine_cover_nothing() {
    for of in ["answers", "scores"] {
        let framework = framework(&format!(
            "attributes: {{tier: text}}\nrows: [{{key: office, combine: {{by: tier, central: mean}}, of: {of}}}]\n\
             indicators: [{{id: a, scale: {{n: 0, y: 1}}}}]\n"
        ));
        let csv = "unit,office,tier,a\nNO,a,local,y\nNO,b,local,n\n";
        let index = &table(&framework, csv).nodes[Framework::INDEX.0];
        let found = (
            index.score[0],
            index.coverage[0],
            index.low[0],
            index.high[0],
        );
        assert_eq!(found, (None, Some(0.0), Some(0.0), Some(1.0)), "{of}");
    }
}

#[test]
fn a_gap_beside_a_share_that_counts_is_not_filled() {
    let framework = r#"
range: unbounded
rows: [{key: office, combine: mean, of: answers}]
indicators:
  - {id: open, scale: {"no": 0, "yes": 1}}
  - {id: hours, number: {}, normalise: rank, missing: mean, when: {open: "yes"}, otherwise: 0.5}
"#;
    // One office of NO gives no number and the other one has none, so that its share counts. SE and FI are ranked without it.
    let csv = "unit,office,open,hours\nFI,a,yes,30\nNO,a,yes,\nNO,b,no,\nSE,a,yes,10\n";
    let expected = [Some(2.0), Some(0.5), Some(1.0)];
    assert_eq!(scores(framework, "hours", csv), expected);
}
