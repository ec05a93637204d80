//! Follows, likes and boosts, and their taking back.

use serde_json::{Value, json};

use super::total;
use crate::harness::{Leftover, TestServer, on_both};

on_both! {
    async fn a_follow_is_accepted_each_time(server: &TestServer) {
        let peer = server.peer().await;
        let alice = peer.citizen("alice");
        for round in 1..=2 {
            let follow = alice.follows(server).await;
            server.deliver().await;
            let received = peer.received();
            assert_eq!(received.len(), 1, "round {round}");
            let accept = &received[0].activity;
            assert_eq!(accept["type"], "Accept");
            assert_eq!(accept["actor"], server.actor());
            assert_eq!(accept["object"]["id"], follow["id"]);
            assert_eq!(accept["object"]["actor"], alice.uri);
            assert_eq!(accept["object"]["object"], server.actor());
            assert!(received[0].headers.contains_key("signature"));
            assert_eq!(total(server, &format!("{}/followers", server.actor())).await, 1);
        }
        // Whom nobody here is cannot be followed.
        alice.says(server, &alice.act("Follow", format!("{}/ap/agencies/1", server.base()))).await;
        alice.says(server, &alice.act("Follow", alice.uri.clone())).await;
        assert_eq!(server.count("followers").await, 1);
        assert_eq!(server.composed().await.len(), 2);
    }

    async fn a_follow_is_undone_whole_or_by_its_id(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        let mut bare = None;
        for undo_by_id in [false, true] {
            let follow = alice.follows(server).await;
            assert_eq!(server.count("followers").await, 1);
            let object = if undo_by_id { follow["id"].clone() } else { follow.clone() };
            alice.says(server, &alice.act("Undo", object)).await;
            assert_eq!(server.count("followers").await, 0, "by id: {undo_by_id}");
            bare = Some(follow);
        }
        // Only one's own: Eve undoes what Alice did.
        alice.follows(server).await;
        let eve = server.peer().await.citizen("eve");
        eve.says(server, &eve.act("Undo", bare.unwrap()["id"].clone())).await;
        assert_eq!(server.count("followers").await, 1);
        server.may_leave(Leftover::Deliveries);
    }

    /// The undo is quicker than what it undoes.
    async fn an_undo_that_overtakes_holds(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let follow = alice.act("Follow", server.actor());
        let like = alice.act("Like", announcement.clone());
        let boost = alice.act("Announce", announcement.clone());
        for activity in [&follow, &like, &boost] {
            alice.says(server, &alice.act("Undo", activity.clone())).await;
            alice.says(server, activity).await;
        }
        assert_eq!(server.count("followers").await, 0);
        assert_eq!(total(server, &format!("{announcement}/likes")).await, 0);
        assert_eq!(total(server, &format!("{announcement}/shares")).await, 0);
    }

    async fn reactions_are_counted_once_and_taken_back(server: &TestServer) {
        let (known, announcement) = server.announce("Water is back.").await;
        let page = server.services.site.announcement_page(&server.agency.handle, known.id);
        let alice = server.peer().await.citizen("alice");
        let (likes, shares) = (format!("{announcement}/likes"), format!("{announcement}/shares"));
        let emoji = |mut activity: Value, property: &str| {
            activity[property] = json!("🚰");
            activity
        };
        for (case, activity, collection) in [
            ("like", alice.act("Like", announcement.clone()), &likes),
            ("like of the page", alice.act("Like", page.clone()), &likes),
            ("like of an embedded object", alice.act("Like", json!({"type": "Note", "id": announcement})), &likes),
            ("Pleroma's reaction", emoji(alice.act("EmojiReact", announcement.clone()), "content"), &likes),
            ("Misskey's reaction", emoji(alice.act("Like", announcement.clone()), "_misskey_reaction"), &likes),
            ("boost", alice.act("Announce", announcement.clone()), &shares),
        ] {
            for by_id in [true, false] {
                let mut activity = activity.clone();
                activity["id"] = json!(format!("{}-{by_id}", activity["id"].as_str().unwrap()));
                alice.says(server, &activity).await;
                let mut twice = activity.clone();
                twice["id"] = json!(format!("{}-twice", activity["id"].as_str().unwrap()));
                alice.says(server, &twice).await;
                assert_eq!(total(server, collection).await, 1, "{case}");
                let undone = if by_id { activity["id"].clone() } else { activity };
                alice.says(server, &alice.act("Undo", undone)).await;
                assert_eq!(total(server, collection).await, 0, "{case}, undone by id: {by_id}");
            }
        }
        // Of nothing that is here, nothing comes.
        for nothing in [format!("{}/ap/announcements/1", server.base()), alice.uri.clone(), server.actor()] {
            alice.says(server, &alice.act("Like", nothing)).await;
        }
        assert_eq!(server.count("reactions").await, 0);
    }

    async fn a_block_ends_a_follow(server: &TestServer) {
        let alice = server.peer().await.citizen("alice");
        alice.follows(server).await;
        let block = alice.act("Block", server.actor());
        alice.says(server, &block).await;
        assert_eq!(server.count("followers").await, 0);
        assert_eq!(server.count("blocks").await, 1);
        alice.says(server, &alice.act("Undo", block)).await;
        assert_eq!(server.count("blocks").await, 0);
        alice.follows(server).await;
        assert_eq!(server.count("followers").await, 1);
        server.may_leave(Leftover::Deliveries);
    }

    async fn a_flag_becomes_a_report(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        for (objects, reports) in [
            (json!([server.actor(), announcement]), 1),
            (json!(announcement), 2),
            (json!([alice.uri]), 2),
            (json!([]), 2),
        ] {
            let mut flag = alice.act("Flag", objects);
            flag["content"] = json!("This is <b>wrong</b>.");
            alice.says(server, &flag).await;
            assert_eq!(server.count("reports").await, reports);
        }
    }

    async fn votes_and_strange_kinds_leave_no_reply(server: &TestServer) {
        let (_, announcement) = server.announce("Water is back.").await;
        let alice = server.peer().await.citizen("alice");
        let mut vote = alice.note("/votes/1", &announcement, "");
        vote["name"] = json!("Yes");
        vote.as_object_mut().unwrap().remove("content");
        vote["to"] = json!([server.actor()]);
        let mut empty = alice.note("/notes/empty", &announcement, "");
        empty["content"] = json!("<p> </p>");
        for object in [vote.clone(), json!([vote, {"id": alice.peer.url("/votes/2"), "type": "Note", "name": "No", "attributedTo": alice.uri, "inReplyTo": announcement}]), empty] {
            alice.says(server, &alice.act("Create", object)).await;
        }
        assert_eq!((server.count("replies").await, server.count("messages").await), (0, 0));
        assert_eq!(server.reasons().await.len(), 3);
        // Longer forms are posts.
        for kind in ["Article", "Page", "Question", "Video"] {
            let mut note = alice.note(&format!("/posts/{kind}"), &announcement, "long words");
            note["type"] = json!(kind);
            note["name"] = json!("Title");
            alice.says(server, &alice.act("Create", note)).await;
        }
        assert!(total(server, &format!("{announcement}/replies")).await >= 3);
    }
}
