//! The further posts of an announcement in its form: without script, a button for each thing that is done with one saves
//! as well.

use std::collections::HashMap;

use maud::{Markup, html};

use super::super::pieces::Field;
use super::super::troubles::Troubles;
use super::super::typed::Typed;
use super::form::{self, Sheet};
use crate::publishing::drafts::{Content, Proposal};
use crate::publishing::{Image, MOST_POSTS, Mention};

/// What a button does to the posts besides saving. Posts are counted from 1, and the first is never removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Act {
    Add,
    Remove(usize),
    Up(usize),
}

impl Act {
    pub(super) fn asked(typed: &Typed) -> Option<Self> {
        let act = typed.get("do");
        let of = |name: &str| -> Option<usize> {
            let number: usize = act.strip_prefix(name)?.parse().ok()?;
            // The fields are named by where a post stood when the form was made.
            keys(typed)
                .iter()
                .position(|key| *key == number)
                .map(|at| at + 2)
        };
        match act {
            "add" => Some(Self::Add),
            _ => of("remove-")
                .map(Self::Remove)
                .or_else(|| of("up-").map(Self::Up)),
        }
    }

    /// What was done, as the next page says it, and where on it one goes on.
    pub(super) fn done(self, posts: usize) -> (&'static str, String) {
        match self {
            Self::Add => ("post-added", format!("#post-{posts}")),
            Self::Remove(_) => ("post-removed", "#writing".to_owned()),
            Self::Up(number) => (
                "post-moved",
                match number {
                    2 => "#writing".to_owned(),
                    _ => format!("#post-{}", number - 1),
                },
            ),
        }
    }
}

/// By which numbers the fields of further posts are named, in their order.
fn keys(typed: &Typed) -> Vec<usize> {
    let mut keys = vec![];
    for key in typed.all("post").filter_map(|key| key.parse().ok()) {
        if (2..=MOST_POSTS).contains(&key) && !keys.contains(&key) {
            keys.push(key);
        }
    }
    keys
}

/// How the names of the fields of further posts end, in their order.
pub(super) fn endings(typed: &Typed) -> Vec<String> {
    keys(typed).iter().map(|key| format!("-{key}")).collect()
}

/// What the form says in further posts.
pub(super) fn rest(
    typed: &Typed,
    before: &Proposal,
    head: &Content,
    known: &HashMap<String, Image>,
    troubles: &mut Troubles,
) -> Vec<Content> {
    // Whoever was found in one post is known in all: they may have been moved.
    let mentions = before.contents().into_iter().flat_map(|it| &it.mentions);
    let mentions: Vec<Mention> = mentions.cloned().collect();
    let post = |key: usize| {
        let ending = format!("-{key}");
        let get = |name: &str| typed.get(&format!("{name}{ending}"));
        Content {
            markdown: form::lines(get("text")),
            warning: Some(get("warning").trim().to_owned()).filter(|text| !text.is_empty()),
            language: head.language.clone(),
            mentions: mentions.clone(),
            images: form::images(typed, known, &ending, troubles),
            poll: None,
            article: None,
        }
    };
    keys(typed).into_iter().map(post).collect()
}

/// Does what a button asks; without one, posts at the end of which nothing is written are left out. Whether any was is told.
pub(super) fn arrange(proposal: &mut Proposal, act: Option<Act>) -> bool {
    let Proposal::Announcement {
        content,
        answering: None,
        rest,
        ..
    } = proposal
    else {
        return false;
    };
    match act {
        Some(Act::Add) => {
            if rest.len() + 1 < MOST_POSTS {
                rest.push(Content {
                    warning: content.warning.clone(),
                    language: content.language.clone(),
                    ..Content::default()
                });
            }
            false
        }
        Some(Act::Remove(number)) => {
            if (2..rest.len() + 2).contains(&number) {
                rest.remove(number - 2);
            }
            false
        }
        Some(Act::Up(2)) => {
            if let Some(second) = rest.first_mut() {
                std::mem::swap(content, second);
                // What is asked and what is said at length stand in the first, whichever that is.
                content.poll = second.poll.take();
                content.article = second.article.take();
            }
            false
        }
        Some(Act::Up(number)) => {
            if (3..rest.len() + 2).contains(&number) {
                rest.swap(number - 2, number - 3);
            }
            false
        }
        None => {
            let written = rest.iter().rposition(|post| !is_blank(post));
            let kept = written.map_or(0, |at| at + 1);
            let left_out = kept < rest.len();
            rest.truncate(kept);
            left_out
        }
    }
}

