//! Signing in by way of an OpenID provider, a real one: groups give roles, and who is taken out of a group is out.

use std::collections::BTreeMap;
use std::time::Duration;

use actapub::agencies::staff::Role;
use axum::http::StatusCode;
use serde_json::json;

use super::{PASSWORD, Visitor, hired};
use crate::harness::{Database, TestServer};
use crate::node::Program;

const SECRET: &str = "a secret: with/odd +signs";
const AT_DOOR: &str = "/console/sign-in/openid";

/// The provider, and the server that trusts it.
struct City {
    provider: Program,
    server: TestServer,
}

impl City {
    async fn start(database: Database) -> Option<Self> {
        let (mut provider, ready) = Program::start("oidc.mjs", &[]).await?;
        let issuer = ready["issuer"].as_str().unwrap().to_owned();
        let server = TestServer::with(database, |sources| {
            sources
                .flag("oidc.issuer", issuer)
                .flag("oidc.client_id", "actapub")
                .flag("oidc.client_secret", SECRET)
                .flag("oidc.scopes", "openid, profile, email, groups")
                .flag(
                    "oidc.groups",
                    "press=water:author, heads=water:administrator, it=operator",
                )
                .flag("oidc.label", "City login")
                .flag("oidc.allow_private", "true")
        })
        .await;
        let callback = format!("{}{AT_DOOR}/callback", server.base());
        let client =
            json!({"order": "client", "id": "actapub", "secret": SECRET, "callback": callback});
        provider.does(client).await;
        let mut city = Self { provider, server };
        city.waits(Duration::ZERO).await;
        Some(city)
    }

    /// Time goes by, for the provider as well.
    async fn waits(&mut self, time: Duration) {
        self.server.clock.advance(time);
        let seconds = self.server.now().seconds();
        self.provider
            .does(json!({"order": "time", "seconds": seconds}))
            .await;
    }

    /// Sets who somebody is, from now on.
    async fn knows(&mut self, who: &str, groups: &[&str]) {
        let account = json!({
            "order": "account", "sub": who, "name": format!("{who} of the city"), "locale": "fr",
            "email": format!("{who}@city.example"), "email_verified": true, "groups": groups,
        });
        self.provider.does(account).await;
    }
}

/// Somebody before their browser, which keeps what the provider gave it.
struct Citizen {
    name: &'static str,
    desk: Visitor,
    http: reqwest::Client,
    cookies: BTreeMap<String, String>,
}

impl Citizen {
    fn new(city: &City, name: &'static str) -> Self {
        let none = reqwest::redirect::Policy::none();
        Self {
            name,
            desk: Visitor::of(&city.server),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(none)
                .build()
                .unwrap(),
            cookies: BTreeMap::new(),
        }
    }

    /// Goes to the provider from one of our pages, signs in there if they have to, and comes back: with what address.
    async fn goes(&mut self, from: &str) -> String {
        let page = self.desk.sees(from).await;
        self.goes_to(page.leads_to().to_owned()).await
    }

    async fn goes_to(&mut self, mut to: String) -> String {
        let provider = to.split("/auth").next().unwrap().to_owned();
        for _ in 0..8 {
            let cookies: Vec<String> = self
                .cookies
                .iter()
                .map(|(name, value)| format!("{name}={value}"))
                .collect();
            let request = self
                .http
                .get(&to)
                .header("x-account", self.name)
                .header("cookie", cookies.join("; "));
            let response = request.send().await.unwrap();
            for cookie in response.headers().get_all("set-cookie") {
                let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
                self.cookies
                    .insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
            }
            let Some(location) = response.headers().get("location") else {
                panic!("{to}: {}", response.text().await.unwrap());
            };
            let location = location.to_str().unwrap();
            to = match location.strip_prefix('/') {
                Some(path) => format!("{provider}/{path}"),
                None => location.to_owned(),
            };
            if to.contains(AT_DOOR) {
                return to;
            }
        }
        panic!("{to} leads nowhere");
    }

    /// The same, and is answered by us.
    async fn enters(&mut self, from: &str) -> super::visitor::Page {
        let back = self.goes(from).await;
        self.desk.sees(&back).await
    }
}

async fn roles(city: &City) -> Vec<String> {
    let query = "SELECT people.name || ' ' || role || ' ' || given_by AS value FROM staff_roles \
                 JOIN people ON people.id = person_id ORDER BY 1";
    city.server.texts(query).await
}

