//! An announcement of several posts at the desk, without script.

use std::io::Cursor;

use actapub::agencies::staff::Role;
use actapub::kernel::DraftId;
use actapub::publishing::drafts::{Draft, Proposal};
use actapub::publishing::house::{Approval, HouseRules, Needing};
use axum::http::StatusCode;
use image::{DynamicImage, ImageFormat};
use serde_json::Value;

use super::visitor::Page;
use super::{Visitor, hired};
use crate::harness::{TestServer, on_both};

const DRAFTS: &str = "/console/water/drafts";

fn seen(page: &Page) -> String {
    page.between("name=\"seen\" value=\"", "\"")
}

async fn drafted(server: &TestServer, path: &str) -> Draft {
    let id: DraftId = path.rsplit('/').next().unwrap().parse().unwrap();
    server.stands(id).await
}

/// What the posts say, in order.
async fn texts(server: &TestServer, path: &str) -> Vec<String> {
    let draft = drafted(server, path).await;
    let proposal = draft.proposals().next().unwrap();
    let contents = proposal.contents();
    contents.iter().map(|it| it.markdown.clone()).collect()
}

/// The fields of a form with these posts, as a browser sends them, and the button that was pressed.
fn form(posts: &[&str], seen: &str, act: &str) -> Vec<(String, String)> {
    let mut fields = vec![
        ("text".to_owned(), posts[0].to_owned()),
        ("language".to_owned(), "en".to_owned()),
        ("seen".to_owned(), seen.to_owned()),
    ];
    for (number, text) in (2..).zip(&posts[1..]) {
        fields.push(("post".to_owned(), number.to_string()));
        fields.push((format!("text-{number}"), (*text).to_owned()));
    }
    if !act.is_empty() {
        fields.push(("do".to_owned(), act.to_owned()));
    }
    fields
}

async fn saves(visitor: &Visitor, path: &str, posts: &[&str], act: &str) -> Page {
    let at = seen(&visitor.sees(path).await);
    visitor
        .sends_all(&format!("{path}/parts/1"), &form(posts, &at, act))
        .await
}

fn png(width: u32) -> Vec<u8> {
    let mut bytes = vec![];
    DynamicImage::new_rgb8(width, 6)
        .write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
        .unwrap();
    bytes
}

