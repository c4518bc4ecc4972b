//! Answers of rows → shares and raw numbers: presets, skip logic and scales.
//!
//! Everything here looks at one row alone.

use std::collections::BTreeMap;

use crate::framework::{
    Answers, Framework, Indicator, NodeIx, OnItsWay, Outcome, Preset, StandIn, Test, stand_in,
};
use crate::responses::{
    Answer, AttributeColumn, Column, Mark, Responses, bits_of, option_of, parts,
};

use super::assumptions::Assumptions;
use super::conditions::{Check, Condition, attribute_meets, belongs, compile, declares, order};
use super::leaf::{Bound, Bounds, Leaf, Presence, multiple_score, possible};
use super::nodes::Detail;

/// Indicators by their position, and the order in which conditions can be settled.
#[derive(Clone, Debug)]
pub(crate) struct Questions<'f> {
    pub(crate) framework: &'f Framework,
    /// Node of each indicator, in framework order.
    pub(crate) nodes: Vec<NodeIx>,
    /// Position of each node among the indicators.
    pub(crate) position: Vec<Option<usize>>,
    /// Every indicator after those that its conditions look at.
    pub(crate) order: Vec<usize>,
    /// Tests of each indicator's conditions, compiled: condition by condition.
    pub(crate) conditions: Vec<Vec<Condition>>,
    /// Whether any condition looks at an indicator.
    asked_about: Vec<bool>,
    /// Whether a share that a condition puts in the place of its answer stays beside the answers.
    apart: Vec<bool>,
}

/// Whether a condition holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Truth {
    Holds,
    Fails,
    Unknown,
}

impl<'f> Questions<'f> {
    pub(crate) fn of(framework: &'f Framework, assumptions: &Assumptions) -> Self {
        let nodes: Vec<NodeIx> = framework.indicators().map(|(ix, _, _)| ix).collect();
        let mut position = vec![None; framework.nodes.len()];
        for (question, node) in nodes.iter().enumerate() {
            position[node.0] = Some(question);
        }
        let mut apart = Vec::with_capacity(nodes.len());
        let conditions = framework.indicators().map(|(node, _, indicator)| {
            let on_its_way = OnItsWay::new(
                assumptions.normalise[node.0].as_ref(),
                assumptions.treat[node.0].as_ref(),
                &assumptions.missing_answer[node.0],
            );
            let shares = stand_in(framework, node, on_its_way);
            apart.push(matches!(shares, StandIn::Nothing));
            let whens = indicator.when.iter();
            let compiled = whens.map(|when| {
                let mut condition = compile(when, framework, &position);
                if let (StandIn::Number(line), Outcome::Score(share)) = (shares, when.otherwise) {
                    condition.otherwise = Outcome::Score(line.at(share));
                }
                condition
            });
            compiled.collect()
        });
        let conditions: Vec<Vec<Condition>> = conditions.collect();
        let order = order(&conditions);
        let mut asked_about = vec![false; conditions.len()];
        for check in conditions
            .iter()
            .flatten()
            .flat_map(|condition| &condition.checks)
        {
            if let Some(question) = check.question() {
                asked_about[question] = true;
            }
        }
        Self {
            framework,
            nodes,
            position,
            order,
            conditions,
            asked_about,
            apart,
        }
    }

    /// Whether a share that a condition puts in the place of its answer stays beside the answers, and counts after all that is
    /// done with them. Else it counts as an answer: a number as the one that is scaled to it.
    pub(crate) fn keeps_apart(&self, question: usize) -> bool {
        self.apart[question]
    }

