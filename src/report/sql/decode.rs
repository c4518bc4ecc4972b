//! Answers → values, row by row: scales, multiple choice, numbers, presets, conditions. What `scoring/decode.rs` does.

use std::collections::BTreeMap;

use crate::framework::{
    Answers, Curve, Indicator, Multiple, MultipleScore, NodeIx, Number, Outcome, Preset,
};
use crate::responses::{Answer, Declared, bits_of, option_of};
use crate::scoring::{Bound, Check, multiple_score};

use super::expr::{
    Expr, Function, above, all, always, among, any, below, call, case, equal, is_null, never,
    not_null, number, only_if, ratio, sum, text,
};
use super::leaf::Leaf;
use super::work::{UNLIMITED, Work, column, number_meets, spellings};

/// An answer before conditions, and what conditions of others need to know of it.
struct Own {
    value: Expr,
    /// It does not apply.
    away: Expr,
    /// There is none, and no preset either.
    gap: Expr,
}

/// What is known of the conditions of a question: 0 fails, 1 unknown, 2 holds.
const FAILS: i64 = 0;
const UNKNOWN: i64 = 1;
const HOLDS: i64 = 2;

impl<'p> Work<'p> {
    /// The leaves of these questions, which must be in an order that conditions can be settled in.
    pub(super) fn decode(&mut self, questions: &[usize]) -> BTreeMap<usize, Leaf> {
        self.layers.stage(
            "answered",
            "answers as scores, numbers as numbers, what does not apply by skip logic",
        );
        let mut known: BTreeMap<usize, Known> = BTreeMap::new();
        let mut leaves = BTreeMap::new();
        for question in questions.iter().copied() {
            let (leaf, state) = self.decode_one(question, &known);
            leaves.insert(question, leaf);
            known.insert(question, state);
        }
        leaves
    }

