//! The form of the house rules: what was typed into it, and what it says.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::super::pieces::{Field, role_name};
use super::super::review::said;
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use super::super::visit::AtAgency;
use crate::agencies::staff::Role;
use crate::kernel::{WallTime, Zone};
use crate::publishing::drafts::Kind;
use crate::publishing::house::{Error, HouseRules, InForce, Needing, Period};
use crate::web::words::console::Words;

/// The roles that can approve.
const APPROVERS: [Role; 2] = [Role::Approver, Role::Administrator];
/// Rows for further periods.
const EMPTY_ROWS: usize = 1;

/// The field that a mistake is about.
pub(super) const fn field(error: &Error) -> Option<&'static str> {
    match error {
        Error::Approvals => Some("by"),
        Error::Approvers => Some("approvers"),
        Error::Language(_) => Some("languages"),
        Error::Hashtag(_) => Some("hashtags"),
        Error::Period => Some("periods"),
        Error::Late => Some("late"),
        Error::AnswerWithin => Some("answer"),
        Error::Refused(_) | Error::Overtaken | Error::TooMany { .. } | Error::Db(_) => None,
    }
}

/// The rules that a form asks for; what it does not speak of stays as it is. What cannot be read is noted.
pub(super) fn read(typed: &Typed, now: HouseRules, troubles: &mut Troubles) -> HouseRules {
    let words = troubles.words();
    let mut rules = now;
    rules.approval.of = match typed.get("of") {
        "everything" => Needing::Everything,
        "only" => Needing::Only {
            kinds: typed
                .all("kind")
                .filter_map(|name| name.parse().ok())
                .collect(),
            hashtags: pieces(typed.get("hashtags")).collect(),
        },
        _ => Needing::Nothing,
    };
    rules.approval.by = typed.get("by").trim().parse().unwrap_or(0);
    rules.approval.approvers = roles(typed, "approver");
    rules.approval.of_writers = of_writers(typed);
    rules.languages = pieces(typed.get("languages")).collect();
    match typed.some("reading").map(str::parse) {
        None => rules.reading_index = None,
        Some(Ok(index)) => rules.reading_index = Some(index),
        Some(Err(_)) => troubles.about("reading", words.say("rules-wrong-number")),
    }
    match typed.get("late").trim().parse() {
        Ok(minutes) => rules.late_minutes = minutes,
        Err(_) => troubles.about("late", words.say("rules-wrong-late")),
    }
    match typed.some("answer").map(str::parse) {
        None => {}
        Some(Ok(hours)) => rules.answer_within_hours = hours,
        Some(Err(_)) => troubles.about("answer", words.say("queue-rules-wrong")),
    }
    match typed.get("zone").trim().parse() {
        Ok(zone) => rules.zone = zone,
        Err(_) => troubles.about("zone", words.say("rules-wrong-zone")),
    }
    match periods(typed) {
        Some(periods) => rules.forbidden = periods,
        None => troubles.about("periods", words.say("rules-wrong-period")),
    }
    rules
}

/// Words between commas or white space.
fn pieces(text: &str) -> impl Iterator<Item = String> {
    let pieces = text.split(|c: char| c.is_whitespace() || c == ',');
    pieces.filter(|it| !it.is_empty()).map(str::to_owned)
}

fn roles(typed: &Typed, name: &str) -> BTreeSet<Role> {
    let ticked = typed.all(name);
    ticked.filter_map(|role| role.parse().ok()).collect()
}

fn of_writers(typed: &Typed) -> BTreeMap<Role, BTreeSet<Role>> {
    Role::ALL
        .into_iter()
        .map(|writer| (writer, roles(typed, &format!("for-{writer}"))))
        .filter(|(_, approvers)| !approvers.is_empty())
        .collect()
}

/// A row of the form, as it was typed.
struct Row<'a> {
    from: &'a str,
    until: &'a str,
    reason: &'a str,
    is_removed: bool,
}

/// The rows in which something stands.
fn rows(typed: &Typed) -> Vec<Row<'_>> {
    let from = typed.all("from");
    let rest = typed.all("until").zip(typed.all("why"));
    let removed: BTreeSet<&str> = typed.all("remove").collect();
    from.zip(rest)
        .enumerate()
        .map(|(at, (from, (until, reason)))| Row {
            from: from.trim(),
            until: until.trim(),
            reason: reason.trim(),
            is_removed: removed.contains(at.to_string().as_str()),
        })
        .filter(|row| !(row.from.is_empty() && row.until.is_empty() && row.reason.is_empty()))
        .collect()
}

