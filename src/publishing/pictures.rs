//! From an uploaded file to a picture that may be published: checked, turned upright, stripped, resized.

use std::fmt;
use std::io::Cursor;

use aws_lc_rs::digest;
use image::codecs::gif::GifDecoder;
use image::codecs::jpeg::{JpegDecoder, JpegEncoder};
use image::codecs::png::{CompressionType, FilterType, PngDecoder, PngEncoder};
use image::codecs::webp::{WebPDecoder, WebPEncoder};
use image::imageops;
use image::metadata::Orientation;
use image::{AnimationDecoder, DynamicImage, GenericImageView, ImageDecoder, ImageError};

/// A description longer than this is cut by peers.
const LONGEST_DESCRIPTION: usize = 1_500;

/// What one decoder may allocate: four bytes for each of the most pixels, and as much again for 16-bit colours.
const DECODER_MEMORY: u64 = 288 * 1024 * 1024;

const JPEG_QUALITY: u8 = 85;

/// What an upload may be; the default is what Mastodon accepts from its peers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub bytes: usize,
    pub pixels: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            bytes: 16 * 1024 * 1024,
            pixels: 33_177_600,
        }
    }
}

/// What a picture is for, which decides its shape.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Purpose {
    /// Fits into 1,920 × 1,920 pixels, its shape kept.
    Attachment,
    /// A square of at most 400 pixels, cut from the middle.
    Avatar,
    /// Three times as wide as high, at most 1,500 × 500 pixels, cut from the middle.
    Header,
}

/// A picture as it is stored and sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prepared {
    pub bytes: Vec<u8>,
    /// `image/jpeg`, `image/png` or `image/webp`.
    pub media_type: &'static str,
    pub width: u32,
    pub height: u32,
    /// 4 × 4 components, as Mastodon makes them.
    pub blurhash: String,
    /// SHA-256 of `bytes`, in lower-case hexadecimal.
    pub digest: String,
    /// The upload moved; this is its first picture only.
    pub still: bool,
}

/// Why a picture is refused, in a sentence for the person who uploads it.
#[derive(Debug, thiserror::Error)]
pub enum InvalidPicture {
    #[error("This file is empty")]
    Empty,
    #[error("This picture has {}; at most {} are accepted", Megabytes(*bytes), Megabytes(*most))]
    TooLarge { bytes: usize, most: usize },
    #[error("This is {0}; pictures are accepted as JPEG, PNG, GIF or WebP")]
    OtherType(&'static str),
    #[error(
        "This picture hides {0} in itself, which is how attacks are smuggled; save it anew from a picture editor"
    )]
    Polyglot(&'static str),
    #[error("This picture has {} million pixels; at most {} million are accepted", millions(*pixels), millions(*most))]
    TooManyPixels { pixels: u64, most: u64 },
    #[error("This picture has no pixels")]
    NoPixels,
    #[error("This picture would take too much memory to open; save it with 8 bits per colour")]
    TooMuchMemory,
    #[error("This picture is damaged and cannot be opened")]
    Damaged(#[source] ImageError),
    #[error("This picture could not be saved anew")]
    NotSaved(#[source] ImageError),
    #[error("A description is missing: say what the picture shows to those who cannot see it")]
    NoDescription,
    #[error(
        "This description has {characters} characters; at most {LONGEST_DESCRIPTION} are accepted"
    )]
    LongDescription { characters: usize },
    #[error("The focal point lies between -1 and 1 in both directions, such as 0.0, 0.5")]
    Focus,
}

/// Makes an upload fit to be published. Nothing of the file itself survives but its pixels.
///
/// Takes some hundred milliseconds for a large picture: call it where blocking is allowed.
pub fn prepare(
    upload: &[u8],
    purpose: Purpose,
    limits: Limits,
) -> Result<Prepared, InvalidPicture> {
    if upload.is_empty() {
        return Err(InvalidPicture::Empty);
    }
    if upload.len() > limits.bytes {
        return Err(InvalidPicture::TooLarge {
            bytes: upload.len(),
            most: limits.bytes,
        });
    }
    let kind = Kind::sniff(upload)?;
    let (picture, still) = open(upload, kind, limits)?;
    let picture = shape(picture, purpose);
    let blurhash = blurhash(&picture);
    let (width, height) = picture.dimensions();
    let (bytes, media_type) = encode(&picture, kind).map_err(InvalidPicture::NotSaved)?;
    Ok(Prepared {
        digest: hexadecimal(digest::digest(&digest::SHA256, &bytes).as_ref()),
        bytes,
        media_type,
        width,
        height,
        blurhash,
        still,
    })
}

