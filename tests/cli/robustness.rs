use crate::run::Run;

/// `edge` scores what x weighs, `flat` a quarter whatever the weights; `best` beats both, `worst` loses.
const FRAMEWORK: &str = "
dgpf: 1
id: two
title: Two dimensions
range: [0, 100]
rounding: {digits: 1}
indicators:
  - {id: x, number: {from: 0, to: 1}}
  - {id: y, number: {from: 0, to: 1}}
";

const RESPONSES: &str = "unit,x,y\nbest,1,1\nedge,0.6,0\nflat,0.25,0.25\nworst,0,0\n";

fn robustness(arguments: &str) -> Run {
    Run::new(&format!(
        "robustness responses.csv -f framework.yaml {arguments}"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
}

/// With weights 1 + u/4 and 1 + v/4 `edge` falls behind `flat` where v > 1.6 + 1.4·u: in 0.8 · 0.5714 ÷ 2 ÷ 4 = 5.7 % of the
/// draws, and two of four units then move by one place: 0.03 on average.
#[test]
fn a_page_says_how_far_ranks_move() {
    robustness("--draws 1000")
        .stdout(
            "\
How far the ranking holds: Two dimensions
two 0.1.0 · 1000 draws · seed 1 · varied: weights 25%

Ranks move by 0.03 places on average (0.00 to 0.50 in 90% of the draws).

best is first in 100% of the draws.

Of 3 neighbouring pairs, the order of 2 holds in at least 95% of the draws.

                                                       Above  Before
                                            Scores in    the     the
Rank  Unit   Ranks in 90%  Median  Index          90%   mean    next
────  ─────  ────────────  ──────  ─────  ───────────  ─────  ──────
   1  best              1       1  100.0  100.0–100.0   100%    100%
   2  edge            2–3       2   30.0    24.8–35.3     0%     93%
   3  flat            2–3       3   25.0    25.0–25.0     0%    100%
   4  worst             4       4    0.0      0.0–0.0     0%

What it hangs on

                  Ranks
                   move  Who moves
Left out  Weight     by  most          First place
────────  ──────  ─────  ────────────  ───────────
X (x)        50%   0.75  edge (2 → 3)  stays
Y (y)        50%   0.00                stays
",
        )
        .code(0);
}

/// The framework has one language, which titles fall back to; the unit is called by nobody.
#[test]
fn a_page_in_french_says_the_same() {
    robustness("--draws 1000 --lang fr")
        .stderr("note: framework `two` has no texts in `fr`; its texts are in one language\n")
        .stdout(
            "\
Robustesse du classement : Two dimensions
two 0.1.0 · 1000 tirages · graine 1 · varient : pondérations (25\u{202f}%)

Déplacement moyen des rangs : 0,03 (de 0,00 à 0,50 dans 90\u{202f}% des tirages).

best arrive au premier rang dans 100\u{202f}% des tirages.

Sur 3 paires de voisines, l’ordre de 2 se maintient dans au moins 95\u{202f}% des tirages.

             Intervalle                    Intervalle  Supérieur    Devant
                de rang                      de score       à la        la
Rang  Unité      (90\u{202f}%)  Médiane  Indice       (90\u{202f}%)    moyenne  suivante
────  ─────  ──────────  ───────  ──────  ───────────  ─────────  ────────
   1  best            1        1   100,0  100,0–100,0      100\u{202f}%     100\u{202f}%
   2  edge          2–3        2    30,0    24,8–35,3        0\u{202f}%      93\u{202f}%
   3  flat          2–3        3    25,0    25,0–25,0        0\u{202f}%     100\u{202f}%
   4  worst           4        4     0,0      0,0–0,0        0\u{202f}%

De quelles parties le classement dépend

Partie          Déplacement  Qui bouge le
retirée  Poids    des rangs  plus          Premier rang
───────  ─────  ───────────  ────────────  ────────────
X (x)     50\u{202f}%         0,75  edge (2 → 3)  inchangé
Y (y)     50\u{202f}%         0,00                inchangé
",
        )
        .code(0);
    robustness("--draws 10 --lang fr --also dominance --freedom 12% --weights dimension:12.5% --aggregation mean,geometric:0.01")
        .stderr_has("note: framework `two` has no texts in `fr`")
        .stdout_has("varient : pondérations (dimensions : 12,5\u{202f}%), agrégation (moyenne, moyenne géométrique : 0,01)")
        .stdout_has("L’ordre de 6 paires sur 6 reste le même quand chaque poids varie d’au plus 12\u{202f}%.")
        .code(0);
    let left = robustness("--draws 10 --lang fr -o rangs.svg")
        .stderr_has("note: framework `two` has no texts in `fr`")
        .code(0);
    let picture = left.text("rangs.svg");
    assert!(
        picture.contains(
            "Rangs dans 90\u{202f}% des tirages (plein : selon le score, creux : médiane)"
        ),
        "{picture}"
    );
    robustness("--draws 10 --lang fr --format svg --chart drivers")
        .stderr_has("note: framework `two` has no texts in `fr`")
        .stdout_has("Part de la variance (déplacement moyen des rangs) : seule (foncé), avec les autres (clair)")
        .stdout_has(">pondérations</text>")
        .code(0);
    let [english, french] = ["en", "fr"].map(|language| {
        robustness(&format!("--draws 10 --format json --lang {language}"))
            .stderr_has("note: framework")
            .code(0)
            .stdout
    });
    assert_eq!(english, french);
}

#[test]
fn what_no_weights_can_turn_round_is_counted() {
    robustness("--draws 10 --also dominance")
        .stdout_has("The order of 5 of 6 pairs stays whatever the weights.")
        .code(0);
    robustness("--draws 10 --also dominance --freedom 10%")
        .stdout_has("The order of 6 of 6 pairs stays with every weight up to 10% more or less.")
        .code(0);
}

#[test]
fn data_come_in_full_precision() {
    robustness("--draws 10 --format csv --table weights")
        .stdout_has("node,share,leader_low,leader_high,order_low,order_high\nx,0.5,0,1,0.41666")
        .code(0);
    robustness("--draws 10 --format csv --table removals")
        .stdout(
            "\
node,weight,mean_shift,mover,from,to,new_leader
x,0.5,0.75,edge,2,3,false
y,0.5,0,,,,false
",
        )
        .code(0);
    robustness("--draws 10 --format json")
        .stdout_has("\"seed\": 1,")
        .stdout_has("\"draws\": 10,")
        .code(0);
    let left = robustness("--draws 10 -o ranks.svg").stdout("").code(0);
    let picture = left.text("ranks.svg");
    assert!(picture.starts_with("<svg xmlns="), "{picture}");
    assert!(picture.contains(">edge</text>"), "{picture}");
}

#[test]
fn sources_may_stand_in_a_file() {
    robustness("--draws 10 --vary sources.yaml")
        .file(
            "sources.yaml",
            "weights: shares\naggregation: [mean, minimum]\n",
        )
        .stdout_has("varied: weights shares, aggregation mean minimum\n")
        .stdout_has("What drives it")
        .code(0);
    robustness("--vary sources.yaml")
        .file("sources.yaml", "wieghts: shares\n")
        .stderr("error: `sources.yaml`: no source `wieghts`; did you mean `weights`?\n")
        .code(2);
}

#[test]
fn what_cannot_be_studied_is_refused_with_the_reason() {
    for (arguments, message) in [
        (
            "--gaps",
            "error: nothing varies under `gaps`: no answer is missing\n",
        ),
        (
            "--respondents",
            "error: --respondents: the framework has no rows finer than the unit\n",
        ),
        (
            "--aggregation sum",
            "error: --aggregation: expected `mean`, `geometric`, `geometric:0.01`, `harmonic`, `power:2`, `median`, \
             `minimum` or `maximum`, found `sum`\n",
        ),
        ("--peer nobody", "error: no ranked unit `nobody`\n"),
        (
            "--period 2023",
            "error: --period 2023: the responses have no periods\n",
        ),
    ] {
        robustness(arguments).stdout("").stderr(message).code(2);
    }
}

/// What the framework itself does is no other scale when it is named as an alternative.
#[test]
fn an_alternative_runs_between_the_ends_of_the_frameworks_own_method() {
    let framework = "
dgpf: 1
id: ends
range: unbounded
rounding: {digits: 1}
indicators:
  - {id: x, number: {}, normalise: {min-max: {onto: [0, 100]}}}
  - {id: y, number: {}, normalise: {min-max: {onto: [0, 100]}}}
";
    Run::new("robustness responses.csv -f framework.yaml --normalisation min-max --draws 10 --format csv")
        .file("framework.yaml", framework)
        .file("responses.csv", "unit,x,y\na,1,1\nb,2,3\nc,5,5\n")
        .stdout_has("\nb,b,37.5,")
        .code(0);
}

/// `c` answers in 51 % of the draws what the two others do, and is third in the rest; nominally it has no rank to move from.
#[test]
fn ranks_that_only_draws_give_are_counted() {
    let study = |arguments: &str| {
        let framework = "\
{dgpf: 1, id: f, unit: unit, range: [0, 100], scales: {yes-no: {'no': 0, 'yes': 1}}, index: {id: index, missing: no-score}, indicators: [
  {id: x, scale: yes-no}]}
";
        robustness(&format!("--gaps --draws 1000 {arguments}"))
            .file("framework.yaml", framework)
            .file("responses.csv", "unit,x\na,yes\nb,yes\nc,\n")
    };
    study("--format csv --table ranks")
        .stdout("unit,rank,share\na,1,1\nb,1,1\nc,1,0.511\nc,3,0.489\n")
        .code(0);
    study("--format csv --table units")
        .stdout_has("rank,rank_mean,rank_low,rank_median,rank_high,shift,scored,")
        .stdout_has(",,1.978,1,1,3,,1,0,,\n")
        .code(0);
    study("")
        .stdout_has("–  c              1–3       1")
        .code(0);
}
