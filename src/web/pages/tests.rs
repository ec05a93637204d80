//! What must hold on every page, whoever wrote what stands on it.

use std::path::Path;

use maud::Markup;

use super::error::Trouble;
use super::specimens;
use super::{
    about, agency, announcement, article, assets::Asset, embed, error, front, hashtag, invitation,
    oembed, withdrawn,
};
use crate::web::theme::Accent;

/// Every page there is, by the path it would stand at.
fn every_page() -> Vec<(String, Markup)> {
    let frame = specimens::frame();
    let announcements = [
        ("@water/450211775488", specimens::boil_page()),
        ("@water/450211775400", specimens::four_images_page()),
        ("@water/450211700000", specimens::warned_page()),
        ("@water/thread", specimens::long_thread_page()),
        ("@transport/450300000001", specimens::french_page()),
        (
            "@health_ar/450300000777",
            specimens::arabic_announcement_page(),
        ),
        ("hostile", specimens::hostile()),
    ];
    let mut pages = vec![
        (String::new(), front::page(&frame, &specimens::front())),
        (
            "about".to_owned(),
            about::page(&frame, &about::AboutPage::default()),
        ),
        (
            "@water".to_owned(),
            agency::page(&frame, &specimens::water_page()),
        ),
        (
            "@health_ar".to_owned(),
            agency::page(&frame, &specimens::arabic_page()),
        ),
        (
            "@transport".to_owned(),
            agency::page(&frame, &specimens::empty_page()),
        ),
        (
            "@water/450211500000".to_owned(),
            withdrawn::page(&frame, &specimens::withdrawn()),
        ),
        (
            "tags/northside".to_owned(),
            hashtag::page(&frame, &specimens::tag_page()),
        ),
        (
            "@water/follow".to_owned(),
            invitation::page(&frame, &specimens::follow()),
        ),
        (
            "@water/450211775488/reply".to_owned(),
            invitation::page(&frame, &specimens::reply_in_trouble()),
        ),
    ];
    let text = specimens::article_page();
    pages.push((
        "@water/450211775488/article".to_owned(),
        article::page(&frame, &text),
    ));
    pages.push((
        "@water/450211775488/article/changes/2".to_owned(),
        article::change(&frame, &specimens::change_page()),
    ));
    for (path, view) in &announcements {
        pages.push(((*path).to_owned(), announcement::page(&frame, view)));
        pages.push((format!("{path}/embed"), embed::page(&frame, view)));
    }
    for trouble in Trouble::ALL {
        pages.push((
            format!("errors/{}", trouble.status()),
            error::page(&frame, trouble),
        ));
    }
    pages
}

/// The elements of a page: name and attributes as a browser would read them. Enough of a parser for what maud writes.
fn elements(html: &str) -> Vec<(String, Vec<(String, String)>)> {
    let mut found = Vec::new();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if !rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
            continue;
        }
        let name_end = rest
            .find(|c: char| c.is_whitespace() || c == '>')
            .unwrap_or(rest.len());
        let name = rest[..name_end].to_ascii_lowercase();
        rest = &rest[name_end..];
        let mut attributes = Vec::new();
        loop {
            rest = rest.trim_start();
            if rest.is_empty() || rest.starts_with('>') {
                break;
            }
            let end = rest
                .find(|c: char| c.is_whitespace() || c == '>' || c == '=')
                .unwrap_or(rest.len());
            let attribute = rest[..end].to_ascii_lowercase();
            rest = &rest[end..];
            let mut value = String::new();
            if let Some(quoted) = rest.strip_prefix("=\"") {
                let close = quoted.find('"').expect("every value is quoted");
                value = quoted[..close].replace("&amp;", "&");
                rest = &quoted[close + 1..];
            }
            attributes.push((attribute, value));
        }
        found.push((name, attributes));
    }
    found
}

#[test]
fn nothing_is_loaded_from_elsewhere_and_nothing_runs() {
    for (path, page) in every_page() {
        let html = page.into_string();
        let elements = elements(&html);
        assert!(elements.len() > 10, "{path}");
        for (name, attributes) in elements {
            let value = |wanted: &str| {
                attributes
                    .iter()
                    .find(|(attribute, _)| attribute == wanted)
                    .map(|(_, value)| value.as_str())
            };
            for (attribute, value) in &attributes {
                assert!(!attribute.starts_with("on"), "{path}: {attribute}");
                assert_ne!(attribute, "style", "{path}: {value}");
                if matches!(attribute.as_str(), "src" | "srcset" | "poster" | "data") {
                    assert!(
                        value.starts_with('/') && !value.starts_with("//"),
                        "{path}: {value}"
                    );
                }
                if attribute == "href" {
                    let scheme = value.split(':').next().unwrap_or_default();
                    assert!(
                        value.starts_with(['/', '#'])
                            || ["http", "https", "mailto", "tel"].contains(&scheme),
                        "{path}: {value}"
                    );
                }
            }
            match name.as_str() {
                "link" if value("rel") == Some("stylesheet") => {
                    assert!(value("href").unwrap().starts_with('/'), "{path}");
                }
                "script" => assert_eq!(value("type"), Some("application/ld+json"), "{path}"),
                "iframe" | "object" | "embed" | "base" | "style" => panic!("{path}: {name}"),
                _ => {}
            }
        }
    }
}