/// A picture's description for those who cannot see it: required, trimmed, without control characters.
pub fn description(text: &str) -> Result<String, InvalidPicture> {
    let clean: String = text
        .replace("\r\n", "\n")
        .chars()
        .filter(|c| *c == '\n' || !c.is_control())
        .collect();
    let clean = clean.trim();
    let characters = clean.chars().count();
    if characters == 0 {
        Err(InvalidPicture::NoDescription)
    } else if characters > LONGEST_DESCRIPTION {
        Err(InvalidPicture::LongDescription { characters })
    } else {
        Ok(clean.to_owned())
    }
}

/// The point that stays visible when a picture is cut: (-1, -1) is its lower left corner, (1, 1) its upper right.
pub fn focus(x: f64, y: f64) -> Result<(f64, f64), InvalidPicture> {
    if (-1.0..=1.0).contains(&x) && (-1.0..=1.0).contains(&y) {
        Ok((x, y))
    } else {
        Err(InvalidPicture::Focus)
    }
}

/// The types that every peer shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Jpeg,
    Png,
    Gif,
    WebP,
}

impl Kind {
    /// Goes by the first bytes; a file's name and its declared type say nothing.
    fn sniff(upload: &[u8]) -> Result<Self, InvalidPicture> {
        let kind = match upload {
            [0xFF, 0xD8, 0xFF, ..] => Self::Jpeg,
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n', ..] => Self::Png,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => Self::WebP,
            [_, _, _, _, b'f', b't', b'y', b'p', b'a', b'v', b'i', ..] => {
                return Err(InvalidPicture::OtherType("an AVIF picture"));
            }
            [_, _, _, _, b'f', b't', b'y', b'p', b'h' | b'm', ..] => {
                return Err(InvalidPicture::OtherType("a HEIC picture or a film"));
            }
            _ => {
                let other = document_in(upload).unwrap_or("a file of another type");
                return Err(InvalidPicture::OtherType(other));
            }
        };
        document_in(upload).map_or(Ok(kind), |document| Err(InvalidPicture::Polyglot(document)))
    }
}

/// A document that a reader might take the file for: browsers and PDF readers look at its beginning only.
fn document_in(upload: &[u8]) -> Option<&'static str> {
    const LOOKED_AT: usize = 1_445;
    const SIGNS: [(&[u8], &str); 5] = [
        (b"%pdf-", "a PDF document"),
        (b"<svg", "an SVG drawing"),
        (b"<!doctype", "a web page"),
        (b"<html", "a web page"),
        (b"<script", "a web page"),
    ];
    let beginning = upload
        .get(..LOOKED_AT.min(upload.len()))?
        .to_ascii_lowercase();
    SIGNS.into_iter().find_map(|(sign, document)| {
        beginning
            .windows(sign.len())
            .any(|window| window == sign)
            .then_some(document)
    })
}

/// Decodes the (first) picture, upright, and says whether it moved.
fn open(upload: &[u8], kind: Kind, limits: Limits) -> Result<(DynamicImage, bool), InvalidPicture> {
    let file = || Cursor::new(upload);
    let mut moves = false;
    let mut decoder: Box<dyn ImageDecoder + '_> = match kind {
        Kind::Jpeg => Box::new(JpegDecoder::new(file()).map_err(refusal)?),
        Kind::Png => {
            let png = PngDecoder::with_limits(file(), memory()).map_err(refusal)?;
            moves = png.is_apng().map_err(refusal)?;
            Box::new(png)
        }
        Kind::Gif => Box::new(GifDecoder::new(file()).map_err(refusal)?),
        Kind::WebP => {
            let webp = WebPDecoder::new(file()).map_err(refusal)?;
            moves = webp.has_animation();
            Box::new(webp)
        }
    };
    // Only the header was read so far: a picture of a few hundred bytes may claim any size.
    let (width, height) = decoder.dimensions();
    let pixels = u64::from(width) * u64::from(height);
    if pixels == 0 {
        return Err(InvalidPicture::NoPixels);
    }
    if pixels > limits.pixels {
        return Err(InvalidPicture::TooManyPixels {
            pixels,
            most: limits.pixels,
        });
    }
    if decoder.total_bytes() > DECODER_MEMORY {
        return Err(InvalidPicture::TooMuchMemory);
    }
    decoder.set_limits(memory()).map_err(refusal)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut picture = DynamicImage::from_decoder(decoder).map_err(refusal)?;
    picture.apply_orientation(orientation);
    if kind == Kind::Gif {
        let gif = GifDecoder::new(file()).map_err(refusal)?;
        moves = gif.into_frames().take(2).count() > 1;
    }
    Ok((picture, moves))
}

