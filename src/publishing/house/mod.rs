//! The house rules: what an agency says of how it works. The server holds everybody to them, whichever way they come.

mod period;
pub mod reading;
mod store;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

pub use self::period::Period;
pub use self::store::{in_force, numbered, rules};

use super::drafts::Kind;
use crate::agencies;
use crate::agencies::staff::{Mandate, Refused, Right, Role, trail};
use crate::kernel::{Clock, PersonId, Timestamp, Zone};
use crate::platform::db::{self, Conn};
use crate::platform::journal::{self, Fact};
use crate::publishing::markdown::fold;

const MOST_APPROVALS: u8 = 5;
const MOST_PERIODS: usize = 50;
const MOST_LANGUAGES: usize = 24;
const MOST_HASHTAGS: usize = 100;
const LONGEST_REASON: usize = 500;
/// What is later than that is no news any more.
const LATEST: u32 = 24 * 60;
/// A year: who waits for longer waits for nothing.
const LONGEST_WAIT: u32 = 366 * 24;

/// How an agency works. Without any, one person publishes at once.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct HouseRules {
    pub approval: Approval,
    /// Languages (BCP 47) in which every announcement has to be there; answers are not meant.
    pub languages: Vec<String>,
    /// When nothing goes out but withdrawals, what is unpinned, and keys.
    pub forbidden: Vec<Period>,
    /// Above which index of readability authors get a hint ([`reading`]).
    pub reading_index: Option<u32>,
    /// How many minutes after its time something may still go out.
    pub late_minutes: u32,
    /// How many hours a citizen waits at most for an answer.
    pub answer_within_hours: u32,
    /// What clocks on the wall mean here.
    pub zone: Zone,
}

impl Default for HouseRules {
    fn default() -> Self {
        Self {
            approval: Approval::default(),
            languages: vec![],
            forbidden: vec![],
            reading_index: None,
            late_minutes: 15,
            answer_within_hours: 48,
            zone: Zone::UTC,
        }
    }
}

/// The rules by which an agency works now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InForce {
    /// Counts the rules of an agency from 1; 0 where none were set.
    pub number: i32,
    pub rules: HouseRules,
    pub set_at: Option<Timestamp>,
    /// None for the operator.
    pub set_by: Option<PersonId>,
}

/// What needs a second pair of eyes, and whose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Approval {
    pub of: Needing,
    /// How many people have to approve it, besides those who wrote it.
    pub by: u8,
    /// The roles that approve.
    pub approvers: BTreeSet<Role>,
    /// For what somebody of a role wrote: the roles of which an approver has to hold one as well.
    pub of_writers: BTreeMap<Role, BTreeSet<Role>>,
}

impl Default for Approval {
    fn default() -> Self {
        Self {
            of: Needing::Nothing,
            by: 1,
            approvers: BTreeSet::from([Role::Approver]),
            of_writers: BTreeMap::new(),
        }
    }
}

/// What needs approval.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needing {
    #[default]
    Nothing,
    Everything,
    /// Acts of these kinds, and whatever is about an announcement with one of these hashtags.
    Only {
        #[serde(default)]
        kinds: BTreeSet<Kind>,
        /// Folded, without `#`.
        #[serde(default)]
        hashtags: BTreeSet<String>,
    },
}

/// An act as the house rules see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    pub kind: Kind,
    /// Those of its text, and those of the announcement that it changes; folded.
    pub hashtags: Vec<String>,
}

