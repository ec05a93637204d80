//! Pieces of forms and pages that the console uses in many places.

use maud::{Markup, html};

use super::troubles::Troubles;
use crate::agencies::staff::Role;
use crate::kernel::Timestamp;
use crate::web::words::console::Words;

/// A line of a form.
pub(super) struct Field<'a> {
    pub(super) name: &'a str,
    pub(super) label: String,
    pub(super) kind: &'a str,
    pub(super) value: &'a str,
    pub(super) hint: Option<String>,
    /// What a browser may fill in by itself (HTML, autofill).
    pub(super) autocomplete: &'a str,
    pub(super) required: bool,
    /// What is wrong with what was entered.
    pub(super) wrong: Option<String>,
    /// The `datalist` that offers something.
    pub(super) list: Option<&'a str>,
}

impl<'a> Field<'a> {
    pub(super) fn text(name: &'a str, label: String, value: &'a str) -> Self {
        Self {
            name,
            label,
            kind: "text",
            value,
            hint: None,
            autocomplete: "off",
            required: true,
            wrong: None,
            list: None,
        }
    }

    pub(super) fn email(name: &'a str, label: String, value: &'a str) -> Self {
        Self {
            kind: "email",
            autocomplete: "username",
            ..Self::text(name, label, value)
        }
    }

    /// A password that there is, or a new one; nothing that was entered is sent back.
    pub(super) fn password(name: &'a str, label: String, autocomplete: &'a str) -> Self {
        Self {
            kind: "password",
            autocomplete,
            ..Self::text(name, label, "")
        }
    }

    pub(super) fn hinted(self, hint: String) -> Self {
        Self {
            hint: Some(hint),
            ..self
        }
    }

    /// With what is wrong about it.
    pub(super) fn amiss(self, troubles: &Troubles) -> Self {
        Self {
            wrong: troubles.at(self.name),
            ..self
        }
    }

    /// That may be left empty.
    pub(super) fn optional(self) -> Self {
        Self {
            required: false,
            ..self
        }
    }

    pub(super) fn show(&self) -> Markup {
        let (hint, wrong) = (
            format!("{}-hint", self.name),
            format!("{}-wrong", self.name),
        );
        let described = match (&self.hint, &self.wrong) {
            (Some(_), Some(_)) => Some(format!("{hint} {wrong}")),
            (Some(_), None) => Some(hint.clone()),
            (None, Some(_)) => Some(wrong.clone()),
            (None, None) => None,
        };
        html! {
            div.field {
                label for=(self.name) { (self.label) }
                @if let Some(text) = &self.hint { p.hint id=(hint) { (text) } }
                input id=(self.name) name=(self.name) type=(self.kind) value=(self.value) autocomplete=(self.autocomplete)
                    list=[self.list] required[self.required] aria-describedby=[described] aria-invalid=[self.wrong.as_ref().map(|_| "true")];
                @if let Some(text) = &self.wrong { p.wrong id=(wrong) { (text) } }
            }
        }
    }
}

/// Roles, and what each of them does.
pub(super) fn role_list(words: Words, roles: &[Role]) -> Markup {
    html! {
        dl.roles {
            @for role in roles {
                dt { (role_name(words, *role)) }
                dd { (role_does(words, *role)) }
            }
        }
    }
}

pub(super) fn role_name(words: Words, role: Role) -> String {
    words.say(&format!("role-{role}"))
}

pub(super) fn role_does(words: Words, role: Role) -> String {
    words.say(&format!("role-{role}-does"))
}

/// Names of roles in one line.
pub(super) fn role_names(words: Words, roles: &[Role]) -> String {
    let names: Vec<String> = roles.iter().map(|role| role_name(words, *role)).collect();
    names.join(&words.say("list-comma"))
}

/// A box to tick for each role.
pub(super) fn role_boxes(words: Words, ticked: &[Role], troubles: &Troubles) -> Markup {
    let wrong = troubles.at("roles");
    html! {
        fieldset #roles tabindex="-1" aria-describedby=[wrong.as_ref().map(|_| "roles-wrong")] {
            legend { (words.say("roles")) }
            @if let Some(text) = &wrong { p.wrong #roles-wrong { (text) } }
            @for role in Role::ALL {
                div.check {
                    input id={ "role-" (role) } type="checkbox" name="role" value=(role) checked[ticked.contains(&role)];
                    label for={ "role-" (role) } {
                        strong { (role_name(words, role)) }
                        span.hint { (role_does(words, role)) }
                    }
                }
            }
        }
    }
}

/// A link that is told once.
pub(super) fn told_once(words: Words, url: &str, until: Timestamp) -> Markup {
    html! {
        div.done role="status" { p { (words.say("link-once")) } }
        p.secret dir="ltr" tabindex="0" aria-label=(words.say("link-itself")) { (url) }
        p.note { (words.say("link-until")) " " (moment(until)) }
    }
}

/// What went wrong, above a form.
pub(super) fn alarm(words: Words, sentence: &str) -> Markup {
    html! {
        div.alarm role="alert" { p { strong { (words.say("error-prefix")) } " " (sentence) } }
    }
}

/// What was done.
pub(super) fn done(sentence: &str) -> Markup {
    html! {
        div.done role="status" { p { (sentence) } }
    }
}

/// An instant in UTC, for people and for machines.
pub(super) fn moment(at: Timestamp) -> Markup {
    let text = at.to_jiff().strftime("%Y-%m-%d %H:%M UTC").to_string();
    html! { time datetime=(at.to_whole_second()) dir="ltr" { (text) } }
}
