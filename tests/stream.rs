//! A file read in pieces gives the bytes that it gives as a whole, whatever the size of the pieces and however many are
//! read at the same time; what cannot be read in pieces is left to be read as a whole.

mod common;
#[path = "stream/finer.rs"]
mod finer;
#[path = "stream/mutated.rs"]
mod mutated;

use std::fmt::Write as _;
use std::io;
use std::sync::Arc;

use common::{Wild, cases, config};
use dgpf::framework::{self, Framework, Source};
use dgpf::problem;
use dgpf::report::ScoreResult;
use dgpf::report::csv::{self, Columns};
use dgpf::responses::{self, Begun, Input, Options, Order, Outcome, Pace, Responses, Stream};
use dgpf::scoring::{Assumptions, Frozen, Gathered, Keep, Plan, ScoreTable, Wanted};
use proptest::prelude::*;

const FRAMEWORK: &str = r#"
dgpf: 1
id: stream
title: Stream
version: 1.0.0
unit: unit
attributes: {name: text, size: number}
codes: {NA: missing, skip: not-applicable, "-9": missing}
scales:
  yes-no: {"no": 0, "yes": 1}
  extent: {none: 0, some: 0.5, all: {score: 1, label: In all ministries}}
levels: [{id: low, from: 0}, {id: high, from: 0.5}]
dimensions:
  - id: policy
    min-coverage: 0.3
    indicators:
      - {id: law, scale: yes-no, weight: 2}
      - {id: reach, scale: extent, when: {law: "yes"}, otherwise: 0}
      - {id: share, number: {from: 0, to: 100}, weight: 1.5}
  - id: practice
    aggregate: {geometric: {zeros: 0.01}}
    indicators:
      - {id: open, multiple: {options: {data: 1, code: 1, text: 1}}}
      - {id: spread, scale: extent}
      - {id: days, number: {from: 90, to: 0}}
"#;

fn sound(text: &str) -> Framework {
    let source = Source {
        name: Arc::from("stream.yaml"),
        text: text.to_owned(),
    };
    framework::load(&source, &|_| None)
        .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)))
        .framework
}

/// How a file is written.
#[derive(Clone, Copy, Debug)]
struct Style {
    delimiter: char,
    end: &'static str,
    quoted: bool,
}

/// The columns of [`answers`].
const COLUMNS: [&str; 10] = [
    "unit", "name", "size", "law", "reach", "share", "open", "spread", "days", "note",
];

/// Where the answers stand in [`COLUMNS`].
const ANSWERS: std::ops::Range<usize> = 3..9;

/// Answers of `units` units, in order, for a file with this delimiter.
fn answers(units: usize, delimiter: char) -> Vec<[String; 10]> {
    let mut state = 7_u64;
    let mut draw = |texts: &[&str]| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let count = u64::try_from(texts.len()).expect("few");
        texts[usize::try_from((state >> 33) % count).expect("few")].to_owned()
    };
    let list = match delimiter {
        ',' => "data|text",
        _ => "data,text",
    };
    let number = [
        "0", "12.5", "7", "100", "33.333", " 50 ", "5e1", "NA", "", "-9", "-9.0",
    ];
    let row = |unit| {
        [
            format!("U{unit:05}"),
            draw(&["", "Ministry of \u{e9}tat", "A | B", "=1+1"]),
            draw(&["", "12", "1e3"]),
            draw(&["yes", "no", "Yes", " NO ", "NA", "", "skip"]),
            draw(&[
                "none",
                "some",
                "all",
                "In all ministries",
                "IN  ALL MINISTRIES",
                "",
                "NA",
            ]),
            draw(&number),
            draw(&["data", list, "code|text|data", "", "NA"]),
            draw(&["none", "some", "all", "skip", ""]),
            draw(&number),
            draw(&["", "plain", "said \"so\"", "two\nlines", "a;b,c"]),
        ]
    };
    (0..units).map(row).collect()
}

/// Adds a row to a file.
fn push_row(text: &mut String, style: Style, cells: &[&str]) {
    for (at, cell) in cells.iter().enumerate() {
        let odd = cell.contains(['"', '\n', style.delimiter, ';', ',']);
        if at > 0 {
            text.push(style.delimiter);
        }
        if odd || style.quoted && at % 2 == 0 {
            write!(text, "\"{}\"", cell.replace('"', "\"\"")).expect("a text takes all");
        } else {
            text.push_str(cell);
        }
    }
    text.push_str(style.end);
}

/// Answers of `units` units, in order, a row a unit.
fn file(units: usize, style: Style) -> String {
    file_of(&answers(units, style.delimiter), style)
}

fn file_of(answers: &[[String; 10]], style: Style) -> String {
    let part = style.delimiter;
    let mut text = COLUMNS.join(&part.to_string()) + style.end;
    for row in answers {
        push_row(&mut text, style, &row.each_ref().map(String::as_str));
    }
    text
}

/// In which order a long file has its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arranged {
    Grouped,
    Melted,
    Scattered,
}

const ARRANGED: [Arranged; 3] = [Arranged::Grouped, Arranged::Melted, Arranged::Scattered];

/// The same answers as in [`file`], a row an answer.
fn long(units: usize, style: Style, arranged: Arranged) -> String {
    long_of(&answers(units, style.delimiter), style, arranged)
}

