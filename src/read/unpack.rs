//! gzip and Zstandard, unpacked while they are read; told by their first bytes.

use std::io::{self, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use ruzstd::decoding::FrameDecoder;
use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};

/// A source of bytes that another thread may read.
pub type Bytes = Box<dyn Read + Send>;

const GZIP: [u8; 2] = [0x1F, 0x8B];
const ZSTD: [u8; 4] = [0x28, 0xB5, 0x2F, 0xFD];

/// The content of `source`, and whether it was packed.
pub(super) fn unpacked(mut source: Bytes) -> io::Result<(Bytes, bool)> {
    let mut magic = Vec::new();
    source.by_ref().take(4).read_to_end(&mut magic)?;
    let (gzip, zstd) = (magic.starts_with(&GZIP), is_zstd(&magic));
    let whole = BufReader::with_capacity(1 << 16, Cursor::new(magic).chain(source));
    Ok(match (gzip, zstd) {
        // A file may be several packed ones, one after the other.
        (true, _) => (Box::new(MultiGzDecoder::new(whole)), true),
        (_, true) => (Box::new(Frames { source: whole, decoder: FrameDecoder::new(), within: false }), true),
        _ => (Box::new(whole), false),
    })
}

/// A frame of data, or one to be passed over (0x184D2A50 to 0x184D2A5F).
fn is_zstd(magic: &[u8]) -> bool {
    magic == ZSTD || matches!(magic, [0x50..=0x5F, 0x2A, 0x4D, 0x18])
}

/// The frames of a Zstandard file, one after the other, each against its checksum.
struct Frames<R> {
    source: R,
    decoder: FrameDecoder,
    /// Whether a frame has begun that is not read to its end.
    within: bool,
}

impl<R: io::BufRead> Frames<R> {
    /// Begins the next frame; `false` at the end of the file.
    fn begin(&mut self) -> io::Result<bool> {
        while !self.source.fill_buf()?.is_empty() {
            match self.decoder.reset(&mut self.source) {
                Ok(()) => {
                    self.within = true;
                    return Ok(true);
                }
                Err(FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame { length, .. })) => {
                    let skipped = io::copy(&mut self.source.by_ref().take(u64::from(length)), &mut io::sink())?;
                    if skipped < u64::from(length) {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(error) => return Err(io::Error::new(io::ErrorKind::InvalidData, error)),
            }
        }
        Ok(false)
    }
}

impl<R: io::BufRead> Read for Frames<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        use ruzstd::decoding::BlockDecodingStrategy::UptoBlocks;
        if buffer.is_empty() {
            return Ok(0);
        }
        loop {
            if !self.within && !self.begin()? {
                return Ok(0);
            }
            while self.decoder.can_collect() == 0 && !self.decoder.is_finished() {
                let decoded = self.decoder.decode_blocks(&mut self.source, UptoBlocks(1));
                decoded.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            }
            match self.decoder.read(buffer)? {
                0 => self.within = false,
                length => return Ok(length),
            }
            let written = self.decoder.get_checksum_from_data();
            if written.is_some() && written != self.decoder.get_calculated_checksum() {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "checksum"));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ruzstd::encoding::{CompressionLevel, compress_to_vec};
    use std::io::Write as _;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(text).expect("written");
        encoder.finish().expect("packed")
    }

    fn zstd(text: &[u8]) -> Vec<u8> {
        compress_to_vec(text, CompressionLevel::Fastest)
    }

    fn read(bytes: Vec<u8>) -> io::Result<Vec<u8>> {
        let mut text = Vec::new();
        unpacked(Box::new(Cursor::new(bytes)))?.0.read_to_end(&mut text)?;
        Ok(text)
    }

    #[test]
    fn packed_parts_are_read_one_after_the_other() {
        let long = "補助金がほしい\n".repeat(100_000);
        let long = long.as_bytes();
        for pack in [gzip, zstd] {
            let twice = [pack(long), pack(b""), pack(b"end")].concat();
            assert!(read(twice).expect("whole") == [long, b"end"].concat());
        }
        let skippable = [&[0x50, 0x2A, 0x4D, 0x18, 3, 0, 0, 0, 9, 9, 9], zstd(b"ab").as_slice()].concat();
        assert_eq!(read(skippable).expect("whole"), b"ab");
        for plain in [b"".as_slice(), b"a", b"a,b\n1,2\n"] {
            assert_eq!(read(plain.to_vec()).expect("whole"), plain);
        }
    }

    #[test]
    fn what_is_cut_off_or_changed_is_no_end() {
        let text: Vec<u8> = (0..20_000u32).flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes()).collect();
        for pack in [gzip, zstd] {
            let whole = pack(&text);
            for keep in [5, whole.len() / 2, whole.len() - 1] {
                assert!(read(whole[..keep].to_vec()).is_err(), "{keep} of {}", whole.len());
            }
            let mut changed = whole.clone();
            let at = whole.len() - 100;
            changed[at] ^= 0x40;
            assert!(read(changed).is_err());
        }
    }
}
