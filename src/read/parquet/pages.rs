//! Pages of a column, unpacked here rather than by the `parquet` crate: so that a page
//! cannot become larger than [`MAX_PAGE`], whatever it claims, and no C library is needed.

use std::io::Read;

use bytes::Bytes;
use parquet::basic::CompressionCodec;
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};

/// The largest page that is unpacked. Writers make pages of about 1 MiB.
const MAX_PAGE: u64 = 1 << 29;

/// How the pages of a column are packed.
#[derive(Clone, Copy, Debug)]
pub(super) enum Packing {
    Plain,
    Snappy,
    Gzip,
    Zstd,
}

impl Packing {
    /// The packing, if it can be unpacked.
    pub(super) const fn of(codec: CompressionCodec) -> Option<Self> {
        match codec {
            CompressionCodec::UNCOMPRESSED => Some(Self::Plain),
            CompressionCodec::SNAPPY => Some(Self::Snappy),
            CompressionCodec::GZIP => Some(Self::Gzip),
            CompressionCodec::ZSTD => Some(Self::Zstd),
            _ => None,
        }
    }

    fn unpack(self, packed: Bytes) -> Result<Bytes> {
        let source: &[u8] = &packed;
        if source.is_empty() {
            return Ok(packed);
        }
        match self {
            Self::Plain => Ok(packed),
            Self::Snappy => {
                let size = snap::raw::decompress_len(source).map_err(external)?;
                if size as u64 > MAX_PAGE {
                    return Err(too_large());
                }
                snap::raw::Decoder::new().decompress_vec(source).map(Bytes::from).map_err(external)
            }
            Self::Gzip => limited(flate2::read::MultiGzDecoder::new(source)),
            Self::Zstd => limited(ruzstd::decoding::StreamingDecoder::new(source).map_err(external)?),
        }
    }
}

fn limited(source: impl Read) -> Result<Bytes> {
    let mut unpacked = Vec::new();
    source.take(MAX_PAGE + 1).read_to_end(&mut unpacked)?;
    if unpacked.len() as u64 > MAX_PAGE { Err(too_large()) } else { Ok(unpacked.into()) }
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> ParquetError {
    ParquetError::External(Box::new(error))
}

fn too_large() -> ParquetError {
    ParquetError::General(format!("a page is larger than {} MiB", MAX_PAGE >> 20))
}

/// Pages that `inner` gives as they are stored, unpacked.
pub(super) struct Unpacked<P> {
    pub(super) inner: P,
    pub(super) packing: Packing,
}

impl<P: PageReader> Unpacked<P> {
    fn unpack(&self, page: Page) -> Result<Page> {
        let packing = self.packing;
        Ok(match page {
            Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, statistics } => {
                let buf = packing.unpack(buf)?;
                Page::DataPage { buf, num_values, encoding, def_level_encoding, rep_level_encoding, statistics }
            }
            Page::DictionaryPage { buf, num_values, encoding, is_sorted } => {
                Page::DictionaryPage { buf: packing.unpack(buf)?, num_values, encoding, is_sorted }
            }
            Page::DataPageV2 {
                buf,
                num_values,
                encoding,
                num_nulls,
                num_rows,
                def_levels_byte_len,
                rep_levels_byte_len,
                is_compressed,
                statistics,
            } => {
                // The levels stand before the values and are never packed.
                let levels = (def_levels_byte_len as usize).saturating_add(rep_levels_byte_len as usize);
                if levels > buf.len() {
                    return Err(ParquetError::General("the levels of a page are cut off".to_owned()));
                }
                let buf = if is_compressed && !matches!(packing, Packing::Plain) {
                    [&buf[..levels], &packing.unpack(buf.slice(levels..))?].concat().into()
                } else {
                    buf
                };
                Page::DataPageV2 {
                    buf,
                    num_values,
                    encoding,
                    num_nulls,
                    num_rows,
                    def_levels_byte_len,
                    rep_levels_byte_len,
                    is_compressed: false,
                    statistics,
                }
            }
        })
    }
}

impl<P: PageReader> Iterator for Unpacked<P> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<P: PageReader> PageReader for Unpacked<P> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        self.inner.get_next_page()?.map(|page| self.unpack(page)).transpose()
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write as _;

    #[test]
    fn a_page_that_grows_without_end_is_refused() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        let zeros = vec![0; 1 << 20];
        for _ in 0..=MAX_PAGE >> 20 {
            gzip.write_all(&zeros).expect("packed");
        }
        let page = Bytes::from(gzip.finish().expect("packed"));
        assert!(page.len() < 16 << 20);
        assert!(Packing::Gzip.unpack(page).expect_err("too large").to_string().contains("512 MiB"));
        // Snappy says before how large it will be.
        let mut snappy = snap::raw::Encoder::new().compress_vec(b"small").expect("packed");
        snappy.splice(..1, [0xFF, 0xFF, 0xFF, 0xFF, 0x0F]);
        assert!(Packing::Snappy.unpack(snappy.into()).expect_err("too large").to_string().contains("512 MiB"));
    }

    #[test]
    fn pages_are_unpacked() {
        let text = "補助金がほしい".repeat(100).into_bytes();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&text).expect("packed");
        let zstd = ruzstd::encoding::compress_to_vec(&*text, ruzstd::encoding::CompressionLevel::Fastest);
        let snappy = snap::raw::Encoder::new().compress_vec(&text).expect("packed");
        let packed =
            [(Packing::Gzip, gzip.finish().expect("packed")), (Packing::Zstd, zstd), (Packing::Snappy, snappy)];
        for (packing, bytes) in packed {
            assert!(packing.unpack(bytes.clone().into()).expect("unpacked") == text);
            assert!(packing.unpack(Bytes::copy_from_slice(&bytes[..bytes.len() / 2])).is_err(), "{packing:?}");
        }
        assert!(Packing::Plain.unpack(text.clone().into()).expect("as it is") == text);
    }
}
