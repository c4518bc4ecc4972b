//! Queries that return what `dgpf check` would refuse: no row, nothing wrong.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::framework::{AttributeIx, AttributeKind, Framework};
use crate::responses::Agreement;
use crate::scoring::Plan;

use super::decode::not;
use super::expr::{
    Comparison, Expr, Function, Name, all, among, any, call, compare, is_null, not_null, text,
};
use super::layers::Manner;
use super::work::{Refusal, Work, column, spellings};
use super::{Input, Options, head, source};

/// A query that returns offending rows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What it looks for: lower-case letters and `_`.
    pub id: String,
    /// The same in words.
    pub about: String,
    /// One statement, without a `;` at its end.
    pub text: String,
}

/// Most questions that one query looks at: each is a part of a union.
const QUESTIONS: usize = 100;

/// The checks of a table.
///
/// # Errors
/// What cannot be said.
pub fn checks(plan: &Plan<'_>, options: &Options) -> Result<Vec<Check>, Vec<Refusal>> {
    super::sound(options, plan.framework)?;
    let mut found = vec![empty_keys(plan, options), repeated(plan, options)];
    if options.input == Input::Long {
        found.push(unknown_indicators(plan, options));
    }
    found.extend(attributes(plan, options));
    found.extend(disagreements(plan, options));
    let questions: Vec<usize> = (0..plan.questions.nodes.len()).collect();
    let groups: Vec<&[usize]> = questions.chunks(QUESTIONS).collect();
    for (at, group) in groups.iter().enumerate() {
        let ending = if groups.len() > 1 {
            format!("_{}", at + 1)
        } else {
            String::new()
        };
        let mut check = answers(plan, options, group);
        check.id.push_str(&ending);
        found.push(check);
    }
    Ok(found)
}

/// A query of the rows for which a condition holds.
fn query(
    work: &Work<'_>,
    about: &str,
    select: &str,
    wanted: &BTreeSet<Name>,
    tail: &str,
) -> String {
    let manner = Manner {
        dialect: work.options.dialect,
        comments: false,
    };
    let (steps, last) = work.layers.write(wanted, manner).unwrap_or_default();
    format!(
        "{}/* {} */\n{steps}\nSELECT {select}\nFROM {last}\n{tail}\n",
        head(work),
        super::names::comment(about)
    )
}

fn names_in(expr: &Expr) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    expr.visit(&mut |part| {
        if let Expr::Column(name) = part {
            names.insert(name.clone());
        }
    });
    names
}

fn joined(names: &[Name]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ")
}

fn empty_keys(plan: &Plan<'_>, options: &Options) -> Check {
    let mut work = Work::new(plan, options, source::open(options));
    work.read_keys_only();
    let keys = work.keys(plan.framework.rows.len());
    let empty = any(keys.iter().cloned().map(|key| is_null(Expr::Column(key))));
    let about = "rows without a unit, a period or a finer key";
    let tail = format!("WHERE {}", options.dialect.write(&empty, 2));
    let wanted = keys.iter().cloned().collect();
    Check {
        id: "empty_keys".to_owned(),
        about: about.to_owned(),
        text: query(&work, about, &joined(&keys), &wanted, &tail),
    }
}

fn repeated(plan: &Plan<'_>, options: &Options) -> Check {
    let mut work = Work::new(plan, options, source::open(options));
    work.read_keys_only();
    let mut keys = work.keys(plan.framework.rows.len());
    let about = match options.input {
        Input::Wide => "rows with the same keys",
        Input::Long => "answers to the same question with the same keys",
    };
    if options.input == Input::Long {
        keys.push(Name::from("asked"));
    }
    let keys_text = joined(&keys);
    let tail = format!("GROUP BY {keys_text}\nHAVING COUNT(*) > 1");
    let wanted = keys.iter().cloned().collect();
    let select = format!("{keys_text}, COUNT(*) AS row_count");
    Check {
        id: "repeated_rows".to_owned(),
        about: about.to_owned(),
        text: query(&work, about, &select, &wanted, &tail),
    }
}

fn unknown_indicators(plan: &Plan<'_>, options: &Options) -> Check {
    let mut work = Work::new(plan, options, source::open(options));
    work.read_keys_only();
    let framework = plan.framework;
    let known: Vec<String> = framework
        .indicators()
        .flat_map(|(_, node, own)| [own.code.clone(), node.id.to_string()])
        .collect();
    let asked = column("asked");
    let unknown = any([
        is_null(asked.clone()),
        not(among(asked.clone(), spellings(&known))),
    ]);
    let about = "indicators that the framework does not have";
    let tail = format!("WHERE {}", options.dialect.write(&unknown, 2));
    Check {
        id: "unknown_indicators".to_owned(),
        about: about.to_owned(),
        text: query(
            &work,
            about,
            "unit, asked",
            &["unit", "asked"].map(Name::from).into(),
            &tail,
        ),
    }
}

