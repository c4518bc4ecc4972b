use crate::run::{FRAMEWORK, RESPONSES, Run};

fn improve(arguments: &str) -> Run {
    Run::new(&format!(
        "improve responses.csv {arguments} -f framework.yaml"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
}

/// PER: policy 50 and portal 50. A review makes policy 100: 50/2 = 25 points; 90 % as in Estonia: 40/2 = 20.
#[test]
fn single_steps_say_what_they_gain_and_who_is_there() {
    improve("PER")
        .stdout(
            "\
Next steps: Peru (PER)
open-data 1.0.0 · Index 50.0

                                                                                 With
 Gain                                                                             the
   of                                                          Next better       best
Index  Indicator  Question                               Now   answer          answer
─────  ─────────  ─────────────────────────────────────  ────  ──────────────  ──────
25.00  pol_2      Is it reviewed every year?             “no”  “yes”            25.00
20.00  por_1      Share of data sets with a licence (%)  50    90 (best peer)   25.00

How, and who is there already

pol_2: There already: Norway.

por_1: There already: Estonia.
",
        )
        .code(0);
    improve("per --node policy --top 1 --format csv")
        .stdout(
            "\
unit,period,node,indicator,row,now,to,gain,index_gain,effort,opens,peers,evidence
PER,,policy,pol_2,,no,yes,50,25,,,NOR,
",
        )
        .code(0);
}

/// 20 people, then 200 cases for 10 each: of the present 8 people 80 cases would do.
#[test]
fn an_answer_is_for_what_it_is_divided_by_in_the_same_set() {
    let framework = "\
dgpf: 1
id: load
unit: {key: unit, codes: any}
range: [0, 100]
rounding: {digits: 0}
indicators:
  - {id: staff, number: {bands: [{from: 0, to: 10, score: 0}, {from: 10, to: 20, score: 0.5}, {from: 20, score: 1}], valid: [0, 100]}}
  - {id: cases, number: {bands: [{from: 0, to: 5, score: 0}, {from: 5, to: 10, score: 0.5}, {from: 10, score: 1}], per: staff}}
";
    let improve = |arguments: &str| {
        Run::new(&format!(
            "improve responses.csv A -f framework.yaml --format csv {arguments}"
        ))
        .file("framework.yaml", framework)
        .file("responses.csv", "unit,staff,cases\nA,8,20\n")
    };
    improve("--to-score 100")
        .stdout(
            "\
unit,period,node,indicator,row,now,to,gain,index_gain,effort,opens,peers,evidence
A,,index,staff,,8,20,50,50,,,,
A,,index,cases,,20,200,50,50,,,,
",
        )
        .code(0);
    // Those answers give what was promised.
    improve("--set staff=20,cases=200")
        .stdout_has("A,,index,index,0,100,")
        .code(0);
    improve("--top 1")
        .stdout(
            "\
unit,period,node,indicator,row,now,to,gain,index_gain,effort,opens,peers,evidence
A,,index,staff,,8,10,25,25,,,,
",
        )
        .code(0);
}

/// 12 is the least of the best band that may be answered; 30 lies in the worst.
#[test]
fn a_better_band_is_aimed_at_by_an_answer_that_is_valid() {
    let framework = "\
dgpf: 1
id: span
unit: {key: unit, codes: any}
range: [0, 100]
indicators:
  - {id: span, number: {bands: [{from: 0, to: 10, score: 0.5}, {from: 10, to: 20, score: 1}, {from: 20, score: 0}], valid: [12, 100]}}
";
    Run::new("improve responses.csv A -f framework.yaml --format csv")
        .file("framework.yaml", framework)
        .file("responses.csv", "unit,span\nA,30\n")
        .stdout(
            "\
unit,period,node,indicator,row,now,to,gain,index_gain,effort,opens,peers,evidence
A,,index,span,,30,12,100,100,,,,
",
        )
        .code(0);
}

/// 12 days lie in the band that starts at 10; the next better one starts at 0.
#[test]
fn the_next_of_falling_bands_is_a_better_one() {
    let framework = "\
dgpf: 1
id: days
unit: {key: unit, codes: any}
range: [0, 100]
indicators:
  - {id: days, number: {bands: [{from: 0, score: 1}, {from: 10, score: 0.5}, {from: 20, score: 0}]}}
";
    Run::new("improve responses.csv A -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", "unit,days\nA,12\n")
        .stdout_has("50.000  days       days      12   0 (next band)")
        .code(0);
    Run::new("improve responses.csv A -f framework.yaml")
        .file("framework.yaml", framework)
        .file("responses.csv", "unit,days\nA,25\n")
        .stdout_has("50.000  days       days      25   10 (next band)")
        .code(0);
}

/// One answer more makes 75 at best, two make 95: Leader starts at 80.
#[test]
fn the_smallest_set_reaches_a_level() {
    improve("PER --to-level leader")
        .stdout(
            "\
Way to a target: Peru (PER)
open-data 1.0.0 · Index at level Leader

2 better answers reach it; none can be left out. No smaller set reaches it.

                                                                           Lost
                                                                        without
Indicator  Question                               Now   Then                 it
─────────  ─────────────────────────────────────  ────  ──────────────  ───────
pol_2      Is it reviewed every year?             “no”  “yes”             25.00
por_1      Share of data sets with a licence (%)  50    90 (best peer)    20.00

Before and after

Part      Before  After  Difference  Level before  Level after  Rank before  Rank after
────────  ──────  ─────  ──────────  ────────────  ───────────  ───────────  ──────────
Index       50.0   95.0       45.00  Follower      Leader                 3           1
  Policy    50.0  100.0       50.00  Follower      Leader                 3           1
  Portal    50.0   90.0       40.00  Follower      Leader                 3           1

How, and who is there already

pol_2: There already: Norway.

por_1: There already: Estonia.
",
        )
        .code(0);
    improve("NOR --to-level Follower")
        .stdout_has("It is reached already.")
        .code(0);
}

/// A licence for all is 25 points with an effort of 1, a review 25 with an effort of 4.
#[test]
fn efforts_choose_another_set() {
    improve("PER --to-score 75")
        .stdout_has("1 better answer reaches it; none can be left out. No smaller set reaches it.")
        .stdout_has("pol_2")
        .code(0);
    improve("PER --to-score 75 --effort efforts.csv")
        .file("efforts.csv", "indicator,effort\npol_2,4\npor_1,1\n")
        .stdout_has("1 better answer reaches it, with an effort of 1; none can be left out.")
        .stdout_has("100 (goal)")
        .code(0);
    improve("PER --to-score 75 --effort efforts.csv")
        .file("efforts.csv", "pol_2,easy\n")
        .stdout("")
        .stderr("error: efforts.csv:1: `easy` is no effort: expected a number above zero, as a rule 1 to 5\n")
        .code(2);
}

#[test]
fn a_target_out_of_reach_is_no_success() {
    improve("PER --to-score 101")
        .stdout_has(
            "No answers reach it: with the best answer to every question the score is 100.0.",
        )
        .code(1);
}

#[test]
fn stated_changes_show_scores_levels_and_ranks() {
    improve("PER --set pol_2=yes")
        .stdout(
            "\
What if: Peru (PER)
open-data 1.0.0

Indicator  Question                    Now   Then
─────────  ──────────────────────────  ────  ─────
pol_2      Is it reviewed every year?  “no”  “yes”

                                                           Level     Level       Rank   Rank
Part                            Before  After  Difference  before    after     before  after
──────────────────────────────  ──────  ─────  ──────────  ────────  ────────  ──────  ─────
Index                             50.0   75.0       25.00  Follower  Follower       3      3
  Policy                          50.0  100.0       50.00  Follower  Leader         3      1
    Is it reviewed every year?     0.0  100.0      100.00                           2      1
",
        )
        .code(0);
    improve("PER --set pol_2=maybe")
        .stdout("")
        .stderr("error: --set pol_2=maybe: `maybe` is no answer to `pol_2`, which takes `no` or `yes`\n")
        .code(2);
    improve("PER --set pol_9=yes")
        .stdout("")
        .stderr_has("no node `pol_9` in framework `open-data`; did you mean `pol_1`?")
        .code(2);
}

/// A second question that a "yes" opens: it is taken as answered "no", and says so.
#[test]
fn a_question_that_a_change_opens_gets_the_lowest_answer() {
    let framework = FRAMEWORK.replace(
        "question: Is it reviewed every year?, scale: yes-no}",
        "question: Is it reviewed every year?, scale: yes-no, when: {pol_1: \"yes\"}, otherwise: 0}",
    );
    improve("PER")
        .file("framework.yaml", &framework)
        .file(
            "responses.csv",
            "country,region,pol_1,pol_2,por_1\nPER,South,no,,50\n",
        )
        .stdout_has("25.00  pol_1      Is there an open data policy?          “no”  “yes”")
        .stdout_has("pol_1: It opens pol_2.")
        .code(0);
    improve("PER --to-score 75")
        .file("framework.yaml", &framework)
        .file(
            "responses.csv",
            "country,region,pol_1,pol_2,por_1\nPER,South,no,,50\n",
        )
        .stdout_has("2 better answers reach it; none can be left out. No smaller set reaches it.")
        .code(0);
    improve("PER --set pol_1=yes")
        .file("framework.yaml", &framework)
        .file(
            "responses.csv",
            "country,region,pol_1,pol_2,por_1\nPER,South,no,,50\n",
        )
        .stdout_has("Newly asked, and taken as answered like this: pol_2 “no”.")
        .code(0);
}

/// Questions and levels have no French text and stay as the framework has them.
#[test]
fn french_says_the_way_to_a_target_with_decimal_commas() {
    improve("PER --to-level leader --lang fr")
        .stdout(
            "\
Chemin vers une cible : Peru (PER)
open-data 1.0.0 · Indice au niveau Leader

2 réponses supérieures y mènent ; aucune n’est de trop. Aucun ensemble plus petit n’y mène.

                                                                                        Perdu
                                                                                         sans
Indicateur  Question                               Aujourd’hui  Ensuite                  elle
──────────  ─────────────────────────────────────  ───────────  ──────────────────────  ─────
pol_2       Is it reviewed every year?             «\u{202f}no\u{202f}»       «\u{202f}yes\u{202f}»                 25,00
por_1       Share of data sets with a licence (%)  50           90 (premier des pairs)  20,00

Avant et après

Partie       Avant  Après  Écart  Niveau avant  Niveau après  Rang avant  Rang après
───────────  ─────  ─────  ─────  ────────────  ────────────  ──────────  ──────────
Indice        50,0   95,0  45,00  Follower      Leader                 3           1
  Politique   50,0  100,0  50,00  Follower      Leader                 3           1
  Portail     50,0   90,0  40,00  Follower      Leader                 3           1

Comment, et qui y est déjà

pol_2 : Y est déjà : Norway.

por_1 : Y est déjà : Estonia.
",
        )
        .code(0);
    improve("PER --to-score 101 --lang fr")
        .stdout_has("Indice de 101")
        .stdout_has("Aucune réponse n’y mène : avec la meilleure réponse à chaque question, le score est de 100,0.")
        .code(1);
    improve("PER --to-score 75 --effort efforts.csv --lang fr")
        .file("efforts.csv", "indicator,effort\npol_2,4\npor_1,1.5\n")
        .stdout_has("1 réponse supérieure y mène, pour un effort de 1,5 ; aucune n’est de trop.")
        .stdout_has("100 (cible)")
        .code(0);
    improve("PER --set pol_2=yes --lang fr --format markdown")
        .stdout_has("# Simulation : Peru (PER)")
        .stdout_has("| Indice | 50,0 | 75,0 | 25,00 | Follower | Follower | 3 | 3 |")
        .code(0);
}

/// A unit without a name that answers `framework`, and the first lines of its way to a target.
fn way(framework: &str, responses: &str, target: &str) -> Run {
    Run::new(&format!(
        "improve responses.csv A {target} -f framework.yaml"
    ))
    .file("framework.yaml", framework)
    .file("responses.csv", responses)
}

const SMALLEST: &str =
    "1 better answer reaches it; none can be left out. No smaller set reaches it.";
const SMALLEST_TWO: &str =
    "2 better answers reach it; none can be left out. No smaller set reaches it.";

/// The plan was published already, which counts as soon as there is one.
#[test]
fn a_way_may_open_a_question_that_is_answered_best_already() {
    let framework = "\
{dgpf: 1, id: f, unit: unit, range: [0, 100], scales: {yes-no: {'no': 0, 'yes': 1}}, indicators: [
  {id: plan, scale: yes-no},
  {id: published, scale: yes-no, when: {plan: \"yes\"}, otherwise: 0}]}
";
    way(
        framework,
        "unit,plan,published\nA,no,yes\n",
        "--to-score 100",
    )
    .stdout_has(SMALLEST)
    .stdout_has("Newly asked, and taken as answered like this: published “yes”.")
    .stderr(
        "note: 1 answer to `published` does not count: another answer fails its condition (`A`)\n",
    )
    .code(0);
}

/// A final plan is worth 25 points and ends the consultation, which is worth 75: a draft with it makes 22.5 + 75.
#[test]
fn a_way_may_stop_short_of_the_best_answer_where_that_closes_a_question() {
    let framework = "\
{dgpf: 1, id: f, unit: unit, range: [0, 100], scales: {yes-no: {'no': 0, 'yes': 1}, stage: {none: 0, draft: 0.9, final: 1}}, indicators: [
  {id: plan, scale: stage},
  {id: consulted, scale: yes-no, weight: 3, when: {plan: draft}, otherwise: 0}]}
";
    let responses = "unit,plan,consulted\nA,none,\n";
    way(framework, responses, "--to-score 90")
        .stdout_has(SMALLEST_TWO)
        .stdout_has("plan       plan       “none”         “draft”   97.500")
        .stdout_has("consulted  consulted  not asked yet  “yes”     75.000")
        .code(0);
    way(framework, responses, "--to-score 98")
        .stdout_has("No better answers reach it: all of them were tried together, and the best score is 97.50.")
        .code(1);
}

/// A budget can be answered with half of the points at best, and stands for 0.8 where it is not.
#[test]
fn a_way_may_leave_a_gap_that_stands_for_more_than_its_best_answer() {
    let framework = "\
{dgpf: 1, id: f, unit: unit, range: [0, 100], scales: {yes-no: {'no': 0, 'yes': 1}, partly: {none: 0, some: 0.5}}, indicators: [
  {id: plan, scale: yes-no},
  {id: budget, scale: partly, missing: {constant: 0.8}}]}
";
    way(framework, "unit,plan,budget\nA,no,\n", "--to-score 90")
        .stdout_has(SMALLEST)
        .code(0);
}

