//! What others see: our name, our certificate, our agencies; and whether our clock is theirs.

use std::sync::Arc;
use std::time::UNIX_EPOCH;

use http::header::{ACCEPT, DATE, LOCATION};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::Value;
use url::{Host, Url};

use crate::agencies::Agency;
use crate::app;
use crate::kernel::{Clock as _, Site, SystemClock};
use crate::platform::config::{Config, is_local};
use crate::platform::mail::Undelivered;
use crate::platform::net::{
    Client, Machine, NetError, Reach, Request, ResolveError, Resolver, Unreachable,
};

use super::Verdict::{Broken, Good, LeftOut, Note};
use super::{Patient, Report};

const ACTIVITY: &str = "application/activity+json";
const DESCRIPTOR: &str = "application/jrd+json, application/json";
/// Other servers ask for redirects to be few, too.
const MOST_REDIRECTS: usize = 3;
/// Agencies that are looked up; what is wrong with one is wrong with most.
const LOOKED_UP: usize = 20;
/// By so many seconds a clock may be off: below nobody minds, above signatures are refused here and there.
const CLOSE: i64 = 30;
const FAR: i64 = 300;

pub(super) async fn examine(report: &mut Report, patient: &Patient) {
    let config = &patient.config;
    let site = app::site_of(config);
    let is_here = is_local(&config.url);
    let reach = Reach {
        allow_private: is_here || config.federation.allow_private,
    };
    let client = match app::client(config, reach) {
        Ok(client) => client,
        Err(error) => {
            report.add("tls", Broken, format!("No request can be made: {error}."));
            return;
        }
    };
    if is_here {
        let sentence = format!(
            "{} is on this machine or in a test network: DNS and certificates are not looked at.",
            site.base()
        );
        report.add("dns", LeftOut, sentence);
    } else {
        names(report, &config.url, &site).await;
    }
    mail(report, config, &site).await;
    let answered = ourselves(report, &client, &site, patient, is_here).await;
    clock(report, &client, &site, patient, answered.as_ref()).await;
    if answered.is_none() {
        let sentence = "Agencies were not looked up, since nothing answers.";
        report.add("webfinger", LeftOut, sentence);
        return;
    }
    agencies(report, &client, &site, &patient.agencies).await;
}

/// Whether the mail server lets us in.
async fn mail(report: &mut Report, config: &Config, site: &Site) {
    match app::mailer(config, site) {
        Ok(None) => {}
        Ok(Some(mailer)) => match mailer.test().await {
            Ok(()) => report.add("mail", Good, "The mail server lets this server in."),
            Err(Undelivered::Refused(code)) => {
                let sentence = format!(
                    "The mail server does not let this server in (SMTP {code}): look at user and password in mail.server."
                );
                report.add("mail", Broken, sentence);
            }
            Err(error) => report.add("mail", Broken, format!("No mail can be sent: {error}.")),
        },
        Err(error) => report.add("mail", Broken, format!("No mail can be sent: {error:#}.")),
    }
}

/// Whether the names lead anywhere.
async fn names(report: &mut Report, url: &Url, site: &Site) {
    let resolver = Resolver::new(Reach::PUBLIC, Arc::new(Machine));
    let domain = |authority: &str| {
        let url = Url::parse(&format!("https://{authority}/")).ok()?;
        url.domain().map(str::to_owned)
    };
    let mut hosts = vec![];
    if let Some(Host::Domain(host)) = url.host() {
        hosts.push(host.to_owned());
    }
    hosts.extend(domain(site.handle_domain()));
    hosts.dedup();
    for host in hosts {
        match resolver.addresses(&host).await {
            Ok(found) => {
                let mut found: Vec<String> = found.iter().map(|it| it.ip().to_string()).collect();
                found.dedup();
                report.add("dns", Good, format!("{host} is at {}.", found.join(", ")));
            }
            Err(ResolveError::Refused(Unreachable::ResolvesToPrivate)) => {
                let sentence = format!(
                    "{host} leads to private addresses only; unless DNS answers differently outside, no other server \
                     can reach it."
                );
                report.add("dns", Note, sentence);
            }
            Err(error) => report.add("dns", Broken, format!("{host}: {error}.")),
        }
    }
}

