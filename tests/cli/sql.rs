//! `dgpf sql`.

use crate::run::Run;

const FRAMEWORK: &str = "\
dgpf: 1
id: plans
title: Plans
version: 1.0.0
unit: {key: agency, codes: any}
scales: {yes-no: {\"no\": 0, \"yes\": 1}}
levels:
  - {id: low, from: 0}
  - {id: high, from: 0.5}
dimensions:
  - id: planning
    title: Planning
    indicators:
      - {id: plan, question: Is there a plan?, scale: yes-no, weight: 2}
      - {id: share, title: Share of bodies, number: {from: 0, to: 80}}
";

#[test]
fn a_small_framework_is_a_query_one_can_read() {
    Run::new("sql -f plans.yaml --dialect duckdb --table survey.answers --depth 0")
        .file("plans.yaml", FRAMEWORK)
        .stdout_has("/* dgpf ")
        .stdout_has(": framework plans 1.0.0, sha256 ")
        .stdout_has(
            "  FROM \"survey\".\"answers\"
  OFFSET 0
),
answered AS (
  /* answers as scores, numbers as numbers, what does not apply by skip logic */
  SELECT
    unit,
    /* plan */
    CASE WHEN a_plan = 'no' THEN 0e0 WHEN a_plan = 'yes' THEN 1e0 END AS v_plan,
",
        )
        .stdout_has(
            "    /* share: Share of bodies */
    CASE
      WHEN o_share <= 0e0 THEN 0e0
      WHEN o_share >= 80e0 THEN 1e0
      WHEN o_share IS NOT NULL THEN o_share / 80e0
    END AS s_share
",
        )
        .stdout_has(
            "node_planning AS (
  /* planning: Planning */
  SELECT
    unit,
    CASE WHEN v_plan IS NOT NULL THEN 2e0 ELSE 0e0 END + CASE WHEN s_share IS NOT NULL THEN 1e0 ELSE 0e0 END AS w_planning,
    COALESCE(2e0 * v_plan, 0e0) + COALESCE(s_share, 0e0) AS t_planning,
",
        )
        .stdout_has("    t_planning / NULLIF(w_planning, 0e0) AS s_planning\n")
        .stdout_has("  unit AS \"agency\",\n")
        .code(0);
}

#[test]
fn what_cannot_be_said_is_named_with_its_line() {
    let framework = FRAMEWORK.replace(
        "{from: 0, to: 80}",
        "{from: 0, to: 80}, treat: {skewness: 2, kurtosis: 3.5, winsorise: 5}",
    );
    Run::new("sql -f plans.yaml --dialect spark")
        .file("plans.yaml", framework)
        .stdout("")
        .stderr(
            "error: plans.yaml:15: `share`: treat is not written for spark: winsorising looks at all values step by step: freeze \
             it with `dgpf stats` and name the file with --stats\n",
        )
        .code(1);
}

#[test]
fn a_table_that_the_engine_cannot_hold_is_refused() {
    let mut framework = FRAMEWORK.to_owned();
    for part in 0..4 {
        let head = format!("  - id: part{part}\n    indicators:\n");
        framework.push_str(&head);
        let question = |at| format!("      - {{id: q{part}_{at}, scale: yes-no}}\n");
        framework.extend((0..400).map(question));
    }
    let run = |arguments: &str| {
        Run::new(&format!(
            "sql -f plans.yaml --compact --dialect {arguments}"
        ))
        .file("plans.yaml", framework.clone())
    };
    run("postgres")
        .stdout("")
        .stderr(
            "error: plans.yaml: a table of 1603 columns is not written for postgres: postgres takes at most 1600: load the \
             responses as one row an answer, and read them with --input long\n",
        )
        .code(1);
    run("postgres --input long")
        .stdout_has(" AS part3_score,\n")
        .code(0);
    run("duckdb").stdout_has(" AS part3_score,\n").code(0);
}

#[test]
fn a_dbt_project_gets_model_schema_and_tests() {
    let left =
        Run::new("sql -f plans.yaml --dialect postgres --as dbt -o project --table survey.answers")
            .file("plans.yaml", FRAMEWORK)
            .stdout("")
            .code(0);
    let read = |name: &str| left.text(&format!("project/{name}"));
    let model = read("models/plans_scores.sql");
    assert!(
        model.starts_with("{{ config(materialized='table') }}\n/* dgpf "),
        "{model}"
    );
    assert!(
        model.contains("FROM {{ source('survey', 'answers') }}\n"),
        "{model}"
    );
    let schema = read("models/plans_scores.yml");
    assert!(
        schema.contains(
            "      - name: \"planning_level\"
        description: \"Maturity level of planning: Planning\"
        data_tests:
          - accepted_values:
              values: [\"low\", \"high\"]
"
        ),
        "{schema}"
    );
    for check in ["empty_keys", "repeated_rows", "unknown_answers"] {
        let test = read(&format!("tests/plans_scores_{check}.sql"));
        assert!(test.contains("{{ source('survey', 'answers') }}"), "{test}");
    }
}

#[test]
fn checks_are_queries_of_their_own() {
    Run::new("sql -f plans.yaml --dialect duckdb --input long --checks")
        .file("plans.yaml", FRAMEWORK)
        .stdout_has("/* answers to the same question with the same keys */")
        .stdout_has("HAVING COUNT(*) > 1;\n")
        .stdout_has("/* indicators that the framework does not have */")
        .code(0);
}

#[test]
fn a_table_is_named_by_at_most_three_parts() {
    Run::new("sql -f plans.yaml --dialect duckdb --table a..b")
        .file("plans.yaml", FRAMEWORK)
        .stderr("error: --table a..b: expected a name such as `responses` or `survey.responses`\n")
        .code(2);
}
