//! Parquet in and out: the same data give the same codes as CSV, whatever the types,
//! encodings and packings; what is broken is told and never a panic.

mod common;

use std::sync::Arc;

use common::{Csv, Folder, repository};
use parquet::basic::{Compression, Encoding};
use parquet::column::reader::ColumnReader;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::file::properties::{WriterProperties, WriterVersion};
use parquet::file::reader::{FileReader as _, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::schema::parser::parse_message_type;

/// The values of a column; `None` is a null.
enum Values {
    Text(Vec<Option<String>>),
    Bytes(Vec<Option<Vec<u8>>>),
    Int(Vec<Option<i32>>),
    Long(Vec<Option<i64>>),
    Double(Vec<Option<f64>>),
    Bool(Vec<Option<bool>>),
    /// Lists of one text each.
    List(Vec<String>),
}

/// A Parquet file whose columns are all optional, in row groups of `group` rows.
fn parquet(schema: &str, columns: &[Values], group: usize, properties: WriterProperties) -> Vec<u8> {
    let schema = parse_message_type(&format!("message m {{ {schema} }}")).expect("a schema");
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties)).expect("a writer");
    let rows = match &columns[0] {
        Values::Text(values) => values.len(),
        Values::Long(values) => values.len(),
        _ => panic!("the first column says how many rows there are"),
    };
    macro_rules! write {
        ($column:ident, $kind:ty, $values:expr, $range:expr, $value:expr) => {{
            let own = &$values[$range];
            let levels: Vec<i16> = own.iter().map(|value| i16::from(value.is_some())).collect();
            let own: Vec<_> = own.iter().flatten().map($value).collect();
            $column.typed::<$kind>().write_batch(&own, Some(&levels), None).expect("written");
        }};
    }
    for first in (0..rows).step_by(group) {
        let range = first..rows.min(first + group);
        let mut part = writer.next_row_group().expect("a row group");
        for values in columns {
            let mut column = part.next_column().expect("a column").expect("one more");
            let range = range.clone();
            match values {
                Values::Text(values) => {
                    write!(column, ByteArrayType, values, range, |text: &String| ByteArray::from(text.as_str()));
                }
                Values::Bytes(values) => {
                    write!(column, ByteArrayType, values, range, |bytes: &Vec<u8>| ByteArray::from(bytes.clone()));
                }
                Values::Int(values) => write!(column, Int32Type, values, range, |value: &i32| *value),
                Values::Long(values) => write!(column, Int64Type, values, range, |value: &i64| *value),
                Values::Double(values) => write!(column, DoubleType, values, range, |value: &f64| *value),
                Values::List(values) => {
                    let own: Vec<ByteArray> = values[range].iter().map(|text| ByteArray::from(text.as_str())).collect();
                    let (levels, repeats) = (vec![3; own.len()], vec![0; own.len()]);
                    let typed = column.typed::<ByteArrayType>();
                    typed.write_batch(&own, Some(&levels), Some(&repeats)).expect("written");
                }
                Values::Bool(values) => write!(column, BoolType, values, range, |value: &bool| *value),
            }
            column.close().expect("closed");
        }
        part.close().expect("closed");
    }
    writer.into_inner().expect("written")
}

/// A CSV file as Parquet: text, blank cells as nulls.
fn as_parquet(csv: &Csv, group: usize, properties: WriterProperties) -> Vec<u8> {
    let schema: String =
        csv.header.iter().map(|name| format!("optional binary {} (UTF8); ", name.replace(' ', "_"))).collect();
    let column = |at: usize| csv.rows.iter().map(|row| Some(row[at].clone()).filter(|cell| !cell.is_empty())).collect();
    let columns: Vec<Values> = (0..csv.header.len()).map(|at| Values::Text(column(at))).collect();
    parquet(&schema, &columns, group, properties)
}

fn plain() -> WriterProperties {
    WriterProperties::builder().build()
}

fn responses() -> Csv {
    Csv::parse(&std::fs::read(repository().join("data/responses.csv")).expect("the sample study"))
}

#[test]
fn a_study_in_parquet_gives_the_files_that_it_gives_in_csv() {
    let folder = Folder::sample();
    folder.run_well(&["run", "data/study.toml", "--quiet", "--out", "csv"]);
    let study = folder
        .text("data/study.toml")
        .replace("\"responses.csv\"", "\"responses.parquet\"")
        .replace("Tokio Cyber Port", "Tokio_Cyber_Port");
    folder.write("data/study.toml", study);
    folder.write("data/responses.parquet", as_parquet(&responses(), 50, plain()));
    let said = folder.run_well(&["run", "data/study.toml", "--out", "parquet"]).stdout;
    assert!(said.contains("responses.parquet（Parquet）: 135 行を読み"), "{said}");
    let (files, expected) = (folder.files_in("parquet"), folder.files_in("csv"));
    for name in ["codings.csv", "matrix.csv", "themes.csv", "tests.csv", "review.csv", "rates.csv", "checks.csv"] {
        assert!(files[name] == expected[name], "{name}");
    }
}

