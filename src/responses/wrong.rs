//! What a file is that is no table of responses, told from its first bytes.

/// What a file is that begins with `bytes`, with an article, if it is something else than text or a spreadsheet. The first
/// few thousand bytes are enough to tell.
pub fn not_a_table(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 25] = [
        (b"%PDF", "a PDF document"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "an old Office file (for instance XLS), or one with a password",
        ),
        (b"\x09\x08\x08\0\0\x05", "an XLS file of the nineties"),
        (b"\x09\x04\x06\0", "an XLS file of the nineties"),
        (b"\x09\x02\x06\0", "an XLS file of the nineties"),
        (b"\x09\0\x04\0", "an XLS file of the nineties"),
        (b"ARROW1\0\0", "an Arrow file"),
        (b"\x89PNG", "a PNG picture"),
        (b"\xff\xd8\xff", "a JPEG picture"),
        (b"GIF8", "a GIF picture"),
        (b"II*\0", "a TIFF picture"),
        (b"MM\0*", "a TIFF picture"),
        (b"RIFF", "a picture or a recording"),
        (b"\x1f\x8b", "a gzip archive"),
        (b"BZh", "a bzip2 archive"),
        (b"\xfd7zXZ", "an xz archive"),
        (b"7z\xbc\xaf", "a 7-Zip archive"),
        (b"Rar!", "a RAR archive"),
        (b"\x28\xb5\x2f\xfd", "a zstd archive"),
        (b"PAR1", "a Parquet file"),
        (b"SQLite format 3\0", "an SQLite database"),
        (b"{\\rtf", "an RTF document"),
        (b"$FL2", "an SPSS file"),
        (b"<stata_dta>", "a Stata file"),
        (b"\x7fELF", "a program"),
    ];
    if let Some((_, what)) = MAGIC.iter().find(|(magic, _)| bytes.starts_with(magic)) {
        return Some(what);
    }
    if bytes.get(4..8) == Some(b"ftyp") {
        return Some("a picture or a film");
    }
    if bytes.get(257..262) == Some(b"ustar") {
        return Some("a TAR archive");
    }
    let start = &bytes[..bytes.len().min(4096)];
    // MZ is Mozambique, too.
    if start.starts_with(b"MZ") && start.contains(&0) {
        return Some("a program");
    }
    if !start.is_empty() && start.iter().all(|&byte| byte == 0) {
        return Some("a file of zeros");
    }
    markup(start)
}

/// Text that is no table: web pages, XML, JSON.
fn markup(start: &[u8]) -> Option<&'static str> {
    let text = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let text = String::from_utf8_lossy(text).trim_start().to_lowercase();
    let pages = ["<!doctype html", "<html", "<head", "<body", "<script"];
    if pages.iter().any(|tag| text.starts_with(tag)) {
        return Some("a web page, perhaps the login page of the survey server");
    }
    if text.starts_with("<?xml") {
        // Web pages can be XML, too.
        return Some(if text.contains("<html") {
            "a web page"
        } else {
            "an XML file"
        });
    }
    let json = (text.starts_with('{') && text[1..].trim_start().starts_with(['"', '}']))
        || (text.starts_with('[') && text[1..].trim_start().starts_with(['{', '[', '"']));
    json.then_some("a JSON file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_kinds_are_named() {
        assert_eq!(not_a_table(b"%PDF-1.7\n"), Some("a PDF document"));
        assert_eq!(not_a_table(&[0; 100]), Some("a file of zeros"));
        assert_eq!(
            not_a_table(b"\n<!DOCTYPE HTML><title>Log in"),
            Some("a web page, perhaps the login page of the survey server")
        );
        assert_eq!(not_a_table(b"{ \"a\": 1 }"), Some("a JSON file"));
        assert_eq!(
            not_a_table(b"\0\0\0\x18ftypheic\0\0"),
            Some("a picture or a film")
        );
        assert_eq!(not_a_table(b"MZ\x90\0"), Some("a program"));
        assert_eq!(
            not_a_table(b"<?xml version=\"1.0\"?><a/>"),
            Some("an XML file")
        );
        for table in [
            "unit,a\nx,1\n",
            "MZ,yes\n",
            "{id},a\n",
            "[a],b\n",
            "",
            "<5,6\n",
        ] {
            assert_eq!(not_a_table(table.as_bytes()), None, "{table}");
        }
    }
}
