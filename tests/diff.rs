//! Two editions side by side: what is different, and what it moves.

use std::sync::Arc;

use dgpf::framework::{self, Change, Framework, Source, builtin, diff};

fn load(text: &str) -> Framework {
    let source = Source {
        name: Arc::from("edition.yaml"),
        text: text.to_owned(),
    };
    let loaded = framework::load(&source, &|_| None);
    loaded.expect("the edition is sound").framework
}

const OLD: &str = r#"
dgpf: 1
id: sample-2024
version: 1.2.0
scales:
  yes-no: {"no": 0, "yes": 1}
levels:
  - {id: low, from: 0}
  - {id: high, from: 0.5}
dimensions:
  - id: policy
    indicators:
      - {id: pol1, question: Is there a policy?, scale: yes-no}
      - {id: pol2, scale: yes-no, weight: 2}
      - {id: pol3, scale: yes-no, scored: false}
  - id: portal
    indicators:
      - {id: por1, number: {from: 0, to: 100}}
      - {id: por2, scale: yes-no}
"#;

fn lines(changes: &[Change]) -> Vec<String> {
    let line = |change: &Change| {
        let node = change.node.as_deref().unwrap_or("-");
        let Change {
            what,
            old,
            new,
            moves,
            ..
        } = change;
        format!("{moves:?} {node} {what}: {old} -> {new}")
    };
    changes.iter().map(line).collect()
}

#[test]
fn the_same_file_has_no_differences() {
    let difference = diff(&load(OLD), &load(OLD));
    assert_eq!(difference.changes, []);
    assert!(difference.same_scores());
    assert!(!difference.major);
    assert_eq!(difference.stated, None);
}

/// Its share may stay the same by chance: beside who answers nothing new, it is not.
#[test]
fn a_weight_beside_a_new_sibling_moves_scores() {
    let new = OLD
        .replace("Is there a policy?,", "Is there a policy?, weight: 2,")
        .replace(
            "      - {id: pol2, scale: yes-no, weight: 2}",
            "      - {id: pol2, scale: yes-no, weight: 2}\n      - {id: pol4, scale: yes-no, weight: 2}",
        );
    // 1 of 3 before, 2 of 6 now; but to `pol2` it is 1 : 2 before, and 1 : 1 now.
    let difference = diff(&load(OLD), &load(&new));
    let weight = lines(&difference.changes);
    assert!(
        weight.contains(&"Scores pol1 weight: 1 -> 2".to_owned()),
        "{weight:#?}"
    );
}

#[test]
fn words_and_weights_of_one_factor_leave_scores_alone() {
    let new = OLD
        .replace("Is there a policy?", "Is there an open data policy?")
        .replace("pol1, ", "pol1, title: Open data policy, weight: 2, ")
        .replace("weight: 2}", "weight: 4}")
        .replace("from: 0.5", "from: 0.6");
    let difference = diff(&load(OLD), &load(&new));
    assert_eq!(
        lines(&difference.changes),
        [
            "Reading - levels: low from 0, high from 0.5 -> low from 0, high from 0.6",
            "Words pol1 weight: 1 -> 2",
            "Words pol1 title:  -> Open data policy",
            "Words pol1 question: Is there a policy? -> Is there an open data policy?",
            "Words pol2 weight: 2 -> 4",
        ]
    );
    assert!(difference.same_scores());
}

#[test]
fn what_moves_scores_is_told_from_what_does_not() {
    let new = r#"
dgpf: 1
id: sample-2025
version: 2.0.0
comparability: [{with: sample-2024, comparable: false}]
scales:
  yes-no: {"no": 0, "yes": 1}
levels:
  - {id: low, from: 0}
  - {id: high, from: 0.5}
index: {aggregate: {geometric: {zeros: 0.01}}}
dimensions:
  - id: policy
    missing: zero
    indicators:
      - {id: policy1, replaces: [pol1], question: Is there a policy?, scale: yes-no}
      - {id: pol2, scale: {"no": 0, partly: 1/2, "yes": 1}, weight: 2}
      - {id: por2, scale: yes-no, when: {policy1: "yes"}, otherwise: 0}
  - id: portal
    indicators:
      - {id: por1, number: {from: 0, to: 80}, missing: lowest}
      - {id: por3, title: Reuse, scale: yes-no}
"#;
    let difference = diff(&load(OLD), &load(new));
    assert_eq!(
        lines(&difference.changes),
        [
            "Words - title: sample-2024 -> sample-2025",
            "Words - version: 1.2.0 -> 2.0.0",
            "Scores index aggregate: mean -> {geometric: {zeros: 0.01}}",
            "Scores policy missing: renormalise -> zero",
            "Words policy1 renamed: pol1 -> policy1",
            "Scores pol2 answers: {no: 0, yes: 1} -> {no: 0, partly: 0.5, yes: 1}",
            "Scores por2 moved: portal -> policy",
            "Scores por2 when:  -> {policy1: [yes]} otherwise 0",
            "Scores por1 answers: number: {from: 0, to: 100} -> number: {from: 0, to: 80}",
            "Scores por1 missing: renormalise -> lowest",
            "Scores por3 added:  -> Reuse",
            "Reading pol3 removed: pol3 -> ",
        ]
    );
    assert!(!difference.same_scores());
    assert!(difference.major);
    assert_eq!(difference.stated, Some(false));
}