fn long_of(units: &[[String; 10]], style: Style, arranged: Arranged) -> String {
    let part = style.delimiter;
    let mut cells: Vec<(usize, usize)> = (0..units.len())
        .flat_map(|unit| ANSWERS.map(move |at| (unit, at)))
        .collect();
    match arranged {
        Arranged::Grouped => {}
        Arranged::Melted => cells.sort_by_key(|&(unit, at)| (at, unit)),
        Arranged::Scattered => {
            let count = cells.len();
            cells = (0..count).map(|at| cells[at * 1009 % count]).collect();
        }
    }
    let heads = ["unit", "note", "indicator", "answer", "size", "name"];
    let mut text = heads.join(&part.to_string()) + style.end;
    for (unit, at) in cells {
        let row = &units[unit];
        // A blank answer has a row where another one has none.
        if row[at].is_empty() && unit % 3 > 0 && at > ANSWERS.start {
            continue;
        }
        let cells = [&row[0], &row[9], COLUMNS[at], &row[at], &row[2], &row[1]];
        push_row(&mut text, style, &cells);
        if unit % 50 == 0 {
            text.push_str(style.end);
        }
    }
    text
}

/// Tidy and wide rows.
type Written = (Vec<u8>, Vec<u8>);

/// Everything but ranks, which alone depend on everybody.
fn wanted(framework: &Framework) -> Wanted {
    let mut wanted = Wanted::all(framework);
    wanted.ranks.fill(false);
    wanted
}

fn written(
    framework: &Framework,
    responses: &Responses,
    table: ScoreTable,
    order: Order,
) -> Written {
    let assumptions = Assumptions::of(framework);
    let table = match order {
        Order::Any => table.in_order_of(responses),
        Order::Ascending | Order::Scattered => table,
    };
    let (none, no_scores) = (Responses::default(), ScoreTable::default());
    let about = ScoreResult::new(framework, &assumptions, &none, Vec::new(), no_scores).about;
    let columns = Columns::all(&about);
    let (mut tidy, mut wide) = (Vec::new(), Vec::new());
    csv::tidy_rows(&about, &table, &columns, &mut tidy, |_| {});
    csv::wide_rows(&about, &table, &columns, &mut wide, |_| {});
    (tidy, wide)
}

fn in_pieces(framework: &Framework, text: &str, how: (Order, Pace)) -> Option<Written> {
    let (outcome, written) = read_text(framework, text, how, Way::InPieces)?;
    (outcome == Outcome::Done).then_some(written)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    InPieces,
    Gathered,
}

fn read_text(
    framework: &Framework,
    text: &str,
    how: (Order, Pace),
    way: Way,
) -> Option<(Outcome, Written)> {
    let read = read(framework, (text.as_bytes(), 20_000), how, way)?;
    Some((read.outcome, read.rows))
}

/// What became of reading a file in pieces.
struct Read {
    outcome: Outcome,
    rows: Written,
    remarks: String,
}

/// Reads a file whose columns are known from its first bytes, so many of them.
fn read(
    framework: &Framework,
    (bytes, beginning): (&[u8], usize),
    how: (Order, Pace),
    way: Way,
) -> Option<Read> {
    read_all(framework, &[("responses.csv", bytes)], beginning, how, way)
}

/// Reads files, the columns of each of which are known from its first bytes, so many of them.
fn read_all(
    framework: &Framework,
    files: &[(&str, &[u8])],
    beginning: usize,
    (order, pace): (Order, Pace),
    way: Way,
) -> Option<Read> {
    let order = match (way, order) {
        (Way::Gathered, Order::Ascending) => Order::Scattered,
        (Way::InPieces | Way::Gathered, order) => order,
    };
    let (mut begun, mut rests) = (Vec::new(), Vec::new());
    for (name, bytes) in files {
        let (bytes, rest) = bytes.split_at(bytes.len().min(beginning));
        begun.push(Begun {
            beginning: Input { name, bytes },
            ended: rest.is_empty(),
        });
        rests.push(rest);
    }
    let options = Options::default();
    let mut plan = Plan::compile(framework, &Assumptions::of(framework));
    let counts_as = |question: usize| plan.counts_as(question);
    let stream = Stream::open(&begun, framework, &options, &counts_as)?;
    for round in plan.rounds() {
        // The first round knows nothing, but knows that.
        plan = plan.knowing(&Frozen::default());
        let mut all = Gathered::default();
        let work =
            |responses: &mut Responses| plan.gather_read(responses, &round, Keep::WhatIsNeeded);
        let mut take = |gathered: Gathered| {
            all.append(gathered);
            Ok(())
        };
        let mut rests = rests.clone();
        let mut rests: Vec<_> = rests.iter_mut().map(as_source).collect();
        let outcome = stream.read(&mut rests, (order, pace), &work, &mut take);
        if outcome.expect("a text can be read").outcome != Outcome::Done {
            return None;
        }
        plan = plan.knowing(&all.settle());
    }
    let mut all = (Vec::new(), Vec::new());
    let work = |responses: &mut Responses| {
        let table = plan.score_read(responses, &wanted(framework));
        written(framework, responses, table, order)
    };
    let mut take = |(tidy, wide): Written| {
        all.0.extend(tidy);
        all.1.extend(wide);
        Ok(())
    };
    let mut rests: Vec<_> = rests.iter_mut().map(as_source).collect();
    let read = stream.read(&mut rests, (order, pace), &work, &mut take);
    let read = read.expect("a text can be read");
    Some(Read {
        outcome: read.outcome,
        rows: all,
        remarks: problem::render(&stream.remarks(&read.seen)),
    })
}

