//! `actapub rules`: how an agency works, and what that is to be from now on.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use anyhow::bail;

use crate::agencies;
use crate::agencies::staff::{Mandate, Role};
use crate::kernel::{Handle, Zone};
use crate::platform::config::Sources;
use crate::platform::db::Conn;
use crate::publishing::drafts::Kind;
use crate::publishing::house::{self, HouseRules, Needing, Period};

use super::desk::{Desk, block_on};
use super::output;

#[derive(Debug, clap::Subcommand)]
pub(super) enum RulesCommand {
    /// Show the house rules of an agency
    #[command(after_help = "Example:\n  actapub rules show water --json")]
    Show {
        /// The agency, such as water
        handle: Handle,
        /// Print one JSON document
        #[arg(long)]
        json: bool,
    },
    /// Change the house rules of an agency; what is not named stays as it is, and the record has them all
    #[command(
        after_help = "Examples:\n  actapub rules set water --needs-approval everything --approvals 1\n  actapub rules set water --needs-approval withdrawal --needs-approval '#elections' --approvers approver,administrator\n  actapub rules set water --language en --language fr --zone America/Toronto --late 30\n  actapub rules set water --forbid '2027-10-01 00:00/2027-10-25 22:00=Election'"
    )]
    Set(Box<Set>),
}

#[derive(Debug, clap::Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct Set {
    /// The agency, such as water
    handle: Handle,
    /// What somebody else has to approve: nothing, everything, a kind of act (announcement, answer, edit, correction,
    /// withdrawal, pin, unpin, profile, keys) or a hashtag; may be repeated, and replaces all that there was
    #[arg(long = "needs-approval", value_name = "WHAT", value_parser = needs)]
    needs: Vec<Needs>,
    /// How many people have to approve it
    #[arg(long, value_name = "NUMBER")]
    approvals: Option<u8>,
    /// The roles that approve: approver, administrator, or both
    #[arg(long, value_name = "ROLES", value_delimiter = ',')]
    approvers: Vec<Role>,
    /// Whose approval the texts of a role need, such as approver=administrator; may be repeated, and replaces all that there were
    #[arg(long, value_name = "WRITER=ROLES", value_parser = who)]
    approver_for: Vec<(Role, BTreeSet<Role>)>,
    /// Whoever may approve may approve for everybody
    #[arg(long, conflicts_with = "approver_for")]
    no_approver_for: bool,
    /// A language (BCP 47) in which every announcement has to be; may be repeated, and replaces all that there were
    #[arg(long = "language", value_name = "TAG")]
    languages: Vec<String>,
    /// No language is required
    #[arg(long, conflicts_with = "languages")]
    no_languages: bool,
    /// A time in which nothing goes out, by the agency's clocks; may be repeated, and replaces all that there were
    #[arg(long = "forbid", value_name = "FROM/UNTIL=REASON", value_parser = period)]
    forbidden: Vec<Period>,
    /// There is no time in which nothing goes out
    #[arg(long, conflicts_with = "forbidden")]
    no_forbidden: bool,
    /// Above which index of readability (LIX) authors get a hint, such as 45
    #[arg(long, value_name = "INDEX")]
    reading_index: Option<u32>,
    /// No hints about readability
    #[arg(long, conflicts_with = "reading_index")]
    no_reading_index: bool,
    /// How many minutes after its time something may still go out
    #[arg(long, value_name = "MINUTES")]
    late: Option<u32>,
    /// How many hours a citizen waits at most for an answer
    #[arg(long, value_name = "HOURS")]
    answer_within: Option<u32>,
    /// The time zone of the agency, such as Europe/Zurich
    #[arg(long, value_name = "ZONE")]
    zone: Option<Zone>,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

/// One thing that needs approval.
#[derive(Debug, Clone)]
enum Needs {
    Nothing,
    Everything,
    Kind(Kind),
    Hashtag(String),
}

fn needs(text: &str) -> Result<Needs, String> {
    Ok(match text {
        "nothing" => Needs::Nothing,
        "everything" => Needs::Everything,
        _ if text.starts_with('#') => Needs::Hashtag(text.to_owned()),
        kind => Needs::Kind(kind.parse().map_err(|refused| {
            format!("{refused}; besides there are nothing, everything and hashtags, such as '#elections'")
        })?),
    })
}

fn who(text: &str) -> Result<(Role, BTreeSet<Role>), String> {
    let (writer, roles) = text
        .split_once('=')
        .ok_or("a role, an equals sign and roles are needed, such as approver=administrator")?;
    let role = |name: &str| name.trim().parse::<Role>().map_err(|it| it.to_string());
    let roles: Result<_, _> = roles.split(',').map(role).collect();
    Ok((role(writer)?, roles?))
}

fn period(text: &str) -> Result<Period, String> {
    let form = "a period is written as '2027-10-01 00:00/2027-10-25 22:00=Election'";
    let (times, reason) = text.split_once('=').ok_or(form)?;
    let (from, until) = times.split_once('/').ok_or(form)?;
    let time = |text: &str| {
        text.parse()
            .map_err(|it: crate::kernel::InvalidTime| it.to_string())
    };
    Ok(Period {
        from: time(from)?,
        until: time(until)?,
        reason: reason.to_owned(),
    })
}

