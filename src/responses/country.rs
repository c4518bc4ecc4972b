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

/// Further names in English, by alpha-2 code: short and former ones of the Unicode CLDR (territories, also "short" and
/// "variant"), those of the World Bank's data (`Korea, Rep.`), of the OECD's (`Slovak Republic`), and of the United Nations'
/// before a state was called otherwise (`Swaziland`).
const OTHER: [(&str, &str); 73] = [
    ("BA", "Bosnia & Herzegovina"),
    ("BN", "Brunei"),
    ("BS", "Bahamas, The"),
    ("BS", "The Bahamas"),
    ("CD", "Congo - Kinshasa"),
    ("CD", "Congo, Dem. Rep."),
    ("CD", "Congo (DRC)"),
    ("CD", "Democratic Republic of the Congo"),
    ("CD", "DR Congo"),
    ("CG", "Congo - Brazzaville"),
    ("CG", "Congo, Rep."),
    ("CG", "Congo (Republic)"),
    ("CG", "Republic of the Congo"),
    ("CI", "Cote d'Ivoire"),
    ("CI", "Ivory Coast"),
    ("CV", "Cape Verde"),
    ("CW", "Curacao"),
    ("CZ", "Czech Republic"),
    ("EG", "Egypt, Arab Rep."),
    ("FK", "Falkland Islands"),
    ("FM", "Micronesia, Fed. Sts."),
    ("GB", "Great Britain"),
    ("GM", "Gambia, The"),
    ("GM", "The Gambia"),
    ("HK", "Hong Kong SAR China"),
    ("HK", "Hong Kong SAR, China"),
    ("IR", "Iran, Islamic Rep."),
    ("KG", "Kyrgyz Republic"),
    ("KN", "St. Kitts & Nevis"),
    ("KN", "St. Kitts and Nevis"),
    ("KP", "Democratic People's Republic of Korea"),
    ("KP", "Korea, Dem. People's Rep."),
    ("KP", "North Korea"),
    ("KR", "Korea, Rep."),
    ("KR", "Republic of Korea"),
    ("KR", "South Korea"),
    ("LA", "Lao PDR"),
    ("LA", "Laos"),
    ("LC", "St. Lucia"),
    ("MD", "Republic of Moldova"),
    ("MF", "St. Martin (French part)"),
    ("MK", "Macedonia"),
    ("MK", "Republic of North Macedonia"),
    ("MK", "The former Yugoslav Republic of Macedonia"),
    ("MM", "Burma"),
    ("MM", "Myanmar (Burma)"),
    ("MO", "Macao SAR China"),
    ("MO", "Macao SAR, China"),
    ("NL", "The Netherlands"),
    ("PS", "Palestine"),
    ("PS", "Palestinian Territories"),
    ("PS", "State of Palestine"),
    ("PS", "West Bank and Gaza"),
    ("RU", "Russia"),
    ("SK", "Slovak Republic"),
    ("SO", "Somalia, Fed. Rep."),
    ("ST", "São Tomé & Príncipe"),
    ("ST", "São Tomé and Príncipe"),
    ("SY", "Syria"),
    ("SZ", "Swaziland"),
    ("TL", "East Timor"),
    ("TR", "Turkey"),
    ("TR", "Turkiye"),
    ("TW", "Taiwan"),
    ("TZ", "United Republic of Tanzania"),
    ("VA", "Vatican City"),
    ("VC", "St. Vincent & Grenadines"),
    ("VC", "St. Vincent and the Grenadines"),
    ("VE", "Venezuela, RB"),
    ("VG", "British Virgin Islands"),
    ("VI", "U.S. Virgin Islands"),
    ("VN", "Vietnam"),
    ("YE", "Yemen, Rep."),
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

/// The country that is called so in English: as it is shown, as the standard has it, or by another usual name.
pub(super) fn named(name: &str) -> Option<Country> {
    static CODES: LazyLock<HashMap<String, &str>> = LazyLock::new(|| {
        let standard = ALL.iter().map(|country| (country.name, country.alpha2));
        let short = SHORT.iter().map(|&(code, name)| (name, code));
        let other = OTHER.iter().map(|&(code, name)| (name, code));
        let names = standard.chain(short).chain(other).chain([("Kosovo", "XK")]);
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
        assert_eq!(code("Turkey"), Some("TR"));
        assert_eq!(code("Czech Republic"), Some("CZ"));
        assert_eq!(code("South Korea"), Some("KR"));
        assert_eq!(code("Korea, Dem. People’s Rep."), Some("KP"));
        assert_eq!(code("Ivory Coast"), Some("CI"));
        // Words that several countries share are the name of none but one.
        assert_eq!(code("Congo"), Some("CG"));
        assert_eq!(code("Guinea"), Some("GN"));
        assert_eq!(code("Ministry"), None);
        for country in ALL {
            assert_eq!(code(country.name), Some(country.alpha2));
        }
    }

    #[test]
    fn other_names_belong_to_one_country_and_are_not_said_twice() {
        for (code, name) in OTHER {
            assert!(from_alpha2(code).is_some(), "{code}");
            let others = ALL
                .iter()
                .filter(|country| fold(country.name) == fold(name));
            assert_eq!(others.count(), 0, "{name}");
            assert_eq!(named(name).map(|country| country.alpha2), Some(code));
        }
        let said: std::collections::BTreeSet<_> =
            OTHER.iter().map(|(_, name)| fold(name)).collect();
        assert_eq!(said.len(), OTHER.len());
    }

    #[test]
    fn short_names_belong_to_codes_that_exist() {
        for (code, name) in SHORT {
            let long = from_alpha2(code).expect("the code exists").name;
            assert!(long.starts_with(name) && long != name, "{long}");
        }
    }
}
