//! `dgpf compare`.

use crate::run::{FRAMEWORK, RESPONSES, Run};

/// A year later: Norway's portal grew, Estonia answered the question left open, Peru left, Sweden entered.
const LATER: &str = "\
country,region,pol_1,pol_2,por_1
NOR,North,yes,yes,80.001
EST,North,yes,no,100
SWE,North,no,no,10
";

fn compare(arguments: &str) -> Run {
    Run::new(&format!("compare old.csv new.csv {arguments}"))
        .file("framework.yaml", FRAMEWORK)
        .file("old.csv", RESPONSES)
        .file("new.csv", LATER)
}

#[test]
fn the_causes_of_every_change_stand_beside_it() {
    // Estonia: policy from 100 (one answer) to 50, half of it in the index; portal from 90 to 100, half of that.
    compare("-f framework.yaml")
        .stdout(
            "\
What changed: Open data maturity
open-data 1.0.0 · 2 units in both · 1 entered · 1 left

On average over 2 units the index moved by -10.0: answers +2.5, coverage -12.5.

Country         Old   New  Change  Answers  Coverage  Rank   Level
─────────────  ────  ────  ──────  ───────  ────────  ─────  ─────────────────
Norway (NOR)   90.0  90.0   +<0.1    +<0.1       0.0  2 → 1  Leader
Estonia (EST)  95.0  75.0   -20.0     +5.0     -25.0  1 → 2  Leader → Follower

1 unit entered: Sweden (SWE) 5.0.

1 unit left: Peru (PER) 50.0.
",
        )
        .code(0);
}

/// Titles without a French text stay as the framework has them: levels.
#[test]
fn french_says_what_changed_with_decimal_commas() {
    compare("-f framework.yaml --lang fr")
        .stdout(
            "\
Ce qui a changé : Maturité des données ouvertes
open-data 1.0.0 · 2 unités dans les deux · 1 entrée · 1 sortie

En moyenne sur 2 unités, l’indice a varié de -10,0 : réponses +2,5, couverture -12,5.

Country        Avant  Après  Évolution  Réponses  Couverture  Rang   Niveau
─────────────  ─────  ─────  ─────────  ────────  ──────────  ─────  ─────────────────
Norway (NOR)    90,0   90,0      +<0,1     +<0,1         0,0  2 → 1  Leader
Estonia (EST)   95,0   75,0      -20,0      +5,0       -25,0  1 → 2  Leader → Follower

1 unité est entrée : Sweden (SWE) 5,0.

1 unité est sortie : Peru (PER) 50,0.
",
        )
        .code(0);
    compare("-f framework.yaml --units NOR,PER --lang fr")
        .stdout_has("Pol_2    100,0  100,0        0,0")
        .code(0);
    let keys = |language: &str| {
        compare(&format!(
            "-f framework.yaml --format json --lang {language}"
        ))
        .code(0)
        .stdout
    };
    assert_eq!(keys("en"), keys("fr"));
}

#[test]
fn french_says_where_two_units_differ_and_why_scores_are_not_comparable() {
    Run::new("compare old.csv -f framework.yaml --units NOR,PER --depth 1 --lang fr")
        .file("framework.yaml", FRAMEWORK)
        .file("old.csv", RESPONSES)
        .stdout(
            "\
Maturité des données ouvertes : Norway et Peru
open-data 1.0.0

Partie         NOR   PER  Écart  Contribution
───────────  ─────  ────  ─────  ────────────
Indice        90,0  50,0  +40,0
  Politique  100,0  50,0  +50,0         +25,0
  Portail     80,0  50,0  +30,0         +15,0

La contribution d’une partie est ce qu’elle apporte au score au-dessus d’elle chez la première
unité, moins ce qu’elle y apporte chez la seconde : la somme des contributions des parties d’un nœud
est son écart.
",
        )
        .code(0);
    let newer = FRAMEWORK.replace("version: 1.0.0", "version: 2.0.0");
    compare("--framework-old framework.yaml -f newer.yaml --lang fr --format markdown")
        .file("newer.yaml", newer)
        .stdout_has(
            "est passé de la version 1.0.0 à la version 2.0.0, et un nouveau premier chiffre \
             dit que les scores ne sont pas comparables.",
        )
        .code(0);
}

