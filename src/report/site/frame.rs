//! What every page has around it: head, policy, style, footer.

use sha2::{Digest, Sha256};

use super::context::Context;
use super::html::Html;

/// By which a page of ours is known.
const GENERATOR: &str = "<meta name=\"generator\" content=\"dgpf\">\n";

/// Whether a file is a page that this program made.
pub fn is_page(bytes: &[u8]) -> bool {
    const HEAD: usize = 4_096;
    let head = &bytes[..bytes.len().min(HEAD)];
    memchr::memmem::find(head, GENERATOR.as_bytes()).is_some()
}

const CSS: &str = include_str!("style.css");

/// A script of a page.
pub(super) const SCRIPT: &str = include_str!("league.js");

/// A page around `body`, with its scripts allowed by name and everything else forbidden.
pub(super) fn page(
    context: &Context<'_>,
    title: &str,
    scripts: &[&str],
    body: impl FnOnce(&mut Html),
) -> String {
    let words = &context.words;
    let style = style(context);
    let mut html = Html::default();
    html.markup("<!DOCTYPE html>\n");
    html.open("html", &[("lang", words.language().code()), ("dir", "ltr")]);
    html.open("head", &[]);
    html.void("meta", &[("charset", "utf-8")]);
    html.void(
        "meta",
        &[
            ("http-equiv", "Content-Security-Policy"),
            ("content", &policy(&style, scripts)),
        ],
    );
    html.void(
        "meta",
        &[
            ("name", "viewport"),
            ("content", "width=device-width, initial-scale=1"),
        ],
    );
    html.void(
        "meta",
        &[("name", "color-scheme"), ("content", "light dark")],
    );
    html.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    html.markup(GENERATOR);
    html.leaf("title", &[], title);
    // Without one, browsers ask for a file.
    html.void("link", &[("rel", "icon"), ("href", "data:,")]);
    html.open("style", &[]).markup(&style).close();
    html.close();
    html.open("body", &[]);
    html.leaf(
        "a",
        &[("class", "skip"), ("href", "#main")],
        words.get("skip"),
    );
    body(&mut html);
    for script in scripts {
        html.open("script", &[]).markup(script).close();
    }
    html.finish()
}

/// The picture beside the title, if there is one.
pub(super) fn logo(context: &Context<'_>, html: &mut Html) {
    if let Some(logo) = context.style.logo {
        let source = format!("data:{};base64,{}", logo.media, base64(logo.bytes));
        html.void("img", &[("class", "logo"), ("src", &source), ("alt", "")]);
    }
}

/// The last line of a page: who made it, by what.
pub(super) fn footer(context: &Context<'_>, html: &mut Html) {
    let about = &context.result.about;
    html.open("footer", &[]).open("p", &[]);
    html.text(&context.words.fill(
        "footer",
        &[&about.tool, &about.framework.id, &about.framework.version],
    ));
    html.close().close();
}

fn style(context: &Context<'_>) -> String {
    match context.style.accent {
        // The colour was checked to be six hexadecimal digits when it was read.
        Some(accent) => format!("{CSS}:root{{--own:{accent}}}"),
        None => CSS.to_owned(),
    }
}

fn policy(style: &str, scripts: &[&str]) -> String {
    let hash = |text: &str| format!("'sha256-{}'", base64(&Sha256::digest(text)));
    let mut policy = format!(
        "default-src 'none'; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hash(style)
    );
    if !scripts.is_empty() {
        let hashes: Vec<String> = scripts.iter().map(|script| hash(script)).collect();
        policy.push_str("; script-src ");
        policy.push_str(&hashes.join(" "));
    }
    policy
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |at: usize| u32::from(chunk.get(at).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for position in 0..4 {
            if position <= chunk.len() {
                let letter = (bits >> (18 - 6 * position)) & 63;
                text.push(char::from(LETTERS[letter as usize]));
            } else {
                text.push('=');
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::base64;

    #[test]
    fn base64_as_in_rfc_4648() {
        for (plain, coded) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(plain.as_bytes()), coded);
        }
    }
}
