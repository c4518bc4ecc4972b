//! Answers of an earlier wave into a form.

use super::{Filled, Form, KeyRole};
use crate::framework::NodeIx;
use crate::report::number::shortest;
use crate::responses::{AttributeColumn, Column, Mark, Responses};

impl Form<'_> {
    /// Fills the form in with the answers of the latest period, of all units or of one. Where the form asks about a
    /// period, that one takes its place. Indicators that are not scored are asked for if they were answered.
    ///
    /// Returns how many rows were filled in.
    pub fn prefill(&mut self, responses: &Responses, unit: Option<&str>) -> usize {
        let latest = responses.periods.len().saturating_sub(1);
        let rows: Vec<usize> = (0..responses.rows.len())
            .filter(|&row| responses.rows[row].period == latest)
            .filter(|&row| {
                let id = &responses.units[responses.rows[row].unit].id;
                unit.is_none_or(|unit| unit.eq_ignore_ascii_case(id))
            })
            .collect();
        self.rows = rows.iter().map(|&row| self.row(responses, row)).collect();
        let answered = |column: &Column| {
            let mut marks = rows.iter().map(|&row| column.marks[row]);
            marks.any(|mark| mark != Mark::Unanswered)
        };
        let answered: Vec<NodeIx> = self
            .framework
            .indicators()
            .zip(&responses.answers)
            .filter(|(_, column)| answered(column))
            .map(|((ix, _, _), _)| ix)
            .collect();
        let asked: Vec<usize> = self.questions().map(|question| question.at).collect();
        let positions: Vec<NodeIx> = self.framework.indicators().map(|(ix, _, _)| ix).collect();
        let asked: Vec<NodeIx> = asked.into_iter().map(|at| positions[at]).collect();
        self.ask(&|ix| asked.contains(&ix) || answered.contains(&ix));
        self.rows.len()
    }

    fn row(&self, responses: &Responses, row: usize) -> Filled {
        let keys = &responses.rows[row];
        let mut finer = keys.keys.iter();
        let text = |role: KeyRole, finer: &mut dyn Iterator<Item = &std::sync::Arc<str>>| match role
        {
            KeyRole::Unit => responses.units[keys.unit].id.to_string(),
            KeyRole::Period => match &self.period {
                Some(period) => period.clone(),
                None => responses.periods[keys.period].clone(),
            },
            KeyRole::Row => finer.next().map_or_else(String::new, ToString::to_string),
            KeyRole::Attribute(at) => match &responses.attributes[at] {
                AttributeColumn::Text(texts) => texts[row].as_deref().unwrap_or("").to_owned(),
                AttributeColumn::Number(numbers) => numbers[row].map_or_else(String::new, shortest),
            },
        };
        let evidence = |at: usize| responses.evidence.get(&(row, at)).cloned();
        Filled {
            keys: self
                .keys
                .iter()
                .map(|key| text(key.role, &mut finer))
                .collect(),
            answers: responses.answers.iter().map(|c| c.get(row)).collect(),
            evidence: (0..responses.answers.len())
                .map(|at| evidence(at).unwrap_or_default())
                .collect(),
        }
    }
}
