//! The form about one part of a draft: what stands in it, and what somebody made of it.

use std::collections::HashMap;

use maud::{Markup, html};

use super::super::pieces::Field;
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use super::refused::about_picture;
use super::{article, poll, posts, preview};
use crate::agencies::{self, Link};
use crate::kernel::Site;
use crate::publishing::drafts::{Content, Profile, Proposal};
use crate::publishing::{Image, pictures};
use crate::web::language;
use crate::web::words::console::Words;

/// What a form says, put in the place of what the part said `before`. Pictures are known by their digests; of one that
/// was never in this draft nothing is believed. What is not fit is noted, and kept as far as it can be.
pub(super) fn proposal(
    typed: &Typed,
    before: &Proposal,
    known: &HashMap<String, Image>,
    troubles: &mut Troubles,
) -> Proposal {
    let mut said = |before: &Content| content(typed, before, known, troubles);
    match before {
        Proposal::Announcement {
            content, answering, ..
        } => {
            let head = Content {
                poll: poll::asked(typed, content.poll.as_ref()),
                ..said(content)
            };
            let rest = match answering {
                // An answer is one post.
                Some(_) => vec![],
                None => posts::rest(typed, before, &head, known, troubles),
            };
            Proposal::Announcement {
                content: head,
                answering: answering.clone(),
                pin: answering.is_none() && typed.has("pin"),
                rest,
            }
        }
        Proposal::Edit {
            announcement,
            revision,
            content,
        } => Proposal::Edit {
            announcement: *announcement,
            revision: *revision,
            content: said(content),
        },
        Proposal::Correction {
            announcement,
            revision,
            content,
            notice,
        } => {
            let content = said(content);
            Proposal::Correction {
                announcement: *announcement,
                revision: *revision,
                notice: Content {
                    markdown: lines(typed.get("notice")),
                    language: content.language.clone(),
                    ..notice.clone()
                },
                content,
            }
        }
        Proposal::Withdrawal { announcement, .. } => Proposal::Withdrawal {
            announcement: *announcement,
            reason: lines(typed.get("reason")),
        },
        Proposal::PrivateAnswer {
            message,
            to,
            content,
        } => Proposal::PrivateAnswer {
            message: *message,
            to: to.clone(),
            content: said(content),
        },
        Proposal::AnswerWithdrawal {
            message, answer, ..
        } => Proposal::AnswerWithdrawal {
            message: *message,
            answer: *answer,
            reason: lines(typed.get("reason")),
        },
        Proposal::Profile(profile) => {
            Proposal::Profile(Box::new(self::profile(typed, profile, troubles)))
        }
        Proposal::Pin { .. } | Proposal::Unpin { .. } | Proposal::Keys => before.clone(),
    }
}

fn content(
    typed: &Typed,
    before: &Content,
    known: &HashMap<String, Image>,
    troubles: &mut Troubles,
) -> Content {
    let language = typed.get("language").trim();
    // Fit to be published as it is; the draft keeps whatever was written.
    let tag = agencies::language(language);
    if let Err(error) = &tag {
        let sentence = super::super::refusal::about_agency(error, troubles.words());
        troubles.about("language", sentence);
    }
    Content {
        images: images(typed, known, "", troubles),
        markdown: lines(typed.get("text")),
        warning: typed.some("warning").map(str::to_owned),
        language: tag.unwrap_or_else(|_| language.to_owned()),
        mentions: before.mentions.clone(),
        // What an announcement asks is read with it; a change leaves it as it is.
        poll: before.poll.clone(),
        article: article::written(typed, before.article.as_ref()),
    }
}

/// The pictures of a post, whose fields' names end so.
pub(super) fn images(
    typed: &Typed,
    known: &HashMap<String, Image>,
    ending: &str,
    troubles: &mut Troubles,
) -> Vec<Image> {
    typed
        .all(&format!("image{ending}"))
        .filter(|digest| !typed.has(&format!("remove-{digest}{ending}")))
        .filter_map(|digest| known.get(digest))
        .map(|image| described(typed, image, ending, troubles))
        .collect()
}