    pub(crate) fn indicator(&self, question: usize) -> &'f Indicator {
        self.framework
            .node(self.nodes[question])
            .indicator()
            .expect("questions are indicators")
    }

    /// The codes of these questions.
    pub(crate) fn codes<'q>(&self, questions: impl IntoIterator<Item = &'q usize>) -> Vec<String> {
        let codes = questions.into_iter();
        codes
            .map(|question| self.indicator(*question).code.clone())
            .collect()
    }

    /// What a complete answer could be. A code of the framework may say of every question that it does not apply.
    pub(crate) fn possible(&self, question: usize) -> Bound {
        let indicator = self.indicator(question);
        let range = possible(&indicator.answers);
        let mut codes = self.framework.codes.iter();
        let skips = codes.any(|(code, outcome)| {
            *outcome == Outcome::NotApplicable && !declares(&indicator.answers, code)
        });
        if skips { range.perhaps() } else { range }
    }

    /// Whether a question may be left without a score whatever is answered: by a condition, by what its number is divided by
    /// or the logarithm that it has not.
    pub(crate) fn may_be_left(&self, question: usize) -> bool {
        let mut conditions = self.conditions[question].iter();
        let is_lost = match &self.indicator(question).answers {
            Answers::Number(number) => number.per.is_some() || number.curve.needs_logarithm(),
            Answers::Choice(_) | Answers::Multiple(_) => false,
        };
        is_lost || conditions.any(|condition| matches!(condition.otherwise, Outcome::Missing(_)))
    }

    /// Whether any condition looks at it.
    pub(crate) fn is_asked_about(&self, question: usize) -> bool {
        self.asked_about[question]
    }

    /// Whether it has conditions.
    pub(crate) fn is_conditional(&self, question: usize) -> bool {
        !self.conditions[question].is_empty()
    }

    /// Whether a row's attributes let it apply, whatever is answered.
    pub(crate) fn may_apply(
        &self,
        question: usize,
        attributes: &[AttributeColumn],
        row: usize,
    ) -> bool {
        let mut conditions = self.conditions[question].iter();
        conditions.all(|condition| condition.allows(attributes, row))
    }

    /// Conditions with what they look at: question by question.
    pub(crate) fn checks(&self) -> impl Iterator<Item = (usize, &Check)> {
        let conditions = self.conditions.iter().enumerate();
        conditions.flat_map(|(question, conditions)| {
            let checks = conditions.iter().flat_map(|condition| &condition.checks);
            checks.map(move |check| (question, check))
        })
    }

    /// Numbers at which conditions begin to hold.
    pub(crate) fn limits(&self, question: usize) -> impl Iterator<Item = f64> {
        let limits = self.checks().filter_map(move |(_, check)| match check {
            Check::Number {
                question: own,
                test,
            } if *own == question => Some(test),
            Check::Number { .. }
            | Check::Options { .. }
            | Check::Bits { .. }
            | Check::Attribute { .. } => None,
        });
        limits.flat_map(|test| match test {
            Test::AtLeast(least) => vec![*least],
            Test::OneOf(codes) => codes
                .iter()
                .filter_map(|text| text.trim().parse().ok())
                .collect(),
            Test::NoneOf(_) => Vec::new(),
        })
    }

    /// What every row says of every indicator, and what its answers settle for the conditions that look at them.
    pub(crate) fn settle(&self, responses: &Responses) -> (Vec<Leaf>, Settled) {
        self.settle_for(responses, self.none_known(), Detail::FULL)
    }

    /// What is known of every question before its answers are looked at: nothing.
    pub(crate) fn none_known(&self) -> Vec<Option<Column>> {
        vec![None; self.nodes.len()]
    }

    /// The answers in `responses` that are known to count as they stand there, taken out of them: those that were read
    /// as [`Questions::counts_as`] says, and numbers.
    pub(crate) fn known(&self, responses: &mut Responses) -> Vec<Option<Column>> {
        let columns = responses.answers.iter_mut().enumerate();
        let known = columns.map(|(question, column)| {
            let known = self.stands_apart(question);
            known.then(|| std::mem::take(column))
        });
        known.collect()
    }

    /// What one answer to a choice counts as, whatever else its row says; none where that depends on the row.
    pub(crate) fn counts_as(
        &self,
        question: usize,
    ) -> Option<impl Fn(Answer) -> Answer + Sync + use<'f>> {
        let indicator = self.indicator(question);
        let is_choice = !matches!(indicator.answers, Answers::Number(_));
        let known = is_choice && self.stands_apart(question);
        known.then_some(move |answer| Self::outcome_of(indicator, answer).as_share())
    }

    /// The same as [`Questions::settle`], but no more than `detail` asks for, and with these `shares` where what answers count
    /// as is known.
    pub(crate) fn settle_for(
        &self,
        responses: &Responses,
        mut shares: Vec<Option<Column>>,
        detail: Detail,
    ) -> (Vec<Leaf>, Settled) {
        let mut known: Vec<Option<Known>> = vec![None; self.nodes.len()];
        let mut leaves = vec![Leaf::default(); self.nodes.len()];
        for question in self.order.iter().copied() {
            let answers = &responses.answers[question];
            let (leaf, state) = match shares[question].take() {
                Some(value) => (self.leaf_of(question, value, detail), Known::default()),
                None if self.stands_alone(question) => {
                    let value = self.shares(question, answers);
                    let leaf = self.leaf_of(question, value, detail);
                    (leaf, self.state_alone(question, answers))
                }
                None => self.decode_one(question, responses, &known, detail),
            };
            leaves[question] = leaf;
            known[question] = Some(state);
        }
        (leaves, Settled(known))
    }

    /// What the answers settle for conditions, without what the rows say of every indicator.
    pub(crate) fn settle_conditions(&self, responses: &Responses) -> Settled {
        let mut known: Vec<Option<Known>> = vec![None; self.nodes.len()];
        for question in self.order.iter().copied() {
            known[question] = if !self.stands_alone(question) {
                let state = self.decode_one(question, responses, &known, Detail::SCORES);
                Some(state.1)
            } else if self.asked_about[question] {
                Some(self.state_alone(question, &responses.answers[question]))
            } else {
                None
            };
        }
        Settled(known)
    }

    /// Why a row's answer counts as it does.
    pub(crate) fn reading(
        &self,
        question: usize,
        responses: &Responses,
        settled: &Settled,
        row: usize,
    ) -> Reading {
        let known = &settled.0;
        let verdict = self.judge(question, responses, known, row);
        match (verdict.truth, verdict.because) {
            (Truth::Fails, Some((when, test))) => {
                let check = &self.conditions[question][when].checks[test];
                let found = Self::found(check, responses, known, row);
                return Reading::Skipped { when, test, found };
            }
            (Truth::Unknown, Some((when, test))) => return Reading::Unsure { when, test },
            (Truth::Fails | Truth::Unknown | Truth::Holds, _) => {}
        }
        let indicator = self.indicator(question);
        let answer = Self::outcome_of(indicator, responses.answers[question].get(row));
        match (answer, preset(indicator, responses, row)) {
            (Read::Gap(_), Some(position)) => Reading::Preset(position),
            _ => Reading::AsGiven,
        }
    }

    fn decode_one(
        &self,
        question: usize,
        responses: &Responses,
        known: &[Option<Known>],
        detail: Detail,
    ) -> (Leaf, Known) {
        let indicator = self.indicator(question);
        let range = self.possible(question);
        let answers = &responses.answers[question];
        let length = answers.len();
        let mut reader = Reader {
            range,
            leaf: Leaf::with_capacity(length),
            length,
            detail,
            apart: self.apart[question],
        };
        let conditional = !self.conditions[question].is_empty();
        let mut state = Known::default();
        for row in 0..length {
            let mut answer = Self::outcome_of(indicator, answers.get(row));
            if let Read::Gap(_) = answer
                && let Some(position) = preset(indicator, responses, row)
            {
                let preset = match indicator.presets[position].1 {
                    Preset::Given(value) => Answer::Given(value),
                    Preset::Missing(gap) => Answer::Missing(gap),
                    Preset::NotApplicable => Answer::NotApplicable,
                };
                answer = Self::outcome_of(indicator, preset);
                if self.asked_about[question] {
                    state.presets.insert(row, preset);
                }
            }
            let verdict = if conditional {
                self.judge(question, responses, known, row)
            } else {
                Verdict::HOLDS
            };
            if let (Some(_), Read::Value(_)) = (verdict.otherwise, answer)
                && let Some(by) = self.passed_over_by(question, responses, known, row, &verdict)
            {
                state.passed_over.push(PassedOver { question, row, by });
            }
            reader.row(row, answer, &verdict);
            if self.asked_about[question] {
                state.skipped.push(verdict.truth == Truth::Fails);
                state.gap.push(matches!(answer, Read::Gap(_)));
                state.unsure.push(verdict.truth == Truth::Unknown);
            }
        }
        (reader.leaf, state)
    }

    /// Whether every answer counts as it is, whatever else the row says.
    fn stands_alone(&self, question: usize) -> bool {
        self.conditions[question].is_empty() && self.indicator(question).presets.is_empty()
    }

    /// Whether it stands alone and no condition looks at it: then what its answers count as is all there is to know.
    fn stands_apart(&self, question: usize) -> bool {
        self.stands_alone(question) && !self.asked_about[question]
    }

    /// What conditions know of an indicator whose answers count as they are.
    fn state_alone(&self, question: usize, answers: &Column) -> Known {
        let mut state = Known::default();
        if self.asked_about[question] {
            let indicator = self.indicator(question);
            let gap = |row| matches!(Self::outcome_of(indicator, answers.get(row)), Read::Gap(_));
            state.skipped = vec![false; answers.len()];
            state.unsure = vec![false; answers.len()];
            state.gap = (0..answers.len()).map(gap).collect();
        }
        state
    }

    /// What answers that count as they are come to: what one answer comes to is found out once.
    fn shares(&self, question: usize, answers: &Column) -> Column {
        let indicator = self.indicator(question);
        match &indicator.answers {
            Answers::Number(_) => answers.clone(),
            Answers::Multiple(multiple) => {
                let mut column = answers.clone();
                let mut last = (0.0_f64, multiple_score(multiple, 0));
                for (value, mark) in column.values.iter_mut().zip(&column.marks) {
                    if *mark == Mark::Given {
                        if last.0.to_bits() != value.to_bits() {
                            last = (*value, multiple_score(multiple, bits_of(*value)));
                        }
                        *value = last.1;
                    }
                }
                column
            }
            Answers::Choice(scale) => {
                let options = (0..scale.options.len())
                    .map(|option| Answer::Given(option as f64))
                    .map(|answer| Self::outcome_of(indicator, answer).as_share());
                translated(answers, &options.map(parts).collect::<Vec<_>>())
            }
        }
    }

    /// The leaf of an indicator whose answers count as they are.
    fn leaf_of(&self, question: usize, value: Column, detail: Detail) -> Leaf {
        let mut leaf = Leaf {
            value,
            ..Leaf::default()
        };
        if detail.needs_coverage() {
            let covered = |mark: &Mark| f64::from(u8::from(!mark.is_missing()));
            leaf.coverage = leaf.value.marks.iter().map(covered).collect();
        }
        if detail.bounds && leaf.value.marks.iter().any(|mark| mark.is_missing()) {
            let range = self.possible(question);
            let mut bounds = Bounds::of(&leaf.value);
            for (row, mark) in leaf.value.marks.iter().enumerate() {
                if mark.is_missing() {
                    bounds.set(row, range);
                }
            }
            leaf.bounds = Some(Box::new(bounds));
        }
        leaf
    }

    /// An answer, with options that stand for no score resolved.
    fn outcome_of(indicator: &Indicator, answer: Answer) -> Read {
        match (answer, &indicator.answers) {
            (Answer::NotApplicable, _) => Read::Settled(Outcome::NotApplicable),
            (Answer::Missing(gap), _) => Read::Gap(gap),
            (Answer::Given(option), Answers::Choice(scale)) => {
                match scale
                    .options
                    .get(option_of(option))
                    .map(|option| option.outcome)
                {
                    Some(Outcome::Missing(gap)) => Read::Gap(gap),
                    Some(Outcome::Score(score)) => Read::Value(score),
                    Some(outcome) => Read::Settled(outcome),
                    None => Read::Gap(crate::framework::Gap::Unanswered),
                }
            }
            (Answer::Given(bits), Answers::Multiple(multiple)) => {
                Read::Value(multiple_score(multiple, bits_of(bits)))
            }
            (Answer::Given(number), Answers::Number(_)) => Read::Value(number),
        }
    }

    /// Whether an answer is worth something; `read`: those that [`Questions::known`] knows were read already.
    pub(crate) fn is_worth(&self, question: usize, answer: Answer, read: bool) -> bool {
        if read && self.stands_apart(question) {
            return matches!(answer, Answer::Given(_));
        }
        matches!(
            Self::outcome_of(self.indicator(question), answer),
            Read::Value(_)
        )
    }

    /// Whether an indicator's conditions hold in a row, and what counts if they do not.
    fn judge(
        &self,
        question: usize,
        responses: &Responses,
        known: &[Option<Known>],
        row: usize,
    ) -> Verdict {
        let mut others = Vec::new();
        let mut because = None;
        for (when, condition) in self.conditions[question].iter().enumerate() {
            let mut truth = Truth::Holds;
            for (test, check) in condition.checks.iter().enumerate() {
                match Self::check(check, responses, known, row) {
                    Truth::Fails => {
                        return Verdict {
                            truth: Truth::Fails,
                            because: Some((when, test)),
                            otherwise: Some(condition.otherwise),
                            others,
                        };
                    }
                    Truth::Unknown => {
                        because = because.or(Some((when, test)));
                        truth = Truth::Unknown;
                    }
                    Truth::Holds => {}
                }
            }
            if truth == Truth::Unknown {
                others.push(condition.otherwise);
            }
        }
        Verdict {
            truth: if others.is_empty() {
                Truth::Holds
            } else {
                Truth::Unknown
            },
            because,
            otherwise: None,
            others,
        }
    }

    /// The indicator whose answer keeps this row's answer from counting, if the two contradict each other. They do not where
    /// what was chosen is worth what counts instead, nor where no option was chosen: exports write that where nothing was asked.
    fn passed_over_by(
        &self,
        question: usize,
        responses: &Responses,
        known: &[Option<Known>],
        row: usize,
        verdict: &Verdict,
    ) -> Option<usize> {
        let indicator = self.indicator(question);
        let answer = responses.answers[question].get(row);
        if let (Answer::Given(bits), Answers::Multiple(_)) = (answer, &indicator.answers)
            && bits_of(bits) == 0
        {
            return None;
        }
        let Read::Value(value) = Self::outcome_of(indicator, answer) else {
            return None;
        };
        let by = self.skipped_by(question, verdict)?;
        let is_number = matches!(indicator.answers, Answers::Number(_));
        let same = match verdict.otherwise {
            Some(Outcome::Score(share)) => !is_number && share.total_cmp(&value).is_eq(),
            Some(Outcome::NotApplicable | Outcome::Missing(_) | Outcome::Error) | None => false,
        };
        let concerned = || {
            let attributes = &responses.attributes;
            self.may_apply(question, attributes, row) && self.concerns(by, responses, known, row)
        };
        (!same && concerned()).then_some(by)
    }

    /// Whether a row's attributes let an indicator apply, and those whose answers it is passed over for.
    fn concerns(
        &self,
        mut question: usize,
        responses: &Responses,
        known: &[Option<Known>],
        row: usize,
    ) -> bool {
        while self.may_apply(question, &responses.attributes, row) {
            let verdict = self.judge(question, responses, known, row);
            match self.skipped_by(question, &verdict) {
                Some(by) => question = by,
                None => return true,
            }
        }
        false
    }

    /// The indicator whose answer fails a condition of `question`; none where an attribute does, or nothing.
    fn skipped_by(&self, question: usize, verdict: &Verdict) -> Option<usize> {
        let (when, test) = verdict.because.filter(|_| verdict.truth == Truth::Fails)?;
        self.conditions[question][when].checks[test].question()
    }

    /// What stands where a check fails.
    fn found(check: &Check, responses: &Responses, known: &[Option<Known>], row: usize) -> Found {
        let question = match check {
            Check::Attribute { column, .. } => {
                return if responses.attributes[*column].says(row) {
                    Found::Other
                } else {
                    Found::Empty
                };
            }
            Check::Options { question, .. }
            | Check::Bits { question, .. }
            | Check::Number { question, .. } => *question,
        };
        let state = known[question].as_ref();
        let preset = state.and_then(|state| state.presets.get(&row).copied());
        let answer = preset.unwrap_or_else(|| responses.answers[question].get(row));
        match answer {
            _ if state.is_some_and(|state| state.skipped[row]) => Found::Skipped,
            Answer::NotApplicable => Found::NotApplicable,
            Answer::Given(_) | Answer::Missing(_) => Found::Other,
        }
    }

    fn check(check: &Check, responses: &Responses, known: &[Option<Known>], row: usize) -> Truth {
        let question = match check {
            Check::Attribute { column, test } => {
                return if attribute_meets(&responses.attributes[*column], row, test) {
                    Truth::Holds
                } else {
                    Truth::Fails
                };
            }
            Check::Options { question, .. }
            | Check::Bits { question, .. }
            | Check::Number { question, .. } => *question,
        };
        let state = known[question]
            .as_ref()
            .expect("conditions come after what they look at");
        if state.skipped[row] {
            return Truth::Fails;
        }
        if state.gap[row] {
            return Truth::Unknown;
        }
        let preset = state.presets.get(&row).copied();
        let answer = preset.unwrap_or_else(|| responses.answers[question].get(row));
        let Answer::Given(value) = answer else {
            return Truth::Fails;
        };
        match check.is_met_by(value) {
            // Skipped or as answered, it does not meet the test.
            false => Truth::Fails,
            true if state.unsure[row] => Truth::Unknown,
            true => Truth::Holds,
        }
    }
}

