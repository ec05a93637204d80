//! A private conversation: what somebody wrote, what was answered, and what came back.

use maud::{Markup, PreEscaped, html};

use crate::agencies::staff::Right;
use crate::dialogue::queue::{Item, Subject, Turn};
use crate::publishing::answers::Answer;
use crate::web::console::pieces::moment;
use crate::web::console::visit::AtAgency;
use crate::web::language;

use super::said::Said;

/// All of it, with the entry's own message marked.
pub(super) fn show(at: &AtAgency, item: &Item, turns: &[Turn], own: &str) -> Markup {
    let words = at.words();
    html! {
        section aria-labelledby="words" {
            h2 #words { (words.say("private-conversation")) }
            ol.strand {
                @for turn in turns {
                    @match turn {
                        Turn::Message(message) => {
                            @let this = item.subject == Subject::Message(message.id);
                            @let said = Said::from(message.as_ref().clone());
                            li.this[this] aria-current=[this.then_some("true")] {
                                (super::entry::voice(words, &said))
                                p.hint { (moment(message.received_at)) }
                                (said.show(words))
                            }
                        }
                        Turn::Answer(answer) => li { (answered(at, answer, own)) },
                    }
                }
            }
        }
    }
}

fn answered(at: &AtAgency, answer: &Answer, own: &str) -> Markup {
    let words = at.words();
    let tag = answer.language.as_str();
    html! {
        p.voice { bdi { (at.agency.name) } " " span.mark-off { (words.say("private-answer")) } }
        p.hint { (moment(answer.sent_at)) }
        @if let Some(warning) = &answer.warning { p.note { strong { (words.say("queue-warning")) } " " bdi { (warning) } } }
        div.words lang=(tag) dir=(language::direction(tag)) { (PreEscaped(answer.html.as_str())) }
        @match &answer.withdrawn {
            Some(withdrawal) => p.note {
                strong { (words.say("private-withdrawn")) } " " (moment(withdrawal.at)) " " bdi { (withdrawal.reason) }
            },
            None => {
                @if at.mandate.allows(Right::Draft) {
                    form.actions method="post" action={ (own) "/withdraw" } {
                        input type="hidden" name="answer" value=(answer.id);
                        button.button.quiet.small.danger type="submit" { (words.say("private-withdraw")) }
                    }
                }
            }
        }
    }
}
