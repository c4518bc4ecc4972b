//! Names of countries by their ISO 3166-1 codes, and by the codes that statistics use beside them.

use std::collections::HashMap;
use std::sync::LazyLock;

use rust_iso3166::{ALL, from_alpha2, from_alpha3};

use super::spelling::fold;

/// Names that are shorter than the standard's where that one is a sentence; everywhere else the standard's name is used.
const SHORT: [(&str, &str); 10] = [
    ("BO", "Bolivia"),
    ("FM", "Micronesia"),
    ("GB", "United Kingdom"),
    ("IR", "Iran"),
    ("KR", "Korea"),
    ("MD", "Moldova"),
    ("NL", "Netherlands"),
    ("TZ", "Tanzania"),
    ("US", "United States"),
    ("VE", "Venezuela"),
];

/// A country: its alpha-2 code and its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Country {
    pub(super) alpha2: &'static str,
    pub(super) name: &'static str,
}

/// The country with this alpha-2 or alpha-3 code, whatever its case. `EL` and `UK` are Greece and the United Kingdom in
/// European statistics; `XK` and `XKX` stand for Kosovo, which has no code of its own.
pub(super) fn find(code: &str) -> Option<Country> {
    if code.len() > 3 {
        return None;
    }
    let code = code.to_ascii_uppercase();
    let found = match code.as_str() {
        "XK" | "XKX" => {
            return Some(Country {
                alpha2: "XK",
                name: "Kosovo",
            });
        }
        "EL" => from_alpha2("GR"),
        "UK" => from_alpha2("GB"),
        code if code.len() == 2 => from_alpha2(code),
        code if code.len() == 3 => from_alpha3(code),
        _ => None,
    }?;
    let short = SHORT.iter().find(|(alpha2, _)| *alpha2 == found.alpha2);
    Some(Country {
        alpha2: found.alpha2,
        name: short.map_or(found.name, |&(_, name)| name),
    })
}

/// The country that is called so in English, as it is shown or as the standard has it.
pub(super) fn named(name: &str) -> Option<Country> {
    static CODES: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let standard = ALL.iter().map(|country| (country.name, country.alpha2));
        let short = SHORT.iter().map(|&(code, name)| (name, code));
        let names = standard.chain(short).chain([("Kosovo", "XK")]);
        names
            .map(|(name, code)| (fold(name).into_owned(), code))
            .collect()
    });
    find(CODES.get(fold(name).as_ref())?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_names() {
        let name = |code| find(code).map(|country| country.name);
        assert_eq!(name("NA"), Some("Namibia"));
        assert_eq!(name("NO"), Some("Norway"));
        assert_eq!(name("nor"), Some("Norway"));
        assert_eq!(name("EL"), Some("Greece"));
        assert_eq!(name("GRC"), Some("Greece"));
        assert_eq!(name("UK"), Some("United Kingdom"));
        assert_eq!(name("XKX"), Some("Kosovo"));
        assert_eq!(name("TUR"), Some("Türkiye"));
        assert_eq!(name("ZZ"), None);
        assert_eq!(name("Ministry"), None);
        assert_eq!(name("é"), None);
    }

    #[test]
    fn names_mean_the_countries_that_their_codes_do() {
        let code = |text| named(text).map(|country| country.alpha2);
        assert_eq!(code("Belgium"), find("BEL").map(|country| country.alpha2));
        assert_eq!(code(" belgium "), Some("BE"));
        assert_eq!(code("Türkiye"), Some("TR"));
        assert_eq!(code("Korea"), Some("KR"));
        assert_eq!(code("Korea (Republic of)"), Some("KR"));
        assert_eq!(code("kosovo"), Some("XK"));
        assert_eq!(code("Ministry"), None);
        for country in ALL {
            assert_eq!(code(country.name), Some(country.alpha2));
        }
    }

    #[test]
    fn short_names_belong_to_codes_that_exist() {
        for (code, name) in SHORT {
            let long = from_alpha2(code).expect("the code exists").name;
            assert!(long.starts_with(name) && long != name, "{long}");
        }
    }
}