fn attributes(plan: &Plan<'_>, options: &Options) -> Vec<Check> {
    let framework: &Framework = plan.framework;
    let mut found = Vec::new();
    for (at, attribute) in framework.attributes.iter().enumerate() {
        let mut work = Work::new(plan, options, source::open(options));
        work.read_keys_only();
        let own = call(Function::Clean, vec![Expr::Own(attribute.column.clone())]);
        let own = work.layers.define("attribute_text", own, None);
        let wrong = match &attribute.kind {
            AttributeKind::Text => continue,
            AttributeKind::Number => not(call(Function::IsNumber, vec![own.clone()])),
            AttributeKind::OneOf(values) => not(among(own.clone(), spellings(values))),
        };
        let wrong = all([not_null(own), wrong]);
        let about = format!("values of `{}` that are not allowed", attribute.column);
        let tail = format!("WHERE {}", options.dialect.write(&wrong, 2));
        let wanted = ["unit", "attribute_text"].map(Name::from).into();
        found.push(Check {
            id: format!("attribute_{}", work.attributes[at]),
            text: query(&work, &about, "unit, attribute_text", &wanted, &tail),
            about,
        });
    }
    found
}

/// Attributes that rows disagree about: lines of one row in the long form, and rows that become one.
fn disagreements(plan: &Plan<'_>, options: &Options) -> Vec<Check> {
    let framework = plan.framework;
    let finest = framework.rows.len();
    let lines = match options.input {
        Input::Wide => 0..0,
        Input::Long => 0..framework.attributes.len(),
    };
    let within = lines.map(|attribute| (attribute, finest));
    let asked = Agreement::of(framework);
    within
        .chain(asked.depths())
        .map(|(attribute, depth)| disagreement(plan, options, attribute, depth))
        .collect()
}

/// Rows that have `depth` finer keys in common and say different things. Capitals make no difference between rows.
fn disagreement(plan: &Plan<'_>, options: &Options, attribute: usize, depth: usize) -> Check {
    let framework = plan.framework;
    let mut work = Work::new(plan, options, source::open(options));
    work.read_keys_only();
    let keys = work.keys(depth);
    let name = &work.attributes[attribute];
    let own = work.attribute(AttributeIx(attribute));
    let column = &framework.attributes[attribute].column;
    let is_one_row = depth == framework.rows.len();
    let (id, about) = if is_one_row {
        let about = format!("lines of one row that disagree about `{column}`");
        (format!("contradicted_{name}"), about)
    } else {
        let about = format!("rows that become one and disagree about `{column}`");
        (format!("disagreeing_{name}"), about)
    };
    let is_text = !matches!(framework.attributes[attribute].kind, AttributeKind::Number);
    let compared = if is_text && !is_one_row {
        call(Function::Lower, vec![own.clone()])
    } else {
        own.clone()
    };
    let wanted = keys.iter().cloned().chain(names_in(&own)).collect();
    let keys = joined(&keys);
    let [own, compared] = [own, compared].map(|expr| options.dialect.write(&expr, 0));
    let select = format!("{keys}, MIN({own}) AS one, MAX({own}) AS another");
    let tail = format!("GROUP BY {keys}\nHAVING COUNT(DISTINCT {compared}) > 1");
    Check {
        text: query(&work, &about, &select, &wanted, &tail),
        id,
        about,
    }
}

/// Answers that no scale knows, numbers outside of what is valid, options that exclude each other.
fn answers(plan: &Plan<'_>, options: &Options, questions: &[usize]) -> Check {
    let mut work = Work::new(plan, options, source::open(options));
    work.read(questions);
    let mut wrong = Vec::new();
    work.layers.stage("read", "");
    for question in questions {
        let of = work.wrong_answer(*question);
        let name = work.names[plan.questions.nodes[*question].0].clone();
        let flag = work
            .layers
            .define(&format!("wrong_{name}"), super::expr::flag(of), None);
        wrong.push((*question, flag));
    }
    let keys = work.keys(plan.framework.rows.len());
    let mut wanted: BTreeSet<Name> = keys.iter().cloned().collect();
    let keys_text = joined(&keys);
    for (question, flag) in &wrong {
        wanted.extend(names_in(flag));
        wanted.extend(names_in(&work.answer(*question)));
    }
    let manner = Manner {
        dialect: options.dialect,
        comments: false,
    };
    let (steps, last) = work.layers.write(&wanted, manner).unwrap_or_default();
    let about = "answers that the framework does not allow";
    let mut out = format!("{}/* {about} */\n{steps}\n", head(&work));
    for (at, (question, flag)) in wrong.iter().enumerate() {
        if at > 0 {
            out.push_str("UNION ALL\n");
        }
        let code = text(&plan.questions.indicator(*question).code);
        let is_wrong = compare(Comparison::Equal, flag.clone(), Expr::Whole(1));
        let _ = writeln!(
            out,
            "SELECT {keys_text}, {} AS indicator, {} AS answer FROM {last} WHERE {}",
            options.dialect.write(&code, 0),
            options.dialect.write(&work.answer(*question), 0),
            options.dialect.write(&is_wrong, 0),
        );
    }
    Check {
        id: "unknown_answers".to_owned(),
        about: about.to_owned(),
        text: out,
    }
}
