//! What every score promises, over random frameworks and answers.

mod common;

use common::completions::{self, Gaps};
use common::{CHANNEL, Case, Dice, Wild, cases, config, losing, shipped};
use dgpf::framework::{
    Aggregate, Answers, Better, Body, Combine, Combiner, Curve, Denominator, Framework, Indicator,
    Need, NodeIx, Number, Outcome, Screen, Subject, Test, When, attainable,
};
use dgpf::report::{ScoreResult, json, statistics};
use dgpf::responses::{AttributeColumn, Column, Responses, Row};
use dgpf::scoring::{Assumptions, Frozen, Gathered, Keep, Plan, Remark, Remarks, ScoreTable};
use proptest::prelude::*;

/// Scores differ by less in their last bits.
const LAST_BITS: f64 = 1e-9;

fn score(framework: &Framework, responses: &Responses) -> ScoreTable {
    Plan::compile(framework, &Assumptions::of(framework)).score(responses)
}

/// The same framework with its indicators changed.
fn with_indicators(mut framework: Framework, change: impl Fn(&mut Indicator)) -> Framework {
    for node in &mut framework.nodes {
        if let Body::Indicator(indicator) = &mut node.body {
            change(indicator);
        }
    }
    framework
}

/// The same framework with rarer things: options that exclude the others, points below zero, numbers that may not apply,
/// conditions of a parent before an indicator's own.
fn spiced(mut framework: Framework) -> Framework {
    let mut outer: Option<When> = None;
    for (position, node) in framework.nodes.iter_mut().enumerate() {
        let Body::Indicator(indicator) = &mut node.body else {
            continue;
        };
        match &mut indicator.answers {
            Answers::Multiple(multiple) if position % 2 == 0 => {
                (multiple.options[2].only, multiple.options[2].score) = (true, 0.0);
            }
            Answers::Multiple(multiple) => multiple.options[1].score = -1.0,
            Answers::Number(number) if position % 3 == 0 => {
                number.codes = vec![("n/a".to_owned(), Outcome::NotApplicable)];
            }
            Answers::Number(_) | Answers::Choice(_) => {}
        }
        if let Some(own) = indicator.when.first().cloned() {
            // What it looks at comes before what its own condition looks at, or is the same.
            indicator.when.splice(0..0, outer.replace(own));
        }
    }
    framework
}

/// The same framework with another aggregation in the place of some.
fn without(mut framework: Framework, refused: impl Fn(Aggregate) -> bool) -> Framework {
    for node in &mut framework.nodes {
        if let Body::Parent(parent) = &mut node.body
            && refused(parent.aggregate)
        {
            parent.aggregate = Aggregate::Mean;
        }
    }
    framework
}

/// Every score that a node could have, by node; every number that the table holds is one of them.
fn in_range(framework: &Framework, responses: &Responses) -> Result<(), TestCaseError> {
    let table = score(framework, responses);
    let ends = attainable(framework);
    for ((node, column), (low, high)) in table.nodes.iter().enumerate().zip(ends) {
        let numbers = [&column.score, &column.low, &column.high].into_iter();
        for number in numbers.flatten().copied().flatten() {
            prop_assert!(number.is_finite());
            let inside = (low - LAST_BITS..=high + LAST_BITS).contains(&number);
            prop_assert!(inside, "node {node}: {number} is not in {low} to {high}");
        }
        for share in column.coverage.iter().copied().flatten() {
            prop_assert!((0.0..=1.0 + LAST_BITS).contains(&share), "coverage {share}");
        }
    }
    Ok(())
}

/// Weights of each sibling group times a power of two, which changes no bit of a quotient.
fn scaled_weights(case: &Case, numbers: Vec<u32>) -> Result<(), TestCaseError> {
    let points = |how| {
        matches!(
            how,
            Aggregate::Sum { .. } | Aggregate::Product | Aggregate::Borda
        )
    };
    let framework = without(case.framework.clone(), points);
    let assumptions = Assumptions::of(&framework);
    let mut scaled = assumptions.clone();
    let mut dice = Dice::new(numbers);
    for (_, node) in framework.walk() {
        let factor = dice.pick(&[1.0, 2.0, 0.25, 1024.0]);
        for part in node.children() {
            scaled.weights[part.0] *= factor;
        }
    }
    let of = |assumptions| Plan::compile(&framework, assumptions).score(&case.responses);
    prop_assert_eq!(bytes(&of(&assumptions)), bytes(&of(&scaled)));
    Ok(())
}