fn as_source<'r, 's>(rest: &'r mut &'s [u8]) -> &'r mut (dyn io::Read + Send + 's) {
    rest
}

fn as_a_whole(framework: &Framework, text: &str, order: Order) -> Written {
    told_as_a_whole(framework, text, order).0
}

/// With what is said of the file.
fn told_as_a_whole(framework: &Framework, text: &str, order: Order) -> (Written, String) {
    all_as_a_whole(framework, &[("responses.csv", text.as_bytes())], order)
}

fn all_as_a_whole(
    framework: &Framework,
    files: &[(&str, &[u8])],
    order: Order,
) -> (Written, String) {
    let inputs = files.iter().map(|&(name, bytes)| Input { name, bytes });
    let inputs: Vec<Input<'_>> = inputs.collect();
    let loaded = responses::load(&inputs, framework, &Options::default())
        .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)));
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    let table = plan.score_wanted(&loaded.responses, &wanted(framework));
    let rows = written(framework, &loaded.responses, table, order);
    (rows, problem::render(&loaded.remarks))
}

const STYLES: [Style; 4] = [
    Style {
        delimiter: ',',
        end: "\n",
        quoted: false,
    },
    Style {
        delimiter: ';',
        end: "\r\n",
        quoted: true,
    },
    Style {
        delimiter: '\t',
        end: "\r",
        quoted: false,
    },
    Style {
        delimiter: '|',
        end: "\n",
        quoted: true,
    },
];

const PACES: [Pace; 5] = [
    Pace {
        size: 200,
        pieces: 1,
    },
    Pace {
        size: 777,
        pieces: 3,
    },
    Pace {
        size: 4_096,
        pieces: 2,
    },
    Pace {
        size: 30_000,
        pieces: 8,
    },
    Pace {
        size: 1 << 20,
        pieces: 1,
    },
];

/// Submissions to `LimeSurvey`: a column an option, and rows that were never sent.
fn submissions(rows: usize) -> String {
    let mut text = String::from(
        "id,submitdate,lastpage,startlanguage,unit,law,open[data],open[code],open[text],open[other],share,share__reason\n",
    );
    for (row, answers) in answers(rows, ',').into_iter().enumerate() {
        let [unit, _, _, law, _, share, ..] = answers;
        let sent = if row % 7 == 3 {
            ""
        } else {
            "2026-03-01 10:05:12"
        };
        let ticks = [
            "Y,,Y,",
            ",,,",
            "Y,Y,Y,",
            "Y,N,N,Other: \"\"this\"\"",
            "N,N,N,",
            "NA,NA,NA,",
        ][row % 6];
        let reason = ["", "NA", "-9"][row % 3];
        let unfinished = if sent.is_empty() { "nobody asked" } else { "" };
        writeln!(
            text,
            "{row},{sent},3,en,{unit},{law},{ticks}{unfinished},{share},{reason}"
        )
        .expect("a text takes everything");
    }
    text
}

#[test]
fn options_with_columns_of_their_own_and_rows_that_are_left_out_change_nothing() {
    let framework = sound(FRAMEWORK);
    let sound = submissions(700);
    for order in [Order::Ascending, Order::Any] {
        let (whole, told) = told_as_a_whole(&framework, &sound, order);
        assert!(
            told.contains("note[skipped]: 100 rows left out: not finished"),
            "{told}"
        );
        for pace in PACES {
            let bytes = (sound.as_bytes(), 20_000);
            let found = read(&framework, bytes, (order, pace), Way::InPieces);
            let found = found.expect("its columns are known");
            assert_eq!(found.outcome, Outcome::Done);
            assert!(found.rows == whole, "{pace:?}");
            assert_eq!(found.remarks, told);
        }
    }
    let mistaken = |ticks: &str| format!("{sound}9,2026-03-01 10:05:12,3,en,V,yes,{ticks},1,\n");
    let fine = mistaken("Y,,,");
    assert!(in_pieces(&framework, &fine, (Order::Ascending, PACES[0])).is_some());
    let doubtful = mistaken("perhaps,,,");
    assert!(in_pieces(&framework, &doubtful, (Order::Ascending, PACES[0])).is_none());
}

/// Sales of shops as a spreadsheet shows them, in the wide form and in the long one.
fn grouped(last: &str) -> [String; 2] {
    let mut files = ["unit;size;sales\n", "unit;indicator;answer;size\n"].map(String::from);
    for row in 0..300 {
        let (size, sales) = (
            row * 7 % 50,
            format!("{}.{:03}", 1 + row % 40, row * 13 % 1000),
        );
        let sales = if row == 299 { last } else { &sales };
        writeln!(files[0], "U{row:04};{size};{sales}").expect("a text takes everything");
        writeln!(files[1], "U{row:04};sales;{sales};{size}").expect("a text takes everything");
    }
    files
}

