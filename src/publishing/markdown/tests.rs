//! What authors write, and what readers here and elsewhere get of it.

use super::*;

fn site() -> Site {
    Site::new(&Url::parse("https://social.city.example").unwrap(), None)
}

fn ada() -> Mention {
    Mention {
        acct: "Ada@example.social".into(),
        uri: "https://example.social/users/ada".into(),
        url: "https://example.social/@ada".into(),
    }
}

fn html(markdown: &str) -> String {
    render(markdown, &site(), &[ada()]).html.into_string()
}

#[test]
fn the_subset_is_written_in_the_elements_that_peers_keep() {
    for (markdown, expected) in [
        (
            "Boil water.\nUntil *Friday*.\n\n**Thank** you.",
            "<p>Boil water.<br>Until <em>Friday</em>.</p><p><strong>Thank</strong> you.</p>",
        ),
        (
            "# Boil **water**\ntext",
            "<p><strong>Boil water</strong></p><p>text</p>",
        ),
        (
            "Setext\n===\n\n###### six",
            "<p><strong>Setext</strong></p><p><strong>six</strong></p>",
        ),
        (
            "~~old~~ `a < b`",
            "<p><del>old</del> <code>a &lt; b</code></p>",
        ),
        (
            "> said\n> twice\n\n---",
            "<blockquote><p>said<br>twice</p></blockquote><p>———</p>",
        ),
        (
            "- a\n- b\n  1. c\n\n7. seven",
            "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul><ol start=\"7\"><li>seven</li></ol>",
        ),
        (
            "```sh\n<x> #no @ada@example.social\nhttps://a.example\n```",
            "<pre><code>&lt;x&gt; #no @ada@example.social\nhttps://a.example</code></pre>",
        ),
        (
            "|Street|Open|\n|-|-|\n|Mill Road|**10–12**|",
            "<p><strong>Street | Open</strong><br>Mill Road | <strong>10–12</strong></p>",
        ),
        (
            "*a **b *c* d** e*",
            "<p><em>a <strong>b c d</strong> e</em></p>",
        ),
        (
            "a\u{A0}b &amp; &copy; \\*c\\*",
            "<p>a&nbsp;b &amp; © *c*</p>",
        ),
        (
            "line one  \nline two\\\nthree",
            "<p>line one<br>line two<br>three</p>",
        ),
        (
            "5 ~ 6 ~ 7, snake_case_name",
            "<p>5 ~ 6 ~ 7, snake_case_name</p>",
        ),
        ("\r\na\u{0}b\u{FDD0}7\u{FDD1}", "<p>ab7</p>"),
        ("[a]: https://a.example", ""),
        ("", ""),
    ] {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
}

#[test]
fn raw_html_is_shown_and_never_passed_on() {
    for (markdown, expected) in [
        (
            "<script>alert(1)</script>\n\nx",
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>x</p>",
        ),
        (
            "a <b onclick=\"x\">bold</b>",
            "<p>a &lt;b onclick=\"x\"&gt;bold&lt;/b&gt;</p>",
        ),
        (
            "<div>\n<img src=x>\n</div>",
            "<p>&lt;div&gt;<br>&lt;img src=x&gt;<br>&lt;/div&gt;</p>",
        ),
        ("<!-- note -->", "<p>&lt;!-- note --&gt;</p>"),
        (
            "a <b>#flood</b>",
            "<p>a &lt;b&gt;<a href=\"https://social.city.example/tags/flood\" class=\"mention hashtag\" rel=\"tag\">#<span>flood</span></a>&lt;/b&gt;</p>",
        ),
    ] {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
}

#[test]
fn links_lead_to_the_web_or_say_where_they_would_lead() {
    for (markdown, expected) in [
        (
            "[map](https://city.example/map?a=1&b=2 \"title\")",
            "<p><a href=\"https://city.example/map?a=1&amp;b=2\">map</a></p>",
        ),
        (
            "[write](mailto:water@city.example?subject=x), [call](tel:+3212345)",
            "<p>write (water@city.example), call (+3212345)</p>",
        ),
        (
            "[water@city.example](mailto:water@city.example)",
            "<p>water@city.example</p>",
        ),
        ("<water@city.example>", "<p>water@city.example</p>"),
        (
            "[x](javascript:alert(1)) [y](data:text/html,x) [z](/local) [w](ftp://a.example)",
            "<p>x y z w</p>",
        ),
        (
            "[*a* #b](https://a.example/)",
            "<p><a href=\"https://a.example/\"><em>a</em> #b</a></p>",
        ),
        (
            "[](https://a.example/)",
            "<p><a href=\"https://a.example/\"><span class=\"invisible\">https://</span><span>a.example/</span></a></p>",
        ),
        (
            "![a map](https://city.example/m.png) ![](https://city.example/n.png) ![gone](x)",
            "<p><a href=\"https://city.example/m.png\">a map</a> <a href=\"https://city.example/n.png\" translate=\"no\"><span class=\"invisible\">https://</span><span>city.example/n.png</span></a> gone</p>",
        ),
        (
            "![a ![b](https://b.example) c](https://a.example) d",
            "<p><a href=\"https://a.example/\">a b c</a> d</p>",
        ),
        (
            "[![pic](https://a.example/p)](https://b.example/)",
            "<p><a href=\"https://b.example/\">pic</a></p>",
        ),
        (
            "see https://www.city.example/a/rather/long_path_/to/the/plan.pdf.",
            "<p>see <a href=\"https://www.city.example/a/rather/long_path_/to/the/plan.pdf\" translate=\"no\"><span class=\"invisible\">https://www.</span><span class=\"ellipsis\">city.example/a/rather/long_pat</span><span class=\"invisible\">h_/to/the/plan.pdf</span></a>.</p>",
        ),
        (
            "**https://a.example/_b_/*c*/d**",
            "<p><strong><a href=\"https://a.example/_b_/*c*/d\" translate=\"no\"><span class=\"invisible\">https://</span><span>a.example/_b_/*c*/d</span></a></strong></p>",
        ),
        (
            "<https://a.example/?x=\">",
            "<p><a href=\"https://a.example/?x=%22\" translate=\"no\"><span class=\"invisible\">https://</span><span>a.example/?x=\"</span></a></p>",
        ),
    ] {
        assert_eq!(html(markdown), expected, "{markdown}");
    }
}

#[test]
fn hashtags_link_to_their_page() {
    let rendered = render(
        "#CrèmeBrûlée, #_a_ and #cremebrulee; `#code` [#label](https://a.example/) \\#none",
        &site(),
        &[],
    );
    assert_eq!(
        rendered.html.as_str(),
        "<p><a href=\"https://social.city.example/tags/cremebrulee\" class=\"mention hashtag\" rel=\"tag\">#<span>CrèmeBrûlée</span></a>, \
         <a href=\"https://social.city.example/tags/_a_\" class=\"mention hashtag\" rel=\"tag\">#<span>_a_</span></a> and \
         <a href=\"https://social.city.example/tags/cremebrulee\" class=\"mention hashtag\" rel=\"tag\">#<span>cremebrulee</span></a>; \
         <code>#code</code> <a href=\"https://a.example/\">#label</a> #none</p>"
    );
    let tags: Vec<_> = rendered
        .hashtags
        .iter()
        .map(|h| h.display.as_str())
        .collect();
    assert_eq!(tags, ["CrèmeBrûlée", "_a_"]);
}

#[test]
fn those_who_were_found_are_linked() {
    assert_eq!(
        html("Dear @ada@Example.social and @bob@example.org, *@_x_@y.example*"),
        "<p>Dear <span class=\"h-card\" translate=\"no\"><a href=\"https://example.social/@ada\" class=\"u-url mention\">@<span>ada</span></a></span> \
         and @bob@example.org, <em>@_x_@y.example</em></p>"
    );
    let bad = Mention {
        url: "javascript:alert(1)".into(),
        ..ada()
    };
    assert_eq!(
        render("@ada@example.social", &site(), &[bad]).html.as_str(),
        "<p>@ada@example.social</p>"
    );
}

#[test]
fn scanning_names_each_once() {
    let scanned = scan("@a@x.example @A@X.example `@b@x.example` #One #one @c@y.example");
    let accts: Vec<_> = scanned.mentions.iter().map(ToString::to_string).collect();
    assert_eq!(accts, ["a@x.example", "c@y.example"]);
    assert_eq!(scanned.hashtags.len(), 1);
    let mut crowd = String::new();
    for n in 0..50_000 {
        let _ = write!(crowd, "@u{n}@x.example ");
    }
    assert_eq!(scan(&crowd).mentions.len(), MOST_MENTIONS);
}

#[test]
fn the_length_is_what_mastodon_counts() {
    for (markdown, length) in [
        ("", 0),
        ("Hello", 5),
        ("**Hello**\nyou", 9),
        ("a\n\nb", 4),
        ("https://a.example/a/very/long/path/that/goes/on/and/on", 23),
        ("@ada@example.social #flood", 4 + 1 + 6),
        ("[map](https://city.example/)", 3),
        ("e\u{301}", 1),
    ] {
        assert_eq!(
            render(markdown, &site(), &[ada()]).length,
            length,
            "{markdown}"
        );
    }
}

#[test]
fn nesting_is_bounded() {
    let quoted = html(&format!("{} deep", ">".repeat(5_000)));
    assert_eq!(quoted.matches("<blockquote>").count(), DEEPEST);
    assert_eq!(quoted.matches("</blockquote>").count(), DEEPEST);
    let mut listed = String::new();
    for n in 0..60 {
        let _ = writeln!(listed, "{}- item {n}", "  ".repeat(n));
    }
    let listed = html(&listed);
    assert_eq!(listed.matches("<ul>").count(), DEEPEST);
    assert!(listed.contains("item 59"));
    let emphasised = html(&"*a **b ".repeat(2_000));
    assert!(emphasised.len() < 50_000);
}

/// Every text renders the same twice, is well-formed, and reads the same after a peer has sanitised it.
#[test]
fn whatever_is_written_survives_sanitising() {
    const PIECES: [&str; 44] = [
        "*",
        "**",
        "_",
        "~~",
        "`",
        "```\n",
        "#",
        "# ",
        "@",
        "\n",
        "\n\n",
        "> ",
        "- ",
        "1. ",
        "    ",
        "[",
        "](",
        ")",
        "]",
        "![",
        "<",
        ">",
        "<b>",
        "</b>",
        "<!--",
        "&amp;",
        "&#0;",
        "|",
        "|-|\n",
        "---",
        "\\",
        "https://",
        "http://a.example/x_(y)_",
        "#Tag_",
        "@ada@example.social",
        "@a@",
        "word",
        "é",
        "水",
        "\u{202E}",
        "\u{FDD0}1\u{FDD1}",
        "mailto:",
        "\u{A0}",
        "\t",
    ];
    let mut state = 0x2545_F491_4F6C_DD1D_u64;
    let mut random = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % below as u64).unwrap()
    };
    for _ in 0..4_000 {
        let length = random(40);
        let markdown: String = (0..length).map(|_| PIECES[random(PIECES.len())]).collect();
        let once = render(&markdown, &site(), &[ada()]);
        assert_eq!(once, render(&markdown, &site(), &[ada()]));
        let foreign = SafeHtml::from_foreign(once.html.as_str());
        assert_eq!(foreign.to_text(), once.html.to_text(), "{markdown:?}");
        let without_rel = |html: &str| {
            html.replace(" rel=\"nofollow noopener noreferrer ugc\"", "")
                .replace(" rel=\"tag\"", "")
        };
        assert_eq!(
            without_rel(foreign.as_str()),
            without_rel(once.html.as_str()),
            "{markdown:?}"
        );
    }
}

#[test]
fn a_long_text_takes_time_in_proportion() {
    // Each of these took quadratic time in some renderer once; at this size that would take minutes.
    for piece in [
        "@",
        "#a·",
        "https://(",
        "http://a.example/)",
        "*a_ ",
        "[",
        "![",
        "](",
        "<",
        "`",
        "> ",
        "|a",
        "&amp;",
        "<!--",
        "\\",
    ] {
        let markdown = piece.repeat(50_000 / piece.len());
        let _ = render(&markdown, &site(), &[]);
        let _ = scan(&markdown);
    }
}
