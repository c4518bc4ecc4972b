//! `dgpf completions` and `dgpf man`: made from the same definition as the help.

use anyhow::bail;
use clap::CommandFactory;

use super::Outcome;
use super::args::Arguments;
use super::choose::listed;
use super::io;

/// Prints a completion script.
pub(crate) fn completions(shell: clap_complete::Shell) -> anyhow::Result<Outcome> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "dgpf", &mut text);
    io::put(None, &text)?;
    Ok(Outcome::Done)
}

/// Prints the manual page of the program, or of the command at the end of a path.
pub(crate) fn page(path: &[String]) -> anyhow::Result<Outcome> {
    let mut command = Arguments::command().disable_help_subcommand(true);
    command.build();
    for name in path {
        let Some(found) = command.find_subcommand(name) else {
            let names = command
                .get_subcommands()
                .map(|found| found.get_name().to_owned());
            bail!(
                "no command `{name}`; there is {}",
                listed(&names.collect::<Vec<_>>())
            );
        };
        command = found.clone();
    }
    // `dgpf-score.1`, as its file is called.
    let title = ["dgpf"].into_iter().chain(path.iter().map(String::as_str));
    let title = title.collect::<Vec<_>>().join("-");
    let mut text = Vec::new();
    clap_mangen::Man::new(command)
        .title(title)
        .render(&mut text)?;
    io::put(None, &text)?;
    Ok(Outcome::Done)
}
