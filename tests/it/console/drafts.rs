//! Writing at the desk: drafts, their pages and pictures, two people at one text, and who gets in.

use std::io::Cursor;
use std::time::Duration;

use actapub::agencies::staff::Role;
use actapub::kernel::DraftId;
use actapub::publishing::drafts::{Draft, Kind, Proposal};
use actapub::publishing::polls::Ends;
use axum::http::StatusCode;
use image::{DynamicImage, ImageFormat};
use serde_json::Value;

use super::visitor::Page;
use super::{PASSWORD, Visitor, hired};
use crate::harness::{TestServer, on_both, says};

const DRAFTS: &str = "/console/water/drafts";

/// The fields of an announcement in English.
fn fields<'a>(text: &'a str, seen: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![("text", text), ("language", "en"), ("seen", seen)]
}

/// The same, as our script sends them.
fn automatic<'a>(text: &'a str, seen: &'a str) -> Vec<(&'a str, &'a str)> {
    [fields(text, seen), vec![("automatic", "yes")]].concat()
}

/// Writes a new announcement; returns the path of its draft.
async fn begun(visitor: &Visitor, text: &str) -> String {
    let page = visitor
        .sends(&format!("{DRAFTS}/new"), &fields(text, ""))
        .await;
    page.leads_to().split('?').next().unwrap().to_owned()
}

/// The version that a form stands upon.
fn seen(page: &Page) -> String {
    page.between("name=\"seen\" value=\"", "\"")
}

async fn drafted(server: &TestServer, path: &str) -> Draft {
    let id: DraftId = path.rsplit('/').next().unwrap().parse().unwrap();
    server.stands(id).await
}

fn first(draft: &Draft) -> &Proposal {
    draft.parts[0].proposal.as_ref().unwrap()
}

fn png() -> Vec<u8> {
    let mut bytes = vec![];
    DynamicImage::new_rgb8(8, 6)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    bytes
}

/// A photograph that says where it was taken.
fn located() -> Vec<u8> {
    let mut bytes = vec![];
    DynamicImage::new_rgb8(9, 7)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Jpeg)
        .unwrap();
    let note = b"Exif\0\0MM\0*\0\0\0\x08\0\0\0\0\0\0GPS 52.5200 N 13.4050 E";
    let length = u16::try_from(note.len() + 2).unwrap().to_be_bytes();
    let segment: Vec<u8> = [&[0xFF, 0xE1][..], &length, note].concat();
    bytes.splice(2..2, segment);
    bytes
}

