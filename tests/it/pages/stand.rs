//! A server without a port: its router, a database of its own, and words to fill it with.

use std::sync::Arc;

use actapub::agencies::{self, Agency, Change, New};
use actapub::app::Services;
use actapub::dialogue::actors::{self, Described};
use actapub::dialogue::messages;
use actapub::dialogue::replies::{self, Receipt, Words};
use actapub::kernel::{ActorId, AnnouncementId, Clock, ManualClock, ReplyId, SafeHtml};
use actapub::platform::config::Sources;
use actapub::platform::db::{self, Conn};
use actapub::publishing::{self, Announcement, Answering, Draft};
use actapub::web;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode, header};
use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use tower::ServiceExt as _;

pub(crate) struct Stand {
    pub(crate) services: Services,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) water: Agency,
    router: axum::Router,
    data: tempfile::TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }
}

impl Stand {
    pub(crate) async fn new() -> Self {
        Self::at("https://social.city.example", false).await
    }

    /// A server that may talk to others on this machine.
    pub(crate) async fn private() -> Self {
        Self::at("http://localhost:8080", true).await
    }

    async fn at(url: &str, allow_private: bool) -> Self {
        let data = tempfile::tempdir().unwrap();
        let config = Sources::default()
            .flag("data", data.path().display().to_string())
            .flag("url", url.to_owned())
            .flag("federation.allow_private", allow_private.to_string())
            .flag("about.name", "City".to_owned())
            .flag(
                "about.summary",
                "The **city**, in the open. <script>alert(1)</script>".to_owned(),
            )
            .flag("about.contact", "press@city.example".to_owned())
            .load()
            .unwrap()
            .config;
        let clock = Arc::new(ManualClock::at("2026-11-24T12:00:00Z".parse().unwrap()));
        let services = Services::open_with(&config, clock.clone()).await.unwrap();
        let router = web::router(services.web.clone());
        let water = agency(&services, "water", "Water Works").await;
        Self {
            services,
            clock,
            water,
            router,
            data,
        }
    }

    pub(crate) async fn agency(&self, handle: &str, name: &str) -> Agency {
        agency(&self.services, handle, name).await
    }

    pub(crate) async fn change(&self, change: Change) {
        let handle = self.water.handle.clone();
        self.write(move |conn, clock| agencies::edit(conn, clock, &handle, change).unwrap())
            .await;
    }

