//! An announcement of several posts: approved together, published together and in order, shown as one.

use std::collections::BTreeSet;
use std::time::Duration;

use actapub::agencies::staff::{Mandate, Role};
use actapub::kernel::AnnouncementId;
use actapub::publishing::drafts::{self, Alone, Content, Draft, Error, Proposal, Standing};
use actapub::publishing::house::{Approval, HouseRules, Needing};
use actapub::publishing::{self, Announcement, Answering, Image, provenance};
use serde_json::{Value, json};

use super::states::everything;
use crate::harness::{Leftover, TestServer, content, on_both, says, says_in_posts};

const POSTS: [&str; 3] = [
    "The pool opens on Monday.",
    "It is open from eight to six.",
    "Bring a towel and a lock.",
];

/// The posts that were published, the first as well.
async fn published(server: &TestServer, by: &Mandate, posts: &[&str]) -> Vec<Announcement> {
    let draft = server.writes(by, says_in_posts(posts)).await;
    let done = server.publishes(by, &draft).await.unwrap().remove(0);
    server.settle().await;
    let mut all = vec![done.announcement.unwrap()];
    all.extend(done.further);
    all
}

async fn page(server: &TestServer, id: AnnouncementId) -> String {
    let page = server
        .services
        .site
        .announcement_page(&server.agency.handle, id);
    server.get(&page, "text/html").await.text()
}

async fn withdraws(server: &TestServer, by: &Mandate, id: AnnouncementId) {
    let withdrawal = Proposal::Withdrawal {
        announcement: id,
        reason: "Not so.".to_owned(),
    };
    let draft = server.writes(by, withdrawal).await;
    server.publishes(by, &draft).await.unwrap();
    server.settle().await;
}

/// How a draft differs from what was approved last, post by post: where it stood, where it stands, whether it is the same.
async fn differences(
    server: &TestServer,
    by: &Mandate,
    draft: &Draft,
) -> Vec<(Option<usize>, Option<usize>, bool)> {
    let (by, id) = (by.clone(), draft.id);
    let found = server
        .desk(move |conn, _| drafts::difference(conn, &by, id))
        .await
        .unwrap();
    let posts = found[0].posts.iter();
    posts.map(|it| (it.before, it.after, it.is_same)).collect()
}

/// Where the texts stand on a page, one behind the other.
fn stand_in_order(page: &str, texts: &[&str]) {
    let mut rest = page;
    for text in texts {
        rest = rest
            .split_once(text)
            .unwrap_or_else(|| panic!("{text} does not stand there, or not there: {page}"))
            .1;
    }
}

