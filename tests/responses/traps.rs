//! What real files do to those who read them carelessly.

use dgpf::framework::{Framework, Gap};
use dgpf::problem;
use dgpf::responses::{
    Answer, AttributeColumn, ColumnTarget, Exporter, Input, Loaded, OnDuplicate, Options,
    OwnedInput, fits, load,
};

use crate::kit::{framework, long, read, small, sound, wrong};

/// One indicator of each kind.
fn kinds() -> Framework {
    framework(
        "dgpf: 1
id: kinds
unit: country
period: year
codes: {\"-99\": missing, \"n/a\": not-applicable}
attributes: {name: text, population: number, group: {values: [oecd, partner]}}
scales:
  yes-no: {\"no\": 0, \"yes\": 1}
indicators:
  - {id: one, scale: yes-no}
  - {id: num, number: {from: 0, to: 100, codes: {\"-88\": not-asked}}}
  - id: many
    multiple:
      options:
        \"1\": {score: 1, label: Portal}
        \"2\": {score: 1, label: \"Phone, fax\"}
        \"3\": {score: 1, label: Desk; counter}
        \"0\": {score: 0, only: true, label: None of these}
",
    )
}

/// The answer of the first row to each of the three.
fn first(text: &str) -> [Answer; 3] {
    let loaded = sound(&kinds(), text);
    [0, 1, 2].map(|at| loaded.responses.answers[at].get(0))
}

const UNANSWERED: Answer = Answer::Missing(Gap::Unanswered);

/// Tables with gaps turn `1` into `1.0` when programs keep columns of numbers.
#[test]
fn a_code_written_as_another_number_is_suggested() {
    let framework = framework(
        "dgpf: 1\nid: steps\nunit: country\nindicators:\n  - {id: plan, scale: {\"1\": 0, \"2\": 0.5, \"3\": 1}}\n",
    );
    let found = wrong(&framework, b"country,plan\nNO,1.0\n", &Options::default());
    assert_eq!(
        found,
        "error[unknown-answer]: `1.0` is no answer to `plan`, which takes `1`, `2` or `3`\n  \
         --> responses.csv:2:2\n   = help: did you mean `1`?\n"
    );
}

/// What is the same in every year is written once.
#[test]
fn a_unit_described_without_a_period_is_so_in_all_periods_without_a_row_of_their_own() {
    let framework = framework(
        "dgpf: 1\nid: wealth\nunit: country\nperiod: year\nattributes: {income: text}\nindicators: [{id: a, number: {from: 0, to: \
         9}}]\n",
    );
    let options = |text: &str| Options {
        units: Some(OwnedInput {
            name: "units.csv".to_owned(),
            bytes: text.as_bytes().to_vec(),
        }),
        ..Options::default()
    };
    let answers = b"country,year,a\nNO,2025,1\nNO,2026,2\nSE,2026,3\n";
    let described = options("country,year,income\nNO,,high\nNO,2026,higher\nSE,,high\n");
    let loaded = read(&framework, answers, &described).expect("all of it can be read");
    assert_eq!(problem::render(&loaded.remarks), "");
    assert_eq!(
        long(&framework, &loaded),
        "country,year,income,indicator,answer\nNO,2025,high,a,1\nNO,2026,higher,a,2\nSE,2026,high,a,3\n"
    );
    let twice = options("country,year,income\nNO,,high\nNO, ,low\nSE,2026,high\n");
    assert_eq!(
        wrong(&framework, answers, &twice),
        "error[duplicate-row]: 2 rows of `NO`\n  --> units.csv:2\n  ::: units.csv:3\n   = help: leave one in, or choose with --on-duplicate first, last or newest\n"
    );
}

#[test]
fn namibia_and_norway_are_units() {
    let loaded = sound(&kinds(), "country,one\nNA,yes\nNO,no\nNaN,yes\nnull,no\n");
    let units = loaded.responses.units.iter();
    let units: Vec<(&str, &str)> = units.map(|u| (u.id.as_ref(), u.name.as_ref())).collect();
    assert_eq!(
        units,
        [
            ("NA", "Namibia"),
            ("NO", "Norway"),
            ("NaN", "NaN"),
            ("null", "null")
        ]
    );
}

#[test]
fn codes_parted_by_commas_stay_codes() {
    // 1 + 2 + 4: three options, not the number 123.
    let [_, _, many] = first("country,many\nNO,\"1,2,3\"\n");
    assert_eq!(many, Answer::Given(7.0));
}

#[test]
fn options_may_hold_the_separator() {
    let [_, _, many] = first("country,many\nNO,\"Portal, Phone, fax\"\n");
    assert_eq!(many, Answer::Given(3.0));
    let [_, _, many] = first("country,many\nNO,\"Desk; counter;Phone, fax\"\n");
    assert_eq!(many, Answer::Given(6.0));
}

#[test]
fn a_list_of_two_readings_is_refused() {
    let framework = framework(
        "dgpf: 1
id: two
indicators:
  - {id: q, multiple: {options: {a: {score: 1, label: Web}, b: {score: 1, label: Mail}, c: {score: 1, label: \"Web, Mail\"}}}}
",
    );
    let problems = wrong(
        &framework,
        b"unit,q\nx,\"Web, Mail\"\n",
        &Options::default(),
    );
    assert_eq!(
        problems,
        "error[ambiguous-list]: `Web, Mail` can be taken apart into options of `q` in several ways\n  --> \
         responses.csv:2:2\n   = help: use codes without separators, or one column an option\n"
    );
}

#[test]
fn zeros_beside_an_empty_list_are_no_answer() {
    // As ODK writes it.
    let [_, _, many] = first("country,many,many/1,many/2,many/3,many/0\nNO,,0,0,0,0\n");
    assert_eq!(many, UNANSWERED);
    // Without a list the zeros are what somebody said.
    let [_, _, many] = first("country,many/1,many/2,many/3,many/0\nNO,0,0,0,0\n");
    assert_eq!(many, Answer::Given(0.0));
    let [_, _, many] = first("country,many/1,many/2,many/3,many/0\nNO,,,,\n");
    assert_eq!(many, UNANSWERED);
}

#[test]
fn every_form_of_option_columns_is_read() {
    for form in [
        "many/2",
        "many[2]",
        "many___2",
        "many.2",
        "many_2",
        "MANY/Phone, fax",
        "g/many/2",
    ] {
        let [_, _, many] = first(&format!("country;{form}\nNO;1\n"));
        assert_eq!(many, Answer::Given(2.0), "{form}");
    }
    for mark in [
        "1",
        "Y",
        "yes",
        "Ja",
        "Oui",
        "S\u{ed}",
        "TRUE",
        "x",
        "Checked",
        "Phone, fax",
        "2",
    ] {
        let [_, _, many] = first(&format!("country;many/2\nNO;{mark}\n"));
        assert_eq!(many, Answer::Given(2.0), "{mark}");
    }
    for mark in ["0", "N", "no", "Nein", "Non", "FALSE", "Unchecked"] {
        let [_, _, many] = first(&format!("country;many/2\nNO;{mark}\n"));
        assert_eq!(many, Answer::Given(0.0), "{mark}");
    }
}

#[test]
fn labels_joined_by_spaces_are_refused() {
    let problems = wrong(
        &small(),
        b"country,year,chan1\nNO,2026,Web site Service desk\n",
        &Options::default(),
    );
    assert!(problems.starts_with(
        "warning[missing-columns]: 3 of 4 indicators without a column: `pol1`, `pol2`, `shr1`\n"
    ));
    assert!(problems.contains(
        "error[joined-labels]: `Web site Service desk` joins labels of `chan1` by spaces, which labels hold themselves\n  \
         --> responses.csv:2:3\n"
    ));
}

#[test]
fn a_comma_is_a_decimal_sign_only_where_it_can_be_one() {
    let [_, num, many] = first("country;num;many\nNO;0,71;1,2\n");
    assert_eq!(num, Answer::Given(0.71));
    assert_eq!(many, Answer::Given(3.0));
    let problems = wrong(&kinds(), b"country,num\nNO,\"0,71\"\n", &Options::default());
    assert!(
        problems.contains(
            "error[not-a-number]: `0,71` is no number for `num`\n  --> responses.csv:2:2\n"
        )
    );
    let mixed = wrong(
        &kinds(),
        b"country;num\nNO;0,71\nSE;1.5\n",
        &Options::default(),
    );
    assert!(mixed.contains(
        "error[mixed-decimal-signs]: numbers in this file have a decimal point here and a decimal comma there\n  --> \
         responses.csv:3:2\n  ::: responses.csv:2:2\n"
    ));
}

/// `1.200` is twelve hundred where a spreadsheet shows it so: told where nothing in the file says that it is not.
#[test]
fn signs_that_may_stand_between_thousands_are_warned_of() {
    let shops = framework(
        "dgpf: 1
id: shops
unit: country
attributes: {population: number}
indicators:
  - {id: sales, number: {from: 0, to: 20000}}
  - {id: rating, number: {from: 0, to: 10}}
",
    );
    let warned = |text: &str| {
        let loaded = sound(&shops, text);
        problem::render(&loaded.remarks).contains("warning[perhaps-thousands]")
    };
    assert!(warned(
        "country;sales;rating\nNO;1.200;7\nSE;15.000;8\nDK;950;9\n"
    ));
    assert!(warned(
        "country;sales;rating\nNO;1,200;7\nSE;15,000;8\nDK;950;9\n"
    ));
    assert!(warned(
        "country,sales,rating\nNO,\"1.200\",7\nSE,\"15.000\",8\nDK,950,9\n"
    ));
    // Another number shows what the sign is; this one cannot be a thousand times as large; three decimals below 1.
    assert!(!warned(
        "country,sales,rating\nNO,1.200,7\nSE,15.5,8\nDK,950,9\n"
    ));
    assert!(!warned(
        "country,sales,rating\nNO,1200,7.125\nSE,15000,8.250\nDK,950,9\n"
    ));
    assert!(!warned(
        "country,sales,rating\nNO,0.512,7\nSE,0.250,8\nDK,950,9\n"
    ));
    // Attributes are divided by.
    assert!(warned(
        "country;sales;rating;population\nNO;1200;7;5.400\nSE;15000;8;10.500\nDK;950;9;5.900\n"
    ));
    let described = |text: &str| {
        let input = Input {
            name: "responses.csv",
            bytes: b"country;sales;rating\nNO;1200;7\nSE;15000;8\nDK;950;9\n",
        };
        let options = Options {
            units: Some(OwnedInput {
                name: "units.csv".to_owned(),
                bytes: text.as_bytes().to_vec(),
            }),
            ..Options::default()
        };
        let loaded = load(&[input], &shops, &options).expect("all of it can be read");
        problem::render(&loaded.remarks)
    };
    let told = described("country;population\nNO;5.400\nSE;10.500\nDK;5.900\n");
    assert!(
        told.contains(
            "warning[perhaps-thousands]: all numbers with a decimal sign are like `5.400`, which is read as a number below \
             1000\n  --> units.csv\n"
        ),
        "{told}"
    );
    assert_eq!(
        described("country;population\nNO;5.4\nSE;10.5\nDK;5.9\n"),
        ""
    );
}

#[test]
fn sentinels_are_read_in_every_spelling() {
    assert_eq!(first("country,num\nNO,-99\n")[1], UNANSWERED);
    assert_eq!(first("country,num\nNO,-99.0\n")[1], UNANSWERED);
    assert_eq!(
        first("country,num\nNO,-88\n")[1],
        Answer::Missing(Gap::NotAsked)
    );
    assert_eq!(first("country,one\nNO,N/A\n")[0], Answer::NotApplicable);
    assert_eq!(first("country,many\nNO,-99\n")[2], UNANSWERED);
    assert_eq!(first("country,many/2\nNO,n/a\n")[2], Answer::NotApplicable);
}

#[test]
fn an_exclusive_option_stands_alone() {
    assert_eq!(
        first("country,many\nNO,None of these\n")[2],
        Answer::Given(8.0)
    );
    let problems = wrong(&kinds(), b"country,many\nNO,1;0\n", &Options::default());
    assert!(problems.contains(
        "error[exclusive-option]: `0` of `many` excludes every other option, yet others are chosen\n"
    ));
}

#[test]
fn the_newest_submission_counts() {
    let text = b"country,one,submitted_at\nNO,yes,2026-03-01T10:00:00+01:00\nNO,oops,2026-03-01T08:59:59Z\nSE,no,\n";
    let newest = Options {
        on_duplicate: OnDuplicate::Newest,
        ..Options::default()
    };
    // 10:00 at +01:00 is 09:00Z; what is wrong in a row that does not count is no problem.
    let loaded = read(&kinds(), text, &newest).expect("the newest row is sound");
    assert_eq!(loaded.responses.rows.len(), 2);
    assert_eq!(loaded.responses.answers[0].get(0), Answer::Given(1.0));
    assert!(
        problem::render(&loaded.remarks)
            .contains("note[skipped]: 1 row left out: another one of the same unit counts\n")
    );
    let same =
        b"country,one,submitted_at\nNO,yes,2026-03-01T10:00:00Z\nNO,no,2026-03-01 10:00:00\n";
    assert!(wrong(&kinds(), same, &newest).contains(
        "error[no-newest]: which of 2 rows of `NO` is the newest cannot be said: they were sent in at the same time\n  --> \
         responses.csv:2\n  ::: responses.csv:3\n"
    ));
}

#[test]
fn first_and_last_follow_the_file() {
    let text = b"country,one\nNO,yes\nNO,no\n";
    let one = |on_duplicate| {
        let options = Options {
            on_duplicate,
            ..Options::default()
        };
        let loaded = read(&kinds(), text, &options).expect("one row counts");
        loaded.responses.answers[0].get(0)
    };
    assert_eq!(one(OnDuplicate::First), Answer::Given(1.0));
    assert_eq!(one(OnDuplicate::Last), Answer::Given(0.0));
}

#[test]
fn evidence_is_kept_as_it_was_written() {
    let text = "country,one,one__evidence\nNO,yes,\"=HYPERLINK(\"\"x\"\") <script> ::error | \n2nd line\"\n";
    let loaded = sound(&kinds(), text);
    assert_eq!(
        loaded.responses.evidence.get(&(0, 0)).map(String::as_str),
        Some("=HYPERLINK(\"x\") <script> ::error | \n2nd line")
    );
}

#[test]
fn texts_that_look_like_formulas_are_guarded_where_they_leave() {
    let text = "country,name,one,one__evidence\n@home,+1,yes,\"=HYPERLINK(\"\"x\"\")\"\nNO,Norway,yes,'quoted'\n";
    let framework = kinds();
    let loaded = sound(&framework, text);
    let written = long(&framework, &loaded);
    assert_eq!(
        written,
        "country,name,population,group,indicator,answer,evidence\n\
         '@home,'+1,,,one,yes,\"'=HYPERLINK(\"\"x\"\")\"\nNO,Norway,,,one,yes,'quoted'\n"
    );
    // The guard is taken off again, as is that of survey tools which guard what they export.
    let again = sound(&framework, &written);
    assert_eq!(again.responses.units, loaded.responses.units);
    assert_eq!(again.responses.evidence, loaded.responses.evidence);
    assert_eq!(long(&framework, &again), written);
}

#[test]
fn headers_in_one_language_may_have_answers_in_another() {
    let framework = small();
    let loaded = sound(
        &framework,
        "Pays,year,Existe-t-il une politique de données ouvertes ?,Where is it applied?\nNO,2026,Yes,Dans tous les ministères\n",
    );
    assert_eq!(
        long(&framework, &loaded),
        "country,year,indicator,answer\nNO,2026,pol1,yes\nNO,2026,pol2,all\n"
    );
}

#[test]
fn accents_may_be_written_in_two_ways() {
    // "é" as "e" and an accent, as files from a Mac have it.
    let decomposed = "Existe-t-il une politique de donne\u{301}es ouvertes ?";
    let text = format!("Pays,year,{decomposed}\nNO,2026,Oui\n");
    let loaded = sound(&small(), &text);
    assert_eq!(loaded.responses.answers[0].get(0), Answer::Given(1.0));
}

#[test]
fn periods_are_ordered_as_numbers_if_all_are() {
    let periods = |text: &str| sound(&kinds(), text).responses.periods;
    assert_eq!(
        periods("country,year,one\nNO,10,yes\nNO,9,no\n"),
        ["9", "10"]
    );
    assert_eq!(
        periods("country,year,one\nNO,wave 10,yes\nNO,wave 9,no\n"),
        ["wave 10", "wave 9"]
    );
}

#[test]
fn units_that_differ_in_case_are_named() {
    let loaded = sound(&kinds(), "country,one\nNO,yes\nno,no\nNOR,yes\n");
    let remarks = problem::render(&loaded.remarks);
    assert!(remarks.contains(
        "warning[units-alike]: units `NO` and `no` differ only in case and count as two\n  --> responses.csv:2\n  ::: \
         responses.csv:3\n"
    ));
    assert!(remarks.contains(
        "warning[same-country]: units `NO` and `NOR` are both Norway and count as two\n  --> responses.csv:2\n  ::: \
         responses.csv:4\n"
    ));
}

#[test]
fn an_answer_with_what_cannot_be_seen_says_so() {
    let framework = framework(
        "dgpf: 1\nid: f\nindicators: [{id: q, scale: {answers: {a: {score: 1, label: Ja}, b: {score: 0, label: Nein}}}}]\n",
    );
    assert_eq!(
        wrong(
            &framework,
            "unit,q\nx,Nei\u{ad}n\n".as_bytes(),
            &Options::default()
        ),
        "error[unknown-answer]: `Nei\\u{ad}n` is no answer to `q`, which takes `a` or `b`\n  --> responses.csv:2:2\n   = help: it \
         holds a character that cannot be seen, such as a space without width: take it out\n"
    );
}

#[test]
fn a_file_of_units_fills_what_the_responses_leave_open() {
    let options = Options {
        units: Some(OwnedInput {
            name: "units.csv".to_owned(),
            bytes: b"country;name;population;group\nNO;Norge;5,5;OECD\nSE;Sverige;10,5;oecd\n"
                .to_vec(),
        }),
        ..Options::default()
    };
    let text = b"country,one,population\nNO,yes,\nSE,no,11\nXX,yes,\n";
    let loaded = read(&kinds(), text, &options).expect("both files are sound");
    let responses = &loaded.responses;
    assert_eq!(responses.units[0].name.as_ref(), "Norge");
    assert_eq!(
        responses.attributes[1],
        AttributeColumn::Number(vec![Some(5.5), Some(11.0), None])
    );
    let AttributeColumn::Text(groups) = &responses.attributes[2] else {
        panic!("a group is a text");
    };
    assert_eq!(groups[0].as_deref(), Some("oecd"));
    assert!(problem::render(&loaded.remarks).contains(
        "note[units-not-described]: 1 unit not in the file of units: `XX`\n  --> units.csv\n"
    ));
}

#[test]
fn long_rows_may_come_in_any_order() {
    let framework = kinds();
    let loaded = sound(
        &framework,
        "value,indicator,country\n2,num,NO\nyes,one,SE\n1,many/2,NO\n3,num,SE\n0,many/1,NO\nyes,one,NO\n",
    );
    assert_eq!(
        long(&framework, &loaded),
        "country,name,population,group,indicator,answer\nNO,,,,one,yes\nNO,,,,num,2\nNO,,,,many,2\nSE,,,,one,yes\nSE,,,,num,3\n"
    );
}

#[test]
fn the_header_says_how_well_a_framework_fits() {
    let fit = |text: &str| {
        let input = Input {
            name: "responses.csv",
            bytes: text.as_bytes(),
        };
        let fit = fits(&input, &kinds(), &Options::default());
        (fit.matched, fit.indicators, fit.unread, fit.unit)
    };
    assert_eq!(fit("country,one,num,other\nNO,yes,1,2\n"), (2, 3, 1, true));
    assert_eq!(
        fit("country,indicator,answer\nNO,one,yes\nNO,many/2,1\n"),
        (2, 3, 0, true)
    );
    assert_eq!(fit("a,b\n1,2\n"), (0, 3, 2, false));
    assert_eq!(fit(""), (0, 3, 0, false));
}

#[test]
fn cells_are_found_by_physical_line_and_column() {
    let text = "country,note,one,num\nNO,\"two\nlines\",yes,1\n\n\"S\r\nE\",\"a\n\nb\",yes,many\n";
    let problems = wrong(&kinds(), text.as_bytes(), &Options::default());
    // The row begins on line 5; its unit has a line end and its note has two.
    assert!(
        problems.contains(
            "error[not-a-number]: `many` is no number for `num`\n  --> responses.csv:8:4\n"
        )
    );
}

#[test]
fn header_rows_can_be_told() {
    let rows = |header_rows, text: &str| {
        let options = Options {
            header_rows: Some(header_rows),
            ..Options::default()
        };
        let loaded = read(&kinds(), text.as_bytes(), &options).expect("sound");
        long(&kinds(), &loaded)
    };
    let expected = "country,name,population,group,indicator,answer\nNO,,,,one,yes\nNO,,,,many,1\n";
    assert_eq!(rows(1, "country,one,many\nNO,yes,1\n"), expected);
    assert_eq!(
        rows(
            2,
            "country,one,many,\n,,Portal,\"Phone, fax\"\nNO,yes,Portal,\n"
        ),
        expected
    );
    assert_eq!(
        rows(3, "Q1,Q2,Q3\ncountry,one,many\n1,2,3\nNO,yes,1\n"),
        expected
    );
}

fn several(files: &[(&str, &str)]) -> Result<Loaded, String> {
    let inputs: Vec<Input<'_>> = files
        .iter()
        .map(|(name, text)| Input {
            name,
            bytes: text.as_bytes(),
        })
        .collect();
    load(&inputs, &kinds(), &Options::default()).map_err(|problems| problem::render(&problems))
}

#[test]
fn several_files_are_one_set_of_responses() {
    let loaded = several(&[
        ("2025.csv", "country,year,one,extra\nNO,2025,yes,a\n"),
        (
            "2026.csv",
            "num;country;year;extra\n0,5;NO;2026;b\n1;SE;2026;c\n",
        ),
    ])
    .expect("both files are sound");
    assert_eq!(
        long(&kinds(), &loaded),
        "country,year,name,population,group,indicator,answer\nNO,2025,,,,one,yes\nNO,2026,,,,num,0.5\nSE,2026,,,,num,1\n"
    );
    // What is the same for both is said once.
    assert_eq!(
        problem::render(&loaded.remarks),
        "warning[missing-columns]: 1 of 3 indicators without a column: `many`\n  --> 2025.csv:1\n   = help: their answers \
         count as missing\n\nnote[unread-columns]: 1 column not read: `extra`\n  --> 2025.csv:1\n  ::: 2026.csv:1\n"
    );
}

#[test]
fn a_row_that_stands_in_two_files_is_named_in_both() {
    let problems = several(&[
        ("a.csv", "country,year,one,num,many\nNO,2026,yes,1,1\n"),
        (
            "b.csv",
            "country,year,one,num,many\nSE,2026,yes,1,1\nNO,2026,no,1,1\n",
        ),
    ]);
    assert_eq!(
        problems.err().as_deref(),
        Some(
            "error[duplicate-row]: 2 rows of `NO`, `2026`\n  --> a.csv:2\n  ::: b.csv:3\n   = help: leave one in, or choose \
             with --on-duplicate first, last or newest\n"
        )
    );
    let problems = several(&[
        ("a.csv", "country,year,indicator,value\nNO,2026,one,yes\n"),
        (
            "b.csv",
            "country,year,indicator,value\nSE,2026,one,yes\nNO,2026,one,no\n",
        ),
    ]);
    assert_eq!(
        problems.err().as_deref(),
        Some(
            "error[duplicate-answer]: 2 answers of `NO`, `2026` to `one`\n  --> a.csv:2\n  ::: b.csv:3\n   = help: leave one \
             in, or choose with --on-duplicate first, last or newest\n"
        )
    );
}

#[test]
fn labels_may_be_followed_by_their_codes() {
    // As EUSurvey writes them with short names.
    let [_, _, many] = first("country,many\nNO,Portal (1);Desk; counter (3)\n");
    assert_eq!(many, Answer::Given(5.0));
}

#[test]
fn what_programs_write_for_nothing_is_explained() {
    let problems = wrong(&kinds(), b"country,one\nNO,NaN\n", &Options::default());
    assert!(problems.contains(
        "error[unknown-answer]: `NaN` is no answer to `one`, which takes `no` or `yes`\n  --> responses.csv:2:2\n   = help: \
         if it stands for no answer, leave the cell empty or declare it in the framework under `codes`\n"
    ));
}

#[test]
fn forms_are_recognised_in_the_language_of_whoever_exports() {
    let microsoft = [
        "ID,Start time,Completion time,Email,Name,Last modified time",
        "ID,Heure de début,Heure de fin,Adresse de messagerie,Nom,Heure de la dernière modification",
        "ID,Startzeit,Fertigstellungszeit,E-Mail,Name",
        "Id,Hora de inicio,Hora de finalización,Correo electrónico,Nombre",
        "ID,Hora de início,Hora de conclusão,Email,Nome",
        "ID,Begintijd,Tijd van voltooien,E-mail,Naam,Tijd van laatste wijziging",
        "ID,Godzina rozpoczęcia,Godzina ukończenia,Adres e-mail,Nazwa,Czas ostatniej modyfikacji",
        "ID,Starttidspunkt,Fullføringstidspunkt,E-postadresse,Navn",
    ];
    let google = [
        "Timestamp,Email Address",
        "Horodateur,Adresse e-mail",
        "Zeitstempel,E-Mail-Adresse",
        "Marca temporal,Dirección de correo electrónico",
        "Informazioni cronologiche,Indirizzo email",
    ];
    let forms = microsoft.map(|own| (Exporter::MicrosoftForms, own));
    let sheets = google.map(|own| (Exporter::GoogleForms, own));
    for (exporter, own) in forms.into_iter().chain(sheets) {
        let count = own.split(',').count();
        let cells = |hour: usize| vec![format!("2026-03-01 {hour}:00"); count].join(",");
        let text = format!(
            "{own},Country,Year,Is there an open data policy?\n{},NO,2026,No\n{},NO,2026,Yes\n",
            cells(10),
            cells(11)
        );
        let newest = Options {
            on_duplicate: OnDuplicate::Newest,
            ..Options::default()
        };
        let loaded = read(&small(), text.as_bytes(), &newest).expect("its times are found");
        let recognition = &loaded.recognised[0];
        assert_eq!(recognition.exporter, exporter, "{own}");
        assert_eq!(
            loaded.responses.answers[0].get(0),
            Answer::Given(1.0),
            "{own}"
        );
        let mut columns = recognition.columns.iter().take(count);
        let unread = columns.find(|column| column.target == ColumnTarget::Unread);
        assert_eq!(unread, None, "{own}");
    }
}

#[test]
fn a_contribution_is_told_from_its_answers_in_every_language() {
    for own in [
        "Invitation Number;Contribution Id;User Name;Creation Date;Last Update;Languages",
        "Numéro de l'invitation;Contribution Id;Nom d'utilisateur;Date de création;Dernière mise à jour;Langues",
        "Einladungsnummer;Contribution Id;Nutzername;Erstellungsdatum;Letzte Aktualisierung;Sprachen",
        "Número de invitación;Contribution Id;Nombre de usuario;Fecha de creación;Última actualización;Idiomas",
        "Numero di invito;Contribution Id;Nome utente;Data di creazione;Ultimo aggiornamento;Lingue",
    ] {
        let text = format!(
            "Alias;wave\nExport Date;2026-03-02\n;\ncountry;year;Is there an open data policy? (pol1);{own}\n\
             NO;2026;Yes;1;a;ada;2026-03-01 10:00;2026-03-01 12:00;en\nNO;2026;No;2;b;eve;2026-03-01 11:00;2026-03-01 11:00;en\n"
        );
        let options = Options {
            on_duplicate: OnDuplicate::Newest,
            delimiter: Some(b';'),
            ..Options::default()
        };
        let loaded = read(&small(), text.as_bytes(), &options).expect("its times are found");
        assert_eq!(loaded.recognised[0].exporter, Exporter::EuSurvey, "{own}");
        // Changed last at noon, though it was begun first.
        assert_eq!(
            loaded.responses.answers[0].get(0),
            Answer::Given(1.0),
            "{own}"
        );
        let unread = loaded.recognised[0].columns.iter();
        assert!(
            !unread
                .clone()
                .any(|column| column.target == ColumnTarget::Unread),
            "{own}"
        );
    }
}

#[test]
fn nothing_of_a_multiple_choice_is_an_answer_too() {
    let framework = small();
    let chosen = |text: &str| sound(&framework, text).responses.answers[2].get(0);
    for text in [
        "country,year,chan1\nNO,2026,none_of_these\n",
        "country,year,chan1\nNO,2026,Aucune de ces réponses\n",
        "country,year,chan1/web,chan1/none_of_these\nNO,2026,,1\n",
        "country,year,chan1,chan1/web,chan1/none_of_these\nNO,2026,none_of_these,0,1\n",
        "country,year,chan1/web,chan1/app,chan1/desk\nNO,2026,0,0,0\n",
    ] {
        assert_eq!(chosen(text), Answer::Given(0.0), "{text}");
    }
    // It is written as it is read.
    let loaded = sound(&framework, "country,year,chan1\nNO,2026,none_of_these\n");
    assert!(long(&framework, &loaded).contains("NO,2026,chan1,none_of_these\n"));
    // What is marked as not chosen is no statement that none was.
    assert_eq!(
        chosen("country,year,chan1/web,chan1/none_of_these\nNO,2026,,0\n"),
        Answer::Missing(Gap::Unanswered)
    );
    for (text, code) in [
        (
            "country,year,chan1\nNO,2026,web;none_of_these\n",
            "exclusive-option",
        ),
        (
            "country,year,chan1/web,chan1/none_of_these\nNO,2026,1,1\n",
            "split-disagrees",
        ),
    ] {
        let found = wrong(&framework, text.as_bytes(), &Options::default());
        assert!(found.contains(&format!("error[{code}]")), "{found}");
    }
}

#[test]
fn why_there_is_no_answer_may_stand_beside_it() {
    let framework = kinds_with_codes();
    for (text, answer) in [
        ("unit,n,n__reason\nA,,dk\n", Answer::Missing(Gap::DontKnow)),
        (
            "unit,n_reason,n\nA,Don't know,\n",
            Answer::Missing(Gap::DontKnow),
        ),
        ("unit,n,nreason\nA,,Sans objet\n", Answer::NotApplicable),
        // A number that is there counts.
        ("unit,n,n__reason\nA,7,dk\n", Answer::Given(7.0)),
        ("unit,n,n__reason\nA,,\n", Answer::Missing(Gap::Unanswered)),
    ] {
        let loaded = sound(&framework, text);
        assert_eq!(loaded.responses.answers[0].get(0), answer, "{text}");
    }
    let found = wrong(
        &framework,
        b"unit,n,n__reason\nA,,no time\n",
        &Options::default(),
    );
    assert!(found.contains("error[not-a-number]: "), "{found}");
}

fn kinds_with_codes() -> Framework {
    framework(
        "dgpf: 1\nid: f\nunit: unit\ncodes: {dk: dont-know, na: not-applicable}\nindicators:\n  - {id: n, number: {from: 0, to: 10}}\n",
    )
}

#[test]
fn short_names_are_understood_where_limesurvey_wrote_them() {
    let framework = framework(
        "dgpf: 1\nid: f\nunit: public body\nindicators:\n  - {id: gov_lead, scale: {not at all: 0, whole: 1}}\n  - {id: ch_1, multiple: {options: {web site: 1, app: 1}}}\n",
    );
    let text = "id;submitdate;lastpage;startlanguage;publicbody;govlead;ch1[a1];ch1[app]\n1;2026-01-01 10:00:00;3;en;A;a1;Y;\n";
    let loaded = sound(&framework, text);
    assert_eq!(loaded.responses.units[0].id.as_ref(), "A");
    assert_eq!(loaded.responses.answers[0].get(0), Answer::Given(0.0));
    assert_eq!(loaded.responses.answers[1].get(0), Answer::Given(1.0));
    // Elsewhere they are no answers.
    let found = wrong(
        &framework,
        b"public body,gov_lead\nA,a1\n",
        &Options::default(),
    );
    assert!(found.contains("error[unknown-answer]"), "{found}");
}
