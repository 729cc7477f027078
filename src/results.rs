//! The output folder of a run, as it lies there: its manifest and its files.

mod decided;
mod rows;

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::diagnostic::{Diagnostic, Lang, Result, io_error};
use crate::text;

pub use decided::{Decided, decided};
pub use rows::Rows;

/// The name of the manifest.
pub const MANIFEST: &str = "manifest.json";

/// The results of a run in their folder.
#[derive(Clone, Debug)]
pub struct Results {
    /// The folder, as it was given.
    pub folder: PathBuf,
    /// What `manifest.json` says.
    pub manifest: Value,
}

impl Results {
    /// Opens the folder of a run.
    ///
    /// # Errors
    /// If there is no folder, or its manifest is none that this program can go by.
    pub fn open(folder: &Path) -> Result<Self> {
        let path = folder.join(MANIFEST);
        let found = fs::metadata(folder).map_err(|error| io_error(folder, &error))?;
        if !found.is_dir() {
            return Err(Diagnostic::error(text!(
                "結果のフォルダーではなくファイルです。",
                "This is a file, not the folder of results."
            ))
            .file(folder)
            .hint(text!("manifest.json のあるフォルダーを指定してください。", "Name the folder with manifest.json.")));
        }
        if !path.is_file() {
            return Err(Diagnostic::error(text!(
                "manifest.json がありません。aftercode run の結果のフォルダーではないようです。",
                "There is no manifest.json: this is no folder of results of `aftercode run`."
            ))
            .file(folder)
            .hint(text!("run が書き出したフォルダーを指定してください。", "Name a folder that `run` wrote.")));
        }
        let bytes = fs::read(&path).map_err(|error| io_error(&path, &error))?;
        Ok(Self { folder: folder.to_path_buf(), manifest: manifest(&path, &bytes)? })
    }

    /// Whether they were put together from those of several runs.
    pub fn is_merged(&self) -> bool {
        self.manifest["merged"].is_array()
    }

    /// The language of the files.
    pub fn lang(&self) -> Lang {
        if self.manifest["settings"]["lang"] == "en" { Lang::En } else { Lang::Ja }
    }

    /// Whether the files are for machines.
    pub fn raw(&self) -> bool {
        self.manifest["settings"]["raw"] == true
    }

    /// The study file that the manifest names, seen from where the program runs. `None` if
    /// it names none.
    pub fn study(&self) -> Option<PathBuf> {
        self.manifest["study"]["file"].as_str().map(|file| self.folder.join(file))
    }

    /// Whether the manifest says that the run wrote the file `name`.
    pub fn has(&self, name: &str) -> bool {
        self.manifest["outputs"][name].is_string()
    }

    /// The file `name`.
    ///
    /// # Errors
    /// If it cannot be read.
    pub fn read(&self, name: &str) -> Result<Vec<u8>> {
        let path = self.folder.join(name);
        fs::read(&path).map_err(|error| io_error(&path, &error))
    }

    /// The rows of the CSV file `name`.
    ///
    /// # Errors
    /// If it cannot be read, or is not as a run writes it.
    pub fn rows(&self, name: &str) -> Result<Rows> {
        Rows::parse(&self.read(name)?).map_err(|error| error.file(&self.folder.join(name)))
    }
}

/// `text` on one line, and cut where it is longer than `longest` characters.
pub fn shortened(text: &str, longest: usize) -> String {
    let line = text.replace(['\r', '\n'], "⏎");
    if line.chars().count() <= longest {
        return line;
    }
    let cut: String = line.chars().take(longest).collect();
    cut + "…"
}

/// The manifest in `bytes`, if it holds what this program goes by.
fn manifest(path: &Path, bytes: &[u8]) -> Result<Value> {
    let again = || text!("aftercode run で結果を作り直してください。", "Make the results again with `aftercode run`.");
    let manifest: Value = serde_json::from_slice(bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        let message = if error.is_eof() {
            text!("manifest.json が途中で切れています。", "manifest.json is cut off.")
        } else {
            text!("manifest.json が JSON として読めません。", "manifest.json is no JSON.")
        };
        Diagnostic::error(message).file(path).line(line).column(column).hint(again())
    })?;
    let Some(version) = manifest["aftercode"].as_str() else {
        return Err(Diagnostic::error(text!(
            "この manifest.json は aftercode のものではありません。",
            "This manifest.json is not one of aftercode."
        ))
        .file(path)
        .hint(text!(
            "aftercode run の結果のフォルダーを指定してください。",
            "Name a folder that `aftercode run` wrote."
        )));
    };
    let told = |pointer: &str| manifest.pointer(pointer).is_some_and(Value::is_string);
    let needed = ["/study/sha256", "/input/sha256", "/codebook/sha256", "/codebook/copy", "/settings/lang"];
    // What was merged has as many inputs as parts.
    let is_left_out = |pointer: &str| pointer == "/input/sha256" && manifest["merged"].is_array();
    if let Some(missing) = needed.iter().find(|pointer| !told(pointer) && !is_left_out(pointer)) {
        let missing = missing[1..].replace('/', ".");
        return Err(Diagnostic::error(text!(
            "manifest.json に {missing} がありません（aftercode {version} の結果）。古い版の結果か、書きかえられています。",
            "manifest.json (of aftercode {version}) lacks {missing}: the results are of an older version, or it was edited."
        ))
        .file(path)
        .hint(again()));
    }
    if !manifest["outputs"].is_object() {
        return Err(Diagnostic::error(text!(
            "manifest.json に outputs（書き出したファイルの一覧）がありません。",
            "manifest.json lacks outputs, the list of files."
        ))
        .file(path)
        .hint(again()));
    }
    Ok(manifest)
}
