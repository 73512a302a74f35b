//! What a file is and whether it is taken: pure.

use kernel::{Fault, FaultKind};

/// Largest file, in bytes.
pub const MAX_SIZE: usize = 10 * 1024 * 1024;
/// Most pixels of a picture.
pub const MAX_PIXELS: u64 = 40_000_000;

/// What is stored and served.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A picture, shown inline.
    Jpeg,
    /// A picture, shown inline.
    Png,
    /// A download.
    Pdf,
    /// A download.
    Text,
}

impl Kind {
    /// The media type, as stored.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
        }
    }
    /// Reads the stored media type.
    pub fn parse(text: &str) -> Option<Self> {
        [Self::Jpeg, Self::Png, Self::Pdf, Self::Text].into_iter().find(|kind| kind.media_type() == text)
    }
    /// True for what browsers may show in a page.
    pub const fn is_picture(self) -> bool {
        match self {
            Self::Jpeg | Self::Png => true,
            Self::Pdf | Self::Text => false,
        }
    }
    /// The end of its names.
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Jpeg => &["jpg", "jpeg"],
            Self::Png => &["png"],
            Self::Pdf => &["pdf"],
            Self::Text => &["txt", "csv", "log", "md"],
        }
    }
}

/// What the bytes of an upload are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sniffed {
    Jpeg,
    Png,
    Webp,
    Pdf,
    Text,
}

impl Sniffed {
    fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Pdf => "application/pdf",
            Self::Text => "text/plain",
        }
    }
    fn agrees(self, declared: &str) -> bool {
        match declared {
            // Browsers and phones that do not know say one of these.
            "" | "application/octet-stream" | "binary/octet-stream" => true,
            "image/jpg" | "image/pjpeg" => self == Self::Jpeg,
            "application/x-pdf" => self == Self::Pdf,
            // A sheet of comma-separated values has no marks of its own; Windows calls it Excel.
            "application/csv" | "application/vnd.ms-excel" => self == Self::Text,
            text if text.starts_with("text/") => self == Self::Text && !matches!(text, "text/html" | "text/javascript"),
            other => other == self.media_type(),
        }
    }
}

/// Looks at the bytes and compares with what the sender says (`declared`, a media type or nothing).
pub(crate) fn sniff(bytes: &[u8], declared: Option<&str>) -> Result<Sniffed, Fault> {
    if bytes.is_empty() {
        return Err(Fault::new(FaultKind::Invalid, "file-empty"));
    }
    if bytes.len() > MAX_SIZE {
        return Err(Fault::new(FaultKind::TooLarge, "file-too-large").with("megabytes", MAX_SIZE / 1024 / 1024));
    }
    let found = look(bytes)?;
    let declared = declared.unwrap_or_default().split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if found.agrees(&declared) {
        Ok(found)
    } else {
        let fault = Fault::new(FaultKind::MediaType, "file-mismatch");
        Err(fault.with("found", found.media_type()).with("declared", declared))
    }
}

/// How programs begin, also cut-off ones: Windows, Linux, Java and macOS (both byte orders and widths), WebAssembly, Android.
const PROGRAMS: [&[u8]; 8] = [
    b"MZ",
    b"\x7fELF",
    b"\xca\xfe\xba\xbe",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\0asm",
    b"dex\n",
];

fn look(bytes: &[u8]) -> Result<Sniffed, Fault> {
    let program = || Fault::new(FaultKind::MediaType, "file-program");
    let other = || Fault::new(FaultKind::MediaType, "file-kind");
    if infer::is_app(bytes) || PROGRAMS.iter().any(|mark| bytes.starts_with(mark)) {
        return Err(program());
    }
    match infer::get(bytes).map(|found| found.mime_type()) {
        Some("image/jpeg") => Ok(Sniffed::Jpeg),
        Some("image/png") => Ok(Sniffed::Png),
        Some("image/webp") => Ok(Sniffed::Webp),
        Some("application/pdf") => Ok(Sniffed::Pdf),
        Some("text/html" | "text/x-shellscript" | "text/xml") => Err(program()),
        // Plain text has no marks, but a few words at its start look like some (BM, ID3 …).
        Some(_) | None => match std::str::from_utf8(bytes) {
            Ok(text) if is_plain(text) => {
                if looks_active(text) {
                    Err(program())
                } else {
                    Ok(Sniffed::Text)
                }
            }
            Ok(_) | Err(_) => Err(other()),
        },
    }
}

