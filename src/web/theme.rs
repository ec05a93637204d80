//! An agency's own colour, made readable.
//!
//! The agency chooses one accent. What is shown is the nearest shade of it that people with low vision can read
//! (WCAG 2.2, success criteria 1.4.3 and 1.4.11) on every background the style sheet has, by day and by night.

use std::fmt::Write as _;
use std::str::FromStr;

/// Contrast that text of any size needs (WCAG 2.2, 1.4.3, level AA).
const READABLE: f64 = 4.5;

/// The backgrounds of `assets/actapub.css` and its secondary text, by day; a test holds both files together.
const DAY: Ground = Ground {
    papers: [Colour(0xfc, 0xfb, 0xf8), Colour(0xf4, 0xf2, 0xec)],
    muted: Colour(0x51, 0x57, 0x5e),
    ink: Colour(0x1a, 0x1d, 0x21),
    towards: BLACK,
    accent_contrast: READABLE,
    tint_percent: 6,
};
/// The same by night.
const NIGHT: Ground = Ground {
    papers: [Colour(0x13, 0x16, 0x19), Colour(0x1c, 0x20, 0x24)],
    muted: Colour(0xab, 0xb2, 0xb9),
    ink: Colour(0xe9, 0xe7, 0xe2),
    towards: WHITE,
    // Coloured text on a dark ground tires sooner than its contrast says.
    accent_contrast: 6.0,
    tint_percent: 8,
};

/// The colour that an agency chose: `#rrggbb`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Accent(Colour);

/// The text is not a colour that we take.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("a colour is written with six hexadecimal digits, such as #1d4b5c; `{0}` is not")]
pub struct InvalidAccent(String);

impl Accent {
    /// The server's own colour, a petrol blue.
    pub const DEFAULT: Self = Self(Colour(0x1d, 0x4b, 0x5c));

    /// The style sheet that lays this colour over the server's own: custom properties and nothing else.
    pub fn style_sheet(self) -> String {
        let mut css = String::new();
        // Writing to a string cannot fail.
        let _ = write!(
            css,
            ":root{{{}}}\n@media (prefers-color-scheme:dark){{:root{{{}}}}}\n",
            self.shades(&DAY).properties(),
            self.shades(&NIGHT).properties()
        );
        css
    }

    fn shades(self, ground: &Ground) -> Shades {
        // By night over a pale shade of the same hue, since white alone would leave only grey.
        let halfway = if ground.towards == WHITE {
            self.0.pale()
        } else {
            ground.towards
        };
        let nearest = (0..=100_u16)
            .map(|percent| self.0.mix(halfway, percent))
            .chain((0..=100_u16).map(|percent| halfway.mix(ground.towards, percent)))
            .find_map(|accent| {
                let tint = ground.papers[0].mix(accent, ground.tint_percent);
                let fits = ground
                    .papers
                    .into_iter()
                    .chain([tint])
                    .all(|paper| accent.contrast(paper) >= ground.accent_contrast)
                    && ground.muted.contrast(tint) >= READABLE
                    && ground.ink.contrast(tint) >= READABLE;
                fits.then_some((accent, tint))
            });
        // Black by day and white by night always fit; a test tries every hue.
        let (accent, tint) = nearest.unwrap_or((ground.towards, ground.papers[1]));
        let on_accent = if accent.contrast(WHITE) >= accent.contrast(BLACK) {
            WHITE
        } else {
            BLACK
        };
        Shades {
            accent,
            on_accent,
            tint,
        }
    }
}

impl FromStr for Accent {
    type Err = InvalidAccent;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidAccent(text.chars().take(32).collect());
        let digits = text
            .strip_prefix('#')
            .filter(|digits| digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()))
            .ok_or_else(invalid)?;
        let [_, red, green, blue] = u32::from_str_radix(digits, 16)
            .map_err(|_| invalid())?
            .to_be_bytes();
        Ok(Self(Colour(red, green, blue)))
    }
}

struct Ground {
    papers: [Colour; 2],
    muted: Colour,
    ink: Colour,
    /// Where an accent goes until it can be read.
    towards: Colour,
    /// With every background, at least [`READABLE`].
    accent_contrast: f64,
    /// How much of the accent is in the background of an agency's answers.
    tint_percent: u16,
}

struct Shades {
    accent: Colour,
    on_accent: Colour,
    tint: Colour,
}