#[test]
fn a_unit_is_shown_node_by_node() {
    compare("-f framework.yaml --units est")
        .stdout(
            "\
What changed: Open data maturity
open-data 1.0.0 · 2 units in both · 1 entered · 1 left

Estonia (EST)

Part         Old    New  Change  Answers  Coverage  Rank   Level
─────────  ─────  ─────  ──────  ───────  ────────  ─────  ─────────────────
Index       95.0   75.0   -20.0     +5.0     -25.0  1 → 2  Leader → Follower
  Policy   100.0   50.0   -50.0      0.0     -50.0  1 → 2  Leader → Follower
    Pol_1  100.0  100.0     0.0      0.0       0.0  1
    Pol_2      –    0.0       –        –         –  – → 2
  Portal    90.0  100.0   +10.0    +10.0       0.0  1      Leader
    Por_1   90.0  100.0   +10.0    +10.0       0.0  1
",
        )
        .code(0);
}

#[test]
fn data_have_every_unit_and_node_in_full_precision() {
    let csv = compare("-f framework.yaml --format csv").code(0).stdout;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "unit,status,node,tier,old,new,difference,answers,framework,coverage,cohort,old_coverage,new_coverage,old_rank,\
         new_rank,old_level,new_level"
    );
    assert!(
        lines[1].starts_with("EST,both,index,index,95,75,-20,"),
        "{csv}"
    );
    assert!(
        lines[1].ends_with(",0,-25,0,0.75,1,1,2,leader,follower"),
        "{csv}"
    );
    let answers: f64 = lines[1]
        .split(',')
        .nth(7)
        .and_then(|cell| cell.parse().ok())
        .expect("a number");
    assert!((answers - 5.0).abs() < 1e-12, "{csv}");
    assert_eq!(lines.len(), 1 + 2 * 6 + 2);
    assert_eq!(lines[13], "SWE,entered,index,index,,5,,,,,,,1,,3,,beginner");
    assert_eq!(lines[14], "PER,left,index,index,50,,,,,,,1,,3,,follower,");
    let json = compare("-f framework.yaml --format json").code(0).stdout;
    let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(
        value["units"][0]["nodes"]["index"]["causes"]["coverage"],
        -25.0
    );
    assert_eq!(value["units"][0]["nodes"]["index"]["level"], "down");
    assert_eq!(value["entered"][0]["unit"], "SWE");
    assert_eq!(value["comparable"]["holds"], true);
}

#[test]
fn a_saved_result_stands_for_its_wave_and_brings_its_framework() {
    let saved = Run::new("score old.csv -f framework.yaml --format json")
        .file("framework.yaml", FRAMEWORK)
        .file("old.csv", RESPONSES)
        .code(0)
        .stdout;
    let mixed = |files: &str| {
        Run::new(&format!("compare {files} -f framework.yaml --format csv"))
            .file("framework.yaml", FRAMEWORK)
            .file("old.csv", RESPONSES)
            .file("old.json", &saved)
            .file("new.csv", LATER)
            .code(0)
            .stdout
    };
    assert_eq!(mixed("old.json new.csv"), mixed("old.csv new.csv"));
}

/// Editions of which the newer one declares what it can be compared with.
fn declared(comparable: &str, arguments: &str) -> Run {
    let id = format!("id: open-data-2\ncomparability: [{{with: open-data, {comparable}}}]\n");
    compare(&format!(
        "--framework-old framework.yaml -f newer.yaml {arguments}"
    ))
    .file("newer.yaml", FRAMEWORK.replace("id: open-data\n", &id))
}

#[test]
fn editions_that_are_declared_not_comparable_are_compared_with_a_warning() {
    let run = |arguments: &str| declared("comparable: false, reason: Other questions.", arguments);
    run("")
        .stdout_has(
            "Not comparable: the framework declares that scores of `open-data-2` cannot be compared with those of\n\
             `open-data`. Other questions.",
        )
        .code(0);
    run("--format csv")
        .stdout_has("EST,both,index")
        .stderr(
            "warning: Not comparable: the framework declares that scores of `open-data-2` cannot be compared with those of \
             `open-data`. Other questions.\n",
        )
        .code(0);
}

