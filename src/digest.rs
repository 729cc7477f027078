//! Checksums as every file of aftercode writes them: SHA-256, lower-case hexadecimal.

use std::borrow::Cow;
use std::io::{self, Write};

use sha2::{Digest as _, Sha256};

/// The checksum of `bytes`.
pub fn sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// The checksum of a file that people edit: of text with its line ends as LF, so that two
/// machines that write them differently agree; of anything else (workbooks, UTF-16) as it is.
pub fn sha256_of_file(bytes: &[u8]) -> String {
    sha256(&with_lf(bytes))
}

/// Text with each CRLF as LF. What holds a NUL is no text whose bytes are characters.
fn with_lf(bytes: &[u8]) -> Cow<'_, [u8]> {
    if bytes.contains(&0) || !bytes.contains(&b'\r') {
        return Cow::Borrowed(bytes);
    }
    let ends = |at: usize| bytes[at] == b'\r' && bytes.get(at + 1) == Some(&b'\n');
    Cow::Owned((0..bytes.len()).filter(|&at| !ends(at)).map(|at| bytes[at]).collect())
}

/// A finished checksum in hexadecimal.
pub fn hex(digest: &[u8]) -> String {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Writes on, and adds up the checksum of what was written.
pub struct Sums<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Sums<W> {
    /// Nothing is written yet.
    pub fn new(out: W) -> Self {
        Self { out, digest: Sha256::new() }
    }

    /// What was written to, and the checksum.
    pub fn finish(self) -> (W, String) {
        (self.out, hex(&self.digest.finalize()))
    }
}

impl<W: Write> Write for Sums<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn line_ends_of_text_make_no_difference() {
        assert_eq!(sha256_of_file(b"a\r\nb\r\n"), sha256(b"a\nb\n"));
        // A lone CR is no line end of ours, and what holds NUL is no text.
        assert_eq!(sha256_of_file(b"a\rb\r"), sha256(b"a\rb\r"));
        assert_eq!(sha256_of_file(b"P\0\r\n"), sha256(b"P\0\r\n"));
    }

    /// FIPS 180-2, appendix B.1.
    #[test]
    fn published_value() {
        let mut sums = Sums::new(Vec::new());
        sums.write_all(b"a").and_then(|()| sums.write_all(b"bc")).expect("memory");
        assert_eq!(sums.finish(), (b"abc".to_vec(), sha256(b"abc")));
        assert_eq!(sha256(b"abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    }
}