/// A table to the last bit: minus zero is not zero.
fn bytes(table: &ScoreTable) -> String {
    format!("{table:?}")
}

/// Rows and units in another order.
fn shuffled(responses: &Responses, numbers: Vec<u32>) -> Responses {
    let mut dice = Dice::new(numbers);
    let mut order = |length: usize| {
        let mut order: Vec<usize> = (0..length).collect();
        for at in (1..length).rev() {
            order.swap(at, dice.roll(at + 1));
        }
        order
    };
    let units = order(responses.units.len());
    let rows = order(responses.rows.len());
    let place = |unit: usize| units.iter().position(|own| *own == unit);
    Responses {
        units: units
            .iter()
            .map(|unit| responses.units[*unit].clone())
            .collect(),
        rows: rows
            .iter()
            .map(|row| Row {
                unit: place(responses.rows[*row].unit).expect("every unit has a place"),
                ..responses.rows[*row].clone()
            })
            .collect(),
        answers: responses
            .answers
            .iter()
            .map(|column| Column {
                values: rows.iter().map(|row| column.values[*row]).collect(),
                marks: rows.iter().map(|row| column.marks[*row]).collect(),
            })
            .collect(),
        attributes: responses
            .attributes
            .iter()
            .map(|column| match column {
                AttributeColumn::Text(texts) => {
                    AttributeColumn::Text(rows.iter().map(|row| texts[*row].clone()).collect())
                }
                AttributeColumn::Number(numbers) => {
                    AttributeColumn::Number(rows.iter().map(|row| numbers[*row]).collect())
                }
            })
            .collect(),
        ..responses.clone()
    }
}

/// These rows as responses of their own, each with a unit of its own, as pieces of a file are.
fn piece(responses: &Responses, rows: &[usize]) -> Responses {
    let mut periods: Vec<String> = Vec::new();
    let mut period = |at: usize| {
        let text = &responses.periods[at];
        let found = periods.iter().position(|known| known == text);
        found.unwrap_or_else(|| {
            periods.push(text.clone());
            periods.len() - 1
        })
    };
    let numbered = rows.iter().enumerate();
    let list: Vec<Row> = numbered
        .map(|(unit, &row)| Row {
            unit,
            period: period(responses.rows[row].period),
            ..responses.rows[row].clone()
        })
        .collect();
    let attribute = |column: &AttributeColumn| match column {
        AttributeColumn::Text(texts) => {
            AttributeColumn::Text(rows.iter().map(|row| texts[*row].clone()).collect())
        }
        AttributeColumn::Number(numbers) => {
            AttributeColumn::Number(rows.iter().map(|row| numbers[*row]).collect())
        }
    };
    let answers = responses.answers.iter().map(|column| Column {
        values: rows.iter().map(|row| column.values[*row]).collect(),
        marks: rows.iter().map(|row| column.marks[*row]).collect(),
    });
    let unit = |row: &usize| responses.units[responses.rows[*row].unit].clone();
    Responses {
        units: rows.iter().map(unit).collect(),
        rows: list,
        answers: answers.collect(),
        attributes: responses.attributes.iter().map(attribute).collect(),
        periods,
        ..Responses::default()
    }
}

/// What a table says of every unit, to the last bit.
fn said(table: &ScoreTable) -> Vec<String> {
    let rows = (0..table.observations.len()).map(|at| {
        let observation = &table.observations[at];
        let period = &table.periods[observation.period];
        let nodes = table.nodes.iter().map(|node| {
            let ends = (node.low[at], node.high[at]);
            let share = (node.coverage[at], node.applicable[at], node.answered[at]);
            (node.score[at], share, ends, node.level[at])
        });
        let nodes: Vec<_> = nodes.collect();
        format!("{} {period} {nodes:?}", observation.unit)
    });
    rows.collect()
}