fn memory() -> image::Limits {
    let mut limits = image::Limits::default();
    limits.max_alloc = Some(DECODER_MEMORY);
    limits
}

fn refusal(error: ImageError) -> InvalidPicture {
    match error {
        ImageError::Limits(_) => InvalidPicture::TooMuchMemory,
        other => InvalidPicture::Damaged(other),
    }
}

/// Cuts and shrinks; nothing is ever enlarged.
fn shape(picture: DynamicImage, purpose: Purpose) -> DynamicImage {
    let (width, height) = picture.dimensions();
    match purpose {
        Purpose::Attachment if width.max(height) <= 1_920 => picture,
        Purpose::Attachment => picture.resize(1_920, 1_920, imageops::FilterType::Lanczos3),
        Purpose::Avatar => cut(&picture, 1, 1, 400),
        Purpose::Header => cut(&picture, 3, 1, 1_500),
    }
}

/// The largest part of the middle with sides as `across` to `down`, at most `widest` pixels wide.
fn cut(picture: &DynamicImage, across: u32, down: u32, widest: u32) -> DynamicImage {
    let (width, height) = picture.dimensions();
    let unit = (width / across).min(height / down).max(1);
    let (wide, high) = ((unit * across).min(width), (unit * down).min(height));
    let part = picture.crop_imm((width - wide) / 2, (height - high) / 2, wide, high);
    if wide <= widest {
        return part;
    }
    part.resize_exact(
        widest,
        widest / across * down,
        imageops::FilterType::Lanczos3,
    )
}

fn blurhash(picture: &DynamicImage) -> String {
    let small = picture.thumbnail(64, 64).to_rgba8();
    // Fails only for a number of components other than 1 to 9.
    blurhash::encode(4, 4, small.width(), small.height(), small.as_raw()).unwrap_or_default()
}

/// Lossless where something shows through, else JPEG, or PNG where that is smaller: maps and screenshots stay sharp.
fn encode(picture: &DynamicImage, kind: Kind) -> Result<(Vec<u8>, &'static str), ImageError> {
    if shows_through(picture) {
        let rgba = DynamicImage::from(picture.to_rgba8());
        if kind == Kind::WebP {
            let mut webp = Vec::new();
            rgba.write_with_encoder(WebPEncoder::new_lossless(&mut webp))?;
            return Ok((webp, "image/webp"));
        }
        return Ok((png(&rgba)?, "image/png"));
    }
    let rgb = DynamicImage::from(picture.to_rgb8());
    let mut jpeg = Vec::new();
    rgb.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, JPEG_QUALITY))?;
    if matches!(kind, Kind::Png | Kind::Gif) {
        let png = png(&rgb)?;
        if png.len() <= jpeg.len() {
            return Ok((png, "image/png"));
        }
    }
    Ok((jpeg, "image/jpeg"))
}

fn png(picture: &DynamicImage) -> Result<Vec<u8>, ImageError> {
    let mut png = Vec::new();
    picture.write_with_encoder(PngEncoder::new_with_quality(
        &mut png,
        CompressionType::Default,
        FilterType::Adaptive,
    ))?;
    Ok(png)
}

fn shows_through(picture: &DynamicImage) -> bool {
    picture.color().has_alpha() && picture.pixels().any(|(_, _, pixel)| pixel.0[3] < 255)
}

pub(super) fn hexadecimal(bytes: &[u8]) -> String {
    use fmt::Write as _;
    let mut text = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}

struct Megabytes(usize);

impl fmt::Display for Megabytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = self.0.saturating_mul(10) / (1024 * 1024);
        write!(f, "{}.{} MiB", tenths / 10, tenths % 10)
    }
}

const fn millions(pixels: u64) -> u64 {
    pixels / 1_000_000
}

#[cfg(test)]
mod tests;
