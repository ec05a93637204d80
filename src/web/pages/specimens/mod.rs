//! Pages with the content of an ordinary week, for the tests and for looking at.

use std::time::Duration;

use crate::kernel::AnnouncementId;
use crate::kernel::SafeHtml;
use crate::kernel::Site;
use crate::kernel::Timestamp;
use crate::publishing::articles::outline;

use super::thread;
use super::view::{
    Agency, AgencyPage, Announcement, AnnouncementPage, ArticlePage, Byline, ChangePage, Counts,
    Frame, FrontPage, HandleTrouble, Hashtag, Image, Invitation, Link, Listed, Mark, Pager,
    Picture, Piece, Purpose, Record, Said, Series, Statement, TagPage, Teaser, Theme, Thread,
    WithdrawnPage, WordingOf,
};

mod hearing;
mod hostile;

use self::hearing::{answer, citizen, entry, hearing, here};
pub(super) use self::hostile::hostile;

pub(super) const BASE: &str = "https://social.springfield.example";

pub(super) fn frame() -> Frame {
    Frame {
        site: Site::new(&BASE.parse().unwrap(), Some("springfield.example")),
        name: "City of Springfield".to_owned(),
        contact: Some(link(
            "Press and citizens’ office",
            "mailto:office@springfield.example",
        )),
        version: "0.1.0".to_owned(),
        source: "https://code.springfield.example/actapub".to_owned(),
    }
}

pub(super) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn link(label: &str, url: &str) -> Link {
    Link {
        label: label.to_owned(),
        url: url.to_owned(),
    }
}

fn picture(name: &str, alt: &str) -> Picture {
    Picture {
        url: format!("{BASE}/media/{name}.png"),
        alt: alt.to_owned(),
    }
}

fn image(name: &str, alt: &str, width: u32, height: u32) -> Image {
    Image {
        url: format!("{BASE}/media/{name}.png"),
        alt: alt.to_owned(),
        width,
        height,
    }
}

fn html(text: &str) -> SafeHtml {
    SafeHtml::from_foreign(text)
}

pub(super) fn by(agency: &Agency) -> Byline {
    Byline {
        handle: agency.handle.clone(),
        name: agency.name.clone(),
        avatar: agency.avatar.clone(),
    }
}

pub(super) fn water() -> Agency {
    Agency {
        id: format!("{BASE}/ap/agencies/1"),
        handle: "water".parse().unwrap(),
        name: "Springfield Water Works".to_owned(),
        summary: html(
            "<p>Drinking water, sewers and flood protection for the city and its eleven villages. We answer here on working days from 8:00 to 17:00; for burst mains call <strong>555 0199</strong> at any hour.</p>",
        ),
        links: vec![
            link("Website", "https://water.springfield.example/"),
            link(
                "Water quality",
                "https://water.springfield.example/quality/daily-measurements",
            ),
            link("Emergencies", "tel:+15550199"),
        ],
        language: "en".to_owned(),
        avatar: Some(picture("crest", "Coat of arms: a wave below a tower")),
        header: Some(picture("reservoir", "The upper reservoir at dawn")),
        theme: Theme {
            stylesheet: None,
            logo: None,
            footer: vec![
                link("Imprint", "https://springfield.example/imprint"),
                link(
                    "Accessibility statement",
                    "https://springfield.example/accessibility",
                ),
                link("Data protection", "https://springfield.example/privacy"),
            ],
        },
    }
}

/// Written from right to left, with a colour of its own that is hard to read on white.
pub(super) fn arabic() -> Agency {
    Agency {
        id: format!("{BASE}/ap/agencies/2"),
        handle: "health_ar".parse().unwrap(),
        name: "مديرية الصحة العامة".to_owned(),
        summary: html(
            "<p>معلومات رسمية عن الصحة العامة في المدينة: التطعيم، ومراقبة الغذاء، والإرشادات في حالات الطوارئ. نجيب عن أسئلتكم هنا في أيام العمل.</p>",
        ),
        links: vec![link(
            "الموقع الرسمي",
            "https://health.springfield.example/ar",
        )],
        language: "ar".to_owned(),
        avatar: None,
        header: None,
        theme: Theme {
            stylesheet: Some(format!("{BASE}/@health_ar/theme.css?v=1")),
            logo: Some(picture("logo", "City of Springfield")),
            footer: vec![link(
                "إمكانية الوصول",
                "https://springfield.example/ar/a11y",
            )],
        },
    }
}

