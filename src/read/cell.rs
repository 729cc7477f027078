//! A spreadsheet value as a reader sees it.

use calamine::{DataRef, ExcelDateTime, ExcelDateTimeType};

/// Up to here every integer has a float of its own.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;
const SECONDS_A_DAY: f64 = 86_400.0;

/// The text of `value` under the number format `format`; line ends are LF.
///
/// Dates are `2025-08-01` or `2025-08-01 09:30:00`, whatever order the sheet shows,
/// and times and durations `9:30:00`. Of the number formats, leading zeros (`000`)
/// and percent (`0.0%`) are honored: both change what the value is taken for.
pub(super) fn text(value: &DataRef<'_>, format: &str, is_1904: bool) -> String {
    match value {
        DataRef::Empty => String::new(),
        DataRef::String(text) => lines(text),
        DataRef::SharedString(text) => lines(text),
        DataRef::Bool(value) => if *value { "TRUE" } else { "FALSE" }.to_owned(),
        DataRef::Int(value) => formatted(*value as f64, format),
        DataRef::Float(value) => formatted(*value, format),
        DataRef::DateTime(moment) if moment.is_duration() => duration(moment.as_f64()),
        DataRef::DateTime(moment) => date_time(moment.as_f64(), format, is_1904),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => iso(text),
        DataRef::Error(error) => error.to_string(),
    }
}

fn lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

fn formatted(value: f64, format: &str) -> String {
    let section = format.split(';').next().unwrap_or_default();
    let zeros = section.len();
    if zeros > 1 && section.bytes().all(|byte| byte == b'0') && value.fract() == 0.0 && value.abs() <= MAX_EXACT {
        let sign = if value < 0.0 { "-" } else { "" };
        return format!("{sign}{:0zeros$}", value.abs());
    }
    match section.strip_suffix('%').and_then(decimals) {
        Some(places) if value.is_finite() => percent(value, places),
        _ => number(value),
    }
}

/// The decimal places of a plain format such as `0`, `#,##0` or `0.00`.
fn decimals(format: &str) -> Option<usize> {
    let (whole, places) = format.split_once('.').unwrap_or((format, ""));
    let plain = !whole.is_empty() && whole.chars().all(|c| matches!(c, '0' | '#' | ','));
    (plain && places.chars().all(|c| c == '0')).then_some(places.len())
}

/// Rounded as the sheet rounds: half away from zero, on 15 significant digits, so
/// that 0.285 is 29% although its float times 100 falls short of 28.5.
fn percent(value: f64, places: usize) -> String {
    let scale = 10f64.powi(i32::try_from(places).unwrap_or(0));
    let digits: f64 = format!("{:.14e}", value * 100.0 * scale).parse().unwrap_or(value * 100.0 * scale);
    format!("{:.places$}%", digits.round() / scale + 0.0)
}

fn number(value: f64) -> String {
    if value.abs() > MAX_EXACT {
        return format!("{value:e}");
    }
    // Adding zero turns a negative zero into the one that people write.
    format!("{}", value + 0.0)
}

