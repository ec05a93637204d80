//! What is the same, what is a part, and what is only similar: altered facts are never called said.

use super::compare::{Match, Piece, Quotation};

fn how(said: &str, asked: &str) -> &'static str {
    match Quotation::of(asked).and_then(|quotation| quotation.within(said)) {
        Some(Match::Whole) => "whole",
        Some(Match::Part(..)) => "part",
        Some(Match::Similar(_)) => "similar",
        None => "nothing",
    }
}

const SAID: [&str; 6] = [
    "The water on Elm Street is not safe to drink until 24 November 2026, 18:30. Boil it for 3 minutes; the fee of $1,250.50 is waived.",
    "Das Schwimmbad in der Nordstraße bleibt bis Montag, 30. November, geschlossen. Es kann nicht geheizt werden. Eintritt: 4,50 €.",
    "L’eau du robinet n’est pas potable à Genève jusqu’au 5 mai. Les écoles restent ouvertes, sauf « Les Tilleuls ».",
    "مياه الشرب غير صالحة حتى يوم ٢٤ نوفمبر. يرجى غلي الماء لمدة ٣ دقائق قبل الاستعمال.",
    "停水通知：因管道维修，11月24日上午8时至12时北区停水，自来水不可直接饮用。",
    "Between 10–12 a.m. trains run every 15 min. −5 °C is expected. Is the bridge closed? No, it is open.",
];

#[test]
fn the_same_is_the_same_however_it_is_set() {
    for said in SAID {
        let straight = said
            .replace(['’', '‘'], "'")
            .replace(['«', '»', '“', '”'], "\"")
            .replace(['–', '−'], "-");
        let broken: String = said.replace(' ', "\n  ");
        let narrow: String = said.replace(' ', "\u{A0}\u{200B}");
        let quoted = format!("“{said}”");
        for asked in [
            said.to_owned(),
            straight,
            said.to_uppercase().replace("STRASSE", "STRAßE"),
            broken,
            narrow,
            quoted,
            said.trim_end_matches(['.', '。']).to_owned(),
            format!("  {said}\n\n"),
        ] {
            assert_eq!(how(said, &asked), "whole", "{asked}");
        }
    }
}

#[test]
fn what_breaks_off_is_a_part() {
    for said in SAID {
        let chars: Vec<char> = said.chars().collect();
        for to in (12..chars.len()).step_by(3) {
            let start: String = chars[..to].iter().collect();
            for dots in ["…", "...", " […]", "…”"] {
                let asked = format!("{start}{dots}");
                // Within a number, or right before a negation, it is not to be called said; but never a whole.
                assert_ne!(how(said, &asked), "whole", "{asked}");
                assert_ne!(how(said, &asked), "nothing", "{asked}");
            }
        }
    }
    for (said, asked, expected) in [
        (
            SAID[0],
            "The water on Elm Street is not safe to dri…",
            "part",
        ),
        (SAID[0], "Boil it for 3 minutes", "part"),
        (
            SAID[0],
            "… safe to drink until 24 November 2026, 18:30.",
            "similar",
        ),
        (
            SAID[1],
            "bleibt bis Montag, 30. Novem-\nber, geschlossen",
            "part",
        ),
        (SAID[1], "Es kann nicht geheizt werden.", "part"),
        (SAID[2], "Les écoles restent ouvertes", "similar"),
        (SAID[2], "L'eau du robinet n'est pas potable", "part"),
        (SAID[3], "يرجى غلي الماء لمدة 3 دقائق", "part"),
        (SAID[4], "11月24日上午8时至12时北区停水", "part"),
        (SAID[5], "Between 10 - 12 a.m. trains run", "part"),
    ] {
        assert_eq!(how(said, asked), expected, "{asked}");
    }
}