pub(super) fn transport() -> Agency {
    Agency {
        id: format!("{BASE}/ap/agencies/3"),
        handle: "transport".parse().unwrap(),
        name: "Régie des transports".to_owned(),
        summary: html("<p>Tramways, bus et vélos en libre-service.</p>"),
        links: vec![link("Site", "https://transport.springfield.example/")],
        language: "fr".to_owned(),
        avatar: None,
        header: None,
        theme: Theme::default(),
    }
}

fn announcement(agency: &Agency, id: i64, published: &str, text: &str) -> Announcement {
    Announcement {
        id: AnnouncementId::new(id),
        by: by(agency),
        html: html(text),
        warning: None,
        language: agency.language.clone(),
        images: Vec::new(),
        poll: None,
        article: None,
        in_reply_to: None,
        published_at: at(published),
        edited_at: None,
        counts: Counts::default(),
        provenance: None,
        record: Some(mark(id.unsigned_abs() % 10_000)),
        series: Series::default(),
    }
}

fn hashtag(tag: &str) -> Hashtag {
    Hashtag {
        tag: tag.to_lowercase(),
        display: tag.to_owned(),
    }
}

pub(super) fn boil_notice() -> Announcement {
    Announcement {
        edited_at: Some(at("2026-11-24T11:40:00Z")),
        images: vec![image(
            "map",
            "Map of the affected area: all streets north of the river between Mill Lane and the ring road.",
            1200,
            700,
        )],
        counts: Counts {
            replies: 214,
            likes: 1_308,
            shares: 2_971,
        },
        ..announcement(
            &water(),
            450_211_775_488,
            "2026-11-24T08:12:00Z",
            "<p><strong>Boil your tap water before drinking it</strong> if you live north of the river. After last night’s burst main on Mill Lane, bacteria may have entered the network.</p>\
             <ul><li>Bring water to a rolling boil for <strong>one minute</strong>, then let it cool.</li><li>This applies to drinking, cooking, brushing teeth and ice.</li><li>Washing and showering are safe.</li></ul>\
             <p>Free bottled water is handed out at the <a href=\"https://www.springfield.example/places/north-library?entrance=east\"><span class=\"invisible\">https://www.</span><span class=\"ellipsis\">springfield.example/places/nor</span><span class=\"invisible\">th-library?entrance=east</span></a> until 22:00. We measure every four hours and will say here when the water is safe again.</p>",
        )
    }
}

pub(super) fn four_images() -> Announcement {
    Announcement {
        images: vec![
            image(
                "photo1",
                "Workers lower a new pipe into the trench on Mill Lane.",
                1200,
                900,
            ),
            image(
                "photo2",
                "The old pipe with a crack as long as an arm.",
                900,
                1200,
            ),
            image("photo3", "A measuring van beside the river.", 1200, 800),
            image(
                "photo4",
                "Bottled water stacked in front of the library.",
                1200,
                900,
            ),
        ],
        counts: Counts {
            replies: 12,
            likes: 96,
            shares: 1,
        },
        ..announcement(
            &water(),
            450_211_775_400,
            "2026-11-23T17:30:00Z",
            "<p>How the repair on Mill Lane went today, in four pictures. The new main carries pressure since 16:50.</p>",
        )
    }
}

pub(super) fn warned() -> Announcement {
    Announcement {
        warning: Some("A dead animal is described".to_owned()),
        counts: Counts {
            replies: 1,
            likes: 3,
            shares: 0,
        },
        ..announcement(
            &water(),
            450_211_700_000,
            "2026-11-19T09:05:00Z",
            "<p>The brown water in Hill Street last week was caused by a drowned marten in a service shaft. It has been removed, and the shaft has a new cover.</p>",
        )
    }
}

pub(super) fn long_words() -> Announcement {
    Announcement {
        language: "de".to_owned(),
        counts: Counts {
            replies: 0,
            likes: 7,
            shares: 2,
        },
        ..announcement(
            &water(),
            450_211_600_000,
            "2026-11-02T06:00:00Z",
            "<p>Trinkwasserversorgungsanlagenüberwachungsverordnungsänderungsgesetzentwurfsbegründung: https://gesetze.example/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa</p>",
        )
    }
}

pub(super) fn french() -> Announcement {
    Announcement {
        counts: Counts {
            replies: 0,
            likes: 41,
            shares: 18,
        },
        ..announcement(
            &transport(),
            450_300_000_001,
            "2026-11-22T15:00:00Z",
            "<p>Grève de jeudi : le tramway B circule toutes les 20 minutes de 6 h à 20 h. Les autres lignes ne circulent pas. Vos abonnements seront prolongés d’un jour, sans démarche de votre part.</p>",
        )
    }
}

