//! Pictures are decoded and encoded anew: only pixels survive. Pure and slow; runs on a thread for blocking work.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, Rgb, RgbImage};
use kernel::{Fault, FaultKind};

use crate::check::{Kind, MAX_PIXELS, Sniffed};

/// Longer edge of a thumbnail, in pixels.
const THUMBNAIL: u32 = 320;
const QUALITY: u8 = 85;
const THUMBNAIL_QUALITY: u8 = 78;
/// Bytes that a decoder may take: the largest picture in 8-bit RGBA, and working space.
const MEMORY: u64 = MAX_PIXELS * 4 + 64 * 1024 * 1024;

/// A picture encoded anew.
#[derive(Debug)]
pub(crate) struct Picture {
    pub bytes: Vec<u8>,
    pub kind: Kind,
    pub width: u32,
    pub height: u32,
    /// JPEG, at most 320 pixels long.
    pub thumbnail: Vec<u8>,
}

/// Decodes `bytes`, turns the picture upright, drops everything but the pixels.
pub(crate) fn encode_anew(bytes: &[u8], sniffed: Sniffed) -> Result<Picture, Fault> {
    let format = match sniffed {
        Sniffed::Jpeg => ImageFormat::Jpeg,
        Sniffed::Png => ImageFormat::Png,
        Sniffed::Webp => ImageFormat::WebP,
        Sniffed::Pdf | Sniffed::Text => return Err(Fault::internal("not a picture")),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    // The size in the header is checked before anything is decoded; the memory limit holds for headers that lie.
    reader.no_limits();
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    let too_large = || {
        Fault::new(FaultKind::TooLarge, "file-pixels")
            .with("width", width)
            .with("height", height)
            .with("megapixels", MAX_PIXELS / 1_000_000)
    };
    if u64::from(width) * u64::from(height) > MAX_PIXELS {
        return Err(too_large());
    }
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(MEMORY);
    if decoder.set_limits(limits).is_err() {
        return Err(too_large());
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = match DynamicImage::from_decoder(decoder) {
        Ok(picture) => picture,
        // Few pixels with many bits each.
        Err(ImageError::Limits(_)) => return Err(too_large()),
        Err(error) => return Err(damaged(error)),
    };
    picture.apply_orientation(orientation);

    let small = picture.thumbnail(THUMBNAIL, THUMBNAIL);
    // `thumbnail` also enlarges; a stamp stays as small as it is.
    let small = if picture.width().max(picture.height()) <= THUMBNAIL { picture.clone() } else { small };
    let thumbnail = jpeg(&on_white(&small), THUMBNAIL_QUALITY)?;

    let transparent = picture.color().has_alpha() && !is_opaque(&picture);
    let kind = match sniffed {
        Sniffed::Png => Kind::Png,
        // A lossless copy of a lossy photo would be many times as large.
        Sniffed::Webp if transparent => Kind::Png,
        Sniffed::Jpeg | Sniffed::Webp | Sniffed::Pdf | Sniffed::Text => Kind::Jpeg,
    };
    let (width, height) = (picture.width(), picture.height());
    let bytes = match kind {
        Kind::Png => png(picture, transparent)?,
        Kind::Jpeg | Kind::Pdf | Kind::Text => jpeg(&picture.into_rgb8(), QUALITY)?,
    };
    Ok(Picture { bytes, kind, width, height, thumbnail })
}

fn damaged(cause: image::ImageError) -> Fault {
    tracing::info!(%cause, "a picture could not be decoded");
    Fault::new(FaultKind::Invalid, "file-damaged")
}

fn is_opaque(picture: &DynamicImage) -> bool {
    match picture {
        DynamicImage::ImageRgba8(pixels) => pixels.pixels().all(|pixel| pixel.0[3] == u8::MAX),
        DynamicImage::ImageLumaA8(pixels) => pixels.pixels().all(|pixel| pixel.0[1] == u8::MAX),
        _ => picture.to_rgba8().pixels().all(|pixel| pixel.0[3] == u8::MAX),
    }
}

fn png(picture: DynamicImage, transparent: bool) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Default, FilterType::Adaptive);
    let plain = match picture {
        DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_) => picture,
        other if transparent => DynamicImage::ImageRgba8(other.into_rgba8()),
        other => DynamicImage::ImageRgb8(other.into_rgb8()),
    };
    plain.write_with_encoder(encoder).map_err(Fault::internal)?;
    Ok(bytes)
}

fn jpeg(pixels: &RgbImage, quality: u8) -> Result<Vec<u8>, Fault> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(pixels).map_err(Fault::internal)?;
    Ok(bytes)
}

/// The picture on white paper, where JPEG would make transparency black.
fn on_white(picture: &DynamicImage) -> RgbImage {
    if !picture.color().has_alpha() {
        return picture.to_rgb8();
    }
    let pixels = picture.to_rgba8();
    RgbImage::from_fn(pixels.width(), pixels.height(), |x, y| {
        let [r, g, b, a] = pixels.get_pixel(x, y).0;
        let blend = |c: u8| {
            let mixed = (u16::from(c) * u16::from(a) + 255 * (255 - u16::from(a)) + 127) / 255;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Rgb([blend(r), blend(g), blend(b)])
    })
}