/// Safety weighs nothing and is a condition all the same.
#[test]
fn a_way_meets_the_conditions_of_a_level_on_what_weighs_nothing() {
    for (on, least) in [
        ("unrounded", "at-least: 50"),
        ("rounded", "at-least: 50"),
        ("rounded", "level: top"),
    ] {
        let framework = format!(
            "\
dgpf: 1
id: f
unit: unit
range: [0, 100]
scales: {{yes-no: {{'no': 0, 'yes': 1}}}}
levels:
  on: {on}
  bands:
    - {{id: low, from: 0}}
    - {{id: top, from: 50, needs: [{{node: safety, {least}}}]}}
dimensions:
  - {{id: services, indicators: [{{id: online, scale: yes-no}}]}}
  - {{id: safety, weight: 0, indicators: [{{id: audit, scale: yes-no}}]}}
"
        );
        way(&framework, "unit,online,audit\nA,no,no\n", "--to-level top")
            .stdout_has(SMALLEST_TWO)
            .stdout_has("audit      audit     “no”  “yes”    0.000")
            .code(0);
    }
}

/// A law is worth as much as a decree, but only a decree asks for what was published already: 33.3 + 33.3.
#[test]
fn of_equally_good_answers_the_one_that_opens_more_is_found() {
    let framework = "\
{dgpf: 1, id: f, unit: unit, range: [0, 100], scales: {yes-no: {'no': 0, 'yes': 1}, stage: {none: 0, law: 1, decree: 1}}, indicators: [
  {id: plan, scale: stage},
  {id: published, scale: yes-no, when: {plan: decree}, otherwise: 0},
  {id: cost, scale: yes-no}]}