/// Scored piece by piece, with cohorts that were gathered piece by piece before.
fn in_pieces(
    plan: &Plan<'_>,
    responses: &Responses,
    size: usize,
    keep: Keep,
) -> (Vec<String>, Vec<Remark>) {
    let mut rows: Vec<usize> = (0..responses.rows.len()).collect();
    rows.sort_by_key(|row| (responses.rows[*row].unit, responses.rows[*row].period));
    let pieces = rows.chunks(size).map(|rows| piece(responses, rows));
    let pieces: Vec<Responses> = pieces.collect();
    let mut plan = plan.clone().knowing(&Frozen::default());
    for round in plan.rounds() {
        let mut all = Gathered::default();
        for piece in &pieces {
            all.append(plan.gather(piece, &round, keep));
        }
        plan = plan.knowing(&all.settle());
    }
    let (mut found, mut remarks) = (Vec::new(), Remarks::default());
    for piece in &pieces {
        let table = plan.score(piece);
        found.extend(said(&table));
        remarks.add(table.remarks, &table.periods);
    }
    (found, remarks.in_order(&plan))
}

/// Once cohorts are known every row is scored alone, to the same bits.
fn alone(case: &Case, numbers: Vec<u32>) -> Result<(), TestCaseError> {
    let mut dice = Dice::new(numbers);
    let mut framework = spiced(case.framework.clone());
    framework.screen = dice.once_in(3).then(|| Screen {
        answered: Some(dice.share()),
        nonzero: dice.once_in(2).then_some(0.4),
        drop: vec!["U1".to_owned()],
        keep: vec!["U2".to_owned()],
    });
    let plan = Plan::compile(&framework, &Assumptions::of(&framework));
    if !plan.rows_stand_alone() {
        return Ok(());
    }
    let whole = plan.score(&case.responses);
    for keep in [Keep::Everything, Keep::WhatIsNeeded] {
        let size = 1 + dice.roll(4);
        let (found, remarks) = in_pieces(&plan, &case.responses, size, keep);
        prop_assert_eq!(&found, &said(&whole));
        prop_assert_eq!(&remarks, &whole.remarks);
    }
    Ok(())
}

/// Frameworks whose scores only rise with better answers: nothing is asked or left out because of another answer, and
/// no vote of a majority tips over.
fn monotone(framework: Framework) -> Framework {
    let mut framework = with_indicators(framework, |indicator| indicator.when.clear());
    for step in &mut framework.rows {
        if step.combine == Combine::Always(Combiner::Majority) {
            step.combine = Combine::Always(Combiner::Mean);
        }
    }
    framework
}

/// The indicator by which an indicator's number is divided.
fn divisor(indicator: &Indicator) -> Option<NodeIx> {
    match &indicator.answers {
        Answers::Number(number) => match number.per? {
            Denominator::Indicator(node) => Some(node),
            Denominator::Attribute(_) => None,
        },
        Answers::Choice(_) | Answers::Multiple(_) => None,
    }
}

/// By node: whether its score is made of that of one of these indicators, or capped by it.
fn made_of(framework: &Framework, these: impl Fn(&Indicator) -> bool) -> Vec<bool> {
    let mut made = vec![false; framework.nodes.len()];
    // Caps lead from one branch to another, so once through the tree is not enough.
    for _ in 0..framework.nodes.len() {
        for (ix, node) in framework.walk() {
            let mut from = node.children().iter().chain(&node.cap);
            made[ix.0] |= from
                .any(|part| made[part.0] || framework.node(*part).indicator().is_some_and(&these));
        }
    }
    made
}

/// Whether a level asks for the score of one of these nodes.
fn needed(framework: &Framework, nodes: &[bool]) -> bool {
    let bands = framework.levels.iter().flat_map(|levels| &levels.bands);
    bands.flat_map(|band| &band.needs).any(|need| match need {
        Need::Score(node, _) | Need::Level(node, _) => nodes[node.0],
        Need::Coverage(_) => false,
    })
}

