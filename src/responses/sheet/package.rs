//! What a ZIP file unpacks to, measured before anything is kept: sizes in its directory can lie.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use zip::ZipArchive;

/// Most bytes that all parts of a spreadsheet unpack to.
const LARGEST: u64 = 256 << 20;
/// Most bytes of the texts that cells share, which are kept in memory.
const LARGEST_TEXTS: u64 = 64 << 20;
/// Most parts.
const MOST_PARTS: usize = 5_000;

/// What a ZIP file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Package {
    Xlsx,
    Ods,
}

/// Why a ZIP file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    /// It is none, or broken.
    Broken,
    /// It is no spreadsheet; with its article.
    Else(&'static str),
    /// It unpacks to too much.
    TooLarge,
}

/// Tells what `bytes` hold and measures it.
pub(super) fn inspect(bytes: &[u8]) -> Result<Package, Unfit> {
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Unfit::Broken)?;
    let names = zip.file_names();
    let names: Vec<String> = names
        .map(|name| name.map_or_else(|_| String::new(), Cow::into_owned))
        .collect();
    let package = kind(&names, &mut zip)?;
    if zip.len() > MOST_PARTS {
        return Err(Unfit::TooLarge);
    }
    let mut total = 0;
    for at in 0..zip.len() {
        let mut part = zip.by_index(at).map_err(|_| Unfit::Broken)?;
        let name = names.get(at).map_or("", String::as_str).to_lowercase();
        let shared = name.ends_with("sharedstrings.xml");
        let most = if shared { LARGEST_TEXTS } else { LARGEST };
        total += measure(&mut part, most.min(LARGEST - total))?;
    }
    Ok(package)
}

fn kind<R: Read + std::io::Seek>(
    names: &[String],
    zip: &mut ZipArchive<R>,
) -> Result<Package, Unfit> {
    let has = |wanted: &str| names.iter().any(|name| name.eq_ignore_ascii_case(wanted));
    let within = |folder: &str| names.iter().any(|name| name.starts_with(folder));
    if has("mimetype") {
        let mut text = String::new();
        let part = zip.by_name("mimetype").map_err(|_| Unfit::Broken)?;
        let read = part.take(200).read_to_string(&mut text);
        return match (read, text.trim()) {
            (Ok(_), "application/vnd.oasis.opendocument.spreadsheet") => Ok(Package::Ods),
            (Ok(_), "application/epub+zip") => Err(Unfit::Else("an e-book")),
            _ => Err(Unfit::Else("an OpenDocument file that is no spreadsheet")),
        };
    }
    if has("xl/workbook.bin") {
        return Err(Unfit::Else("a binary Excel workbook (XLSB)"));
    }
    if has("[Content_Types].xml") && within("xl/") {
        return Ok(Package::Xlsx);
    }
    if within("word/") {
        return Err(Unfit::Else("a Word document"));
    }
    if within("ppt/") {
        return Err(Unfit::Else("a PowerPoint presentation"));
    }
    Err(Unfit::Else("a ZIP archive"))
}

/// How much a part unpacks to.
fn measure(part: &mut impl Read, most: u64) -> Result<u64, Unfit> {
    let mut buffer = vec![0; 64 << 10];
    let mut size = 0;
    loop {
        let read = part.read(&mut buffer).map_err(|_| Unfit::Broken)?;
        if read == 0 {
            return Ok(size);
        }
        size += read as u64;
        if size > most {
            return Err(Unfit::TooLarge);
        }
    }
}
