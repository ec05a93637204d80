//! Everything that answers HTTP. One surface per reader; no surface sees another.

pub mod activitypub;
pub mod address;
pub mod answer;
pub mod assets;
pub mod console;
mod dumps;
pub mod feeds;
pub mod frame;
pub mod head;
pub mod language;
pub mod layout;
mod long_text;
pub mod marks;
mod negotiation;
pub mod page;
pub mod pager;
pub mod pages;
pub mod policy;
mod problem;
pub mod record;
pub mod theme;
pub mod verify;
mod witness;
pub mod words;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::rejection::QueryRejection;
use axum::extract::{DefaultBodyLimit, MatchedPath, Path, Query, Request};
use axum::http::{Extensions, HeaderMap, HeaderName, HeaderValue, StatusCode, Version, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse as _, Response};
use tower::ServiceBuilder;
use tower::limit::GlobalConcurrencyLimitLayer;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{DefaultPredicate, NotForContentType, Predicate as _};
use tower_http::set_header::SetResponseHeaderLayer;

use crate::archive::witness::Witness;
use crate::federation::actors::Directory;
use crate::federation::inbox::Door;
use crate::federation::keys::Ring;
use crate::kernel::{Clock, Site};
use crate::platform::db::Db;
use crate::platform::telemetry::Metrics;
use crate::publishing::Rules;
use crate::publishing::pictures::Limits;

pub use self::problem::Problem;

/// What a handler may reach. One counter to clone, since every layer of every request does.
#[derive(Clone)]
pub struct State(Arc<Reachable>);

impl State {
    pub fn new(reachable: Reachable) -> Self {
        Self(Arc::new(reachable))
    }
}

impl std::ops::Deref for State {
    type Target = Reachable;

    fn deref(&self) -> &Reachable {
        &self.0
    }
}

/// All that a handler may reach.
pub struct Reachable {
    pub db: Db,
    pub clock: Arc<dyn Clock>,
    pub site: Site,
    pub ring: Ring,
    pub directory: Directory,
    pub door: Door,
    pub witness: Witness,
    pub desk: Arc<console::Desk>,
    pub metrics: Arc<Metrics>,
    pub server: Arc<Server>,
}

/// What the server says of itself, and what it bears.
#[derive(Debug, Clone)]
pub struct Server {
    pub name: String,
    /// Markdown.
    pub summary: Option<String>,
    pub contact: Option<String>,
    pub language: String,
    /// Where the source of this program is offered to everybody who uses it over a network (AGPL, section 13).
    pub source: String,
    pub max_body: usize,
    pub request_timeout: Duration,
    pub most_requests: usize,
    /// Whether plain HTTP is permitted between servers (`federation.allow_private`).
    pub allow_private: bool,
    /// Whether everybody may see what opens citizens' entries, where they are shown in public (`record.disclosure`).
    pub discloses: bool,
    /// Under which licence the record stands (`record.licence`).
    pub licence: String,
    /// What an announcement may be (`limits.text`, `limits.images`, `limits.article`).
    pub rules: Rules,
    /// What a picture may be (`limits.image_size`, `limits.image_pixels`).
    pub pictures: Limits,
    /// From how many characters on many servers fold a text (`limits.text_warning`).
    pub folded_beyond: usize,
}

/// Who asks, as an extension of every request: the peer, or whom a proxy that we trust names. It is for limits only and
/// is never logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientAddress(pub std::net::IpAddr);

/// Figures for Prometheus, for an address of their own that is not public.
pub fn metrics_router(metrics: Arc<Metrics>) -> Router {
    let text = [(
        header::CONTENT_TYPE,
        "application/openmetrics-text; version=1.0.0; charset=utf-8",
    )];
    Router::new().route(
        "/metrics",
        axum::routing::get(move || async move { (text, metrics.encode()) }),
    )
}

