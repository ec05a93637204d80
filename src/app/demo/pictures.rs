//! Pictures drawn by the program itself, so that the demonstration carries none.

use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};

/// What is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motif {
    Drop,
    Tram,
    Sun,
    Hills,
    Night,
    Lanterns,
    Map,
}

type Colour = [f32; 3];

/// A PNG file of that size in pixels.
pub(super) fn paint(motif: Motif, width: u32, height: u32) -> Result<Vec<u8>, image::ImageError> {
    let mut picture = RgbImage::new(width, height);
    #[expect(clippy::cast_precision_loss, reason = "sizes have four digits")]
    let (across, down) = (width as f32, height as f32);
    // The unit is the height; the middle is the origin; y points down.
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        #[expect(clippy::cast_precision_loss, reason = "sizes have four digits")]
        let at = Point {
            x: (x as f32 + 0.5 - across / 2.0) / down,
            y: (y as f32 + 0.5 - down / 2.0) / down,
            blur: 1.2 / down,
        };
        *pixel = Rgb(colour(motif, at).map(byte));
    }
    let mut file = Cursor::new(Vec::new());
    DynamicImage::from(picture).write_to(&mut file, ImageFormat::Png)?;
    Ok(file.into_inner())
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to a byte"
)]
fn byte(value: f32) -> u8 {
    (value.clamp(0.0, 1.0) * 255.0).round() as u8
}

/// Where the brush is, and how wide an edge is to be smooth.
#[derive(Clone, Copy)]
struct Point {
    x: f32,
    y: f32,
    blur: f32,
}

impl Point {
    /// 1 within a shape, 0 outside, smooth at its edge; `distance` is negative within.
    fn within(self, distance: f32) -> f32 {
        (0.5 - distance / (2.0 * self.blur)).clamp(0.0, 1.0)
    }

    fn circle(self, x: f32, y: f32, radius: f32) -> f32 {
        self.within((self.x - x).hypot(self.y - y) - radius)
    }

    /// A rectangle of half these sides around a middle, its corners rounded.
    fn card(self, x: f32, y: f32, half: (f32, f32), corner: f32) -> f32 {
        let dx = ((self.x - x).abs() - half.0 + corner).max(0.0);
        let dy = ((self.y - y).abs() - half.1 + corner).max(0.0);
        self.within(dx.hypot(dy) - corner)
    }

    fn line(self, from: (f32, f32), to: (f32, f32), wide: f32) -> f32 {
        let (dx, dy) = (to.0 - from.0, to.1 - from.1);
        let along = ((self.x - from.0) * dx + (self.y - from.1) * dy) / (dx * dx + dy * dy);
        let along = along.clamp(0.0, 1.0);
        self.within((self.x - from.0 - along * dx).hypot(self.y - from.1 - along * dy) - wide)
    }

    /// Below a line that waves around `level`.
    fn under_wave(self, level: f32, high: f32, often: f32, shift: f32) -> f32 {
        let wave =
            (self.x * often + shift).sin() + 0.4 * (self.x * often * 2.3 + shift * 1.7).sin();
        self.within(level + high * wave - self.y)
    }
}

fn rgb(hex: u32) -> Colour {
    let part = |shift: u32| {
        let [.., byte] = (hex >> shift).to_be_bytes();
        f32::from(byte) / 255.0
    };
    [part(16), part(8), part(0)]
}

/// `over` laid on `under`, so much of it.
fn mix(under: Colour, over: Colour, much: f32) -> Colour {
    let mut mixed = under;
    for (part, over) in mixed.iter_mut().zip(over) {
        *part += (over - *part) * much;
    }
    mixed
}

/// From one colour above to another below.
fn sky(at: Point, above: u32, below: u32) -> Colour {
    mix(rgb(above), rgb(below), (at.y + 0.5).clamp(0.0, 1.0))
}

/// The same number for the same cell, from 0 to 1.
fn chance(a: f32, b: f32) -> f32 {
    let mixed = (a * 12.9898 + b * 78.233).sin() * 43_758.547;
    mixed - mixed.floor()
}

fn colour(motif: Motif, at: Point) -> Colour {
    match motif {
        Motif::Drop => drop_of_water(at),
        Motif::Tram => tram(at),
        Motif::Sun => sun(at),
        Motif::Hills => hills(at),
        Motif::Night => night(at),
        Motif::Lanterns => lanterns(at),
        Motif::Map => map(at),
    }
}

