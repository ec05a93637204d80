//! Uploads, good and bad; every file is made here.

use image::{ImageFormat, Rgb, RgbImage, Rgba, RgbaImage};

use super::*;

/// Left half red, right half blue, with noise as in a photograph, so that JPEG is the smaller.
fn photo(width: u32, height: u32) -> DynamicImage {
    RgbImage::from_fn(width, height, |x, y| {
        let noise = u8::try_from(
            (x.wrapping_mul(0x9E37_79B9) ^ y.wrapping_mul(0x85EB_CA6B)).wrapping_mul(0xC2B2_AE35)
                >> 27,
        )
        .unwrap();
        if x < width / 2 {
            Rgb([200 + noise, noise, noise])
        } else {
            Rgb([noise, noise, 200 + noise])
        }
    })
    .into()
}

fn file(picture: &DynamicImage, format: ImageFormat) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, format).unwrap();
    file.into_inner()
}

fn attach(upload: &[u8]) -> Result<Prepared, InvalidPicture> {
    prepare(upload, Purpose::Attachment, Limits::default())
}

fn reopened(prepared: &Prepared) -> DynamicImage {
    image::load_from_memory(&prepared.bytes).unwrap()
}

fn crc(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            if crc & 1 == 1 {
                (crc >> 1) ^ 0xEDB8_8320
            } else {
                crc >> 1
            }
        })
    })
}

/// A PNG that says it is `width` × `height`, and goes on with what belongs to another.
fn claims(width: u32, height: u32) -> Vec<u8> {
    let mut png = file(&photo(4, 4), ImageFormat::Png);
    png[16..20].copy_from_slice(&width.to_be_bytes());
    png[20..24].copy_from_slice(&height.to_be_bytes());
    let sum = crc(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    png
}

/// A JPEG with an EXIF block: turned by a quarter (orientation 6), and taken at a secret place.
fn taken_at_home() -> Vec<u8> {
    let jpeg = file(&photo(64, 32), ImageFormat::Jpeg);
    let mut exif = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
    // Two entries: Orientation (0x0112, SHORT) = 6, and GPS IFD pointer (0x8825, LONG).
    exif.extend(
        b"\0\x02\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\x88\x25\0\x04\0\0\0\x01\0\0\0\x26\0\0\0\0",
    );
    exif.extend(b"\0\x01\0\x1D\0\x02\0\0\0\x0B\0\0\0\x38\0\0\0\x002026:11:24\0SECRET-PLACE");
    let mut file = jpeg[..2].to_vec();
    file.extend([0xFF, 0xE1]);
    file.extend(u16::try_from(exif.len() + 2).unwrap().to_be_bytes());
    file.extend(&exif);
    file.extend(&jpeg[2..]);
    file
}

#[test]
fn every_accepted_type_is_prepared() {
    for (format, media_type) in [
        (ImageFormat::Jpeg, "image/jpeg"),
        (ImageFormat::Png, "image/jpeg"),
        (ImageFormat::WebP, "image/jpeg"),
    ] {
        let prepared = attach(&file(&photo(200, 100), format)).unwrap();
        assert_eq!(prepared.media_type, media_type, "{format:?}");
        assert_eq!((prepared.width, prepared.height), (200, 100));
        assert!(!prepared.still);
        assert_eq!(prepared.digest.len(), 64);
        assert_eq!(prepared.blurhash.len(), 4 + 2 + 2 * 15);
        let red = reopened(&prepared).to_rgb8().get_pixel(20, 50).0;
        assert!(red[0] > 180 && red[2] < 100, "{red:?}");
    }
    let gif = attach(&file(&photo(20, 10).to_rgba8().into(), ImageFormat::Gif)).unwrap();
    assert_eq!((gif.width, gif.height), (20, 10));
}

#[test]
fn the_same_upload_gives_the_same_file() {
    let upload = file(&photo(50, 50), ImageFormat::Png);
    assert_eq!(attach(&upload).unwrap(), attach(&upload).unwrap());
}

#[test]
fn what_shows_through_stays_so() {
    let glass: DynamicImage = RgbaImage::from_pixel(10, 10, Rgba([10, 200, 10, 77])).into();
    for (format, media_type) in [
        (ImageFormat::Png, "image/png"),
        (ImageFormat::WebP, "image/webp"),
    ] {
        let prepared = attach(&file(&glass, format)).unwrap();
        assert_eq!(prepared.media_type, media_type);
        assert_eq!(
            reopened(&prepared).to_rgba8().get_pixel(3, 3).0,
            [10, 200, 10, 77]
        );
    }
    let plain: DynamicImage = RgbaImage::from_pixel(300, 300, Rgba([10, 200, 10, 255])).into();
    let prepared = attach(&file(&plain, ImageFormat::Png)).unwrap();
    assert_eq!(
        prepared.media_type, "image/png",
        "a drawing is smaller as PNG"
    );
}

#[test]
fn large_pictures_shrink_and_small_ones_do_not_grow() {
    let tall = file(&photo(960, 3_840), ImageFormat::Jpeg);
    for (purpose, size) in [
        (Purpose::Attachment, (480, 1_920)),
        (Purpose::Avatar, (400, 400)),
        (Purpose::Header, (960, 320)),
    ] {
        let prepared = prepare(&tall, purpose, Limits::default()).unwrap();
        assert_eq!((prepared.width, prepared.height), size, "{purpose:?}");
    }
    let small = file(&photo(30, 2), ImageFormat::Png);
    for (purpose, size) in [
        (Purpose::Attachment, (30, 2)),
        (Purpose::Avatar, (2, 2)),
        (Purpose::Header, (6, 2)),
    ] {
        let prepared = prepare(&small, purpose, Limits::default()).unwrap();
        assert_eq!((prepared.width, prepared.height), size, "{purpose:?}");
    }
    for (width, height) in [(1, 1), (2, 1), (1, 5_000), (5_000, 1)] {
        let thin = file(&photo(width, height), ImageFormat::Png);
        for purpose in [Purpose::Attachment, Purpose::Avatar, Purpose::Header] {
            let prepared = prepare(&thin, purpose, Limits::default()).unwrap();
            assert!(prepared.width > 0 && prepared.height > 0);
        }
    }
}

#[test]
fn a_picture_is_turned_upright_and_says_no_more_where_it_was_taken() {
    let upload = taken_at_home();
    assert!(upload.windows(12).any(|window| window == b"SECRET-PLACE"));
    let prepared = attach(&upload).unwrap();
    assert_eq!((prepared.width, prepared.height), (32, 64), "turned");
    let top = reopened(&prepared).to_rgb8().get_pixel(16, 5).0;
    assert!(top[0] > 180, "red was left and is now on top: {top:?}");
    for trace in [b"SECRET-PLACE".as_slice(), b"Exif", b"2026:11:24"] {
        assert!(
            !prepared
                .bytes
                .windows(trace.len())
                .any(|window| window == trace)
        );
    }
}

#[test]
fn a_picture_that_claims_to_be_huge_is_not_decoded() {
    let refused = attach(&claims(30_000, 3_000)).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "This picture has 90 million pixels; at most 33 million are accepted"
    );
    assert!(matches!(
        attach(&claims(0x7FFF_FFFF, 0x7FFF_FFFF)).unwrap_err(),
        InvalidPicture::TooManyPixels { .. }
            | InvalidPicture::TooMuchMemory
            | InvalidPicture::Damaged(_)
    ));
    let mut gif = b"GIF89a".to_vec();
    gif.extend([0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0]);
    gif.extend([0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x4C, 1, 0, 0x3B]);
    assert!(matches!(
        attach(&gif).unwrap_err(),
        InvalidPicture::TooManyPixels {
            pixels: 4_294_836_225,
            ..
        }
    ));
}