";
    way(
        framework,
        "unit,plan,published,cost\nA,none,yes,no\n",
        "--to-score 60",
    )
    .stdout_has(SMALLEST)
    .stdout_has("plan       plan      “none”  “decree”   66.667")
    .stderr(
        "note: 1 answer to `published` does not count: another answer fails its condition (`A`)\n",
    )
    .code(0);
}

/// Thirteen plans of which each, once final, closes a question of equal weight: too many to try all, and none reaches 101.
#[test]
fn a_target_that_was_only_not_found_is_told_so() {
    let questions: Vec<String> = (0..13)
        .map(|at| {
            format!(
                "{{id: p{at}, scale: stage}}, {{id: c{at}, scale: yes-no, when: {{p{at}: draft}}, otherwise: 0}}"
            )
        })
        .collect();
    let framework = format!(
        "{{dgpf: 1, id: f, unit: unit, range: [0, 100], scales: {{yes-no: {{'no': 0, 'yes': 1}}, stage: {{none: 0, draft: 0.9, final: 1}}}}, indicators: [{}]}}\n",
        questions.join(", ")
    );
    let codes: Vec<String> = (0..13).map(|at| format!("p{at},c{at}")).collect();
    let responses = format!("unit,{}\nA{}\n", codes.join(","), ",none,".repeat(13));
    way(&framework, &responses, "--to-score 101")
        .stdout_has("No answers were found that reach it, but not all of them could be tried together; the best score\nfound is ")
        .code(1);
    way(&framework, &responses, "--to-score 80")
        .stdout_has(" better answers reach it; none can be left out.")
        .code(0);
}

