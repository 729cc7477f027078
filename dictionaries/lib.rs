//! The dictionary data of aftercode, compiled into the binary.
//!
//! * IPADIC with the domain terms of `terms.csv`, for the morphological analyzer;
//! * `variants.csv`, spellings folded to one before matching;
//! * `fillers.toml`, whole answers without content.
//!
//! `NOTICE` beside this file holds IPADIC's licence and provenance.

/// The analyzer's dictionary, embedded by lindera's macro.
mod embedded {
    #![allow(missing_docs, reason = "the macro of lindera-dictionary writes these items")]
    lindera_dictionary::embedded_dictionary!("/lindera-ipadic", EmbeddedIpadic);
}

/// Loads IPADIC with the domain terms. The data stay where the binary holds them.
///
/// # Errors
/// Only if the binary was built with another version of lindera's format.
pub fn load() -> lindera_dictionary::LinderaResult<lindera_dictionary::dictionary::Dictionary> {
    embedded::load()
}

/// Checksum (SHA-256, hexadecimal) of the embedded dictionary, terms included.
pub const DICTIONARY_SHA256: &str = env!("AFTERCODE_DICTIONARY_SHA256");

/// Domain terms as CSV: `surface,base,pos,reading`.
pub const TERMS_CSV: &str = include_str!("terms.csv");

/// Spelling variants as CSV: `variant,canonical`.
pub const VARIANTS_CSV: &str = include_str!("variants.csv");

/// Patterns of whole answers without content, as TOML.
pub const FILLERS_TOML: &str = include_str!("fillers.toml");

/// Licence and provenance of the dictionary data.
pub const NOTICE: &str = include_str!("NOTICE");