#[test]
fn a_picture_without_pixels_is_refused() {
    assert!(matches!(attach(b"").unwrap_err(), InvalidPicture::Empty));
    assert!(attach(&claims(0, 5)).is_err());
    let mut gif = b"GIF89a".to_vec();
    gif.extend([0, 0, 0, 0, 0, 0, 0, 0x3B]);
    let refused = attach(&gif).unwrap_err();
    assert!(
        matches!(
            refused,
            InvalidPicture::NoPixels | InvalidPicture::Damaged(_)
        ),
        "{refused:?}"
    );
}

#[test]
fn a_damaged_picture_is_refused() {
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        let whole = file(&photo(200, 100), format);
        for kept in [12, 40, whole.len() / 2] {
            let refused = attach(&whole[..kept]).unwrap_err();
            assert!(
                matches!(refused, InvalidPicture::Damaged(_)),
                "{format:?} {kept}: {refused:?}"
            );
        }
    }
    let jpeg = file(&photo(200, 100), ImageFormat::Jpeg);
    assert!(matches!(
        attach(&jpeg[..100]).unwrap_err(),
        InvalidPicture::Damaged(_)
    ));
}

#[test]
fn other_files_are_named() {
    for (upload, sentence) in [
        (
            b"<svg xmlns='http://www.w3.org/2000/svg'/>".as_slice(),
            "This is an SVG drawing; pictures are accepted as JPEG, PNG, GIF or WebP",
        ),
        (
            b"%PDF-1.7\n",
            "This is a PDF document; pictures are accepted as JPEG, PNG, GIF or WebP",
        ),
        (
            b"<!DOCTYPE html><p>",
            "This is a web page; pictures are accepted as JPEG, PNG, GIF or WebP",
        ),
        (
            b"\0\0\0\x1cftypheic\0\0\0\0",
            "This is a HEIC picture or a film; pictures are accepted as JPEG, PNG, GIF or WebP",
        ),
        (
            b"\0\0\0\x1cftypavif\0\0\0\0",
            "This is an AVIF picture; pictures are accepted as JPEG, PNG, GIF or WebP",
        ),
        (
            b"BM\0\0\0\0",
            "This is a file of another type; pictures are accepted as JPEG, PNG, GIF or WebP",
        ),
    ] {
        assert_eq!(attach(upload).unwrap_err().to_string(), sentence);
    }
}

