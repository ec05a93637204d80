//! What citizens do: each a request, signed with their own key, to an inbox of an agency.

use anyhow::{Context as _, bail};
use http::{HeaderValue, Method, header};
use serde_json::Value;
use url::Url;

use super::memory::{Follow, Known, Post};
use super::{Citizens, documents};
use crate::app::demo::script::CITIZENS;
use crate::federation::signatures::{self, BodyDigest, Dialect, Outgoing};
use crate::federation::wire::incoming::{Actor, Jrd};
use crate::kernel::Acct;
use crate::platform::net::{Client, Request};

const ACTIVITY: &str = "application/activity+json";

/// What somebody is about to write.
pub(in crate::app::demo) struct Words<'a> {
    pub(in crate::app::demo) by: &'a str,
    pub(in crate::app::demo) text: &'a str,
    pub(in crate::app::demo) language: Option<&'a str>,
    /// The agency's id.
    pub(in crate::app::demo) agency: &'a str,
    pub(in crate::app::demo) in_reply_to: Option<String>,
    /// Who is answered, if that is another citizen.
    pub(in crate::app::demo) answered: Option<&'a str>,
}

impl Citizens {
    /// Looks an agency up by its handle, as any server would; its id.
    pub(in crate::app::demo) async fn find(&self, acct: &Acct) -> anyhow::Result<String> {
        let known = self.0.memory.look(|all| {
            let mut agencies = all.agencies.iter();
            agencies
                .find(|(_, known)| known.acct == acct.to_string())
                .map(|(uri, _)| uri.clone())
        });
        if let Some(uri) = known {
            return Ok(uri);
        }
        let question = format!(
            "http://{}/.well-known/webfinger?resource=acct:{acct}",
            acct.domain()
        );
        let answer = self.0.fetcher.fetch_jrd(&Url::parse(&question)?).await?;
        let uri = Jrd::parse(answer.to_string().as_bytes())?
            .actor
            .context("WebFinger names no actor")?;
        self.meet(&uri).await?;
        Ok(uri)
    }

    /// Fetches an actor and remembers it.
    pub(super) async fn meet(&self, uri: &str) -> anyhow::Result<Known> {
        let fetched = self.0.fetcher.fetch(&Url::parse(uri)?).await?;
        let actor = Actor::parse(&fetched.raw)?;
        if actor.id != uri {
            bail!("the actor calls itself otherwise");
        }
        let icon = fetched.body.pointer("/icon/url").and_then(Value::as_str);
        let known = Known {
            name: actor
                .name
                .as_ref()
                .map(|name| name.as_str().to_owned())
                .unwrap_or_default(),
            acct: actor
                .acct()
                .map(|acct| acct.to_string())
                .unwrap_or_default(),
            page: actor.url.clone().unwrap_or_else(|| uri.to_owned()),
            icon: icon.map(str::to_owned),
            inbox: actor.inbox.clone(),
            followers: actor.followers.clone(),
            keys: actor
                .public_keys
                .iter()
                .map(|key| (key.id.clone(), key.pem.clone()))
                .collect(),
        };
        self.0
            .memory
            .change(|all| all.agencies.insert(uri.to_owned(), known.clone()))?;
        Ok(known)
    }

    /// Asks to follow, unless that was accepted before.
    pub(in crate::app::demo) async fn follow(&self, by: &str, agency: &str) -> anyhow::Result<()> {
        let address = &self.0.address;
        let id = format!(
            "{}#follows/{}",
            address.actor(by),
            agency.rsplit('/').next().unwrap_or_default()
        );
        self.0.memory.change(|all| {
            if !all.follows.iter().any(|follow| follow.id == id) {
                let (by, agency, id) = (by.to_owned(), agency.to_owned(), id.clone());
                all.follows.push(Follow {
                    by,
                    agency,
                    id,
                    accepted: false,
                });
            }
        })?;
        self.post(by, agency, &documents::follow(address, by, agency, &id))
            .await
    }

    pub(in crate::app::demo) fn is_following(&self, by: &str, agency: &str) -> bool {
        self.0.memory.look(|all| {
            let mut follows = all.follows.iter();
            follows.any(|follow| follow.by == by && follow.agency == agency && follow.accepted)
        })
    }

    pub(in crate::app::demo) async fn like(
        &self,
        by: &str,
        agency: &str,
        announcement: &str,
    ) -> anyhow::Result<()> {
        self.post(
            by,
            agency,
            &documents::like(&self.0.address, by, announcement),
        )
        .await
    }

    pub(in crate::app::demo) async fn boost(
        &self,
        by: &str,
        agency: &str,
        announcement: &str,
    ) -> anyhow::Result<()> {
        let now = self.0.clock.now();
        self.post(
            by,
            agency,
            &documents::boost(&self.0.address, by, agency, announcement, now),
        )
        .await
    }