/// A picture with what was typed about it.
fn described(typed: &Typed, image: &Image, ending: &str, troubles: &mut Troubles) -> Image {
    let digest = &image.digest;
    let words = troubles.words();
    let alt = typed.get(&format!("alt-{digest}{ending}"));
    let alt = lines(alt).trim().to_owned();
    if !alt.is_empty()
        && let Err(error) = pictures::description(&alt)
    {
        troubles.about(format!("pictures{ending}"), about_picture(&error, words));
    }
    let number = |axis: &str| match typed.some(&format!("focus-{axis}-{digest}{ending}")) {
        None => Some(0.0),
        Some(text) => text.replace(',', ".").parse::<f64>().ok(),
    };
    let place = number("x").zip(number("y"));
    let focus = place.map(|(x, y)| pictures::focus(x, y));
    let focus = match focus {
        Some(Ok((0.0, 0.0))) => None,
        Some(Ok(place)) => Some(place),
        Some(Err(_)) | None => {
            let sentence = words.say("draft-picture-focus");
            troubles.about(format!("pictures{ending}"), sentence);
            image.focus
        }
    };
    Image {
        alt,
        focus,
        ..image.clone()
    }
}

fn profile(typed: &Typed, before: &Profile, troubles: &mut Troubles) -> Profile {
    let mut links = vec![];
    for line in typed
        .get("links")
        .lines()
        .filter(|it| !it.trim().is_empty())
    {
        links.extend(troubles.sift(Link::parse(line)));
    }
    Profile {
        name: Some(typed.get("name").trim().to_owned()),
        summary: Some(lines(typed.get("summary"))),
        links: Some(links),
        ..before.clone()
    }
}

/// A text with its line breaks as we keep them; forms send others.
pub(super) fn lines(text: &str) -> String {
    text.replace("\r\n", "\n")
}

/// What the enter key presses in a line of the form, although other buttons come first.
pub(super) fn usual_button(words: Words) -> Markup {
    html! { button.vh type="submit" tabindex="-1" aria-hidden="true" { (words.say("draft-save")) } }
}

/// What the fields are filled with, and what is offered beside them.
pub(super) struct Sheet<'a> {
    pub(super) words: Words,
    pub(super) site: &'a Site,
    pub(super) proposal: &'a Proposal,
    /// What was typed, where it cannot be seen from the proposal.
    pub(super) typed: Option<&'a Typed>,
    pub(super) troubles: &'a Troubles,
    /// Offered as the language.
    pub(super) languages: &'a [String],
}