#[test]
fn signs_that_may_stand_between_thousands_are_warned_of_in_pieces_as_in_the_whole() {
    let framework = sound(
        "dgpf: 1\nid: shops\nunit: unit\nattributes: {size: number}\nindicators: [{id: sales, number: {from: 0, to: 50000}}]\n",
    );
    for (last, warned) in [("7.250", true), ("7", true), ("7.25", false)] {
        for text in grouped(last) {
            let (whole, told) = told_as_a_whole(&framework, &text, Order::Ascending);
            let warning = "warning[perhaps-thousands]: all numbers with a decimal sign are like `1.000`, which is read as a \
                           number below 1000\n  --> responses.csv\n";
            assert_eq!(told.contains(warning), warned, "{told}");
            for pace in PACES {
                for (order, way) in [
                    (Order::Ascending, Way::InPieces),
                    (Order::Any, Way::Gathered),
                ] {
                    let bytes = (text.as_bytes(), 3_000);
                    let Some(found) = read(&framework, bytes, (order, pace), way) else {
                        assert!(way == Way::Gathered, "its columns are known");
                        continue;
                    };
                    assert_eq!(found.outcome, Outcome::Done);
                    assert!(found.rows == whole);
                    assert_eq!(found.remarks, told);
                }
            }
        }
    }
}

#[test]
fn pieces_change_no_byte() {
    let framework = sound(FRAMEWORK);
    for style in STYLES {
        let text = file(600, style);
        let whole = as_a_whole(&framework, &text, Order::Ascending);
        assert!(whole.1.len() > 20_000);
        for pace in PACES {
            let pieces = in_pieces(&framework, &text, (Order::Ascending, pace));
            let same = pieces.as_ref() == Some(&whole);
            assert!(
                same,
                "{:?} {:?} {pace:?} {}",
                style.delimiter,
                style.end,
                pieces.is_some()
            );
        }
    }
}

/// Ways to compare units, in the place of the framework's own `share` and `policy`, with what stands before its dimensions.
const RELATIVE: [(&str, &str, &str); 8] = [
    ("number: {}, normalise: min-max", "", ""),
    (
        "number: {better: lower}, normalise: z-score",
        "",
        "normalise: percentile",
    ),
    (
        "number: {}, treat: {winsorise: 3, skewness: 0.01, kurtosis: -1}, normalise: min-max",
        "index: {normalise: {z-score: {mean: 10, sd: 2}}}",
        "normalise: {min-max: {onto: [0, 100]}}",
    ),
    (
        "number: {}, missing: mean, treat: {percentiles: [2.5, 90]}, normalise: min-max",
        "index: {normalise: percentile}",
        "",
    ),
    (
        "number: {}, missing: mean, normalise: {rank: {ties: average}}",
        "screen: {answered: 0.5}",
        "",
    ),
    (
        "number: {}, missing: {median: {by: size}}, normalise: share-of-leader",
        "cohort: {units: small}\ngroups: [{id: small, where: {size: 12}}]",
        "",
    ),
    (
        "number: {}, missing: {row-mean: {within: index}}, normalise: borda",
        "index: {normalise: rank}",
        "",
    ),
    (
        "number: {}, normalise: {distance-to-unit: {unit: U00003, cap: true}}",
        "index: {missing: lowest}",
        "normalise: {distance-to-target: {between: [0.4, 0.6]}}",
    ),
];

fn relative(share: &str, head: &str, policy: &str) -> String {
    FRAMEWORK
        .replace("number: {from: 0, to: 100}", share)
        .replace(
            "dimensions:",
            &format!("{head}\nrange: unbounded\ndimensions:"),
        )
        .replace("id: policy\n", &format!("id: policy\n    {policy}\n"))
}

#[test]
fn pieces_change_no_byte_where_units_are_compared() {
    for (share, head, policy) in RELATIVE {
        let framework = sound(&relative(share, head, policy));
        let plan = Plan::compile(&framework, &Assumptions::of(&framework));
        assert!(
            plan.rows_stand_alone() && !plan.rounds().is_empty(),
            "{share}"
        );
        let text = file(600, STYLES[0]);
        let whole = as_a_whole(&framework, &text, Order::Ascending);
        for pace in PACES {
            let pieces = in_pieces(&framework, &text, (Order::Ascending, pace));
            assert!(pieces.as_ref() == Some(&whole), "{share} {pace:?}");
        }
    }
}

/// The same answers in three files, each written in its own style; the second one is short.
fn parts(arranged: Option<Arranged>) -> [String; 3] {
    let ranges = [0..400, 400..430, 430..700];
    let mut styles = STYLES.into_iter();
    ranges.map(|range| {
        let style = styles.next().expect("there are more");
        let rows = &answers(range.end, style.delimiter)[range];
        match arranged {
            None => file_of(rows, style),
            Some(arranged) => long_of(rows, style, arranged),
        }
    })
}