on_both! {
    async fn posts_go_out_together_and_in_order(server: &TestServer) {
        server.works_by(everything()).await;
        let (author, approver) = (server.staff(&[Role::Author]).await, server.staff(&[Role::Approver]).await);
        let alice = server.peer().await.citizen("alice");
        alice.follows(server).await;
        server.deliver().await;
        alice.peer.received();
        let draft = server.writes(&author, says_in_posts(&POSTS)).await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        let draft = server.approves(&approver, &draft).await.unwrap();
        let done = server.publishes(&author, &draft).await.unwrap();
        let head = done[0].announcement.clone().unwrap();
        let all: Vec<&Announcement> = std::iter::once(&head).chain(&done[0].further).collect();
        assert_eq!(all.len(), 3);
        assert!(all.windows(2).all(|two| two[0].id < two[1].id && two[0].published_at < two[1].published_at));
        assert!(all.iter().all(|post| post.thread == head.id));
        assert_eq!(all.iter().map(|post| post.place).collect::<Vec<_>>(), [0, 1, 2]);
        assert_eq!(server.count("approved_revisions WHERE people = 2").await, 3, "each post is approved");
        assert_eq!(server.count("staff_trail WHERE act LIKE '%published%'").await, 3);
        server.settle().await;

        // Each is an entry of the record.
        let stated = server.texts("SELECT statement AS value FROM record_entries WHERE kind = 30 ORDER BY place").await;
        let stated: Vec<Value> = stated.iter().map(|it| serde_json::from_str(it).unwrap()).collect();
        let site = &server.services.site;
        let ids: Vec<String> = all.iter().map(|post| site.announcement(post.id)).collect();
        assert_eq!(stated.len(), 3);
        for (number, stated) in stated.iter().enumerate() {
            assert_eq!((&stated["announcement"], &stated["markdown"]), (&json!(ids[number]), &json!(POSTS[number])));
            assert_eq!(stated["approvedBy"], 2);
            assert_eq!(stated["inReplyTo"], number.checked_sub(1).map_or(Value::Null, |before| json!(ids[before])));
        }

        // A follower's server gets one after the other, never one before what it answers.
        for (number, text) in POSTS.iter().enumerate() {
            server.deliver().await;
            let received = alice.peer.received();
            assert_eq!(received.len(), 1, "one a second");
            let create = &received[0].activity;
            assert_eq!(create["type"], "Create");
            let note = &create["object"];
            assert!(note["content"].as_str().unwrap().contains(text), "{note}");
            assert_eq!(note["id"], ids[number]);
            assert_eq!(note["inReplyTo"], number.checked_sub(1).map_or(Value::Null, |before| json!(ids[before])));
            assert_eq!(note["to"], json!(["https://www.w3.org/ns/activitystreams#Public"]));
            assert_eq!(note["published"], format!("2026-11-24T12:00:0{number}Z"));
            assert_eq!(note["context"], server.document(&ids[0]).await["context"]);
            server.clock.advance(Duration::from_secs(1));
        }
        // Whoever looks finds all of it.
        let actor = server.document(&server.actor()).await;
        let outbox = server.document(actor["outbox"].as_str().unwrap()).await;
        assert_eq!(outbox["totalItems"], 3);
        let first = server.document(outbox["first"].as_str().unwrap()).await;
        let listed: Vec<&str> = first["orderedItems"].as_array().unwrap().iter().map(|it| it["object"]["id"].as_str().unwrap()).collect();
        assert_eq!(listed, [&ids[2], &ids[1], &ids[0]]);
    }

    async fn what_is_changed_in_one_post_needs_approval_again(server: &TestServer) {
        server.works_by(everything()).await;
        let (author, approver) = (server.staff(&[Role::Author]).await, server.staff(&[Role::Approver]).await);
        let draft = server.writes(&author, says_in_posts(&POSTS)).await;
        let draft = server.submits(&author, draft.id).await.unwrap();
        let ready = server.approves(&approver, &draft).await.unwrap();
        assert_eq!(ready.standing(), Standing::Approved);
        let changed = [POSTS[0], POSTS[1], "Bring a towel and two locks."];
        let draft = server.rewrites_as(&author, draft.id, says_in_posts(&changed)).await;
        assert!(matches!(server.publishes(&author, &draft).await, Err(Error::Approvals { have: 0, need: 1 })));
        assert_eq!(differences(server, &approver, &draft).await, [(Some(1), Some(1), true), (Some(2), Some(2), true), (Some(3), Some(3), false)]);
        // So does another order, one post less, and one more.
        let moved = server.rewrites_as(&author, draft.id, says_in_posts(&[POSTS[0], POSTS[2], POSTS[1]])).await;
        assert_eq!(differences(server, &approver, &moved).await, [(Some(1), Some(1), true), (Some(3), Some(2), true), (Some(2), Some(3), true)]);
        let fewer = server.rewrites_as(&author, draft.id, says_in_posts(&[POSTS[0], POSTS[2]])).await;
        assert_eq!(differences(server, &approver, &fewer).await, [(Some(1), Some(1), true), (Some(2), None, false), (Some(3), Some(2), true)]);
        let more = server.rewrites_as(&author, draft.id, says_in_posts(&[POSTS[0], POSTS[1], POSTS[2], "Closed on Sundays."])).await;
        assert_eq!(differences(server, &approver, &more).await.last(), Some(&(None, Some(4), false)));
        assert!(matches!(server.publishes(&author, &more).await, Err(Error::Approvals { .. })));
        let again = server.submits(&author, draft.id).await.unwrap();
        let again = server.approves(&approver, &again).await.unwrap();
        let done = server.publishes(&author, &again).await.unwrap();
        assert_eq!(done[0].further.len(), 3);
        server.settle().await;
    }

    async fn every_post_is_held_to_the_rules(server: &TestServer) {
        let by = server.staff(&[Role::Author]).await;
        let mute = Image { digest: "0".repeat(64), media_type: "image/png".to_owned(), alt: " ".to_owned(), width: 1, height: 1, blurhash: String::new(), focus: None };
        let with = |post: Content| Proposal::Announcement { content: content("One."), answering: None, pin: false, rest: vec![content("Two."), post] };
        let long = "x".repeat(5_001);
        for (post, wrong) in [
            (content(" "), "post 3: an announcement needs a text"),
            (content(&long), "post 3: the text has 5001 characters"),
            (Content { images: vec![mute], ..content("Look.") }, "post 3: every picture needs a text alternative"),
            (Content { warning: Some(long.clone()), ..content("Look.") }, "post 3: a content warning has at most"),
        ] {
            let draft = server.writes(&by, with(post)).await;
            for refused in [server.submits(&by, draft.id).await.map(drop), server.publishes(&by, &draft).await.map(drop)] {
                let refused = refused.unwrap_err();
                assert!(matches!(&refused, Error::Publishing(publishing::Error::InPost { number: 3, .. })), "{refused:?}");
                assert!(refused.to_string().starts_with(wrong), "{refused}");
            }
        }
        let empty = server.writes(&by, says_in_posts(&["", "Two."])).await;
        assert!(matches!(server.submits(&by, empty.id).await, Err(Error::Publishing(publishing::Error::InPost { number: 1, .. }))));
        let many = server.writes(&by, says_in_posts(&["One."; 26])).await;
        assert!(matches!(server.submits(&by, many.id).await, Err(Error::Publishing(publishing::Error::TooManyPosts(25)))));
        let answer = Proposal::Announcement {
            content: content("One."),
            answering: Some(Answering { uri: "https://example.org/1".to_owned(), thread: None }),
            pin: false,
            rest: vec![content("Two.")],
        };
        let answer = server.writes(&by, answer).await;
        assert!(matches!(server.submits(&by, answer.id).await, Err(Error::Publishing(publishing::Error::AnswerOfSeveral))));
        assert_eq!((server.count("announcements").await, server.count("journal").await > 0), (0, true), "of several none goes out");

        // As many as there may be, each as long as it may be.
        let full = "x".repeat(5_000);
        let most = published(server, &by, &[full.as_str(); 25]).await;
        assert_eq!(most.len(), 25);
        // A hashtag in any of them needs approval.
        let only = Needing::Only { kinds: BTreeSet::new(), hashtags: BTreeSet::from(["elections".to_owned()]) };
        server.works_by(HouseRules { approval: Approval { of: only, ..Approval::default() }, ..HouseRules::default() }).await;
        let tagged = server.writes(&by, says_in_posts(&["One.", "Two.", "Three. #Elections"])).await;
        assert!(matches!(server.publishes(&by, &tagged).await, Err(Error::Approvals { have: 0, need: 1 })));
        server.settle().await;
        server.may_leave(Leftover::Deliveries);
    }

    async fn an_emergency_is_told_of_each_post(server: &TestServer) {
        server.works_by(everything()).await;
        let chief = server.staff(&[Role::Author, Role::Administrator]).await;
        let (clock, by) = (server.clock.clone(), chief.clone());
        let done = server.desk(move |conn, press| {
            let ground = Alone::Emergency { reason: "The dam breaks." };
            drafts::act_alone(conn, clock.as_ref(), press, &by, vec![says_in_posts(&POSTS)], ground)
        }).await.unwrap().remove(0);
        server.settle().await;
        assert_eq!(server.count("emergencies").await, 3);
        assert_eq!(server.count("record_entries WHERE kind = 30").await, 3);
        for post in done.further.iter().chain(&done.announcement) {
            assert!(page(server, post.id).await.contains("The dam breaks."));
        }
    }

    async fn readers_see_the_announcement_whole(server: &TestServer) {
        let by = server.staff(&[Role::Author]).await;
        let posts = published(server, &by, &POSTS).await;
        let site = server.services.site.clone();
        let alice = server.peer().await.citizen("alice");
        for (number, post) in posts.iter().enumerate() {
            let note = alice.note(&format!("/notes/{number}"), &site.announcement(post.id), &format!("About number {number}."));
            alice.says(server, &alice.act("Create", note)).await;
        }
        let head = page(server, posts[0].id).await;
        stand_in_order(&head, &[POSTS[0], POSTS[1], POSTS[2], "<h2 id=\"replies\"", "About number 0.", "About number 1.", "About number 2."]);
        for text in POSTS {
            assert_eq!(head.matches(text).count() - head.split("</head>").next().unwrap().matches(text).count(), 1, "{text} stands there once");
        }
        for number in 0..3 {
            assert_eq!(head.matches(&format!("About number {number}.")).count(), 1);
        }
        assert!(head.contains("Post 2 of 3") && head.contains(">post 2</a>"), "{head}");
        assert_eq!(server.count(&format!("replies WHERE thread_id = {}", posts[0].id)).await, 3, "they belong to the thread");

        // A further post has its own page, and says whose it is.
        let second = page(server, posts[1].id).await;
        stand_in_order(&second, &["Post 2 of 3", POSTS[1], "About number 1."]);
        assert!(second.contains(&format!("/@water/{}#post-{}", posts[0].id, posts[1].id)) && second.contains("rel=\"next\""), "{second}");
        assert!(!second.contains("About number 2.") && !second.contains(POSTS[2]), "{second}");

        // In lists it is one announcement.
        let agency = server.get("/@water", "text/html").await.text();
        assert_eq!(agency.matches("<article class=\"notice\"").count(), 1, "{agency}");
        stand_in_order(&agency, &[POSTS[0], "It goes on: 2 more posts", POSTS[1], POSTS[2]]);
        for feed in ["/@water.rss", "/@water.atom"] {
            let feed = server.get(feed, "*/*").await.text();
            assert_eq!(feed.matches("<item>").count() + feed.matches("<entry>").count(), 1, "{feed}");
            stand_in_order(&feed, &[POSTS[1], POSTS[2]]);
        }
        server.may_leave(Leftover::Deliveries);
    }

    async fn a_withdrawn_post_leaves_the_others(server: &TestServer) {
        let by = server.staff(&[Role::Author]).await;
        let posts = published(server, &by, &POSTS).await;
        withdraws(server, &by, posts[1].id).await;
        let head = page(server, posts[0].id).await;
        stand_in_order(&head, &[POSTS[0], "Post 2 of 3", "This post was withdrawn", "Not so.", "Post 3 of 3", POSTS[2]]);
        assert!(!head.contains(POSTS[1]));
        let gone = page(server, posts[1].id).await;
        assert!(gone.contains("Announcement withdrawn") && gone.contains(">post 1</a>") && gone.contains(">post 3</a>"), "{gone}");
        let feed = server.get("/@water.rss", "*/*").await.text();
        assert!(feed.contains(POSTS[2]) && !feed.contains(POSTS[1]), "{feed}");
        withdraws(server, &by, posts[0].id).await;
        assert!(page(server, posts[2].id).await.contains(POSTS[2]));
        assert_eq!(server.document(&server.services.site.announcement(posts[2].id)).await["type"], "Note");
        server.may_leave(Leftover::Deliveries);
    }

    async fn each_language_is_a_thread_of_its_own(server: &TestServer) {
        let by = server.staff(&[Role::Author]).await;
        let part = |language: &str| {
            let mut proposal = says_in_posts(&[&format!("One {language}."), &format!("Two {language}.")]);
            for content in proposal.contents_mut() {
                language.clone_into(&mut content.language);
            }
            proposal
        };
        let (clock, who, parts) = (server.clock.clone(), by.clone(), vec![part("en"), part("fr")]);
        let draft = server.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &who, parts)).await.unwrap();
        let done = server.publishes(&by, &draft).await.unwrap();
        server.settle().await;
        let heads: Vec<AnnouncementId> = done.iter().map(|it| it.announcement.as_ref().unwrap().id).collect();
        for (done, head) in done.iter().zip(&heads) {
            assert_eq!(done.further.iter().map(|it| it.thread).collect::<Vec<_>>(), [*head]);
        }
        let asked: Vec<AnnouncementId> = heads.iter().copied().chain(done.iter().map(|it| it.further[0].id)).collect();
        let linked = server.read(move |conn| provenance::linked_languages(conn, &asked)).await;
        assert_eq!(linked.keys().copied().collect::<BTreeSet<_>>(), heads.iter().copied().collect(), "the first posts lead to each other");
        server.may_leave(Leftover::Deliveries);
    }

    async fn hashtags_lead_to_the_first_post_that_has_them(server: &TestServer) {
        let by = server.staff(&[Role::Author]).await;
        published(server, &by, &["One #pool.", "Two #pool.", "Three #towel."]).await;
        let pool = server.get("/tags/pool", "text/html").await.text();
        assert_eq!(pool.matches("<article class=\"notice\"").count(), 1, "{pool}");
        let towel = server.get("/tags/towel", "text/html").await.text();
        assert!(towel.contains("Post 3 of 3") && towel.contains("Three "), "{towel}");
        server.may_leave(Leftover::Deliveries);
    }
}

#[test]
fn what_was_stored_before_there_were_posts_means_what_it_meant() {
    let stored = r#"{"kind":"announcement","content":{"markdown":"One.","warning":null,"language":"en","mentions":[],"images":[]},"answering":null,"pin":false}"#;
    let read: Proposal = serde_json::from_str(stored).unwrap();
    assert_eq!(read, says("One."));
    // And is stored as it was, so that its hash is the same.
    assert_eq!(serde_json::to_string(&read).unwrap(), stored);
    let several = says_in_posts(&["One.", "Two."]);
    let json = serde_json::to_string(&several).unwrap();
    assert_eq!(serde_json::from_str::<Proposal>(&json).unwrap(), several);
    assert_eq!(several.text(), "One.\n\n— 2 —\n\nTwo.");
}