fn clock(seconds: f64) -> String {
    let seconds = seconds as u64;
    format!("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}

fn duration(days: f64) -> String {
    let seconds = (days * SECONDS_A_DAY).round();
    let sign = if seconds < 0.0 { "-" } else { "" };
    format!("{sign}{}", clock(seconds.abs()))
}

fn date_time(value: f64, format: &str, is_1904: bool) -> String {
    // Rounding to the second comes first: 9:29:59.9999996 is 9:30:00, perhaps of the next day.
    let total = (value * SECONDS_A_DAY).round();
    let days = (total / SECONDS_A_DAY).floor();
    let seconds = total - days * SECONDS_A_DAY;
    if !(0.0..2_958_466.0).contains(&value) {
        // No date: the sheet shows #### here.
        return number(value);
    }
    if days == 0.0 && !is_1904 {
        return clock(seconds);
    }
    let (year, month, day, ..) = ExcelDateTime::new(days, ExcelDateTimeType::DateTime, is_1904).to_ymd_hms_milli();
    let date = format!("{year:04}-{month:02}-{day:02}");
    if seconds == 0.0 && !format.contains(['h', 'H']) {
        return date;
    }
    let (hour, rest) = ((seconds / 3600.0).floor(), seconds % 3600.0);
    format!("{date} {hour:02}:{:02}:{:02}", (rest / 60.0).floor(), rest % 60.0)
}

/// `2025-08-01T09:30:00.000` as the other dates are written.
fn iso(text: &str) -> String {
    let text = text.strip_suffix('Z').unwrap_or(text);
    let text = text.strip_suffix("T00:00:00").unwrap_or(text);
    match text.split_once('T') {
        Some((date, time)) if !date.is_empty() => {
            format!("{date} {}", time.split('.').next().unwrap_or(time))
        }
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn float(value: f64, format: &str) -> String {
        text(&DataRef::Float(value), format, false)
    }

    fn moment(value: f64, format: &str) -> String {
        let moment = ExcelDateTime::new(value, ExcelDateTimeType::DateTime, false);
        text(&DataRef::DateTime(moment), format, false)
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        let cases = [
            (3.0, "3"),
            (-3.0, "-3"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
            (123_456_789_012.0, "123456789012"),
            (0.1, "0.1"),
            (1e-7, "0.0000001"),
            (2.5, "2.5"),
            (1e20, "1e20"),
        ];
        for (value, expected) in cases {
            assert_eq!(float(value, "General"), expected);
        }
    }

    #[test]
    fn leading_zeros_and_percent_are_honored() {
        assert_eq!(float(7.0, "000"), "007");
        assert_eq!(float(7.0, "0000;@"), "0007");
        assert_eq!(float(1234.0, "000"), "1234");
        assert_eq!(float(7.0, "0"), "7");
        assert_eq!(float(7.5, "000"), "7.5");
        assert_eq!(float(0.25, "0%"), "25%");
        assert_eq!(float(0.285, "0%"), "29%");
        assert_eq!(float(0.285, "0.0%"), "28.5%");
        assert_eq!(float(0.25, "0.00%"), "25.00%");
        assert_eq!(float(-0.001, "0%"), "0%");
    }

    #[test]
    fn moments_are_iso_to_the_second() {
        assert_eq!(moment(45_870.0, "yyyy/m/d"), "2025-08-01");
        assert_eq!(moment(45_870.0, "yyyy/m/d h:mm"), "2025-08-01 00:00:00");
        assert_eq!(moment(45_870.395_833_333_3, "yyyy/m/d h:mm"), "2025-08-01 09:30:00");
        assert_eq!(moment(45_870.999_999_999, "yyyy/m/d"), "2025-08-02");
        assert_eq!(moment(0.395_833_333_3, "h:mm"), "9:30:00");
        assert_eq!(moment(-1.0, "yyyy/m/d"), "-1");
        let span = ExcelDateTime::new(1.5, ExcelDateTimeType::TimeDelta, false);
        assert_eq!(text(&DataRef::DateTime(span), "[h]:mm:ss", false), "36:00:00");
        assert_eq!(text(&DataRef::DateTimeIso("2025-08-01T09:30:00.000Z".into()), "", false), "2025-08-01 09:30:00");
        assert_eq!(text(&DataRef::DateTimeIso("2025-08-01".into()), "", false), "2025-08-01");
    }

    proptest! {
        #[test]
        fn any_number_reads_back(value in prop::num::f64::NORMAL | prop::num::f64::ZERO) {
            prop_assert_eq!(number(value).parse::<f64>().ok(), Some(value));
        }

        #[test]
        fn no_number_and_format_panics(value in prop::num::f64::ANY, format in "[0#,.%;h]{0,8}") {
            let _ = (float(value, &format), moment(value, &format), duration(value));
        }
    }
}