fn periods(typed: &Typed) -> Option<Vec<Period>> {
    let kept = rows(typed).into_iter().filter(|row| !row.is_removed);
    kept.map(|row| {
        Some(Period {
            from: row.from.parse().ok()?,
            until: row.until.parse().ok()?,
            reason: row.reason.to_owned(),
        })
    })
    .collect()
}

/// What the fields say, whether it was typed or stands in the rules.
struct Said {
    of: &'static str,
    kinds: BTreeSet<Kind>,
    hashtags: String,
    by: String,
    approvers: BTreeSet<Role>,
    of_writers: BTreeMap<Role, BTreeSet<Role>>,
    languages: String,
    reading: String,
    late: String,
    answer: String,
    zone: String,
    /// From, until, why, and whether it is to be removed.
    periods: Vec<(String, String, String, bool)>,
}

impl Said {
    fn by_rules(rules: &HouseRules) -> Self {
        let (of, kinds, hashtags) = match &rules.approval.of {
            Needing::Nothing => ("nothing", BTreeSet::new(), vec![]),
            Needing::Everything => ("everything", BTreeSet::new(), vec![]),
            Needing::Only { kinds, hashtags } => {
                let hashtags = hashtags.iter().map(|tag| format!("#{tag}"));
                ("only", kinds.clone(), hashtags.collect())
            }
        };
        let period = |it: &Period| {
            let form = WallTime::in_form;
            (form(it.from), form(it.until), it.reason.clone(), false)
        };
        Self {
            of,
            kinds,
            hashtags: hashtags.join(" "),
            by: rules.approval.by.to_string(),
            approvers: rules.approval.approvers.clone(),
            of_writers: rules.approval.of_writers.clone(),
            languages: rules.languages.join(" "),
            reading: rules
                .reading_index
                .map_or_else(String::new, |it| it.to_string()),
            late: rules.late_minutes.to_string(),
            answer: rules.answer_within_hours.to_string(),
            zone: rules.zone.to_string(),
            periods: rules.forbidden.iter().map(period).collect(),
        }
    }

    fn by_form(typed: &Typed) -> Self {
        let text = |name: &str| typed.get(name).to_owned();
        let period = |row: Row<'_>| {
            let text = str::to_owned;
            (
                text(row.from),
                text(row.until),
                text(row.reason),
                row.is_removed,
            )
        };
        Self {
            of: match typed.get("of") {
                "everything" => "everything",
                "only" => "only",
                _ => "nothing",
            },
            kinds: typed
                .all("kind")
                .filter_map(|name| name.parse().ok())
                .collect(),
            hashtags: text("hashtags"),
            by: text("by"),
            approvers: roles(typed, "approver"),
            of_writers: of_writers(typed),
            languages: text("languages"),
            reading: text("reading"),
            late: text("late"),
            answer: text("answer"),
            zone: text("zone"),
            periods: rows(typed).into_iter().map(period).collect(),
        }
    }
}

pub(super) fn form(
    at: &AtAgency,
    found: &InForce,
    typed: Option<&Typed>,
    troubles: &Troubles,
) -> Markup {
    let words = at.words();
    let said = typed.map_or_else(|| Said::by_rules(&found.rules), Said::by_form);
    html! {
        form method="post" action=(at.path("/rules")) {
            // Upon which rules these are: not upon those that somebody else sets meanwhile.
            input type="hidden" name="number" value=(found.number);
            (needing(words, &said, troubles))
            (approving(words, &said, troubles))
            (writing(words, &said, troubles))
            (time(words, &said, troubles))
            (forbidden(words, &said, troubles))
            div.actions { button.button type="submit" { (words.say("rules-set")) } }
            p.note { (words.say("rules-set-note")) }
        }
    }
}

/// A number that is typed.
fn number<'a>(name: &'a str, label: String, value: &'a str) -> Field<'a> {
    Field {
        kind: "number",
        ..Field::text(name, label, value)
    }
}

fn needing(words: Words, said: &Said, troubles: &Troubles) -> Markup {
    html! {
        fieldset {
            legend { (words.say("rules-needs")) }
            @for of in ["nothing", "everything", "only"] {
                div.choice {
                    input id={ "of-" (of) } type="radio" name="of" value=(of) checked[said.of == of];
                    label for={ "of-" (of) } { (words.say(&format!("rules-{of}"))) }
                }
            }
            fieldset {
                legend { (words.say("rules-kinds")) }
                @for kind in Kind::ALL {
                    div.choice {
                        input id={ "kind-" (kind) } type="checkbox" name="kind" value=(kind) checked[said.kinds.contains(&kind)];
                        label for={ "kind-" (kind) } { (said::kind(words, kind)) }
                    }
                }
            }
            (Field::text("hashtags", words.say("rules-hashtags"), &said.hashtags).optional()
                .hinted(words.say("rules-hashtags-hint")).amiss(troubles).show())
        }
    }
}

