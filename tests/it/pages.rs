//! What citizens' browsers are sent: pages, pictures, feeds, and what becomes of odd requests.

mod forms;
mod stand;
mod thread;

use actapub::agencies::Change;
use actapub::platform::blobs::{self, Blob};
use actapub::publishing::{self, Draft, Image};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use serde_json::{Value, json};

use self::stand::{Stand, status};

const DIGEST: &str = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

fn image(alt: &str) -> Image {
    Image {
        digest: DIGEST.to_owned(),
        media_type: "image/png".to_owned(),
        alt: alt.to_owned(),
        width: 4,
        height: 3,
        blurhash: String::new(),
        focus: None,
    }
}

/// A server on which everything happened that a page can show, and the paths of its pages.
async fn furnished() -> (Stand, Vec<String>) {
    let stand = Stand::new().await;
    stand
        .change(Change {
            accent: Some("#1d4b5c".to_owned()),
            ..Change::default()
        })
        .await;
    let first = stand
        .draft(Draft {
            agency: stand.water.id,
            markdown: "Boil your water. #BoilWater".to_owned(),
            warning: None,
            language: "en".to_owned(),
            mentions: vec![],
            images: vec![image("A map of the pipes")],
            poll: None,
            article: None,
            answering: None,
            pin: true,
        })
        .await;
    let head = stand.services.site.announcement(first.id);
    let ada = stand.citizen("ada").await;
    stand
        .reply(
            ada,
            first.id,
            head,
            1,
            "<p>For how long? <img src=https://evil.example/x.png></p>",
        )
        .await;
    stand.answer(first.id, status(1), "Until Friday.").await;
    let paths = vec![
        "/".to_owned(),
        "/about".to_owned(),
        "/@water".to_owned(),
        format!("/@water/{}", first.id),
        format!("/@water/{}/embed", first.id),
        format!("/@water/{}/reply", first.id),
        "/@water/follow".to_owned(),
        "/tags/boilwater".to_owned(),
        "/@nobody".to_owned(),
        "/no/such/page".to_owned(),
    ];
    (stand, paths)
}

#[tokio::test]
async fn every_page_is_bound_by_the_policy_and_loads_nothing_from_elsewhere() {
    let (stand, paths) = furnished().await;
    for path in paths {
        let answer = stand.browse(&path).await;
        assert_eq!(
            answer.header("content-type"),
            "text/html; charset=utf-8",
            "{path}"
        );
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'; style-src 'self'"),
            "{path}: {policy}"
        );
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(answer.header("vary").contains("accept"), "{path}");
        assert!(answer.header("set-cookie").is_empty(), "{path}");
        let html = answer.text();
        assert!(!html.contains("evil.example"), "{path}");
        assert!(!html.contains("<script>"), "{path}");
        for loaded in html.split(" src=\"").skip(1) {
            assert!(
                loaded.starts_with('/') && !loaded.starts_with("//"),
                "{path}: {loaded:.60}"
            );
        }
    }
}

#[tokio::test]
async fn pages_say_what_the_stores_hold() {
    let (stand, paths) = furnished().await;
    let front = stand.browse("/").await;
    assert_eq!(front.status, StatusCode::OK);
    assert!(front.text().contains("Water Works"));
    assert!(
        front.text().contains("1 announcement"),
        "answers are not counted as announcements"
    );
    assert!(front.text().contains("24 November 2026"));
    let agency = stand.browse("/@water").await;
    assert_eq!(
        agency.text().matches("Boil your water.").count(),
        1,
        "pinned, and not in the list as well"
    );
    assert!(
        !agency.text().contains("Until Friday."),
        "answers stand in their thread"
    );
    assert!(agency.text().contains("/@water/theme.css?1d4b5c"));
    let about = stand.browse("/about").await;
    assert!(
        about
            .text()
            .contains("The <strong>city</strong>, in the open.")
    );
    assert!(about.text().contains("href=\"mailto:press@city.example\""));
    let page = stand.browse(&paths[3]).await;
    let (question, rest) = page.text().split_once("For how long?").unwrap();
    assert!(question.contains("Citizen ada"));
    assert!(
        rest.contains("Until Friday."),
        "the answer stands below the question"
    );
    let tag = stand.browse("/tags/B%C3%93ILWATER").await;
    assert_eq!(tag.status, StatusCode::OK);
    let tag = stand.browse("/tags/BoilWATER").await;
    assert!(tag.text().contains("#BoilWater") && tag.text().contains("Boil your water."));
}

#[tokio::test]
async fn a_page_that_has_not_changed_is_not_sent_again() {
    let (stand, paths) = furnished().await;
    let first = stand.browse(&paths[3]).await;
    let again = Request::get(&paths[3])
        .header(header::ACCEPT, "text/html")
        .header(header::IF_NONE_MATCH, first.header("etag"));
    let again = stand.send(again.body(Body::empty()).unwrap()).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);
    assert!(again.body.is_empty());
    assert!(first.header("link").contains("/ap/announcements/"));
}