#[test]
fn several_files_give_in_pieces_what_they_give_as_a_whole() {
    let framework = sound(FRAMEWORK);
    let read_all = |files: &[(&str, &[u8])], how| {
        read_all(&framework, files, 20_000, how, Way::InPieces).expect("their columns are known")
    };
    let arranged = [None, Some(Arranged::Grouped), Some(Arranged::Scattered)];
    for (arranged, pace) in arranged
        .iter()
        .flat_map(|one| PACES.map(|pace| (*one, pace)))
    {
        let [first, second, third] = parts(arranged);
        let [first, second, third] = [
            ("first.csv", first.as_bytes()),
            ("second.csv", second.as_bytes()),
            ("third.csv", third.as_bytes()),
        ];
        let in_order = [first, second, third];
        let in_another = [third, first, second];
        for files in [in_order, in_another] {
            let (whole, told) = all_as_a_whole(&framework, &files, Order::Any);
            let found = read_all(&files, (Order::Any, pace));
            assert_eq!(found.outcome, Outcome::Done);
            assert!(found.rows == whole, "{arranged:?} {pace:?}");
            assert_eq!(found.remarks, told);
        }
        let found = read_all(&in_another, (Order::Ascending, pace));
        assert_eq!((found.outcome, found.rows.0.len()), (Outcome::Unordered, 0));
        if arranged != Some(Arranged::Scattered) {
            let (whole, _) = all_as_a_whole(&framework, &in_order, Order::Ascending);
            let found = read_all(&in_order, (Order::Ascending, pace));
            assert_eq!(found.outcome, Outcome::Done);
            assert!(found.rows == whole, "{arranged:?} {pace:?}");
        }
    }
}

#[test]
fn several_files_that_do_not_go_together_are_read_as_a_whole() {
    let framework = sound(FRAMEWORK);
    let [first, second, third] = parts(None);
    let [long, ..] = parts(Some(Arranged::Grouped));
    let (header, _) = first.split_once('\n').expect("there is a header");
    let again = format!("{header}\nU00007,,,yes,,,,,,\n");
    let alike = format!("{header}\nu00007,,,yes,,,,,,\n");
    let wrong = format!("{header}\nU99999,,,perhaps,,,,,,\n");
    let how = (Order::Any, PACES[1]);
    let outcome = |files: &[&str]| {
        let files: Vec<(&str, &[u8])> = files
            .iter()
            .map(|text| ("a.csv", text.as_bytes()))
            .collect();
        let read = read_all(&framework, &files, 20_000, how, Way::InPieces);
        read.map(|read| read.outcome)
    };
    assert_eq!(outcome(&[&first, &second, &third]), Some(Outcome::Done));
    for last in [again, alike, wrong, format!("{header}\n")] {
        assert_eq!(
            outcome(&[&first, &second, &last]),
            Some(Outcome::Whole),
            "{last}"
        );
    }
    assert_eq!(outcome(&[&first, &long]), None);
}

#[test]
fn units_can_stay_in_the_order_of_the_file() {
    let framework = sound(FRAMEWORK);
    let text = file(600, STYLES[0]);
    let (head, rows) = text.split_once('\n').expect("there is a header");
    // Rows that hold line ends stay together.
    let mut rows: Vec<&str> = rows.split_inclusive("\nU").collect();
    rows.reverse();
    let rows = rows.iter().fold(String::new(), |all, row| {
        all + "U" + row.trim_start_matches('U').trim_end_matches('U')
    });
    let text = format!("{head}\n{rows}");
    let whole = as_a_whole(&framework, &text, Order::Any);
    assert_ne!(whole, as_a_whole(&framework, &text, Order::Ascending));
    for pace in PACES {
        assert!(in_pieces(&framework, &text, (Order::Any, pace)).as_ref() == Some(&whole));
        assert!(in_pieces(&framework, &text, (Order::Ascending, pace)).is_none());
        // Whoever is given them in any order can put them in the right one.
        let scattered = in_pieces(&framework, &text, (Order::Scattered, pace));
        let (_, scattered) = scattered.expect("every order will do");
        assert!(lines(&scattered) == lines(&whole.1));
    }
}

/// The lines of a text, in order.
fn lines(text: &[u8]) -> Vec<&[u8]> {
    let mut lines: Vec<&[u8]> = text.split_inclusive(|byte| *byte == b'\n').collect();
    lines.sort_unstable();
    lines
}

#[test]
fn a_last_row_that_sums_up_the_others_is_warned_of_in_pieces_as_in_the_whole() {
    let framework = sound(
        "dgpf: 1\nid: shops\nunit: unit\nindicators: [{id: sales, number: {from: 0, to: 50000}}]\n",
    );
    for (last, warned) in [("Total:", true), ("Totnes", false)] {
        let mut text = "unit,sales\n".to_owned();
        for row in 0..2000 {
            writeln!(text, "A{row:04},{row}").expect("a text takes everything");
        }
        writeln!(text, "{last},9000").expect("a text takes everything");
        let (whole, told) = told_as_a_whole(&framework, &text, Order::Ascending);
        let warning = "warning[total-row]: the last row is called `Total:` and counts as a unit\n  --> responses.csv\n   = help: \
                       take it out if it sums up the rows above\n";
        assert_eq!(told, if warned { warning } else { "" });
        for pace in PACES {
            for order in [Order::Ascending, Order::Any] {
                let bytes = (text.as_bytes(), 3_000);
                let found = read(&framework, bytes, (order, pace), Way::InPieces);
                let found = found.expect("its columns are known");
                assert_eq!(found.outcome, Outcome::Done);
                assert_eq!(found.remarks, told);
                assert!(order == Order::Any || found.rows == whole);
            }
        }
    }
}