#[test]
fn what_others_wrote_stays_text() {
    let html = announcement::page(&specimens::frame(), &specimens::hostile()).into_string();
    // One data block, and no picture but the logo, the portrait and the announcement's own.
    assert_eq!(html.matches("<script").count(), 1);
    assert_eq!(html.matches("</script").count(), 1);
    assert_eq!(html.matches("<title").count(), 1);
    assert_eq!(html.matches("<img").count(), 3);
    assert!(!html.contains("javascript:"));
    assert!(!html.contains("href=\"data:"));
    assert!(html.contains("depth-3") && !html.contains("depth-200"));

    let block = html
        .split("ld+json\">")
        .nth(1)
        .and_then(|rest| rest.split("</script").next())
        .unwrap();
    let value: serde_json::Value = serde_json::from_str(block).unwrap();
    assert_eq!(value["@type"], "NewsArticle");
    assert_eq!(value["author"]["name"], specimens::hostile().agency.name);
}

#[test]
fn pages_follow_the_language_of_what_they_show() {
    let frame = specimens::frame();
    let arabic = announcement::page(&frame, &specimens::arabic_announcement_page()).into_string();
    assert!(arabic.contains("<html lang=\"ar\" dir=\"rtl\">"));
    // Our own words are English there, and say so.
    assert!(
        arabic.contains("lang=\"en\">Public replies")
            || arabic.contains("<div class=\"thread-head\" lang=\"en\">")
    );
    let french = announcement::page(&frame, &specimens::french_page()).into_string();
    assert!(french.contains("<html lang=\"fr\" dir=\"ltr\">"));
    assert!(french.contains("og:locale\" content=\"fr\""));
    // An Arabic reply below an English announcement runs its own way.
    let english = announcement::page(&frame, &specimens::boil_page()).into_string();
    assert!(english.contains("<html lang=\"en\" dir=\"ltr\">"));
    assert!(english.contains("<div class=\"prose\" lang=\"ar\" dir=\"rtl\">"));
    assert!(english.contains("<div class=\"prose\" dir=\"auto\">"));
}

#[test]
fn heads_say_what_other_servers_look_for() {
    let frame = specimens::frame();
    let page = announcement::page(&frame, &specimens::boil_page()).into_string();
    for wanted in [
        "<link rel=\"canonical\" href=\"https://social.springfield.example/@water/450211775488\">",
        "<link rel=\"alternate\" type=\"application/activity+json\" href=\"https://social.springfield.example/ap/announcements/450211775488\">",
        "type=\"application/json+oembed\" href=\"https://social.springfield.example/api/oembed?url=https%3A%2F%2Fsocial.springfield.example%2F%40water%2F450211775488\"",
        "href=\"https://social.springfield.example/@water.rss\"",
        "href=\"https://social.springfield.example/@water.atom\"",
        "<meta name=\"fediverse:creator\" content=\"@water@springfield.example\">",
        "<meta property=\"og:type\" content=\"article\">",
        "<meta property=\"article:published_time\" content=\"2026-11-24T08:12:00Z\">",
        "<meta property=\"og:image\" content=\"https://social.springfield.example/media/map.png\">",
        "<meta property=\"og:image:alt\" content=\"Map of the affected area",
    ] {
        assert!(page.contains(wanted), "{wanted}");
    }
    let page = agency::page(&frame, &specimens::water_page()).into_string();
    assert!(page.contains("<link rel=\"me\" href=\"https://water.springfield.example/\">"));
    assert!(page.contains("href=\"https://water.springfield.example/\" rel=\"me noopener\""));
    assert!(
        page.contains(
            "og:title\" content=\"Springfield Water Works (@water@springfield.example)\""
        )
    );
    assert!(page.contains("\"@type\":\"GovernmentOrganization\""));
}

#[test]
fn a_warning_covers_text_and_pictures_in_previews_too() {
    let page = announcement::page(&specimens::frame(), &specimens::warned_page()).into_string();
    let head = page.split("</head>").next().unwrap();
    assert!(head.contains("A dead animal is described"));
    assert!(!head.contains("marten"));
    assert!(page.contains("<details class=\"warning\"><summary>"));
}