    /// A question with what can be answered.
    fn given(&self, question: usize) -> Given<'p> {
        let indicator = self.plan.questions.indicator(question);
        Given {
            question,
            node: self.plan.questions.nodes[question],
            indicator,
            declared: plain(Declared::of(self.framework(), indicator)),
        }
    }

    fn decode_one(&mut self, question: usize, known: &BTreeMap<usize, Known>) -> (Leaf, Known) {
        let given = self.given(question);
        let Given { node, .. } = given;
        let name = self.names[node.0].clone();
        let own = self.own_answer(&given);
        let conditions = self.conditions(question, known);
        let mut value_cases = Vec::new();
        let mut away_cases = Vec::new();
        let mut fixed_cases = Vec::new();
        let apart = self.plan.questions.keeps_apart(question);
        for (state, otherwise) in &conditions {
            let fails = equal(state.clone(), Expr::Whole(FAILS));
            let (value, away, fixed) = match otherwise {
                Outcome::Score(share) if apart => (Expr::Null, 1, number(*share)),
                Outcome::Score(share) => (number(*share), 0, Expr::Null),
                Outcome::NotApplicable | Outcome::Error => (Expr::Null, 1, Expr::Null),
                Outcome::Missing(_) => (Expr::Null, 0, Expr::Null),
            };
            value_cases.push((fails.clone(), value));
            away_cases.push((fails.clone(), Expr::Whole(away)));
            fixed_cases.push((fails, fixed));
        }
        let title = self.title(node);
        let value = case(value_cases, own.value.clone());
        let value = if value.is_short() {
            value
        } else {
            self.layers
                .define(&format!("v_{name}"), value, Some(&title))
        };
        let away_own = case([(own.away.clone(), Expr::Whole(1))], Expr::Whole(0));
        let away = match case(away_cases, away_own) {
            Expr::Whole(0) => never(),
            _ if conditions.is_empty() => own.away.clone(),
            flag => equal(
                self.layers.define(&format!("n_{name}"), flag, None),
                Expr::Whole(1),
            ),
        };
        let fixed = match case(fixed_cases, Expr::Null) {
            Expr::Null => None,
            fixed => Some(self.layers.define(&format!("x_{name}"), fixed, None)),
        };
        let mut leaf = Leaf {
            value,
            away,
            fixed,
            coverage: None,
            low: Expr::Null,
            high: Expr::Null,
            presence: Expr::Whole(2),
            open: false,
            moved: false,
        };
        self.bound_answer(question, &name, &conditions, &mut leaf);
        let states: Vec<Expr> = conditions.iter().map(|(state, _)| state.clone()).collect();
        let skipped = any(states
            .iter()
            .map(|state| equal(state.clone(), Expr::Whole(FAILS))));
        let unsure = any(states
            .iter()
            .map(|state| equal(state.clone(), Expr::Whole(UNKNOWN))));
        (
            leaf,
            Known {
                skipped,
                gap: own.gap,
                unsure,
                declared: given.declared,
            },
        )
    }

    /// What an indicator's conditions come to, the outermost first, each with what counts where it fails.
    fn conditions(
        &mut self,
        question: usize,
        known: &BTreeMap<usize, Known>,
    ) -> Vec<(Expr, Outcome)> {
        let node = self.plan.questions.nodes[question];
        let name = self.names[node.0].clone();
        let conditions = self.plan.questions.conditions[question].clone();
        let mut states = Vec::new();
        for (at, condition) in conditions.iter().enumerate() {
            let mut checks = Vec::new();
            for (number, check) in condition.checks.iter().enumerate() {
                let state = self.check(check, known);
                let state = if condition.checks.len() > 1 {
                    let name = format!("t{}_{}_{name}", at + 1, number + 1);
                    self.layers.short(&name, state)
                } else {
                    state
                };
                checks.push(state);
            }
            let state = if checks.is_empty() {
                Expr::Whole(HOLDS)
            } else {
                call(Function::Least, checks)
            };
            let state = self.layers.short(&format!("t{}_{name}", at + 1), state);
            states.push((state, condition.otherwise));
        }
        states
    }

    fn check(&mut self, check: &Check, known: &BTreeMap<usize, Known>) -> Expr {
        let yes_or_no = |meets: Expr| case([(meets, Expr::Whole(HOLDS))], Expr::Whole(FAILS));
        let Some(question) = check.question() else {
            let Check::Attribute { column, test } = check else {
                return Expr::Whole(HOLDS);
            };
            let attribute = crate::framework::AttributeIx(*column);
            return yes_or_no(self.attribute_meets(attribute, test));
        };
        let Some(state) = known.get(&question) else {
            let node = self.plan.questions.nodes[question];
            return self.refuse(node, "when", "a condition looks at it from another block");
        };
        let meets = self.meets(question, check, state);
        // Skipped or as answered, what does not meet the test does not.
        let met = case(
            [(state.unsure.clone(), Expr::Whole(UNKNOWN))],
            Expr::Whole(HOLDS),
        );
        case(
            [
                (state.skipped.clone(), Expr::Whole(FAILS)),
                (state.gap.clone(), Expr::Whole(UNKNOWN)),
                (meets, met),
            ],
            Expr::Whole(FAILS),
        )
    }

    /// Whether the answer that was given, or that a preset gives, meets a check.
    fn meets(&mut self, question: usize, check: &Check, state: &Known) -> Expr {
        let node = self.plan.questions.nodes[question];
        let name = self.names[node.0].clone();
        let indicator = self.plan.questions.indicator(question);
        let raw = self.answer(question);
        let of_answer = match check {
            Check::Options { meets, .. } => {
                let spelled = state.declared.answers.iter().filter(|(_, answer)| {
                    matches!(answer, Some(Answer::Given(option))
                        if meets.get(option_of(*option)).copied().unwrap_or(false))
                });
                let spelled: Vec<String> = spelled.map(|(text, _)| text.clone()).collect();
                among(raw, spellings(&spelled))
            }
            Check::Bits {
                bits,
                chosen: wanted,
                ..
            } => {
                let Answers::Multiple(multiple) = &indicator.answers else {
                    return never();
                };
                let some = (0..multiple.options.len())
                    .filter(|option| bits >> option & 1 == 1)
                    .map(|option| chosen(&name, option));
                let some = any(some.collect::<Vec<_>>());
                let answered = not_null(column(&format!("z_{name}")));
                if *wanted {
                    all([answered, some])
                } else {
                    let nothing = case([(some, Expr::Whole(0))], Expr::Whole(1));
                    all([answered, equal(nothing, Expr::Whole(1))])
                }
            }
            Check::Number { test, .. } => number_meets(column(&format!("o_{name}")), test),
            Check::Attribute { .. } => never(),
        };
        if indicator.presets.is_empty() {
            return of_answer;
        }
        let blank = is_blank(&name);
        let presets = indicator.presets.iter().map(|(members, preset)| {
            let meets = match (preset, check) {
                (Preset::Given(option), Check::Options { meets, .. }) => {
                    meets.get(option_of(*option)).copied().unwrap_or(false)
                }
                (Preset::Given(set), Check::Bits { bits, chosen, .. }) => {
                    (bits_of(*set) & bits != 0) == *chosen
                }
                (Preset::Given(value), Check::Number { test, .. }) => {
                    crate::scoring::number_meets(*value, test)
                }
                _ => false,
            };
            let meets = Expr::Whole(i64::from(meets));
            (all([blank.clone(), self.belongs(members)]), meets)
        });
        let presets: Vec<(Expr, Expr)> = presets.collect();
        let own = case([(of_answer, Expr::Whole(1))], Expr::Whole(0));
        equal(case(presets, own), Expr::Whole(1))
    }

    fn own_answer(&mut self, given: &Given<'_>) -> Own {
        let name = self.names[given.node.0].clone();
        let raw = self.answer(given.question);
        let stands = |wanted: &dyn Fn(Option<Answer>) -> bool| -> Vec<String> {
            let texts = given.declared.answers.iter();
            let texts: Vec<String> = texts
                .filter(|(_, answer)| wanted(*answer))
                .map(|(text, _)| text.clone())
                .collect();
            spellings(&texts)
        };
        let away = among(
            raw.clone(),
            stands(&|answer| answer == Some(Answer::NotApplicable)),
        );
        let indicator = given.indicator;
        let (value, away) = match &indicator.answers {
            Answers::Choice(scale) => {
                let cases = scale.options.iter().enumerate().filter_map(|(at, option)| {
                    let Outcome::Score(score) = option.outcome else {
                        return None;
                    };
                    let texts = stands(
                        &|answer| matches!(answer, Some(Answer::Given(own)) if option_of(own) == at),
                    );
                    Some((among(raw.clone(), texts), number(score)))
                });
                (case(cases.collect::<Vec<_>>(), Expr::Null), away)
            }
            Answers::Multiple(multiple) => {
                let codes = stands(&|_| true);
                let value = self.multiple(&name, given, multiple, &codes);
                (value, away)
            }
            Answers::Number(own) => self.number(&name, given, own, away, &stands(&|_| true)),
        };
        let conditional = !self.plan.questions.conditions[given.question].is_empty();
        let preset = !indicator.presets.is_empty();
        let prefix = if conditional || preset { "r" } else { "v" };
        let title = self.title(given.node);
        let value = if value.is_short() {
            value
        } else {
            self.layers
                .define(&format!("{prefix}_{name}"), value, Some(&title))
        };
        if preset {
            return self.with_presets(&name, given, value, away);
        }
        let away = self.layers.condition(&format!("na_{name}"), away);
        Own {
            gap: all([is_null(value.clone()), not(away.clone())]),
            value,
            away,
        }
    }

    fn with_presets(&mut self, name: &str, given: &Given<'_>, value: Expr, away: Expr) -> Own {
        let away = self.layers.condition(&format!("na_{name}"), away);
        let blank = all([is_null(value.clone()), not(away.clone())]);
        let flag = super::expr::flag(blank);
        let blank = self.layers.define(&format!("m_{name}"), flag, None);
        let blank = equal(blank, Expr::Whole(1));
        let mut values = Vec::new();
        let mut aways = vec![(away, Expr::Whole(1))];
        for (members, preset) in &given.indicator.presets {
            let here = all([blank.clone(), self.belongs(members)]);
            let (value, away) = match (preset, &given.indicator.answers) {
                (Preset::Missing(_), _) => (Expr::Null, 0),
                (Preset::NotApplicable, _) => (Expr::Null, 1),
                (Preset::Given(option), Answers::Choice(scale)) => {
                    match scale.options.get(option_of(*option)).map(|own| own.outcome) {
                        Some(Outcome::Score(score)) => (number(score), 0),
                        Some(Outcome::NotApplicable | Outcome::Error) => (Expr::Null, 1),
                        Some(Outcome::Missing(_)) | None => (Expr::Null, 0),
                    }
                }
                (Preset::Given(set), Answers::Multiple(multiple)) => {
                    (number(multiple_score(multiple, bits_of(*set))), 0)
                }
                (Preset::Given(value), Answers::Number(_)) => (number(*value), 0),
            };
            values.push((here.clone(), value));
            aways.push((here, Expr::Whole(away)));
        }
        let filled = case(values, value);
        let filled = self.layers.define(&format!("rp_{name}"), filled, None);
        let away = case(aways, Expr::Whole(0));
        let away = self.layers.define(&format!("np_{name}"), away, None);
        let away = equal(away, Expr::Whole(1));
        Own {
            gap: all([is_null(filled.clone()), not(away.clone())]),
            value: filled,
            away,
        }
    }

    /// The share of a list of options.
    fn multiple(
        &mut self,
        name: &str,
        given: &Given<'_>,
        multiple: &Multiple,
        codes: &[String],
    ) -> Expr {
        const SEPARATORS: [char; 4] = [';', '|', '\n', ','];
        let raw = self.answer(given.question);
        let replaced = |of: Expr, what: &str, by: &str| {
            call(Function::Replace, vec![of, text(what), text(by)])
        };
        let plain = |spelling: &str| !spelling.contains(SEPARATORS);
        let mut marked = raw.clone();
        for sign in [";", ",", "\n"] {
            marked = replaced(marked, sign, "|");
        }
        let marked = self.layers.define(&format!("y_{name}"), marked, None);
        let parted = replaced(replaced(marked.clone(), "| ", "|"), " |", "|");
        let spaced = replaced(raw.clone(), " ", "|");
        let whole: Vec<String> = given
            .declared
            .options
            .iter()
            .filter(|(spelling, _)| plain(spelling) && spelling.contains(' '))
            .map(|(spelling, _)| spelling.clone())
            .collect();
        let list = case(
            [
                (among(raw.clone(), codes.to_vec()), Expr::NoText),
                (call(Function::Contains, vec![marked, text("|")]), parted),
                (among(raw.clone(), spellings(&whole)), raw),
            ],
            spaced,
        );
        let list = self.layers.define(&format!("z_{name}"), list, None);
        let held = call(Function::Concat, vec![text("|"), list.clone(), text("|")]);
        for option in 0..multiple.options.len() {
            let own = given.declared.options.iter();
            let own: Vec<String> = own
                .filter(|(spelling, at)| *at == option && plain(spelling))
                .map(|(spelling, _)| spelling.clone())
                .collect();
            let here = any(spellings(&own).into_iter().map(|spelling| {
                let wanted = text(&format!("|{spelling}|"));
                call(Function::Contains, vec![held.clone(), wanted])
            }));
            let mark = if own.is_empty() {
                let what = format!("option `{}`", multiple.options[option].code);
                self.refuse(
                    given.node,
                    &what,
                    "its spellings hold signs that part options",
                )
            } else {
                case([(here, number(1.0))], number(0.0))
            };
            self.layers
                .define(&format!("b{}_{name}", option + 1), mark, None);
        }
        only_if(not_null(list), chosen_share(name, multiple))
    }

    /// A number, and whether it does not apply. `codes` are all texts that stand for something else than a number.
    fn number(
        &mut self,
        name: &str,
        given: &Given<'_>,
        own: &Number,
        away: Expr,
        codes: &[String],
    ) -> (Expr, Expr) {
        let raw = self.answer(given.question);
        let percent = own.unit.as_deref() == Some("%");
        let (is_number, bare) = if percent {
            let bare = call(Function::TrimPercent, vec![raw.clone()]);
            (Function::IsPercentage, bare)
        } else {
            (Function::IsNumber, raw.clone())
        };
        let mut cases = Vec::new();
        let texts: Vec<String> = codes.to_vec();
        cases.push((among(raw.clone(), texts), Expr::Null));
        cases.push((
            call(is_number, vec![raw]),
            call(Function::ToNumber, vec![bare]),
        ));
        let is_code = |text: &String| text.parse::<f64>().is_ok();
        let limited = own.valid.is_some() || matches!(own.curve, Curve::Bands(_));
        let has_codes = given.declared.answers.iter().any(|(text, _)| is_code(text));
        let prefix = if limited || has_codes { "d" } else { "o" };
        let value = self
            .layers
            .define(&format!("{prefix}_{name}"), case(cases, Expr::Null), None);
        if !(limited || has_codes) {
            return (value, away);
        }
        // A sentinel in another spelling: -99.0 for -99.
        let numeric = |wanted: &dyn Fn(Option<Answer>) -> bool| -> Vec<Expr> {
            given
                .declared
                .answers
                .iter()
                .filter(|(_, answer)| wanted(*answer))
                .filter_map(|(text, _)| {
                    let number: f64 = text.parse().ok()?;
                    (number.is_finite() && number.to_string() == *text).then_some(number)
                })
                .map(|sentinel| equal(value.clone(), number(sentinel)))
                .collect()
        };
        let sentinels = any(numeric(&|_| true));
        let away = any(numeric(&|answer| answer == Some(Answer::NotApplicable))
            .into_iter()
            .chain([away]));
        let lowest = match &own.curve {
            Curve::Bands(bands) if own.per.is_none() => bands.first().map(|band| band.0),
            _ => None,
        };
        let low = own.valid.map(|valid| valid.0).or(lowest);
        let high = own.valid.map(|valid| valid.1);
        let outside = any(low
            .map(|low| below(value.clone(), number(low)))
            .into_iter()
            .chain(high.map(|high| above(value.clone(), number(high)))));
        let sound = case([(sentinels, Expr::Null), (outside, Expr::Null)], value);
        let sound = self.layers.define(&format!("o_{name}"), sound, None);
        (sound, away)
    }

    /// Whether a text that answers a question is none of the answers that can be given.
    pub(super) fn wrong_answer(&mut self, question: usize) -> Expr {
        let given = self.given(question);
        let Given {
            node, indicator, ..
        } = given;
        let name = self.names[node.0].clone();
        let raw = self.answer(question);
        let sound: Vec<String> = given
            .declared
            .answers
            .iter()
            .filter(|(_, answer)| answer.is_some())
            .map(|(text, _)| text.clone())
            .collect();
        let known = among(raw.clone(), spellings(&sound));
        let wrong = match &indicator.answers {
            Answers::Choice(_) => not(known),
            Answers::Number(own) => {
                let codes: Vec<String> = given
                    .declared
                    .answers
                    .iter()
                    .map(|(text, _)| text.clone())
                    .collect();
                let (value, _) = self.number(&name, &given, own, never(), &spellings(&codes));
                all([not(known), is_null(value)])
            }
            Answers::Multiple(multiple) => {
                let codes: Vec<String> = given
                    .declared
                    .answers
                    .iter()
                    .map(|(text, _)| text.clone())
                    .collect();
                let _ = self.multiple(&name, &given, multiple, &spellings(&codes));
                all([not(known), Self::wrong_list(&name, &given, multiple)])
            }
        };
        all([not_null(raw), wrong])
    }

    /// Whether a list holds something else than options, or one that excludes the others beside them.
    fn wrong_list(name: &str, given: &Given<'_>, multiple: &Multiple) -> Expr {
        let replaced = |of: Expr, what: &str, by: &str| {
            call(Function::Replace, vec![of, text(what), text(by)])
        };
        let list = column(&format!("z_{name}"));
        let doubled = replaced(list, "|", "||");
        let mut rest = call(Function::Concat, vec![text("|"), doubled, text("|")]);
        let texts: Vec<String> = given
            .declared
            .options
            .iter()
            .map(|(spelling, _)| spelling.clone())
            .collect();
        for spelling in spellings(&texts) {
            rest = replaced(rest, &format!("|{spelling}|"), "");
        }
        let rest = replaced(rest, "|", "");
        let strange = super::expr::compare(super::expr::Comparison::Differs, rest, text(""));
        let marks = (0..multiple.options.len()).map(|at| mark(name, at));
        let several = above(sum(marks.collect()), number(1.0));
        let alone = (0..multiple.options.len())
            .filter(|at| multiple.options[*at].only)
            .map(|at| chosen(name, at));
        any([strange, all([several, any(alone.collect::<Vec<_>>())])])
    }

    /// What an answer that is missing, or that a condition may still replace, could be.
    fn bound_answer(
        &mut self,
        question: usize,
        name: &str,
        conditions: &[(Expr, Outcome)],
        leaf: &mut Leaf,
    ) {
        let node = self.plan.questions.nodes[question];
        let range = self.plan.questions.possible(question);
        let may_lack = range.presence != crate::scoring::Presence::Certain;
        let missing = all([is_null(leaf.value.clone()), leaf.applies()]);
        let low = case([(missing.clone(), limit(range.low))], leaf.value.clone());
        let high = case([(missing.clone(), limit(range.high))], leaf.value.clone());
        let mut presence = vec![(leaf.away.clone(), Expr::Whole(0))];
        if may_lack {
            presence.push((missing.clone(), Expr::Whole(1)));
        }
        let lost = conditions.iter().filter_map(|(state, otherwise)| {
            let is_lost = matches!(otherwise, Outcome::Missing(_));
            is_lost.then(|| equal(state.clone(), Expr::Whole(FAILS)))
        });
        let lost: Vec<Expr> = lost.collect();
        leaf.open = may_lack || !lost.is_empty();
        if !lost.is_empty() {
            // No answer will fill it.
            let lost = all([missing.clone(), any(lost)]);
            presence.push((lost, Expr::Whole(1)));
        }
        leaf.low = low;
        leaf.high = high;
        leaf.presence = case(presence, Expr::Whole(2));
        if conditions.is_empty() {
            return;
        }
        if self.plan.questions.keeps_apart(question)
            && conditions
                .iter()
                .any(|(_, o)| matches!(o, Outcome::Score(_)))
        {
            let refused = self.refuse(
                node,
                "bounds",
                "a condition that is not known yet may put a share beside the answers",
            );
            (leaf.low, leaf.high, leaf.presence) = (refused.clone(), refused.clone(), refused);
            leaf.open = true;
            return;
        }
        // Conditions before the first one that fails may still turn out not to hold.
        for (at, (state, otherwise)) in conditions.iter().enumerate() {
            let failed_before = any(conditions[..at]
                .iter()
                .map(|(state, _)| equal(state.clone(), Expr::Whole(FAILS))));
            let unknown = all([
                equal(state.clone(), Expr::Whole(UNKNOWN)),
                not(failed_before),
            ]);
            let place = format!("{at}_{name}");
            self.may_fail(&place, unknown, *otherwise, range, leaf);
        }
    }

    /// What a leaf could still be where a condition is not known: what it is, or what counts if the condition fails.
    fn may_fail(
        &mut self,
        place: &str,
        unknown: Expr,
        otherwise: Outcome,
        range: Bound,
        leaf: &mut Leaf,
    ) {
        let low = self.layers.short(&format!("bl{place}"), leaf.low.clone());
        let high = self.layers.short(&format!("bh{place}"), leaf.high.clone());
        let presence = self
            .layers
            .short(&format!("bp{place}"), leaf.presence.clone());
        let absent = equal(presence.clone(), Expr::Whole(0));
        match otherwise {
            Outcome::Score(score) => {
                let score = number(score);
                leaf.open |= !leaf.away.is_never();
                leaf.low = case(
                    [
                        (all([unknown.clone(), absent.clone()]), score.clone()),
                        (
                            unknown.clone(),
                            call(Function::Least, vec![low.clone(), score.clone()]),
                        ),
                    ],
                    low,
                );
                leaf.high = case(
                    [
                        (all([unknown.clone(), absent.clone()]), score.clone()),
                        (
                            unknown.clone(),
                            call(Function::Greatest, vec![high.clone(), score]),
                        ),
                    ],
                    high,
                );
                leaf.presence = case([(all([unknown, absent]), Expr::Whole(1))], presence);
            }
            Outcome::Missing(_) => {
                leaf.open = true;
                leaf.moved = true;
                // No answer will fill it.
                let away = all([unknown.clone(), absent]);
                let ends = [
                    (low, limit(range.low), Function::Least),
                    (high, limit(range.high), Function::Greatest),
                ];
                let [low, high] = ends.map(|(own, other, farther)| {
                    let both = call(farther, vec![own.clone(), other.clone()]);
                    case([(away.clone(), other), (unknown.clone(), both)], own)
                });
                (leaf.low, leaf.high) = (low, high);
                leaf.presence = case([(unknown, Expr::Whole(1))], presence);
            }
            Outcome::NotApplicable | Outcome::Error => {
                leaf.open = true;
                (leaf.low, leaf.high) = (low, high);
                leaf.presence = case([(unknown, super::leaf::perhaps(&presence))], presence);
            }
        }
    }
}