/// Why rules were not set.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error(transparent)]
    Refused(#[from] Refused),
    #[error("1 to {MOST_APPROVALS} approvals can be asked for")]
    Approvals,
    #[error("only approvers and administrators can approve: name at least one of the two roles")]
    Approvers,
    #[error("`{0}` is no language tag (BCP 47), such as `en`, `fr-CA` or `ar`")]
    Language(String),
    #[error("`{0}` is no hashtag")]
    Hashtag(String),
    #[error(
        "a period in which nothing goes out ends after it begins, and has a reason of at most {LONGEST_REASON} characters"
    )]
    Period,
    #[error("what is more than {LATEST} minutes late cannot go out any more")]
    Late,
    #[error("an answer is to be given within 1 to {LONGEST_WAIT} hours")]
    AnswerWithin,
    #[error("somebody else has set the rules since you looked at them: look again")]
    Overtaken,
    #[error("at most {most} {what} can be named")]
    TooMany { what: &'static str, most: usize },
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Sets the rules of an agency, all at once; those before stay in the record. Returns their number.
pub fn set(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    rules: HouseRules,
) -> Result<i32, Error> {
    mandate.require(Right::SetHouseRules)?;
    let rules = rules.checked()?;
    let number = store::append(
        conn,
        mandate.agency(),
        mandate.person(),
        clock.now(),
        &rules,
    )?;
    journal::append(
        conn,
        clock,
        mandate.agency(),
        &Fact::HouseRulesSet { number },
    )?;
    let changed = trail::Act::HouseRulesChanged;
    trail::note(conn, clock, mandate, changed, trail::Subject::Agency)?;
    Ok(number)
}

/// Sets the rules, if those that are in force are still the ones of the number `seen`.
pub fn set_upon(
    conn: &mut Conn,
    clock: &dyn Clock,
    mandate: &Mandate,
    seen: i32,
    rules: HouseRules,
) -> Result<i32, Error> {
    mandate.require(Right::SetHouseRules)?;
    if in_force(conn, mandate.agency())?.number != seen {
        return Err(Error::Overtaken);
    }
    set(conn, clock, mandate, rules)
}

impl HouseRules {
    /// How many people have to approve an act; 0 if nobody has to.
    pub fn approvals(&self, matter: &Matter) -> u8 {
        let needs = match &self.approval.of {
            Needing::Nothing => false,
            Needing::Everything => true,
            Needing::Only { kinds, hashtags } => {
                kinds.contains(&matter.kind)
                    || matter.hashtags.iter().any(|tag| hashtags.contains(tag))
            }
        };
        if needs { self.approval.by } else { 0 }
    }

    /// Whether somebody with these roles may approve what people with those roles wrote.
    pub fn may_approve(&self, approver: &[Role], writers: &[Vec<Role>]) -> bool {
        let holds_one = |of: &BTreeSet<Role>| approver.iter().any(|role| of.contains(role));
        let suits = |writer: &Vec<Role>| {
            writer
                .iter()
                .filter_map(|role| self.approval.of_writers.get(role))
                .all(holds_one)
        };
        holds_one(&self.approval.approvers) && writers.iter().all(suits)
    }

    /// The period in which an instant lies, if nothing goes out then.
    pub fn forbidden_at(&self, at: Timestamp) -> Option<&Period> {
        self.forbidden
            .iter()
            .find(|period| period.contains(&self.zone, at))
    }

    /// The required languages that are not among `written`: `fr-CA` is there where `fr` is asked for.
    pub fn missing_languages<'a>(&'a self, written: &[&str]) -> Vec<&'a str> {
        let covers = |asked: &str, tag: &str| {
            tag.get(..asked.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(asked))
                && tag[asked.len()..].chars().next().is_none_or(|c| c == '-')
        };
        self.languages
            .iter()
            .map(String::as_str)
            .filter(|asked| !written.iter().any(|tag| covers(asked, tag)))
            .collect()
    }

    /// How late something may still go out.
    pub fn late(&self) -> Duration {
        Duration::from_secs(u64::from(self.late_minutes) * 60)
    }

    /// How long a citizen may wait for an answer.
    pub fn answer_within(&self) -> Duration {
        Duration::from_secs(u64::from(self.answer_within_hours) * 3600)
    }

    fn checked(mut self) -> Result<Self, Error> {
        let few = |count: usize, most: usize, what: &'static str| {
            if count > most {
                Err(Error::TooMany { what, most })
            } else {
                Ok(())
            }
        };
        few(self.forbidden.len(), MOST_PERIODS, "periods")?;
        few(self.languages.len(), MOST_LANGUAGES, "languages")?;
        if !(1..=MOST_APPROVALS).contains(&self.approval.by) {
            return Err(Error::Approvals);
        }
        let approves = |roles: &BTreeSet<Role>| {
            let can = |role: &Role| matches!(role, Role::Approver | Role::Administrator);
            !roles.is_empty() && roles.iter().all(can)
        };
        if !approves(&self.approval.approvers) || !self.approval.of_writers.values().all(approves) {
            return Err(Error::Approvers);
        }
        if let Needing::Only { hashtags, .. } = &mut self.approval.of {
            few(hashtags.len(), MOST_HASHTAGS, "hashtags")?;
            let folded = hashtags.iter().map(|written| {
                let tag = fold(written.trim().trim_start_matches('#'));
                if tag.is_empty() {
                    Err(Error::Hashtag(written.chars().take(64).collect()))
                } else {
                    Ok(tag)
                }
            });
            *hashtags = folded.collect::<Result<_, _>>()?;
        }
        for tag in &mut self.languages {
            *tag = agencies::language(tag).map_err(|_| Error::Language(tag.clone()))?;
        }
        for period in &mut self.forbidden {
            period.reason = period.reason.trim().to_owned();
            let length = period.reason.chars().count();
            if period.from >= period.until || !(1..=LONGEST_REASON).contains(&length) {
                return Err(Error::Period);
            }
        }
        if self.late_minutes > LATEST {
            return Err(Error::Late);
        }
        if !(1..=LONGEST_WAIT).contains(&self.answer_within_hours) {
            return Err(Error::AnswerWithin);
        }
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(of: Needing) -> HouseRules {
        HouseRules {
            approval: Approval {
                of,
                by: 2,
                ..Approval::default()
            },
            ..HouseRules::default()
        }
    }

    fn matter(kind: Kind, hashtags: &[&str]) -> Matter {
        Matter {
            kind,
            hashtags: hashtags.iter().map(|&tag| tag.to_owned()).collect(),
        }
    }

    #[test]
    fn what_needs_approval_is_named_by_kind_or_hashtag() {
        let only = Needing::Only {
            kinds: BTreeSet::from([Kind::Keys]),
            hashtags: BTreeSet::from(["Élections".to_owned(), "#tax".to_owned()]),
        };
        let only = rules(only).checked().unwrap();
        let cases = [
            (Kind::Keys, &[][..], 2),
            (Kind::Announcement, &[], 0),
            (Kind::Announcement, &["elections"], 2),
            (Kind::Withdrawal, &["tax"], 2),
            (Kind::Announcement, &["taxes"], 0),
        ];
        for (kind, hashtags, approvals) in cases {
            let matter = matter(kind, hashtags);
            assert_eq!(only.approvals(&matter), approvals, "{matter:?}");
            assert_eq!(rules(Needing::Everything).approvals(&matter), 2);
            assert_eq!(rules(Needing::Nothing).approvals(&matter), 0);
        }
    }

    #[test]
    fn who_approves_for_whom_is_a_rule() {
        let mut rules = HouseRules::default();
        assert!(rules.may_approve(&[Role::Approver], &[vec![Role::Author]]));
        for role in Role::ALL {
            assert_eq!(
                rules.may_approve(&[role], &[]),
                role == Role::Approver,
                "{role}"
            );
        }
        rules.approval.approvers = BTreeSet::from([Role::Approver, Role::Administrator]);
        assert!(rules.may_approve(&[Role::Administrator], &[vec![Role::Approver]]));
        // What approvers wrote themselves goes to administrators.
        rules.approval.of_writers =
            BTreeMap::from([(Role::Approver, BTreeSet::from([Role::Administrator]))]);
        let writers = [vec![Role::Author], vec![Role::Author, Role::Approver]];
        assert!(!rules.may_approve(&[Role::Approver], &writers));
        assert!(rules.may_approve(&[Role::Administrator], &writers));
        assert!(rules.may_approve(&[Role::Approver], &writers[..1]));
    }

    #[test]
    fn required_languages_are_met_by_their_regions() {
        let rules = HouseRules {
            languages: vec!["de".to_owned(), "fr".to_owned()],
            ..HouseRules::default()
        };
        assert_eq!(rules.missing_languages(&["fr-CA", "DE"]), [""; 0]);
        assert_eq!(rules.missing_languages(&["fro", "de-CH"]), ["fr"]);
        assert_eq!(rules.missing_languages(&[]), ["de", "fr"]);
    }

    #[test]
    fn rules_without_sense_are_refused() {
        let period = |from: &str, until: &str, reason: &str| Period {
            from: from.parse().unwrap(),
            until: until.parse().unwrap(),
            reason: reason.to_owned(),
        };
        let with = |change: &dyn Fn(&mut HouseRules)| {
            let mut rules = HouseRules::default();
            change(&mut rules);
            rules.checked().unwrap_err().to_string()
        };
        assert!(with(&|it| it.approval.by = 0).starts_with("1 to 5"));
        assert!(with(&|it| it.approval.by = 6).starts_with("1 to 5"));
        assert!(with(&|it| it.approval.approvers.clear()).contains("at least one"));
        assert!(
            with(&|it| {
                it.approval.approvers.insert(Role::Author);
            })
            .contains("only approvers")
        );
        assert!(with(&|it| it.languages = vec!["no language".to_owned()]).contains("no language"));
        assert!(with(&|it| it.late_minutes = 1_441).contains("1440"));
        assert!(with(&|it| it.answer_within_hours = 0).contains("within 1 to"));
        let (noon, night) = ("2026-01-01 12:00", "2026-01-01 22:00");
        for wrong in [
            period(night, noon, "x"),
            period(noon, noon, "x"),
            period(noon, night, " "),
        ] {
            assert!(with(&|it| it.forbidden = vec![wrong.clone()]).starts_with("a period"));
        }
        let tags = Needing::Only {
            kinds: BTreeSet::new(),
            hashtags: BTreeSet::from(["#".to_owned()]),
        };
        assert!(with(&|it| it.approval.of = tags.clone()).contains("no hashtag"));
    }

    #[test]
    fn stored_rules_that_lack_something_mean_what_they_meant() {
        assert_eq!(
            serde_json::from_str::<HouseRules>("{}").unwrap(),
            HouseRules::default()
        );
        let stored = r#"{"approval":{"of":"everything","by":2},"languages":["en"]}"#;
        let read: HouseRules = serde_json::from_str(stored).unwrap();
        assert_eq!((read.approval.by, read.late_minutes), (2, 15));
        let only = rules(Needing::Only {
            kinds: BTreeSet::from([Kind::Edit]),
            hashtags: BTreeSet::new(),
        });
        let json = serde_json::to_string(&only).unwrap();
        assert_eq!(serde_json::from_str::<HouseRules>(&json).unwrap(), only);
    }
}
