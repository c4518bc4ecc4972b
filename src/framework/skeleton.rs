//! A framework to start from: commented, small, and scored at once by the responses beside it.

use super::Id;

/// A framework file and responses to it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Skeleton {
    /// The framework file's text.
    pub framework: String,
    /// The responses' text, as CSV.
    pub responses: String,
}

/// A framework to start from, of this id; `None` if it cannot be an id.
pub fn skeleton(id: &str) -> Option<Skeleton> {
    let id = Id::new(id)?;
    Some(Skeleton {
        framework: FRAMEWORK
            .replace("@id@", id.as_str())
            .replace("@title@", &title(id.as_str())),
        responses: RESPONSES.to_owned(),
    })
}

/// `my-index` as a title: My index.
fn title(id: &str) -> String {
    let words = id.replace(['-', '_', '.'], " ");
    let mut letters = words.trim().chars();
    letters
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + letters.as_str())
        .unwrap_or_default()
}

const FRAMEWORK: &str = r#"# yaml-language-server: $schema=framework.schema.json
# (`dgpf schema framework > framework.schema.json` lets editors complete and check this file)

dgpf: 1                       # version of the language
id: @id@
title: @title@
version: 0.1.0                # a new first number says: scores are not comparable
licence: CC-BY-4.0
source: https://example.org/method

unit: agency                  # the column that says who is scored
range: [0, 100]               # scores are shown from 0 to 100

# Answers and what each is worth, from 0 to 1.
scales:
  yes-no: {"no": 0, "yes": 1}
  extent:
    none: 0
    some: {score: 0.5, label: In some departments}
    all: {score: 1, label: In all departments}
    "n/a": not-applicable     # its weight goes to the other questions

# Cut-offs are shown scores: 40, not 0.4.
levels:
  - {id: beginner, from: 0, advice: Name somebody who is responsible.}
  - {id: follower, from: 40, advice: Make it the same everywhere.}
  - {id: leader, from: 80}

dimensions:
  - id: strategy
    title: Strategy
    indicators:
      - id: strat1
        question: Is there a strategy?
        scale: yes-no
        advice: Adopt one, with a date and an owner.
      - id: strat2
        question: Is its progress published?
        scale: yes-no
        when: {strat1: "yes"} # asked only where there is a strategy …
        otherwise: 0          # … without one this is worth nothing
        advice: Publish a yearly report.

  - id: delivery
    title: Delivery
    weight: 2                 # counts twice as much as strategy
    indicators:
      - id: deliv1
        question: Do departments measure how satisfied users are?
        scale: extent
        advice: Start with the service that is used most.
      - id: deliv2
        question: Which share of services is online (%)?
        number: {from: 0, to: 100}
        advice: Plan the services that are missing.
      - id: deliv3
        question: Which channels lead to a service?
        multiple:
          options: {web: 1, app: 1, desk: 1, none: {only: true, score: 0}}
        advice: Add the channel that is asked for most.
"#;

const RESPONSES: &str = "agency,strat1,strat2,deliv1,deliv2,deliv3
north,yes,yes,all,80,web app
south,yes,no,some,35,web
west,no,,n/a,,none
";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_becomes_a_title() {
        assert_eq!(title("my-first_index"), "My first index");
    }

    #[test]
    fn what_is_no_id_gives_no_skeleton() {
        assert_eq!(skeleton("1st"), None);
        assert_eq!(skeleton("a b"), None);
    }
}
