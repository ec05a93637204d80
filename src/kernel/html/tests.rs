//! What the sanitiser lets through, of real posts and of hostile ones.

use std::cell::RefCell;
use std::path::PathBuf;

use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer,
};

use super::*;

/// Collects the tags that a browser's tokeniser sees.
#[derive(Default)]
struct Seen(RefCell<Vec<Tag>>);

impl TokenSink for Seen {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        match token {
            Token::TagToken(tag) => self.0.borrow_mut().push(tag),
            Token::CommentToken(_) | Token::DoctypeToken(_) => panic!("{token:?}"),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// Reads clean mark-up as a browser would, and fails on whatever is not on the list.
fn assert_harmless(name: &str, html: &SafeHtml) {
    let input = BufferQueue::default();
    input.push_back(html.as_str().into());
    let tokenizer = Tokenizer::new(
        Seen::default(),
        html5ever::tokenizer::TokenizerOpts::default(),
    );
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    for tag in tokenizer.sink.0.take() {
        assert!(TAGS.contains(&&*tag.name), "{name}: {tag:?}");
        assert!(
            tag.kind == TagKind::StartTag || tag.attrs.is_empty(),
            "{name}: {tag:?}"
        );
        for attribute in &tag.attrs {
            let value = &*attribute.value;
            let allowed = match (&*tag.name, &*attribute.name.local) {
                ("a", "href") => value.starts_with("https://") || value.starts_with("http://"),
                ("a", "rel") => value == "nofollow noopener noreferrer ugc",
                ("a" | "span" | "p", "class") => value.split(' ').all(|class| {
                    [
                        "",
                        "mention",
                        "hashtag",
                        "u-url",
                        "h-card",
                        "invisible",
                        "ellipsis",
                        "quote-inline",
                    ]
                    .contains(&class)
                }),
                ("a" | "span", "translate") => value == "no",
                (_, "lang" | "dir") | ("ol", "start" | "reversed") | ("li", "value") => true,
                _ => false,
            };
            assert!(allowed, "{name}: {tag:?}");
        }
    }
    // What is clean stays as it is.
    assert_eq!(
        SafeHtml::from_foreign(html.as_str()).to_text(),
        html.to_text(),
        "{name}"
    );
    assert_eq!(html.is_blank(), html.to_text().is_empty(), "{name}");
}

#[test]
fn posts_of_running_servers_come_out_harmless() {
    let root = std::env::var_os("ACTAPUB_CORPUS").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/corpus"),
        PathBuf::from,
    );
    let Ok(entries) = std::fs::read_dir(root.join("objects")) else {
        eprintln!("left out: no corpus beside the project (ACTAPUB_CORPUS names another place)");
        return;
    };
    let mut read = 0;
    for entry in entries {
        let path = entry.unwrap().path();
        let object: serde_json::Value =
            serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
        let name = path.display().to_string();
        let maps = ["contentMap", "summaryMap", "nameMap"]
            .map(|it| object.get(it).and_then(|it| it.as_object()));
        let mapped = maps.into_iter().flatten().flat_map(|map| map.values());
        for text in ["content", "summary", "name"]
            .iter()
            .filter_map(|it| object.get(it))
            .chain(mapped)
        {
            if let Some(text) = text.as_str() {
                assert_harmless(&name, &SafeHtml::from_foreign(text));
            }
        }
        read += 1;
    }
    assert!(read >= 262);
}

/// Each is far more than a post may hold, or is made to slip past a list.
#[test]
fn hostile_posts_come_out_harmless() {
    let numbered =
        |count: usize, part: &dyn Fn(usize) -> String| (0..count).map(part).collect::<String>();
    let cases = [
        ("deep", "<div>".repeat(100_000) + "word"),
        ("closed again", "<div>".repeat(100_000) + "word" + &"</div>".repeat(100_000)),
        ("reconstructed", numbered(20_000, &|n| format!("<b a={n}><p>word"))),
        ("reconstructed, few", numbered(99, &|n| format!("<b a={n}>")) + &"<p>word</p>".repeat(800)),
        ("markers", numbered(200, &|n| format!("<b a={n}><object></b></object>")) + &"<p>word</p>".repeat(100)),
        ("attributes", format!("<p {}>word</p>", numbered(100_000, &|n| format!("a{n}=1 ")))),
        ("attributes in quotes", format!("<p =\">\" {}>word", numbered(900, &|n| format!("a{n} ")))),
        ("a tag without end", format!("word <p {}", "x".repeat(1 << 20))),
        ("a quote without end", format!("word <p a=\"{}", "<p>".repeat(1 << 18))),
        ("tags without end", "word".to_owned() + &"<p ".repeat(300_000)),
        ("closing tags", "word".to_owned() + &"</b>".repeat(300_000)),
        ("comments", "word".to_owned() + &"<!-- x -->".repeat(100_000)),
        ("tables", "<table>word".repeat(20_000)),
        ("options", "<select><option>word".repeat(20_000)),
        ("references", "word &amp;&lt;&#x3c;".repeat(5_000)),
        ("one MiB", "word ".repeat((1 << 20) / 5)),
        ("angles", "word".to_owned() + &"<".repeat(50_000)),
        ("svg", "word<svg><p><style><a title=\"</style><img src=x onerror=alert(1)>\">".to_owned()),
        ("math", "word<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">".to_owned()),
        ("script in script", "word<scr<script>ipt>alert(1)</scr</script>ipt>".to_owned()),
        ("noscript", "word<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">".to_owned()),
        ("textarea", "word<textarea><p title=\"</textarea><script>alert(1)</script>\">".to_owned()),
        ("many scripts", "word".to_owned() + &"<script>alert(1)</script>".repeat(2_000)),
        ("scripts beyond the measure", "word".to_owned() + &"<b>".repeat(2_000) + "<script>alert(1)</script><img src=x>"),
        ("escaped beyond the measure", "word&lt;script&gt;".to_owned() + &"<b>".repeat(2_000)),
        ("comment to paragraph", "word<!--<div title=\"--><script>alert(1)</script>\">".to_owned()),
    ];
    for (name, html) in cases {
        let clean = SafeHtml::from_foreign(&html);
        assert_harmless(name, &clean);
        assert!(clean.to_text().contains("word"), "{name}");
        assert!(
            !clean.to_text().contains("alert(1)") || name == "script in script",
            "{name}: {clean:?}"
        );
        assert!(
            clean.as_str().len() <= html.len() * 5 + LARGEST_START,
            "{name}"
        );
    }
}

#[test]
fn odd_links_go() {
    for href in [
        "javascript:alert(1)",
        " java\tscript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "&#106;avascript:alert(1)",
        "&#x6A;&Tab;avascript&colon;alert(1)",
        "\u{1}javascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        " d&#97;ta:text/html,x",
        "vbscript:x",
        "//example.com",
        "/path",
        "http:",
    ] {
        for quoted in [
            format!("<a href=\"{href}\">word</a>"),
            format!("<a href='{href}' href='https://a.example'>word</a>"),
        ] {
            let clean = SafeHtml::from_foreign(&quoted);
            assert_harmless(href, &clean);
            assert!(!clean.as_str().contains("href"), "{href}: {clean:?}");
        }
    }
}

#[test]
fn blocks_keep_their_words_apart() {
    for (html, clean) in [
        ("<div>a</div><div>b</div>", "<p>a</p><p>b</p>"),
        ("<DIV lang=ar>a</DIV>b", "<p lang=\"ar\">a</p>b"),
        ("<div><p>a</p></div>", "<p>a</p>"),
        ("<h1>a</h1>b<hr>c", "<p>a</p>b<br>c"),
        (
            "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>",
            "<p>a b </p><p>c </p>",
        ),
        ("a <b>b</b> < c", "a <b>b</b> &lt; c"),
    ] {
        assert_eq!(SafeHtml::from_foreign(html).as_str(), clean, "{html}");
    }
}

#[test]
fn what_is_shown_bare_keeps_its_lines() {
    let html = format!(
        "{}one &amp; two<br>three &eacute; &lt;b></b>",
        "<div>".repeat(101)
    );
    let bare = SafeHtml::from_foreign(&html);
    assert_eq!(bare.as_str(), "<p>one &amp; two<br>three é &lt;b&gt;</p>");
    assert_eq!(bare.to_text(), "one & two three é <b>");
}

#[test]
fn text_is_what_a_reader_sees() {
    for (html, text) in [
        ("<p>a</p><p>b<br>c</p>", "a b c"),
        ("<ul><li>a</li><li>b</li></ul>", "a b"),
        ("<p>a<b>b</b>&nbsp;c &amp;lt; d</p>", "ab c &lt; d"),
        ("<p><a href=\"https://a.example/?q=>\">a</a></p>", "a"),
        ("<p>&nbsp; <br></p>", ""),
        ("", ""),
    ] {
        let html = SafeHtml::trusted(html.to_owned());
        assert_eq!(html.to_text(), text);
        assert_eq!(html.is_blank(), text.is_empty());
    }
}
