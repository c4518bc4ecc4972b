//! Sound files with a few mistakes in them: what is read in pieces is sound as a whole, and gives the same bytes and the
//! same remarks.

use std::cell::Cell;

use dgpf::framework::Framework;
use dgpf::problem;
use dgpf::responses::{self, Input, Options, Order, Outcome, Pace};
use dgpf::scoring::{Assumptions, Plan};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

use super::common::{Dice, config};
use super::{
    ANSWERS, COLUMNS, FRAMEWORK, Read, STYLES, Style, Way, Written, answers, lines, push_row, read,
    sound, wanted, written,
};

/// Units of a file; a part of them stand in its beginning.
const UNITS: usize = 140;

/// Bytes of the beginning, which holds enough records to know the columns.
const BEGINNING: usize = 7_000;

/// A file before it is written: its header and its rows.
struct Sheet {
    style: Style,
    rows: Vec<Vec<String>>,
}

/// What may take the place of a cell, whatever its column.
const CELLS: [&str; 36] = [
    "",
    " ",
    "yes",
    "YES",
    " no ",
    "perhaps",
    "0,5",
    "0.5",
    "1,234.5",
    "12 %",
    "1e999",
    "nan",
    "-0",
    "-9.0",
    "NA",
    "n/a",
    "skip",
    "#N/A",
    "#REF!",
    "all",
    "data|text",
    "data;code",
    "none",
    "U00003",
    "u00003",
    "u\u{ff10}",
    "\u{130}",
    "\u{a0}yes",
    "\u{feff}yes",
    "two\r\nlines",
    "a\rb",
    "\"",
    "said \"so\"",
    "2021",
    "NO",
    "\u{2028}",
];

/// What may be put between two bytes.
const BYTES: [&[u8]; 14] = [
    b"\"",
    b"\"\"",
    b"\n",
    b"\r",
    b"\r\n",
    b"\0",
    b"\xff",
    b"\xe9",
    b",",
    b";",
    b"\t",
    b" ",
    "\u{feff}".as_bytes(),
    b"\n\n",
];

impl Sheet {
    /// A row a unit, or a row an answer; units in order.
    fn new(dice: &mut Dice, long: bool, periods: bool) -> Self {
        let style = dice.pick(&STYLES);
        let mut rows = Vec::new();
        let years = if periods {
            &["2021", "2023"][..]
        } else {
            &[""][..]
        };
        let mut head: Vec<&str> = if long {
            vec!["unit", "indicator", "answer", "size", "name"]
        } else {
            COLUMNS.to_vec()
        };
        if periods {
            head.insert(1, "year");
        }
        rows.push(head.into_iter().map(str::to_owned).collect());
        let units = if long { UNITS / 3 } else { UNITS };
        for row in answers(units / years.len(), style.delimiter) {
            for year in years {
                let mut add = |mut cells: Vec<String>| {
                    if periods {
                        cells.insert(1, (*year).to_owned());
                    }
                    rows.push(cells);
                };
                if !long {
                    add(row.to_vec());
                    continue;
                }
                for at in ANSWERS {
                    let cells = [&row[0], COLUMNS[at], &row[at], &row[2], &row[1]];
                    add(cells.map(str::to_owned).to_vec());
                }
            }
        }
        Self { style, rows }
    }

    /// Puts another number in the place of one.
    fn renumber(&mut self, dice: &mut Dice) {
        let row = self.any(dice);
        let number = dice.pick(&[
            "0,5", "1.234,5", "1,234.5", "0.5", "12 %", "1e999", "-0", "-9.0",
        ]);
        let asked = dice.pick(&["share", "days"]);
        let place = |cells: &[String]| cells.iter().position(|cell| cell == asked);
        if let Some(column) = place(&self.rows[0]) {
            if let Some(cell) = self.rows[row].get_mut(column) {
                number.clone_into(cell);
            }
        } else {
            let mut rows = self.rows.iter_mut().skip(row);
            let found = rows.find_map(|cells| Some((place(cells)?, cells)));
            if let Some((indicator, cells)) = found {
                number.clone_into(&mut cells[indicator + 1]);
            }
        }
    }

    /// A row below the header.
    fn any(&self, dice: &mut Dice) -> usize {
        1 + dice.roll(self.rows.len() - 1)
    }

    /// One mistake, or what might be one.
    fn change(&mut self, dice: &mut Dice) {
        let (row, other) = (self.any(dice), self.any(dice));
        let cells = self.rows[row].len().max(1);
        let cell = dice.roll(cells);
        match dice.roll(13) {
            0 => self.renumber(dice),
            1..=3 => {
                let text = dice.pick(&CELLS).to_owned();
                match self.rows[row].get_mut(cell) {
                    Some(cell) => *cell = text,
                    None => self.rows[row].push(text),
                }
            }
            4 => {
                let copy = self.rows[row].clone();
                self.rows.insert(other, copy);
            }
            5 => self.rows.swap(row, other),
            6 => {
                self.rows[row].pop();
            }
            7 => {
                let more = dice.pick(&["", "more"]).to_owned();
                self.rows[row].push(more);
            }
            8 => {
                let blank = dice.pick(&[vec![], vec![String::new(); cells], vec![" ".to_owned()]]);
                self.rows.insert(row, blank);
            }
            9 => {
                if let Some(unit) = self.rows[row].first_mut() {
                    *unit = unit.to_lowercase();
                }
            }
            10 if self.rows.len() > UNITS => {
                self.rows.remove(row);
            }
            11 => {
                for row in &mut self.rows {
                    row.push(String::new());
                }
            }
            _ => {
                // A unit of its own, behind all others.
                let mut copy = self.rows[row].clone();
                if let Some(unit) = copy.first_mut() {
                    dice.pick(&["V", "v", " V", "NO", "NOR", "U00003"])
                        .clone_into(unit);
                }
                self.rows.push(copy);
            }
        }
    }