impl Shades {
    fn properties(&self) -> String {
        format!(
            "--accent:{};--on-accent:{};--tint:{}",
            self.accent.hex(),
            self.on_accent.hex(),
            self.tint.hex()
        )
    }
}

/// Red, green and blue of sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Colour(u8, u8, u8);

const WHITE: Colour = Colour(0xff, 0xff, 0xff);
const BLACK: Colour = Colour(0, 0, 0);

impl Colour {
    fn hex(self) -> String {
        format!("#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }

    /// This colour with `percent` (0 to 100) of another in it.
    fn mix(self, other: Self, percent: u16) -> Self {
        let channel = |ours: u8, theirs: u8| {
            let mixed = (u16::from(ours) * (100 - percent) + u16::from(theirs) * percent) / 100;
            u8::try_from(mixed).unwrap_or(u8::MAX)
        };
        Self(
            channel(self.0, other.0),
            channel(self.1, other.1),
            channel(self.2, other.2),
        )
    }

    /// A pale shade of the same hue; white for black.
    fn pale(self) -> Self {
        let brightest = u16::from(self.0.max(self.1).max(self.2)).max(1);
        let vivid =
            |channel: u8| u8::try_from(u16::from(channel) * 255 / brightest).unwrap_or(u8::MAX);
        if brightest == 1 {
            return WHITE;
        }
        Self(vivid(self.0), vivid(self.1), vivid(self.2)).mix(WHITE, 55)
    }

    /// Relative luminance (WCAG 2.2, definitions): 0 is black, 1 white.
    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 {
                value / 12.92
            } else {
                ((value + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126 * linear(self.0) + 0.7152 * linear(self.1) + 0.0722 * linear(self.2)
    }

    /// Contrast ratio (WCAG 2.2, definitions): 1 to 21.
    fn contrast(self, other: Self) -> f64 {
        let (a, b) = (self.luminance(), other.luminance());
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::assets::Asset;

    #[test]
    fn contrast_is_that_of_the_standard() {
        assert!((WHITE.contrast(BLACK) - 21.0).abs() < 1e-9);
        let grey = Colour(0x76, 0x76, 0x76);
        assert!((grey.contrast(WHITE) - 4.54).abs() < 0.01);
    }

    #[test]
    fn every_accent_can_be_read_by_day_and_by_night() {
        let steps = || (0..=255_u8).step_by(15);
        for (red, green, blue) in
            steps().flat_map(|r| steps().flat_map(move |g| steps().map(move |b| (r, g, b))))
        {
            for ground in [&DAY, &NIGHT] {
                let shades = Accent(Colour(red, green, blue)).shades(ground);
                for paper in ground.papers.into_iter().chain([shades.tint]) {
                    for text in [shades.accent, ground.ink, ground.muted] {
                        assert!(
                            text.contrast(paper) >= READABLE,
                            "{text:?} on {paper:?} for {red:02x}{green:02x}{blue:02x}"
                        );
                    }
                }
                assert!(shades.on_accent.contrast(shades.accent) >= READABLE);
            }
        }
    }

    #[test]
    fn a_readable_accent_stays_as_chosen() {
        assert!(
            Accent::DEFAULT
                .style_sheet()
                .starts_with(":root{--accent:#1d4b5c;--on-accent:#ffffff;")
        );
    }

    #[test]
    fn the_style_sheet_has_the_colours_reckoned_with() {
        let squeezed: String = Asset::StyleSheet.content().split_whitespace().collect();
        let (day, night) = squeezed
            .split_once("@media(prefers-color-scheme:dark)")
            .unwrap();
        for (part, ground) in [(day, &DAY), (night, &NIGHT)] {
            let shades = Accent::DEFAULT.shades(ground);
            for (name, colour) in [
                ("paper", ground.papers[0]),
                ("panel", ground.papers[1]),
                ("ink", ground.ink),
                ("muted", ground.muted),
                ("accent", shades.accent),
                ("on-accent", shades.on_accent),
                ("tint", shades.tint),
            ] {
                let declaration = format!("--{name}:{};", colour.hex());
                assert!(part.contains(&declaration), "{declaration}");
            }
        }
    }

    #[test]
    fn only_colours_are_colours() {
        assert!("#Ff8800".parse::<Accent>().is_ok());
        for wrong in [
            "ff8800",
            "#f80",
            "#ff880",
            "red",
            "#ff88zz",
            "#ff8800;}",
            "#+f8800",
            "",
        ] {
            assert!(wrong.parse::<Accent>().is_err(), "{wrong}");
        }
    }
}