/// One answer becomes another one: where the answer is better no score falls, where it is worse none rises. More of what
/// something is divided by makes less of the quotient: of scores that are made of such a quotient nothing is promised.
fn better_answer(case: &Case, numbers: Vec<u32>) -> Result<(), TestCaseError> {
    let framework = monotone(spiced(case.framework.clone()));
    let framework = with_indicators(framework, answerable);
    let mut dice = Dice::new(numbers);
    let question = dice.roll(case.responses.answers.len());
    let row = dice.roll(case.responses.rows.len());
    let (ix, _, indicator) = framework.indicators().nth(question).expect("it was drawn");
    let is_divided = |own: &Indicator| divisor(own) == Some(ix);
    let mut divided = made_of(&framework, is_divided);
    for (node, _, own) in framework.indicators() {
        divided[node.0] |= is_divided(own);
    }
    let levels = !needed(&framework, &divided);
    let mut changed = case.responses.clone();
    changed.answers[question].set(row, dice.pick(&completions::answers(indicator)));
    let worth =
        |responses: &Responses| completions::worth(indicator, responses.answers[question].get(row));
    let (Some(before), Some(after)) = (worth(&case.responses), worth(&changed)) else {
        return Ok(());
    };
    let (worse, best) = if before <= after {
        (
            score(&framework, &case.responses),
            score(&framework, &changed),
        )
    } else {
        (
            score(&framework, &changed),
            score(&framework, &case.responses),
        )
    };
    for (node, (worse, best)) in worse.nodes.iter().zip(&best.nodes).enumerate() {
        if divided[node] {
            continue;
        }
        for (low, high) in [
            (&worse.score, &best.score),
            (&worse.low, &best.low),
            (&worse.high, &best.high),
        ] {
            for (low, high) in low.iter().zip(high) {
                prop_assert_eq!(low.is_some(), high.is_some(), "node {}", node);
                if let (Some(low), Some(high)) = (low, high) {
                    prop_assert!(*low <= *high + LAST_BITS, "node {node}: {low} above {high}");
                }
            }
        }
        for (low, high) in worse.level.iter().zip(&best.level) {
            match framework.better {
                Better::Higher if levels => {
                    prop_assert!(low <= high, "node {node}: {low:?} above {high:?}");
                }
                Better::Higher | Better::Lower => {}
            }
        }
    }
    Ok(())
}

/// Whatever is answered, there is a score: every row may speak, and no number lies below the first band.
fn answerable(indicator: &mut Indicator) {
    let of_attributes = |(subject, _): &(Subject, Test)| matches!(subject, Subject::Attribute(_));
    indicator
        .when
        .retain(|when| !when.tests.iter().any(of_attributes));
    if let Answers::Number(number) = &mut indicator.answers {
        number.valid = number.valid.or(Some((0.0, 900.0)));
    }
}

/// Some of its numbers have no score: what is divided may lie below the first band, and zero has no logarithm.
fn may_leave_its_scale(number: &mut Number) {
    match &mut number.curve {
        Curve::Bands(bands) if number.per.is_some() => {
            bands.remove(0);
        }
        Curve::Goalposts(posts) if !posts.clamp => {
            (posts.log, posts.from, posts.to) = (true, posts.from.max(1.0), posts.to.max(1.0));
        }
        Curve::AsIs | Curve::Bands(_) | Curve::Goalposts(_) | Curve::Lines(_) => {}
    }
}

/// Whatever the gaps turn out to hold, every score lies within its bounds.
fn completed(case: &Case, numbers: Vec<u32>) -> Result<(), TestCaseError> {
    let framework = with_indicators(spiced(case.framework.clone()), |indicator| {
        answerable(indicator);
        if let Answers::Number(number) = &mut indicator.answers {
            may_leave_its_scale(number);
        }
    });
    let open = score(&framework, &case.responses);
    let gaps = Gaps::of(&framework, &case.responses);
    for responses in gaps.completions(&case.responses, &mut Dice::new(numbers)) {
        let table = score(&framework, &responses);
        for (node, (bounds, complete)) in open.nodes.iter().zip(&table.nodes).enumerate() {
            for (place, score) in complete.score.iter().enumerate() {
                let Some(score) = *score else { continue };
                let (low, high) = (bounds.low[place], bounds.high[place]);
                let inside = low.is_some_and(|low| low <= score + LAST_BITS)
                    && high.is_some_and(|high| score <= high + LAST_BITS);
                let id = &framework.node(NodeIx(node)).id;
                prop_assert!(
                    inside,
                    "{id}: {score} is not in {low:?} to {high:?} with {:?}",
                    Case {
                        framework: framework.clone(),
                        responses
                    }
                );
            }
        }
    }
    Ok(())
}

/// Whether every row says what a number is divided by. Of a gap there, the worst answer to it may be the best for the
/// quotient; and what is divided by nothing stays missing whatever is answered.
fn is_divided(case: &Case, indicator: &Indicator) -> bool {
    let Some(by) = divisor(indicator) else {
        return true;
    };
    let mut questions = case.framework.indicators();
    let at = questions.position(|(ix, _, _)| ix == by);
    let answers = &case.responses.answers[at.expect("it is an indicator")];
    (0..answers.len()).all(|row| answers.value(row).is_some_and(|number| number > 0.0))
}