/// A warning alone is none: it was there when the post was added.
fn is_blank(post: &Content) -> bool {
    post.markdown.trim().is_empty() && post.images.is_empty() && post.poll.is_none()
}

/// The fields of the further posts, and the button that adds one.
pub(super) fn fields(sheet: &Sheet<'_>, head: &Content, rest: &[Content]) -> Markup {
    let words = sheet.words;
    html! {
        @for (number, post) in (2..).zip(rest) { (one(sheet, head, post, number)) }
        @if !rest.is_empty() { (pictures(sheet, head, rest.len() + 1)) }
        @if rest.len() + 1 < MOST_POSTS {
            div.actions {
                button.button.quiet type="submit" name="do" value="add" aria-describedby="posts-hint" { (words.say("post-add")) }
                p.hint #posts-hint { (words.say("post-add-hint")) }
            }
        }
    }
}

/// Where pictures are added to each of the posts. All words stand before the files, so that they are there whatever becomes
/// of these.
fn pictures(sheet: &Sheet<'_>, head: &Content, posts: usize) -> Markup {
    let words = sheet.words;
    let ending = |number: usize| match number {
        1 => String::new(),
        _ => format!("-{number}"),
    };
    html! {
        fieldset {
            legend { (words.say("post-pictures")) }
            @for number in 1..=posts { (sheet.new_alternative(&ending(number), &words.count("post-alt-new", number), &head.language)) }
            @for number in 1..=posts {
                @let wrong = sheet.troubles.at(&format!("picture{}", ending(number)));
                @if let Some(text) = &wrong { p.wrong { (text) } }
                (sheet.adding(&ending(number), &words.count("post-picture-add", number)))
            }
        }
    }
}

