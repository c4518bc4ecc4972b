//! Several files, and several frameworks that read the same ones.

use dgpf::framework::Framework;
use dgpf::problem;
use dgpf::responses::{Input, Inspected, Options, Skip, inspect_all, load};

use crate::kit::{framework, small, wrong};

fn one(id: &str, codes: [&str; 2]) -> Framework {
    framework(&format!(
        "dgpf: 1\nid: {id}\nunit: country\nscales: {{yn: {{\"no\": 0, \"yes\": 1}}}}\nindicators:\n  - {{id: {}, scale: yn}}\n  \
         - {{id: {}, scale: yn}}\n",
        codes[0], codes[1]
    ))
}

fn both(files: &[(&str, &str)]) -> Vec<Inspected> {
    let (policy, service) = (
        one("policy", ["pol", "law"]),
        one("service", ["law", "svc"]),
    );
    let inputs: Vec<Input<'_>> = files
        .iter()
        .map(|(name, text)| Input {
            name,
            bytes: text.as_bytes(),
        })
        .collect();
    inspect_all(
        &inputs,
        &[&policy, &service],
        &Options::default(),
        &|_, _| {},
    )
}

fn said(inspected: &[Inspected]) -> Vec<String> {
    let texts = inspected.iter().map(|one| problem::render(&one.problems));
    texts.collect()
}

#[test]
fn long_rows_may_answer_either_of_two_frameworks() {
    let text = "country,indicator,answer\nNO,pol,yes\nNO,law,no\nNO,svc,yes\n";
    let found = both(&[("long.csv", text)]);
    assert_eq!(said(&found), ["", ""]);
    for (at, inspected) in found.iter().enumerate() {
        let responses = inspected.responses.as_ref().expect("they are sound");
        let given = responses.answers.iter().map(|column| column.value(0));
        let expected = [[Some(1.0), Some(0.0)], [Some(0.0), Some(1.0)]][at];
        assert_eq!(given.collect::<Vec<_>>(), expected);
        // The row of the other one is accounted for.
        let file = &inspected.recognised[0];
        assert_eq!((file.rows_in, file.rows_out), (3, 2));
        assert_eq!(file.skipped[&Skip::OtherFramework], 1);
    }
}

#[test]
fn an_indicator_that_none_of_them_knows_is_still_a_mistake() {
    let text = "country,indicator,answer\nNO,pol,yes\nNO,svc,yes\nNO,svk,yes\n";
    let found = both(&[("long.csv", text)]);
    assert_eq!(
        said(&found),
        [
            "error[unknown-indicator]: no indicator `svk` in `policy`\n  --> long.csv:4:2\n",
            "error[unknown-indicator]: no indicator `svk` in `service`\n  --> long.csv:4:2\n   = help: did you mean `svc`?\n"
        ]
    );
}

#[test]
fn what_is_the_same_for_both_is_said_once() {
    let text = "country,pol,law,svc,mail\nNO,yes,yes,yes,x\nSE,no,no,no\n";
    assert_eq!(
        said(&both(&[("wide.csv", text)])),
        [
            "note[unread-columns]: 1 column not read: `mail`\n  --> wide.csv:1\n\nerror[ragged-row]: 4 cells here, 5 in the \
             header\n  --> wide.csv:3\n   = help: quote cells that hold the delimiter, fill up rows that are too short, and take out notes below the table\n",
            ""
        ]
    );
}

#[test]
fn rows_know_their_file() {
    let framework = one("policy", ["pol", "law"]);
    let inputs = [
        Input {
            name: "north.csv",
            bytes: b"country,pol,law\nNO,yes,yes\n",
        },
        Input {
            name: "south.csv",
            bytes: b"country;law;pol\n\nIT;yes;no\n",
        },
    ];
    let loaded = load(&inputs, &framework, &Options::default()).expect("they are sound");
    let rows = loaded.responses.rows.iter();
    let places: Vec<(&str, usize)> = rows
        .map(|row| (&*loaded.responses.files[row.file], row.line))
        .collect();
    assert_eq!(places, [("north.csv", 2), ("south.csv", 3)]);
    assert_eq!(loaded.recognised[1].delimiter, Some(';'));
}

#[test]
fn rows_of_one_unit_in_two_files_are_both_named() {
    let framework = one("policy", ["pol", "law"]);
    let inputs = ["north.csv", "south.csv"].map(|name| Input {
        name,
        bytes: b"country,pol,law\nNO,yes,yes\n",
    });
    let problems =
        load(&inputs, &framework, &Options::default()).expect_err("Norway is there twice");
    assert_eq!(
        problem::render(&problems),
        "error[duplicate-row]: 2 rows of `NO`\n  --> north.csv:2\n  ::: south.csv:2\n   = help: leave one in, or choose with \
         --on-duplicate first, last or newest\n"
    );
}

#[test]
fn cells_are_found_below_cells_of_several_lines() {
    let problems = wrong(
        &small(),
        b"country,year,pol1,pol1__evidence,pol2,chan1,shr1\nNO,2026,yes,\"a\n\nb\",alll,web,1\nSE,2026,maybe,,all,web,200\n",
        &Options::default(),
    );
    assert_eq!(
        problems,
        "error[unknown-answer]: `alll` is no answer to `pol2`, which takes `none`, `some`, `all`, `na` or `dk`\n  --> \
         responses.csv:4:5\n   = help: did you mean `all`?\n\nerror[unknown-answer]: `maybe` is no answer to `pol1`, which \
         takes `no` or `yes`\n  --> responses.csv:5:3\n   = help: correct it, or say what it stands for in a mapping: `dgpf import \
         --write-mapping FILE` drafts one\n\nerror[out-of-range]: `200` is outside of what `shr1` takes: 0 to \
         100\n  --> responses.csv:5:7\n   = help: correct it; where such numbers occur, the framework's limits are too narrow\n"
    );
}

#[test]
fn a_column_that_counts_for_nothing_may_be_missing() {
    let text = "dgpf: 1\nid: stored\nunit: country\nscales: {yn: {\"no\": 0, \"yes\": 1}}\ndimensions:\n  - id: kept\n    \
                scored: false\n    indicators:\n      - {id: note, scale: yn}\n      - {id: asked, scale: yn}\n  - id: d\n    \
                indicators:\n      - {id: q, scale: yn}\n      - {id: r, scale: yn, when: {asked: \"yes\"}}\n";
    let framework = framework(text);
    let input = Input {
        name: "responses.csv",
        bytes: b"country,q,r\nNO,yes,yes\n",
    };
    let loaded = load(&[input], &framework, &Options::default()).expect("it is sound");
    // A condition asks about `asked`, nothing about `note`.
    assert_eq!(
        problem::render(&loaded.remarks),
        "warning[missing-columns]: 1 of 4 indicators without a column: `asked`\n  --> responses.csv:1\n   = help: their \
         answers count as missing\n"
    );
}