/// Text for reading: no control characters but line ends, tabs and page breaks.
fn is_plain(text: &str) -> bool {
    text.chars().all(|c| !c.is_control() || matches!(c, '\n' | '\r' | '\t' | '\u{c}'))
}

/// Text that some program would run or draw when it is opened: scripts, web pages, SVG.
fn looks_active(text: &str) -> bool {
    let start: String =
        text.trim_start_matches('\u{feff}').trim_start().chars().take(2_000).collect::<String>().to_ascii_lowercase();
    let first = ["#!", "<?", "<!doctype", "<!--", "@echo", "{\\rtf"];
    let anywhere = ["<html", "<script", "<svg", "<iframe", "<body", "<head", "<object", "javascript:"];
    first.iter().any(|mark| start.starts_with(mark)) || anywhere.iter().any(|mark| start.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(bytes: &[u8], declared: &str) -> &'static str {
        match sniff(bytes, Some(declared)) {
            Ok(_) => "taken",
            Err(fault) => fault.code(),
        }
    }

    #[test]
    fn programs_and_pages_are_refused_whatever_they_call_themselves() {
        for bytes in [
            &b"MZ\x90\0\x03\0\0\0"[..],
            b"\x7fELF\x02\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x3e\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0",
            b"\xca\xfe\xba\xbe\0\0\0\x34",
            b"#!/bin/sh\nrm -rf /\n",
            b"<!DOCTYPE html><p>hi",
            b"  \n<html><script>alert(1)</script>",
            b"<svg xmlns=\"http://www.w3.org/2000/svg\" onload=\"alert(1)\"/>",
            b"<?xml version=\"1.0\"?><svg/>",
            "\u{feff}<script>alert(1)</script>".as_bytes(),
            b"@echo off\r\ndel *.*\r\n",
        ] {
            assert_eq!(code(bytes, "image/jpeg"), "file-program", "{:?}", String::from_utf8_lossy(bytes));
        }
    }

    #[test]
    fn only_the_named_kinds_are_taken() {
        assert_eq!(code(b"GIF89a\x01\0\x01\0", "image/gif"), "file-kind");
        assert_eq!(code(b"PK\x03\x04\x14\0\0\0\x08\0", "application/zip"), "file-kind");
        assert_eq!(code(b"\0\x01\x02\x03", ""), "file-kind");
        assert_eq!(code(b"text with \0 inside", "text/plain"), "file-kind");
        assert_eq!(code(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", "application/pdf"), "taken");
        assert_eq!(code("型号,数量\nA,1\n".as_bytes(), "text/csv; charset=utf-8"), "taken");
        assert_eq!(code(b"BM is short for bookmark", "text/plain"), "taken");
        assert_eq!(code(b"", "text/plain"), "file-empty");
        assert_eq!(code(&vec![b'a'; MAX_SIZE + 1], "text/plain"), "file-too-large");
        assert_eq!(code(&vec![b'a'; MAX_SIZE], "text/plain"), "taken");
    }

    #[test]
    fn what_the_sender_says_must_agree_with_the_bytes() {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert_eq!(code(png, "image/png"), "taken");
        assert_eq!(code(png, "application/octet-stream"), "taken");
        assert_eq!(code(png, "image/jpeg"), "file-mismatch");
        assert_eq!(code(b"hello", "image/png"), "file-mismatch");
        assert_eq!(code(b"hello", "text/html"), "file-mismatch");
        assert!(sniff(png, None).is_ok());
    }
}
