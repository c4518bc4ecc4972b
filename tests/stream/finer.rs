//! Rows finer than the unit, which are combined: where those of a unit stand side by side, they are read at once.

use dgpf::responses::{self, Input, Options, Order, Outcome};
use dgpf::scoring::{Assumptions, Plan, Wanted};

use super::{
    ANSWERS, FRAMEWORK, PACES, RELATIVE, STYLES, Way, answers, as_a_whole, in_pieces, lines,
    push_row, read_all, relative, sound,
};

/// Ways to combine them.
const STEPS: [&str; 6] = [
    "{key: person, combine: mean, of: answers}",
    "{key: person, combine: mean, weight: desks, of: answers}",
    "{key: person, combine: majority, of: answers}",
    "{key: person, combine: median, of: scores}",
    "{key: team, combine: worst, of: scores}, {key: person, combine: best, of: answers}",
    "{key: team, combine: mean, of: scores}, {key: person, combine: {by: size, \"12\": best}, of: scores}",
];

/// How many people answer for a unit, again and again.
const PEOPLE: [usize; 5] = [1, 4, 9, 2, 30];

fn framework(steps: &str, period: &str) -> dgpf::framework::Framework {
    let head = format!("unit: unit{period}\nrows: [{steps}]");
    let framework = FRAMEWORK.replace("unit: unit", &head);
    sound(&framework.replace("size: number}", "size: number, desks: number}"))
}

/// The rows of every unit, one after the other; the last person of a unit comes first.
fn units(years: &[&str]) -> (String, Vec<String>) {
    let mut answers = answers(600, ',').into_iter();
    let mut units = Vec::new();
    for (unit, &people) in PEOPLE.iter().cycle().enumerate() {
        let of_unit: Vec<_> = answers.by_ref().take(people).collect();
        if of_unit.len() < people {
            break;
        }
        let mut text = String::new();
        for year in years {
            for (at, row) in of_unit.iter().enumerate() {
                let (id, team) = (format!("U{unit:03}"), ["a", "b"][at % 2]);
                let person = format!("P{:03}", people - at);
                // The first one does not say what the unit is called.
                let name = if at % 3 == 0 { "" } else { &of_unit[0][1] };
                let described = [&*id, year, team, &person, name, &of_unit[0][2], &row[2]];
                let cells = described
                    .into_iter()
                    .chain(row[ANSWERS].iter().map(|c| &**c));
                push_row(&mut text, STYLES[0], &cells.collect::<Vec<_>>());
            }
        }
        units.push(text);
    }
    let columns = "unit,year,team,person,name,size,desks,law,reach,share,open,spread,days\n";
    (columns.to_owned(), units)
}

#[test]
fn pieces_change_no_byte() {
    for (steps, period) in STEPS.iter().zip(["", "\nperiod: year"].into_iter().cycle()) {
        let framework = framework(steps, period);
        let years: &[&str] = if period.is_empty() {
            &["2024"]
        } else {
            &["2024", "2026"]
        };
        let (head, mut units) = units(years);
        let text = head.clone() + &units.concat();
        let whole = as_a_whole(&framework, &text, Order::Ascending);
        assert!(whole.1.len() > 5_000);
        for pace in PACES {
            let pieces = in_pieces(&framework, &text, (Order::Ascending, pace));
            assert!(pieces.as_ref() == Some(&whole), "{steps} {pace:?}");
        }
        units.reverse();
        let text = head + &units.concat();
        let whole = as_a_whole(&framework, &text, Order::Any);
        for pace in PACES {
            assert!(in_pieces(&framework, &text, (Order::Ascending, pace)).is_none());
            let pieces = in_pieces(&framework, &text, (Order::Any, pace));
            assert!(pieces.as_ref() == Some(&whole), "{steps} {pace:?}");
            let scattered = in_pieces(&framework, &text, (Order::Scattered, pace));
            let (_, scattered) = scattered.expect("every order will do");
            assert!(lines(&scattered) == lines(&whole.1));
        }
    }
}

