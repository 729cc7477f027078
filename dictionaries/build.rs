//! Compiles IPADIC and the domain terms into lindera's binary form.
//!
//! Unpacks `ipadic.tar.xz`, appends `terms.csv` as one more lexicon file and lets
//! lindera's own builder write the dictionary to `OUT_DIR`. No network.

use std::error::Error;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use lindera_dictionary::builder::DictionaryBuilder;
use lindera_dictionary::dictionary::metadata::Metadata;
use sha2::{Digest, Sha256};

fn main() -> Result<(), Box<dyn Error>> {
    for file in ["ipadic.tar.xz", "ipadic.tar.xz.sha256", "metadata.json", "terms.csv"] {
        println!("cargo::rerun-if-changed={file}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(std::env::var("OUT_DIR")?);
    let source = out.join("source");
    if source.exists() {
        fs::remove_dir_all(&source)?;
    }
    fs::create_dir_all(&source)?;

    unpack(Path::new("ipadic.tar.xz"), &source)?;
    append_terms(Path::new("terms.csv"), &source.join("zz-terms.csv"))?;

    let metadata: Metadata = serde_json::from_str(&fs::read_to_string("metadata.json")?)?;
    DictionaryBuilder::new(metadata)
        .build_dictionary(&source, &out.join("lindera-ipadic"))
        .map_err(|error| format!("building the dictionary failed: {error}"))?;
    fs::remove_dir_all(&source)?;
    println!("cargo::rustc-env=LINDERA_WORKDIR={}", out.display());
    println!("cargo::rustc-env=AFTERCODE_DICTIONARY_SHA256={}", digest(&out.join("lindera-ipadic"))?);
    Ok(())
}

fn unpack(archive: &Path, target: &Path) -> Result<(), Box<dyn Error>> {
    let bytes = fs::read(archive)?;
    let expected = fs::read_to_string("ipadic.tar.xz.sha256")?;
    let actual = hex(&Sha256::digest(&bytes));
    if !expected.starts_with(&actual) {
        return Err(format!("{} does not have the recorded checksum", archive.display()).into());
    }
    let reader = lzma_rust2::XzReader::new(bytes.as_slice(), false);
    tar::Archive::new(reader).unpack(target)?;
    Ok(())
}

/// Writes each term as an IPADIC row. The cost falls faster than the length, so that
/// a term beats both its parts and two shorter terms (医師会病院 against 医師会 + 病院).
/// Terms of Latin letters alone are one unknown word anyway; as entries they would
/// cut longer Latin words.
fn append_terms(terms: &Path, lexicon: &Path) -> Result<(), Box<dyn Error>> {
    let mut out = fs::File::create(lexicon)?;
    for record in csv::Reader::from_path(terms)?.records() {
        let record = record?;
        let (surface, base, pos, reading) = (&record[0], &record[1], &record[2], &record[3]);
        let context = match pos {
            "名詞,一般" => 1285,
            "名詞,サ変接続" => 1283,
            "名詞,固有名詞,一般" => 1288,
            "名詞,固有名詞,組織" => 1292,
            other => return Err(format!("terms.csv: unknown part of speech {other:?} of {surface}").into()),
        };
        if surface.is_ascii() {
            continue;
        }
        let length = surface.chars().count() as i32;
        let cost = (-2_000 * length - 100 * length * length).max(-32_000);
        let stars = ",*".repeat(6 - pos.matches(',').count() - 1);
        let surface = surface.to_lowercase();
        let base = base.to_lowercase();
        writeln!(out, "{surface},{context},{context},{cost},{pos}{stars},{base},{reading},{reading}")?;
    }
    Ok(())
}

/// One checksum over all files of the built dictionary, in name order.
fn digest(dictionary: &Path) -> Result<String, Box<dyn Error>> {
    let mut names: Vec<_> = fs::read_dir(dictionary)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    names.sort();
    let mut hash = Sha256::new();
    for name in names {
        hash.update(name.file_name().unwrap_or_default().as_encoded_bytes());
        hash.update(fs::read(&name)?);
    }
    Ok(hex(&hash.finalize()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