#[test]
fn editions_that_are_declared_comparable_say_so_without_a_warning() {
    let run =
        |arguments: &str| declared("comparable: true, reason: Only words changed.", arguments);
    run("")
        .stdout_has(
            "Comparable: the framework declares that scores of `open-data-2` can be compared",
        )
        .stdout_has("Only words changed.")
        .stderr("")
        .code(0);
    run("--format csv").stderr("").code(0);
}

#[test]
fn periods_of_one_file_are_compared() {
    let framework = FRAMEWORK.replace("unit: country\n", "unit: country\nperiod: year\n");
    let responses = "country,year,region,pol_1,pol_2,por_1\nNOR,2021,North,no,no,10\nNOR,2022,North,no,no,50\nNOR,2023,North,yes,yes,80\n";
    let run = |arguments: &str| {
        Run::new(&format!(
            "compare responses.csv -f framework.yaml {arguments}"
        ))
        .file("framework.yaml", &framework)
        .file("responses.csv", responses)
    };
    run("").stdout_has("period 2022 → 2023").code(0);
    run("--periods 2021,2023")
        .stdout_has("period 2021 → 2023")
        .stdout_has("+85.0")
        .code(0);
    run("--periods 2021")
        .stderr("error: --periods names two periods, the old and the new one: 2023,2025\n")
        .code(2);
    run("--periods 2020,2023")
        .stderr_has("error: --period 2020: no such period")
        .code(2);
}

#[test]
fn one_unit_of_a_file_with_two_waves_is_compared_with_itself() {
    let run = |periods: &str| {
        Run::new(&format!("compare r.csv -f f.yaml --units x {periods}"))
            .file(
                "f.yaml",
                "{dgpf: 1, id: one, unit: u, period: year, indicators: [{id: a, number: {from: 0, to: 1}}]}",
            )
            .file("r.csv", "u,year,a\nX,2024,0.25\nX,2025,0.75\n")
    };
    let named = run("--periods 2024,2025").code(0).stdout;
    assert!(named.contains("period 2024 → 2025"), "{named}");
    assert!(named.contains("+0.50"), "{named}");
    assert_eq!(run("").code(0).stdout, named);
}

#[test]
fn one_unit_of_one_wave_has_nothing_to_be_compared_with() {
    Run::new("compare old.csv -f framework.yaml --units NOR")
        .file("framework.yaml", FRAMEWORK)
        .file("old.csv", RESPONSES)
        .stderr_has("name a second file, or two units with --units")
        .code(2);
}

#[test]
fn two_units_differ_by_what_their_parts_add() {
    Run::new("compare old.csv -f framework.yaml --units NOR,PER --depth 1")
        .file("framework.yaml", FRAMEWORK)
        .file("old.csv", RESPONSES)
        .stdout(
            "\
Open data maturity: Norway and Peru
open-data 1.0.0

Part        NOR   PER  Difference  Adds above
────────  ─────  ────  ──────────  ──────────
Index      90.0  50.0       +40.0
  Policy  100.0  50.0       +50.0       +25.0
  Portal   80.0  50.0       +30.0       +15.0

What a part adds is its contribution to the first unit's score above it, less that to the second
one’s: the parts of a node sum to its difference.
",
        )
        .code(0);
    Run::new("compare old.csv -f framework.yaml --units NOR,PRU")
        .file("framework.yaml", FRAMEWORK)
        .file("old.csv", RESPONSES)
        .stderr_has("error: --units: there is neither a unit nor a file `PRU`")
        .code(2);
    Run::new("compare old.csv -f framework.yaml")
        .file("framework.yaml", FRAMEWORK)
        .file("old.csv", RESPONSES)
        .stderr_has("one file with one period has nothing to be compared with")
        .code(2);
}

#[test]
fn a_result_that_was_saved_of_one_period_is_compared_by_that_one() {
    let framework = FRAMEWORK.replace("unit: country\n", "unit: country\nperiod: year\n");
    let responses = "country,year,region,pol_1,pol_2,por_1\nNOR,2021,North,no,no,10\nNOR,2023,North,yes,yes,80\n";
    let saved = Run::new("score responses.csv -f framework.yaml --format json --period 2021")
        .file("framework.yaml", &framework)
        .file("responses.csv", responses)
        .code(0)
        .stdout;
    Run::new("compare old.json responses.csv -f framework.yaml")
        .file("framework.yaml", &framework)
        .file("old.json", saved)
        .file("responses.csv", responses)
        .stdout_has("period 2021 → 2023")
        .code(0);
}
