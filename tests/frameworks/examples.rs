//! The worked examples, redone by hand.

use dgpf::framework::Framework;
use dgpf::problem;
use dgpf::responses::{self, Input, Options};
use dgpf::scoring::{Assumptions, Plan, ScoreTable};

use crate::{of_file, shipped, text};

struct Scored {
    framework: Framework,
    table: ScoreTable,
}

impl Scored {
    fn new(framework: Framework, path: &str) -> Self {
        let bytes = text(path).into_bytes();
        let input = Input {
            name: path,
            bytes: &bytes,
        };
        let loaded = responses::load(&[input], &framework, &Options::default())
            .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)));
        let plan = Plan::compile(&framework, &Assumptions::of(&framework));
        let table = plan.score(&loaded.responses);
        Self { framework, table }
    }

    fn at(&self, unit: &str, period: &str) -> usize {
        let here = |o: &dgpf::scoring::Observation| {
            &*o.unit == unit && self.table.periods[o.period] == period
        };
        let place = self.table.observations.iter().position(here);
        place.unwrap_or_else(|| panic!("no {unit} in {period}"))
    }

    fn node(&self, id: &str) -> usize {
        let found = self.framework.find(id);
        found.unwrap_or_else(|| panic!("no {id}")).0
    }

    fn score(&self, unit: &str, period: &str, node: &str) -> Option<f64> {
        self.table.nodes[self.node(node)].score[self.at(unit, period)]
    }

    fn level(&self, unit: &str, period: &str) -> Option<&str> {
        let level = self.table.nodes[0].level[self.at(unit, period)]?;
        let bands = &self.framework.levels_of(Framework::INDEX)?.bands;
        Some(bands[level].id.as_str())
    }
}

fn countries() -> Scored {
    Scored::new(shipped("dgpf"), "examples/dgpf/responses.csv")
}

fn agencies() -> Scored {
    Scored::new(
        of_file("examples/ddps-agencies/ddps-agencies.yaml"),
        "examples/ddps-agencies/responses.csv",
    )
}

#[track_caller]
fn near(computed: Option<f64>, by_hand: f64) {
    let computed = computed.expect("there is a score");
    assert!(
        (computed - by_hand).abs() < 1e-12,
        "{computed}, by hand {by_hand}"
    );
}

#[test]
fn fenmark_2023_is_user_driven_to_0_14() {
    let scored = countries();
    // Foundational, 14 points: the inclusion plan is in preparation (0.25), so it names no groups (0), and there is no
    // digital strategy to rest on research (0). Accessibility is not required (0), user research recommended (0.4),
    // plain language not (0); another channel for some services (0.4), tests case by case (0.3). 9 % pass an audit
    // (0.09), one of five forms of help (0.2), languages for less than a third (0.25). Satisfaction unmeasured (0), 50 %
    // of cases abandoned (0), the divide measured once (0.3).
    let foundational = 0.25 + 0.4 + 0.4 + 0.3 + 0.09 + 0.2 + 0.25 + 0.3;
    near(
        scored.score("XFE", "2023", "usr.foundational"),
        foundational / 14.0,
    );
    // Transformational, 12 points: digital participation recommended (0.4), teams pay for research (0.4), one of five
    // methods (0.2), one of ten life events (0.1), barriers studied once (0.3); nothing for the other seven.
    let transformational = 0.4 + 0.4 + 0.2 + 0.1 + 0.3;
    near(
        scored.score("XFE", "2023", "usr.transformational"),
        transformational / 12.0,
    );
    // The sides weigh 14 and 12: 3.59 of 26 points.
    near(scored.score("XFE", "2023", "user_driven"), 3.59 / 26.0);
}

#[test]
fn what_is_not_applicable_leaves_its_points_to_the_others() {
    let scored = countries();
    // 24 points less the one of the waiting time, for nobody asked for data. Won: strategy in preparation 0.25,
    // dependent authority 0.4, three recommendations 1.2, agreements case by case 0.3, guidance in preparation 0.25, 73 %
    // of bodies charge 0.27, analysts in less than a third 0.25, 32 % have an inventory 0.32.
    let won = 0.25 + 0.4 + 3.0 * 0.4 + 0.3 + 0.25 + 0.27 + 0.25 + 0.32;
    near(scored.score("XFE", "2023", "data_driven"), won / 23.0);
}

#[test]
fn a_dimension_that_was_hardly_answered_has_no_score_and_so_the_index_has_none() {
    let scored = countries();
    assert_eq!(scored.score("XFE", "2023", "proactiveness"), None);
    assert_eq!(scored.score("XFE", "2023", "index"), None);
    assert_eq!(scored.level("XFE", "2023"), None);
    assert!(scored.score("XFE", "2025", "index").is_some());
}

#[test]
fn the_index_is_the_mean_of_six_dimensions() {
    let scored = countries();
    let dimensions = [
        "digital_by_design",
        "data_driven",
        "gov_as_platform",
        "open_by_default",
        "user_driven",
        "proactiveness",
    ];
    let parts = dimensions.map(|id| scored.score("XAR", "2025", id).expect("all were answered"));
    near(
        scored.score("XAR", "2025", "index"),
        parts.iter().sum::<f64>() / 6.0,
    );
    assert_eq!(scored.level("XAR", "2025"), Some("advanced"));
}

#[test]
fn three_assessors_count_the_same() {
    let scored = agencies();
    // The land registry's leadership. Self, peer and audit: a strategy older than three years (0.75 each); targets for
    // four, four and three of five goals; a leader appointed, informal, appointed; data case by case, never, never;
    // money from the regular budget twice, from a programme once.
    let strategy = 0.75;
    let goals = (4.0 / 5.0 + 4.0 / 5.0 + 3.0 / 5.0) / 3.0;
    let leader = (0.6 + 0.3 + 0.6) / 3.0;
    let decisions = (0.3 + 0.0 + 0.0) / 3.0;
    let money = (1.0 + 1.0 + 0.7) / 3.0;
    let leadership = (strategy + goals + leader + decisions + money) / 5.0;
    near(scored.score("land", "2025", "leadership"), leadership);
}

#[test]
fn trust_holds_the_level_down() {
    let scored = agencies();
    // 0.47 is enough for `established`, but that needs 0.35 in trust.
    let index = scored
        .score("labour", "2025", "index")
        .expect("it is answered");
    let trust = scored
        .score("labour", "2025", "trust")
        .expect("it is answered");
    assert!(index > 0.4 && trust < 0.35, "{index} {trust}");
    assert_eq!(scored.level("labour", "2025"), Some("emerging"));
    assert_eq!(scored.level("land", "2025"), Some("established"));
}

#[test]
fn one_questionnaire_is_scored_by_both_frameworks() {
    let scored = Scored::new(shipped("ddps"), "examples/dgpf/responses.csv");
    assert!(scored.score("XAR", "2025", "trust").is_some());
    // Of five indicators of leadership the questionnaire holds three: an adopted strategy, its goals, its leader.
    let coverage = &scored.table.nodes[scored.node("leadership")].coverage;
    near(coverage[scored.at("XAR", "2025")], 3.0 / 5.0);
}