/// The worst answers to all gaps give the lower bounds, the best ones the upper bounds: they are no wider than need be.
fn reached(case: &Case) -> Result<(), TestCaseError> {
    let mut framework = monotone(spiced(case.framework.clone()));
    framework = with_indicators(framework, |indicator| {
        let divided = is_divided(case, indicator);
        if let Answers::Number(number) = &mut indicator.answers {
            number.per = number.per.filter(|_| divided);
        }
    });
    framework = with_indicators(framework, |indicator| {
        answerable(indicator);
        if let Answers::Number(number) = &mut indicator.answers {
            number.codes.clear();
        }
        if let Answers::Choice(scale) = &mut indicator.answers {
            for option in &mut scale.options {
                if option.outcome == Outcome::NotApplicable {
                    option.outcome = Outcome::Score(0.5);
                }
            }
        }
    });
    for step in &mut framework.rows {
        // What nothing says how to combine has no score, whatever is answered.
        if let Combine::By { otherwise, .. } = &mut step.combine {
            otherwise.get_or_insert(Combiner::Mean);
        }
    }
    let open = score(&framework, &case.responses);
    let gaps = Gaps::of(&framework, &case.responses);
    let [lowest, highest] = gaps.ends(&framework, &case.responses);
    let (lowest, highest) = (score(&framework, &lowest), score(&framework, &highest));
    for (node, column) in open.nodes.iter().enumerate() {
        let id = &framework.node(NodeIx(node)).id;
        for (place, score) in column.score.iter().enumerate() {
            // The score itself lies within its bounds even where no complete answers would give it.
            let end = |complete: &ScoreTable, farther: fn(f64, f64) -> f64| {
                let complete = complete.nodes[node].score[place]?;
                Some(score.map_or(complete, |score| farther(complete, score)))
            };
            for (found, expected) in [
                (column.low[place], end(&lowest, f64::min)),
                (column.high[place], end(&highest, f64::max)),
            ] {
                let same = match (found, expected) {
                    (Some(found), Some(expected)) => (found - expected).abs() <= LAST_BITS,
                    (None, None) => true,
                    (None, Some(_)) | (Some(_), None) => false,
                };
                prop_assert!(same, "{id}: {found:?} is not {expected:?}");
            }
        }
    }
    Ok(())
}

fn numbers() -> impl Strategy<Value = Vec<u32>> {
    prop::collection::vec(any::<u32>(), 60)
}

/// Everything but what depends on other units.
const OWN: Wild = Wild {
    relative: false,
    ..Wild::ALL
};

/// Everything but finer rows.
const ONE_ROW: Wild = Wild {
    rows: false,
    ..Wild::ALL
};

/// Answers without gaps, all of which apply.
const COMPLETE: Wild = Wild {
    gaps: false,
    logic: false,
    rounding: false,
    ..Wild::ALL
};

/// One unit in one period, with rows.
fn one_unit(mut case: Case) -> Case {
    let responses = &mut case.responses;
    let rows = responses.rows.iter();
    let kept: Vec<usize> = rows
        .enumerate()
        .filter(|(_, row)| (row.unit, row.period) == (0, 0))
        .map(|(at, _)| at)
        .take(4)
        .collect();
    responses.units.truncate(1);
    responses.periods.truncate(1);
    responses.rows = kept
        .iter()
        .map(|row| responses.rows[*row].clone())
        .collect();
    for column in &mut responses.answers {
        column.values = kept.iter().map(|row| column.values[*row]).collect();
        column.marks = kept.iter().map(|row| column.marks[*row]).collect();
    }
    for column in &mut responses.attributes {
        match column {
            AttributeColumn::Text(texts) => {
                *texts = kept.iter().map(|row| texts[*row].clone()).collect();
            }
            // A number divided by nothing would stay missing whatever is answered.
            AttributeColumn::Number(numbers) => {
                *numbers = kept.iter().map(|row| numbers[*row].or(Some(2.0))).collect();
            }
        }
    }
    case
}

/// What is written is read back to the last bit.
fn read_back(framework: &Framework, responses: &Responses) -> ScoreResult {
    let assumptions = Assumptions::of(framework);
    let table = score(framework, responses);
    let result = ScoreResult::new(framework, &assumptions, responses, Vec::new(), table)
        .with_origin(framework, &assumptions, responses);
    let mut written = Vec::new();
    json::write(&result, &mut written).expect("a vector takes all");
    let text = String::from_utf8(written).expect("JSON is UTF-8");
    let saved = json::read(&text).expect("what was written can be read");
    assert_eq!(bytes(&saved.scores), bytes(&result.scores));
    saved
}

