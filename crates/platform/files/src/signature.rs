//! What a customer writes on the glass: dark lines on white, small, and not empty. Pure and slow.

use std::io::Cursor;

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::imageops::FilterType as Scaling;
use image::{DynamicImage, GrayImage, ImageFormat, ImageReader, Limits, Luma};
use kernel::{Fault, FaultKind};

/// The largest signature that is taken, in bytes.
pub const MAX_SIGNATURE: usize = 300 * 1024;
/// Longest edge that is taken, and that is stored, in pixels.
const LONGEST: u32 = 4_000;
const STORED: u32 = 1_000;
/// Fewer dark pixels are no name.
const INK: usize = 60;
/// Darker than this is ink.
const DARK: u8 = 160;

/// A signature encoded anew.
#[derive(Debug)]
pub(crate) struct Signature {
    pub bytes: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Decodes a PNG of a signature, sets it on white and encodes it anew in shades of grey.
pub(crate) fn encode_anew(bytes: &[u8]) -> Result<Signature, Fault> {
    if bytes.len() > MAX_SIGNATURE {
        return Err(Fault::new(FaultKind::TooLarge, "signature-too-large").with("kilobytes", MAX_SIGNATURE / 1024));
    }
    let damaged = |_error| Fault::new(FaultKind::Invalid, "signature-unreadable");
    let mut reader = ImageReader::with_format(Cursor::new(bytes), ImageFormat::Png);
    let mut limits = Limits::default();
    limits.max_image_width = Some(LONGEST);
    limits.max_image_height = Some(LONGEST);
    limits.max_alloc = Some(u64::from(LONGEST) * u64::from(LONGEST) * 8);
    reader.limits(limits);
    let picture = reader.decode().map_err(damaged)?;
    let picture = if picture.width().max(picture.height()) > STORED {
        picture.resize(STORED, STORED, Scaling::Triangle)
    } else {
        picture
    };
    let pixels = picture.to_luma_alpha8();
    let on_white = GrayImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [shade, alpha] = pixels.get_pixel(x, y).0;
        let mixed = (u16::from(shade) * u16::from(alpha) + 255 * (255 - u16::from(alpha))) / 255;
        Luma([u8::try_from(mixed).unwrap_or(u8::MAX)])
    });
    if on_white.pixels().filter(|pixel| pixel.0[0] < DARK).count() < INK {
        return Err(Fault::new(FaultKind::Invalid, "signature-empty"));
    }
    let (width, height) = on_white.dimensions();
    let mut stored = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut stored, CompressionType::Default, FilterType::Adaptive);
    DynamicImage::ImageLuma8(on_white).write_with_encoder(encoder).map_err(Fault::internal)?;
    Ok(Signature { bytes: stored, width, height })
}
