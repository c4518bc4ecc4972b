use crate::run::Run;

const FRAMEWORK: &str = "
dgpf: 1
id: three
title: Three answers
range: [0, 100]
indicators:
  - {id: a, number: {from: 0, to: 1}}
  - {id: b, number: {from: 0, to: 1}}
  - {id: c, number: {from: 0, to: 1}}
";

/// `a` and `b` rise together, `c` falls.
const RESPONSES: &str = "unit,a,b,c\nP,0,0,1\nQ,0.5,0.5,0.75\nR,1,1,0.5\nS,0.5,0.5,\n";

fn coherence(arguments: &str) -> Run {
    Run::new(&format!(
        "coherence responses.csv -f framework.yaml {arguments}"
    ))
    .file("framework.yaml", FRAMEWORK)
    .file("responses.csv", RESPONSES)
}

#[test]
fn a_page_says_what_an_auditor_would() {
    coherence("")
        .stdout_has("`c` pulls the wrong way: its correlation with `index` is -1.00.")
        .stdout_has("`a` and `b` say the same twice (1.00).")
        .stdout_has(
            "`a` and `c` fall against each other (-1.00), and the score that they share hides it.",
        )
        .code(0);
}

#[test]
fn a_page_in_french_says_the_same() {
    coherence("--lang fr")
        .stderr("note: framework `three` has no texts in `fr`; its texts are in one language\n")
        .stdout(
            "\
Cohérence des indicateurs : Three answers
three 0.1.0 · 4 unités

`c` va à contresens : sa corrélation avec `index` est de -1,00.

`a` et `b` disent deux fois la même chose (1,00).

`a` et `c` s’opposent (-1,00), et le score qu’ils partagent le masque.

`b` et `c` s’opposent (-1,00), et le score qu’ils partagent le masque.

Les parties de `index` tiennent mal ensemble : alpha est de -1,09, sous le seuil de 0,7 ; sans `b`,
il est de 24,00.

Lien des parties avec leur agrégat

                 Corrélation
                        avec                         Avec
Partie  Agrégat    l’agrégat  Spearman  Kendall  l’indice  Unités
──────  ───────  ───────────  ────────  ───────  ────────  ──────
A (a)   Indice          0,98      0,95     0,91      0,98       4
B (b)   Indice          0,98      0,95     0,91      0,98       4
C (c)   Indice         -1,00     -1,00    -1,00     -1,00       3

Cohérence interne

                                               Expliqué
                                                 par la  Composantes
                                               première  supérieures
Nœud            Parties  Alpha  Standardisé  composante          à 1
──────────────  ───────  ─────  ───────────  ──────────  ───────────
Indice (index)        3  -1,09        -3,00       100\u{202f}%            1

Poids et influence

                                     Rapport de
Partie  Agrégat  Poids  Influence  corrélation²
──────  ───────  ─────  ─────────  ────────────
A (a)   Indice    33\u{202f}%       32\u{202f}%          0,96
B (b)   Indice    33\u{202f}%       32\u{202f}%          0,96
C (c)   Indice    33\u{202f}%       34\u{202f}%          1,00

Réponses données

                               Écart                                             Au       Au
Indicateur  Réponses  Moyenne   type  Asymétrie  Aplatissement  Distinctes  minimum  maximum
──────────  ────────  ───────  ─────  ─────────  ─────────────  ──────────  ───────  ───────
A (a)          100\u{202f}%     0,50   0,41       0,00           1,50           3     25\u{202f}%     25\u{202f}%
B (b)          100\u{202f}%     0,50   0,41       0,00           1,50           3     25\u{202f}%     25\u{202f}%
C (c)           75\u{202f}%     0,75   0,25       0,00              –           3     33\u{202f}%     33\u{202f}%
",
        )
        .code(0);
}

#[test]
fn pairs_are_written_in_full_precision() {
    coherence("--format csv --table pairs")
        .stdout(
            "\
parent,one,other,units,pearson,spearman,kendall
index,a,b,4,1,1,1
index,a,c,3,-1,-1,-1
index,b,c,3,-1,-1,-1
",
        )
        .code(0);
    // The index is the mean of all three, so that the fourth unit's gap counts there.
    coherence("--format csv --table matrix")
        .stdout_has("parent,one,other,units,pearson,spearman,kendall\nindex,index,a,4,")
        .stdout_has("\nindex,a,b,4,1,1,1\nindex,a,c,3,-1,-1,-1\nindex,b,c,3,-1,-1,-1\n")
        .code(0);
    coherence("--format json")
        .stdout_has("\"kind\": \"wrong-way\"")
        .code(0);
}

/// x and y = 2x have covariances 1, 4 and 2 (in tenths squared); z is the same everywhere: 9 · (4 ÷ 6) ÷ 9 = 2/3, without z
/// 4 · 2 ÷ 9.
#[test]
fn a_part_that_is_the_same_everywhere_leaves_the_alpha_of_the_others() {
    coherence("--format csv --table alpha")
        .file(
            "framework.yaml",
            "{dgpf: 1, id: f, unit: unit, range: [0, 1], indicators: [
              {id: x, number: {from: 0, to: 10}}, {id: y, number: {from: 0, to: 10}}, {id: z, number: {from: 0, to: 10}}]}",
        )
        .file("responses.csv", "unit,x,y,z\na,1,2,5\nb,2,4,5\nc,3,6,5\n")
        .stdout(
            "\
node,alpha,standardised,part,without_part
index,0.6666666666666667,,x,0
index,0.6666666666666667,,y,0
index,0.6666666666666667,,z,0.888888888888889
",
        )
        .code(0);
}

/// 1, 3, 2, 5 and 9, times 10³⁰⁷: their squares are beyond what a number holds.
#[test]
fn immense_numbers_have_the_same_shape_as_small_ones() {
    let framework = "{dgpf: 1, id: f, unit: unit, range: unbounded, indicators: [
        {id: x, number: {}, normalise: {z-score: {mean: 0, sd: 1}}},
        {id: y, number: {}, normalise: {z-score: {mean: 0, sd: 1}}}]}";
    let immense = coherence("--format csv --table indicators").file("framework.yaml", framework);
    immense
        .file(
            "responses.csv",
            "unit,x,y\na,1e307,2\nb,3e307,5\nc,2e307,1\nd,5e307,3\ne,9e307,3\n",
        )
        .stdout_has("x,5,5,1,4e+307,3e+307,3.1622776601683796e+307,1.1858541225631425,1.0500000000000007,1e+307,9e+307,")
        .code(0);
    for factor in ["", "e100", "e307"] {
        let answers = format!(
            "unit,x,y\na,1{factor},2\nb,3{factor},5\nc,2{factor},1\nd,5{factor},3\ne,9{factor},3\n"
        );
        coherence("--format csv --table pairs")
            .file("framework.yaml", framework)
            .file("responses.csv", &answers)
            .stdout_has("index,x,y,5,0.26650089544451")
            .code(0);
    }
}
