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
        .stdout_has("`a` and `c` fall against each other (-1.00), and their mean hides it.")
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