#[tokio::test]
async fn a_withdrawn_announcement_leaves_a_tombstone() {
    let stand = Stand::new().await;
    let announcement = stand.announce("Boil your water.").await;
    let id = announcement.id;
    stand
        .write(move |conn, clock| {
            publishing::withdraw(conn, clock, id, "It was a false alarm.").unwrap()
        })
        .await;
    for path in [
        format!("/@water/{id}"),
        format!("/@water/{id}/reply"),
        format!("/@water/{id}/embed"),
    ] {
        let page = stand.browse(&path).await;
        assert_eq!(page.status, StatusCode::GONE, "{path}");
        assert!(page.text().contains("It was a false alarm."), "{path}");
        assert!(!page.text().contains("Boil your water"), "{path}");
    }
    let page = stand.browse(&format!("/@water/{id}")).await;
    assert_eq!(
        page.header("link"),
        format!(
            "<https://social.city.example/ap/announcements/{id}>; rel=\"alternate\"; type=\"application/activity+json\""
        )
    );
    assert!(
        !stand
            .browse("/@water")
            .await
            .text()
            .contains("Boil your water")
    );
    let question = format!("/api/oembed?url=https://social.city.example/@water/{id}");
    assert_eq!(
        stand.get(&question, "application/json").await.status,
        StatusCode::NOT_FOUND
    );
}

#[tokio::test]
async fn a_wrong_name_leads_to_the_right_one_and_an_unknown_one_nowhere() {
    let stand = Stand::new().await;
    stand.agency("roads", "Roads").await;
    let id = stand.announce("Boil your water.").await.id;
    for (asked, right) in [
        (format!("/@roads/{id}"), format!("/@water/{id}")),
        (format!("/@gone/{id}/embed"), format!("/@water/{id}/embed")),
        (format!("/@roads/{id}/reply"), format!("/@water/{id}/reply")),
        ("/@Water".to_owned(), "/@water".to_owned()),
        ("/@WATER/follow".to_owned(), "/@water/follow".to_owned()),
    ] {
        let answer = stand.browse(&asked).await;
        assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{asked}");
        assert_eq!(answer.header("location"), right);
    }
    for nothing in [
        "/@nobody",
        "/@no-handle",
        "/@water/7",
        "/@water/99999999999999999999999999",
        "/@water/-1",
        "/@water/+7",
        "/@water/seven",
        "/@nobody/follow",
        "/@nobody.rss",
        "/@nobody/theme.css",
        "/@water/theme.css",
        "/assets/other.css",
        "/media/x.png",
    ] {
        let answer = stand.browse(nothing).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
        assert!(answer.text().contains("There is no such page"), "{nothing}");
        let answer = stand.get(nothing, "application/json").await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{nothing}");
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{nothing}"
        );
    }
}

#[tokio::test]
async fn nonsense_behind_the_question_mark_is_refused_as_a_page() {
    let stand = Stand::new().await;
    let id = stand.announce("Boil your water.").await.id;
    for path in [
        "/@water?after=garbage".to_owned(),
        "/@water?after=1.x".to_owned(),
        "/tags/water?after=%00".to_owned(),
        format!("/@water/{id}?after=garbage"),
        format!("/@water/{id}?under=99999999999999999999999"),
        format!("/@water/{id}?after=1&after=2"),
    ] {
        let answer = stand.browse(&path).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
        assert!(answer.text().contains("makes no sense"), "{path}");
    }
    let beyond = format!("/@water/{id}?after={}", i64::MAX);
    assert_eq!(stand.browse(&beyond).await.status, StatusCode::OK);
    let other_thread = format!("/@water/{id}?under=12345");
    assert_eq!(
        stand.browse(&other_thread).await.status,
        StatusCode::NOT_FOUND
    );
    let wrong_method = stand.submit("/about", "").await;
    assert_eq!(wrong_method.status, StatusCode::METHOD_NOT_ALLOWED);
    assert!(wrong_method.text().contains("not how this page is used"));
}

#[tokio::test]
async fn lists_go_on_where_the_page_ended() {
    let stand = Stand::new().await;
    for number in 0..45 {
        stand
            .announce(&format!("Notice no. {number}. #Daily"))
            .await;
    }
    for start in ["/@water", "/tags/daily"] {
        let (mut path, mut seen) = (start.to_owned(), vec![]);
        loop {
            let page = stand.browse(&path).await;
            let text = page.text();
            seen.extend(
                text.split("Notice no. ")
                    .skip(1)
                    .filter_map(|rest| rest.split('.').next()?.parse::<u32>().ok()),
            );
            let Some((before, _)) = text.split_once("\" rel=\"next\"") else {
                break;
            };
            path = before
                .rsplit("href=\"")
                .next()
                .unwrap()
                .replace("&amp;", "&");
        }
        seen.dedup();
        let newest_first: Vec<u32> = (0..45).rev().collect();
        assert_eq!(seen, newest_first, "{start}");
    }
}

