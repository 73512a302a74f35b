//! Pictures made for the tests.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::codecs::webp::WebPEncoder;
use image::{ImageFormat, ImageReader, Rgb, RgbImage, Rgba, RgbaImage};

fn pixels(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, y| Rgb([(x % 256) as u8, (y % 256) as u8, 128]))
}

/// A JPEG with an Exif block that holds `orientation`, a place and a camera's serial number.
pub fn jpeg_with_gps(width: u32, height: u32, orientation: u16) -> Vec<u8> {
    let mut plain = Vec::new();
    JpegEncoder::new(&mut plain).encode_image(&pixels(width, height)).unwrap();
    // TIFF, little endian: IFD0 with Orientation (0x0112), a pointer to the GPS IFD (0x8825) and an image description.
    let text = b"SECRET-PLACE 31.2304N 121.4737E\0";
    let mut tiff = b"II*\0\x08\0\0\0".to_vec();
    tiff.extend_from_slice(&3_u16.to_le_bytes());
    let mut entry = |tag: u16, kind: u16, count: u32, value: u32| {
        tiff.extend_from_slice(&tag.to_le_bytes());
        tiff.extend_from_slice(&kind.to_le_bytes());
        tiff.extend_from_slice(&count.to_le_bytes());
        tiff.extend_from_slice(&value.to_le_bytes());
    };
    let after_ifd0 = 8 + 2 + 3 * 12 + 4;
    entry(0x010e, 2, text.len() as u32, after_ifd0);
    entry(0x0112, 3, 1, u32::from(orientation));
    entry(0x8825, 4, 1, after_ifd0 + text.len() as u32);
    tiff.extend_from_slice(&0_u32.to_le_bytes());
    tiff.extend_from_slice(text);
    // GPS IFD: latitude reference N.
    tiff.extend_from_slice(&1_u16.to_le_bytes());
    tiff.extend_from_slice(&[1, 0, 2, 0, 2, 0, 0, 0, b'N', 0, 0, 0]);
    tiff.extend_from_slice(&0_u32.to_le_bytes());
    let block = [b"Exif\0\0".as_slice(), &tiff].concat();
    let length = (block.len() as u16 + 2).to_be_bytes();
    [&plain[..2], &[0xff, 0xe1], &length, &block, &plain[2..]].concat()
}

/// A JPEG whose header claims another size.
pub fn jpeg_with_size(width: u16, height: u16) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new(&mut bytes).encode_image(&pixels(8, 8)).unwrap();
    let frame = bytes.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
    bytes[frame + 5..frame + 7].copy_from_slice(&height.to_be_bytes());
    bytes[frame + 7..frame + 9].copy_from_slice(&width.to_be_bytes());
    bytes
}

/// A PNG, with a text block when given.
pub fn png(width: u32, height: u32, text: Option<&[u8]>) -> Vec<u8> {
    let mut bytes = Vec::new();
    pixels(width, height).write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png).unwrap();
    if let Some(text) = text {
        let block = chunk(b"tEXt", &[b"Comment\0".as_slice(), text].concat());
        bytes.splice(33..33, block);
    }
    bytes
}

/// The first bytes of a PNG of this size, with nothing behind.
pub fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = Vec::new();
    header.extend_from_slice(&width.to_be_bytes());
    header.extend_from_slice(&height.to_be_bytes());
    header.extend_from_slice(&[8, 2, 0, 0, 0]);
    // A few bytes of a zlib stream, as a bomb would begin.
    [
        b"\x89PNG\r\n\x1a\n".as_slice(),
        &chunk(b"IHDR", &header),
        &chunk(b"IDAT", &[0x78, 0x9c, 0x03, 0x00]),
        &chunk(b"IEND", b""),
    ]
    .concat()
}

fn chunk(name: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let body = [name.as_slice(), data].concat();
    let mut crc = u32::MAX;
    for byte in &body {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    [&(data.len() as u32).to_be_bytes(), body.as_slice(), &(!crc).to_be_bytes()].concat()
}

/// A WebP with this much of every pixel showing.
pub fn webp(width: u32, height: u32, alpha: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let pixels = RgbaImage::from_fn(width, height, |x, y| Rgba([(x % 256) as u8, (y % 256) as u8, 9, alpha]));
    pixels.write_with_encoder(WebPEncoder::new_lossless(&mut bytes)).unwrap();
    bytes
}

pub fn size(bytes: &[u8]) -> (u32, u32) {
    ImageReader::new(Cursor::new(bytes)).with_guessed_format().unwrap().into_dimensions().unwrap()
}

pub fn contains(bytes: &[u8], mark: &[u8]) -> bool {
    bytes.windows(mark.len()).any(|window| window == mark)
}