on_both! {
    async fn a_form_that_is_sent_twice_makes_one_draft(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let bob = hired(server, server.agency.id, "Bob", &[Role::Author]).await;
        let text = "**No water** in `Elm Street`.";
        let own = begun(&ada, text).await;
        assert_eq!(begun(&ada, text).await, own);
        // It is known by what is read, not by its mark-up.
        ada.sees(&format!("{own}/review")).await.is(StatusCode::OK, "<h1><bdi>No water in Elm Street.</bdi></h1>");
        // Somebody else, somebody who has gone on with it, or the same words later: that is meant.
        let of_bob = begun(&bob, text).await;
        assert_ne!(of_bob, own);
        let at = seen(&ada.sees(&own).await);
        ada.sends(&format!("{own}/parts/1"), &fields("No water anywhere.", &at)).await;
        let second = begun(&ada, text).await;
        assert_ne!(second, own);
        server.clock.advance(Duration::from_secs(3 * 60));
        assert_ne!(begun(&ada, text).await, second);
        assert_eq!(server.count("drafts").await, 4);
        server.settle().await;
    }

    async fn a_text_is_written_saved_and_seen_as_it_will_be(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        ada.sees(DRAFTS).await.is(StatusCode::OK, "There is no draft here.");
        ada.sees(&format!("{DRAFTS}/new")).await.is(StatusCode::OK, "Write an announcement").says("class=\"writes\"");
        let own = begun(&ada, "# Pool\r\n\r\nIt *opens* on Monday.").await;
        let page = ada.sees(&own).await.is(StatusCode::OK, "<p><strong>Pool</strong></p>");
        page.says("<p>It <em>opens</em> on Monday.</p>");
        page.says("of 5000 characters");
        page.says("Being written");
        assert_eq!(page.header("cache-control"), "no-store");

        let save = format!("{own}/parts/1");
        let mut changed = fields("It opens on Tuesday.", "");
        let at = seen(&page);
        changed[2].1 = &at;
        changed.extend([("warning", "Water"), ("pin", "yes")]);
        let page = ada.sends(&save, &changed).await;
        let page = ada.follows(&page).await.is(StatusCode::OK, "Saved.");
        page.says("<details class=\"warning\">");
        let draft = drafted(server, &own).await;
        let Proposal::Announcement { content, pin: true, .. } = first(&draft) else { panic!("{draft:?}") };
        assert_eq!((content.markdown.as_str(), content.warning.as_deref()), ("It opens on Tuesday.", Some("Water")));
        // The same form again changes nothing.
        let page = ada.sends(&save, &changed).await;
        ada.follows(&page).await.is(StatusCode::OK, "Nothing was different.");
        assert_eq!(drafted(server, &own).await, draft);

        let page = ada.sees(&format!("{own}/versions")).await.is(StatusCode::OK, "From version 1 to version 2");
        page.says("<del>");
        page.says("Tuesday");
        ada.sees(&format!("{own}/versions?from=2&to=1")).await.says("From version 2 to version 1");
        let page = ada.sees(DRAFTS).await.is(StatusCode::OK, "Water It opens on Tuesday.");
        page.says("Ada");
        ada.sees(&format!("{DRAFTS}?state=held")).await.is(StatusCode::OK, "There is no draft here.");
        server.settle().await;
    }

    async fn a_poll_is_asked_in_the_form(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let mut asked = fields("When shall the pool open?", "");
        asked.extend([("options", "At nine\r\nAt ten\r\n"), ("several", "yes"), ("term", "60")]);
        let page = ada.sends(&format!("{DRAFTS}/new"), &asked).await;
        let own = page.leads_to().split('?').next().unwrap().to_owned();
        let page = ada.sees(&own).await.is(StatusCode::OK, "<bdi>At nine</bdi>");
        page.says("At nine\nAt ten</textarea>");
        page.says("<option value=\"60\" selected>One hour</option>");
        let draft = drafted(server, &own).await;
        let Proposal::Announcement { content, .. } = first(&draft) else { panic!("{draft:?}") };
        let question = content.poll.clone().unwrap();
        assert_eq!((question.options.len(), question.multiple, question.ends), (2, true, Ends::After { minutes: 60 }));
        // Nothing is asked any more, or too little: that is said where it is decided about.
        let at = seen(&page);
        let mut fewer = fields("When shall the pool open?", &at);
        fewer.push(("options", "At nine"));
        ada.sends(&format!("{own}/parts/1"), &fewer).await.leads_to();
        ada.sees(&format!("{own}/review")).await.is(StatusCode::OK, "A poll has two to ten options.");
        let at = seen(&ada.sees(&own).await);
        ada.sends(&format!("{own}/parts/1"), &fields("No question.", &at)).await.leads_to();
        let draft = drafted(server, &own).await;
        let Proposal::Announcement { content, .. } = first(&draft) else { panic!("{draft:?}") };
        assert_eq!(content.poll, None);
        server.settle().await;
    }

    async fn a_long_text_is_written_in_the_form(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        ada.sees(&format!("{DRAFTS}/new")).await.is(StatusCode::OK, "Write a long text as well");
        let mut asked = fields("New pipes.", "");
        asked.extend([("article-title", "The plan"), ("article", "## Why\r\n\r\nThey are *old*.")]);
        let page = ada.sends(&format!("{DRAFTS}/new"), &asked).await;
        let own = page.leads_to().split('?').next().unwrap().to_owned();
        // The post with what leads to the page, its card, and the page.
        let page = ada.sees(&own).await.is(StatusCode::OK, "<p><strong>The plan</strong><br>");
        page.says("/article");
        page.says("class=\"link-card\"");
        page.says("<h2 id=\"s-why\">Why</h2><p>They are <em>old</em>.</p>");
        page.says("of 100000 characters");
        page.says("About one minute to read.");
        page.says("## Why\n\nThey are *old*.</textarea>");
        ada.sees(&format!("{own}/review")).await.is(StatusCode::OK, "<h2 id=\"s-why\">Why</h2>").says("<p><strong>The plan</strong><br>");
        let draft = drafted(server, &own).await;
        let Proposal::Announcement { content, .. } = first(&draft) else { panic!("{draft:?}") };
        let article = content.article.clone().unwrap();
        assert_eq!((article.title.as_str(), article.markdown.as_str()), ("The plan", "## Why\n\nThey are *old*."));
        // A script that knows nothing of it takes nothing away, and what is saved by itself keeps it.
        let at = seen(&ada.sees(&own).await);
        let mut typed = automatic("New pipes, at last.", &at);
        typed.extend([("article-title", "The plan"), ("article", "## Why\n\nThey are *very old*.")]);
        ada.sends(&format!("{own}/parts/1"), &typed).await.is(StatusCode::OK, "");
        let page = ada.sees(&own).await.is(StatusCode::OK, "<em>very old</em>");
        let piece = ada.sends(&format!("{DRAFTS}/preview"), &[fields("x", ""), vec![("article-title", ""), ("article", "y")]].concat()).await;
        piece.is(StatusCode::OK, "The title is missing.");
        // Without a title it cannot go out, and the page on which it is decided about says so.
        let at = seen(&page);
        let mut less = fields("New pipes.", &at);
        less.extend([("article-title", " "), ("article", "Text.")]);
        ada.sends(&format!("{own}/parts/1"), &less).await.leads_to();
        ada.sees(&format!("{own}/review")).await.is(StatusCode::OK, "A long text needs a title");
        // Both empty is none.
        let at = seen(&ada.sees(&own).await);
        let mut none = fields("New pipes.", &at);
        none.extend([("article-title", ""), ("article", "")]);
        ada.sends(&format!("{own}/parts/1"), &none).await.leads_to();
        let draft = drafted(server, &own).await;
        let Proposal::Announcement { content, .. } = first(&draft) else { panic!("{draft:?}") };
        assert_eq!(content.article, None);
        server.settle().await;
    }

    async fn nothing_typed_is_lost(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let new = format!("{DRAFTS}/new");
        let page = ada.sends(&new, &[("text", "Lost <never>?"), ("language", "no tag")]).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "is no language tag");
        page.says("Lost &lt;never&gt;?");
        page.says(r##"href="#language""##);
        for (name, bytes, wrong) in [
            ("a.pdf", b"%PDF-1.7 no picture".to_vec(), "no picture that can be shown everywhere"),
            ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), "no picture that can be shown everywhere"),
            ("a.png", [&png()[..], b"<script>alert(1)</script>"].concat(), "hides another document"),
            ("a.gif", b"GIF89a\xff\xff\xff\xff\0\0\0,\0\0\0\0\xff\xff\xff\xff\0\x02\x02L\x01\0;".to_vec(), "too many pixels"),
            ("a.png", png()[..40].to_vec(), "damaged"),
            ("big.png", vec![0x89; 100_000_000], "too large"),
        ] {
            let page = ada.sends_files(&new, &fields("Not lost.", ""), &[(name, &bytes)]).await
                .is(StatusCode::UNPROCESSABLE_ENTITY, wrong);
            page.says("Not lost.</textarea>");
        }
        assert_eq!((server.count("drafts").await, server.count("blobs").await), (0, 0));

        // The session ends in mid-sentence, in a form that holds a picture.
        let own = begun(&ada, "One.").await;
        server.clock.advance(Duration::from_secs(3 * 3600));
        let save = format!("{own}/parts/1");
        let page = ada.sends_files(&save, &fields("One, two & three.", "1"), &[("a.png", &png())]).await
            .is(StatusCode::UNAUTHORIZED, "Nothing of what you wrote is lost");
        let mut entry = page.hidden("/console/sign-in");
        entry.push(("email".to_owned(), "ada@city.example".to_owned()));
        entry.push(("password".to_owned(), PASSWORD.to_owned()));
        let page = ada.sends_all("/console/sign-in", &entry).await.is(StatusCode::OK, "You are signed in again");
        let page = ada.sends_all(&save, &page.hidden(&save)).await;
        ada.follows(&page).await.is(StatusCode::OK, "One, two &amp; three.");
        server.settle().await;
    }

    async fn two_at_one_text_see_both(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let bob = hired(server, server.agency.id, "Bob", &[Role::Author]).await;
        let own = begun(&ada, "The pool opens on Monday.").await;
        let save = format!("{own}/parts/1");
        let page = bob.sends(&save, &fields("The pool opens on Tuesday.", "1")).await;
        bob.follows(&page).await.is(StatusCode::OK, "Saved.");
        let page = ada.sends(&save, &fields("The pool opens on Sunday.", "1")).await;
        let aside = page.leads_to().to_owned();
        let page = ada.follows(&page).await.is(StatusCode::CONFLICT, "Bob has saved another text meanwhile");
        page.says("The pool opens on Tuesday.");
        page.says("The pool opens on Sunday.</textarea>");
        page.says("<ins>");
        // It counts for nothing, and nobody else sees it; she does when she comes back.
        bob.sees(&aside).await.is(StatusCode::NOT_FOUND, "There is nothing");
        bob.sees(&own).await.is(StatusCode::OK, "Tuesday").says_nothing_of("Sunday");
        ada.sees(&own).await.is(StatusCode::OK, "your text was kept aside");

        // She takes hers …
        let mut hers = fields("The pool opens on Sunday.", "");
        let (at, instead) = (seen(&page), page.between("name=\"instead\" value=\"", "\""));
        hers[2].1 = &at;
        hers.push(("instead", &instead));
        let page = ada.sends(&save, &hers).await;
        ada.follows(&page).await.is(StatusCode::OK, "Saved.").says_nothing_of("kept aside");
        // … and Bob, who was slower then, drops his.
        let page = bob.sends(&save, &fields("The pool opens on Friday.", "2")).await;
        let page = bob.follows(&page).await.is(StatusCode::CONFLICT, "Ada has saved another text meanwhile");
        let drop = format!("{own}/drop");
        let mine = page.hidden(&drop);
        ada.sends_all(&drop, &mine).await.is(StatusCode::NOT_FOUND, "There is nothing");
        let page = bob.sends_all(&drop, &mine).await;
        bob.follows(&page).await.is(StatusCode::OK, "Your text is dropped").says_nothing_of("Friday");
        server.settle().await;
    }

    async fn our_script_saves_and_looks(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let json = |page: &Page| serde_json::from_str::<Value>(&page.text).unwrap();
        let page = ada.sends(&format!("{DRAFTS}/new"), &automatic("On", "")).await.is(StatusCode::OK, "seen");
        let told = json(&page);
        let (own, save) = (told["to"].as_str().unwrap(), told["action"].as_str().unwrap());
        let mut at = told["seen"].as_str().unwrap().to_owned();
        for text in ["One", "One two", "One two three"] {
            let page = ada.sends(save, &automatic(text, &at)).await.is(StatusCode::OK, "Saved as you type.");
            json(&page)["seen"].as_str().unwrap().clone_into(&mut at);
        }
        ada.sees(own).await.is(StatusCode::OK, "One two three</textarea>");
        // One sitting is one version, besides the one with which it began.
        assert_eq!(server.count("draft_versions").await, 2);
        let page = ada.sends(save, &automatic("Late", "1")).await.is(StatusCode::OK, "conflict");
        ada.sees(json(&page)["conflict"].as_str().unwrap()).await.is(StatusCode::CONFLICT, "Late</textarea>");

        // What was put up for approval is not undone by a key that somebody pressed.
        let by = server.staff(&[Role::Author]).await;
        let id = drafted(server, own).await.id;
        server.submits(&by, id).await.unwrap();
        let draft = drafted(server, own).await;
        ada.sends(save, &automatic("Undone", &at)).await.is(StatusCode::OK, "stop");
        assert_eq!(drafted(server, own).await, draft);

        let preview = format!("{DRAFTS}/preview");
        let page = ada.sends(&preview, &fields("**Now** @ada@nowhere.example", "")).await.is(StatusCode::OK, "<strong>Now</strong>");
        page.says("Not found, so it stays text: @ada@nowhere.example");
        page.says_nothing_of("<html");
        server.announce("Swim #WaterWorks").await;
        let page = ada.sees(&format!("{DRAFTS}/lookup?q=%23waterw")).await;
        assert_eq!(json(&page)["found"][0], "#WaterWorks");
        let page = ada.sees(&format!("{DRAFTS}/lookup?q=%40wat")).await;
        assert!(json(&page)["found"][0].as_str().unwrap().starts_with("@water@"), "{}", page.text);
        server.settle().await;
    }

    async fn an_announcement_in_several_languages(server: &TestServer) {
        let rules = actapub::publishing::house::HouseRules { languages: vec!["en".to_owned(), "fr".to_owned()], ..Default::default() };
        server.works_by(rules).await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let own = begun(&ada, "The pool opens.").await;
        ada.sees(&own).await.is(StatusCode::OK, "The house rules ask for fr as well.");
        let add = format!("{own}/parts");
        ada.sends(&add, &[("add-language", "EN")]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "Two parts are in the same language");
        ada.sends(&add, &[("add-language", "?")]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "is no language tag");
        let page = ada.sends(&add, &[("add-language", "fr")]).await;
        assert!(page.leads_to().contains("part=2"), "{}", page.leads_to());
        let page = ada.follows(&page).await.is(StatusCode::OK, "The language is added.");
        let at = seen(&page);
        let typed = [("text", "La piscine ouvre."), ("language", "fr"), ("seen", &at)];
        let page = ada.sends(&format!("{own}/parts/2"), &typed).await;
        let page = ada.follows(&page).await.is(StatusCode::OK, "La piscine ouvre.</textarea>");
        page.says("lang=\"fr\"");
        let remove = format!("{own}/parts/2/remove");
        let page = ada.sends_all(&remove, &page.hidden(&remove)).await;
        let page = ada.follows(&page).await.is(StatusCode::OK, "The language is removed.");
        let mut exempt = page.hidden(&format!("{own}/exempt"));
        exempt.push(("exemption".to_owned(), "It is about the English school.".to_owned()));
        let page = ada.sends_all(&format!("{own}/exempt"), &exempt).await;
        ada.follows(&page).await.is(StatusCode::OK, "It is about the English school.");
        // Whoever still writes in the part that is gone loses nothing.
        let page = ada.sends(&format!("{own}/parts/2"), &[("text", "La piscine"), ("language", "fr"), ("seen", "3")]).await;
        ada.follows(&page).await.is(StatusCode::CONFLICT, "This part was removed meanwhile").says("La piscine");
        server.settle().await;
    }

    async fn pictures_are_cleaned_described_and_limited(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let new = format!("{DRAFTS}/new");
        let typed = [fields("Look.", ""), vec![("alt", "A pool, empty.")]].concat();
        let page = ada.sends_files(&new, &typed, &[("a.jpg", &located()), ("b.png", &png())]).await;
        let own = page.leads_to().split('?').next().unwrap().to_owned();
        let page = ada.follows(&page).await.is(StatusCode::OK, "A pool, empty.");
        page.says("Every picture needs a text alternative");
        let draft = drafted(server, &own).await;
        let images = first(&draft).contents()[0].images.clone();
        assert_eq!(images.iter().map(|it| it.alt.as_str()).collect::<Vec<_>>(), ["A pool, empty.", ""]);
        for image in &images {
            let media = server.services.site.media(&image.digest, &image.media_type);
            let bytes = server.get(&media, "image/*").await.body;
            let holds = |text: &[u8]| bytes.windows(text.len()).any(|it| it == text);
            assert!(!bytes.is_empty() && !holds(b"GPS") && !holds(b"Exif"));
        }

        // Described, with a focal point; the other one removed; and one that was never in this draft is not believed.
        let (alt, x, y) = (format!("alt-{}", images[1].digest), format!("focus-x-{}", images[1].digest), format!("focus-y-{}", images[1].digest));
        let remove = format!("remove-{}", images[0].digest);
        let alien = "0".repeat(64);
        let at = seen(&page);
        let mut typed = fields("Look.", &at);
        typed.extend([("image", images[0].digest.as_str()), ("image", &images[1].digest), ("image", &alien)]);
        typed.extend([(remove.as_str(), "yes"), (&alt, "Black."), (&x, "0,5"), (&y, "-1")]);
        let page = ada.sends(&format!("{own}/parts/1"), &typed).await;
        ada.follows(&page).await.is(StatusCode::OK, "Black.").says_nothing_of("Every picture needs");
        let draft = drafted(server, &own).await;
        let kept = &first(&draft).contents()[0].images;
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].alt.as_str(), kept[0].focus), ("Black.", Some((0.5, -1.0))));

        typed.retain(|(name, _)| *name != x);
        typed.push((&x, "far"));
        ada.sends(&format!("{own}/parts/1"), &typed).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "The focal point lies between").says("value=\"far\"");
        let picture = png();
        let five = [("a.png", &picture[..]); 5];
        ada.sends_files(&new, &fields("Five.", ""), &five).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "At most 4 pictures").says("Five.</textarea>");
        server.settle().await;
    }

    async fn what_is_published_is_where_a_draft_begins(server: &TestServer) {
        let fire = server.create_agency("fire").await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let eve = hired(server, fire.id, "Eve", &[Role::Author]).await;
        let (announcement, _) = server.announce("The pool opens at nine.").await;
        let list = "/console/water/announcements";
        ada.sees(list).await.is(StatusCode::OK, "The pool opens at nine.").says("Correct");
        let id = announcement.id.to_string();
        for kind in [Kind::Edit, Kind::Correction, Kind::Withdrawal, Kind::Pin] {
            let typed = [("announcement", id.as_str()), ("kind", kind.name())];
            let page = ada.sends(&format!("{list}/begin"), &typed).await;
            let own = page.leads_to().to_owned();
            let page = ada.follows(&page).await.is(StatusCode::OK, &format!("{own}/review"));
            assert_eq!(drafted(server, &own).await.kind(), Some(kind));
            let at = seen(&page);
            let typed = [fields("The pool opens at ten.", &at), vec![("notice", "We were wrong."), ("reason", "No pool.")]].concat();
            if kind != Kind::Pin {
                let page = ada.sends(&format!("{own}/parts/1"), &typed).await;
                ada.follows(&page).await.is(StatusCode::OK, "Saved.");
            }
            let draft = drafted(server, &own).await;
            match first(&draft) {
                Proposal::Correction { content, notice, revision: 1, .. } => {
                    assert_eq!((content.markdown.as_str(), notice.markdown.as_str()), ("The pool opens at ten.", "We were wrong."));
                }
                Proposal::Withdrawal { reason, .. } => assert_eq!(reason, "No pool."),
                Proposal::Edit { .. } | Proposal::Pin { .. } => {}
                other => panic!("{other:?}"),
            }
            eve.sends("/console/fire/announcements/begin", &[("announcement", &id), ("kind", kind.name())]).await
                .is(StatusCode::NOT_FOUND, "There is nothing");
        }
        for wrong in [("kind", "keys"), ("kind", "?")] {
            ada.sends(&format!("{list}/begin"), &[("announcement", &id), wrong]).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        ada.sends(&format!("{DRAFTS}/profile"), &[]).await.is(StatusCode::FORBIDDEN, "do not allow this");
        let chief = hired(server, server.agency.id, "Chief", &[Role::Administrator]).await;
        let page = chief.sends(&format!("{DRAFTS}/profile"), &[]).await;
        let own = page.leads_to().to_owned();
        let at = seen(&chief.follows(&page).await.is(StatusCode::OK, "Department of water"));
        let typed = [("name", "Waters"), ("summary", "We *care*."), ("links", "Site=https://water.example/\r\n"), ("seen", &at)];
        let page = chief.sends(&format!("{own}/parts/1"), &typed).await;
        chief.follows(&page).await.is(StatusCode::OK, "We <em>care</em>.");
        let wrong = [typed[0], typed[1], ("links", "nonsense"), typed[3]];
        chief.sends(&format!("{own}/parts/1"), &wrong).await.is(StatusCode::UNPROCESSABLE_ENTITY, "A link is a label").says("nonsense");
        server.settle().await;
    }

    async fn drafts_of_other_agencies_are_not_there_whatever_the_role(server: &TestServer) {
        let fire = server.create_agency("fire").await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let own = begun(&ada, "Ours alone.").await;
        let theirs = own.replace("water", "fire");
        let before = drafted(server, &own).await;
        for role in Role::ALL {
            let eve = hired(server, fire.id, &format!("F{role}"), &[role]).await;
            for path in [&own, &theirs] {
                for page in [path.clone(), format!("{path}/versions")] {
                    let page = eve.sees(&page).await;
                    let may = role != Role::RecordsOfficer || path == &own;
                    assert_eq!(page.status, if may { StatusCode::NOT_FOUND } else { StatusCode::FORBIDDEN }, "{role} {path}");
                    page.says_nothing_of("Ours alone");
                }
                for form in ["parts/1", "parts", "parts/1/remove", "exempt", "drop"] {
                    let typed = [fields("Theirs.", "1"), vec![("add-language", "fr"), ("mine", "1"), ("exemption", "x")]].concat();
                    let page = eve.sends(&format!("{path}/{form}"), &typed).await;
                    assert!(matches!(page.status, StatusCode::NOT_FOUND | StatusCode::FORBIDDEN), "{role} {form}: {}", page.text);
                    page.says_nothing_of("Ours alone");
                }
            }
            for page in [DRAFTS, "/console/water/announcements", "/console/water/drafts/new", "/console/water/drafts/lookup?q=%23a"] {
                eve.sees(page).await.is(StatusCode::NOT_FOUND, "There is nothing");
            }
            eve.sends("/console/water/drafts/preview", &fields("x", "")).await.is(StatusCode::NOT_FOUND, "There is nothing");
            eve.sends("/console/water/drafts/new", &fields("x", "")).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        assert_eq!(drafted(server, &own).await, before);
        // Nor for colleagues whose role does not write.
        let clerk = hired(server, server.agency.id, "Clerk", &[Role::RecordsOfficer]).await;
        clerk.sees("/console/water").await.says_nothing_of("/console/water/drafts");
        for page in [DRAFTS, &own, "/console/water/drafts/new", "/console/water/announcements"] {
            clerk.sees(page).await.is(StatusCode::FORBIDDEN, "Your roles at this agency do not allow this");
        }
        clerk.sends(&format!("{own}/parts/1"), &fields("Mine.", "1")).await.is(StatusCode::FORBIDDEN, "do not allow this");
        server.settle().await;
    }

    async fn what_makes_no_sense_is_answered_sensibly(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let own = begun(&ada, "Here.").await;
        for path in ["/console/water/drafts/0", "/console/water/drafts/x", "/console/water/drafts/99999999999999999999"] {
            ada.sees(path).await.is(StatusCode::NOT_FOUND, "There is nothing");
        }
        ada.sees(&format!("{own}?part=7&mine=x&done=%22")).await.is(StatusCode::OK, "Here.</textarea>");
        ada.sees(&format!("{own}?mine=1")).await.is(StatusCode::NOT_FOUND, "There is nothing");
        ada.sees(&format!("{own}/versions?from=x&to=-1")).await.is(StatusCode::OK, "Version 1");
        ada.sees(&format!("{DRAFTS}?state=nonsense&before=x")).await.is(StatusCode::OK, "Here.");
        let typed = fields("There.", "1");
        ada.sends(&format!("{own}/parts/9"), &typed).await.is(StatusCode::UNPROCESSABLE_ENTITY, "not there any more");
        ada.sends(&format!("{own}/parts/1/remove"), &[("seen", "1")]).await.is(StatusCode::UNPROCESSABLE_ENTITY, "at least one part");
        ada.sends(&format!("{own}/exempt"), &[("seen", "0"), ("exemption", "x")]).await.is(StatusCode::CONFLICT, "Look again before you go on");
        let huge = "x".repeat(800 * 1024);
        ada.sends(&format!("{own}/parts/1"), &fields(&huge, "1")).await
            .is(StatusCode::UNPROCESSABLE_ENTITY, "more than a draft can hold").says("xxxx</textarea>");
        // A form that was sent stands in the browser's history.
        assert_eq!(ada.sees(&format!("{own}/exempt")).await.leads_to(), own);
        server.settle().await;
    }

    async fn many_drafts_come_page_by_page(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let by = server.staff(&[Role::Author]).await;
        for n in 0..60 {
            server.clock.advance(Duration::from_secs(1));
            server.writes(&by, says(&format!("Number {n}."))).await;
        }
        let page = ada.sees(DRAFTS).await.is(StatusCode::OK, "Number 59.");
        page.says("Number 10.");
        page.says_nothing_of("Number 9.");
        let next = page.between("rel=\"next\" href=\"", "\"");
        let page = ada.sees(&next).await.is(StatusCode::OK, "Number 9.");
        page.says("Number 0.");
        page.says_nothing_of("Number 10.");
        server.settle().await;
    }
}