#[test]
fn what_is_not_sound_is_read_as_a_whole() {
    let framework = sound(FRAMEWORK);
    let text = file(600, STYLES[0]);
    let pace = PACES[1];
    let in_order = |text: &str| in_pieces(&framework, text, (Order::Ascending, pace)).is_some();
    let at_all = |text: &str| {
        let orders = [Order::Any, Order::Scattered];
        let read = orders.map(|order| in_pieces(&framework, text, (order, pace)).is_some());
        assert_eq!(read[0], read[1]);
        read[0]
    };
    assert!(in_order(&text) && at_all(&text));
    let row = "U00500,,,yes,all,1,data,all,2,\n";
    for (what, broken) in [
        ("a unit twice", text.clone() + row),
        (
            "nearly the same unit twice",
            text.clone() + &row.replace('U', "u"),
        ),
        (
            "a unit twice for the eye",
            text.clone() + &row.replace('U', "U\u{200b}"),
        ),
        (
            "an unknown answer",
            text.clone() + &row.replace("U00500", "V").replace("yes", "perhaps"),
        ),
        ("a short row", text.clone() + "V,yes\n"),
        ("no unit", text.clone() + &row.replace("U00500", "")),
        ("an open quote", text.clone() + "V,\"\n"),
        ("a zero byte", text.clone() + &row.replace("U00500", "V\0")),
        (
            "a number that is none",
            text.clone() + &row.replace("U00500", "V").replace(",1,", ",x,"),
        ),
    ] {
        assert!(!in_order(&broken) && !at_all(&broken), "{what}");
    }
    let whole = as_a_whole(
        &framework,
        &(text.clone() + &row.replace("U00500", "V")),
        Order::Ascending,
    );
    let behind = in_pieces(
        &framework,
        &(text + &row.replace("U00500", "V")),
        (Order::Ascending, pace),
    );
    assert!(behind.as_ref() == Some(&whole));
}

#[test]
fn periods_of_a_unit_stand_in_order() {
    let framework = sound(&FRAMEWORK.replace("unit: unit", "unit: unit\nperiod: year"));
    let rows = |years: [&str; 2]| {
        let mut text = String::from("unit,year,law,reach,share,open,spread,days\n");
        for unit in 0..100 {
            for year in years {
                writeln!(text, "U{unit:03},{year},yes,all,{unit},data,some,3")
                    .expect("a text takes all");
            }
        }
        text
    };
    for pace in PACES {
        let text = rows(["2023", "2025"]);
        let whole = as_a_whole(&framework, &text, Order::Ascending);
        let pieces = in_pieces(&framework, &text, (Order::Ascending, pace));
        assert!(pieces.as_ref() == Some(&whole));
        // As texts they would stand the other way round.
        let text = rows(["9", "10"]);
        assert!(in_pieces(&framework, &text, (Order::Ascending, pace)).is_none());
        assert!(in_pieces(&framework, &text, (Order::Scattered, pace)).is_some());
        // A unit that is spelled in two ways, or twice in a period, has to be looked at.
        for row in [
            "u042,8,yes,all,1,data,some,3\n",
            "U042,9,yes,all,1,data,some,3\n",
        ] {
            let text = text.clone() + row;
            assert!(in_pieces(&framework, &text, (Order::Scattered, pace)).is_none());
        }
        // A period that is written in two ways is warned of.
        let text = rows(["2023", "2025"]) + "V,2025.0,yes,all,1,data,some,3\n";
        assert!(in_pieces(&framework, &text, (Order::Ascending, pace)).is_none());
        assert!(in_pieces(&framework, &text, (Order::Scattered, pace)).is_none());
    }
}

#[test]
fn long_files_give_what_wide_ones_give() {
    let framework = sound(FRAMEWORK);
    for style in STYLES {
        let whole = as_a_whole(&framework, &file(150, style), Order::Ascending);
        for arranged in ARRANGED {
            let text = long(150, style, arranged);
            assert!(as_a_whole(&framework, &text, Order::Ascending) == whole);
            for pace in PACES {
                let pieces = in_pieces(&framework, &text, (Order::Ascending, pace));
                if arranged == Arranged::Grouped {
                    assert!(pieces.as_ref() == Some(&whole), "{style:?} {pace:?}");
                } else {
                    assert!(pieces.is_none(), "{style:?} {arranged:?} {pace:?}");
                }
                let how = (Order::Ascending, pace);
                let gathered = read_text(&framework, &text, how, Way::Gathered);
                let same = gathered.as_ref() == Some(&(Outcome::Done, whole.clone()));
                assert!(same, "{style:?} {arranged:?} {pace:?}");
            }
        }
    }
}

#[test]
fn a_long_file_that_goes_question_by_question_is_known_by_its_beginning() {
    let framework = sound(FRAMEWORK);
    let pace = Pace {
        size: 2_000,
        pieces: 1,
    };
    let read = |arranged: Arranged| {
        let text = long(5_000, STYLES[0], arranged);
        let how = (Order::Ascending, pace);
        let known = (text.as_bytes(), 150_000);
        let read = read(&framework, known, how, Way::InPieces);
        read.expect("its columns are known")
    };
    // Its first pieces, as far as they go, would be in order.
    let melted = read(Arranged::Melted);
    assert_eq!(
        (melted.outcome, melted.rows.0.len()),
        (Outcome::Unordered, 0)
    );
    let grouped = read(Arranged::Grouped);
    assert_eq!(
        (grouped.outcome, grouped.rows.0.is_empty()),
        (Outcome::Done, false)
    );
}