/// Who opens a saved result scores as before.
#[test]
fn a_saved_result_gives_the_same_scores() {
    for shipped in shipped::shipped() {
        let saved = read_back(&shipped.framework, &shipped.responses);
        let origin = saved.origin.expect("it was saved with its answers");
        let opened = origin.open(&saved.about).expect("what was scored is sound");
        let again = score(&opened.loaded.framework, &opened.responses);
        assert_eq!(bytes(&again), bytes(&saved.scores), "{}", shipped.name);
    }
}

/// Statistics are read as they were written, and the cohort itself has the scores by them that it has without.
fn frozen(framework: &Framework, responses: &Responses) -> Result<(), TestCaseError> {
    let own = Assumptions::of(framework);
    let plan = Plan::compile(framework, &own);
    let Ok(frozen) = plan.freeze(responses) else {
        return Ok(());
    };
    let mut written = Vec::new();
    statistics::write(&frozen, framework, None, &mut written).expect("a vector takes all");
    let text = String::from_utf8(written).expect("JSON is UTF-8");
    let read = statistics::read(&text, framework, None).map_err(TestCaseError::fail)?;
    prop_assert_eq!(&read, &frozen);
    let by_them = Plan::compile(framework, &own.with_frozen(read));
    prop_assert_eq!(
        bytes(&by_them.score(responses)),
        bytes(&plan.score(responses))
    );
    Ok(())
}

proptest! {
    #![proptest_config(config(192))]

    #[test]
    fn scores_stay_in_their_range(case in cases(Wild { rounding: false, ..Wild::ALL })) {
        // What stands for a gap in a product can lie beyond what the missing part could be.
        let products = |how| matches!(how, Aggregate::Product);
        in_range(&without(spiced(case.framework), products), &case.responses)?;
    }

    #[test]
    fn scores_of_complete_answers_stay_in_their_range(case in cases(COMPLETE)) {
        in_range(&case.framework, &case.responses)?;
    }

    #[test]
    fn a_saved_result_is_read_back_to_the_last_bit(case in cases(Wild::ALL)) {
        read_back(&case.framework, &case.responses);
    }

    #[test]
    fn statistics_are_read_as_they_were_written(case in cases(Wild::ALL)) {
        frozen(&spiced(case.framework), &case.responses)?;
    }

    #[test]
    fn scaling_all_weights_changes_nothing(case in cases(Wild::ALL), numbers in numbers()) {
        scaled_weights(&case, numbers)?;
    }

    #[test]
    fn the_order_of_rows_and_units_changes_no_byte(case in cases(Wild::ALL), numbers in numbers()) {
        let other = shuffled(&case.responses, numbers);
        let tables = [&case.responses, &other].map(|of| bytes(&score(&case.framework, of)));
        prop_assert_eq!(&tables[0], &tables[1]);
    }

    #[test]
    fn rows_are_scored_alone_once_cohorts_are_known(case in cases(ONE_ROW), numbers in numbers()) {
        alone(&case, numbers)?;
    }

    #[test]
    fn a_better_answer_never_lowers_a_score(case in cases(OWN), numbers in numbers()) {
        better_answer(&case, numbers)?;
    }

    #[test]
    fn bounds_contain_every_completion(case in cases(OWN), numbers in numbers()) {
        completed(&one_unit(case), numbers)?;
    }

    #[test]
    fn bounds_contain_every_completion_beside_rows_that_are_lost(
        case in cases(OWN), numbers in numbers()
    ) {
        let mut framework = losing(case.framework);
        for step in framework.rows.iter_mut().filter(|step| step.weight.is_some()) {
            step.weight = None;
            // All rows of `one_unit` have users; so only from the web it is said how to combine them.
            step.combine = Combine::By {
                attribute: CHANNEL,
                cases: vec![("web".to_owned(), Combiner::Best)],
                otherwise: None,
            };
        }
        completed(&one_unit(Case { framework, ..case }), numbers)?;
    }

    #[test]
    fn bounds_are_reached(case in cases(OWN)) {
        reached(&one_unit(case))?;
    }
}
