//! The columns of a table to fill in, and what stands in them already.

#[cfg(feature = "xlsx")]
use super::words::Speech;
use super::{Filled, Form, Question};
use crate::framework::{Answers, Framework, Indicator, Outcome};
use crate::responses::{Answer, StandsFor, answer_text, bits_of};
#[cfg(feature = "xlsx")]
use crate::responses::{Holds, Vocabulary};

/// A column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    /// A key field, by position.
    Key(usize),
    /// Answers to the indicator at this position.
    Answer(usize),
    /// Whether an option of it was chosen.
    Option(usize, usize),
    /// Evidence for it.
    Evidence(usize),
}

/// The columns in order: keys, then every question with its evidence. `splits` says which multiple choices have a column
/// an option.
pub(super) fn columns(form: &Form<'_>, splits: &dyn Fn(&Question<'_>) -> bool) -> Vec<Column> {
    let mut columns: Vec<Column> = (0..form.keys.len()).map(Column::Key).collect();
    for question in form.questions() {
        match &question.indicator.answers {
            Answers::Multiple(multiple) if splits(question) => {
                let options = 0..multiple.options.len();
                columns.extend(options.map(|option| Column::Option(question.at, option)));
            }
            _ => columns.push(Column::Answer(question.at)),
        }
        if has_evidence(form, question) {
            columns.push(Column::Evidence(question.at));
        }
    }
    columns
}

/// Whether evidence is asked for, or is there.
pub(super) fn has_evidence(form: &Form<'_>, question: &Question<'_>) -> bool {
    question.evidence_if.is_some()
        || form
            .rows
            .iter()
            .any(|row| !row.evidence[question.at].is_empty())
}

/// Whether a cell that lists this multiple choice's options could be taken apart in another way.
pub(super) fn lists_badly(question: &Question<'_>) -> bool {
    match &question.indicator.answers {
        Answers::Multiple(multiple) => multiple
            .options
            .iter()
            .any(|option| option.code.contains([';', '|', ',', '\n'])),
        Answers::Choice(_) | Answers::Number(_) => false,
    }
}

impl Column {
    /// Its name in the words of the framework.
    pub(super) fn name(self, form: &Form<'_>) -> String {
        let code = |at: usize| {
            let question = form.question(at);
            question.map_or("", |question| question.indicator.code.as_str())
        };
        match self {
            Self::Key(at) => form.keys[at].column.to_owned(),
            Self::Answer(at) => code(at).to_owned(),
            Self::Option(at, option) => {
                format!("{}/{}", code(at), option_code(form, at, option))
            }
            Self::Evidence(at) => format!("{}__evidence", code(at)),
        }
    }

    /// What is asked for.
    pub(super) fn question<'a, 'f>(self, form: &'a Form<'f>) -> Option<&'a Question<'f>> {
        match self {
            Self::Key(_) => None,
            Self::Answer(at) | Self::Option(at, _) | Self::Evidence(at) => form.question(at),
        }
    }

    /// Name and question: `pol1. Is there a plan?`, as long as it is still read as the column that it is. The question is
    /// cut after `longest` characters.
    #[cfg(feature = "xlsx")]
    pub(super) fn heading(
        self,
        form: &Form<'_>,
        vocabulary: &Vocabulary<'_>,
        speech: &Speech,
        longest: usize,
    ) -> String {
        let name = self.name(form);
        let Some(question) = self.question(form) else {
            return name;
        };
        let asked = speech.text(question.text());
        let (text, holds) = match self {
            Self::Option(at, option) => {
                let label = question.offered.get(option);
                let label = label.map_or("", |offered| speech.text(&offered.label));
                let asked = cut(asked, longest);
                (format!("{asked} → {label}"), Holds::Option(at, option))
            }
            Self::Evidence(at) => {
                let note = question.indicator.evidence_note.as_ref();
                let note = note.map_or_else(|| speech.word("evidence.what"), |n| speech.text(n));
                let text = format!("{}: {note}", speech.word("evidence"));
                (text, Holds::Evidence(at))
            }
            Self::Key(at) | Self::Answer(at) => (asked.to_owned(), Holds::Answer(at)),
        };
        let text = cut(&text, longest);
        let heading = format!("{name}. {text}");
        let is_read = !text.is_empty() && vocabulary.column(&heading) == Some(holds);
        if is_read { heading } else { name }
    }

    /// What stands there already, by codes.
    pub(super) fn cell(self, form: &Form<'_>, row: &Filled) -> String {
        match self {
            Self::Key(at) => row.keys[at].clone(),
            Self::Answer(at) => self.question(form).map_or_else(String::new, |question| {
                coded(form.framework, question.indicator, row.answers[at])
            }),
            Self::Option(at, option) => match (row.answers[at], self.question(form)) {
                (Answer::Given(value), _) => tick(bits_of(value) >> option & 1 == 1).to_owned(),
                (answer, Some(question)) if option == 0 => {
                    coded(form.framework, question.indicator, answer)
                }
                (_, _) => String::new(),
            },
            Self::Evidence(at) => row.evidence[at].clone(),
        }
    }
}

fn option_code<'a>(form: &'a Form<'_>, at: usize, option: usize) -> &'a str {
    let answers = form
        .question(at)
        .map(|question| &question.indicator.answers);
    match answers {
        Some(Answers::Multiple(multiple)) => &multiple.options[option].code,
        Some(Answers::Choice(_) | Answers::Number(_)) | None => "",
    }
}

/// An answer as the framework spells it.
pub(super) fn coded(framework: &Framework, indicator: &Indicator, answer: Answer) -> String {
    answer_text(answer, indicator, &framework.codes)
}

/// The answer without a score that a choice stands for.
pub(super) fn stands_for_answer(stands_for: StandsFor, answers: &Answers) -> Option<Answer> {
    let outcome = match (stands_for, answers) {
        (StandsFor::Outcome(outcome), _) => outcome,
        (StandsFor::Option(at), Answers::Choice(scale)) => scale.options[at].outcome,
        (StandsFor::Option(_) | StandsFor::NoneOfThese, _) => return None,
    };
    match outcome {
        Outcome::NotApplicable => Some(Answer::NotApplicable),
        Outcome::Missing(gap) => Some(Answer::Missing(gap)),
        Outcome::Score(_) | Outcome::Error => None,
    }
}

/// The mark of a chosen option, and of one that was not chosen.
pub(super) fn tick(chosen: bool) -> &'static str {
    if chosen { "x" } else { "0" }
}

/// The text on one line, cut after `longest` characters.
#[cfg(feature = "xlsx")]
pub(super) fn cut(text: &str, longest: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= longest {
        return line;
    }
    let kept: String = line.chars().take(longest).collect();
    let kept = kept
        .rsplit_once(' ')
        .map_or(kept.as_str(), |(whole, _)| whole);
    format!("{kept} …")
}
