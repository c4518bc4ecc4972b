//! What is to be said of rows that were scored piece by piece: the same, in the same order, as of all at once.

use std::collections::BTreeSet;

use crate::responses::in_order;

use super::plan::Plan;
use super::table::Remark;

/// Remarks of all pieces.
#[derive(Clone, Debug, Default)]
pub struct Remarks {
    screened: Vec<Remark>,
    /// What is said of cohorts: every piece says it again.
    useless: Vec<Remark>,
    periods: BTreeSet<String>,
}

impl Remarks {
    /// Adds those of a piece that holds these periods.
    pub fn add(&mut self, remarks: Vec<Remark>, periods: &[String]) {
        for period in periods {
            if !self.periods.contains(period) {
                self.periods.insert(period.clone());
            }
        }
        for remark in remarks {
            match remark {
                Remark::ScreenedOut { .. } => self.screened.push(remark),
                Remark::UselessCohort { .. } if self.useless.contains(&remark) => {}
                Remark::UselessCohort { .. } => self.useless.push(remark),
            }
        }
    }

    /// Those of units by unit, then those of cohorts by node and period.
    pub fn in_order(mut self, plan: &Plan<'_>) -> Vec<Remark> {
        // Each one's periods have come in their order.
        self.screened.sort_by(|a, b| unit(a).cmp(unit(b)));
        let periods: Vec<&String> = self.periods.iter().collect();
        let order = in_order(&periods);
        let place = |remark: &Remark| match remark {
            Remark::UselessCohort { node, period, .. } => {
                let made = plan.order.iter().position(|made| made == node);
                let period = order
                    .iter()
                    .position(|&at| Some(periods[at]) == period.as_ref());
                (made, period)
            }
            Remark::ScreenedOut { .. } => (None, None),
        };
        self.useless.sort_by_key(place);
        self.screened.append(&mut self.useless);
        self.screened
    }
}

fn unit(remark: &Remark) -> &str {
    match remark {
        Remark::ScreenedOut { unit, .. } => unit,
        Remark::UselessCohort { .. } => "",
    }
}
