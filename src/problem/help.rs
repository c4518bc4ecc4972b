//! What to do about a mistake in a framework file.

use super::FrameworkKind;

impl FrameworkKind {
    /// What to do about it.
    #[expect(clippy::too_many_lines, reason = "a sentence a mistake")]
    pub fn help(&self) -> Option<String> {
        match self {
            Self::FileTooLarge { .. } => Some("check that the right file was named".to_owned()),
            Self::ManyProblems { .. } => Some("correct these first".to_owned()),
            Self::NotUtf8 { .. } => Some("save the file as UTF-8".to_owned()),
            Self::Tag => Some("remove it".to_owned()),
            Self::SecondDocument => Some("put the other framework into a file of its own, or remove the `---`".to_owned()),
            Self::TooDeep { .. } => Some("use fewer tiers".to_owned()),
            Self::TooManyValues { .. } => Some("remove aliases that multiply each other".to_owned()),
            Self::AliasInsideItself => Some("write the value out".to_owned()),
            Self::UnknownAnchor => Some("define it with `&name` before it is used, or quote the text if no alias was meant".to_owned()),
            Self::KeyIsNoText => Some("quote the key if brackets or braces belong to it".to_owned()),
            Self::DuplicateKey { .. } => Some("remove one of them, or rename it".to_owned()),
            Self::MergeOfNoMap => Some("name a map: `<<: *name`".to_owned()),
            Self::Tab => Some("indent with spaces".to_owned()),
            Self::Syntax { remedy, .. } => Some((*remedy).to_owned()),
            Self::WrongShape { remedy, .. }
            | Self::OutOfBounds { remedy, .. }
            | Self::NotAFlag { remedy, .. } => Some(remedy.to_string()),
            Self::EmptyText { .. }
            | Self::EmptyList { .. }
            | Self::EmptyMap { .. } => Some("fill it in, or leave the key out".to_owned()),
            Self::EmptyInterval { low, high, .. } if low > high => Some("swap the numbers if that was meant".to_owned()),
            Self::EmptyInterval { .. } => Some("write two different numbers".to_owned()),
            Self::NotALanguage { .. } => Some("use codes such as `en`, `fr` or `pt-BR`".to_owned()),
            Self::NotAnId { .. } => Some("start with a letter, then use letters, digits, `_`, `-` and `.`, at most 64 characters".to_owned()),
            Self::NotACode { .. } => Some("start with a letter, then use letters, digits and `_`, at most 64 characters".to_owned()),
            Self::NotANumber { near, remedy, .. }
            | Self::UnknownWord { near, remedy, .. } => {
                Some(near_or_known(near.as_deref(), "", remedy))
            }
            Self::NotFinite { .. } => Some("write a number such as `0.5` or `2/3`; 1e100 is the largest, and 1e-100 the smallest above 0".to_owned()),
            Self::DivisionByZero { .. } => Some("write a number such as `0.5` or `2/3`".to_owned()),
            Self::UnknownKey { near, known, elsewhere, .. } => Some(match (near, elsewhere) {
                (Some(near), _) => format!("did you mean `{near}`?"),
                (None, Some(elsewhere)) => elsewhere.clone(),
                (None, None) => format!("known keys: {known}"),
            }),
            Self::MissingKey { key, level: true, .. } => Some(format!("put what stands there under it: `{key}: {{…}}`")),
            Self::MissingKey { key, meaning, .. } => Some(format!("`{key}`: {meaning}")),
            Self::SeveralCases { .. } => Some("remove the others".to_owned()),
            Self::NoDetails { word } => Some(format!("write `{word}` alone")),
            Self::NeedsDetails { word, expected } => Some(format!("write `{{{word}: …}}` with {expected}")),
            Self::UnknownVersion { .. } => Some("this program reads version 1: write `dgpf: 1`".to_owned()),
            Self::NotAVersion { .. } => Some("write three numbers: `1.0.0`".to_owned()),
            Self::DuplicateName { .. } => Some("rename one of them; case makes no difference".to_owned()),
            Self::UnknownName { kind, near, known, .. } => Some(near_or_known(near.as_deref(), known, &format!("define the {kind}, or correct the name"))),
            Self::UnknownSubject { near, .. } => Some(near_or_known(near.as_deref(), "", "declare it under `attributes`, or correct the name")),
            Self::UnknownAnswer { near, known, .. } => Some(near_or_known(near.as_deref(), known, "name one of its answers")),
            Self::UnknownValue { known, near, .. } => Some(near_or_known(near.as_deref(), known, "name one of its values")),
            Self::UnknownPreset { .. } => Some("name one of its answers, or `not-applicable`, `missing`, `dont-know`, `not-asked`".to_owned()),
            Self::NotANumberAttribute { name } => Some(format!("declare it as a number: `attributes: {{{name}: number}}`")),
            Self::EmptyCondition => Some("name a value, `not` or `at-least`".to_owned()),
            Self::ScaleIsAName { name } => Some(format!("write the answers and their worth: `{name}: {{\"no\": 0, \"yes\": 1}}`")),
            Self::ScaleWithoutScore => Some("give at least one answer a number".to_owned()),
            Self::OutOfAmongAnswers => Some("write `out-of` beside `answers: {…}`".to_owned()),
            Self::UnreachableAnswer { .. } => Some("rename it, or remove it; case and surrounding space make no difference".to_owned()),
            Self::TooManyOptions { .. } => Some("split the question".to_owned()),
            Self::NothingOffered => Some("leave at least one option without `only`; use `scale` if one answer is wanted".to_owned()),
            Self::OnlyForPoints { key } => Some(format!("add `score: points`, or remove `{key}`")),
            Self::NoPoints => Some("give the options points: `{web: 1, app: 2}`".to_owned()),
            Self::SeveralCurves { .. } => Some("keep one: goalposts (`from`, `to`), `bands` or `curve`".to_owned()),
            Self::OnlyForGoalposts { key } => Some(format!("add `from` and `to`, or remove `{key}`")),
            Self::HalfGoalposts { .. } => Some("state both goalposts".to_owned()),
            Self::EqualGoalposts { .. } => Some("`from` scores 0 and `to` scores 1: they must differ".to_owned()),
            Self::LogOfGoalpost { .. } => Some("with `log: true` both goalposts must be above 0".to_owned()),
            Self::ScaledTwice => Some("remove `normalise`, or what makes the score under `number`".to_owned()),
            Self::FallingCurve { parts: true, .. } => Some(
                "let it rise, and turn round the scales and goalposts of the indicators below instead: on every tier the same end is good".to_owned(),
            ),
            Self::FallingCurve { parts: false, .. } => Some("let it rise, and turn the answers' scores round instead".to_owned()),
            Self::FirstBand { low, shares: true, .. } => Some(format!(
                "let the first band start at {low} or lower; bands are in shares here, 0 to 1, whatever the `range`"
            )),
            Self::FirstBand { low, shares: false, .. } => Some(format!("let the first band start at {low} or lower")),
            Self::NotAscending { .. } => Some("order them from the lowest to the highest".to_owned()),
            Self::Gap { .. }
            | Self::Overlap { .. } => Some("let `to` and the next `from` meet, or leave `to` out".to_owned()),
            Self::OpenEnd { .. } => Some("leave `to` out, and refuse larger numbers with `valid`".to_owned()),
            Self::OnePoint => Some("add the point where it ends".to_owned()),
            Self::NoPeriods => Some("name their column at the head: `period: year`".to_owned()),
            Self::PeriodsReversed { .. } => Some("swap them".to_owned()),
            Self::ScoresInsideAnswers => Some("put all steps `of: scores` before (outside) those `of: answers`".to_owned()),
            Self::WeightOfNoMean => Some("use `combine: mean`, or remove `weight`".to_owned()),
            Self::CombineWithoutBy => Some("add `by`: `{by: tier, central: best, regional: mean}`".to_owned()),
            Self::GroupByAlone { key } => Some(format!("`by` makes a row for each value of an attribute: make a group of its own for `{key}`")),
            Self::GroupWithoutId => Some("write `{id: …, where: {…}}`, or `{by: attribute}`".to_owned()),
            Self::PowerZero => Some("its limit is the geometric mean: write `geometric`".to_owned()),
            Self::OnlyForIndicators { .. } => Some("put it on the indicators, or under `defaults: {indicator: …}`".to_owned()),
            Self::OnlyForParents { .. } => Some("put it on the node that holds the indicator".to_owned()),
            Self::OnlyForNumbers { key } => Some(format!("remove `{key}`, or ask for a number: `number: {{…}}`")),
            Self::SeveralTreatments { second } => Some(format!("remove `{second}`, or `percentiles`")),
            Self::CutsNothing => Some("write what to cut, for instance `[5, 95]`, or `treat: none`".to_owned()),
            Self::PercentilesAsShares { low, high } => Some(format!("write `[{}, {}]`", in_hundredths(*low), in_hundredths(*high))),
            Self::SeveralCoverages => Some("keep one of `weight`, `parts` and `answers`".to_owned()),
            Self::TargetTwice => Some("keep one of them".to_owned()),
            Self::NoTarget => Some("add `at: 80` or `between: [40, 60]`".to_owned()),
            Self::CutOffsAsShares { .. } => Some("cut-offs are on the shown range: with `range: [0, 100]` write `from: 40`, not `0.4`".to_owned()),
            Self::LevelWithoutFrom => Some("state where it starts, on the shown range".to_owned()),
            Self::FirstLevel { low, .. } => Some(format!("let it start at {low}, or put a level before it")),
            Self::LastLevel { .. } => Some("leave `to` out".to_owned()),
            Self::ShareOnRange { .. } => Some("write it on the shown range, unless such a low score is meant".to_owned()),
            Self::CutOffOutside { .. } => Some("write it on the shown range, or change `range`".to_owned()),
            Self::NeedOfNothing { .. } => Some("write `{node: …, at-least: …}`, `{node: …, level: …}` or `{coverage: …}`".to_owned()),
            Self::CoverageOfNode => Some("remove `node`".to_owned()),
            Self::NeedWithoutNode => Some("add `node`".to_owned()),
            Self::NodeWithoutLevels => Some("use `at-least` with a shown score".to_owned()),
            Self::NeedInCircle { .. } => Some("use `at-least` with a shown score on one side".to_owned()),
            Self::StagesWithoutLevels => Some("define `levels` at the head".to_owned()),
            Self::NoTree => Some("add at least one indicator".to_owned()),
            Self::EmptyNode { .. } => Some("add an indicator, or remove the node".to_owned()),
            Self::SeveralAnswers { .. } => Some("an indicator has one of `scale`, `multiple` and `number`".to_owned()),
            Self::NoAnswers { .. } => Some("add `scale`, `multiple` or `number`, or a default: `defaults: {indicator: {scale: …}}`".to_owned()),
            Self::IdIsNoColumn { id } => Some(format!("add `code: {}`", id.replace(['-', '.'], "_"))),
            Self::ColumnTaken { .. } => Some("give the indicator another `code`".to_owned()),
            Self::PerItself => Some("name another indicator or an attribute".to_owned()),
            Self::PerNoNumber { .. } | Self::PerOnParent { .. } => Some("divide by an indicator with `number`, or by a number attribute".to_owned()),
            Self::WithinIndicator { .. } => Some("name a dimension or a pillar".to_owned()),
            Self::TimesWithoutPer => Some(
                "add `per`, or remove `times`; goalposts scale a number that is not divided".to_owned(),
            ),
            Self::OtherwiseWithoutWhen => Some("add `when`, or remove `otherwise`".to_owned()),
            Self::WhenItself { .. } => Some("name another indicator".to_owned()),
            Self::WhenInCircle { .. } => Some("remove one of the conditions".to_owned()),
            Self::WhenOnParent { .. } => Some("name an indicator or an attribute".to_owned()),
            Self::WhenOnNoScore { .. } => Some("name an answer that has a score".to_owned()),
            Self::AtLeastOfChoice { .. } => Some("list the answers: `[a, b]`".to_owned()),
            Self::WeightOfIndex => Some("name the nodes below it".to_owned()),
            Self::SetLeavesOut { .. } => Some("who names one sibling names all".to_owned()),
            Self::AllZeroInSet
            | Self::AllWeightsZero { .. } => Some("give at least one a weight above 0".to_owned()),
            Self::NothingScored { id } => Some(format!("set `scored: false` on `{id}` itself")),
            Self::RanksOfRows => Some("combine rows `of: answers`".to_owned()),
            Self::NoBetterNumber { .. } => Some("combine these rows by `mean` or `median`, or their scores (`of: scores`)".to_owned()),
            Self::AgainstBetter { goalposts: Some((from, to)), .. } => {
                Some(format!("write `from: {to}, to: {from}`, or remove `better`"))
            }
            Self::AgainstBetter { rising: Some(_), .. } => Some("turn the scores round, or remove `better`".to_owned()),
            Self::AgainstBetter { rising: None, .. } => Some("remove `better`: its scores say themselves which numbers are better".to_owned()),
            Self::CapOnItself { .. } => Some("name a sibling".to_owned()),
            Self::CapInCircle { id, .. } => Some(format!("name a node that does not depend on `{id}`, for instance a sibling")),
            Self::BeyondRange { set: Some(_), .. } => Some("a sum's weights are points: let them add up to its `out-of` in the set too, or write `range: unbounded`".to_owned()),
            Self::BeyondRange { set: None, .. } => Some("scores are shares from 0 to 1: divide points with `out-of`, or write `range: unbounded`".to_owned()),
            Self::ZeroPart { aggregate, exponent, .. } => {
                let exponent = exponent.map(|exponent| format!("exponent: {exponent}, "));
                let details = format!("{}zeros: zero", exponent.unwrap_or_default());
                Some(format!("say what a zero does: `aggregate: {{{aggregate}: {{{details}}}}}`, or a floor such as `zeros: 0.01`"))
            }
            Self::NegativePart { part, zeros, .. } => Some(if *zeros {
                format!("say what zeros and below do (`zeros: zero`), or refuse such answers of `{part}` (`valid`)")
            } else {
                format!("refuse such answers of `{part}` (`valid`), or use another aggregation")
            }),
            Self::UnknownBase { near, .. } => Some(near_or_known(near.as_deref(), "", "name a framework that comes with dgpf (`dgpf frameworks` lists them) or a file beside this one")),
            Self::ExtendsInCircle { .. } => Some("extend a framework that stands on its own".to_owned()),
            Self::OnlyWithExtends { .. } => Some("name the framework that is changed: `extends: id`".to_owned()),
            Self::TreeInOverlay { key } => Some(format!("put them under `add`: `add: [{{to: …, {key}: […]}}]`")),
            Self::EditOfIndex => Some("write `index: {…}` in the overlay".to_owned()),
            Self::EditOfDropped { .. } => Some("remove one of the two".to_owned()),
        }
    }
}

/// A share as a percentile, without the last digits that multiplying brings.
fn in_hundredths(share: f64) -> f64 {
    (share * 1e8).round() / 1e6
}

fn near_or_known(near: Option<&str>, known: &str, otherwise: &str) -> String {
    match near {
        Some(near) => format!("did you mean `{near}`?"),
        None if known.is_empty() => otherwise.to_owned(),
        None => format!("there are: {known}"),
    }
}
