//! When a submission was sent in: times as survey tools write them.

/// A moment: seconds and nanoseconds since some day, in UTC where the text states its offset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Time {
    seconds: i64,
    nanoseconds: u32,
}

/// Whether the day stands before the month in `03/04/2026`, as far as a file shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct DayOrder {
    /// A first number above 12 was met.
    day_first: bool,
    /// A second number above 12 was met.
    month_first: bool,
}

impl DayOrder {
    /// Takes note of what `text` shows.
    pub(super) fn learn(&mut self, text: &str) {
        if let Some(([first, second, _], _)) = slashed(text) {
            self.day_first |= first > 12;
            self.month_first |= second > 12;
        }
    }
}

impl Time {
    /// Reads `2026-03-01`, `2026-03-01 10:00`, `2026-03-01T10:00:00.123+02:00`, `2026/03/01 10:00:00 AM GMT+1`, `Mar 1, 2026
    /// 10:00:00 AM`, and `3/1/2026 10:00:00 PM` where the file
    /// shows which number is the day.
    pub(super) fn read(text: &str, days: DayOrder) -> Result<Self, &'static str> {
        const UNKNOWN: &str = "one of the times is not understood";
        let text = text.trim();
        let (date, clock) = match slashed(text) {
            Some((numbers, clock)) => (in_order(numbers, days)?, clock),
            None => dashed(text).or_else(|| named(text)).ok_or(UNKNOWN)?,
        };
        let [year, month, day] = date;
        if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
            return Err(UNKNOWN);
        }
        let (seconds, nanoseconds) = clock_time(clock).ok_or(UNKNOWN)?;
        Ok(Self {
            seconds: days_since_epoch(year, month, day) * 86_400 + seconds,
            nanoseconds,
        })
    }
}

fn in_order(numbers: [i64; 3], days: DayOrder) -> Result<[i64; 3], &'static str> {
    let [first, second, year] = numbers;
    match (days.day_first, days.month_first) {
        (true, false) => Ok([year, second, first]),
        (false, true) => Ok([year, first, second]),
        (false, false) => Err("no time shows whether the day or the month comes first"),
        (true, true) => Err("days and months stand in both orders"),
    }
}

/// `3/1/2026 10:00` or `1.3.2026, 10:00`: three numbers, the year last, and the rest.
fn slashed(text: &str) -> Option<([i64; 3], &str)> {
    let (date, clock) = match text.find([' ', ',']) {
        Some(at) => (&text[..at], text[at..].trim_start_matches([' ', ','])),
        None => (text, ""),
    };
    let sign = if date.contains('/') { '/' } else { '.' };
    let mut parts = date.split(sign).map(digits);
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    (parts.next().is_none() && numbers[2] >= 1000).then_some((numbers, clock))
}

/// `2026-03-01T10:00`: year, month and day, and the rest.
fn dashed(text: &str) -> Option<([i64; 3], &str)> {
    let (date, clock) = match text.find(['T', ' ']) {
        Some(at) => (&text[..at], &text[at + 1..]),
        None => (text, ""),
    };
    let sign = if date.contains('-') { '-' } else { '/' };
    let mut parts = date.split(sign).map(digits);
    let numbers = [parts.next()??, parts.next()??, parts.next()??];
    (parts.next().is_none() && numbers[0] >= 1000).then_some((numbers, clock))
}

/// `Mar 1, 2026 10:00`: year, month and day, and the rest.
fn named(text: &str) -> Option<([i64; 3], &str)> {
    const MONTHS: [&str; 12] = [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ];
    let (month, rest) = text.split_once(' ')?;
    let month = month.to_ascii_lowercase();
    let month = MONTHS.iter().zip(1..).find(|(name, _)| **name == month)?.1;
    let (day, rest) = rest.split_once(',')?;
    let rest = rest.trim_start();
    let (year, clock) = rest.split_at(rest.find(' ').unwrap_or(rest.len()));
    Some(([digits(year)?, month, digits(day)?], clock))
}

/// Seconds since midnight in UTC, and nanoseconds.
fn clock_time(text: &str) -> Option<(i64, u32)> {
    let text = text.trim();
    if text.is_empty() {
        return Some((0, 0));
    }
    let lower = text.to_ascii_lowercase();
    let end = lower.find(|c: char| !matches!(c, '0'..='9' | ':' | '.'));
    let (clock, rest) = lower.split_at(end.unwrap_or(lower.len()));
    let rest = rest.trim_start();
    let (half, zone) = match (rest.strip_prefix("am"), rest.strip_prefix("pm")) {
        (Some(zone), _) => (Some(0), zone),
        (_, Some(zone)) => (Some(12), zone),
        (None, None) => (None, rest),
    };
    let offset = match zone.trim() {
        "" => 0,
        zone => offset(zone)?,
    };
    let mut parts = clock.split(':');
    let mut hour = digits(parts.next()?)?;
    let minute = digits(parts.next()?)?;
    let (second, fraction) = match parts.next() {
        Some(part) => part.split_once('.').unwrap_or((part, "")),
        None => ("0", ""),
    };
    let second = digits(second)?;
    if let Some(half) = half {
        hour = hour % 12 + half;
    }
    let sound = parts.next().is_none() && hour < 24 && minute < 60 && second < 61;
    if !sound {
        return None;
    }
    let nanoseconds = match fraction {
        "" => 0,
        fraction => {
            let nine: String = fraction
                .chars()
                .chain("000000000".chars())
                .take(9)
                .collect();
            u32::try_from(digits(&nine)?).ok()?
        }
    };
    Some((hour * 3600 + minute * 60 + second - offset, nanoseconds))
}

