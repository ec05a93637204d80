//! Trust policies: what is one, and what it says of a checkpoint.

use std::fmt::Write as _;

use crate::tlog::cosignature::cosign;
use crate::tlog::key::{BadKey, KeyKind};
use crate::tlog::policy::{BadPolicy, LONGEST, Reason};
use crate::tlog::{Checkpoint, Head, Note, Policy, SigningKey};

fn log() -> SigningKey {
    SigningKey::from_seed("log.example/1", KeyKind::Ed25519, &[1; 32]).unwrap()
}

fn witness(number: u8) -> SigningKey {
    let name = format!("witness.example/{number}");
    SigningKey::from_seed(&name, KeyKind::Cosignature, &[number; 32]).unwrap()
}

/// `{L}` is the log's key, `{1}` to `{9}` are witnesses'.
fn filled(template: &str) -> String {
    let text = template.replace("{L}", &log().verifier().to_string());
    (1..=9).fold(text, |text, number| {
        text.replace(
            &format!("{{{number}}}"),
            &witness(number).verifier().to_string(),
        )
    })
}

/// The example of the specification.
const EXAMPLE: &str = "log {L}\n\n\
        witness X1 {1}\nwitness X2 {2}\nwitness X3 {3} https://x3.example\ngroup X-witnesses 2 X1 X2 X3\n\n\
        \t # Others.\nwitness Y1 {4}\nwitness\tY2   {5}\n  witness Y3 {6} \ngroup Y-witnesses any Y1 Y2 Y3\n\n\
        group X-and-Y all X-witnesses Y-witnesses\nquorum X-and-Y\n";

fn note(witnesses: &[u8]) -> Note {
    let mut note = Checkpoint::new("log.example/1", Head::EMPTY)
        .sign(&log())
        .unwrap();
    for number in witnesses {
        note.add(cosign(&note.text, &witness(*number), 100 + u64::from(*number)).unwrap());
    }
    note
}

#[test]
fn the_example_of_the_specification() {
    let policy = Policy::parse(&filled(EXAMPLE)).unwrap();
    assert_eq!(policy.logs().len(), 1);
    assert_eq!(policy.witnesses().len(), 6);
    assert_eq!(
        policy.witnesses()[2].url.as_deref(),
        Some("https://x3.example")
    );
    assert!(!policy.needs_no_witness());
    for (cosigners, satisfied) in [
        (&[][..], false),
        (&[1, 2, 3], false),
        (&[4, 5, 6], false),
        (&[1, 4, 5, 6], false),
        (&[1, 3, 6], true),
        (&[2, 3, 4], true),
        (&[1, 2, 3, 4, 5, 6], true),
        (&[1, 7, 4], false),
    ] {
        let judgement = policy.judge(&note(cosigners));
        assert_eq!(judgement.satisfied, satisfied, "{cosigners:?}");
        assert_eq!(judgement.signed_by.as_deref(), Some("log.example/1"));
    }
    let judgement = policy.judge(&note(&[6, 1, 7]));
    let expected = [("X1".to_owned(), 101), ("Y3".to_owned(), 106)];
    assert_eq!(judgement.cosigned_by, expected);
}

#[test]
fn a_wrong_signature_spoils_the_note() {
    let policy =
        Policy::parse(&filled("log {L}\nwitness a {1}\nwitness b {2}\nquorum a\n")).unwrap();
    let mut spoilt = note(&[1, 2]);
    assert!(policy.judge(&spoilt).satisfied);
    spoilt.signatures[2].bytes[20] ^= 1;
    let judgement = policy.judge(&spoilt);
    assert!(!judgement.satisfied);
    assert_eq!(judgement.wrong, ["witness.example/2"]);
    assert_eq!(judgement.cosigned_by, [("a".to_owned(), 101)]);
    let mut spoilt = note(&[1]);
    spoilt.signatures[0].bytes[20] ^= 1;
    assert_eq!(policy.judge(&spoilt).wrong, ["log.example/1"]);
}

#[test]
fn a_listed_log_must_have_signed() {
    let with_log = Policy::parse(&filled("log {L}\nquorum none\n")).unwrap();
    let mut unsigned = note(&[]);
    assert!(with_log.judge(&unsigned).satisfied);
    unsigned.signatures.clear();
    assert!(!with_log.judge(&unsigned).satisfied);
    assert!(Policy::none().judge(&unsigned).satisfied);
    // Another log's checkpoint, signed with this log's key.
    let text = note(&[]).text.replace("log.example/1", "log.example/2");
    let other = Note::signed(&text, &[&log()]).unwrap();
    assert!(!with_log.judge(&other).satisfied);
    let text = Note::signed("no checkpoint\n", &[&log()]).unwrap();
    assert!(!Policy::none().judge(&text).satisfied);
}

