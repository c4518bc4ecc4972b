//! The questionnaires: complete in both languages, fit for every survey tool, with scales from worst to best.

use std::collections::BTreeMap;

use dgpf::framework::{
    Answers, ChoiceOption, Evidence, Framework, Indicator, Node, NodeIx, Outcome, Text, Tier,
};

use crate::{of_file, shipped};

/// Frameworks whose questions were written for this program.
fn questionnaires() -> Vec<Framework> {
    let mut all: Vec<Framework> = ["dgpf", "ddps", "ddps-integrity", "ddps-hr", "ourdata-2017"]
        .map(shipped)
        .into();
    all.push(of_file("examples/ddps-agencies/ddps-agencies.yaml"));
    all
}

#[test]
fn every_text_is_there_in_english_and_french() {
    let mut all = questionnaires();
    all.push(shipped("dgi-2023-points"));
    for framework in &all {
        let mut texts: Vec<(String, Option<&Text>)> = vec![
            ("title".to_owned(), Some(&framework.title)),
            ("description".to_owned(), framework.description.as_ref()),
            ("note".to_owned(), framework.note.as_ref()),
        ];
        for facet in &framework.facets {
            texts.push((format!("facet {}", facet.id), Some(&facet.title)));
        }
        for level in framework.levels.iter().flat_map(|levels| &levels.bands) {
            texts.push((format!("level {}", level.id), Some(&level.title)));
            texts.push((format!("level {}", level.id), level.description.as_ref()));
            texts.push((format!("level {}", level.id), level.advice.as_ref()));
        }
        for (_, node) in framework.walk() {
            texts.push((format!("title of {}", node.id), Some(&node.title)));
            for (_, stage) in &node.stages {
                texts.push((format!("stage of {}", node.id), Some(stage)));
            }
        }
        for (_, node, indicator) in framework.indicators() {
            let of = |what: &str| format!("{what} of {}", node.id);
            texts.push((of("question"), indicator.question.as_ref()));
            texts.push((of("evidence"), indicator.evidence_note.as_ref()));
            texts.push((of("advice"), node.advice.as_ref()));
            texts.extend(
                indicator
                    .guidance
                    .iter()
                    .map(|text| (of("guidance"), Some(text))),
            );
            texts.extend(labels(indicator).map(|label| (of("answer"), Some(label))));
        }
        for (what, text) in texts {
            let text = text.unwrap_or_else(|| panic!("{}: no {what}", framework.id));
            let languages: Vec<&str> = text.translations().map(|(language, _)| language).collect();
            assert_eq!(languages, ["en", "fr"], "{}: {what}", framework.id);
            assert!(
                text.translations().all(|(_, text)| !text.trim().is_empty()),
                "{}: {what}",
                framework.id
            );
        }
    }
}

fn labels(indicator: &Indicator) -> Box<dyn Iterator<Item = &Text> + '_> {
    match &indicator.answers {
        Answers::Choice(scale) => Box::new(scale.options.iter().map(|option| &option.label)),
        Answers::Multiple(multiple) => {
            Box::new(multiple.options.iter().map(|option| &option.label))
        }
        Answers::Number(_) => Box::new(std::iter::empty()),
    }
}

#[test]
fn codes_survive_every_survey_tool() {
    let fits = |code: &str, most: usize| {
        (1..=most).contains(&code.len()) && code.chars().all(|c| c.is_ascii_alphanumeric())
    };
    for framework in questionnaires() {
        for (_, node, indicator) in framework.indicators() {
            let code = &indicator.code;
            assert!(fits(code, 20), "{code}");
            assert!(
                code.starts_with(|c: char| c.is_ascii_alphabetic()),
                "{code}"
            );
            for answer in answer_codes(indicator) {
                assert!(fits(answer, 5), "{}: `{answer}`", node.id);
            }
        }
    }
}

fn answer_codes(indicator: &Indicator) -> Vec<&str> {
    match &indicator.answers {
        Answers::Choice(scale) => scale.options.iter().map(|o| o.code.as_str()).collect(),
        Answers::Multiple(multiple) => multiple.options.iter().map(|o| o.code.as_str()).collect(),
        Answers::Number(_) => Vec::new(),
    }
}

#[test]
fn scales_go_from_worst_to_best_and_use_their_whole_length() {
    for framework in questionnaires() {
        for (_, node, indicator) in framework.indicators() {
            let Answers::Choice(scale) = &indicator.answers else {
                continue;
            };
            let scores: Vec<f64> = scale.options.iter().filter_map(score).collect();
            assert!(scores.is_sorted_by(|a, b| a < b), "{}: {scores:?}", node.id);
            assert_eq!(scores.first(), Some(&0.0), "{}", node.id);
            assert_eq!(scores.last(), Some(&1.0), "{}", node.id);
        }
    }
}

fn score(option: &ChoiceOption) -> Option<f64> {
    match option.outcome {
        Outcome::Score(score) => Some(score),
        Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error => None,
    }
}

