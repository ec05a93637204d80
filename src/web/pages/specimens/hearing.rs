//! What citizens said to the boil notice, and what the agency answered.

use crate::kernel::AnnouncementId;
use crate::web::pages::view::{Agency, Answer, Attachment, Entry, Parent, Said, Statement};

use super::{at, by, html, water};

pub(super) fn citizen(name: &str, acct: &str, published: &str, text: &str) -> Statement {
    let host = acct.rsplit('@').next().unwrap();
    let user = acct.trim_start_matches('@').split('@').next().unwrap();
    Statement {
        name: name.to_owned(),
        acct: acct.to_owned(),
        profile: format!("https://{host}/@{user}"),
        url: format!("https://{host}/@{user}/1139"),
        html: html(text),
        warning: None,
        language: Some("en".to_owned()),
        attachments: Vec::new(),
        published_at: at(published),
        edited_at: None,
    }
}

pub(super) fn answer(agency: &Agency, id: i64, published: &str, text: &str) -> Said {
    Said::Agency(Answer {
        id: AnnouncementId::new(id),
        by: by(agency),
        html: html(text),
        warning: None,
        language: agency.language.clone(),
        images: Vec::new(),
        article: None,
        published_at: at(published),
        edited_at: None,
    })
}

pub(super) fn entry(number: usize, depth: u8, parent: Option<Parent>, said: Said) -> Entry {
    Entry {
        anchor: format!("reply-{number}"),
        depth,
        parent,
        said,
        more: None,
        record: Some(super::mark(number as u64)),
    }
}

pub(super) fn here(number: usize, name: &str) -> Parent {
    Parent::Here {
        anchor: format!("reply-{number}"),
        name: name.to_owned(),
    }
}

/// A morning's replies and answers, in reading order.
pub(super) fn hearing() -> Vec<Entry> {
    let mut entries = beginning();
    entries.extend(middle());
    entries.extend(end());
    entries
}

fn beginning() -> Vec<Entry> {
    let water = water();
    vec![
        entry(
            1,
            1,
            None,
            Said::Citizen(citizen(
                "Ada Okafor",
                "@ada@mastodon.example",
                "2026-11-24T08:19:00Z",
                "<p>Does this include Mill Close? The map ends just there, and my mother (83) lives at number 4.</p>",
            )),
        ),
        entry(
            2,
            2,
            Some(here(1, "Ada Okafor")),
            answer(
                &water,
                450_211_775_500,
                "2026-11-24T08:31:00Z",
                "<p>Yes, Mill Close is affected. We have added it to the map. A colleague will bring your mother bottled water this morning if you send us a direct message.</p>",
            ),
        ),
        entry(
            3,
            3,
            Some(here(2, "Springfield Water Works")),
            Said::Citizen(Statement {
                edited_at: Some(at("2026-11-24T08:44:00Z")),
                ..citizen(
                    "Ada Okafor",
                    "@ada@mastodon.example",
                    "2026-11-24T08:40:00Z",
                    "<p>Thank you, that is kind. Message sent.</p>",
                )
            }),
        ),
        entry(
            4,
            3,
            Some(here(3, "Ada Okafor")),
            Said::Citizen(citizen(
                "Jonas 🌊",
                "@jonas@social.example",
                "2026-11-24T09:02:00Z",
                "<p>Can confirm, they came round at ours within the hour.</p>",
            )),
        ),
        entry(
            5,
            1,
            None,
            Said::Deleted {
                gone: crate::web::pages::view::Gone::DeletedByAuthor,
                published_at: at("2026-11-24T08:25:00Z"),
                deleted_at: at("2026-11-24T09:00:00Z"),
            },
        ),
        entry(
            6,
            2,
            Some(Parent::Deleted {
                anchor: "reply-5".to_owned(),
            }),
            Said::Citizen(citizen(
                "Northside Residents’ Association",
                "@northside@groups.neighbourhood.example",
                "2026-11-24T08:50:00Z",
                "<p>Please do not spread this: the hospital is <strong>not</strong> affected, it has its own well.</p><blockquote><p>The clinic confirmed this to us at 8:30.</p></blockquote>",
            )),
        ),
    ]
}

fn middle() -> Vec<Entry> {
    let water = water();
    vec![
        entry(
            7,
            1,
            None,
            Said::Citizen(Statement {
                attachments: vec![
                    Attachment {
                        url: "https://files.example/a.jpg".to_owned(),
                        media_type: "image/jpeg".to_owned(),
                        alt: "A glass of slightly brown water".to_owned(),
                    },
                    Attachment {
                        url: "https://files.example/b.mp4".to_owned(),
                        media_type: "video/mp4".to_owned(),
                        alt: String::new(),
                    },
                ],
                ..citizen(
                    "m_kowalski",
                    "@m_kowalski@pixel.example",
                    "2026-11-24T08:58:00Z",
                    "<p>Is this colour normal? South side, Harbour Road.</p>",
                )
            }),
        ),
        entry(
            8,
            2,
            Some(here(7, "m_kowalski")),
            answer(
                &water,
                450_211_775_501,
                "2026-11-24T09:20:00Z",
                "<p>South of the river the water is safe. The colour comes from iron that the change of pressure has stirred up. Let it run for five minutes; if it stays brown, call 555 0199.</p>",
            ),
        ),
        entry(
            9,
            1,
            None,
            Said::Citizen(Statement {
                warning: Some("Angry".to_owned()),
                ..citizen(
                    "Rosa",
                    "@rosa@kolektiva.example",
                    "2026-11-24T09:31:00Z",
                    "<p>Third burst main in two years on the same street. When does the council finally pay for new pipes instead of patches?</p>",
                )
            }),
        ),
        entry(
            10,
            2,
            Some(here(9, "Rosa")),
            Said::Withdrawn {
                by: by(&water),
                published_at: at("2026-11-24T09:50:00Z"),
                withdrawn_at: at("2026-11-24T10:02:00Z"),
                reason: Some("It named a wrong year; see the corrected answer below.".to_owned()),
            },
        ),
    ]
}

fn end() -> Vec<Entry> {
    let water = water();
    vec![
        entry(
            11,
            2,
            Some(here(9, "Rosa")),
            answer(
                &water,
                450_211_775_502,
                "2026-11-24T10:04:00Z",
                "<p>A fair question. The council has approved the renewal of Mill Lane for <strong>2027</strong>; the plan and its cost are public: <a href=\"https://council.springfield.example/plans/2027/mill-lane\">council.springfield.example/plans/2027/mill-lane</a>.</p>",
            ),
        ),
        entry(
            12,
            1,
            None,
            Said::Citizen(Statement {
                language: Some("ar".to_owned()),
                ..citizen(
                    "سميرة",
                    "@samira@arabic.example",
                    "2026-11-24T10:15:00Z",
                    "<p>هل يمكن نشر هذا بالعربية أيضًا؟ كثير من جيراننا لا يقرأون الإنجليزية.</p>",
                )
            }),
        ),
        entry(
            13,
            1,
            Some(Parent::Elsewhere),
            Said::Citizen(Statement {
                language: None,
                ..citizen(
                    "averyveryveryverylongnamewithoutanyspacesthatsomebodychosetouse",
                    "@averyveryveryverylongnamewithoutanyspaces@an-equally-long-host-name.of.some.server.example",
                    "2026-11-24T10:20:00Z",
                    "<p>Ok https://example.org/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</p>",
                )
            }),
        ),
    ]
}