/// All replies of a thread stand somewhere, once, however it is shaped, and never a private message.
#[tokio::test]
async fn pictures_are_what_was_stored_and_nothing_else() {
    let stand = Stand::new().await;
    let put = |digest: &'static str, media_type: &'static str| {
        stand.write(move |conn, clock| {
            let blob = Blob {
                media_type: media_type.to_owned(),
                bytes: b"<script>alert(1)</script>".to_vec(),
            };
            blobs::put(conn, clock, digest, &blob).unwrap();
        })
    };
    put(DIGEST, "image/png").await;
    let odd: &str = "ff23456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
    put(odd, "text/html").await;
    let picture = stand.browse(&format!("/media/{DIGEST}.png")).await;
    assert_eq!(picture.status, StatusCode::OK);
    assert_eq!(picture.header("content-type"), "image/png");
    assert_eq!(
        picture.header("content-security-policy"),
        "default-src 'none'; sandbox"
    );
    assert_eq!(picture.header("x-content-type-options"), "nosniff");
    assert_eq!(picture.header("accept-ranges"), "none");
    assert!(picture.header("cache-control").contains("immutable"));
    let page = stand.browse(&format!("/media/{odd}.jpg")).await;
    assert_eq!(page.header("content-type"), "application/octet-stream");
    for wrong in [
        format!("/media/{DIGEST}.html"),
        format!("/media/{DIGEST}.jpg"),
        format!("/media/{DIGEST}"),
        format!("/media/{}.png", DIGEST.to_uppercase()),
        "/media/..%2f..%2fetc%2fpasswd.png".to_owned(),
    ] {
        assert_eq!(
            stand.browse(&wrong).await.status,
            StatusCode::NOT_FOUND,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn style_sheets_and_the_mark_are_served_here() {
    let (stand, _) = furnished().await;
    let front = stand.browse("/").await;
    let (_, sheet) = front.text().split_once("href=\"/assets/").unwrap();
    let sheet = format!("/assets/{}", sheet.split('"').next().unwrap());
    let css = stand.browse(&sheet).await;
    assert_eq!(css.header("content-type"), "text/css; charset=utf-8");
    assert!(css.header("cache-control").contains("immutable"));
    let older = stand.browse("/assets/actapub.0000000000000000.css").await;
    assert_eq!(older.status, StatusCode::OK);
    assert!(!older.header("cache-control").contains("immutable"));
    let theme = stand.browse("/@water/theme.css").await;
    assert!(theme.text().starts_with(":root{--accent:"));
    for mark in ["/favicon.ico", "/favicon.svg"] {
        assert_eq!(
            stand.browse(mark).await.header("content-type"),
            "image/svg+xml"
        );
    }
    assert!(
        stand
            .browse("/robots.txt")
            .await
            .text()
            .starts_with("User-agent: *")
    );
}

#[tokio::test]
async fn feeds_and_embeds_tell_the_same() {
    let (stand, paths) = furnished().await;
    let rss = stand.browse("/@water.rss").await;
    assert_eq!(
        rss.header("content-type"),
        "application/rss+xml; charset=utf-8"
    );
    assert!(rss.text().contains("Boil your water.") && !rss.text().contains("Until Friday."));
    let atom = stand.browse("/@water.atom").await;
    assert_eq!(
        atom.header("content-type"),
        "application/atom+xml; charset=utf-8"
    );
    let question = format!(
        "/api/oembed?maxwidth=300&url=https%3A%2F%2Fsocial.city.example{}",
        paths[3]
    );
    let oembed = stand.get(&question, "*/*").await;
    let document: Value = serde_json::from_slice(&oembed.body).unwrap();
    assert_eq!(document["width"], json!(300));
    assert!(document["html"].as_str().unwrap().contains("/embed"));
    let embed = stand.browse(&paths[4]).await;
    assert!(
        embed
            .header("content-security-policy")
            .contains("frame-ancestors *")
    );
    for (wrong, status) in [
        ("/api/oembed", StatusCode::BAD_REQUEST),
        (
            "/api/oembed?url=https://evil.example/@water/1",
            StatusCode::NOT_FOUND,
        ),
        ("/api/oembed?url=x&maxwidth=-1", StatusCode::BAD_REQUEST),
        ("/api/oembed?url=x&format=xml", StatusCode::NOT_IMPLEMENTED),
    ] {
        assert_eq!(
            stand.get(wrong, "application/json").await.status,
            status,
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn servers_get_the_document_and_people_the_page() {
    let (stand, paths) = furnished().await;
    let document = stand.get(&paths[3], "application/activity+json").await;
    assert_eq!(document.header("content-type"), "application/activity+json");
    let page = stand.browse(&paths[3]).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
}

#[tokio::test]
async fn without_a_database_pages_are_away_for_a_moment_and_not_gone() {
    let stand = Stand::new().await;
    let id = stand.announce("Boil your water.").await.id;
    stand.break_database();
    for path in [
        "/".to_owned(),
        "/@water".to_owned(),
        format!("/@water/{id}"),
    ] {
        let answer = stand.browse(&path).await;
        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
        assert_eq!(answer.header("retry-after"), "30", "{path}");
        assert!(answer.text().contains("Back in a moment"), "{path}");
    }
}