#[test]
fn a_multiple_choice_can_be_answered_with_none() {
    for framework in questionnaires() {
        for (_, node, indicator) in framework.indicators() {
            if let Answers::Multiple(multiple) = &indicator.answers {
                let exclusive = multiple.options.iter().filter(|option| option.only);
                assert_eq!(exclusive.count(), 1, "{}", node.id);
            }
        }
    }
}

#[test]
fn questions_are_questions_and_labels_hold_no_separator() {
    for framework in questionnaires() {
        for (_, node, indicator) in framework.indicators() {
            let question = indicator.question.as_ref().expect("tested above");
            assert!(
                question.in_language(Some("en")).ends_with('?'),
                "{}",
                node.id
            );
            let french = question.in_language(Some("fr"));
            assert!(french.ends_with("\u{a0}?"), "{}: {french}", node.id);
            if let Answers::Multiple(multiple) = &indicator.answers {
                for (_, label) in multiple.options.iter().flat_map(|o| o.label.translations()) {
                    // Form tools join the labels of chosen options with these.
                    assert!(!label.contains([',', ';', '|']), "{}: {label}", node.id);
                }
            }
        }
    }
}

#[test]
fn own_questionnaires_ask_for_evidence_and_name_sources() {
    for framework in questionnaires() {
        if framework.id.as_str() == "ourdata-2017" {
            continue;
        }
        for (_, node, indicator) in framework.indicators() {
            assert_eq!(indicator.evidence, Evidence::Required, "{}", node.id);
            assert!(!node.references.is_empty(), "{}", node.id);
            assert!(indicator.effort.is_some(), "{}", node.id);
            assert_eq!(indicator.facets.len(), 1, "{}", node.id);
        }
    }
}

/// Indicators below a node that count.
fn below(framework: &Framework, ix: NodeIx) -> usize {
    let node: &Node = framework.node(ix);
    if node.indicator().is_some() {
        return usize::from(node.scored);
    }
    node.children()
        .iter()
        .map(|child| below(framework, *child))
        .sum()
}

#[test]
fn no_dimension_rests_on_fewer_than_fifteen_indicators() {
    let counts = |id: &str| -> Vec<(String, usize)> {
        let framework = shipped(id);
        framework
            .walk()
            .filter(|(_, node)| node.tier == Tier::Dimension)
            .map(|(ix, node)| (node.id.to_string(), below(&framework, ix)))
            .collect()
    };
    let counted = |pairs: &[(&str, usize)]| -> Vec<(String, usize)> {
        pairs.iter().map(|(id, n)| ((*id).to_owned(), *n)).collect()
    };
    assert_eq!(
        counts("dgpf"),
        counted(&[
            ("digital_by_design", 25),
            ("data_driven", 23),
            ("gov_as_platform", 26),
            ("open_by_default", 25),
            ("user_driven", 26),
            ("proactiveness", 23),
        ])
    );
    assert_eq!(
        counts("ddps"),
        counted(&[("governance", 25), ("value", 15), ("trust", 21)])
    );
    for id in ["ddps-integrity", "ddps-hr"] {
        assert!(counts(id).iter().all(|(_, n)| *n >= 15), "{id}");
    }
}

#[test]
fn ddps_has_three_pillars_and_twelve_elements() {
    let framework = shipped("ddps");
    let elements: Vec<&str> = framework
        .walk()
        .filter(|(_, node)| node.tier == Tier::Pillar)
        .map(|(_, node)| node.id.as_str())
        .collect();
    assert_eq!(
        elements,
        [
            "leadership",
            "capacity",
            "rules",
            "infrastructure",
            "architecture",
            "anticipation",
            "delivery",
            "evaluation",
            "ethics",
            "privacy",
            "transparency",
            "security",
        ]
    );
}

#[test]
fn what_has_the_same_code_asks_the_same() {
    let (dgpf, ddps) = (shipped("dgpf"), shipped("ddps"));
    let asked: BTreeMap<&str, (&Node, &Indicator)> = dgpf
        .indicators()
        .map(|(_, node, indicator)| (indicator.code.as_str(), (node, indicator)))
        .collect();
    let mut shared = 0;
    for (_, node, indicator) in ddps.indicators() {
        let Some((other, same)) = asked.get(indicator.code.as_str()) else {
            continue;
        };
        shared += 1;
        assert_eq!(node.id, other.id);
        assert_eq!(node.title, other.title);
        assert_eq!(indicator.question, same.question, "{}", node.id);
        assert_eq!(indicator.guidance, same.guidance, "{}", node.id);
        assert_eq!(indicator.answers, same.answers, "{}", node.id);
        assert_eq!(indicator.evidence_note, same.evidence_note, "{}", node.id);
        assert_eq!(node.advice, other.advice, "{}", node.id);
    }
    assert_eq!(shared, 35);
}