fn drop_of_water(at: Point) -> Colour {
    let ground = sky(at, 0x001a_7fb5, 0x0009_4a6e);
    // A circle that narrows to a tip.
    let tip = ((at.y + 0.36) / 0.46).clamp(0.0, 1.0);
    let half = 0.23 * tip.powf(0.75);
    let cone = at.within(at.x.abs() - half) * at.within(at.y - 0.1) * at.within(-0.36 - at.y);
    let drop = cone.max(at.circle(0.0, 0.1, 0.23));
    let picture = mix(ground, rgb(0x00ff_ffff), drop);
    let shine = at.circle(0.0, 0.1, 0.16) * (1.0 - at.circle(0.045, 0.065, 0.16));
    mix(picture, rgb(0x008c_cbe8), shine)
}

fn tram(at: Point) -> Colour {
    let ground = sky(at, 0x00c9_5446, 0x008a_2a20);
    let rail = at
        .card(0.0, 0.33, (2.0, 0.012), 0.0)
        .max(at.card(0.0, 0.37, (2.0, 0.006), 0.0));
    let mut picture = mix(ground, rgb(0x005e_1a13), rail);
    let wire = at.line((-2.0, -0.38), (2.0, -0.38), 0.005);
    let arm = at.line((-0.05, -0.38), (0.08, -0.25), 0.008);
    picture = mix(picture, rgb(0x005e_1a13), wire.max(arm));
    let body = at.card(0.0, 0.02, (0.3, 0.27), 0.07);
    picture = mix(picture, rgb(0x00fd_f8f4), body);
    let windows =
        at.card(-0.14, -0.07, (0.11, 0.1), 0.025)
            .max(at.card(0.14, -0.07, (0.11, 0.1), 0.025));
    picture = mix(picture, rgb(0x002f_4858), windows);
    picture = mix(
        picture,
        rgb(0x00c9_5446),
        at.card(0.0, 0.14, (0.3, 0.022), 0.0) * body,
    );
    let lamps = at
        .circle(-0.2, 0.22, 0.028)
        .max(at.circle(0.2, 0.22, 0.028));
    picture = mix(picture, rgb(0x00f3_b73e), lamps);
    let wheels = at
        .circle(-0.16, 0.3, 0.035)
        .max(at.circle(0.16, 0.3, 0.035));
    mix(picture, rgb(0x0033_2222), wheels)
}

fn sun(at: Point) -> Colour {
    let mut picture = sky(at, 0x00f0_8a5d, 0x006b_3f86);
    let angle = at.y.atan2(at.x);
    let ray = at.within((at.x).hypot(at.y) - 0.34 - 0.03 * (angle * 12.0).cos());
    picture = mix(picture, rgb(0x00f9_c46b), ray * 0.45);
    picture = mix(picture, rgb(0x00ff_dd7a), at.circle(0.0, 0.0, 0.24));
    picture = mix(
        picture,
        rgb(0x004b_2a63),
        at.under_wave(0.17, 0.02, 9.0, 0.4),
    );
    mix(
        picture,
        rgb(0x0035_1c4a),
        at.under_wave(0.29, 0.025, 7.0, 2.0),
    )
}

fn hills(at: Point) -> Colour {
    let mut picture = sky(at, 0x00a9_d6e5, 0x00ec_f4e8);
    picture = mix(picture, rgb(0x00ff_f1c9), at.circle(0.75, -0.22, 0.11));
    picture = mix(
        picture,
        rgb(0x0093_bda0),
        at.under_wave(-0.06, 0.06, 4.1, 0.3),
    );
    picture = mix(
        picture,
        rgb(0x006a_a285),
        at.under_wave(0.07, 0.05, 5.3, 2.1),
    );
    picture = mix(
        picture,
        rgb(0x003f_7f66),
        at.under_wave(0.18, 0.04, 6.7, 4.4),
    );
    let river = at.under_wave(0.29, 0.015, 5.0, 1.0);
    picture = mix(picture, rgb(0x002d_85ab), river);
    let ripple = ((at.y * 90.0 + (at.x * 14.0).sin() * 1.6).sin() * 0.5 + 0.5).powi(6);
    picture = mix(picture, rgb(0x006f_b9d6), ripple * river * 0.6);
    mix(
        picture,
        rgb(0x0024_5947),
        at.under_wave(0.44, 0.02, 8.0, 0.2),
    )
}