/// Why a row's answer counts as it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// By its scale.
    AsGiven,
    /// There was none, and the preset at this position filled it.
    Preset(usize),
    /// A condition does not hold: which of the indicator's `when`, and which of its tests.
    Skipped {
        /// Position among the conditions.
        when: usize,
        /// Position among its tests.
        test: usize,
        /// What stands where the test looks.
        found: Found,
    },
    /// By its scale, but a condition cannot be judged because the answer it looks at is missing.
    Unsure {
        /// Position among the conditions.
        when: usize,
        /// Position among its tests.
        test: usize,
    },
}

/// What fails a test.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// An answer or an attribute that it does not allow.
    Other,
    /// An attribute that is empty.
    Empty,
    /// A question that is itself not asked.
    Skipped,
    /// A question that does not apply.
    NotApplicable,
}

/// Which preset fills the gap of a row.
fn preset(indicator: &Indicator, responses: &Responses, row: usize) -> Option<usize> {
    let mut presets = indicator.presets.iter();
    presets.position(|(members, _)| belongs(members, &responses.attributes, row))
}

/// What an indicator's conditions make of its answer in a row.
#[derive(Clone, Debug)]
struct Verdict {
    truth: Truth,
    /// The first test that fails, or that is not known; of which condition.
    because: Option<(usize, usize)>,
    /// What counts instead of the answer.
    otherwise: Option<Outcome>,
    /// What else could count once all is known: outer conditions decide first.
    others: Vec<Outcome>,
}