#[test]
fn units_of_a_long_file_can_stay_in_its_order() {
    let framework = sound(FRAMEWORK);
    let text = long(120, STYLES[0], Arranged::Grouped);
    // The second half first.
    let half = text.find("U00060").expect("there are more");
    let (head, rows) = text.split_once('\n').expect("there is a header");
    let half = half - head.len() - 1;
    let text = format!("{head}\n{}{}", &rows[half..], &rows[..half]);
    let whole = as_a_whole(&framework, &text, Order::Any);
    assert!(whole != as_a_whole(&framework, &text, Order::Ascending));
    let scattered = long(120, STYLES[0], Arranged::Scattered);
    for pace in PACES {
        let how = (Order::Any, pace);
        assert!(in_pieces(&framework, &text, how).as_ref() == Some(&whole));
        assert!(in_pieces(&framework, &text, (Order::Ascending, pace)).is_none());
        let gathered = read_text(&framework, &text, how, Way::Gathered).expect("it can be opened");
        assert!(gathered == (Outcome::Done, whole.clone()));
        let gathered = read_text(&framework, &scattered, how, Way::Gathered).expect("likewise");
        let whole = as_a_whole(&framework, &scattered, Order::Any);
        assert!(gathered == (Outcome::Done, whole));
    }
}

#[test]
fn what_is_not_sound_in_a_long_file_is_read_as_a_whole() {
    let framework = sound(FRAMEWORK);
    let text = long(120, STYLES[0], Arranged::Grouped);
    let row = |unit: &str, indicator: &str, answer: &str| {
        format!("{unit},,{indicator},{answer},12,Ministry\n")
    };
    let sound = text.clone() + &row("V", "law", "yes");
    for order in [Order::Ascending, Order::Any] {
        for pace in [PACES[0], PACES[3]] {
            let ways = [Way::InPieces, Way::Gathered];
            let outcomes = |text: &str| {
                ways.map(|way| {
                    let read = read_text(&framework, text, (order, pace), way);
                    read.expect("it can be opened").0
                })
            };
            assert_eq!(outcomes(&sound), [Outcome::Done; 2]);
            for (what, rows) in [
                ("an unknown answer", row("V", "law", "perhaps")),
                ("an unknown indicator", row("V", "laws", "yes")),
                ("no indicator", row("V", "", "yes")),
                ("no unit", row("", "law", "yes")),
                ("a short row", "V,,law\n".to_owned()),
                ("an open quote", "V,,law,\"yes\n".to_owned()),
                ("a zero byte", row("V\0", "law", "yes")),
                ("a number that is none", row("V", "share", "x")),
                ("an error for a unit", row("#N/A", "law", "yes")),
                (
                    "a unit that is too long",
                    row(&"V".repeat(501), "law", "yes"),
                ),
                (
                    "an attribute that is no number",
                    row("V", "law", "yes").replace("12", "many"),
                ),
                ("an option in a row of its own", row("V", "open/data", "1")),
                (
                    "an answer given twice",
                    row("V", "law", "yes") + &row("V", "law", "yes"),
                ),
                (
                    "a blank answer and a second one",
                    row("V", "share", "") + &row("V", "share", "1"),
                ),
                (
                    "an attribute that changes",
                    row("V", "law", "yes") + &row("V", "share", "1").replace("12", "13"),
                ),
            ] {
                let outcomes = outcomes(&(text.clone() + &rows));
                assert_eq!(outcomes, [Outcome::Whole; 2], "{what}");
            }
            // These can only be told when everything is known.
            for (what, rows) in [
                ("an answer given again", row("U00100", "law", "yes")),
                (
                    "nearly the same unit twice",
                    row("v", "law", "yes") + &row("V", "law", "yes"),
                ),
            ] {
                let found = outcomes(&(text.clone() + &rows));
                assert_ne!(found[0], Outcome::Done, "{what}");
                assert_eq!(found[1], Outcome::Whole, "{what}");
            }
        }
    }
    let style = STYLES[1];
    let mixed = long(120, style, Arranged::Grouped) + "V;;share;0,5;12;Ministry\r\n";
    for pace in PACES {
        let how = (Order::Ascending, pace);
        assert!(in_pieces(&framework, &mixed, how).is_none());
        let gathered = read_text(&framework, &mixed, how, Way::Gathered).expect("it can be opened");
        assert_eq!(gathered.0, Outcome::Whole);
    }
}

#[test]
fn records_that_hold_no_answer_are_read_like_any_other() {
    let framework = sound(FRAMEWORK);
    let mut text = long(100, STYLES[0], Arranged::Grouped);
    // Keys are trimmed, and evidence alone makes a unit.
    text.push_str("  V ,,  LAW ,yes,,\n V,,share,1,,\n,,,,,\nW,,law__evidence,a note,,\n");
    let whole = as_a_whole(&framework, &text, Order::Ascending);
    for pace in PACES {
        let how = (Order::Ascending, pace);
        for way in [Way::InPieces, Way::Gathered] {
            let read = read_text(&framework, &text, how, way).expect("it can be opened");
            assert!(read == (Outcome::Done, whole.clone()), "{pace:?}");
        }
    }
}