    pub(crate) async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn, &dyn Clock) -> T + Send + 'static,
    ) -> T {
        let clock = self.services.clock.clone();
        self.services
            .db
            .write(move |conn| Ok::<_, db::Error>(work(conn, clock.as_ref())))
            .await
            .unwrap()
    }

    pub(crate) async fn announce(&self, markdown: &str) -> Announcement {
        self.publish(markdown, None).await
    }

    /// The agency's answer to `uri` in a thread.
    pub(crate) async fn answer(
        &self,
        thread: AnnouncementId,
        uri: String,
        markdown: &str,
    ) -> Announcement {
        self.publish(
            markdown,
            Some(Answering {
                uri,
                thread: Some(thread),
            }),
        )
        .await
    }

    async fn publish(&self, markdown: &str, answering: Option<Answering>) -> Announcement {
        let draft = Draft {
            agency: self.water.id,
            markdown: markdown.to_owned(),
            warning: None,
            language: "en".to_owned(),
            mentions: vec![],
            images: vec![],
            poll: None,
            article: None,
            answering,
            pin: false,
        };
        self.draft(draft).await
    }

    pub(crate) async fn draft(&self, draft: Draft) -> Announcement {
        self.tick();
        let (site, rules) = (self.services.site.clone(), self.services.rules);
        self.write(move |conn, clock| {
            publishing::announce(conn, clock, &site, rules, draft).unwrap()
        })
        .await
    }

    pub(crate) async fn citizen(&self, name: &str) -> ActorId {
        let uri = format!("https://example.social/users/{name}");
        let described = Described {
            uri: uri.clone(),
            host: "example.social".to_owned(),
            kind: "Person".to_owned(),
            handle: name.to_owned(),
            domain: "example.social".to_owned(),
            name: format!("Citizen {name}"),
            url: uri.clone(),
            inbox: format!("{uri}/inbox"),
            shared_inbox: None,
            followers: None,
            document: String::new(),
        };
        self.write(move |conn, clock| actors::remember(conn, clock, &described).unwrap())
            .await
    }

    /// A public reply `https://example.social/statuses/{number}` to `parent`.
    pub(crate) async fn reply(
        &self,
        author: ActorId,
        thread: AnnouncementId,
        parent: String,
        number: usize,
        html: &str,
    ) -> ReplyId {
        self.tick();
        let uri = status(number);
        let incoming = replies::Incoming {
            uri: uri.clone(),
            agency: self.water.id,
            thread: Some(thread),
            author,
            parent: Some(parent),
            listed: true,
            words: Words {
                html: SafeHtml::from_foreign(html),
                warning: None,
                language: Some("en".to_owned()),
                url: uri,
                attachments: vec![],
                published_at: self.services.clock.now(),
            },
            updated_at: None,
            event: None,
        };
        let receipt = self
            .write(move |conn, clock| replies::receive(conn, clock, &incoming).unwrap())
            .await;
        match receipt {
            Receipt::New(id) => id,
            other => panic!("{other:?}"),
        }
    }

    pub(crate) async fn message(&self, author: ActorId, parent: String, html: &str) {
        let incoming = messages::Incoming {
            uri: "https://example.social/statuses/private".to_owned(),
            agency: self.water.id,
            author,
            parent: Some(parent),
            html: SafeHtml::from_foreign(html),
            warning: None,
            updated_at: None,
            event: None,
        };
        self.write(move |conn, clock| messages::receive(conn, clock, &incoming).unwrap())
            .await;
    }

    /// Takes a table away, as a broken disk or a wrong hand might.
    pub(crate) fn break_database(&self) {
        let path = self.data.path().join("actapub.db");
        let mut conn = SqliteConnection::establish(&path.display().to_string()).unwrap();
        conn.batch_execute("PRAGMA foreign_keys = OFF; ALTER TABLE agencies RENAME TO elsewhere")
            .unwrap();
    }

    /// Lets a second pass, so that everything has a time of its own.
    fn tick(&self) {
        self.clock.advance(std::time::Duration::from_secs(1));
    }

    /// As a browser asks.
    pub(crate) async fn browse(&self, path: &str) -> Answer {
        self.get(path, "text/html,application/xhtml+xml,*/*;q=0.8")
            .await
    }

    pub(crate) async fn get(&self, path: &str, accept: &str) -> Answer {
        let request = Request::get(path).header(header::ACCEPT, accept);
        self.send(request.body(Body::empty()).unwrap()).await
    }

    pub(crate) async fn submit(&self, path: &str, form: &str) -> Answer {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Body::from(form.to_owned())).unwrap())
            .await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: body.to_vec(),
        }
    }
}

/// The ActivityPub id of a citizen's reply.
pub(crate) fn status(number: usize) -> String {
    format!("https://example.social/statuses/{number}")
}

async fn agency(services: &Services, handle: &str, name: &str) -> Agency {
    let clock = services.clock.clone();
    let new = New {
        handle: handle.parse().unwrap(),
        name: name.to_owned(),
        summary: "Water for the city.".to_owned(),
        summary_html: SafeHtml::from_plain("Water for the city."),
        links: vec![],
        language: "en".to_owned(),
        avatar: None,
        header: None,
    };
    services
        .db
        .write(move |conn| Ok::<_, db::Error>(agencies::create(conn, clock.as_ref(), new).unwrap()))
        .await
        .unwrap()
}