#[test]
fn citizens_are_named_and_linked_and_never_loaded() {
    let page = announcement::page(&specimens::frame(), &specimens::boil_page()).into_string();
    assert!(page.contains("href=\"https://mastodon.example/@ada\" rel=\"nofollow noopener ugc\""));
    assert!(page.contains("@ada@mastodon.example"));
    assert!(page.contains("Deleted by its author"));
    assert!(page.contains("Edited <time datetime=\"2026-11-24T08:44:00Z\""));
    assert!(page.contains(">Picture: A glass of slightly brown water<"));
    assert!(page.contains("Withdrawn by the agency"));
}

#[test]
fn every_page_has_one_main_heading_and_no_empty_title() {
    for (path, page) in every_page() {
        let html = page.into_string();
        assert_eq!(html.matches("<h1").count(), 1, "{path}");
        assert_eq!(html.matches("<main").count(), 1, "{path}");
        assert!(!html.contains("<title></title>"), "{path}");
    }
}

#[test]
fn a_trouble_with_the_address_is_said_where_the_field_is() {
    let page = invitation::page(&specimens::frame(), &specimens::reply_in_trouble()).into_string();
    assert!(page.contains("“ada at mastodon” is not an address."));
    assert!(page.contains("aria-describedby=\"trouble hint\" aria-invalid=\"true\""));
    assert!(page.contains("value=\"ada at mastodon\""));
}

#[test]
fn embedding_sites_get_a_frame_that_fits() {
    let frame = specimens::frame();
    let document = oembed::document(&frame, &specimens::boil_page(), Some(300), None);
    insta::assert_json_snapshot!(document, @r#"
    {
      "type": "rich",
      "version": "1.0",
      "title": "Springfield Water Works: Announcement of 24 November 2026",
      "author_name": "Springfield Water Works",
      "author_url": "https://social.springfield.example/@water",
      "provider_name": "City of Springfield",
      "provider_url": "https://social.springfield.example/",
      "cache_age": 86400,
      "html": "<iframe src=\"https://social.springfield.example/@water/450211775488/embed\" title=\"Springfield Water Works: Announcement of 24 November 2026\" width=\"300\" height=\"420\" loading=\"lazy\" sandbox=\"allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation\"></iframe>",
      "width": 300,
      "height": 420
    }
    "#);
    let page = "https://social.springfield.example/@water/450211775488";
    let asked = oembed::asked_for(&frame, page);
    assert_eq!(asked, Some(specimens::boil_notice().id));
    assert_eq!(oembed::asked_for(&frame, &format!("{page}/embed")), asked);
    assert_eq!(
        oembed::asked_for(&frame, "https://evil.example/@water/1"),
        None
    );
}

#[test]
fn the_style_sheet_is_small_and_loads_nothing() {
    let css = Asset::StyleSheet.content();
    assert!(!css.contains("url(") && !css.contains("@import"));
    assert!(css.len() < 30_000, "{}", css.len());
    assert!(Asset::StyleSheet.path().starts_with("/assets/actapub."));
}

/// Writes every page into the directory that `ACTAPUB_RENDER_DIR` names, to be looked at in a browser.
#[test]
fn pages_can_be_looked_at() {
    let Some(folder) = std::env::var_os("ACTAPUB_RENDER_DIR") else {
        return;
    };
    let root = Path::new(&folder);
    let write = |path: &str, content: &[u8]| {
        let file = root.join(path.trim_start_matches('/'));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(file, content).unwrap();
    };
    for (path, page) in every_page() {
        write(&format!("{path}/index.html"), page.into_string().as_bytes());
    }
    write(
        Asset::StyleSheet.path(),
        Asset::StyleSheet.content().as_bytes(),
    );
    let accent: Accent = "#f2a900".parse().unwrap();
    write("@health_ar/theme.css", accent.style_sheet().as_bytes());
    for (name, width, height) in [
        ("crest", 400, 400),
        ("logo", 240, 80),
        ("reservoir", 1500, 500),
        ("map", 1200, 700),
        ("photo1", 1200, 900),
        ("photo2", 900, 1200),
        ("photo3", 1200, 800),
        ("photo4", 1200, 900),
    ] {
        let file = root.join(format!("media/{name}.png"));
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        scenery(width, height, name.len()).save(file).unwrap();
    }
}

/// Hills under a sky: enough of a picture to judge a page by.
fn scenery(width: u32, height: u32, seed: usize) -> image::RgbImage {
    image::RgbImage::from_fn(width, height, |x, y| {
        let (across, down) = (
            f64::from(x) / f64::from(width),
            f64::from(y) / f64::from(height),
        );
        let ridge = |base: f64, swell: f64, pace: f64| {
            base + swell * ((across * pace + f64::from(u8::try_from(seed).unwrap())).sin())
        };
        if down > ridge(0.8, 0.05, 9.0) {
            image::Rgb([38, 66, 74])
        } else if down > ridge(0.62, 0.09, 6.0) {
            image::Rgb([78, 112, 116])
        } else if down > ridge(0.5, 0.1, 4.0) {
            image::Rgb([132, 160, 160])
        } else {
            image::Rgb([226, 214, 196])
        }
    })
}
