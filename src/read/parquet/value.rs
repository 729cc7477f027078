//! A value of a column as a reader sees it, written as the same value of a sheet is.

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type};
use parquet::data_type::{ByteArray, Int96};
use parquet::schema::types::ColumnDescriptor;

/// What the values of a column are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// UTF-8.
    Text,
    Bool,
    Int,
    Unsigned,
    Float,
    /// Digits behind the point.
    Decimal(u32),
    /// Days since 1970-01-01.
    Date,
    /// Steps a second, since 1970-01-01.
    Moment(i64),
    /// Steps a second, since midnight.
    Time(i64),
}

impl Form {
    /// The form of a column of plain values; `None` where there is none that is text.
    pub(super) fn of(column: &ColumnDescriptor) -> Option<Self> {
        let steps = |unit: &TimeUnit| match unit {
            TimeUnit::MILLIS => 1_000,
            TimeUnit::MICROS => 1_000_000,
            TimeUnit::NANOS => 1_000_000_000,
        };
        let decimal = || u32::try_from(column.type_scale()).ok().filter(|scale| *scale <= 38).map(Self::Decimal);
        let converted = column.converted_type();
        match column.physical_type() {
            Type::BOOLEAN => Some(Self::Bool),
            Type::FLOAT | Type::DOUBLE => Some(Self::Float),
            Type::INT96 => Some(Self::Moment(1_000_000_000)),
            Type::INT32 | Type::INT64 => match (column.logical_type_ref(), converted) {
                (Some(LogicalType::Timestamp(time)), _) => Some(Self::Moment(steps(&time.unit))),
                (Some(LogicalType::Time(time)), _) => Some(Self::Time(steps(&time.unit))),
                (Some(LogicalType::Integer(int)), _) => Some(if int.is_signed { Self::Int } else { Self::Unsigned }),
                (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Some(Self::Date),
                (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
                (None, ConvertedType::TIMESTAMP_MILLIS) => Some(Self::Moment(1_000)),
                (None, ConvertedType::TIMESTAMP_MICROS) => Some(Self::Moment(1_000_000)),
                (None, ConvertedType::TIME_MILLIS) => Some(Self::Time(1_000)),
                (None, ConvertedType::TIME_MICROS) => Some(Self::Time(1_000_000)),
                (None, ConvertedType::UINT_8 | ConvertedType::UINT_16) => Some(Self::Unsigned),
                (None, ConvertedType::UINT_32 | ConvertedType::UINT_64) => Some(Self::Unsigned),
                // A column of nothing but nulls has the type "unknown".
                (None | Some(LogicalType::Unknown), _) => Some(Self::Int),
                _ => None,
            },
            Type::BYTE_ARRAY => match (column.logical_type_ref(), converted) {
                (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
                (Some(LogicalType::String | LogicalType::Enum | LogicalType::Json | LogicalType::Unknown), _) => {
                    Some(Self::Text)
                }
                // Older writers do not say that bytes are text.
                (None, ConvertedType::UTF8 | ConvertedType::ENUM | ConvertedType::JSON | ConvertedType::NONE) => {
                    Some(Self::Text)
                }
                _ => None,
            },
            Type::FIXED_LEN_BYTE_ARRAY => match (column.logical_type_ref(), converted) {
                (Some(LogicalType::Decimal(_)), _) | (None, ConvertedType::DECIMAL) => decimal(),
                _ => None,
            },
        }
    }
}

/// A value as it is stored.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    Bool(bool),
    Int32(i32),
    Int64(i64),
    Int96(Int96),
    Float(f32),
    Double(f64),
    Bytes(ByteArray),
}

/// The text of `value`; line ends are LF. `None` if its bytes are no such value.
pub(super) fn text(value: &Stored, form: Form) -> Option<String> {
    let whole = match value {
        Stored::Bool(value) => return Some(if *value { "TRUE" } else { "FALSE" }.to_owned()),
        // Adding zero turns a negative zero into the one that people write.
        Stored::Float(value) => return Some(format!("{}", value + 0.0)),
        Stored::Double(value) => return Some(format!("{}", value + 0.0)),
        Stored::Bytes(bytes) => match form {
            Form::Decimal(scale) => return signed(bytes.data()).map(|value| decimal(value, scale)),
            _ => return std::str::from_utf8(bytes.data()).ok().map(lines),
        },
        Stored::Int96(value) => value.to_nanos(),
        Stored::Int32(value) if form == Form::Unsigned => i64::from(*value as u32),
        Stored::Int32(value) => i64::from(*value),
        Stored::Int64(value) => *value,
    };
    Some(match form {
        Form::Unsigned => (whole as u64).to_string(),
        Form::Decimal(scale) => decimal(i128::from(whole), scale),
        Form::Date => date(whole),
        Form::Time(steps) => {
            let [hours, minutes, seconds] = clock(whole.div_euclid(steps));
            format!("{hours}:{minutes:02}:{seconds:02}")
        }
        Form::Moment(steps) => {
            let all = whole.div_euclid(steps);
            let [hours, minutes, seconds] = clock(all.rem_euclid(86_400));
            format!("{} {hours:02}:{minutes:02}:{seconds:02}", date(all.div_euclid(86_400)))
        }
        Form::Text | Form::Bool | Form::Int | Form::Float => whole.to_string(),
    })
}

fn lines(text: &str) -> String {
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text.to_owned() }
}

/// A big-endian number in two's complement.
fn signed(bytes: &[u8]) -> Option<i128> {
    let first = *bytes.first()?;
    let start: i128 = if first & 0x80 == 0 { 0 } else { -1 };
    (bytes.len() <= 16).then(|| bytes.iter().fold(start, |value, &byte| value << 8 | i128::from(byte)))
}

/// Without zeros at the end, as a sheet shows it.
fn decimal(value: i128, scale: u32) -> String {
    let places = scale as usize;
    let digits = format!("{:0width$}", value.unsigned_abs(), width = places + 1);
    let (whole, behind) = digits.split_at(digits.len() - places);
    let behind = behind.trim_end_matches('0');
    let (sign, point) = (if value < 0 { "-" } else { "" }, if behind.is_empty() { "" } else { "." });
    format!("{sign}{whole}{point}{behind}")
}

/// Hours, minutes and seconds.
const fn clock(seconds: i64) -> [i64; 3] {
    [seconds / 3600, seconds / 60 % 60, seconds % 60]
}

/// The day `days` after 1970-01-01 (H. Hinnant, "chrono-Compatible Low-Level Date
/// Algorithms", `civil_from_days`).
fn date(days: i64) -> String {
    let days = days.saturating_add(719_468);
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * shifted + 2) / 5 + 1;
    let month = if shifted < 10 { shifted + 3 } else { shifted - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    format!("{year:04}-{month:02}-{day:02}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_and_moments_are_iso() {
        for (days, written) in [(0, "1970-01-01"), (-1, "1969-12-31"), (19_782, "2024-02-29"), (20_301, "2025-08-01")] {
            assert_eq!(text(&Stored::Int32(days), Form::Date).as_deref(), Some(written));
        }
        let moment = 20_301 * 86_400_000 + 34_200_999;
        assert_eq!(text(&Stored::Int64(moment), Form::Moment(1_000)).as_deref(), Some("2025-08-01 09:30:00"));
        assert_eq!(text(&Stored::Int64(-1), Form::Moment(1_000_000)).as_deref(), Some("1969-12-31 23:59:59"));
        assert_eq!(text(&Stored::Int64(34_200_000), Form::Time(1_000)).as_deref(), Some("9:30:00"));
    }

    #[test]
    fn numbers_are_written_as_people_write_them() {
        assert_eq!(text(&Stored::Double(3.0), Form::Float).as_deref(), Some("3"));
        assert_eq!(text(&Stored::Double(-0.0), Form::Float).as_deref(), Some("0"));
        assert_eq!(text(&Stored::Float(0.1), Form::Float).as_deref(), Some("0.1"));
        assert_eq!(text(&Stored::Int64(-1), Form::Unsigned).as_deref(), Some("18446744073709551615"));
        assert_eq!(text(&Stored::Int32(-1), Form::Unsigned).as_deref(), Some("4294967295"));
        for (value, scale, written) in [(1250, 2, "12.5"), (-5, 2, "-0.05"), (300, 2, "3"), (7, 0, "7"), (0, 3, "0")] {
            assert_eq!(decimal(value, scale), written);
        }
        let bytes = |bytes: &[u8]| Stored::Bytes(bytes.to_vec().into());
        assert_eq!(text(&bytes(&[0xFF, 0x38]), Form::Decimal(1)).as_deref(), Some("-20"));
        assert_eq!(text(&bytes(&[]), Form::Decimal(1)), None);
        assert_eq!(text(&bytes("一\r\n二".as_bytes()), Form::Text).as_deref(), Some("一\n二"));
        assert_eq!(text(&bytes(&[0x95, 0xE2]), Form::Text), None);
    }
}