impl Verdict {
    const HOLDS: Self = Self {
        truth: Truth::Holds,
        because: None,
        otherwise: None,
        others: Vec::new(),
    };
}

/// What conditions know of the rows of each indicator that they look at.
#[derive(Clone, Debug, Default)]
pub(crate) struct Settled(Vec<Option<Known>>);

impl Settled {
    /// Answers that do not count: indicator by indicator, each row by row.
    pub(crate) fn passed_over(&self) -> impl Iterator<Item = &PassedOver> {
        let known = self.0.iter().flatten();
        known.flat_map(|known| &known.passed_over)
    }
}

/// A score that was answered and does not count, because a condition on another answer does not hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PassedOver {
    pub(crate) question: usize,
    pub(crate) row: usize,
    /// Whose answer does not meet the condition.
    pub(crate) by: usize,
}

/// What later conditions need to know of an indicator's rows.
#[derive(Clone, Debug, Default)]
struct Known {
    skipped: Vec<bool>,
    /// Whether it has no answer.
    gap: Vec<bool>,
    /// Whether it may still turn out to be skipped.
    unsure: Vec<bool>,
    /// What presets fill in, by row.
    presets: BTreeMap<usize, Answer>,
    passed_over: Vec<PassedOver>,
}

/// An answer as read.
#[derive(Clone, Copy, Debug)]
enum Read {
    Value(f64),
    Settled(Outcome),
    Gap(crate::framework::Gap),
}