const CODE: [&str; 7] = ["code", "--codebook", "codebook.toml", "--id", "id", "--text", "text"];

fn code<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [CODE.as_slice(), more].concat()
}

/// Many answers as CSV, of which the third is blank.
fn many(rows: usize) -> Csv {
    let answers = ["特になし", "補助金がほしい", "", "研修の費用が足りない", "補助金\nと研修", "=補助金"];
    let row = |at: usize| vec![(at + 1).to_string(), answers[at % 6].to_owned(), format!("{at} 余り")];
    Csv { header: ["id", "text", "rest"].map(str::to_owned).to_vec(), rows: (0..rows).map(row).collect() }
}

fn csv_bytes(csv: &Csv) -> Vec<u8> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&csv.header).expect("written");
    csv.rows.iter().for_each(|row| writer.write_record(row).expect("written"));
    writer.into_inner().expect("written")
}

#[test]
fn packings_encodings_and_row_groups_make_no_difference_to_a_stream() {
    let folder = Folder::small();
    let csv = many(5000);
    folder.write("a.csv", csv_bytes(&csv));
    let expected = folder.run_well(&code(&["a.csv"])).stdout;
    let versions = [WriterVersion::PARQUET_1_0, WriterVersion::PARQUET_2_0];
    let dictionaries = [true, false];
    for (number, (version, dictionary)) in versions.iter().flat_map(|v| dictionaries.map(|d| (*v, d))).enumerate() {
        for (compression, group) in [(Compression::SNAPPY, 5000), (Compression::UNCOMPRESSED, 777)] {
            let builder = WriterProperties::builder().set_writer_version(version).set_dictionary_enabled(dictionary);
            let builder = builder.set_compression(compression).set_data_page_row_count_limit(300);
            let encoding = if number % 2 == 0 { Encoding::DELTA_BYTE_ARRAY } else { Encoding::DELTA_LENGTH_BYTE_ARRAY };
            folder.write("a.parquet", as_parquet(&csv, group, builder.set_encoding(encoding).build()));
            for threads in ["1", "3"] {
                let coded = folder.run_well(&code(&["a.parquet", "--threads", threads])).stdout;
                assert!(coded == expected, "{version:?} {dictionary} {compression:?} {threads}");
            }
        }
    }
    // --skip counts rows, blank ones included; the id may be a number, and the text a category.
    let rest = folder.run_well(&code(&["a.parquet", "--skip", "4999"])).stdout;
    assert!(rest.is_empty() || expected.ends_with(&rest));
    let ids: Vec<Option<i64>> = (1..=5000).map(Some).collect();
    let texts = csv.rows.iter().map(|row| Some(row[1].clone()).filter(|text| !text.is_empty())).collect();
    let schema = "optional int64 id; optional binary text (UTF8);";
    folder.write("b.parquet", parquet(schema, &[Values::Long(ids), Values::Text(texts)], 999, plain()));
    assert!(folder.run_well(&code(&["b.parquet"])).stdout == expected);
    // Without ids the rows are numbered, as they are in CSV.
    let args = ["code", "--codebook", "codebook.toml", "--text", "text", "--question", "rest", "--matrix"];
    let numbered = |file: &str| folder.run_well(&[args.as_slice(), &[file]].concat()).stdout;
    assert!(numbered("a.parquet") == numbered("a.csv"));
}

#[test]
fn values_of_all_types_are_written_as_in_a_sheet() {
    let folder = Folder::small();
    let text = |values: &[&str]| Values::Text(values.iter().map(|text| Some((*text).to_owned())).collect());
    let columns = [
        text(&["補助金", "補助金", "補助金"]),
        Values::Int(vec![Some(-7), None, Some(i32::MAX)]),
        Values::Double(vec![Some(3.0), Some(0.5), Some(-0.0)]),
        Values::Bool(vec![Some(true), Some(false), Some(true)]),
        Values::Int(vec![Some(20_301), Some(0), Some(-1)]),
        Values::Long(vec![Some(1_754_040_600_000), Some(0), Some(1)]),
    ];
    let schema = "optional binary text (UTF8); optional int32 n; optional double x; optional boolean yes;
        optional int32 day (DATE); optional int64 at (TIMESTAMP_MILLIS);";
    folder.write("v.parquet", parquet(schema, &columns, 2, plain()));
    let ids = |column: &str| -> Vec<String> {
        let args = ["code", "--codebook", "codebook.toml", "--text", "text", "--id", column, "--raw", "v.parquet"];
        Csv::parse(folder.run(&args).stdout.as_bytes()).rows.into_iter().map(|row| row[0].clone()).collect()
    };
    assert_eq!(ids("n"), ["-7", "2147483647"], "a row without an id is left out");
    assert_eq!(ids("x"), ["3", "0.5", "0"]);
    assert_eq!(ids("yes"), ["TRUE", "FALSE", "TRUE"]);
    assert_eq!(ids("day"), ["2025-08-01", "1970-01-01", "1969-12-31"]);
    assert_eq!(ids("at"), ["2025-08-01 09:30:00", "1970-01-01 00:00:00", "1970-01-01 00:00:00"]);
}