#[test]
fn periods_of_a_long_file_may_come_in_any_order() {
    let framework = sound(&FRAMEWORK.replace("unit: unit", "unit: unit\nperiod: year"));
    let file = |years: [&str; 3], by_unit: bool| {
        let mut rows = Vec::new();
        for unit in 0..100 {
            for (at, year) in years.iter().enumerate() {
                let name = ["", "Second", "Third"][at];
                rows.push(format!("U{unit:03},{year},law,yes,{name}"));
                rows.push(format!("U{unit:03},{year},share,{unit},{name}"));
            }
        }
        if !by_unit {
            rows.sort_by(|a, b| a[5..].cmp(&b[5..]));
        }
        format!("unit,year,indicator,answer,name\n{}\n", rows.join("\n"))
    };
    for (years, in_pieces) in [
        (["2023", "2021", "2022"], true),
        (["b", "a", "c"], true),
        // As numbers they stand the other way round, if no other unit has a period that is none.
        (["9", "10", "11"], false),
        (["9", "10", "first"], true),
    ] {
        for by_unit in [true, false] {
            let text = file(years, by_unit);
            for order in [Order::Ascending, Order::Any] {
                let whole = as_a_whole(&framework, &text, order);
                for pace in PACES {
                    let read = |way| read_text(&framework, &text, (order, pace), way);
                    let gathered = read(Way::Gathered);
                    assert!(
                        gathered == Some((Outcome::Done, whole.clone())),
                        "{years:?}"
                    );
                    let (outcome, pieces) = read(Way::InPieces).expect("it can be opened");
                    let sorted = in_pieces && by_unit || order == Order::Any;
                    assert_eq!(outcome == Outcome::Done, sorted, "{years:?}");
                    assert!(outcome == Outcome::Unordered || pieces == whole);
                }
            }
        }
    }
    // A period that is written in two ways is warned of.
    let text = file(["2021", "2022", "2021.0"], true);
    for pace in PACES {
        for way in [Way::InPieces, Way::Gathered] {
            let read = read_text(&framework, &text, (Order::Any, pace), way);
            assert_eq!(read.expect("it can be opened").0, Outcome::Whole);
        }
    }
}

#[test]
fn countries_are_named_in_a_long_file() {
    let framework = sound(FRAMEWORK);
    let file = |codes: &[&str]| {
        let mut text = String::from("unit,indicator,answer,name\n");
        for code in codes {
            let rows = ["law,yes", "share,5", "days,", "spread,", "reach,"];
            for row in rows {
                writeln!(text, "{code},{row},").expect("a text takes all");
            }
        }
        text
    };
    let codes = [
        "NO", "SE", "DK", "FIN", "EE", "LV", "LT", "PL", "DE", "FR", "ES", "PT", "IT", "NL",
    ];
    let text = file(&codes);
    let whole = as_a_whole(&framework, &text, Order::Ascending);
    assert!(String::from_utf8_lossy(&whole.1).contains("NO,,Norway,"));
    let how = (Order::Ascending, PACES[0]);
    let gathered = read_text(&framework, &text, how, Way::Gathered);
    assert!(gathered == Some((Outcome::Done, whole)));
    // One country under two codes is worth a warning.
    let twice = file(&[&codes[..], &["NOR"]].concat());
    let (outcome, _) = read_text(&framework, &twice, how, Way::Gathered).expect("it can be opened");
    assert_eq!(outcome, Outcome::Whole);
}

/// The responses as a long file, several times with other units, so that there is enough of it.
fn many(framework: &Framework, responses: &Responses) -> (String, Vec<String>) {
    let mut text = Vec::new();
    responses::write_long(responses, framework, &mut text).expect("a vector takes all");
    let text = String::from_utf8(text).expect("CSV is UTF-8");
    let (header, rows) = text.split_once('\n').expect("there is a header");
    let copies = 1 + 100 / rows.lines().count().max(1);
    // Units stand first in a row.
    let rows = (0..copies).flat_map(|copy| rows.lines().map(move |row| format!("c{copy}{row}")));
    (format!("{header}\n"), rows.collect())
}

proptest! {
    #![proptest_config(config(48))]

    #[test]
    fn any_long_file_gives_in_pieces_what_it_gives_as_a_whole(
        case in cases(Wild { rows: false, relative: false, ..Wild::ALL }),
        size in 40_usize..2_000,
        pieces in 1_usize..5,
    ) {
        let framework = &case.framework;
        let plan = Plan::compile(framework, &Assumptions::of(framework));
        prop_assume!(plan.rows_stand_alone());
        let (header, mut rows) = many(framework, &case.responses);
        rows.sort_by(|a, b| a.split(',').next().cmp(&b.split(',').next()));
        let grouped = header.clone() + &rows.join("\n");
        rows.sort_by_key(|row| row.bytes().rev().collect::<Vec<u8>>());
        let scattered = header + &rows.join("\n");
        for order in [Order::Ascending, Order::Any] {
            let how = (order, Pace { size, pieces });
            for text in [&grouped, &scattered] {
                let whole = as_a_whole(framework, text, order);
                let gathered = read_text(framework, text, how, Way::Gathered);
                prop_assert!(gathered == Some((Outcome::Done, whole)));
            }
            let whole = as_a_whole(framework, &grouped, order);
            let pieces = read_text(framework, &grouped, how, Way::InPieces);
            prop_assert!(pieces == Some((Outcome::Done, whole)));
        }
    }
}