impl Set {
    fn is_empty(&self) -> bool {
        self.needs.is_empty()
            && self.approvals.is_none()
            && self.approvers.is_empty()
            && self.approver_for.is_empty()
            && !self.no_approver_for
            && self.languages.is_empty()
            && !self.no_languages
            && self.forbidden.is_empty()
            && !self.no_forbidden
            && self.reading_index.is_none()
            && !self.no_reading_index
            && self.late.is_none()
            && self.answer_within.is_none()
            && self.zone.is_none()
    }

    /// The rules with what was named.
    fn apply(self, mut rules: HouseRules) -> anyhow::Result<HouseRules> {
        let approval = &mut rules.approval;
        if !self.needs.is_empty() {
            approval.of = needing(self.needs)?;
        }
        approval.by = self.approvals.unwrap_or(approval.by);
        if !self.approvers.is_empty() {
            approval.approvers = self.approvers.into_iter().collect();
        }
        if !self.approver_for.is_empty() || self.no_approver_for {
            approval.of_writers = self.approver_for.into_iter().collect::<BTreeMap<_, _>>();
        }
        if !self.languages.is_empty() || self.no_languages {
            rules.languages = self.languages;
        }
        if !self.forbidden.is_empty() || self.no_forbidden {
            rules.forbidden = self.forbidden;
        }
        if self.reading_index.is_some() || self.no_reading_index {
            rules.reading_index = self.reading_index;
        }
        rules.late_minutes = self.late.unwrap_or(rules.late_minutes);
        rules.answer_within_hours = self.answer_within.unwrap_or(rules.answer_within_hours);
        rules.zone = self.zone.unwrap_or(rules.zone);
        Ok(rules)
    }
}

fn needing(needs: Vec<Needs>) -> anyhow::Result<Needing> {
    let alone = needs.len() == 1;
    let (mut kinds, mut hashtags) = (BTreeSet::new(), BTreeSet::new());
    for one in needs {
        match one {
            Needs::Nothing if alone => return Ok(Needing::Nothing),
            Needs::Everything if alone => return Ok(Needing::Everything),
            Needs::Nothing | Needs::Everything => {
                bail!("nothing and everything leave no place for another --needs-approval")
            }
            Needs::Kind(kind) => drop(kinds.insert(kind)),
            Needs::Hashtag(tag) => drop(hashtags.insert(tag)),
        }
    }
    Ok(Needing::Only { kinds, hashtags })
}

pub(super) fn run(command: RulesCommand, sources: Sources) -> anyhow::Result<()> {
    block_on(async {
        let desk = Desk::open(sources).await?;
        match command {
            RulesCommand::Show { handle, json } => {
                let query = move |conn: &mut Conn| -> anyhow::Result<HouseRules> {
                    let agency = agencies::by_handle(conn, &handle)?;
                    Ok(house::rules(conn, agency.id)?)
                };
                present(&desk.db.read(query).await?, json)
            }
            RulesCommand::Set(asked) => {
                if asked.is_empty() {
                    bail!(
                        "nothing to change was named, such as --needs-approval (--help says more)"
                    );
                }
                let (clock, json) = (desk.clock, asked.json);
                let work = move |conn: &mut Conn| -> anyhow::Result<HouseRules> {
                    let agency = agencies::by_handle(conn, &asked.handle)?;
                    let rules = asked.apply(house::rules(conn, agency.id)?)?;
                    house::set(conn, &clock, &Mandate::operator(agency.id), rules)?;
                    Ok(house::rules(conn, agency.id)?)
                };
                present(&desk.db.write(work).await?, json)
            }
        }
    })
}

fn present(rules: &HouseRules, json: bool) -> anyhow::Result<()> {
    if json {
        return output::json(rules);
    }
    let approval = &rules.approval;
    let listed = |names: &mut dyn Iterator<Item = String>| {
        let names: Vec<String> = names.collect();
        if names.is_empty() {
            "-".to_owned()
        } else {
            names.join(", ")
        }
    };
    let named = |roles: &BTreeSet<Role>| listed(&mut roles.iter().map(ToString::to_string));
    let needs = match &approval.of {
        Needing::Nothing => "nothing".to_owned(),
        Needing::Everything => "everything".to_owned(),
        Needing::Only { kinds, hashtags } => {
            let kinds = kinds.iter().map(ToString::to_string);
            listed(&mut kinds.chain(hashtags.iter().map(|tag| format!("#{tag}"))))
        }
    };
    let index = rules
        .reading_index
        .map_or("-".to_owned(), |it| it.to_string());
    let languages = listed(&mut rules.languages.iter().cloned());
    let mut text = format!(
        "needs approval   {needs}\napprovals        {}\napprovers        {}\nlanguages        {languages}\nreading index    {index}\n\
         time zone        {}\nlate at most     {} min\n\
         answered within  {} h\n",
        approval.by,
        named(&approval.approvers),
        rules.zone,
        rules.late_minutes,
        rules.answer_within_hours,
    );
    for (writer, of) in &approval.of_writers {
        let _ = writeln!(text, "for texts of     {writer}: {}", named(of));
    }
    for period in &rules.forbidden {
        let _ = writeln!(
            text,
            "nothing goes out {} to {}: {}",
            period.from, period.until, period.reason
        );
    }
    output::text(&text)
}