fn night(at: Point) -> Colour {
    let mut picture = sky(at, 0x000d_1b33, 0x0034_4a75);
    let (column, row) = ((at.x * 40.0).floor(), (at.y * 40.0).floor());
    let star = chance(column, row);
    if star > 0.965 {
        let (x, y) = ((column + 0.5) / 40.0, (row + 0.5) / 40.0);
        picture = mix(picture, rgb(0x00ff_ffff), at.circle(x, y, 0.0025) * 0.8);
    }
    let moon = at.circle(0.62, -0.3, 0.085) * (1.0 - at.circle(0.585, -0.32, 0.075));
    picture = mix(picture, rgb(0x00f6_ecd0), moon);
    for (wide, deep, base, shade) in [
        (0.19, 0.22, 0.02, 0x0024_355c),
        (0.25, 0.26, 0.12, 0x0015_2140),
    ] {
        let house = (at.x / wide).floor();
        let roof = base - chance(house, base) * deep;
        let wall = at.within(roof - at.y);
        picture = mix(picture, rgb(shade), wall);
        let (x, y) = (at.x / wide - house, (at.y - roof) / 0.075);
        let (across, up) = ((x * 4.0).floor(), y.floor());
        let inside = (x * 4.0 - across, y - up);
        let pane = (0.3..0.7).contains(&inside.0) && (0.25..0.75).contains(&inside.1) && y > 0.3;
        if pane && at.y < 0.36 && chance(house * 4.0 + across, up + base) > 0.45 {
            picture = mix(picture, rgb(0x00ff_d27d), 0.9);
        }
    }
    mix(picture, rgb(0x000a_1226), at.within(0.4 - at.y))
}

fn lanterns(at: Point) -> Colour {
    let water = 0.1;
    // What is above the water is mirrored in it, broken by ripples.
    let below = at.y > water;
    let ripple = (at.y * 160.0).sin() * 0.008;
    let seen = if below {
        Point {
            x: at.x + ripple,
            y: 2.0 * water - at.y,
            blur: at.blur * 5.0,
        }
    } else {
        at
    };
    let mut picture = sky(seen, 0x0018_1436, 0x0059_2f63);
    picture = mix(
        picture,
        rgb(0x0021_1a3d),
        seen.under_wave(0.05, 0.02, 9.0, 1.0),
    );
    for number in 0_u8..11 {
        let n = f32::from(number) - 5.0;
        let x = n * 0.27;
        let y = -0.19 + 0.08 * (n * 1.3).cos() - 0.004 * n * n;
        let warm = if number % 3 == 1 {
            0x00e8_5d4a
        } else {
            0x00f7_b84b
        };
        let glow = (1.0 - (seen.x - x).hypot(seen.y - y) / 0.26)
            .max(0.0)
            .powi(2);
        picture = mix(picture, rgb(warm), glow * 0.5);
        picture = mix(picture, rgb(warm), seen.card(x, y, (0.058, 0.07), 0.05));
        let rib =
            ((seen.y - y) * 190.0).cos().max(0.0).powi(4) * seen.card(x, y, (0.055, 0.066), 0.05);
        picture = mix(picture, rgb(0x00ff_f0c4), rib * 0.35);
        picture = mix(
            picture,
            rgb(0x002a_1a33),
            seen.card(x, y - 0.077, (0.024, 0.01), 0.004),
        );
        picture = mix(
            picture,
            rgb(0x002a_1a33),
            seen.line((x, y - 0.08), (x, y - 0.5), 0.002),
        );
    }
    if below {
        mix(picture, rgb(0x0010_1030), 0.42)
    } else {
        picture
    }
}

fn map(at: Point) -> Colour {
    let mut picture = rgb(0x00f1_ede3);
    let block = (
        (at.x * 5.0 + at.y * 0.8).floor(),
        (at.y * 5.0 - at.x * 0.4).floor(),
    );
    if chance(block.0, block.1) > 0.8 {
        picture = rgb(0x00d5_e6c9);
    }
    let street = rgb(0x00ff_ffff);
    for number in 0_u8..9 {
        let n = (f32::from(number) - 4.0) * 0.2;
        let across = at.line((-2.0, n - 0.16), (2.0, n + 0.16), 0.012);
        let along = at.line((n * 2.0 + 0.08, -1.0), (n * 2.0 - 0.08, 1.0), 0.012);
        picture = mix(picture, street, across.max(along));
    }
    let bend = 0.06 * (at.y * 5.0).sin();
    let river = at.within((at.x + 0.48 + bend).abs() - 0.085);
    picture = mix(picture, rgb(0x009c_cde4), river);
    let (bridge, market) = ((-0.48, 0.0), (0.44, 0.07));
    picture = mix(
        picture,
        rgb(0x00b9_b2a2),
        at.line((-2.0, -0.12), (2.0, 0.195), 0.03),
    );
    picture = mix(picture, street, at.line((-2.0, -0.12), (2.0, 0.195), 0.024));
    picture = mix(picture, rgb(0x00c2_2f2f), at.line(bridge, market, 0.017));
    for end in [bridge, market] {
        picture = mix(picture, street, at.circle(end.0, end.1, 0.034));
        picture = mix(picture, rgb(0x00c2_2f2f), at.circle(end.0, end.1, 0.024));
    }
    picture = mix(picture, street, at.circle(0.02, 0.12, 0.042));
    mix(picture, rgb(0x000b_5f8a), at.circle(0.02, 0.12, 0.032))
}
