//! Every example of `docs/responses.md` is read.

use std::sync::Arc;

use dgpf::framework::Source;
use dgpf::responses::Mapping;

use crate::kit::{long, small, sound};

/// The blocks of the page in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let page = include_str!("../../docs/responses.md");
    let fence = format!("```{language}\n");
    page.split(fence.as_str())
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect()
}

#[test]
fn both_shapes_of_the_page_say_the_same() {
    let framework = small();
    let read: Vec<String> = blocks("csv")
        .into_iter()
        .map(|text| long(&framework, &sound(&framework, text)))
        .collect();
    assert_eq!(read.len(), 2);
    assert_eq!(read[0], read[1]);
    assert_eq!(read[0].lines().count(), 9);
}

#[test]
fn the_mapping_of_the_page_is_sound() {
    let texts = blocks("yaml");
    assert_eq!(texts.len(), 1);
    let source = Source {
        name: Arc::from("mapping.yaml"),
        text: texts[0].to_owned(),
    };
    let mapping = Mapping::read(&source, &[&small()]).expect("the mapping is sound");
    assert_eq!(mapping.columns.len(), 5);
    assert_eq!(mapping.answers["pol1"]["Ja"], "yes");
}