/// All surfaces, ready to serve.
pub fn router(state: State) -> Router {
    let (server, metrics) = (state.server.clone(), state.metrics.clone());
    let (max_body, most_requests) = (server.max_body, server.most_requests);
    let surfaces = Router::new()
        .merge(activitypub::routes(&state))
        .merge(pages::routes(&state))
        .merge(dumps::routes())
        .merge(record::routes(&state))
        .merge(witness::routes(&state))
        .merge(verify::routes(&state))
        .merge(console::routes(&state))
        .route("/@{handle}", axum::routing::get(at_name))
        .merge(health())
        .fallback(|| async { Problem::NotFound })
        .layer(
            // Together, the outermost first: each by itself would box and clone all that is within it for every request.
            ServiceBuilder::new()
                .layer(middleware::from_fn(move |request, next| {
                    measure(metrics.clone(), request, next)
                }))
                .layer(CatchPanicLayer::custom(panicked))
                .layer(SetResponseHeaderLayer::if_not_present(
                    header::X_CONTENT_TYPE_OPTIONS,
                    HeaderValue::from_static("nosniff"),
                ))
                .layer(SetResponseHeaderLayer::if_not_present(
                    header::REFERRER_POLICY,
                    HeaderValue::from_static("no-referrer"),
                ))
                .layer(SetResponseHeaderLayer::if_not_present(
                    HeaderName::from_static("permissions-policy"),
                    HeaderValue::from_static("interest-cohort=()"),
                ))
                .layer(
                    CompressionLayer::new().compress_when(
                        DefaultPredicate::new()
                            .and(may_shrink)
                            // A dump is compressed as it is.
                            .and(NotForContentType::const_new("application/gzip")),
                    ),
                )
                .layer(middleware::from_fn(move |request, next| {
                    within(server.request_timeout, request, next)
                }))
                .layer(GlobalConcurrencyLimitLayer::new(most_requests))
                .layer(DefaultBodyLimit::max(max_body)),
        )
        .with_state(state.clone());
    // Around everything, since they decide which route a request takes, and what a failure looks like.
    Router::new().fallback_service(surfaces).layer(
        ServiceBuilder::new()
            .layer(middleware::from_fn_with_state(
                state.clone(),
                pages::for_people,
            ))
            .layer(middleware::from_fn_with_state(state, negotiation::lead)),
    )
}

/// `/@water`, `/@water.rss` and `/@water.atom`, which are one route to the router.
async fn at_name(
    axum::extract::State(state): axum::extract::State<State>,
    Path(name): Path<String>,
    query: Result<Query<pages::Onward>, QueryRejection>,
    asked: HeaderMap,
) -> Result<Response, Problem> {
    if let Some(handle) = name.strip_suffix(".rss") {
        feeds::rss_feed(&state, handle, &asked).await
    } else if let Some(handle) = name.strip_suffix(".atom") {
        feeds::atom_feed(&state, handle, &asked).await
    } else {
        pages::agency_page(&state, &name, query, &asked).await
    }
}

fn health() -> Router<State> {
    use axum::extract::State as Get;
    use axum::routing::get;
    Router::new()
        .route("/health/live", get(|| async { "alive\n" }))
        .route(
            "/health/ready",
            get(|Get(state): Get<State>| async move {
                match state.db.ping().await {
                    Ok(()) => (StatusCode::OK, "ready\n"),
                    Err(_) => (
                        StatusCode::SERVICE_UNAVAILABLE,
                        "the database does not answer\n",
                    ),
                }
            }),
        )
}

/// Whether compressing an answer is worth the while.
fn may_shrink(_: StatusCode, _: Version, _: &HeaderMap, extensions: &Extensions) -> bool {
    extensions.get::<answer::AsIs>().is_none()
}

async fn within(longest: Duration, request: Request, next: Next) -> Response {
    match tokio::time::timeout(longest, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::Overloaded.into_response(),
    }
}

async fn measure(metrics: Arc<Metrics>, request: Request, next: Next) -> Response {
    let begun = std::time::Instant::now();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    let route = route.as_ref().map(MatchedPath::as_str);
    metrics
        .http
        .answered(route, response.status().as_u16(), begun.elapsed());
    response
}

/// A defect of ours: the request fails, the server goes on.
fn panicked(_: Box<dyn std::any::Any + Send + 'static>) -> Response {
    // What the panic said was logged where it happened; it may hold what a citizen wrote.
    tracing::error!("a request ended in a panic");
    Problem::Internal.into_response()
}