#[test]
fn pieces_change_no_byte_where_units_are_compared() {
    for (share, head, policy) in RELATIVE {
        for steps in [STEPS[0], STEPS[3], STEPS[4]] {
            let yaml = relative(share, head, policy);
            let rows = format!("unit: unit\nrows: [{steps}]");
            let yaml = yaml.replace("unit: unit", &rows).replace("U00003", "U003");
            let framework = sound(&yaml);
            let plan = Plan::compile(&framework, &Assumptions::of(&framework));
            assert!(plan.rows_stand_alone() && !plan.rounds().is_empty());
            let (head, units) = units(&["2024"]);
            let text = head + &units.concat();
            let whole = as_a_whole(&framework, &text, Order::Ascending);
            for pace in PACES {
                let pieces = in_pieces(&framework, &text, (Order::Ascending, pace));
                assert!(pieces.as_ref() == Some(&whole), "{share} {steps} {pace:?}");
            }
        }
    }
}

#[test]
fn periods_of_a_unit_may_come_in_any_order_if_its_rows_stand_side_by_side() {
    let framework = framework(STEPS[0], "\nperiod: year");
    let (head, units) = units(&["2026", "2024"]);
    let text = head + &units.concat();
    let whole = as_a_whole(&framework, &text, Order::Ascending);
    for pace in PACES {
        assert!(in_pieces(&framework, &text, (Order::Ascending, pace)).is_none());
        let scattered = in_pieces(&framework, &text, (Order::Scattered, pace));
        assert!(scattered.as_ref() == Some(&whole), "{pace:?}");
    }
}

#[test]
fn what_cannot_be_combined_piece_by_piece_is_read_as_a_whole() {
    let framework = framework(STEPS[0], "");
    let (head, units) = units(&["2024"]);
    let text = head.clone() + &units.concat();
    let at_all = |text: &str| {
        let orders = [Order::Ascending, Order::Any, Order::Scattered];
        let read = orders.map(|order| in_pieces(&framework, text, (order, PACES[1])).is_some());
        assert_eq!(read[0], read[1]);
        assert_eq!(read[0], read[2]);
        read[0]
    };
    assert!(at_all(&text));
    let sized = |unit: &str, person: &str, size: &str| {
        format!("{unit},2024,a,{person},,{size},,yes,all,1,data,all,2\n")
    };
    let row = |unit: &str, person: &str| sized(unit, person, "");
    assert!(at_all(&(text.clone() + &row("V", "P1") + &row("V", "P2"))));
    for (what, more) in [
        ("a person twice", row("V", "P1") + &row("V", "P1")),
        ("nobody", row("V", "")),
        ("a unit that was there before", row("U001", "P99")),
        ("nearly the same unit", row("V", "P1") + &row("v", "P2")),
    ] {
        assert!(!at_all(&(text.clone() + &more)), "{what}");
    }
    // The size of a team says how its people are combined.
    let by_size = self::framework(STEPS[5], "");
    for (other, agrees) in [("12", true), ("13", false)] {
        let text = text.clone() + &sized("V", "P1", "12") + &sized("V", "P2", other);
        let read = in_pieces(&by_size, &text, (Order::Ascending, PACES[1]));
        assert_eq!(read.is_some(), agrees);
    }
    // What a unit is called is worth a warning where its rows disagree.
    for (other, agrees) in [("Valley", true), ("", true), ("Walley", false)] {
        let named =
            |person: &str, name: &str| format!("V,2024,a,{person},{name},,,yes,all,1,data,all,2\n");
        let text = text.clone() + &named("P1", "Valley") + &named("P2", other);
        assert_eq!(at_all(&text), agrees, "{other}");
    }
    // A unit may have rows in both of two files.
    let other = head + &row("V", "P1");
    let files = [("one.csv", text.as_bytes()), ("two.csv", other.as_bytes())];
    let read = read_all(
        &framework,
        &files,
        20_000,
        (Order::Ascending, PACES[1]),
        Way::InPieces,
    );
    assert!(read.is_none_or(|read| read.outcome == Outcome::Whole));
}

#[test]
fn scores_are_the_same_without_what_is_not_wanted() {
    for steps in STEPS {
        let framework = framework(steps, "");
        let (head, units) = units(&["2024"]);
        let text = head + &units.concat();
        let input = Input {
            name: "responses.csv",
            bytes: text.as_bytes(),
        };
        let loaded = responses::load(&[input], &framework, &Options::default());
        let loaded = loaded.expect("they are sound").responses;
        let plan = Plan::compile(&framework, &Assumptions::of(&framework));
        let all = plan.score(&loaded);
        let scores = plan.score_wanted(&loaded, &Wanted::scores(vec![true; all.nodes.len()]));
        for (all, scores) in all.nodes.iter().zip(&scores.nodes) {
            assert_eq!(all.score, scores.score, "{steps}");
        }
    }
}
