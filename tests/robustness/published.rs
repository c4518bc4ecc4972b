//! Figures that the OECD published with the Digital Government Index of 2023.

use dgpf::analysis::robustness::{Source, Study, Weighting, uncertainty};
use dgpf::framework::Framework;

use crate::loading::{framework, outside, responses, table};

const FRAMEWORK: &str = include_str!("../../frameworks/dgi-2023.yaml");
const RESPONSES: &str = include_str!("../../examples/dgi-2023.csv");

#[test]
fn the_interval_figure_of_the_index_of_2023_comes_out() {
    let Some(figure) = outside("DGPF_CORPUS", "dgi2023_sensitivity.csv") else {
        return;
    };
    let framework = framework(FRAMEWORK);
    let responses = responses(&framework, RESPONSES);
    let dimensions = framework.node(Framework::INDEX).children().to_vec();
    let study = Study {
        sources: vec![Source::Weights(Weighting::RandomShares(dimensions))],
        ..Study::of(&responses)
    };
    let found = uncertainty(&framework, &responses, &study, &|_| ()).expect("it varies");
    let (mut figure_squares, mut recomputed_squares, mut ends) = (0.0, 0.0, 0.0);
    for row in &table(&figure)[1..] {
        let unit = found.units.iter().find(|unit| unit.id == row[0]);
        let unit = unit.expect("every country of the figure is in the table");
        let [low, _, high] = unit.scores.expect("it has a score in every draw");
        for (end, figure, recomputed) in [(low, &row[1], &row[4]), (high, &row[2], &row[5])] {
            let off = |printed: &str| end - printed.parse::<f64>().expect("a number");
            figure_squares += off(figure) * off(figure);
            recomputed_squares += off(recomputed) * off(recomputed);
            ends += 1.0;
        }
        // Whether an interval holds the average is what the figure's filled markers say.
        assert_eq!(
            if low > 0.605 || high < 0.605 {
                "yes"
            } else {
                "no"
            },
            row[6],
            "{}: {low} to {high}",
            row[0]
        );
    }
    let rms = |squares: f64| (squares / ends).sqrt();
    assert!((ends - 76.0).abs() < 0.5, "{ends} ends");
    assert!(rms(figure_squares) <= 0.002, "{}", rms(figure_squares));
    assert!(
        rms(recomputed_squares) <= 0.001,
        "{}",
        rms(recomputed_squares)
    );
}
