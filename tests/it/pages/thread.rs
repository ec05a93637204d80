//! What was said under an announcement, and what is left of what was taken back.

use actapub::dialogue::replies;
use actapub::publishing;
use axum::http::StatusCode;

use super::stand::{Stand, status};

#[tokio::test]
async fn a_thread_is_shown_whole_page_by_page() {
    let stand = Stand::new().await;
    let first = stand.announce("Boil your water.").await;
    let head = stand.services.site.announcement(first.id);
    let ada = stand.citizen("ada").await;
    // Every third answers an earlier one, and number 3 has many answers.
    for number in 0..300_usize {
        let parent = match number {
            200..260 => status(3),
            _ if number % 3 == 2 => status(number / 3),
            _ => head.clone(),
        };
        stand
            .reply(
                ada,
                first.id,
                parent,
                number,
                &format!("<p>reply-no-{number}-</p>"),
            )
            .await;
    }
    // Some servers name the page, and some name what we never saw.
    let page_url = stand
        .services
        .site
        .announcement_page(&stand.water.handle, first.id);
    stand
        .reply(ada, first.id, page_url, 300, "<p>reply-no-300-</p>")
        .await;
    stand
        .reply(
            ada,
            first.id,
            "https://lost.example/1".to_owned(),
            301,
            "<p>reply-no-301-</p>",
        )
        .await;
    stand
        .message(ada, head.clone(), "<p>in confidence</p>")
        .await;

    let mut pending = vec![format!("/@water/{}", first.id)];
    let mut asked = std::collections::HashSet::new();
    let mut seen = std::collections::HashSet::new();
    while let Some(path) = pending.pop() {
        if !asked.insert(path.clone()) {
            continue;
        }
        let page = stand.browse(&path).await;
        assert_eq!(page.status, StatusCode::OK, "{path}");
        let text = page.text();
        assert!(!text.contains("in confidence"), "{path}");
        let shown: Vec<u32> = text
            .split("reply-no-")
            .skip(1)
            .map(|rest| rest.split('-').next().unwrap().parse().unwrap())
            .collect();
        assert!(shown.len() <= 161, "{path}: {}", shown.len());
        let distinct: std::collections::HashSet<_> = shown.iter().collect();
        assert_eq!(distinct.len(), shown.len(), "{path}: twice on a page");
        seen.extend(shown);
        for link in text.split("href=\"").skip(1) {
            let link = link.split('"').next().unwrap().replace("&amp;", "&");
            if link.contains("?after=") || link.contains("?under=") {
                pending.push(link.split('#').next().unwrap().to_owned());
            }
        }
    }
    assert_eq!(seen.len(), 302);
}

#[tokio::test]
async fn what_was_deleted_or_taken_back_keeps_its_place_only() {
    let stand = Stand::new().await;
    let first = stand.announce("Boil your water.").await;
    let head = stand.services.site.announcement(first.id);
    let ada = stand.citizen("ada").await;
    stand
        .reply(ada, first.id, head, 1, "<p>regretted words</p>")
        .await;
    let answer = stand.answer(first.id, status(1), "A hasty answer.").await;
    let answer_uri = stand.services.site.announcement(answer.id);
    stand
        .reply(ada, first.id, answer_uri, 2, "<p>thank you</p>")
        .await;
    stand
        .write(move |conn, clock| {
            replies::delete(conn, clock, &status(1), ada, None).unwrap();
            publishing::withdraw(conn, clock, answer.id, "It was wrong.").unwrap();
        })
        .await;
    let page = stand.browse(&format!("/@water/{}", first.id)).await;
    let text = page.text();
    assert!(!text.contains("regretted words") && !text.contains("A hasty answer."));
    let (above, below) = text.split_once("Deleted by its author").unwrap();
    assert!(!above.contains("thank you"));
    let (_, below) = below.split_once("It was wrong.").unwrap();
    assert!(below.contains("thank you"));
}

#[tokio::test]
async fn an_answer_has_a_page_of_its_own() {
    let stand = Stand::new().await;
    let first = stand.announce("Boil your water.").await;
    let head = stand.services.site.announcement(first.id);
    let ada = stand.citizen("ada").await;
    stand
        .reply(ada, first.id, head, 1, "<p>For how long?</p>")
        .await;
    let answer = stand.answer(first.id, status(1), "Until Friday.").await;
    let answer_uri = stand.services.site.announcement(answer.id);
    stand
        .reply(ada, first.id, answer_uri, 2, "<p>thank you</p>")
        .await;
    let page = stand.browse(&format!("/@water/{}", answer.id)).await;
    assert!(page.text().contains("In answer to"));
    assert!(
        page.text()
            .contains("href=\"https://example.social/statuses/1\"")
    );
    assert!(page.text().contains("thank you"));
    assert!(!page.text().contains("For how long?"));
}