    /// Writes a post, once for each `name`, and sends it.
    pub(in crate::app::demo) async fn say(
        &self,
        name: &str,
        words: &Words<'_>,
    ) -> anyhow::Result<()> {
        self.write(name, words, false).await
    }

    /// The same for the agency alone.
    pub(in crate::app::demo) async fn whisper(
        &self,
        name: &str,
        words: &Words<'_>,
    ) -> anyhow::Result<()> {
        self.write(name, words, true).await
    }

    async fn write(&self, name: &str, words: &Words<'_>, private: bool) -> anyhow::Result<()> {
        let published = self.0.clock.now();
        let post = self.0.memory.change(|all| {
            let number = all
                .posts
                .values()
                .filter(|post| post.by == words.by)
                .count()
                + 1;
            let new = || Post {
                by: words.by.to_owned(),
                number,
                html: paragraphs(words.text),
                language: words.language.map(str::to_owned),
                in_reply_to: words.in_reply_to.clone(),
                agency: words.agency.to_owned(),
                mentions: words
                    .answered
                    .iter()
                    .map(|handle| self.0.address.actor(handle))
                    .collect(),
                private,
                published,
                edited: None,
                deleted: None,
            };
            all.posts.entry(name.to_owned()).or_insert_with(new).clone()
        })?;
        let create = self
            .0
            .memory
            .look(|all| documents::create(&self.0.address, all, &post));
        self.post(&post.by, &post.agency, &create).await
    }

    /// Changes the words of a post and tells.
    pub(in crate::app::demo) async fn reword(&self, name: &str, text: &str) -> anyhow::Result<()> {
        let now = self.0.clock.now();
        let post = self.0.memory.change(|all| {
            let post = all.posts.get_mut(name)?;
            post.html = paragraphs(text);
            post.edited.get_or_insert(now);
            Some(post.clone())
        })?;
        let post = post.with_context(|| format!("nobody has written {name}"))?;
        let edited = post.edited.unwrap_or(now);
        let update = self
            .0
            .memory
            .look(|all| documents::update(&self.0.address, all, &post, edited));
        self.post(&post.by, &post.agency, &update).await
    }

    /// Deletes a post, and tells.
    pub(in crate::app::demo) async fn delete(&self, name: &str) -> anyhow::Result<()> {
        let now = self.0.clock.now();
        let post = self.0.memory.change(|all| {
            let post = all.posts.get_mut(name)?;
            post.html.clear();
            post.deleted.get_or_insert(now);
            Some(post.clone())
        })?;
        let post = post.with_context(|| format!("nobody has written {name}"))?;
        self.post(
            &post.by,
            &post.agency,
            &documents::delete(&self.0.address, &post),
        )
        .await
    }

    /// The id of a post and who wrote it.
    pub(in crate::app::demo) fn written(&self, name: &str) -> Option<(String, String)> {
        self.0.memory.look(|all| {
            let post = all.posts.get(name)?;
            Some((self.0.address.post(post), post.by.clone()))
        })
    }

    /// Signs an activity and brings it to the agency's inbox.
    async fn post(&self, by: &str, agency: &str, activity: &Value) -> anyhow::Result<()> {
        let known = self.0.memory.look(|all| all.agencies.get(agency).cloned());
        let inbox = known.context("this agency was never met")?.inbox;
        let (url, body) = (Url::parse(&inbox)?, serde_json::to_vec(activity)?);
        let dialect = CITIZENS
            .iter()
            .find(|citizen| citizen.handle == by)
            .map_or(Dialect::Cavage, |citizen| citizen.dialect);
        let outgoing = Outgoing {
            method: &Method::POST,
            url: &url,
            body: Some((BodyDigest::of(&body), ACTIVITY)),
        };
        let key_id = format!("{}#main-key", self.0.address.actor(by));
        let signed = signatures::sign(
            &outgoing,
            self.key(by)?,
            &key_id,
            dialect,
            self.0.clock.now(),
        )?;
        let mut request = Request::new(Method::POST, url.clone());
        request.headers_mut().extend(signed);
        request
            .headers_mut()
            .insert(header::ACCEPT, HeaderValue::from_static(ACTIVITY));
        *request.body_mut() = Some(body.into());
        let response = self.0.client.send(request).await?;
        let status = response.status();
        if !status.is_success() {
            let said = Client::read_at_most(response, 4096)
                .await
                .unwrap_or_default();
            bail!(
                "the agency's server answered {status}: {}",
                String::from_utf8_lossy(&said)
            );
        }
        Ok(())
    }
}

fn paragraphs(text: &str) -> String {
    maud::html! { @for paragraph in text.split("\n\n") { p { (paragraph) } } }.into_string()
}