pub(super) fn vaccination() -> Announcement {
    Announcement {
        counts: Counts {
            replies: 2,
            likes: 58,
            shares: 23,
        },
        ..announcement(
            &arabic(),
            450_300_000_777,
            "2026-11-23T10:00:00Z",
            "<p>يبدأ التطعيم ضد الإنفلونزا يوم الاثنين في جميع المراكز الصحية، وهو <strong>مجاني</strong> لمن تجاوزوا الستين وللحوامل. لا حاجة إلى موعد مسبق. أحضروا بطاقة التأمين (Springfield Card) فقط.</p>",
        )
    }
}

pub(super) fn front() -> FrontPage {
    let listed = |agency: Agency, followers, announcements, last: Option<&str>| Listed {
        by: by(&agency),
        summary: agency.summary,
        language: agency.language,
        followers,
        announcements,
        last_published_at: last.map(at),
    };
    FrontPage {
        agencies: vec![
            listed(water(), 12_408, 613, Some("2026-11-24T08:12:00Z")),
            listed(transport(), 8_011, 1_204, Some("2026-11-22T15:00:00Z")),
            listed(arabic(), 1, 1, None),
        ],
    }
}

pub(super) fn water_page() -> AgencyPage {
    AgencyPage {
        agency: water(),
        followers: 12_408,
        announcements_total: 613,
        record: Some(record()),
        pinned: vec![boil_notice()],
        announcements: vec![four_images(), warned(), long_words()],
        pager: Pager {
            first: None,
            next: Some("/@water?after=1.2".to_owned()),
        },
    }
}

pub(super) fn arabic_page() -> AgencyPage {
    AgencyPage {
        agency: arabic(),
        followers: 1_930,
        announcements_total: 87,
        record: Some(record()),
        pinned: Vec::new(),
        announcements: vec![vaccination()],
        pager: Pager::default(),
    }
}

pub(super) fn empty_page() -> AgencyPage {
    AgencyPage {
        agency: transport(),
        followers: 0,
        announcements_total: 0,
        record: None,
        pinned: Vec::new(),
        announcements: Vec::new(),
        pager: Pager::default(),
    }
}

pub(super) fn boil_page() -> AnnouncementPage {
    AnnouncementPage {
        agency: water(),
        announcement: boil_notice(),
        thread: Thread {
            entries: hearing(),
            pager: Pager {
                first: Some("/@water/450211775488".to_owned()),
                next: Some("/@water/450211775488?after=9.9".to_owned()),
            },
        },
    }
}

pub(super) fn article_page() -> ArticlePage {
    let html = SafeHtml::trusted(
        "<p>By <em>us</em>.</p><h2 id=\"s-why\">Why</h2><p>Old.</p><h2 id=\"s-where\">Where &amp; when</h2><h3 id=\"s-north\">North</h3>\
         <table><thead><tr><th scope=\"col\">Street</th>\n</tr></thead><tbody><tr><td>Mill Lane</td>\n</tr></tbody></table>\
         <h2 id=\"s-costs\">Costs</h2><hr><p>None.</p>"
            .to_owned(),
    );
    ArticlePage {
        agency: water(),
        announcement: Announcement {
            article: Some(teaser()),
            ..boil_notice()
        },
        title: teaser().title,
        minutes: 7,
        words: 1_400,
        outline: outline(&html),
        html,
        wordings: vec![wording(2, true), wording(1, false)],
    }
}

pub(super) fn teaser() -> Teaser {
    Teaser {
        title: "How the </title> pipes & mains are renewed".to_owned(),
        minutes: 7,
        page: format!("{BASE}/@water/450211775488/article"),
    }
}

fn wording(number: i32, differs: bool) -> WordingOf {
    WordingOf {
        number,
        at: at("2026-11-24T09:00:00Z"),
        differs,
    }
}

pub(super) fn change_page() -> ChangePage {
    ChangePage {
        agency: arabic(),
        id: AnnouncementId::new(450_211_775_488),
        language: "ar".to_owned(),
        title: "كيف".to_owned(),
        before: wording(1, false),
        after: wording(2, true),
        pieces: vec![
            Piece::Same("same <b> ".repeat(200)),
            Piece::Removed("<script>".to_owned()),
            Piece::Added("& more".to_owned()),
        ],
    }
}