    fn written(&self) -> Vec<u8> {
        let mut text = String::new();
        for row in &self.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            push_row(&mut text, self.style, &cells);
        }
        text.into_bytes()
    }
}

/// A mistake that is none of cells.
fn spoil(bytes: &mut Vec<u8>, dice: &mut Dice) {
    let at = dice.roll(bytes.len());
    match dice.roll(5) {
        0 | 1 => {
            let more = dice.pick(&BYTES);
            bytes.splice(at..at, more.iter().copied());
        }
        2 => {
            bytes.remove(at);
        }
        3 => bytes.truncate(bytes.len().saturating_sub(1 + dice.roll(20))),
        _ => {
            bytes.splice(0..0, "\u{feff}".bytes());
        }
    }
}

/// A sound file, with up to three changes.
fn file(dice: &mut Dice, long: bool, periods: bool) -> Vec<u8> {
    let mut sheet = Sheet::new(dice, long, periods);
    for _ in 0..dice.roll(4) {
        sheet.change(dice);
    }
    let mut bytes = sheet.written();
    for _ in 0..dice.roll(2) {
        spoil(&mut bytes, dice);
    }
    bytes
}

/// The rows and the remarks of a file that is sound as a whole.
fn as_a_whole(framework: &Framework, bytes: &[u8], order: Order) -> Option<(Written, String)> {
    let input = Input {
        name: "responses.csv",
        bytes,
    };
    let loaded = responses::load(&[input], framework, &Options::default()).ok()?;
    let plan = Plan::compile(framework, &Assumptions::of(framework));
    let table = plan.score_wanted(&loaded.responses, &wanted(framework));
    let rows = written(framework, &loaded.responses, table, order);
    Some((rows, problem::render(&loaded.remarks)))
}

/// The first lines in which rows differ.
fn difference(one: &[u8], other: &[u8]) -> String {
    let [one, other] = [one, other].map(String::from_utf8_lossy);
    let pairs = one.lines().zip(other.lines());
    let first = pairs.into_iter().find(|(one, other)| one != other);
    format!("{first:?}")
}

/// Reads a file in all ways; whether any could be gone to its end.
fn agree(
    framework: &Framework,
    bytes: &[u8],
    long: bool,
    pace: Pace,
) -> Result<bool, TestCaseError> {
    let mut done = false;
    let ways = [
        (Order::Ascending, Way::InPieces),
        (Order::Any, Way::InPieces),
        (Order::Scattered, Way::InPieces),
        (Order::Ascending, Way::Gathered),
    ];
    // Only what stands in several rows is gathered.
    let ways = if long { &ways[..] } else { &ways[..3] };
    for &(order, way) in ways {
        let Some(Read {
            outcome,
            rows,
            remarks,
        }) = read(framework, (bytes, BEGINNING), (order, pace), way)
        else {
            continue;
        };
        if outcome != Outcome::Done {
            continue;
        }
        done = true;
        let what = format!("{order:?} {pace:?} of\n{}", String::from_utf8_lossy(bytes));
        let Some(whole) = as_a_whole(framework, bytes, order) else {
            return Err(TestCaseError::fail(format!("there is a mistake: {what}")));
        };
        prop_assert_eq!(&remarks, &whole.1, "{}", what);
        // Who is given rows in any order puts them in the right one.
        let sort = order == Order::Scattered && !long;
        let same = if sort {
            lines(&rows.0) == lines(&whole.0.0) && lines(&rows.1) == lines(&whole.0.1)
        } else {
            rows == whole.0
        };
        let differ = difference(&rows.1, &whole.0.1);
        prop_assert!(same, "{} {}", differ, what);
    }
    Ok(done)
}

#[test]
fn what_is_read_in_pieces_is_sound_as_a_whole() {
    let plain = sound(FRAMEWORK);
    let with_periods = sound(&FRAMEWORK.replace("unit: unit", "unit: unit\nperiod: year"));
    let (done, all) = (Cell::new(0), Cell::new(0));
    let numbers = prop::collection::vec(any::<u32>(), 60);
    let drawn = (
        numbers,
        any::<bool>(),
        any::<bool>(),
        40_usize..3_000,
        1_usize..4,
    );
    let mut runner = TestRunner::new(config(96));
    let result = runner.run(&drawn, |(numbers, long, periods, size, pieces)| {
        let bytes = file(&mut Dice::new(numbers), long, periods);
        let framework = if periods { &with_periods } else { &plain };
        let found = agree(framework, &bytes, long, Pace { size, pieces })?;
        all.set(all.get() + 1);
        done.set(done.get() + u32::from(found));
        Ok(())
    });
    if let Err(error) = result {
        panic!("{error}");
    }
    let (done, all) = (done.get(), all.get());
    // Some mistakes are none, and most files have one at most.
    assert!(done * 4 > all && done < all, "{done} of {all}");
}