/// Asks for the server's own actor. Returns the headers of an answer that was ours.
async fn ourselves(
    report: &mut Report,
    client: &Client,
    site: &Site,
    patient: &Patient,
    is_here: bool,
) -> Option<HeaderMap> {
    let id = site.instance_actor();
    let base = site.base();
    let answer = match get(client, &id, ACTIVITY).await {
        Ok(answer) => answer,
        Err(error) if is_here && patient.is_served != Some(true) && !is_tls(&error) => {
            let sentence = format!(
                "Nothing answers at {base} ({}); a server does not run.",
                cause(&error)
            );
            report.add("url", LeftOut, sentence);
            return None;
        }
        Err(error) => {
            let about = if is_tls(&error) { "tls" } else { "url" };
            let sentence = format!("{base} cannot be reached: {}.", cause(&error));
            report.add(about, Broken, sentence);
            return None;
        }
    };
    if site.scheme() == "https" {
        report.add("tls", Good, format!("The certificate of {base} is good."));
    }
    if answer.status != StatusCode::OK {
        let sentence = format!(
            "{base} answers with {} where its actor should be; does the proxy pass everything on to this server?",
            answer.status.as_u16()
        );
        report.add("url", Broken, sentence);
        return None;
    }
    if answer.json().get("id").and_then(Value::as_str) == Some(&id) {
        report.add("url", Good, format!("{base} answers as this server."));
        Some(answer.headers)
    } else {
        let sentence = format!(
            "What answers at {base} is not this server, or the proxy does not pass the `Accept` header on."
        );
        report.add("url", Broken, sentence);
        None
    }
}

/// Compares our clock with another one: a server that we know, or else whatever stands in front of our own.
async fn clock(
    report: &mut Report,
    client: &Client,
    site: &Site,
    patient: &Patient,
    own: Option<&HeaderMap>,
) {
    for host in &patient.peers {
        let url = format!("{}://{host}/.well-known/nodeinfo", site.scheme());
        if let Ok(answer) = get(client, &url, "application/json").await
            && let Some(off) = seconds_off(&answer.headers)
        {
            add_clock(report, off, host);
            return;
        }
    }
    match own.and_then(seconds_off) {
        Some(off) if off.abs() >= CLOSE => add_clock(report, off, "our own proxy"),
        _ => report.add(
            "clock",
            LeftOut,
            "The clock was not compared, since no other server is known and within reach; keep it right by NTP.",
        ),
    }
}

fn add_clock(report: &mut Report, off: i64, whose: &str) {
    let direction = if off > 0 { "ahead of" } else { "behind" };
    let (verdict, sentence) = match off.abs() {
        ..CLOSE => (Good, format!("The clock agrees with that of {whose}.")),
        by => (
            if by < FAR { Note } else { Broken },
            format!(
                "The clock is {by} seconds {direction} that of {whose}: signatures are refused when it is off; is an \
                 NTP client running?"
            ),
        ),
    };
    report.add("clock", verdict, sentence);
}

/// By how much we are ahead of the clock that wrote this `Date` (RFC 9110, section 6.6.1).
fn seconds_off(headers: &HeaderMap) -> Option<i64> {
    let date = headers.get(DATE)?.to_str().ok()?;
    let theirs = httpdate::parse_http_date(date).ok()?;
    let theirs = theirs.duration_since(UNIX_EPOCH).ok()?.as_secs();
    Some(SystemClock.now().seconds() - i64::try_from(theirs).ok()?)
}

/// Whether each agency is found by its handle, and its actor by its id.
async fn agencies(report: &mut Report, client: &Client, site: &Site, agencies: &[Agency]) {
    for agency in agencies.iter().take(LOOKED_UP) {
        let (acct, id) = (site.acct(&agency.handle), site.actor(agency.id));
        match looked_up(client, site, &acct, &id).await {
            Ok(()) => {
                let sentence = format!("@{acct} is found by WebFinger and leads to its actor.");
                report.add("webfinger", Good, sentence);
            }
            Err(sentence) => report.add("webfinger", Broken, sentence),
        }
    }
    if agencies.len() > LOOKED_UP {
        let sentence = format!(
            "{} more agencies were not looked up.",
            agencies.len() - LOOKED_UP
        );
        report.add("webfinger", LeftOut, sentence);
    }
}