/// What later conditions need to know of a question.
struct Known {
    skipped: Expr,
    /// It has no answer.
    gap: Expr,
    /// It may still turn out to be skipped.
    unsure: Expr,
    declared: Declared,
}

/// A question and what can be answered.
struct Given<'a> {
    question: usize,
    node: NodeIx,
    indicator: &'a Indicator,
    declared: Declared,
}

/// An end of what could be answered.
fn limit(end: f64) -> Expr {
    number(end.clamp(-UNLIMITED, UNLIMITED))
}

fn chosen_share(name: &str, multiple: &Multiple) -> Expr {
    let offered: Vec<usize> = (0..multiple.options.len())
        .filter(|at| !multiple.options[*at].only)
        .collect();
    let count = sum(offered.iter().map(|at| mark(name, *at)).collect());
    let all_of_them = offered.len() as f64;
    match multiple.score {
        MultipleScore::Share => ratio(count, number(all_of_them.max(1.0))),
        MultipleScore::Any => case([(above(count, number(0.0)), number(1.0))], number(0.0)),
        MultipleScore::All => case(
            [(below(count, number(all_of_them)), number(0.0))],
            number(1.0),
        ),
        MultipleScore::Points { cap, out_of } => {
            let terms = (0..multiple.options.len())
                .map(|at| super::expr::times(number(multiple.options[at].score), mark(name, at)));
            let points = sum(terms.collect());
            let points = match cap {
                Some(cap) => call(Function::Least, vec![points, number(cap)]),
                None => points,
            };
            ratio(points, number(out_of))
        }
    }
}