/// Every number, one at a time, another; every word, one at a time, gone, doubled or exchanged with the next.
#[test]
fn no_altered_fact_is_called_said() {
    let mut altered = 0;
    for said in SAID {
        let chars: Vec<char> = said.chars().collect();
        for at in 0..chars.len() {
            if !chars[at].is_numeric() {
                continue;
            }
            for other in ['0', '7', '٩'] {
                let mut changed = chars.clone();
                changed[at] = other;
                let before = how(said, &changed.iter().collect::<String>());
                if changed[at] == chars[at] {
                    continue;
                }
                let same_digit =
                    chars[at].is_ascii_digit() && chars[at].to_digit(10) == other.to_digit(10);
                if !same_digit {
                    assert_eq!(before, "similar", "{}", changed.iter().collect::<String>());
                    altered += 1;
                }
            }
            let mut gone = chars.clone();
            gone.remove(at);
            assert_eq!(how(said, &gone.iter().collect::<String>()), "similar");
            let mut more = chars.clone();
            more.insert(at, '1');
            assert_eq!(how(said, &more.iter().collect::<String>()), "similar");
        }
        let words: Vec<&str> = said.split_inclusive(' ').collect();
        for at in 0..words.len().saturating_sub(1) {
            if at > 0 {
                let mut gone = words.clone();
                gone.remove(at);
                assert_eq!(
                    how(said, &gone.concat()),
                    "similar",
                    "without {}",
                    words[at]
                );
            }
            let mut swapped = words.clone();
            swapped.swap(at, at + 1);
            if swapped[at].trim() != swapped[at + 1].trim() {
                assert!(
                    matches!(how(said, &swapped.concat()), "similar" | "nothing"),
                    "{}",
                    swapped.concat()
                );
            }
            let mut more = words.clone();
            more.insert(at, "really ");
            assert_eq!(how(said, &more.concat()), "similar", "{}", more.concat());
        }
    }
    assert!(altered > 50, "{altered}");
}

#[test]
fn a_negation_is_not_left_out() {
    for (said, asked) in [
        (SAID[0], "safe to drink until 24 November 2026"),
        (
            SAID[0],
            "The water on Elm Street is safe to drink until 24 November 2026, 18:30",
        ),
        (SAID[0], "The water on Elm Street is"),
        (SAID[1], "geheizt werden. Eintritt: 4,50 €"),
        (SAID[1], "Es kann geheizt werden."),
        (SAID[2], "potable à Genève jusqu'au 5 mai"),
        (SAID[2], "L'eau du robinet est potable à Genève"),
        (SAID[3], "صالحة حتى يوم ٢٤ نوفمبر"),
        (SAID[4], "可直接饮用"),
        (SAID[4], "自来水可直接饮用"),
        ("You can't swim here today.", "swim here today"),
        ("You can't swim here today.", "You can swim here today."),
        (
            "No swimming is allowed here.",
            "No, swimming is allowed here.",
        ),
        ("Let us eat, children.", "Let us eat children."),
    ] {
        let found = how(said, asked);
        assert!(matches!(found, "similar" | "nothing"), "{asked}: {found}");
    }
}

#[test]
fn no_part_tears_a_number_or_a_question() {
    for (said, asked) in [
        (
            "The budget is 5 million euros this year.",
            "The budget is 5",
        ),
        ("The budget is 5.75 euros this year.", "The budget is 5"),
        ("The budget is 5.75 euros this year.", "The budget is 5…"),
        ("It will be −5 °C in the city.", "5 °C in the city"),
        ("Open from 9-17 on all days.", "17 on all days"),
        ("We pay €500 to each family.", "500 to each family"),
        ("Fees rise by 3 % in the spring.", "Fees rise by 3"),
        (SAID[5], "Is the bridge closed"),
        (SAID[5], "is the bridge"),
        ("Is it safe to drink? It is.", "it safe to drink"),
    ] {
        let found = how(said, asked);
        assert!(matches!(found, "similar" | "nothing"), "{asked}: {found}");
    }
}

#[test]
fn a_few_words_are_no_quotation() {
    assert_ne!(
        how("The pool is open and the park is closed.", "is open"),
        "part"
    );
    assert_eq!(how("Open.", "open"), "whole");
    assert_eq!(how("停水", "停水"), "whole");
    assert!(Quotation::of("… “” --- !").is_none());
    assert!(Quotation::of("").is_none());
}

#[test]
fn a_difference_shows_both_sides() {
    let quotation = Quotation::of("The pool opens on Tuesday at 9.").unwrap();
    let Some(Match::Similar(pieces)) = quotation.within("The pool opens on Monday at 9.") else {
        panic!("it is similar");
    };
    assert_eq!(
        pieces,
        [
            Piece::Both("The pool opens on".to_owned()),
            Piece::Said("Monday".to_owned()),
            Piece::Asked("Tuesday".to_owned()),
            Piece::Both("at 9".to_owned()),
            Piece::Said(".".to_owned()),
        ]
    );
}

/// However hostile, a text is compared within a moment.
#[test]
fn long_texts_are_compared_in_bounded_time() {
    let begun = std::time::Instant::now();
    let (one, other) = ("a b ".repeat(5_000), "b c a ".repeat(3_000));
    how(&one, &other);
    how(&"a".repeat(20_000), &"b".repeat(20_000));
    how(&one, &one.replacen('a', "c", 1));
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}
