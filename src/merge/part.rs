//! One part: a folder with the results of a run, or of a merge.

use std::fs::File;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::diagnostic::{Diagnostic, Result, io_error};
use crate::digest::{hex, sha256};
use crate::report::PendingFile;
use crate::text;

/// The files whose rows are put together.
pub(super) const ROWS: [&str; 3] = ["codings.csv", "matrix.csv", "review.csv"];

/// Results in a folder.
pub(super) struct Part {
    pub(super) folder: PathBuf,
    pub(super) manifest: Value,
    sha256: String,
}

impl Part {
    /// Reads the manifest and checks that the files are those it speaks of.
    ///
    /// # Errors
    /// If the folder holds no whole result.
    pub(super) fn open(folder: &Path) -> Result<Self> {
        let path = folder.join("manifest.json");
        let bytes = std::fs::read(&path).map_err(|error| {
            io_error(&path, &error).hint(text!(
                "aftercode run の出力先のフォルダーを指定してください。",
                "Name the output folder of an aftercode run."
            ))
        })?;
        let manifest: Value = serde_json::from_slice(&bytes).map_err(|error| {
            again(Diagnostic::error(text!(
                "manifest.json を読めません: {error}",
                "manifest.json cannot be read: {error}"
            )))
            .file(&path)
        })?;
        let part = Self { folder: folder.to_path_buf(), manifest, sha256: sha256(&bytes) };
        for name in ROWS {
            let path = part.folder.join(name);
            let sum = sum(&path).map_err(|error| io_error(&path, &error))?;
            if part.manifest["outputs"][name].as_str() != Some(&sum) {
                return Err(again(Diagnostic::error(text!(
                    "{name} が、実行したときから変わっています（manifest.json のチェックサムと合いません）。",
                    "{name} was changed after the run: it does not match its checksum in manifest.json."
                )))
                .file(&path));
            }
        }
        Ok(part)
    }

    /// Whether the result has a file of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.manifest["outputs"][name].is_string()
    }

    /// Whether rows of its input were left out.
    pub(super) fn has_left_out(&self) -> bool {
        let mut notes = self.manifest["notes"].as_array().into_iter().flatten();
        notes.any(|note| note["severity"] == "skipped")
    }

    /// What the manifest of the merged result says of it.
    pub(super) fn record(&self) -> Value {
        let folder = self.folder.file_name().map(|name| name.to_string_lossy().into_owned());
        json!({
            "folder": folder,
            "manifest_sha256": self.sha256,
            "input": self.manifest["input"],
            "merged": self.manifest["merged"],
            "respondents": self.manifest["counts"]["respondents"],
        })
    }
}

/// Adds the way out where a result is not what a run wrote.
pub(super) fn again(error: Box<Diagnostic>) -> Box<Diagnostic> {
    error.hint(text!(
        "その部分の aftercode run をやり直し、フォルダーごとコピーしてください。",
        "Do the aftercode run of that part again, and copy the whole folder."
    ))
}

fn sum(path: &Path) -> io::Result<String> {
    let (mut file, mut digest, mut buffer) = (File::open(path)?, Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&digest.finalize())),
            length => digest.update(&buffer[..length]),
        }
    }
}

/// A file with the checksum of what was written to it.
pub(super) struct Summed {
    file: PendingFile,
    digest: Sha256,
}

impl Summed {
    pub(super) fn new(file: PendingFile) -> Self {
        Self { file, digest: Sha256::new() }
    }

    /// The file and its checksum.
    pub(super) fn finish(self) -> (PendingFile, String) {
        (self.file, hex(&self.digest.finalize()))
    }
}

impl Write for Summed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let length = self.file.write(bytes)?;
        self.digest.update(&bytes[..length]);
        Ok(length)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}