/// Less is better: 20 of 50 days are 40 points, half of which count, and the goal is no day at all.
#[test]
fn numbers_aim_at_the_low_end_of_goalposts_where_less_is_better() {
    let framework = "\
{dgpf: 1, id: f, unit: unit, range: [0, 100], better: lower, indicators: [
  {id: delay, number: {from: 0, to: 50}},
  {id: cost, number: {}, normalise: {goalposts: {from: 0, to: 10}}}]}
";
    let responses = "unit,delay,cost\nA,20,5\nB,40,8\n";
    way(framework, responses, "")
        .stdout(
            "\
Next steps: A
f 0.1.0 · Index 45.00

  Gain                            Next
    of                            better
 Index  Indicator  Question  Now  answer
──────  ─────────  ────────  ───  ────────
25.000  cost       cost      5    0 (goal)
20.000  delay      delay     20   0 (goal)
",
        )
        .code(0);
    way(framework, responses, "--to-score 10")
        .stdout_has(SMALLEST_TWO)
        .stdout_has("delay      delay     20   0 (goal)   20.000")
        .stdout_has("cost       cost      5    0 (goal)   25.000")
        .code(0);
}

/// 15 lies half way down from the peak at 10, 25 in the last band: both go down again.
#[test]
fn numbers_beyond_a_peak_go_back_to_it() {
    let framework = "\
{dgpf: 1, id: f, unit: unit, range: [0, 100], indicators: [
  {id: share, number: {curve: [[0, 0], [10, 1], [20, 0]]}},
  {id: staff, number: {bands: [{from: 0, score: 0}, {from: 10, score: 1}, {from: 20, score: 0.5}]}}]}
";
    way(framework, "unit,share,staff\nA,15,25\nB,10,10\n", "")
        .stdout(
            "\
Next steps: A
f 0.1.0 · Index 50.00

  Gain
    of                            Next better
 Index  Indicator  Question  Now  answer
──────  ─────────  ────────  ───  ──────────────
25.000  share      share     15   10 (goal)
25.000  staff      staff     25   10 (next band)

How, and who is there already

share: There already: B.

staff: There already: B.
",
        )
        .code(0);
}

/// The first stage is passed with all of it: some of it adds nothing yet.
#[test]
fn a_step_that_gains_only_with_its_best_answer_is_shown() {
    let framework = "\
dgpf: 1
id: f
unit: unit
range: [0, 100]
scales: {three: {none: 0, some: 0.5, all: 1}}
dimensions:
  - {id: d, aggregate: {staged: {pass: 1}}, indicators: [{id: a, scale: three, stage: 1}, {id: b, scale: three, stage: 2}]}
";
    way(framework, "unit,a,b\nA,none,all\n", "")
        .stdout_has("0.000  a          a         “none”  “some”  100.000")
        .code(0);
}