/// The texts of the columns of a Parquet file, null as `-`.
fn texts(bytes: Vec<u8>, column: usize) -> Vec<String> {
    let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).expect("Parquet");
    let mut found = Vec::new();
    for group in 0..reader.num_row_groups() {
        let group = reader.get_row_group(group).expect("a row group");
        let rows = usize::try_from(group.metadata().num_rows()).expect("a number");
        let (mut levels, mut repeats) = (Vec::new(), Vec::new());
        let values: Vec<String> = match group.get_column_reader(column).expect("a column") {
            ColumnReader::ByteArrayColumnReader(mut reader) => {
                let mut values = Vec::new();
                reader.read_records(rows, Some(&mut levels), Some(&mut repeats), &mut values).expect("read");
                values.iter().map(|value| value.as_utf8().expect("UTF-8").to_owned()).collect()
            }
            ColumnReader::Int32ColumnReader(mut reader) => {
                let mut values = Vec::new();
                reader.read_records(rows, Some(&mut levels), Some(&mut repeats), &mut values).expect("read");
                values.iter().map(i32::to_string).collect()
            }
            _ => panic!("no such column is written"),
        };
        let mut values = values.into_iter();
        if levels.is_empty() {
            found.extend(values);
            continue;
        }
        for (at, level) in levels.iter().enumerate() {
            let value = if *level > 0 { values.next().expect("a value") } else { "-".to_owned() };
            match (repeats.get(at), found.last_mut()) {
                (Some(1), Some(last)) => *last = format!("{last};{value}"),
                _ => found.push(value),
            }
        }
    }
    found
}

#[test]
fn what_is_written_is_what_csv_holds_with_types() {
    let folder = Folder::small();
    folder.write("a.csv", csv_bytes(&many(70_000)));
    for (more, first) in [([].as_slice(), 0), (&["--matrix"], 3)] {
        let args = code(&[more, &["a.csv", "--raw"]].concat());
        let csv = Csv::parse(folder.run_well(&args).stdout.as_bytes());
        let args = [args.as_slice(), &["--format", "parquet", "--out", "a.parquet"]].concat();
        let run = folder.run_well(&[args.as_slice(), &["--threads", "1"]].concat());
        assert_eq!(run.stdout, "");
        let bytes = std::fs::read(folder.path("a.parquet")).expect("written");
        folder.run_well(&[args.as_slice(), &["--threads", "3"]].concat());
        assert!(std::fs::read(folder.path("a.parquet")).expect("written") == bytes, "the same bytes");
        for at in 0..csv.header.len() {
            let is_null = |cell: &String| cell.is_empty() && (csv.header[at] == "stance" || (first > 0 && at >= first));
            let cells: Vec<String> =
                csv.rows.iter().map(|row| if is_null(&row[at]) { "-".to_owned() } else { row[at].clone() }).collect();
            assert!(texts(bytes.clone(), at) == cells, "{}", csv.header[at]);
        }
    }
    // The matrix is read back, and counted as the CSV is.
    let json = |file: &str| -> serde_json::Value {
        let said = folder.run_well(&["tabulate", file, "--format", "json"]).stdout;
        let mut json: serde_json::Value = serde_json::from_str(&said).expect("JSON");
        json["input"] = serde_json::Value::Null;
        json
    };
    let matrix = folder.run_well(&code(&["--matrix", "a.csv"])).stdout;
    folder.write("m.csv", matrix);
    let (one, other) = (json("a.parquet"), json("m.csv"));
    assert_eq!(one["themes"], other["themes"]);
}

fn refused(folder: &Folder, args: &[&str], ja: &str, en: &str) {
    let run = folder.run(args);
    assert_eq!((run.status, run.stdout.as_str()), (2, ""), "{args:?}: {}", run.stderr);
    assert!(run.stderr.contains(ja) && run.stderr.contains("→"), "{ja}: {}", run.stderr);
    let run = folder.run(&[args, &["--lang", "en"]].concat());
    assert!(run.stderr.contains(en), "{en}: {}", run.stderr);
}

