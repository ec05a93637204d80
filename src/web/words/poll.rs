//! What is said about polls, in the language of the page that shows one if we speak it, else in English.

use crate::kernel::Timestamp;

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Words {
    English,
    French,
}

/// The words for a page in a language (BCP 47).
pub fn of(language: &str) -> Words {
    let primary = language.split('-').next().unwrap_or_default();
    if primary.eq_ignore_ascii_case("fr") {
        Words::French
    } else {
        Words::English
    }
}

const FRENCH_MONTHS: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];

impl Words {
    /// The `lang` attribute that they need inside a page of another language.
    pub fn lang(self, page: &str) -> Option<&'static str> {
        let own = match self {
            Self::English => "en",
            Self::French => "fr",
        };
        let primary = page.split('-').next().unwrap_or_default();
        (!primary.eq_ignore_ascii_case(own)).then_some(own)
    }

    pub const fn poll(self) -> &'static str {
        match self {
            Self::English => "Poll",
            Self::French => "Sondage",
        }
    }

    pub const fn several(self) -> &'static str {
        match self {
            Self::English => "several choices allowed",
            Self::French => "plusieurs choix possibles",
        }
    }

    /// That it ends, or ended, at some time, which follows.
    pub const fn until(self, closed: Option<Timestamp>) -> &'static str {
        match (self, closed) {
            (Self::English, None) => "ends",
            (Self::English, Some(_)) => "ended",
            (Self::French, None) => "prend fin le",
            (Self::French, Some(_)) => "a pris fin le",
        }
    }

    pub const fn how(self) -> &'static str {
        match self {
            Self::English => {
                "Vote from your own server: look this announcement up there, or follow the agency."
            }
            Self::French => {
                "Votez depuis votre propre serveur : cherchez-y cette annonce, ou abonnez-vous à l’organisme."
            }
        }
    }

    pub const fn not_secret(self) -> &'static str {
        match self {
            Self::English => {
                "This is not a secret ballot: the server you vote from knows what you chose, and this one is \
                 told. It keeps who has voted until shortly after the end, to count everybody once, and then only the numbers."
            }
            Self::French => {
                "Ce n’est pas un vote à bulletin secret : le serveur depuis lequel vous votez sait ce que vous avez choisi, \
                 et celui-ci l’apprend. Il garde les noms de qui a voté jusque peu après la fin, pour ne compter chacun qu’une \
                 fois, et ensuite seulement les chiffres."
            }
        }
    }

    pub fn votes(self, votes: u64, all: u64) -> String {
        let percent = (votes * 100 + all / 2).checked_div(all).unwrap_or(0);
        match self {
            Self::English => format!("{} ({percent} %)", self.number(votes)),
            Self::French => format!("{} ({percent}\u{a0}%)", self.number(votes)),
        }
    }

    pub fn voters(self, count: u64) -> String {
        let people = match (self, count) {
            (Self::English, 1) => "person has voted",
            (Self::English, _) => "people have voted",
            (Self::French, 0 | 1) => "personne a voté",
            (Self::French, _) => "personnes ont voté",
        };
        format!("{} {people}", self.number(count))
    }

    /// An instant, behind [`Self::until`].
    pub fn moment(self, at: Timestamp) -> String {
        match self {
            Self::English => super::moment(at),
            Self::French => {
                let month = super::strftime(at, "%-m").parse::<usize>().ok();
                let month = month.and_then(|month| FRENCH_MONTHS.get(month.checked_sub(1)?));
                let day = super::strftime(at, "%-d");
                let day = if day == "1" { "1er" } else { &day };
                let rest = super::strftime(at, "%Y à %H:%M UTC");
                format!("{day} {} {rest}", month.unwrap_or(&""))
            }
        }
    }

    fn number(self, count: u64) -> String {
        let english = super::number(count);
        match self {
            Self::English => english,
            // A narrow space that does not break.
            Self::French => english.replace(',', "\u{202f}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn french_pages_speak_french() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let words = of("fr-CA");
        assert_eq!(words, Words::French);
        assert_eq!(words.lang("FR"), None);
        assert_eq!(
            (words.lang("en"), of("de").lang("de")),
            (Some("fr"), Some("en"))
        );
        assert_eq!(
            words.moment(at("2026-08-01T09:05:00Z")),
            "1er août 2026 à 09:05 UTC"
        );
        assert_eq!(words.votes(12_408, 20_000), "12\u{202f}408 (62\u{a0}%)");
        assert_eq!(
            (words.voters(1), words.voters(2)),
            (
                "1 personne a voté".to_owned(),
                "2 personnes ont voté".to_owned()
            )
        );
        assert_eq!(of("en").votes(1, 0), "1 (0 %)");
    }
}
