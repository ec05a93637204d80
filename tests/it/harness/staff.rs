//! People who work for an agency, and what they write.

use std::sync::atomic::{AtomicI64, Ordering};

use actapub::agencies::staff::{self, Mandate, Role};
use actapub::kernel::{AgencyId, DraftId, PersonId};
use actapub::platform::db::Conn;
use actapub::publishing::drafts::{
    self, Content, Draft, Error, PartNumber, Press, Proposal, Saved, Saving,
};
use actapub::publishing::house::{self, HouseRules};

use super::TestServer;
use super::database::execute;

static NEXT: AtomicI64 = AtomicI64::new(1_000);

impl TestServer {
    /// Somebody new, with roles at an agency.
    pub(crate) async fn hire(&self, agency: AgencyId, roles: &[Role]) -> PersonId {
        let id = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut statements = vec![format!(
            "INSERT INTO people (id, name, email, language, created_at) VALUES ({id}, 'Person {id}', 'person{id}@water.example', 'en', 0)"
        )];
        for role in roles {
            statements.push(format!(
                "INSERT INTO staff_roles (agency_id, person_id, role, given_at) VALUES ({}, {id}, '{role}', 0)",
                agency.get()
            ));
        }
        self.execute(statements).await;
        PersonId::new(id)
    }

    /// Runs statements as they are.
    pub(crate) async fn execute(&self, statements: Vec<String>) {
        self.write(move |conn| {
            statements
                .iter()
                .try_for_each(|statement| execute(conn, statement))
        })
        .await;
    }

    /// They hold no role any more.
    pub(crate) async fn remove(&self, person: PersonId) {
        let statement = format!(
            "UPDATE people SET removed_at = 1 WHERE id = {}",
            person.get()
        );
        self.execute(vec![statement]).await;
    }

    /// In whose name they act now.
    pub(crate) async fn mandate(&self, agency: AgencyId, person: PersonId) -> Mandate {
        self.read(move |conn| staff::mandate(conn, agency, person))
            .await
            .expect("they hold a role")
    }

    /// Somebody new, and in whose name they act.
    pub(crate) async fn staff(&self, roles: &[Role]) -> Mandate {
        let person = self.hire(self.agency.id, roles).await;
        self.mandate(self.agency.id, person).await
    }

    /// From now on the agency works by these rules.
    pub(crate) async fn works_by(&self, rules: HouseRules) {
        let (clock, agency) = (self.clock.clone(), self.agency.id);
        self.write(move |conn| house::set(conn, clock.as_ref(), &Mandate::operator(agency), rules))
            .await;
    }

    /// Does something with drafts, in a transaction.
    pub(crate) async fn desk<T: Send + 'static>(
        &self,
        work: impl FnOnce(&mut Conn, &Press<'_>) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (site, limits) = (self.services.site.clone(), self.services.rules);
        self.services
            .db
            .write(move |conn| {
                let press = Press {
                    site: &site,
                    limits,
                    keys: None,
                };
                work(conn, &press)
            })
            .await
    }

    /// A draft with one part.
    pub(crate) async fn writes(&self, by: &Mandate, proposal: Proposal) -> Draft {
        let (clock, by) = (self.clock.clone(), by.clone());
        self.desk(move |conn, _| drafts::start(conn, clock.as_ref(), &by, vec![proposal]))
            .await
            .unwrap()
    }

    /// Writes the draft's first part anew, on top of what it says.
    pub(crate) async fn rewrites(&self, by: &Mandate, draft: DraftId, text: &str) -> Draft {
        self.rewrites_as(by, draft, says(text)).await
    }

    pub(crate) async fn rewrites_as(
        &self,
        by: &Mandate,
        draft: DraftId,
        proposal: Proposal,
    ) -> Draft {
        let (clock, by) = (self.clock.clone(), by.clone());
        self.desk(move |conn, _| {
            let seen = drafts::find(conn, &by, draft)?.parts[0].version;
            let saved = drafts::save(
                conn,
                clock.as_ref(),
                &by,
                draft,
                PartNumber::FIRST,
                seen,
                &proposal,
                Saving::ByHand,
            )?;
            assert!(matches!(saved, Saved::Merged { .. }), "{saved:?}");
            drafts::find(conn, &by, draft)
        })
        .await
        .unwrap()
    }

    pub(crate) async fn submits(&self, by: &Mandate, draft: DraftId) -> Result<Draft, Error> {
        let (clock, by) = (self.clock.clone(), by.clone());
        self.desk(move |conn, press| {
            let seen = drafts::find(conn, &by, draft)?.version;
            drafts::submit(conn, clock.as_ref(), press, &by, draft, seen)
        })
        .await
    }

    pub(crate) async fn approves(&self, by: &Mandate, draft: &Draft) -> Result<Draft, Error> {
        let (clock, by, id, seen) = (self.clock.clone(), by.clone(), draft.id, draft.version);
        self.desk(move |conn, _| drafts::approve(conn, clock.as_ref(), &by, id, seen))
            .await
    }

    /// Approved by `approver`, and scheduled for a time.
    pub(crate) async fn schedules(
        &self,
        by: &Mandate,
        draft: &Draft,
        at: &str,
    ) -> Result<Draft, Error> {
        let (clock, by, id, seen) = (self.clock.clone(), by.clone(), draft.id, draft.version);
        let when = at.parse().unwrap();
        self.desk(move |conn, press| {
            drafts::schedule(conn, clock.as_ref(), press, &by, id, seen, when)
        })
        .await
    }

    pub(crate) async fn publishes(
        &self,
        by: &Mandate,
        draft: &Draft,
    ) -> Result<Vec<drafts::Done>, Error> {
        let (clock, by, id, seen) = (self.clock.clone(), by.clone(), draft.id, draft.version);
        self.desk(move |conn, press| {
            drafts::publish_now(conn, clock.as_ref(), press, &by, id, seen)
        })
        .await
    }

    /// The draft as it stands.
    pub(crate) async fn stands(&self, draft: DraftId) -> Draft {
        let operator = Mandate::operator(self.agency.id);
        self.desk(move |conn, _| drafts::find(conn, &operator, draft))
            .await
            .unwrap()
    }
}

/// An announcement of so many words.
pub(crate) fn says(text: &str) -> Proposal {
    Proposal::Announcement {
        content: content(text),
        answering: None,
        pin: false,
        rest: vec![],
    }
}

/// An announcement of several posts.
pub(crate) fn says_in_posts(posts: &[&str]) -> Proposal {
    let mut posts = posts.iter().map(|text| content(text));
    Proposal::Announcement {
        content: posts.next().unwrap(),
        answering: None,
        pin: false,
        rest: posts.collect(),
    }
}

pub(crate) fn content(text: &str) -> Content {
    Content {
        markdown: text.to_owned(),
        language: "en".to_owned(),
        ..Content::default()
    }
}