impl Sheet<'_> {
    /// The fields of the part's kind.
    pub(super) fn fields(&self) -> Markup {
        match self.proposal {
            Proposal::Announcement {
                content,
                answering,
                pin,
                rest,
            } => html! {
                (self.writing(content))
                (article::fields(self.words, content, self.troubles))
                @if answering.is_none() { (self.pin(*pin)) }
                @if rest.is_empty() { (self.pictures(content)) } @else { (self.pictures_of(content, "")) }
                (poll::fields(self.words, content.poll.as_ref(), &content.language))
                @if answering.is_none() { (posts::fields(self, content, rest)) }
            },
            Proposal::Edit { content, .. } => html! {
                (self.writing(content))
                (article::fields(self.words, content, self.troubles))
                (self.pictures(content))
            },
            Proposal::Correction {
                content, notice, ..
            } => html! {
                (self.writing(content))
                (article::fields(self.words, content, self.troubles))
                (self.area("notice", &self.words.say("draft-notice"), &notice.markdown, Some(&self.words.say("draft-notice-hint")), &content.language))
                (self.pictures(content))
            },
            Proposal::Withdrawal { reason, .. } => self.area(
                "reason",
                &self.words.say("draft-reason"),
                reason,
                Some(&self.words.say("draft-reason-hint")),
                "",
            ),
            Proposal::PrivateAnswer { to, content, .. } => html! {
                p.note { (self.words.say("private-form-lead")) " " span.acct dir="ltr" { "@" (to.acct) } }
                (self.writing(content))
            },
            Proposal::AnswerWithdrawal { reason, .. } => self.area(
                "reason",
                &self.words.say("draft-reason"),
                reason,
                Some(&self.words.say("private-reason-hint")),
                "",
            ),
            Proposal::Profile(profile) => self.profile(profile),
            Proposal::Pin { .. } => html! { p { (self.words.say("draft-pin-lead")) } },
            Proposal::Unpin { .. } => html! { p { (self.words.say("draft-unpin-lead")) } },
            Proposal::Keys => html! { p { (self.words.say("draft-keys-lead")) } },
        }
    }

    fn writing(&self, content: &Content) -> Markup {
        let words = self.words;
        let language = Field {
            list: Some("languages"),
            ..Field::text("language", words.say("draft-language"), &content.language)
        };
        html! {
            (self.area("text", &words.say("draft-text"), &content.markdown, Some(&words.say("draft-text-hint")), &content.language))
            div.pair {
                (language.hinted(words.say("draft-language-hint")).amiss(self.troubles).show())
                datalist #languages { @for tag in self.languages { option value=(tag) {} } }
                (Field::text("warning", words.say("draft-warning"), content.warning.as_deref().unwrap_or_default())
                    .optional().hinted(words.say("draft-warning-hint")).amiss(self.troubles).show())
            }
        }
    }

    fn pin(&self, pin: bool) -> Markup {
        html! {
            div.choice {
                input #pin type="checkbox" name="pin" value="yes" checked[pin];
                label for="pin" {
                    strong { (self.words.say("draft-pin")) }
                    span.hint { (self.words.say("draft-pin-hint")) }
                }
            }
        }
    }

    pub(super) fn area(
        &self,
        name: &str,
        label: &str,
        value: &str,
        hint: Option<&str>,
        tag: &str,
    ) -> Markup {
        let wrong = self.troubles.at(name);
        let described = match (&hint, &wrong) {
            (Some(_), Some(_)) => Some(format!("{name}-hint {name}-wrong")),
            (Some(_), None) => Some(format!("{name}-hint")),
            (None, Some(_)) => Some(format!("{name}-wrong")),
            (None, None) => None,
        };
        let tag = Some(tag).filter(|tag| !tag.is_empty());
        let rows = match name {
            "text" => 12,
            _ if name.starts_with("text-") => 8,
            _ => 4,
        };
        html! {
            div.field {
                label for=(name) { (label) }
                @if let Some(text) = hint { p.hint id={ (name) "-hint" } { (text) } }
                textarea id=(name) name=(name) rows=(rows) lang=[tag] dir=[tag.map(language::direction)] aria-describedby=[described]
                    aria-invalid=[wrong.as_ref().map(|_| "true")] { "\n" (value) }
                @if let Some(text) = &wrong { p.wrong id={ (name) "-wrong" } { (text) } }
            }
        }
    }

    /// The pictures of the one text that there is, and where one is added.
    fn pictures(&self, content: &Content) -> Markup {
        let words = self.words;
        let wrong = self
            .troubles
            .at("pictures")
            .or_else(|| self.troubles.at("picture"));
        html! {
            fieldset #pictures tabindex="-1" aria-describedby=[wrong.as_ref().map(|_| "pictures-wrong")] {
                legend { (words.say("draft-pictures")) }
                @if let Some(text) = &wrong { p.wrong #pictures-wrong { (text) } }
                @for (n, image) in content.images.iter().enumerate() { (self.picture(n + 1, image, &content.language, "")) }
                (self.adding("", &words.say("draft-picture-add")))
                (self.new_alternative("", &words.say("draft-alt-new"), &content.language))
            }
        }
    }

    /// Those of one post of several, whose fields' names end so.
    pub(super) fn pictures_of(&self, content: &Content, ending: &str) -> Markup {
        let name = format!("pictures{ending}");
        let wrong = self.troubles.at(&name);
        let described = wrong.as_ref().map(|_| format!("{name}-wrong"));
        html! {
            @if !content.images.is_empty() {
                fieldset id=(name) tabindex="-1" aria-describedby=[described] {
                    legend { (self.words.say("draft-pictures")) }
                    @if let Some(text) = &wrong { p.wrong id={ (name) "-wrong" } { (text) } }
                    @for (n, image) in content.images.iter().enumerate() { (self.picture(n + 1, image, &content.language, ending)) }
                }
            }
        }
    }

    /// Where files are chosen.
    pub(super) fn adding(&self, ending: &str, label: &str) -> Markup {
        let (words, name) = (self.words, format!("picture{ending}"));
        html! {
            div.field.drop-here {
                label for=(name) { (label) }
                p.hint id={ (name) "-hint" } { (words.say("draft-picture-hint")) }
                input id=(name) type="file" name=(name) multiple accept="image/jpeg,image/png,image/gif,image/webp"
                    aria-describedby={ (name) "-hint" };
                progress max="100" value="0" hidden aria-label=(words.say("draft-progress")) {}
            }
        }
    }

    /// What is to be seen in the picture that is added.
    pub(super) fn new_alternative(&self, ending: &str, label: &str, tag: &str) -> Markup {
        let name = format!("alt{ending}");
        let typed = self.typed.map(|it| it.get(&name)).unwrap_or_default();
        self.area(&name, label, typed, None, tag)
    }

    fn picture(&self, n: usize, image: &Image, tag: &str, ending: &str) -> Markup {
        let (words, digest) = (self.words, &image.digest);
        let (alt, remove) = (
            format!("alt-{digest}{ending}"),
            format!("remove-{digest}{ending}"),
        );
        let missing = image.alt.trim().is_empty();
        let (x, y) = image.focus.unwrap_or_default();
        let place = |axis: &str, value: f64| {
            let name = format!("focus-{axis}-{digest}{ending}");
            let typed = self
                .typed
                .filter(|it| it.has(&name))
                .map(|it| it.get(&name).to_owned());
            let value = typed.unwrap_or_else(|| value.to_string());
            let label = words.say(if axis == "x" {
                "draft-focus-x"
            } else {
                "draft-focus-y"
            });
            html! {
                div.field {
                    label for=(name) { (label) }
                    input.short id=(name) name=(name) type="number" min="-1" max="1" step="any" value=(value) data-focus=(axis);
                }
            }
        };
        html! {
            div.picture role="group" aria-label=(words.count("draft-picture-number", n)) {
                input type="hidden" name={ "image" (ending) } value=(digest);
                (preview::picture(self.site, image))
                div.picture-fields {
                    div.field {
                        label for=(alt) { (words.say("draft-alt")) }
                        textarea id=(alt) name=(alt) rows="3" lang=(tag) dir=(language::direction(tag))
                            aria-describedby=[missing.then(|| format!("{alt}-wrong"))] aria-invalid=[missing.then_some("true")] { "\n" (image.alt) }
                        @if missing { p.wrong id={ (alt) "-wrong" } { (words.say("draft-error-missing-alt")) } }
                    }
                    details {
                        summary { (words.say("draft-focus")) }
                        p.hint { (words.say("draft-focus-hint")) }
                        div.pair { (place("x", x)) (place("y", y)) }
                    }
                    div.choice {
                        input id=(remove) type="checkbox" name=(remove) value="yes";
                        label for=(remove) { (words.say("draft-picture-remove")) }
                    }
                }
            }
        }
    }

    fn profile(&self, profile: &Profile) -> Markup {
        let words = self.words;
        let links = profile.links.iter().flatten();
        let links: Vec<String> = links.map(|it| format!("{}={}", it.label, it.url)).collect();
        let typed = self
            .typed
            .filter(|it| it.has("links"))
            .map(|it| it.get("links"));
        let links = typed.map_or_else(|| links.join("\n"), str::to_owned);
        html! {
            (Field::text("name", words.say("draft-profile-name"), profile.name.as_deref().unwrap_or_default()).amiss(self.troubles).show())
            (self.area("summary", &words.say("draft-profile-summary"), profile.summary.as_deref().unwrap_or_default(), None, ""))
            (self.area("links", &words.say("draft-profile-links"), &links, Some(&words.say("draft-profile-links-hint")), ""))
        }
    }
}
