//! A page on which everybody wrote what could break it.

use crate::web::pages::view::{
    Agency, Announcement, AnnouncementPage, Attachment, Pager, Picture, Said, Statement, Theme,
    Thread,
};

use super::hearing::{citizen, entry, here};
use super::{boil_notice, by, html, image, link, picture, water};

const NASTY: &str =
    "</script></title><script>alert(1)</script>\"'><img src=x onerror=alert(1)>&lt;b&gt;";

/// Everything that somebody may write, written by somebody malicious. (The sanitiser has seen the mark-up.)
pub(in crate::web::pages) fn hostile() -> AnnouncementPage {
    let nasty = || NASTY.to_owned();
    let agency = Agency {
        name: nasty(),
        summary: html(NASTY),
        links: vec![
            link(NASTY, "javascript:alert(1)"),
            link(NASTY, "https://x.example/\"onclick=alert(1)"),
        ],
        avatar: Some(Picture {
            alt: nasty(),
            ..picture("crest", "")
        }),
        header: None,
        theme: Theme {
            footer: vec![link(NASTY, "data:text/html,<script>alert(1)</script>")],
            logo: Some(picture("logo", NASTY)),
            stylesheet: None,
        },
        ..water()
    };
    let statement = Statement {
        name: nasty(),
        acct: nasty(),
        profile: "javascript:alert(1)".to_owned(),
        url: "data:text/html,x".to_owned(),
        html: html(NASTY),
        warning: Some(nasty()),
        language: Some(nasty()),
        attachments: vec![Attachment {
            url: "javascript:alert(1)".to_owned(),
            media_type: nasty(),
            alt: nasty(),
        }],
        ..citizen("", "@a@b.example", "2026-11-24T10:00:00Z", "")
    };
    AnnouncementPage {
        announcement: Announcement {
            by: by(&agency),
            html: html(NASTY),
            warning: Some(nasty()),
            images: vec![image("map", NASTY, 10, 10)],
            in_reply_to: Some(link(NASTY, "javascript:alert(1)")),
            ..boil_notice()
        },
        thread: Thread {
            entries: vec![entry(
                1,
                200,
                Some(here(1, NASTY)),
                Said::Citizen(statement),
            )],
            pager: Pager::default(),
        },
        agency,
    }
}