/// Time zones that forms name, each with the hours that it is ahead of UTC. Names that stand for several are not here.
const ZONES: [(&str, i64); 19] = [
    ("z", 0),
    ("utc", 0),
    ("gmt", 0),
    ("wet", 0),
    ("west", 1),
    ("cet", 1),
    ("mez", 1),
    ("cest", 2),
    ("mesz", 2),
    ("eet", 2),
    ("oez", 2),
    ("eest", 3),
    ("oesz", 3),
    ("est", -5),
    ("edt", -4),
    ("mst", -7),
    ("mdt", -6),
    ("pst", -8),
    ("pdt", -7),
];

/// Seconds of `Z`, `+02:00`, `-0330`, `GMT+1`, `MESZ`.
fn offset(text: &str) -> Option<i64> {
    if let Some((_, hours)) = ZONES.iter().find(|(name, _)| *name == text) {
        return Some(hours * 3600);
    }
    let behind = text.strip_prefix("gmt").or(text.strip_prefix("utc"));
    let text = behind.unwrap_or(text);
    let (sign, numbers) = match text.strip_prefix('+') {
        Some(numbers) => (1, numbers),
        None => (-1, text.strip_prefix(['-', '\u{2212}'])?),
    };
    let numbers: String = numbers.chars().filter(|&c| c != ':').collect();
    let number = digits(&numbers)?;
    match numbers.len() {
        1 | 2 => Some(sign * number * 3600),
        3 | 4 => Some(sign * (number / 100 * 3600 + number % 100 * 60)),
        _ => None,
    }
}

fn digits(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok()).flatten()
}

/// Days of the Gregorian calendar since 1970-01-01; years begin in March, so that the leap day is their last.
fn days_since_epoch(year: i64, month: i64, day: i64) -> i64 {
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let day_of_year = (153 * month + 2) / 5 + day - 1;
    year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year
        - 719_468
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Result<i64, &'static str> {
        let mut days = DayOrder::default();
        days.learn(text);
        Time::read(text, days).map(|time| time.seconds)
    }

    #[test]
    fn times_are_read_as_survey_tools_write_them() {
        assert_eq!(seconds("1970-01-01"), Ok(0));
        assert_eq!(seconds("1970-01-02 00:01"), Ok(86_460));
        assert_eq!(seconds("2000-03-01T00:00:00Z"), Ok(951_868_800));
        assert_eq!(seconds("2000-03-01T02:00:00.250+02:00"), Ok(951_868_800));
        assert_eq!(seconds("1/13/1970 1:00:00 PM"), Ok(12 * 86_400 + 46_800));
        assert_eq!(seconds("13.1.1970, 13:00"), Ok(12 * 86_400 + 46_800));
        assert_eq!(seconds("1970/01/02 12:00:00 AM"), Ok(86_400));
        // Google Forms, in English and in German.
        assert_eq!(seconds("1970/01/02 1:00:00 PM GMT+1"), Ok(86_400 + 43_200));
        assert_eq!(
            seconds("1970/01/02 1:00:00 PM GMT-3:30"),
            Ok(86_400 + 59_400)
        );
        assert_eq!(seconds("1970/01/02 2:00:00 AM MESZ"), Ok(86_400));
        // SurveyCTO.
        assert_eq!(seconds("Jan 2, 1970 12:30:00 AM"), Ok(86_400 + 1800));
        assert_eq!(seconds("Jan 2, 1970"), Ok(86_400));
    }

    #[test]
    fn a_date_of_two_readings_is_not_guessed() {
        assert_eq!(
            seconds("3/4/2026 10:00"),
            Err("no time shows whether the day or the month comes first")
        );
        let mut days = DayOrder::default();
        days.learn("13/4/2026");
        let third = Time::read("3/4/2026", days).expect("the file shows the order");
        assert_eq!(Some(third), Time::read("2026-04-03", days).ok());
    }

    #[test]
    fn what_is_no_time_is_refused() {
        for text in [
            "",
            "yesterday",
            "2026-13-01",
            "2026-01-01 25:00",
            "2026-01-01T10",
            "2026-01-01 10:00 IST",
            "Mai 1, 2026 10:00",
        ] {
            assert!(seconds(text).is_err(), "{text}");
        }
    }
}
