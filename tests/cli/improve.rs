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