pub(super) fn four_images_page() -> AnnouncementPage {
    AnnouncementPage {
        agency: water(),
        announcement: four_images(),
        thread: Thread::default(),
    }
}

pub(super) fn french_page() -> AnnouncementPage {
    AnnouncementPage {
        agency: transport(),
        announcement: french(),
        thread: Thread::default(),
    }
}

pub(super) fn warned_page() -> AnnouncementPage {
    AnnouncementPage {
        agency: water(),
        announcement: Announcement {
            in_reply_to: Some(link("Ada Okafor", "https://mastodon.example/@ada/1")),
            ..warned()
        },
        thread: Thread::default(),
    }
}

pub(super) fn arabic_announcement_page() -> AnnouncementPage {
    let agency = arabic();
    let reply = Statement {
        language: Some("ar".to_owned()),
        ..citizen(
            "ليلى حداد",
            "@layla@arabic.example",
            "2026-11-23T10:30:00Z",
            "<p>هل يشمل ذلك الأطفال دون الخامسة؟</p>",
        )
    };
    let entries = vec![
        entry(1, 1, None, Said::Citizen(reply)),
        entry(
            2,
            2,
            Some(here(1, "ليلى حداد")),
            answer(
                &agency,
                450_300_000_778,
                "2026-11-23T11:00:00Z",
                "<p>نعم، ابتداءً من عمر ستة أشهر.</p>",
            ),
        ),
    ];
    AnnouncementPage {
        agency,
        announcement: vaccination(),
        thread: Thread {
            entries,
            pager: Pager::default(),
        },
    }
}

/// Thirty strands of citizens who answer one another deeper than a page can show.
pub(super) fn long_thread_page() -> AnnouncementPage {
    let replies: Vec<(usize, Option<usize>)> =
        (0..30).map(|n| (n, (n % 6 > 0).then(|| n - 1))).collect();
    let name = |n: usize| format!("Citizen {n}");
    let start = at("2026-11-24T09:00:00Z");
    let entries = thread::arrange(&replies)
        .into_iter()
        .map(|(n, depth)| {
            let parent = replies[n].1.map(|parent| here(parent, &name(parent)));
            let statement = Statement {
                published_at: start + Duration::from_secs(60 * n as u64),
                ..citizen(
                    &name(n),
                    &format!("@c{n}@town.example"),
                    "2026-11-24T09:00:00Z",
                    "<p>When will the water on our side be tested again, and where can we read the result?</p>",
                )
            };
            entry(n, depth, parent, Said::Citizen(statement))
        })
        .collect();
    AnnouncementPage {
        agency: water(),
        announcement: boil_notice(),
        thread: Thread {
            entries,
            pager: Pager::default(),
        },
    }
}

pub(super) fn withdrawn() -> WithdrawnPage {
    WithdrawnPage {
        agency: water(),
        id: AnnouncementId::new(450_211_500_000),
        published_at: at("2026-10-30T07:00:00Z"),
        withdrawn_at: at("2026-10-30T09:15:00Z"),
        reason: Some(
            "It named the wrong district. A corrected announcement was published at 9:20."
                .to_owned(),
        ),
        record: Some(mark(12_345)),
        others: vec![(2, AnnouncementId::new(450_211_500_001))],
    }
}

fn mark(number: u64) -> Mark {
    Mark {
        number,
        url: frame().site.record_entry("water", number),
        recorded_at: Some(at("2026-11-24T08:12:00Z")),
    }
}

fn record() -> Record {
    Record {
        url: frame().site.record("water"),
        vkey: format!("social.city.gov/record/water+1234abcd+{}", "A".repeat(44)),
    }
}

pub(super) fn tag_page() -> TagPage {
    TagPage {
        hashtag: hashtag("Northside"),
        announcements: vec![boil_notice(), french(), vaccination()],
        pager: Pager {
            first: Some("/tags/northside".to_owned()),
            next: None,
        },
    }
}

pub(super) fn follow() -> Invitation {
    Invitation {
        agency: water(),
        purpose: Purpose::Follow,
        entered: String::new(),
        trouble: None,
    }
}

pub(super) fn reply_in_trouble() -> Invitation {
    Invitation {
        agency: water(),
        purpose: Purpose::Reply {
            announcement: Box::new(boil_notice()),
        },
        entered: "ada at mastodon".to_owned(),
        trouble: Some(HandleTrouble::NotAnAddress),
    }
}
