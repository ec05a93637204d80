//! A poll in the form of a draft, and as it will be seen.

use maud::{Markup, html};

use super::super::typed::Typed;
use crate::publishing::polls::{Ends, Question};
use crate::web::language;
use crate::web::words::console::Words;

/// How long a poll may run, in minutes: what Mastodon offers, and a month.
const TERMS: [u32; 8] = [5, 30, 60, 360, 1_440, 4_320, 10_080, 43_200];
const USUAL_TERM: u32 = 1_440;
/// Ends at the time that was set elsewhere.
const KEPT: &str = "kept";
/// More lines than a poll may have options, so that it is said that there are too many.
const MOST_LINES: usize = 20;

/// What a form asks: one option a line, and none is no poll.
pub(super) fn asked(typed: &Typed, before: Option<&Question>) -> Option<Question> {
    let lines = typed.get("options").lines().map(str::trim);
    let options: Vec<String> = lines
        .filter(|line| !line.is_empty())
        .take(MOST_LINES)
        .map(str::to_owned)
        .collect();
    if options.is_empty() {
        return None;
    }
    let ends = match (typed.get("term"), before) {
        (KEPT, Some(question)) => question.ends,
        (term, _) => Ends::After {
            minutes: term.parse().unwrap_or(USUAL_TERM),
        },
    };
    Some(Question {
        options,
        multiple: typed.has("several"),
        ends,
    })
}

/// The fields, folded away where nothing is asked.
pub(super) fn fields(words: Words, question: Option<&Question>, tag: &str) -> Markup {
    let options = question.map_or_else(String::new, |it| it.options.join("\n"));
    let term = match question.map(|it| it.ends) {
        Some(Ends::After { minutes }) => Some(minutes),
        Some(Ends::At(_)) => None,
        None => Some(USUAL_TERM),
    };
    let is_other = term.is_none_or(|minutes| !TERMS.contains(&minutes));
    html! {
        fieldset {
            legend { (words.say("poll-title")) }
            details open[question.is_some()] {
                summary { (words.say("poll-ask")) }
                div.field {
                    label for="options" { (words.say("poll-options")) }
                    p.hint #options-hint { (words.say("poll-options-hint")) }
                    textarea #options name="options" rows="4" lang=(tag) dir=(language::direction(tag)) aria-describedby="options-hint" { "\n" (options) }
                }
                div.choice {
                    input #several type="checkbox" name="several" value="yes" checked[question.is_some_and(|it| it.multiple)];
                    label for="several" { strong { (words.say("poll-several")) } }
                }
                div.field {
                    label for="term" { (words.say("poll-term")) }
                    select #term name="term" {
                        @if is_other && question.is_some() { option value=(KEPT) selected { (words.say("poll-term-kept")) } }
                        @for minutes in TERMS {
                            option value=(minutes) selected[term == Some(minutes)] { (lasting(words, minutes)) }
                        }
                    }
                }
                p.hint { (words.say("poll-note")) }
            }
        }
    }
}

/// The choices as readers see them.
pub(super) fn shown(words: Words, question: &Question) -> Markup {
    html! {
        ul.poll-choices aria-label=(words.say("poll-title")) {
            @for option in &question.options {
                li { span.poll-mark.several[question.multiple] aria-hidden="true" {} bdi { (option) } }
            }
        }
    }
}

/// So long, in the largest unit that fits.
fn lasting(words: Words, minutes: u32) -> String {
    let (key, count) = match minutes {
        it if it % 1_440 == 0 => ("poll-days", it / 1_440),
        it if it % 60 == 0 => ("poll-hours", it / 60),
        it => ("poll-minutes", it),
    };
    words.count(key, usize::try_from(count).unwrap_or(usize::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&str, &str)]) -> Typed {
        let owned = fields
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Typed::of(owned.collect())
    }

    #[test]
    fn one_option_a_line_and_none_is_no_poll() {
        assert_eq!(
            asked(&typed(&[("options", " \r\n "), ("term", "60")]), None),
            None
        );
        let question = asked(
            &typed(&[
                ("options", "Yes\r\n\r\n No "),
                ("term", "60"),
                ("several", "yes"),
            ]),
            None,
        )
        .unwrap();
        assert_eq!(question.options, ["Yes", "No"]);
        assert!(question.multiple);
        assert_eq!(question.ends, Ends::After { minutes: 60 });
    }

    #[test]
    fn an_end_that_was_set_elsewhere_stays() {
        let before = Question {
            options: vec![],
            multiple: false,
            ends: Ends::After { minutes: 777 },
        };
        let fields = typed(&[("options", "A\nB"), ("term", KEPT)]);
        assert_eq!(asked(&fields, Some(&before)).unwrap().ends, before.ends);
        assert!(fields_say(&before).contains("value=\"kept\" selected"));
    }

    fn fields_say(question: &Question) -> String {
        fields(Words::of("en"), Some(question), "en").into_string()
    }
}