#[test]
fn a_picture_that_is_also_a_document_is_refused() {
    let gif = b"GIF89a/*<script>alert(1)</script>*/=1;";
    assert!(matches!(
        attach(gif).unwrap_err(),
        InvalidPicture::Polyglot("a web page")
    ));
    let mut jpeg = file(&photo(8, 8), ImageFormat::Jpeg);
    jpeg.splice(2..2, *b"\xFF\xFE\x00\x0A%PDF-1.4");
    assert!(matches!(
        attach(&jpeg).unwrap_err(),
        InvalidPicture::Polyglot("a PDF document")
    ));
    // A document behind the picture is left behind.
    let mut behind = file(&photo(200, 100), ImageFormat::Jpeg);
    behind.extend(b"<html><script>alert(1)</script>");
    let prepared = attach(&behind).unwrap();
    assert!(!prepared.bytes.windows(7).any(|window| window == b"<script"));
}

#[test]
fn limits_are_the_callers() {
    let upload = file(&photo(100, 100), ImageFormat::Jpeg);
    let small = Limits {
        bytes: 100,
        pixels: 9_999,
    };
    assert!(matches!(
        prepare(&upload, Purpose::Avatar, small).unwrap_err(),
        InvalidPicture::TooLarge { .. }
    ));
    let few = Limits {
        pixels: 9_999,
        ..Limits::default()
    };
    assert!(matches!(
        prepare(&upload, Purpose::Avatar, few).unwrap_err(),
        InvalidPicture::TooManyPixels { pixels: 10_000, .. }
    ));
    assert_eq!(
        InvalidPicture::TooLarge {
            bytes: 18_000_000,
            most: 16 * 1024 * 1024
        }
        .to_string(),
        "This picture has 17.1 MiB; at most 16.0 MiB are accepted"
    );
}

#[test]
fn only_the_first_picture_of_a_moving_one_is_kept() {
    let mut gif = Vec::new();
    let mut encoder = image::codecs::gif::GifEncoder::new(&mut gif);
    for colour in [[255, 0, 0, 255], [0, 0, 255, 255]] {
        let frame = image::Frame::new(RgbaImage::from_pixel(8, 8, Rgba(colour)));
        encoder.encode_frame(frame).unwrap();
    }
    drop(encoder);
    let prepared = attach(&gif).unwrap();
    assert!(prepared.still);
    assert_eq!(reopened(&prepared).to_rgb8().get_pixel(4, 4).0, [255, 0, 0]);
}

#[test]
fn nonsense_is_refused_without_a_panic() {
    let mut state = 0x9E37_79B9_7F4A_7C15_u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % 65_536).unwrap()
    };
    let limits = Limits {
        pixels: 1_000_000,
        ..Limits::default()
    };
    for format in [
        ImageFormat::Png,
        ImageFormat::WebP,
        ImageFormat::Jpeg,
        ImageFormat::Gif,
    ] {
        let whole = file(&photo(24, 24).to_rgb8().into(), format);
        for _ in 0..150 {
            let mut damaged = whole.clone();
            for _ in 0..=random() % 6 {
                let at = random() % damaged.len();
                damaged[at] = u8::try_from(random() % 256).unwrap();
            }
            let _ = prepare(&damaged, Purpose::Avatar, limits);
        }
    }
}

#[test]
fn descriptions_and_focal_points_are_checked() {
    assert_eq!(
        description(" A map\r\nof\u{7} it ").unwrap(),
        "A map\nof it"
    );
    assert!(matches!(
        description(" \n\t").unwrap_err(),
        InvalidPicture::NoDescription
    ));
    assert!(description(&"é".repeat(1_500)).is_ok());
    assert_eq!(
        description(&"é".repeat(1_501)).unwrap_err().to_string(),
        "This description has 1501 characters; at most 1500 are accepted"
    );
    assert_eq!(focus(-1.0, 0.25).unwrap(), (-1.0, 0.25));
    for (x, y) in [(1.01, 0.0), (0.0, f64::NAN), (f64::INFINITY, 0.0)] {
        assert!(focus(x, y).is_err());
    }
}