#[test]
fn every_shipped_framework_equals_itself() {
    for (id, _) in builtin::all() {
        let source = builtin::find(id).expect("it is listed");
        let loaded = framework::load(&source, &builtin::find).expect("it is sound");
        let difference = diff(&loaded.framework, &loaded.framework);
        assert_eq!(difference.changes, [], "{id}");
    }
}

#[test]
fn every_rule_that_changed_is_told_in_the_words_of_the_file() {
    let head = "dgpf: 1\nid: rules\nunit: country\nattributes: {region: text, size: number}\nrange: [0, 100]\n";
    let old = load(&format!(
        "{head}dimensions:\n  - id: d\n    indicators:\n      - {{id: a, number: {{}}}}\n      - {{id: b, number: {{from: 0, to: 1}}}}\n"
    ));
    let new = load(&format!(
        "{head}codes: {{'-99': missing, '-88': not-applicable, '-77': dont-know, '-66': not-asked}}\n\
         rounding: {{digits: 1, mode: half-even, at: every-tier}}\n\
         ranking: {{method: dense}}\n\
         rows: [{{key: assessor, of: answers, combine: median}}]\n\
         screen: {{answered: 0.9, keep: [BRN]}}\n\
         dimensions:\n  - id: d\n    aggregate: {{harmonic: {{zeros: 0.01}}}}\n    min-coverage: 1/2\n    indicators:\n      \
         - {{id: a, number: {{}}, treat: {{skewness: 2, kurtosis: 3.5, winsorise: 5, transform: log}}, normalise: {{z-score: {{mean: 10, sd: 2}}}}}}\n      \
         - {{id: b, number: {{from: 0, to: 1}}, preset: [{{where: {{region: Arctic}}, answer: not-applicable}}]}}\n"
    ));
    let found = lines(&diff(&old, &new).changes);
    assert_eq!(
        found,
        [
            "Scores - rows:  -> {key: assessor, combine: median, of: answers}",
            "Scores - codes: {} -> {-99: missing, -88: not-applicable, -77: dont-know, -66: not-asked}",
            "Scores - rounding: {digits: 2, mode: half-up} at display -> {digits: 1, mode: half-even} at every-tier",
            "Reading - ranking: {method: competition, on: unrounded, among: all} -> {method: dense, on: unrounded, among: all}",
            "Scores - screen:  -> {answered: 0.9, keep: [BRN]}",
            "Scores d aggregate: mean -> {harmonic: {zeros: 0.01}}",
            "Scores d min-coverage: 0 -> 0.5",
            "Scores a normalise:  -> {z-score: {mean: 10, sd: 2}}",
            "Scores a answers: number: {from: 0, to: 100, clamp: false} -> number: {}",
            "Scores a treat:  -> {skewness: 2, kurtosis: 3.5, winsorise: 5, transform: log}",
            "Scores b preset:  -> {region: [Arctic]} not-applicable",
        ]
    );
}

#[test]
fn other_members_of_a_group_move_scores_where_it_is_a_cohort() {
    let with = |members: &str, cohort: &str| {
        load(&format!(
            "dgpf: 1\nid: groups\nunit: country\nattributes: {{region: text}}\n\
             groups: [{{id: members, where: {{region: {members}}}}}]\n\
             indicators:\n  - {{id: a, number: {{}}, normalise: min-max{cohort}}}\n  - {{id: b, number: {{from: 0, to: 1}}}}\n"
        ))
    };
    let cohort = ", cohort: {units: members}";
    let changed = |cohort| lines(&diff(&with("North", cohort), &with("South", cohort)).changes);
    let line = "- groups: members {region: [North]} -> members {region: [South]}";
    assert_eq!(changed(""), [format!("Reading {line}")]);
    assert_eq!(changed(cohort), [format!("Scores {line}")]);
}

#[test]
fn other_targets_are_told_and_move_nothing() {
    let aims = |targets: &str| {
        load(
            &OLD.replace(
                "dimensions:",
                &format!("{targets}range: [0, 5]\ndimensions:"),
            )
            .replace("from: 0.5", "from: 2.5"),
        )
    };
    let (none, old) = (aims(""), aims("targets: {2027: {index: 3, policy: 3.5}}\n"));
    let new = aims("targets: {2027: {index: 3.1}, 2030: {index: 4}}\n");
    let found = diff(&old, &new);
    assert_eq!(
        lines(&found.changes),
        ["Words - targets: 2027: {index: 3, policy: 3.5} -> 2027: {index: 3.1}, 2030: {index: 4}"]
    );
    assert!(found.same_scores());
    assert_eq!(
        lines(&diff(&none, &old).changes),
        ["Words - targets:  -> 2027: {index: 3, policy: 3.5}"]
    );
}