on_both! {
    async fn posts_are_added_moved_and_removed(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let page = ada.sees(&format!("{DRAFTS}/new")).await.is(StatusCode::OK, "Add another post");
        page.says_nothing_of("Remove this post");
        let page = ada.sends_all(&format!("{DRAFTS}/new"), &form(&["One."], "", "add")).await;
        let to = page.leads_to().to_owned();
        assert!(to.ends_with("#post-2"), "{to}");
        let own = to.split('?').next().unwrap().to_owned();
        let page = ada.follows(&page).await.is(StatusCode::OK, "There is another post below.");
        page.says("name=\"text-2\"");
        page.says("name=\"picture-2\"");
        page.says("Remove this post");
        // The enter key saves, whatever button stands first.
        let first = page.between("class=\"writes\"", "</button>");
        assert!(first.ends_with(">Save"), "{first}");

        let page = saves(&ada, &own, &["One.", "Two."], "add").await;
        assert!(page.leads_to().ends_with("#post-3"), "{}", page.leads_to());
        let page = saves(&ada, &own, &["One.", "Two.", "Three."], "").await;
        let page = ada.follows(&page).await.is(StatusCode::OK, "Saved.");
        for words in ["Post 1 of 3", "Post 2 of 3", "<p>Two.</p>", "<p>Three.</p>", "4 of 5000 characters"] {
            page.says(words);
        }
        assert_eq!(texts(server, &own).await, ["One.", "Two.", "Three."]);
        let page = saves(&ada, &own, &["One.", "Two.", "Three!"], "up-3").await;
        ada.follows(&page).await.is(StatusCode::OK, "The post is moved up.");
        assert_eq!(texts(server, &own).await, ["One.", "Three!", "Two."]);
        saves(&ada, &own, &["One.", "Three!", "Two."], "up-2").await.leads_to();
        assert_eq!(texts(server, &own).await, ["Three!", "One.", "Two."]);
        let page = saves(&ada, &own, &["Three!", "One.", "Two."], "remove-2").await;
        ada.follows(&page).await.is(StatusCode::OK, "The post is removed");
        assert_eq!(texts(server, &own).await, ["Three!", "Two."]);
        // What nobody wrote at the end is left out, and said to be; in the middle it stands in the way.
        let page = saves(&ada, &own, &["Three!", "Two.", " ", ""], "").await;
        ada.follows(&page).await.is(StatusCode::OK, "Nothing was different.");
        saves(&ada, &own, &["Three!", "Two."], "add").await.leads_to();
        let page = saves(&ada, &own, &["Three!", "Two.", ""], "").await;
        ada.follows(&page).await.is(StatusCode::OK, "Posts at the end without text were left out.");
        saves(&ada, &own, &["Three!", "", "Two."], "").await.leads_to();
        ada.sees(&format!("{own}/review")).await.is(StatusCode::OK, "Post 2: It needs a text.");
        // A page that is older than the posts, or made up, moves nothing.
        for act in ["up-9", "remove-1", "remove-x", "nonsense"] {
            saves(&ada, &own, &["Three!", "Two."], act).await.leads_to();
            assert_eq!(texts(server, &own).await, ["Three!", "Two."], "{act}");
        }
        ada.sees(&format!("{own}/versions")).await.is(StatusCode::OK, "— 2 —");
        server.settle().await;
    }

    async fn each_post_has_its_own_pictures_and_warning(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let mut first = form(&["One."], "", "add");
        first.push(("warning".to_owned(), "Heights".to_owned()));
        let page = ada.sends_all(&format!("{DRAFTS}/new"), &first).await;
        let own = page.leads_to().split('?').next().unwrap().to_owned();
        // The further post begins with the warning of the first.
        let page = ada.follows(&page).await.is(StatusCode::OK, "name=\"warning-2\" type=\"text\" value=\"Heights\"");
        let at = seen(&page);
        let save = format!("{own}/parts/1");
        let fields = form(&["One.", "Two."], &at, "");
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        fields.extend([("warning-2", "Depths"), ("alt", "The pool"), ("alt-2", "A towel")]);
        let (pool, towel) = (png(8), png(9));
        let files: [(&str, &str, &[u8]); 3] = [("picture", "a.png", &pool), ("picture-2", "b.png", &towel), ("picture-9", "c.png", &pool)];
        let page = ada.sends_files_in(&save, &fields, &files).await;
        let page = ada.follows(&page).await.is(StatusCode::OK, "A towel");
        let draft = drafted(server, &own).await;
        let Some(Proposal::Announcement { content, rest, .. }) = draft.proposals().next() else { panic!("{draft:?}") };
        assert_eq!((content.warning.as_deref(), rest[0].warning.as_deref()), (None, Some("Depths")));
        let shown = |it: &actapub::publishing::drafts::Content| it.images.iter().map(|it| (it.alt.clone(), it.width)).collect::<Vec<_>>();
        assert_eq!((shown(content), shown(&rest[0])), (vec![("The pool".to_owned(), 8)], vec![("A towel".to_owned(), 9)]));

        // The same picture in both posts is described in each; what is not fit is said at its post.
        let digest = rest[0].images[0].digest.clone();
        let at = seen(&page);
        let fields = form(&["One.", "Two."], &at, "");
        let mut fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let names = [format!("alt-{digest}"), format!("alt-{digest}-2"), format!("focus-x-{digest}-2")];
        fields.extend([("image", digest.as_str()), ("image-2", digest.as_str()), (&names[0], "Mine"), (&names[1], "Yours"), (&names[2], "7")]);
        let page = ada.sends(&save, &fields).await.is(StatusCode::UNPROCESSABLE_ENTITY, "href=\"#pictures-2\"");
        page.says("The focal point lies between");
        fields.pop();
        ada.sends(&save, &fields).await.leads_to();
        let draft = drafted(server, &own).await;
        let alts: Vec<String> = draft.proposals().next().unwrap().contents().iter().map(|it| it.images[0].alt.clone()).collect();
        assert_eq!(alts, ["Mine", "Yours"]);
        let junk: [(&str, &str, &[u8]); 1] = [("picture-2", "a.pdf", b"%PDF-1.7 no picture")];
        let page = ada.sends_files_in(&save, &fields, &junk).await.is(StatusCode::UNPROCESSABLE_ENTITY, "href=\"#picture-2\"");
        page.says("Two.</textarea>");
        server.settle().await;
    }

    async fn our_script_saves_all_posts_and_two_see_both(server: &TestServer) {
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let bob = hired(server, server.agency.id, "Bob", &[Role::Author]).await;
        let automatic = |posts: &[&str], seen: &str| {
            let mut fields = form(posts, seen, "remove-2");
            fields.push(("automatic".to_owned(), "yes".to_owned()));
            fields
        };
        // What is typed stays where it is, and nothing is done to it, however empty.
        let page = ada.sends_all(&format!("{DRAFTS}/new"), &automatic(&["One.", "Two.", ""], "")).await.is(StatusCode::OK, "seen");
        let told: Value = serde_json::from_str(&page.text).unwrap();
        let (own, save) = (told["to"].as_str().unwrap(), told["action"].as_str().unwrap());
        assert_eq!(texts(server, own).await, ["One.", "Two.", ""]);
        let at = told["seen"].as_str().unwrap();
        let page = ada.sends_all(save, &automatic(&["One.", "Two, typed.", ""], at)).await.is(StatusCode::OK, "Saved as you type.");
        let told: Value = serde_json::from_str(&page.text).unwrap();
        let at = told["seen"].as_str().unwrap();
        assert_eq!(texts(server, own).await, ["One.", "Two, typed.", ""]);
        let page = bob.sends_all(save, &form(&["One.", "Two by Bob."], at, "")).await;
        bob.follows(&page).await.is(StatusCode::OK, "Two by Bob.</textarea>");
        let page = ada.sends_all(save, &form(&["One.", "Two by Ada."], at, "")).await;
        let page = ada.follows(&page).await.is(StatusCode::CONFLICT, "Bob has saved another text meanwhile");
        page.says("One.\n\n— 2 —\n\nTwo by Bob.");
        page.says("One.\n\n— 2 —\n\nTwo by Ada.");
        page.says("Two by Ada.</textarea>");
        let preview = format!("{DRAFTS}/preview");
        let page = ada.sends_all(&preview, &form(&["One.", "**Two**"], "", "")).await.is(StatusCode::OK, "Post 2 of 2");
        page.says("<strong>Two</strong>");
        server.settle().await;
    }

    async fn whoever_approves_sees_every_post(server: &TestServer) {
        let approval = Approval { of: Needing::Everything, ..Approval::default() };
        server.works_by(HouseRules { approval, ..HouseRules::default() }).await;
        let ada = hired(server, server.agency.id, "Ada", &[Role::Author]).await;
        let grace = hired(server, server.agency.id, "Grace", &[Role::Approver]).await;
        let page = ada.sends_all(&format!("{DRAFTS}/new"), &form(&["One.", "Two.", "Three."], "", "")).await;
        let own = page.leads_to().split('?').next().unwrap().to_owned();
        let review = format!("{own}/review");
        let presses = async |who: &Visitor, act: &str| {
            let path = format!("{review}/{act}");
            let page = who.sees(&review).await;
            let page = who.sends_all(&path, &page.hidden(&path)).await;
            who.follows(&page).await.is(StatusCode::OK, "Where it stands")
        };
        presses(&ada, "submit").await;
        let page = grace.sees(&review).await.is(StatusCode::OK, "These 3 posts go out together");
        for words in ["Post 1 of 3", "<p>One.</p>", "Post 3 of 3", "<p>Three.</p>"] {
            page.says(words);
        }
        presses(&grace, "approve").await.says("Your approval counts.");
        // Something in the third is changed: it needs approval anew, and it is said which post it was.
        saves(&ada, &own, &["One.", "Three, and more.", "Two."], "").await.leads_to();
        presses(&ada, "submit").await;
        let page = grace.sees(&review).await;
        page.says("Post 2, which was post 3");
        page.says("Post 3, which was post 2");
        page.says("Nothing in it is different.");
        page.says("and more");
        presses(&grace, "approve").await;
        presses(&ada, "publish").await.says("It is published.");
        server.settle().await;
        let agency = server.get("/@water", "text/html").await.text();
        assert!(agency.contains("It goes on: 2 more posts") && agency.contains("Three, and more."), "{agency}");
        // Each can be changed by itself.
        let page = ada.sees("/console/water/announcements").await.is(StatusCode::OK, "Three, and more.");
        page.says("Two.");
    }
}
