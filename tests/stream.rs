//! A file read in pieces gives the bytes that it gives as a whole, whatever the size of the pieces and however many are
//! read at the same time; what cannot be read in pieces is left to be read as a whole.

use std::fmt::Write as _;
use std::sync::Arc;

use dgpf::framework::{self, Framework, Source};
use dgpf::problem;
use dgpf::report::ScoreResult;
use dgpf::report::csv::{self, Columns};
use dgpf::responses::{self, Input, Options, Order, Outcome, Pace, Responses, Stream};
use dgpf::scoring::{Assumptions, Frozen, Gathered, Keep, Plan, ScoreTable, Wanted};

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
#[derive(Clone, Copy)]
struct Style {
    delimiter: char,
    end: &'static str,
    quoted: bool,
}

/// Answers of `units` units, in order.
fn file(units: usize, style: Style) -> String {
    let part = style.delimiter;
    let heads = [
        "unit", "name", "size", "law", "reach", "share", "open", "spread", "days", "note",
    ];
    let mut text = heads.join(&part.to_string()) + style.end;
    let mut state = 7_u64;
    let mut draw = |texts: &[&str]| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let count = u64::try_from(texts.len()).expect("few");
        texts[usize::try_from((state >> 33) % count).expect("few")].to_owned()
    };
    for unit in 0..units {
        let list = if part == ',' {
            "data|text"
        } else {
            "data,text"
        };
        let number = [
            "0", "12.5", "7", "100", "33.333", " 50 ", "5e1", "NA", "", "-9", "-9.0",
        ];
        let cells = [
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
        ];
        for (at, cell) in cells.iter().enumerate() {
            let odd = cell.contains(['"', '\n', part, ';', ',']);
            if at > 0 {
                text.push(part);
            }
            if odd || style.quoted && at % 2 == 0 {
                write!(text, "\"{}\"", cell.replace('"', "\"\"")).expect("a text takes all");
            } else {
                text.push_str(cell);
            }
        }
        text.push_str(style.end);
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

fn in_pieces(framework: &Framework, text: &str, (order, pace): (Order, Pace)) -> Option<Written> {
    let beginning = &text.as_bytes()[..text.len().min(20_000)];
    let input = Input {
        name: "responses.csv",
        bytes: beginning,
    };
    let options = Options::default();
    let mut plan = Plan::compile(framework, &Assumptions::of(framework));
    let counts_as = |question: usize| plan.counts_as(question);
    let stream = Stream::open(&input, framework, &options, &counts_as)?;
    let rest = &text.as_bytes()[beginning.len()..];
    for round in plan.rounds() {
        // The first round knows nothing, but knows that.
        plan = plan.knowing(&Frozen::default());
        let mut all = Gathered::default();
        let work =
            |mut responses: Responses| plan.gather_read(&mut responses, &round, Keep::WhatIsNeeded);
        let mut take = |gathered: Gathered| {
            all.append(gathered);
            Ok(())
        };
        let outcome = stream.read(beginning, &mut &*rest, (order, pace), &work, &mut take);
        if outcome.expect("a text can be read") != Outcome::Done {
            return None;
        }
        plan = plan.knowing(&all.settle());
    }
    let mut all = (Vec::new(), Vec::new());
    let work = |mut responses: Responses| {
        let table = plan.score_read(&mut responses, &wanted(framework));
        written(framework, &responses, table, order)
    };
    let mut take = |(tidy, wide): Written| {
        all.0.extend(tidy);
        all.1.extend(wide);
        Ok(())
    };
    let outcome = stream
        .read(beginning, &mut &*rest, (order, pace), &work, &mut take)
        .expect("a text can be read");
    (outcome == Outcome::Done).then_some(all)
}

fn as_a_whole(framework: &Framework, text: &str, order: Order) -> Written {
    let input = Input {
        name: "responses.csv",
        bytes: text.as_bytes(),
    };
    let responses = responses::load(&[input], framework, &Options::default())
        .unwrap_or_else(|problems| panic!("{}", problem::render(&problems)))
        .responses;
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    let table = plan.score_wanted(&responses, &wanted(framework));
    written(framework, &responses, table, order)
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
const RELATIVE: [(&str, &str, &str); 7] = [
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

#[test]
fn pieces_change_no_byte_where_units_are_compared() {
    for (share, head, policy) in RELATIVE {
        let yaml = FRAMEWORK
            .replace("number: {from: 0, to: 100}", share)
            .replace(
                "dimensions:",
                &format!("{head}\nrange: unbounded\ndimensions:"),
            )
            .replace("id: policy\n", &format!("id: policy\n    {policy}\n"));
        let framework = sound(&yaml);
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
    }
}