async fn groups_let_people_in_and_out(mut city: City) {
    city.knows("ada", &["press", "choir"]).await;
    let mut ada = Citizen::new(&city, "ada");
    ada.desk
        .sees("/console/sign-in")
        .await
        .says("Sign in with City login");
    let page = ada.enters(&format!("{AT_DOOR}?to=/console/account")).await;
    assert_eq!(page.leads_to(), "/console/account");
    assert_eq!(roles(&city).await, ["ada of the city author groups"]);
    ada.desk
        .sees("/console/water")
        .await
        .is(StatusCode::OK, "lang=\"fr\"");
    let page = ada.desk.sees("/console/water/staff").await;
    assert_eq!(
        page.status,
        StatusCode::FORBIDDEN,
        "an author looks after nobody"
    );

    // After a while the provider is asked again, without a question to whoever sits there.
    city.waits(Duration::from_secs(16 * 60)).await;
    city.knows("ada", &["heads"]).await;
    let page = ada.desk.sees("/console/water").await;
    let page = ada.desk.follows(&page).await;
    let again = page.leads_to().to_owned();
    assert!(again.starts_with(AT_DOOR), "{again}");
    assert_eq!(ada.enters(&again).await.leads_to(), "/console/water");
    assert_eq!(roles(&city).await, ["ada of the city administrator groups"]);
    ada.desk
        .sees("/console/water/staff")
        .await
        .is(StatusCode::OK, "ada of the city");

    // Who is taken out of the group has no access any more after that while, not even as the last administrator.
    city.knows("ada", &["choir"]).await;
    city.waits(Duration::from_secs(16 * 60)).await;
    let page = ada.desk.sees("/console/water").await;
    assert_eq!(
        page.status,
        StatusCode::SEE_OTHER,
        "nothing without the provider"
    );
    ada.enters(AT_DOOR)
        .await
        .is(StatusCode::FORBIDDEN, "no group that has a part here");
    assert!(roles(&city).await.is_empty());
    let page = ada.desk.sees("/console/water").await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    let acts = city
        .server
        .texts("SELECT act AS value FROM staff_trail ORDER BY id")
        .await;
    assert_eq!(
        acts,
        [
            r#"{"role-given":"author"}"#,
            r#"{"role-given":"administrator"}"#,
            r#"{"role-taken":"author"}"#,
            r#"{"role-taken":"administrator"}"#,
            r#""removed""#,
        ]
    );

    // And who is put in again is the same person.
    city.knows("ada", &["it"]).await;
    assert_eq!(ada.enters(AT_DOOR).await.leads_to(), "/console");
    ada.desk
        .sees("/console/operator")
        .await
        .is(StatusCode::OK, "ada@city.example");
    assert_eq!(
        city.server
            .texts("SELECT name AS value FROM people")
            .await
            .len(),
        1
    );
    city.server.settle().await;
    city.server.finish().await;
}

async fn nobody_comes_back_for_somebody_else(mut city: City) {
    city.knows("ada", &["press"]).await;
    city.knows("eve", &[]).await;
    let mut ada = Citizen::new(&city, "ada");
    let back = ada.goes(AT_DOOR).await;
    // In another browser, with another state, without a code, and twice.
    Visitor::of(&city.server)
        .sees(&back)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY, "Begin again");
    let path = format!("{AT_DOOR}/callback");
    ada.desk
        .sees(&format!("{path}?code=x&state={}", "A".repeat(43)))
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY, "Begin again");
    let back = ada.goes(AT_DOOR).await;
    assert_eq!(ada.desk.sees(&back).await.status, StatusCode::SEE_OTHER);
    ada.desk
        .sees(&back)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY, "lang=\"fr\"");
    let mut other = Citizen::new(&city, "ada");
    let back = other.goes(AT_DOOR).await;
    let forged = back.replace("code=", "code=x");
    other
        .desk
        .sees(&forged)
        .await
        .is(StatusCode::BAD_GATEWAY, "does not answer as it should");
    let mut eve = Citizen::new(&city, "eve");
    eve.enters(AT_DOOR)
        .await
        .is(StatusCode::FORBIDDEN, "no group that has a part here");
    assert_eq!(
        city.server.texts("SELECT name AS value FROM people").await,
        ["ada of the city"]
    );
    city.server.settle().await;
    city.server.finish().await;
}

/// An address at the provider is not enough to be somebody who is here already.
async fn who_is_here_already_connects(mut city: City) {
    let grace = hired(
        &city.server,
        city.server.agency.id,
        "Grace",
        &[Role::Moderator],
    )
    .await;
    city.knows("grace", &["press"]).await;
    let mut at_city = Citizen::new(&city, "grace");
    at_city
        .enters(AT_DOOR)
        .await
        .is(StatusCode::UNPROCESSABLE_ENTITY, "connect the two");

    let mut grace = Citizen {
        desk: grace,
        ..Citizen::new(&city, "grace")
    };
    let page = grace
        .desk
        .sends("/console/account/connect", &[])
        .await
        .is(StatusCode::OK, "Connect with City login");
    let link = page
        .between("class=\"button\" href=\"", "\"")
        .replace("&amp;", "&");
    let back = grace.goes_to(link).await;
    assert_eq!(
        grace.desk.sees(&back).await.leads_to(),
        "/console/account?done=connected"
    );
    assert_eq!(at_city.enters(AT_DOOR).await.leads_to(), "/console");
    assert_eq!(
        roles(&city).await,
        ["Grace author groups", "Grace moderator hand"]
    );

    // From then on only the provider can say whether she still is in the group.
    let entry = [("email", "grace@city.example"), ("password", PASSWORD)];
    Visitor::of(&city.server)
        .sends("/console/sign-in", &entry)
        .await
        .is(
            StatusCode::UNPROCESSABLE_ENTITY,
            "Your roles come from a group",
        );
    city.knows("grace", &[]).await;
    assert_eq!(at_city.enters(AT_DOOR).await.leads_to(), "/console");
    assert_eq!(roles(&city).await, ["Grace moderator hand"]);
    let page = Visitor::of(&city.server)
        .sends("/console/sign-in", &entry)
        .await;
    assert_eq!(page.status, StatusCode::SEE_OTHER);
    city.server.settle().await;
    city.server.finish().await;
}

macro_rules! in_a_city {
    ($($name:ident)+) => {$(
        mod $name {
            use crate::harness::Database;

            #[tokio::test]
            async fn on_sqlite() {
                let Some(city) = super::City::start(Database::sqlite()).await else { return };
                super::$name(city).await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let Some(database) = Database::postgres() else { return };
                let Some(city) = super::City::start(database).await else { return };
                super::$name(city).await;
            }
        }
    )+};
}

in_a_city!(groups_let_people_in_and_out nobody_comes_back_for_somebody_else who_is_here_already_connects);
