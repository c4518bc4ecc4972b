//! Writing results in the format that was asked for: what `dgpf score` and `dgpf report` have in common.

use std::borrow::Cow;
use std::path::Path;

use anyhow::bail;
use dgpf::report::csv::{self, Columns};
use dgpf::report::document::Document;
use dgpf::report::present::{self, View};
use dgpf::report::{self, About, Bundle, Data, Format, Language, Page, ScoreResult};
use dgpf::scoring::Remark;

use super::args::{self, Writing};
use super::choose::listed;
use super::io::{self, Terminal};
use super::read::period_named;

/// What to write: as asked, else by the output file's ending, else a table.
pub(crate) fn format(writing: &Writing) -> anyhow::Result<Format> {
    let endings = [
        ("txt", args::Format::Table),
        ("csv", args::Format::Csv),
        ("json", args::Format::Json),
        ("md", args::Format::Markdown),
        ("parquet", args::Format::Parquet),
        #[cfg(feature = "xlsx")]
        ("xlsx", args::Format::Xlsx),
    ];
    let format = io::format(writing.format, writing.output.as_deref(), &endings)?;
    used(writing, format)?;
    Ok(match format {
        args::Format::Table => Format::Page(Page::Table),
        args::Format::Markdown => Format::Page(Page::Markdown),
        args::Format::Csv if writing.facets => Format::Data(Data::CsvFacets),
        args::Format::Csv => Format::Data(Data::Csv),
        args::Format::CsvWide => Format::Data(Data::CsvWide),
        args::Format::SdmxCsv => Format::Data(Data::SdmxCsv),
        args::Format::Json => Format::Data(Data::Json),
        #[cfg(feature = "parquet")]
        args::Format::Parquet => Format::Data(Data::Parquet),
        #[cfg(not(feature = "parquet"))]
        args::Format::Parquet => bail!(
            "this dgpf was built without Parquet: build it with `cargo build --release --features parquet`, or write \
             CSV, which DuckDB, Spark and pandas read"
        ),
        #[cfg(feature = "xlsx")]
        args::Format::Xlsx => Format::Data(Data::Xlsx),
        args::Format::Datapackage => Format::Bundle(Bundle::DataPackage),
        args::Format::Badges => Format::Bundle(Bundle::Badges),
        args::Format::Charts => Format::Bundle(Bundle::Charts),
    })
}

/// Refuses what would change nothing in this format.
fn used(writing: &Writing, format: args::Format) -> anyhow::Result<()> {
    use args::Format::{Charts, Csv, CsvWide, Json, Parquet};
    let told = [
        (writing.radar, "--radar", &[Charts][..], "--format charts"),
        (
            !writing.with.is_empty(),
            "--with",
            &[CsvWide],
            "--format csv-wide",
        ),
        (
            writing.depth.is_some(),
            "--depth",
            &[Csv, CsvWide, Parquet],
            "--format csv, csv-wide or parquet",
        ),
        (
            writing.without_answers,
            "--without-answers",
            &[Json],
            "--format json",
        ),
    ];
    for (stated, flag, formats, with) in told {
        if stated && !formats.contains(&format) {
            bail!("{flag} changes nothing in this format: it goes with {with}");
        }
    }
    Ok(())
}

/// Writes results; one text of all, so that a file is written whole or not at all.
pub(crate) fn write(
    results: &[ScoreResult],
    format: Format,
    writing: &Writing,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    match (format, results) {
        (Format::Page(page), _) => pages(results, page, writing, terminal),
        (Format::Data(data), [result]) => whole(result, data, writing, terminal),
        (Format::Bundle(bundle), [result]) => files(result, bundle, writing, terminal),
        (Format::Data(_) | Format::Bundle(_), _) => {
            let ids = results
                .iter()
                .map(|result| result.about.framework.id.clone());
            bail!(
                "data hold the scores of one framework: write {} one by one, or print them as tables",
                listed(&ids.collect::<Vec<_>>())
            );
        }
    }
}

fn view(writing: &Writing, period: usize) -> anyhow::Result<View<'_>> {
    Ok(View {
        period,
        language: writing.lang.as_deref(),
        facets: writing.facets,
        radar: writing.radar,
        made_at: io::made_at()?,
    })
}