#[test]
fn what_is_no_policy() {
    let name = |name: &str| name.to_owned();
    for (template, line, reason) in [
        ("", 0, Reason::NoQuorum),
        ("\n# quorum none\n", 2, Reason::NoQuorum),
        ("quorum none", 1, Reason::NoNewline),
        ("quorum none\r\n", 1, Reason::ControlCharacter),
        ("quorum none\n\u{b}\n", 2, Reason::ControlCharacter),
        ("quorum none\n#\u{7f}\n", 2, Reason::ControlCharacter),
        ("quorum none\nquorum none\n", 2, Reason::SecondQuorum),
        ("quorum\n", 1, Reason::Shape("quorum <name>|none")),
        ("quorum a b\n", 1, Reason::Shape("quorum <name>|none")),
        ("quorum a\n", 1, Reason::UnknownName(name("a"))),
        (
            "quorum a\nwitness a {1}\n",
            1,
            Reason::UnknownName(name("a")),
        ),
        ("QUORUM none\n", 1, Reason::Keyword(name("QUORUM"))),
        (
            "quorum\u{a0}none\n",
            1,
            Reason::Keyword(name("quorum\u{a0}none")),
        ),
        ("log\n", 1, Reason::Shape("log <vkey> [<url>]")),
        ("log {L} a b\n", 1, Reason::Shape("log <vkey> [<url>]")),
        ("log {L}\nlog {L}\n", 2, Reason::DuplicateKey),
        ("log {1}\n", 1, Reason::KeyKind),
        ("log x\n", 1, Reason::Key(BadKey::Shape)),
        (
            "witness a\n",
            1,
            Reason::Shape("witness <name> <vkey> [<url>]"),
        ),
        (
            "witness a {1} b c\n",
            1,
            Reason::Shape("witness <name> <vkey> [<url>]"),
        ),
        ("witness a {L}\n", 1, Reason::KeyKind),
        ("witness a {1}\nwitness b {1}\n", 2, Reason::DuplicateKey),
        (
            "witness a {1}\nwitness a {2}\n",
            2,
            Reason::DuplicateName(name("a")),
        ),
        ("witness none {1}\n", 1, Reason::DuplicateName(name("none"))),
        (
            "group a\n",
            1,
            Reason::Shape("group <name> all|any|<k> <name>…"),
        ),
        ("group a any\n", 1, Reason::Threshold),
        ("group a all\n", 1, Reason::Threshold),
        ("group a any a\n", 1, Reason::UnknownName(name("a"))),
        (
            "witness a {1}\ngroup none any a\n",
            2,
            Reason::DuplicateName(name("none")),
        ),
        (
            "witness a {1}\ngroup a any a\n",
            2,
            Reason::DuplicateName(name("a")),
        ),
        (
            "witness a {1}\ngroup b any none\n",
            2,
            Reason::UnknownName(name("none")),
        ),
        ("witness a {1}\ngroup b 0 a\n", 2, Reason::Threshold),
        ("witness a {1}\ngroup b 2 a\n", 2, Reason::Threshold),
        ("witness a {1}\ngroup b 01 a\n", 2, Reason::Threshold),
        ("witness a {1}\ngroup b some a\n", 2, Reason::Threshold),
        (
            "witness a {1}\ngroup b any a a\n",
            2,
            Reason::DuplicateMember(name("a")),
        ),
        (
            "witness a {1}\ngroup b any a\ngroup c any a\n",
            3,
            Reason::DuplicateMember(name("a")),
        ),
    ] {
        let found = Policy::parse(&filled(template));
        assert_eq!(found, Err(BadPolicy { line, reason }), "{template:?}");
    }
}

/// Two keys of one name and bytes but another kind are one key to a policy.
#[test]
fn the_same_key_under_another_name_is_a_duplicate() {
    let other = SigningKey::from_seed("other.example", KeyKind::Cosignature, &[1; 32]).unwrap();
    let text = format!("witness a {{1}}\nwitness b {}\n", other.verifier());
    let reason = Reason::DuplicateKey;
    assert_eq!(
        Policy::parse(&filled(&text)),
        Err(BadPolicy { line: 2, reason })
    );
}

#[test]
fn names_may_be_any_text_and_groups_nest_as_deep_as_there_are_lines() {
    let mut text = filled("witness 2 {1}\nwitness Zürich {2}\ngroup g0 1 2 Zürich\n");
    for depth in 1..1000 {
        writeln!(text, "group g{depth} all g{}", depth - 1).unwrap();
    }
    let policy = Policy::parse(&format!("{text}quorum g999\n")).unwrap();
    assert!(policy.judge(&note(&[2])).satisfied);
    assert!(!policy.judge(&note(&[3])).satisfied);
    let reason = Reason::TooLong;
    let too_many = format!("{text}{}", "quorum none\n".repeat(30));
    assert!(Policy::parse(&too_many).is_err());
    let comments = "#\n".repeat(LONGEST / 2 + 1);
    assert_eq!(Policy::parse(&comments), Err(BadPolicy { line: 0, reason }));
}