fn one(sheet: &Sheet<'_>, head: &Content, post: &Content, number: usize) -> Markup {
    let words = sheet.words;
    let ending = format!("-{number}");
    let (text, warning) = (format!("text{ending}"), format!("warning{ending}"));
    let title = words.count("post-number", number);
    let tag = &head.language;
    let warned = Field::text(
        &warning,
        words.say("draft-warning"),
        post.warning.as_deref().unwrap_or_default(),
    );
    let picture = Content {
        language: tag.clone(),
        ..post.clone()
    };
    html! {
        div.post-of-draft #{ "post" (ending) } role="group" aria-labelledby={ "post" (ending) "-title" } {
            input type="hidden" name="post" value=(number);
            h3 id={ "post" (ending) "-title" } { (title) }
            (sheet.area(&text, &words.say("draft-text"), &post.markdown, None, tag))
            (warned.optional().show())
            (sheet.pictures_of(&picture, &ending))
            div.actions {
                @for (act, key, class) in [("up", "post-up", "button quiet small"), ("remove", "post-remove", "button danger small")] {
                    button class=(class) type="submit" name="do" value={ (act) (ending) } { (words.say(key)) span.vh { " – " (title) } }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::publishing::articles::Manuscript;
    use crate::web::words::console::Words;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        let owned = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Typed::of(owned.collect())
    }

    fn series(posts: &[&str]) -> Proposal {
        let mut contents = posts.iter().map(|text| Content {
            markdown: (*text).to_owned(),
            language: "en".to_owned(),
            ..Content::default()
        });
        Proposal::Announcement {
            content: contents.next().unwrap(),
            answering: None,
            pin: false,
            rest: contents.collect(),
        }
    }

    fn arranged(posts: &[&str], act: Option<Act>) -> Vec<String> {
        let mut proposal = series(posts);
        arrange(&mut proposal, act);
        let contents = proposal.contents();
        contents.iter().map(|it| it.markdown.clone()).collect()
    }

    #[test]
    fn what_is_said_at_length_stays_with_the_first() {
        let long = Manuscript {
            title: "The plan".to_owned(),
            markdown: "Pipes.".to_owned(),
        };
        let mut proposal = series(&["a", "b"]);
        for content in proposal.contents_mut().into_iter().take(1) {
            content.article = Some(long.clone());
        }
        arrange(&mut proposal, Some(Act::Up(2)));
        let held: Vec<_> = proposal
            .contents()
            .iter()
            .map(|it| (it.markdown.clone(), it.article.clone()))
            .collect();
        assert_eq!(held, [("b".to_owned(), Some(long)), ("a".to_owned(), None)]);
    }

    #[test]
    fn buttons_add_remove_and_move() {
        let three = ["a", "b", "c"];
        assert_eq!(arranged(&three, Some(Act::Add)), ["a", "b", "c", ""]);
        assert_eq!(arranged(&three, Some(Act::Remove(2))), ["a", "c"]);
        assert_eq!(arranged(&three, Some(Act::Up(3))), ["a", "c", "b"]);
        assert_eq!(arranged(&three, Some(Act::Up(2))), ["b", "a", "c"]);
        for wrong in [
            Act::Remove(0),
            Act::Remove(1),
            Act::Remove(5),
            Act::Up(1),
            Act::Up(9),
        ] {
            assert_eq!(arranged(&three, Some(wrong)), three, "{wrong:?}");
        }
        let many = ["x"; MOST_POSTS];
        assert_eq!(arranged(&many, Some(Act::Add)).len(), MOST_POSTS);
        assert_eq!(arranged(&["a", "", "c", " ", ""], None), ["a", "", "c"]);
    }

    #[test]
    fn a_button_means_the_post_that_it_stood_at() {
        let form = |act| {
            typed(&[
                ("post", "2"),
                ("post", "4"),
                ("post", "4"),
                ("post", "99"),
                ("do", act),
            ])
        };
        assert_eq!(Act::asked(&form("remove-4")), Some(Act::Remove(3)));
        assert_eq!(Act::asked(&form("up-2")), Some(Act::Up(2)));
        assert_eq!(Act::asked(&form("add")), Some(Act::Add));
        for wrong in ["", "remove-3", "remove-99", "up-", "up-x", "publish"] {
            assert_eq!(Act::asked(&form(wrong)), None, "{wrong}");
        }
    }

    #[test]
    fn a_poll_stays_in_the_first_post() {
        let mut proposal = series(&["a", "b"]);
        if let Proposal::Announcement { content, .. } = &mut proposal {
            let asked = typed(&[("options", "1\n2"), ("term", "60")]);
            content.poll = super::super::poll::asked(&asked, None);
        }
        arrange(&mut proposal, Some(Act::Up(2)));
        let contents = proposal.contents();
        assert!(contents[0].poll.is_some() && contents[1].poll.is_none());
        assert_eq!(contents[0].markdown, "b");
    }

    #[test]
    fn further_posts_are_read_from_their_own_fields() {
        let form = typed(&[
            ("text", "a"),
            ("post", "3"),
            ("post", "2"),
            ("text-2", "b\r\nb"),
            ("warning-2", " w "),
            ("text-3", "c"),
        ]);
        let before = series(&["a"]);
        let head = before.contents()[0].clone();
        let mut troubles = Troubles::none(Words::of("en"));
        let rest = rest(&form, &before, &head, &HashMap::new(), &mut troubles);
        let read: Vec<_> = rest
            .iter()
            .map(|it| {
                (
                    it.markdown.as_str(),
                    it.warning.as_deref(),
                    it.language.as_str(),
                )
            })
            .collect();
        assert_eq!(read, [("c", None, "en"), ("b\nb", Some("w"), "en")]);
    }
}
