//! The files themselves.

use std::collections::BTreeSet;
use std::path::Path;

use dgpf::framework::builtin;

use crate::{of_file, shipped};

#[test]
fn every_file_loads_without_a_remark_and_is_named_after_its_id() {
    for (id, _) in builtin::all() {
        assert_eq!(shipped(id).id.as_str(), *id);
    }
}

#[test]
fn every_file_of_the_folder_is_compiled_in() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("frameworks");
    let names: BTreeSet<String> = std::fs::read_dir(folder)
        .expect("the folder is part of the repository")
        .map(|entry| entry.expect("it can be listed").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    let known: BTreeSet<String> = builtin::all()
        .iter()
        .map(|(id, _)| format!("{id}.yaml"))
        .collect();
    assert_eq!(names, known);
}

#[test]
fn frameworks_of_the_examples_load_and_are_named_after_their_ids() {
    let framework = of_file("examples/ddps-agencies/ddps-agencies.yaml");
    assert_eq!(framework.id.as_str(), "ddps-agencies");
}
