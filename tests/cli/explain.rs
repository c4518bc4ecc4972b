use crate::run::{FRAMEWORK, RESPONSES, Run};

fn explain(arguments: &str) -> Run {
    Run::new(&format!(
        "explain responses.csv {arguments} -f framework.yaml"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
}

/// EST: policy 100 of the one answer there is, portal 90: 100/2 + 90/2 = 95; a "no" in the gap would make it 70.
#[test]
fn a_score_is_taken_apart_down_to_the_answers() {
    explain("EST")
        .stdout(
            "\
Index: Estonia (EST)
open-data 1.0.0 · score 95.0 · level Leader · coverage 75%

Part                                       Score  Weight    Adds  How
─────────────────────────────────────────  ─────  ──────  ──────  ───────────────────────
Index                                       95.0                  mean of 2 parts
  Policy                                   100.0     1/2   50.00  mean of 1 part
    Is there an open data policy?          100.0       1  100.00  “yes”
    Is it reviewed every year?                 –       –          not answered
  Portal                                    90.0     1/2   45.00  mean of 1 part
    Share of data sets with a licence (%)   90.0       1   90.00  90; from 0 to 100 = 0.9

Between 70.0 and 95.0, depending on what was not answered: pol_2.

Answers that cost most

                                                  Points
                                                  of the
Indicator  Question                                Index
─────────  ─────────────────────────────────────  ──────
por_1      Share of data sets with a licence (%)    5.00
",
        )
        .code(0);
}

/// PER: policy 50 and portal 50 add 25 each; a review would add 50/2 = 25 points, more licences as many.
#[test]
fn a_node_says_what_it_adds_and_what_the_next_level_needs() {
    explain("per policy --depth 0")
        .stdout(
            "\
Policy: Peru (PER)
open-data 1.0.0 · score 50.0 · level Follower · coverage 100%

Part    Score  Weight  Adds  How
──────  ─────  ──────  ────  ───────────────
Policy   50.0                mean of 2 parts

Adds 25.00 to the Index of 50.0.

Next level Leader: starts at 80.0, 30.00 to go.

Answers that cost most

                                       Points
                                       of the
Indicator  Question                     Index
─────────  ──────────────────────────  ──────
pol_2      Is it reviewed every year?   25.00
",
        )
        .code(0);
}

/// 7 ÷ 2 = 3.5, half of 7: 50. 17.2 is rounded to 17 where it is made, and so is (50 + 17) ÷ 2 = 33.5.
#[test]
fn steps_say_what_they_do_and_no_more() {
    let framework = "dgpf: 1\nid: d\nunit: u\nrange: [0, 100]\nrounding: {digits: 0, at: every-tier}\nindicators:\n  \
                     - {id: c, number: {}, scored: false}\n  - {id: a, number: {per: c, from: 0, to: 7}}\n  \
                     - {id: b, number: {from: 0, to: 1}}\n";
    let run = |framework: String| {
        Run::new("explain responses.csv X -f framework.yaml")
            .file("framework.yaml", framework)
            .file("responses.csv", "u,a,b,c\nX,7,0.172,2\n")
    };
    run(framework.to_owned())
        .stdout_has("mean of 2 parts; rounded to 34\n")
        .stdout_has("7; ÷ c (2) = 3.5; from 0 to 7 = 0.5\n")
        .stdout_has("0.172; from 0 to 1 = 0.172; rounded to 17\n")
        .code(0);
    run(framework
        .replace("per: c", "per: c, times: 10")
        .replace("to: 7", "to: 70"))
    .stdout_has("7; ÷ c (2) × 10 = 35; from 0 to 70 = 0.5\n")
    .code(0);
}

/// Of 0, 10, 20 and 90 the percentile 50 is 15, and the gap is none of them.
#[test]
fn what_is_cut_says_where_and_among_how_many() {
    let framework = "dgpf: 1\nid: d\nunit: u\nindicators:\n  \
                     - {id: a, number: {from: 0, to: 60}, treat: {percentiles: [50, 100]}}\n";
    let run = |arguments: &str| {
        Run::new(&format!(
            "explain responses.csv X -f framework.yaml {arguments}"
        ))
        .file("framework.yaml", framework)
        .file("responses.csv", "u,a\nV,90\nW,20\nX,10\nY,0\nZ,\n")
    };
    run("")
        .stdout_has("10; cut at percentile 50 of 4 values: 15; from 0 to 60 = 0.25\n")
        .code(0);
    run("--format json")
        .stdout_has("\"change\": \"treated\"")
        .stdout_has("\"percentile\": 50.0")
        .code(0);
    let statistics = Run::new("stats responses.csv -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", "u,a\nV,90\nW,30\n")
        .code(0)
        .stdout;
    run("--stats stats.json")
        .file("stats.json", statistics)
        .stdout_has("10; cut at percentile 50 of 2 values of the frozen cohort: 60; from 0\n")
        .code(0);
}

#[test]
fn coverage_that_falls_short_reads_as_less_than_what_is_asked_for() {
    // 0.664 of the weight, and two thirds of it are asked for.
    let framework = "dgpf: 1\nid: d\nunit: u\nindex: {min-coverage: 2/3}\nindicators:\n  \
                     - {id: a, number: {from: 0, to: 1}, weight: 664}\n  - {id: b, number: {from: 0, to: 1}, weight: 336}\n";
    Run::new("explain responses.csv X -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", "u,a,b\nX,1,\n")
        .stdout_has("no score: 66% of the weight answered, 67% asked for\n")
        .code(0);
}

#[test]
fn losses_stand_alone_and_in_markdown() {
    explain("PER --only-losses --format markdown --lang fr")
        .stdout(
            "\
# Indice : Peru (PER)

open-data 1.0.0 · score 50,0 · niveau Follower · couverture 100\u{202f}%

## Réponses qui coûtent le plus

| Indicateur | Question | Points (Indice) |
| --- | --- | ---: |
| pol\\_2 | Is it reviewed every year? | 25,00 |
| por\\_1 | Share of data sets with a licence (%) | 25,00 |
",
        )
        .code(0);
}

#[test]
fn the_whole_explanation_is_data_too() {
    let left = explain("EST --format json -o estonia.json").code(0);
    let text = left.text("estonia.json");
    let value: serde_json::Value = serde_json::from_str(&text).expect("JSON");
    assert_eq!(value["index"], 0.95);
    let policy = &value["explained"]["parts"][0];
    assert_eq!(policy["effective_weight"], 0.5);
    assert_eq!(policy["contribution"], 0.5);
    let review = &policy["explained"]["parts"][1];
    assert_eq!(review["counted"], serde_json::Value::Null);
    assert_eq!(review["explained"]["why"], "unanswered");
    assert_eq!(review["explained"]["answer"]["source"]["line"], 4);
    let licences = &value["explained"]["parts"][1]["explained"]["parts"][0]["explained"];
    assert_eq!(licences["answer"]["source"]["given"], 90.0);
    assert_eq!(licences["steps"][0]["scaler"]["goalposts"]["to"], 100.0);
}

#[test]
fn answers_of_rows_stand_with_what_each_weighs() {
    let explain = |more: &str| {
        Run::new(&format!("explain r.csv A -f f.yaml {more}"))
            .file(
                "f.yaml",
                "{dgpf: 1, id: staff, unit: u, attributes: {w: number}, \
                 rows: [{key: who, combine: mean, weight: w, of: answers}], \
                 indicators: [{id: q, number: {from: 0, to: 10}}]}",
            )
            .file(
                "r.csv",
                "u,who,w,q\nA,p,1.5,4\nA,q,2,\nA,r,0.5,8\nA,s,0,9\n",
            )
    };
    // (1.5 · 4 + 0.5 · 8) ÷ (1.5 + 0.5) = 5.
    let text = explain("").code(0).stdout;
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    assert!(
        line.contains("weighted mean of 2 by who (p 4 × 1.5, q not answered, r 8 × 0.5, s 9 × 0); from 0 to 10 = 0.5"),
        "{text}"
    );
    let left = explain("--format json -o a.json").code(0);
    let value: serde_json::Value = serde_json::from_str(&left.text("a.json")).expect("JSON");
    let source = &value["explained"]["parts"][0]["explained"]["answer"]["source"];
    assert_eq!(
        source["weights"],
        serde_json::json!([1.5, 2.0, 0.5, 0.0]),
        "{source}"
    );
}

/// A skipped question says because of which answer; a cap, by which node.
#[test]
fn skips_and_caps_are_named() {
    let framework = r#"dgpf: 1
id: plan
unit: country
scales: {yes-no: {"no": 0, "yes": 1}}
indicators:
  - {id: policy, question: Is there a policy?, scale: yes-no}
  - {id: plan, question: Is there a plan?, scale: yes-no, when: {policy: "yes"}, otherwise: 0}
  - {id: budget, question: Is there a budget?, scale: yes-no, cap: policy}
"#;
    Run::new("explain responses.csv NOR -f plan.yaml")
        .file("plan.yaml", framework)
        .file("responses.csv", "country,policy,plan,budget\nNOR,no,,yes\n")
        .stdout(
            "\
Index: Norway (NOR)
plan 0.1.0 · score 0.00 · coverage 100%

Part                  Score  Weight   Adds  How
────────────────────  ─────  ──────  ─────  ────────────────────────────────────────────────────────
Index                  0.00                 mean of 3 parts
  Is there a policy?   0.00     1/3  0.000  “no”
  Is there a plan?     0.00     1/3  0.000  not answered; skipped because `policy` is not yes:
                                            counts as 0
  Is there a budget?   0.00     1/3  0.000  “yes”; capped by Is there a policy? at 0

Answers that cost most

                               Points
                               of the
Indicator  Question             Index
─────────  ──────────────────  ──────
policy     Is there a policy?   0.667
plan       Is there a plan?     0.333
",
        )
        .code(0);
}

#[test]
fn unknown_units_and_nodes_get_a_suggestion() {
    explain("NORR")
        .stdout("")
        .stderr("error: no unit `NORR` in the responses; did you mean `NOR`?\n")
        .code(2);
    // Tables show what countries are called.
    explain("norway")
        .stdout("")
        .stderr("error: no unit `norway` in the responses; did you mean `NOR`?\n")
        .code(2);
    explain("ZZ")
        .stdout("")
        .stderr("error: no unit `ZZ` in the responses; there are `NOR`, `PER` and `EST`\n")
        .code(2);
    explain("NOR polcy")
        .stdout("")
        .stderr("error: no node `polcy` in framework `open-data`; did you mean `policy`?\n")
        .code(2);
}

/// PER: policy 50 and portal 50 stay 50, but by the set `portal-heavy` they add 12.5 and 37.5.
#[test]
fn a_weight_set_is_explained_as_it_scores() {
    explain("PER --weights portal-heavy --depth 1")
        .stdout_has("  Policy   50.0     1/4  12.50  mean of 2 parts")
        .stdout_has("  Portal   50.0     3/4  37.50  mean of 1 part")
        .code(0);
    explain("PER --weights other")
        .stdout("")
        .stderr_has("error: --weights other: ")
        .code(2);
}

/// The same answers with semicolons and in Windows-1252: the reading flags are those of every command.
#[test]
fn responses_are_read_as_the_flags_say() {
    Run::new("explain responses.csv PER -f framework.yaml --delimiter ; --encoding windows-1252 --only-losses")
        .file("framework.yaml", FRAMEWORK)
        .file("responses.csv", RESPONSES.replace(',', ";"))
        .stdout_has("pol_2      Is it reviewed every year?")
        .code(0);
}

#[test]
fn french_explains_in_french_with_decimal_commas() {
    explain("EST --lang fr")
        .stdout(
            "\
Indice : Estonia (EST)
open-data 1.0.0 · score 95,0 · niveau Leader · couverture 75\u{202f}%

Partie                                     Score  Poids  Apporte  Comment
─────────────────────────────────────────  ─────  ─────  ───────  ─────────────────────
Indice                                      95,0                  moyenne de 2 parties
  Politique                                100,0    1/2    50,00  moyenne de 1 partie
    Is there an open data policy?          100,0      1   100,00  «\u{202f}yes\u{202f}»
    Is it reviewed every year?                 –      –           sans réponse
  Portail                                   90,0    1/2    45,00  moyenne de 1 partie
    Share of data sets with a licence (%)   90,0      1    90,00  90 ; de 0 à 100 = 0,9

Entre 70,0 et 95,0, selon ce qui est resté sans réponse : pol_2.

Réponses qui coûtent le plus

                                                     Points
Indicateur  Question                               (Indice)
──────────  ─────────────────────────────────────  ────────
por_1       Share of data sets with a licence (%)      5,00
",
        )
        .code(0);
}

#[test]
fn french_says_what_a_node_adds_and_what_the_next_level_needs() {
    explain("per policy --depth 0 --lang fr")
        .stdout_has("Apporte 25,00 aux 50,0 de «\u{202f}Indice\u{202f}».")
        .stdout_has("Niveau suivant Leader : commence à 80,0, il manque 30,00.")
        .code(0);
}

/// `b` is withheld for lack of an answer, so that `a` alone makes 100; with both answers of `b` the index would be 50 or 75.
#[test]
fn the_range_holds_the_score_and_is_the_one_that_scoring_tells() {
    let framework = "\
dgpf: 1
id: f
unit: unit
range: [0, 100]
scales: {yes-no: {'no': 0, 'yes': 1}}
dimensions:
  - {id: a, indicators: [{id: plan, scale: yes-no}]}
  - {id: b, min-coverage: 1, indicators: [{id: online, scale: yes-no}, {id: mobile, scale: yes-no}]}
";
    let run = |arguments: &str| {
        Run::new(arguments)
            .file("framework.yaml", framework)
            .file("responses.csv", "unit,plan,online,mobile\nA,yes,no,\n")
    };
    run("explain responses.csv A -f framework.yaml")
        .stdout_has("\nBetween 50.00 and 100.00, depending on what was not answered: mobile.\n")
        .code(0);
    run("score responses.csv -f framework.yaml --format csv --depth 0")
        .stdout_has("A,,index,index,100,0.75,50,100,")
        .code(0);
}

#[test]
fn rows_that_nothing_combines_are_told_without_a_list_of_gaps() {
    let framework = "dgpf: 1\nid: offices\nunit: country\nattributes: {staff: number}\n\
                     rows: [{key: office, combine: mean, weight: staff, of: scores}]\n\
                     indicators: [{id: a, scale: {n: 0, y: 1}}]\n";
    Run::new("explain responses.csv NO -f framework.yaml")
        .file("framework.yaml", framework)
        .file(
            "responses.csv",
            "country,office,staff,a\nNO,x,0,y\nNO,y,,n\n",
        )
        .stdout_has("not combined: no rule or no weight says how; one of 2 by office")
        .stdout_has("Between 0.00 and 1.00, depending on which of its rows count.")
        .code(0);
}

/// What a negated condition fails on: the answer that it names, an attribute without a value, a question that does not apply
/// or is itself not asked.
#[test]
fn a_condition_that_fails_says_on_what() {
    let framework = "{dgpf: 1, id: skips, unit: country, attributes: {region: text}, \
        scales: {yes-no: {'no': 0, 'yes': 1, 'n/a': not-applicable}}, indicators: [\
        {id: law, scale: yes-no}, {id: body, scale: yes-no, when: {law: {not: 'no'}}},\
        {id: plan, scale: yes-no, when: {body: {not: 'no'}}}, {id: port, scale: yes-no, when: {region: {not: Inland}}}]}";
    for (row, reasons) in [
        (
            "Inland,no,yes,yes,yes",
            ["`law` is no", "`body` is not asked", "`region` is Inland"],
        ),
        (
            ",n/a,yes,yes,yes",
            [
                "`law` does not apply",
                "`body` is not asked",
                "`region` is empty",
            ],
        ),
    ] {
        let mut run = Run::new("explain responses.csv NOR -f framework.yaml")
            .file("framework.yaml", framework)
            .file(
                "responses.csv",
                format!("country,region,law,body,plan,port\nNOR,{row}\n"),
            );
        for reason in reasons {
            run = run.stdout_has(&format!("skipped because {reason}: does not apply\n"));
        }
        run.stderr_has("do not count: other answers fail their conditions (first: `NOR`)")
            .code(0);
    }
    Run::new("explain responses.csv NOR -f framework.yaml --format json")
        .file("framework.yaml", framework)
        .file(
            "responses.csv",
            "country,region,law,body,plan,port\nNOR,,no,yes,yes,yes\n",
        )
        .stdout_has("\"found\": \"other\"")
        .stdout_has("\"found\": \"skipped\"")
        .stdout_has("\"found\": \"empty\"")
        .stderr_has("do not count: other answers fail their conditions (first: `NOR`)")
        .code(0);
}

/// PER: 50 of 60 and of 45; EST's portal is at 90 of 90; where less is better, 50 is 10 too many.
#[test]
fn what_is_missing_to_a_target_is_told() {
    let targets = "targets: {\"2027\": {index: 60, portal: 90}, \"2026\": {index: 45}}\nlevels:";
    let framework = FRAMEWORK.replace("levels:", targets);
    let of = |arguments: &str, framework: &str| {
        Run::new(&format!(
            "explain responses.csv {arguments} --depth 0 -f framework.yaml"
        ))
        .file("framework.yaml", framework)
        .file("responses.csv", RESPONSES)
        .code(0)
        .stdout
    };
    let index = of("PER", &framework);
    assert!(
        index.contains("\nTarget for 2027: 60.0, 10.00 to go.\n"),
        "{index}"
    );
    assert!(
        index.contains("\nTarget for 2026: 45.0, reached.\n"),
        "{index}"
    );
    let portal = of("EST portal", &framework);
    assert!(
        portal.contains("\nTarget for 2027: 90.0, reached.\n"),
        "{portal}"
    );
    assert!(!of("EST policy", &framework).contains("Target"));
    let lower = framework
        .replace("range:", "better: lower\nrange:")
        .replace("index: 60", "index: 40");
    let index = of("PER --lang fr", &lower);
    assert!(
        index.contains("\nObjectif pour 2027 : 40,0, il manque 10,00.\n"),
        "{index}"
    );
    assert!(
        index.contains("\nObjectif pour 2026 : 45,0, il manque 5,00.\n"),
        "{index}"
    );
}