/// A page a period; the latest one unless others are asked for.
fn pages(
    results: &[ScoreResult],
    page: Page,
    writing: &Writing,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let mut pages: Vec<Document> = Vec::new();
    for result in results {
        let asked = writing.period.as_deref().unwrap_or("latest");
        let shown = match period(&result.scores.periods, asked)? {
            Some(period) => period..period + 1,
            None => 0..result.scores.periods.len(),
        };
        for period in shown {
            pages.push(present::scores(result, view(writing, period)?));
        }
    }
    let output = writing.output.as_deref();
    let mut text = Vec::new();
    report::write_pages(&pages, page, terminal.look_for(output), &mut text)?;
    io::put(output, &text)
}

/// All periods, unless one is asked for.
fn whole(
    result: &ScoreResult,
    data: Data,
    writing: &Writing,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let result = &*of_period(result, writing.period.as_deref())?;
    let output = writing.output.as_deref();
    #[cfg(feature = "xlsx")]
    if data == Data::Xlsx && io::is_shown(output) {
        bail!("a workbook is no text: name a file with -o");
    }
    #[cfg(feature = "parquet")]
    if data == Data::Parquet && io::is_shown(output) {
        bail!("Parquet is no text: name a file with -o");
    }
    let told = &result.scores.remarks;
    say_remarks("", &result.about, told, writing.lang.as_deref(), terminal);
    let latest = result.scores.periods.len().saturating_sub(1);
    let columns = columns(writing, &result.about);
    let view = view(writing, latest)?;
    io::put_with(output, &|mut out| match data {
        Data::Csv => csv::write_tidy_of(result, &columns, &mut out),
        Data::CsvWide => csv::write_wide_of(result, &columns, &mut out),
        #[cfg(feature = "parquet")]
        Data::Parquet => report::parquet::write(result, &columns, &mut out),
        _ => report::write_data(result, data, view, &mut out),
    })
}

/// The columns of data in CSV.
pub(super) fn columns(writing: &Writing, about: &About) -> Columns {
    let all = Columns {
        level: writing.with.contains(&args::With::Level),
        rank: writing.with.contains(&args::With::Rank),
        ..Columns::all(about)
    };
    match writing.depth {
        Some(depth) => all.down_to(about, depth),
        None => all,
    }
}

/// Into a directory. Badges and charts show one period.
fn files(
    result: &ScoreResult,
    bundle: Bundle,
    writing: &Writing,
    terminal: &Terminal,
) -> anyhow::Result<()> {
    let directory = match writing.output.as_deref() {
        Some(path) if path != Path::new("-") => path,
        _ => bail!("several files are written: name a directory with -o"),
    };
    let asked = writing.period.as_deref();
    let (result, period) = match bundle {
        Bundle::DataPackage => {
            let result = of_period(result, asked)?;
            let latest = result.scores.periods.len().saturating_sub(1);
            (result, latest)
        }
        // The waves before stay: charts show them too.
        Bundle::Badges | Bundle::Charts => {
            match period(&result.scores.periods, asked.unwrap_or("latest"))? {
                Some(period) => (Cow::Borrowed(result), period),
                None => bail!("--period all: badges and charts show one period"),
            }
        }
    };
    let told = &result.scores.remarks;
    say_remarks("", &result.about, told, writing.lang.as_deref(), terminal);
    let files = report::files(&result, bundle, view(writing, period)?);
    let written = io::put_files(directory, &files)?;
    terminal.note(&format!("`{}`: {written}", directory.display()));
    Ok(())
}

/// What a page would print below its table; `of` begins each sentence.
pub(super) fn say_remarks<'a>(
    of: &str,
    about: &About,
    remarks: impl IntoIterator<Item = &'a Remark>,
    language: Option<&str>,
    terminal: &Terminal,
) {
    let language = Language::of(language);
    for remark in remarks {
        let text = present::remark(about, remark, language);
        terminal.note(&format!("{of}{text}"));
    }
}

/// The result of one period, if one is asked for.
fn of_period<'a>(
    result: &'a ScoreResult,
    asked: Option<&str>,
) -> anyhow::Result<Cow<'a, ScoreResult>> {
    let chosen = match asked {
        Some(asked) => period(&result.scores.periods, asked)?,
        None => None,
    };
    Ok(match chosen {
        None => Cow::Borrowed(result),
        Some(period) => Cow::Owned(result.of_periods(|found| found == period)),
    })
}

/// Position of the period that was asked for among all, which ascend; none for `all`.
pub(super) fn period(periods: &[String], asked: &str) -> anyhow::Result<Option<usize>> {
    let known = periods.iter().any(|period| period == asked);
    match asked {
        "all" if !known => Ok(None),
        "latest" if !known => Ok(Some(periods.len().saturating_sub(1))),
        _ => period_named(periods, asked).map(Some),
    }
}