/// Whether an option was chosen.
fn chosen(name: &str, option: usize) -> Expr {
    above(mark(name, option), number(0.0))
}

/// 1 where an option was chosen, else 0.
fn mark(name: &str, option: usize) -> Expr {
    column(&format!("b{}_{name}", option + 1))
}

/// Whether nothing was answered, presets apart.
fn is_blank(name: &str) -> Expr {
    equal(column(&format!("m_{name}")), Expr::Whole(1))
}

/// Without the spellings that only one exporter writes: a label with its code in brackets.
fn plain(mut declared: Declared) -> Declared {
    let texts: Vec<String> = declared
        .answers
        .iter()
        .map(|(text, _)| text.clone())
        .chain(declared.options.iter().map(|(text, _)| text.clone()))
        .collect();
    let is_both = |text: &str| {
        let parts = text
            .strip_suffix(')')
            .and_then(|rest| rest.rsplit_once(" ("));
        parts.is_some_and(|(label, code)| {
            texts.iter().any(|own| own == label) && texts.iter().any(|own| own == code)
        })
    };
    declared.answers.retain(|(text, _)| !is_both(text));
    declared.options.retain(|(text, _)| !is_both(text));
    declared
}

/// The opposite of a condition that is never unknown.
pub(super) fn not(condition: Expr) -> Expr {
    match condition {
        Expr::All(of) if of.is_empty() => never(),
        Expr::Any(of) if of.is_empty() => always(),
        Expr::Compare(super::expr::Comparison::Equal, a, b) if *b == Expr::Whole(1) => {
            equal(*a, Expr::Whole(0))
        }
        other => equal(
            case([(other, Expr::Whole(0))], Expr::Whole(1)),
            Expr::Whole(1),
        ),
    }
}