#[test]
fn what_is_no_whole_parquet_file_is_refused() {
    let folder = Folder::small();
    let whole = as_parquet(&many(100), 50, plain());
    folder.write("good.parquet", &whole);
    folder.write("cut.parquet", &whole[..whole.len() / 2]);
    folder.write("text.parquet", "id,text\n1,補助金\n");
    folder.write("named.csv", &whole);
    folder.write("empty.parquet", "");
    let mut bad = whole.clone();
    let at = whole.len() - 30;
    bad[at..at + 20].fill(0xFF);
    folder.write("bad.parquet", &bad);
    for (file, ja, en) in [
        ("cut.parquet", "途中で切れています", "is cut off"),
        ("text.parquet", "中身は Parquet ではありません", "the content is not Parquet"),
        ("named.csv", "中身は Parquet のファイルです", "but the content is Parquet"),
        ("bad.parquet", "壊れているか、途中で切れています", "is damaged or cut off"),
        ("empty.parquet", "ファイル", "file"),
    ] {
        let study = common::STUDY.replace("responses.csv", file).replace("\"回答者ID\"", "\"id\"");
        folder.write("study.toml", study);
        if file != "empty.parquet" {
            refused(&folder, &code(&[file]), ja, en);
        }
        refused(&folder, &["run", "study.toml"], ja, en);
    }
    let args = ["code", "--codebook", "codebook.toml", "--text", "txt", "good.parquet"];
    refused(&folder, &args, "「text」のことでしょうか", "Did you mean \"text\"");
    refused(&folder, &code(&["good.parquet", "--out", "good.parquet"]), "上書きする", "would be overwritten");
    let lists = "optional binary id (UTF8); optional group text (LIST) { repeated group list { optional binary element (UTF8); } }";
    let ids = vec![Some("1".to_owned())];
    let list = parquet(lists, &[Values::Text(ids), Values::List(vec!["補助金".to_owned()])], 9, plain());
    folder.write("list.parquet", list);
    refused(&folder, &code(&["list.parquet"]), "型（LIST）のため、読めません", "has a type (LIST)");
    let study = common::STUDY.replace("responses.csv", "list.parquet").replace("\"回答者ID\"", "\"id\"");
    folder.write("study.toml", study.replace("id = \"Q1\"\n", "id = \"Q1\"\ncolumn = \"text\"\n"));
    refused(&folder, &["run", "study.toml"], "型（LIST）のため、読めません", "has a type (LIST)");
}

#[test]
fn cells_that_are_no_text_are_told_with_their_row() {
    let folder = Folder::small();
    let ids = ["1", "2", "3"].map(|id| Some(id.to_owned())).to_vec();
    let bytes = vec![Some("補助金".into()), Some(vec![0x95, 0xE2]), Some("研修\0".into())];
    let schema = "optional binary id (UTF8); optional binary text;";
    folder.write("b.parquet", parquet(schema, &[Values::Text(ids), Values::Bytes(bytes)], 2, plain()));
    let run = folder.run(&code(&["b.parquet", "--raw"]));
    assert_eq!((run.status, run.stdout.lines().count()), (1, 2), "{}", run.stderr);
    assert!(run.stderr.contains("b.parquet 2行 2列\n") && run.stderr.contains("b.parquet 3行 2列\n"), "{}", run.stderr);
}

/// Bytes of a good file changed at random: an error or other cells, and never a crash.
#[test]
fn damage_never_crashes() {
    let folder = Folder::small();
    let builders = [
        WriterProperties::builder(),
        WriterProperties::builder().set_compression(Compression::SNAPPY).set_writer_version(WriterVersion::PARQUET_2_0),
    ];
    let mut seed: u64 = 42;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    let rounds: usize = std::env::var("FUZZ_INPUTS").ok().and_then(|count| count.parse().ok()).unwrap_or(3000);
    let (mut failed, mut read) = (0, 0);
    for builder in builders {
        let whole = as_parquet(&many(40), 25, builder.build());
        let path = folder.path("damaged.parquet");
        for _ in 0..rounds {
            let mut bytes = whole.clone();
            for _ in 0..=next(3) {
                let at = 4 + next(bytes.len() - 8);
                bytes[at] = next(256) as u8;
            }
            std::fs::write(&path, &bytes).expect("written");
            match aftercode::read::table(&path, &aftercode::read::Options::default()) {
                Ok(_) => read += 1,
                Err(error) => {
                    assert!(error.hint.is_some() && error.file.is_some(), "{error:?}");
                    failed += 1;
                }
            }
        }
    }
    assert!(failed > rounds / 20 && read > rounds / 20, "{failed} {read}");
}
