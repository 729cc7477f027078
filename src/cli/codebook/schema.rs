//! `aftercode codebook schema`.

use std::io::Write as _;

use aftercode::diagnostic::Lang;

use crate::cli::{Done, Failure};

/// Prints the JSON Schema of codebook files.
pub fn schema(lang: Lang) -> Result<Done, Failure> {
    writeln!(std::io::stdout().lock(), "{:#}", aftercode::codebook::schema::schema(lang))?;
    Ok(Done::Well)
}
