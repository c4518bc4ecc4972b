//! Numbers of spreadsheets as they are shown.

/// 15 digits, so that 0.1 + 0.2 is 0.3.
pub(super) fn number(number: f64) -> String {
    let shown = format!("{number:.14e}").parse::<f64>().unwrap_or(number);
    shown.to_string()
}

/// `71%` for 0.71.
pub(super) fn percent(share: f64) -> String {
    format!("{}%", number(share * 100.0))
}

/// The day and time for days since the end of 1899, or since 1904. Excel has a 29 February 1900, so that what is earlier
/// lies a day off. Less than a day is a time of day.
pub(super) fn time(days: f64, from_1904: bool) -> String {
    if (0.0..1.0).contains(&days) {
        return elapsed(days);
    }
    if !(1.0..2_958_466.0).contains(&days) {
        return number(days);
    }
    let seconds = (days * 86_400.0 + 0.5).floor();
    let (day, second) = ((seconds / 86_400.0).floor(), seconds % 86_400.0);
    #[allow(clippy::cast_possible_truncation)] // both are whole and small, see the limit above
    let (day, second) = (day as i64, second as i64);
    let before_1970 = match (from_1904, day < 60) {
        (true, _) => 24_107,
        (false, true) => 25_568,
        (false, false) => 25_569,
    };
    let (year, month, day) = date(day - before_1970);
    let date = format!("{year:04}-{month:02}-{day:02}");
    if second == 0 {
        return date;
    }
    let (hour, minute, second) = (second / 3600, second / 60 % 60, second % 60);
    format!("{date}T{hour:02}:{minute:02}:{second:02}")
}

/// `26:30` for a day, two hours and a half.
pub(super) fn elapsed(days: f64) -> String {
    if !(0.0..2_958_466.0).contains(&days) {
        return number(days);
    }
    let seconds = (days * 86_400.0 + 0.5).floor();
    let (hour, minute, second) = (
        (seconds / 3600.0).floor(),
        (seconds / 60.0).floor() % 60.0,
        seconds % 60.0,
    );
    if second > 0.0 {
        format!("{hour:02}:{minute:02}:{second:02}")
    } else {
        format!("{hour:02}:{minute:02}")
    }
}

/// Year, month and day of the Gregorian calendar, from days since 1970-01-01. Years begin in March, so that the leap day
/// is their last; 400 years have 146 097 days.
fn date(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day_of_month = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    (year + era * 400 + next, month, day_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_fifteen_digits() {
        assert_eq!(number(0.1 + 0.2), "0.3");
        assert_eq!(number(2026.0), "2026");
        assert_eq!(percent(0.715), "71.5%");
        assert_eq!(percent(1.0), "100%");
    }

    #[test]
    fn days_are_counted_as_spreadsheets_do() {
        assert_eq!(time(1.0, false), "1900-01-01");
        assert_eq!(time(59.0, false), "1900-02-28");
        assert_eq!(time(61.0, false), "1900-03-01");
        assert_eq!(time(46_082.0, false), "2026-03-01");
        assert_eq!(time(44_620.0, true), "2026-03-01");
        assert_eq!(time(36_585.5, false), "2000-02-29T12:00:00");
        assert_eq!(time(46_082.999_999_9, false), "2026-03-02");
        assert_eq!(time(0.5, false), "12:00");
        assert_eq!(time(0.0, false), "00:00");
        assert_eq!(time(0.354_178_240_740_740_7, true), "08:30:01");
        assert_eq!(elapsed(1.25), "30:00");
        assert_eq!(elapsed(-0.5), "-0.5");
        assert_eq!(time(-1.0, false), "-1");
        assert_eq!(time(1e300, false), number(1e300));
    }
}
