//! A case on half a page, for failing properties: a line a node, a line a row.

use std::fmt;

use dgpf::framework::{Answers, Body, Framework, Indicator, MissingAnswer, Node};
use dgpf::responses::{Answer, AttributeColumn, Responses};

use super::Case;

impl fmt::Debug for Case {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        head(f, &self.framework)?;
        for (_, node) in self.framework.walk() {
            line(f, node)?;
        }
        rows(f, &self.responses)
    }
}

fn head(f: &mut fmt::Formatter<'_>, framework: &Framework) -> fmt::Result {
    let Framework {
        range,
        better,
        rounding,
        ..
    } = framework;
    writeln!(f, "\n{range:?} {better:?} {rounding:?}")?;
    for step in &framework.rows {
        writeln!(f, "{step:?}")?;
    }
    for levels in &framework.levels {
        let bands = levels.bands.iter();
        let bands: Vec<_> = bands.map(|band| (band.from, &band.needs)).collect();
        writeln!(f, "levels {bands:?}")?;
    }
    Ok(())
}

fn line(f: &mut fmt::Formatter<'_>, node: &Node) -> fmt::Result {
    let indent = "  ".repeat(node.depth);
    write!(f, "{indent}{} weight {}", node.id, node.weight.get())?;
    if !node.scored {
        write!(f, ", unscored")?;
    }
    if let Some(cap) = node.cap {
        write!(f, ", cap {cap:?}")?;
    }
    if let Some(rounding) = node.rounding {
        write!(f, ", {rounding:?}")?;
    }
    if let Some(normalise) = &node.normalise {
        write!(f, ", {normalise:?} over {:?}", node.cohort)?;
    }
    match &node.body {
        Body::Parent(parent) => {
            write!(f, ", {:?}, missing {:?}", parent.aggregate, parent.missing)?;
            writeln!(f, ", {:?}, stage {}", parent.min_coverage, node.stage)
        }
        Body::Indicator(indicator) => {
            write!(f, ", stage {}, ", node.stage)?;
            question(f, indicator)
        }
    }
}

fn question(f: &mut fmt::Formatter<'_>, indicator: &Indicator) -> fmt::Result {
    match &indicator.answers {
        Answers::Choice(scale) => {
            let options: Vec<_> = scale.options.iter().map(|own| own.outcome).collect();
            write!(f, "choice {options:?}")?;
        }
        Answers::Multiple(multiple) => {
            let options = multiple.options.iter();
            let options: Vec<_> = options.map(|own| (own.score, own.only)).collect();
            write!(f, "multiple {options:?} {:?}", multiple.score)?;
        }
        Answers::Number(number) => write!(f, "{number:?}")?,
    }
    if indicator.missing != MissingAnswer::Keep {
        write!(f, ", missing {:?}", indicator.missing)?;
    }
    for when in &indicator.when {
        write!(f, ", {when:?}")?;
    }
    if !indicator.presets.is_empty() {
        write!(f, ", presets {:?}", indicator.presets)?;
    }
    writeln!(f)
}

fn rows(f: &mut fmt::Formatter<'_>, responses: &Responses) -> fmt::Result {
    for (at, row) in responses.rows.iter().enumerate() {
        write!(f, "{} {} {:?}:", row.unit, row.period, row.keys)?;
        for attribute in &responses.attributes {
            match attribute {
                AttributeColumn::Text(texts) => write!(f, " {:?}", texts[at])?,
                AttributeColumn::Number(numbers) => write!(f, " {:?}", numbers[at])?,
            }
        }
        for column in &responses.answers {
            match column.get(at) {
                Answer::Given(value) => write!(f, " {value}")?,
                Answer::Missing(gap) => write!(f, " {gap:?}")?,
                Answer::NotApplicable => write!(f, " n/a")?,
            }
        }
        writeln!(f)?;
    }
    Ok(())
}
