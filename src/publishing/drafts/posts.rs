//! How an announcement of several posts differs from what it was: which post was changed, moved, added or removed.

use std::collections::HashMap;

use super::{Content, Piece, Proposal, words};

/// What became of a post. Posts are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostDifference {
    /// Where it stood; none if it was added.
    pub before: Option<usize>,
    /// Where it stands; none if it was removed.
    pub after: Option<usize>,
    pub words: Vec<Piece>,
    /// Whether nothing about it is different but its place, pictures and all.
    pub is_same: bool,
}

/// Post by post, in the order in which they stand; nothing where there is one post only, or nothing stood before.
pub(super) fn compared(before: Option<&Proposal>, after: &Proposal) -> Vec<PostDifference> {
    let Some(before) = before else {
        return vec![];
    };
    if before.rest().is_empty() && after.rest().is_empty() {
        return vec![];
    }
    let (old, new) = (before.contents(), after.contents());
    let mut all: Vec<PostDifference> = vec![];
    let origins = origins(&old, &new);
    for (number, (post, origin)) in (1..).zip(new.iter().zip(&origins)) {
        let was = origin.and_then(|at| old.get(at));
        let text = was.map(|it| it.text()).unwrap_or_default();
        all.push(PostDifference {
            before: origin.map(|at| at + 1),
            after: Some(number),
            words: words(&text, &post.text()),
            is_same: was == Some(post),
        });
    }
    for (at, post) in old.iter().enumerate() {
        if !origins.contains(&Some(at)) {
            all.push(PostDifference {
                before: Some(at + 1),
                after: None,
                words: words(&post.text(), ""),
                is_same: false,
            });
        }
    }
    // What was removed is told of where it stood.
    all.sort_by_key(|it| (it.after.or(it.before), it.after.is_some()));
    all
}

/// Of each new post the old one that it was: the same wording wherever it stands, else the most similar, else the one in
/// its place.
fn origins(old: &[&Content], new: &[&Content]) -> Vec<Option<usize>> {
    let mut origins: Vec<Option<usize>> = vec![None; new.len()];
    let mut free: Vec<bool> = vec![true; old.len()];
    let mut settle = |choose: &dyn Fn(usize, usize) -> Option<usize>| {
        for (place, origin) in origins.iter_mut().enumerate() {
            if origin.is_some() {
                continue;
            }
            let candidates = (0..old.len()).filter(|at| free.get(*at) == Some(&true));
            let scored = candidates.filter_map(|at| Some((choose(place, at)?, place == at, at)));
            // Of equals the one in the same place, else the first.
            let best =
                scored.max_by_key(|(score, here, at)| (*score, *here, std::cmp::Reverse(*at)));
            if let Some((_, _, at)) = best {
                *origin = Some(at);
                if let Some(free) = free.get_mut(at) {
                    *free = false;
                }
            }
        }
    };
    settle(&|place, at| (new.get(place) == old.get(at)).then_some(1));
    settle(&|place, at| similar(old.get(at)?, new.get(place)?));
    settle(&|place, at| (place == at).then_some(1));
    origins
}

/// How many words in a hundred two posts have in common, if that is at least every second.
fn similar(old: &Content, new: &Content) -> Option<usize> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let (of_old, of_new) = (spoken(&old.markdown), spoken(&new.markdown));
    for word in &of_old {
        *counts.entry(word).or_default() += 1;
    }
    let mut common: usize = 0;
    for word in &of_new {
        if let Some(count) = counts.get_mut(word).filter(|count| **count > 0) {
            *count -= 1;
            common += 1;
        }
    }
    let share = (200 * common).checked_div(of_old.len() + of_new.len())?;
    (share >= 50).then_some(share)
}

fn spoken(text: &str) -> Vec<&str> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(posts: &[&str]) -> Proposal {
        let mut contents = posts.iter().map(|text| Content {
            markdown: (*text).to_owned(),
            ..Content::default()
        });
        Proposal::Announcement {
            content: contents.next().unwrap(),
            answering: None,
            pin: false,
            rest: contents.collect(),
        }
    }

    /// `2>3`: what stood second stands third; `~` if it was changed.
    fn shown(before: &[&str], after: &[&str]) -> Vec<String> {
        let place = |at: Option<usize>| at.map_or_else(|| "-".to_owned(), |at| at.to_string());
        compared(Some(&series(before)), &series(after))
            .iter()
            .map(|it| {
                let changed = if it.is_same { "" } else { "~" };
                format!("{}>{}{changed}", place(it.before), place(it.after))
            })
            .collect()
    }

    #[test]
    fn what_was_moved_added_removed_and_changed_is_told_apart() {
        let [one, two, three] = [
            "The pool opens.",
            "It is warm inside.",
            "Bring a towel along.",
        ];
        assert_eq!(shown(&[one, two], &[one, two]), ["1>1", "2>2"]);
        assert_eq!(
            shown(&[one, two, three], &[one, three, two]),
            ["1>1", "3>2", "2>3"]
        );
        assert_eq!(shown(&[one], &[one, two]), ["1>1", "->2~"]);
        assert_eq!(
            shown(&[one, two, three], &[one, three]),
            ["1>1", "2>-~", "3>2"]
        );
        assert_eq!(
            shown(&[one, two, three], &[one, three, "It is cold inside."]),
            ["1>1", "3>2", "2>3~"]
        );
        assert_eq!(
            shown(&[one, two], &[one, "Nothing of that."]),
            ["1>1", "2>2~"]
        );
        assert_eq!(shown(&[one, one, two], &[one, one]), ["1>1", "2>2", "3>-~"]);
        assert_eq!(
            shown(&[one], &[two]),
            [""; 0],
            "of one post nothing more is to be told"
        );
    }

    #[test]
    fn another_picture_is_a_change_although_no_word_is() {
        let (before, mut after) = (series(&["One.", "Two."]), series(&["One.", "Two."]));
        for content in after.contents_mut().into_iter().skip(1) {
            content.warning = Some(" ".to_owned());
        }
        let compared = compared(Some(&before), &after);
        assert!(compared[0].is_same && !compared[1].is_same, "{compared:?}");
        assert_eq!(compared[1].before, Some(2));
        assert_eq!(compared[1].words, [Piece::Same("Two.".to_owned())]);
    }
}
