//! The house rules in sentences.

use maud::{Markup, html};

use super::super::pieces::{role_name, role_names};
use super::super::review::said;
use crate::agencies::staff::Role;
use crate::publishing::house::{HouseRules, Needing};
use crate::web::words::console::Words;

pub(super) fn all(words: Words, rules: &HouseRules) -> Markup {
    let comma = words.say("list-comma");
    let roles = |of: &std::collections::BTreeSet<Role>| {
        let roles: Vec<Role> = of.iter().copied().collect();
        role_names(words, &roles)
    };
    html! {
        dl.facts {
            dt { (words.say("rules-needs")) }
            dd {
                @match &rules.approval.of {
                    Needing::Nothing => (words.say("rules-nothing")),
                    Needing::Everything => (words.say("rules-everything")),
                    Needing::Only { kinds, hashtags } => {
                        @let kinds = kinds.iter().map(|kind| said::kind(words, *kind));
                        @let hashtags = hashtags.iter().map(|tag| format!("#{tag}"));
                        bdi { (kinds.chain(hashtags).collect::<Vec<_>>().join(&comma)) }
                    }
                }
            }
            @if rules.approval.of != Needing::Nothing {
                dt { (words.say("rules-by")) }
                dd { (words.count("rules-people", rules.approval.by.into())) }
                dt { (words.say("rules-approvers")) }
                dd { (roles(&rules.approval.approvers)) }
                @for (writer, approvers) in &rules.approval.of_writers {
                    dt { (words.say_with("rules-of-writer", "role", &role_name(words, *writer))) }
                    dd { (roles(approvers)) }
                }
            }
            dt { (words.say("rules-languages")) }
            dd { @if rules.languages.is_empty() { (words.say("rules-no-languages")) } @else { bdi { (rules.languages.join(&comma)) } } }
            dt { (words.say("rules-forbidden")) }
            @if rules.forbidden.is_empty() { dd { (words.say("rules-no-forbidden")) } }
            @for period in &rules.forbidden { dd { (said::period(words, period)) } }
            dt { (words.say("rules-alt")) }
            dd { (words.say("rules-alt-always")) }
            dt { (words.say("rules-reading")) }
            dd {
                @match rules.reading_index {
                    Some(index) => (words.say_with("rules-reading-above", "index", &index.to_string())),
                    None => (words.say("rules-no-reading")),
                }
            }
            dt { (words.say("rules-late")) }
            dd { (words.count("rules-minutes", usize::try_from(rules.late_minutes).unwrap_or(usize::MAX))) }
            dt { (words.say("queue-rules-answer")) }
            dd { (words.count("numbers-hours", usize::try_from(rules.answer_within_hours).unwrap_or(usize::MAX))) }
            dt { (words.say("rules-zone")) }
            dd { bdi { (rules.zone) } }
        }
    }
}