impl Read {
    /// What a choice comes to.
    fn as_share(self) -> Answer {
        match self {
            Self::Value(share) | Self::Settled(Outcome::Score(share)) => Answer::Given(share),
            Self::Settled(Outcome::NotApplicable | Outcome::Error) => Answer::NotApplicable,
            Self::Settled(Outcome::Missing(gap)) | Self::Gap(gap) => Answer::Missing(gap),
        }
    }
}

/// A column of options with what each of them comes to.
fn translated(answers: &Column, options: &[(f64, Mark)]) -> Column {
    let none = parts(Answer::Missing(crate::framework::Gap::Unanswered));
    let mut column = answers.clone();
    for (value, mark) in column.values.iter_mut().zip(&mut column.marks) {
        if *mark == Mark::Given {
            // Small whole numbers: 2^52 more, and they stand in the lowest bits.
            #[allow(clippy::cast_possible_truncation)]
            let option = (*value + 4_503_599_627_370_496.0).to_bits() as u32 as usize;
            (*value, *mark) = options.get(option).copied().unwrap_or(none);
        }
    }
    column
}

/// Fills a leaf row by row.
struct Reader {
    range: Bound,
    leaf: Leaf,
    length: usize,
    detail: Detail,
    apart: bool,
}

impl Reader {
    fn row(&mut self, row: usize, answer: Read, verdict: &Verdict) {
        let answer = verdict.otherwise.map_or(answer, Read::Settled);
        let mut covered = true;
        let bound = match answer {
            Read::Value(value) => {
                self.leaf.value.push(Answer::Given(value));
                Bound::exactly(value)
            }
            Read::Settled(outcome) => {
                match outcome {
                    Outcome::Score(share) if self.apart => {
                        self.leaf.value.push(Answer::NotApplicable);
                        let length = self.length;
                        self.leaf
                            .fixed
                            .get_or_insert_with(|| Box::new(Column::unanswered(length)))
                            .set(row, Answer::Given(share));
                    }
                    Outcome::Score(share) => self.leaf.value.push(Answer::Given(share)),
                    Outcome::NotApplicable | Outcome::Error => {
                        self.leaf.value.push(Answer::NotApplicable);
                    }
                    Outcome::Missing(gap) => {
                        self.leaf.value.push(Answer::Missing(gap));
                        covered = false;
                    }
                }
                self.outcome(outcome)
            }
            Read::Gap(gap) => {
                self.leaf.value.push(Answer::Missing(gap));
                covered = false;
                self.range
            }
        };
        if self.detail.needs_coverage() {
            self.leaf.coverage.push(f64::from(u8::from(covered)));
        }
        if !self.detail.bounds {
            return;
        }
        if self.apart && !verdict.others.is_empty() {
            // An answer that is no number (not applicable, a preset share) stays one of the things that can count.
            let own = match (answer, verdict.otherwise) {
                (Read::Settled(outcome), None) => Some(outcome),
                (Read::Settled(_) | Read::Value(_) | Read::Gap(_), _) => verdict.otherwise,
            };
            let shares = verdict.others.iter().copied().chain(own);
            let shares = shares.map(Bound::of_share).reduce(Bound::or);
            let length = self.length;
            self.leaf
                .stand_in
                .get_or_insert_with(|| Box::new(Bounds::absent(length)))
                .set(row, shares.unwrap_or(Bound::ABSENT));
        }
        let others = verdict.others.iter().map(|other| self.outcome(*other));
        let bound = others.fold(bound, Bound::or);
        self.bound(row, bound);
    }

    /// What an outcome comes to among the answers.
    fn outcome(&self, outcome: Outcome) -> Bound {
        match outcome {
            // The number gives way to a share, which is no number.
            Outcome::Score(_) if self.apart => Bound::ABSENT,
            // No answer will fill it; what it counts as is up to its own rule and its parent's.
            Outcome::Missing(_) => self.range.perhaps(),
            Outcome::Score(_) | Outcome::NotApplicable | Outcome::Error => Bound::of_share(outcome),
        }
    }

    fn bound(&mut self, row: usize, bound: Bound) {
        let certain = match self.leaf.value.get(row) {
            Answer::Given(value) => bound == Bound::exactly(value),
            Answer::NotApplicable => bound.presence == Presence::Absent,
            Answer::Missing(_) => false,
        };
        if !certain || self.leaf.bounds.is_some() {
            let bounds = self.leaf.bounds_mut();
            if bounds.low.len() == row {
                bounds.push(bound);
            } else {
                bounds.set(row, bound);
            }
        }
    }
}
