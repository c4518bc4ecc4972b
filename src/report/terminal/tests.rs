use super::*;
use crate::report::document::{Cell, Column, Row, Table};
use crate::report::fixture;
use crate::report::present::{View, scores};

fn printed(document: &Document, look: Look) -> String {
    let mut out = Vec::new();
    write(document, look, &mut out).expect("a vector takes everything");
    String::from_utf8(out).expect("written from text")
}

fn page(width: usize, facets: bool) -> String {
    let view = View {
        facets,
        ..View::default()
    };
    let look = Look {
        width,
        colour: false,
        pictures: false,
    };
    printed(&scores(&fixture::result(), view), look)
}

#[test]
fn a_wide_terminal_shows_everything() {
    assert_eq!(
        page(90, false),
        r#"Open data
open-data 1.0.0 · edition 2023 · period 2023 · 3 units · coverage 83% · weights equal

                                                                   Open
                                                                   data
Rank  Country                Index      Range  Level     Policy  portal  Coverage
────  ─────────────────────  ─────  ─────────  ────────  ──────  ──────  ────────
   1  Norway (NOR)            75.0             Leading     50.0   100.0      100%
   2  A | "B" <b>\nC (=1+1)   33.3  16.7–66.7  Emerging    33.3       –       50%
────  ─────────────────────  ─────  ─────────  ────────  ──────  ──────  ────────
      Peru (PER)              80.0             Leading     80.0    80.0      100%
────  ─────────────────────  ─────  ─────────  ────────  ──────  ──────  ────────
      Mean of Members (2)     54.2                         41.7   100.0
      Lowest                  33.3                         33.3   100.0
      Highest                 75.0                         50.0   100.0
      Mean of North (2)       54.2                         41.7   100.0

Ranked: Members. The others are listed below them.
no score for `pol_1` in 2023: in its cohort 1 value cannot be scaled
`XKX` was left out in 2023: 25% answered
2 answers to `pol_1`, `por_1` do not count in 2023: other answers fail their conditions
(first: `NOR`)
1 value of `por_1` has no score in 2023: it is off the scale (`NOR`)
A made-up case.
"#
    );
}

#[test]
fn a_narrower_one_gets_short_headings_then_ids_then_fewer_columns() {
    let lines = |width, from: usize, to: usize| {
        let page = page(width, false);
        page.lines()
            .skip(from)
            .take(to - from)
            .map(|line| line.to_owned() + "\n")
            .collect::<String>()
    };
    assert_eq!(
        lines(76, 4, 8),
        "\
Rank  Country                Index      Range  Level      Pol    ODP  Cov.
────  ─────────────────────  ─────  ─────────  ────────  ────  ─────  ────
   1  Norway (NOR)            75.0             Leading   50.0  100.0  100%
   2  A | \"B\" <b>\\nC (=1+1)   33.3  16.7–66.7  Emerging  33.3      –   50%
"
    );
    assert_eq!(
        lines(66, 4, 8),
        "\
Rank Country             Index     Range Level     Pol   ODP Cov.
──── ─────────────────── ───── ───────── ──────── ──── ───── ────
   1 NOR                  75.0           Leading  50.0 100.0 100%
   2 =1+1                 33.3 16.7–66.7 Emerging 33.3     –  50%
"
    );
    assert_eq!(
        lines(40, 5, 20),
        "\
Rank Country             Index Level
──── ─────────────────── ───── ────────
   1 NOR                  75.0 Leading
   2 =1+1                 33.3 Emerging
──── ─────────────────── ───── ────────
     PER                  80.0 Leading
──── ─────────────────── ───── ────────
     Mean of Members (2)  54.2
     Lowest               33.3
     Highest              75.0
     Mean of North (2)    54.2

Not shown for lack of width: Range,
Policy, Open data portal, Coverage.

"
    );
}

#[test]
fn where_no_table_fits_there_is_a_list() {
    let page = page(20, false);
    assert!(
        page.contains(
            "
Rank: 1
Country: Norway
(NOR)
Index: 75.0
Level: Leading
Policy: 50.0
Open data portal:
100.0
Coverage: 100%

Rank: 2
"
        ),
        "{page}"
    );
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for width in 16..120 {
        for line in page(width, true).lines() {
            assert!(text::width(line) <= width, "{width}: {line}");
        }
    }
}

#[test]
fn facets_are_a_table_of_units_and_one_of_dimensions() {
    let page = page(100, true);
    let facets = page.split_once("By facet\n").expect("there are facets").1;
    assert!(
        facets.starts_with(
            r#"
                       Strategic
Country                 approach
─────────────────────  ─────────
Norway (NOR)                75.0
A | "B" <b>\nC (=1+1)       33.3
Peru (PER)                  80.0

Dimension by facet, mean of 2 units

           Strategic
Dimension   approach
─────────  ─────────
Policy          41.7
"#
        ),
        "{facets}"
    );
}

#[test]
fn nothing_in_the_data_steers_the_terminal() {
    let mut document = Document::new("\u{1b}]0;title\u{7}");
    document.facts.push("\u{9b}2J".to_owned());
    document.blocks.push(Block::Table(Table {
        columns: vec![Column::text("\u{202e}name"), Column::text("\u{1b}[1m")],
        rows: vec![Row::plain(vec![
            Cell::text("\u{1b}[31mred\u{2066}"),
            Cell::Branch {
                depth: 1,
                text: "a\rb".to_owned(),
            },
        ])],
    }));
    for width in [100, 10] {
        let page = printed(
            &document,
            Look {
                width,
                colour: false,
                pictures: false,
            },
        );
        assert!(
            !page.contains(
                |letter: char| letter != '\n' && text::escaped(&letter.to_string()).len() > 4
            ),
            "{page:?}"
        );
    }
}

#[test]
fn colours_change_no_text() {
    let document = scores(&fixture::result(), View::default());
    let look = |colour| Look {
        width: 90,
        colour,
        pictures: false,
    };
    let coloured = printed(&document, look(true));
    assert!(coloured.contains("\u{1b}[1mRank\u{1b}[0m"), "{coloured:?}");
    let stripped = anstream::adapter::strip_str(&coloured).to_string();
    let trimmed: Vec<&str> = stripped.lines().map(str::trim_end).collect();
    assert_eq!(trimmed.join("\n") + "\n", printed(&document, look(false)));
}

#[test]
fn who_has_no_name_but_an_id_is_called_by_it_once() {
    let called = |id: &str| {
        let cells = vec![Cell::Named {
            id: id.to_owned(),
            name: id.to_owned(),
        }];
        let table = Table {
            columns: vec![Column::text("Unit")],
            rows: vec![Row::plain(cells)],
        };
        let mut document = Document::new("Who");
        document.blocks.push(Block::Table(table));
        let look = Look {
            width: 200,
            colour: false,
            pictures: false,
        };
        let text = printed(&document, look);
        text.lines().last().expect("a row").to_owned()
    };
    assert_eq!(called("right\u{202e}left"), "right\\u{202e}left");
    assert_eq!(called(&"x".repeat(70)), "x".repeat(70));
}