async fn looked_up(client: &Client, site: &Site, acct: &str, id: &str) -> Result<(), String> {
    let domain = site.handle_domain();
    let url = format!(
        "{}://{domain}/.well-known/webfinger?resource=acct:{acct}",
        site.scheme()
    );
    let answer = get(client, &url, DESCRIPTOR).await;
    let answer = answer.map_err(|error| {
        format!(
            "{domain} cannot be asked who @{acct} is: {}.",
            cause(&error)
        )
    })?;
    if answer.status != StatusCode::OK {
        return Err(format!(
            "{domain} answers with {} when it is asked who @{acct} is; does its web server pass \
             /.well-known/webfinger on to this one?",
            answer.status.as_u16()
        ));
    }
    let descriptor = answer.json();
    let links = descriptor.get("links").and_then(Value::as_array);
    let is_self = |link: &&Value| link.get("rel").and_then(Value::as_str) == Some("self");
    let named = links
        .and_then(|links| links.iter().find(is_self))
        .and_then(|link| link.get("href")?.as_str());
    if named != Some(id) {
        return Err(format!(
            "{domain} says that @{acct} is {}, and not {id}.",
            named.unwrap_or("nobody")
        ));
    }
    let actor = get(client, id, ACTIVITY).await;
    let actor = actor.map_err(|error| format!("{id} cannot be fetched: {}.", cause(&error)))?;
    if actor.json().get("id").and_then(Value::as_str) == Some(id) {
        Ok(())
    } else {
        Err(format!(
            "{id} answers with {} and without @{acct}'s actor.",
            actor.status.as_u16()
        ))
    }
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    body: bytes::Bytes,
}

impl Answer {
    /// Null if it is none.
    fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }
}

async fn get(client: &Client, url: &str, accept: &'static str) -> Result<Answer, NetError> {
    let no_url = || NetError::Broken("that is no address".to_owned());
    let mut url = Url::parse(url).map_err(|_| no_url())?;
    for _ in 0..=MOST_REDIRECTS {
        let mut request = Request::new(Method::GET, url.clone());
        request
            .headers_mut()
            .insert(ACCEPT, HeaderValue::from_static(accept));
        let response = client.send(request).await?;
        let (status, headers) = (response.status(), response.headers().clone());
        let target = headers.get(LOCATION).and_then(|it| it.to_str().ok());
        if status.is_redirection()
            && let Some(target) = target
        {
            url = url.join(target).map_err(|_| no_url())?;
            continue;
        }
        let body = client.read(response).await?;
        return Ok(Answer {
            status,
            headers,
            body,
        });
    }
    Err(NetError::Broken("it redirects and redirects".to_owned()))
}

fn is_tls(error: &NetError) -> bool {
    let text = error.to_string().to_ascii_lowercase();
    text.contains("certificate") || text.contains("tls") || text.contains("corrupt message")
}

/// What went wrong, in words for whoever has to mend it.
fn cause(error: &NetError) -> String {
    const KINDS: [(&str, &str); 8] = [
        ("notvalidyet", "its certificate is not valid yet"),
        ("not valid yet", "its certificate is not valid yet"),
        ("expired", "its certificate has expired"),
        (
            "unknownissuer",
            "its certificate is not from an authority that the web trusts, or the chain is not complete",
        ),
        ("not valid for", "its certificate is for another name"),
        ("notvalidforname", "its certificate is for another name"),
        ("corrupt message", "what answers there does not speak TLS"),
        ("connection refused", "nothing listens there"),
    ];
    let text = error.to_string();
    let folded = text.to_ascii_lowercase();
    KINDS
        .iter()
        .find(|(sign, _)| folded.contains(sign))
        .map_or(text, |(_, sentence)| (*sentence).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn errors_become_sentences() {
        let connect = |text: &str| cause(&NetError::Connect(text.to_owned()));
        for (text, sentence) in [
            ("invalid peer certificate: Expired", "has expired"),
            (
                "invalid peer certificate: certificate expired: verification time",
                "has expired",
            ),
            ("invalid peer certificate: UnknownIssuer", "authority"),
            (
                "invalid peer certificate: certificate not valid for name \"a.example\"",
                "another name",
            ),
            (
                "received corrupt message of type InvalidContentType",
                "does not speak TLS",
            ),
            ("Connection refused (os error 111)", "nothing listens"),
        ] {
            assert!(connect(text).contains(sentence), "{text}");
        }
        assert_eq!(
            cause(&NetError::Timeout),
            "the server did not answer in time"
        );
    }

    #[test]
    fn a_clock_that_is_off_is_told_by_how_much() {
        let mut report = Report::default();
        for off in [-3, 45, -4000] {
            add_clock(&mut report, off, "example.social");
        }
        let verdicts: Vec<_> = report.0.iter().map(|it| it.verdict).collect();
        assert_eq!(verdicts, [Good, Note, Broken]);
        assert!(
            report
                .0
                .iter()
                .any(|it| it.sentence.contains("4000 seconds behind"))
        );
    }
}
