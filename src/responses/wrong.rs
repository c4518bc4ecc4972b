//! What a file is that is no table of responses, told from its first bytes.

/// What `bytes` are, with an article, if they are something else than text or a spreadsheet.
pub(super) fn kind(bytes: &[u8]) -> Option<&'static str> {
    const MAGIC: [(&[u8], &str); 20] = [
        (b"%PDF", "a PDF document"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
            "an old Office file (for instance XLS)",
        ),
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
    let start = &bytes[..bytes.len().min(4096)];
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
        assert_eq!(kind(b"%PDF-1.7\n"), Some("a PDF document"));
        assert_eq!(kind(&[0; 100]), Some("a file of zeros"));
        assert_eq!(
            kind(b"\n<!DOCTYPE HTML><title>Log in"),
            Some("a web page, perhaps the login page of the survey server")
        );
        assert_eq!(kind(b"{ \"a\": 1 }"), Some("a JSON file"));
        assert_eq!(kind(b"<?xml version=\"1.0\"?><a/>"), Some("an XML file"));
        for table in ["unit,a\nx,1\n", "{id},a\n", "[a],b\n", "", "<5,6\n"] {
            assert_eq!(kind(table.as_bytes()), None, "{table}");
        }
    }
}