fn approving(words: Words, said: &Said, troubles: &Troubles) -> Markup {
    let wrong = troubles.at("approvers");
    let box_of = |name: &str, role: Role, ticked: bool, label: &str| {
        html! {
            div.choice {
                input id={ (name) "-" (role) } type="checkbox" name=(name) value=(role) checked[ticked];
                label for={ (name) "-" (role) } { (label) }
            }
        }
    };
    html! {
        fieldset #approvers tabindex="-1" aria-describedby=[wrong.as_ref().map(|_| "approvers-wrong")] {
            legend { (words.say("rules-approving")) }
            (number("by", words.say("rules-by"), &said.by).hinted(words.say("rules-by-hint")).amiss(troubles).show())
            fieldset {
                legend { (words.say("rules-approvers")) }
                @if let Some(text) = &wrong { p.wrong #approvers-wrong { (text) } }
                @for role in APPROVERS {
                    (box_of("approver", role, said.approvers.contains(&role), &role_name(words, role)))
                }
            }
            details open[!said.of_writers.is_empty()] {
                summary { (words.say("rules-of-writers")) }
                p.hint { (words.say("rules-of-writers-hint")) }
                @for writer in Role::ALL {
                    @let ticked = said.of_writers.get(&writer);
                    fieldset {
                        legend { (words.say_with("rules-of-writer", "role", &role_name(words, writer))) }
                        @for role in APPROVERS {
                            (box_of(&format!("for-{writer}"), role, ticked.is_some_and(|it| it.contains(&role)), &role_name(words, role)))
                        }
                    }
                }
            }
        }
    }
}

fn writing(words: Words, said: &Said, troubles: &Troubles) -> Markup {
    html! {
        fieldset {
            legend { (words.say("rules-writing")) }
            (Field::text("languages", words.say("rules-languages"), &said.languages).optional()
                .hinted(words.say("rules-languages-hint")).amiss(troubles).show())
            (number("reading", words.say("rules-reading"), &said.reading).optional()
                .hinted(words.say("rules-reading-hint")).amiss(troubles).show())
            p { strong { (words.say("rules-alt")) } " " (words.say("rules-alt-always")) }
        }
    }
}

fn time(words: Words, said: &Said, troubles: &Troubles) -> Markup {
    html! {
        fieldset {
            legend { (words.say("rules-time")) }
            (Field { list: Some("zones"), ..Field::text("zone", words.say("rules-zone"), &said.zone) }
                .hinted(words.say("rules-zone-hint")).amiss(troubles).show())
            datalist #zones { @for name in Zone::names() { option value=(name) {} } }
            (number("late", words.say("rules-late"), &said.late).hinted(words.say("rules-late-hint")).amiss(troubles).show())
            (number("answer", words.say("queue-rules-answer"), &said.answer).hinted(words.say("queue-rules-answer-hint")).amiss(troubles).show())
        }
    }
}

fn forbidden(words: Words, said: &Said, troubles: &Troubles) -> Markup {
    let wrong = troubles.at("periods");
    let none = (String::new(), String::new(), String::new(), false);
    let rows = said
        .periods
        .iter()
        .chain(std::iter::repeat_n(&none, EMPTY_ROWS));
    html! {
        fieldset #periods tabindex="-1" aria-describedby=[wrong.as_ref().map(|_| "periods-wrong")] {
            legend { (words.say("rules-forbidden")) }
            p.hint { (words.say("rules-forbidden-hint")) }
            @if let Some(text) = &wrong { p.wrong #periods-wrong { (text) } }
            @for (row, (from, until, reason, is_removed)) in rows.enumerate() {
                @let is_new = row >= said.periods.len();
                fieldset.period {
                    legend { @if is_new { (words.say("rules-period-new")) } @else { (words.count("rules-period", row + 1)) } }
                    (cell(words, row, "from", "datetime-local", from))
                    (cell(words, row, "until", "datetime-local", until))
                    (cell(words, row, "why", "text", reason))
                    @if !is_new {
                        div.choice {
                            input id={ "remove-" (row) } type="checkbox" name="remove" value=(row) checked[*is_removed];
                            label for={ "remove-" (row) } { (words.say("rules-period-remove")) }
                        }
                    }
                }
            }
        }
    }
}

/// A field of a row: fields of a name stand in the order of the rows.
fn cell(words: Words, row: usize, name: &str, kind: &str, value: &str) -> Markup {
    html! {
        div.field {
            label for={ (name) "-" (row) } { (words.say(&format!("rules-period-{name}"))) }
            input id={ (name) "-" (row) } name=(name) type=(kind) value=(value) autocomplete="off";
        }
    }
}
