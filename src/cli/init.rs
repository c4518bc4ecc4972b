//! `dgpf init`.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, bail};

use super::Outcome;
use super::io;
use super::replace::write_file;

/// What a framework is called in a folder whose name is no id.
const UNNAMED: &str = "my-index";

/// Writes a project that works: a framework, responses, gates and a workflow.
pub(crate) fn run(directory: &Path) -> anyhow::Result<Outcome> {
    let name = directory
        .canonicalize()
        .unwrap_or_else(|_| directory.to_owned());
    let name = name.file_name().and_then(|name| name.to_str());
    let named = name.and_then(|name| dgpf::framework::skeleton(&name.to_lowercase()));
    let skeleton = named.or_else(|| dgpf::framework::skeleton(UNNAMED));
    let skeleton = skeleton.expect("the name is an id");
    let files = [
        ("dgpf.yaml", skeleton.framework.as_str()),
        ("responses.csv", skeleton.responses.as_str()),
        ("gates.yaml", include_str!("init/gates.yaml")),
        (
            ".github/workflows/scorecards.yml",
            include_str!("init/scorecards.yml"),
        ),
    ];
    for (file, _) in files {
        let path = directory.join(file);
        if path.exists() {
            bail!(
                "`{}` is there already; choose another folder or remove it",
                path.display()
            );
        }
    }
    let mut said = format!("Wrote into {}:\n", directory.display());
    for (file, text) in files {
        let path = directory.join(file);
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)
                .with_context(|| format!("cannot make the folder `{}`", folder.display()))?;
        }
        write_file(&path, text.as_bytes())?;
        let _ = writeln!(said, "  {file}");
    }
    said += "Next, there: dgpf score responses.csv\n";
    io::put(None, said.as_bytes())?;
    Ok(Outcome::Done)
}
