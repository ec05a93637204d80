//! A record's page: what it is, how it is signed, and its entries.

use maud::{Markup, html};

use super::browse::Wanted;
use super::entry_page::kinds;
use super::frame::{Frame, Pager};
use super::layout::{self, Sheet};
use super::pager::{self, Labels};
use super::view::{Item, RecordView};
use crate::web::head::{Alternate, Meta};
use crate::web::language;
use crate::web::words;
use crate::web::words::record as said;

const ENTRIES: Labels = Labels {
    first: said::NEWEST,
    next: said::OLDER,
};

pub(super) fn page(frame: &Frame, view: &RecordView, wanted: &Wanted) -> Markup {
    let here = frame.path(&view.url);
    let title = said::of(&view.agency.name);
    let lead = said::lead(&view.agency.name);
    let main = html! {
        div.book {
            (layout::letterhead(frame, &view.agency))
            header.announcement-head {
                h1 { (title) }
                p.lead { (lead) }
            }
            @for paragraph in said::WHAT_IT_IS { p { (paragraph) } }
            (seals(frame, view))
        }
        section.book aria-labelledby="entries" {
            h2.rubric #entries { (said::ENTRIES) }
            (filter(here, wanted))
            @if wanted.filter.thread.is_some() {
                p.note { (said::OF_A_THREAD) " " a href=(here) { (said::ALL) } }
            } @else if wanted.is_filtered() {
                p.note { a href=(here) { (said::ALL) } }
            }
            @if view.entries.is_empty() { p.empty { (said::NO_ENTRIES) } }
            ol.ledger { @for item in &view.entries { (line(frame, item)) } }
            (pager::pager(&way(frame, view, wanted, here), &ENTRIES, None))
        }
    };
    let meta = Meta {
        title: words::titled(&title, &frame.name),
        description: lead,
        canonical: (!wanted.is_filtered() && wanted.below.is_none()).then(|| view.url.clone()),
        alternates: vec![Alternate {
            media_type: "application/json",
            href: format!("{}.json", view.url),
            title: None,
        }],
        ..Meta::default()
    };
    layout::document(
        frame,
        &Sheet {
            language: words::LANGUAGE,
            meta,
            agency: Some(&view.agency),
            main,
        },
    )
}

fn way(frame: &Frame, view: &RecordView, wanted: &Wanted, here: &str) -> Pager {
    Pager {
        first: wanted.below.map(|_| here.to_owned()),
        next: view.next.as_ref().map(|next| frame.path(next).to_owned()),
    }
}

fn seals(frame: &Frame, view: &RecordView) -> Markup {
    html! {
        dl.record {
            @if let Some(tree) = &view.checkpoint {
                div {
                    dt { (said::LAST_CHECKPOINT) }
                    dd {
                        (layout::moment(tree.at)) ", "
                        a href=(frame.path(&tree.url)) { (said::entries(tree.size)) }
                    }
                }
            }
            @if let Some(tree) = &view.unwitnessed {
                div {
                    dt { (said::WAITING) }
                    dd {
                        (layout::moment(tree.at)) ", "
                        a href=(frame.path(&tree.url)) { (said::entries(tree.size)) }
                    }
                }
            }
            @for (n, vkey) in view.vkeys.iter().enumerate() {
                div {
                    dt { (if n == 0 { said::CHECKED_WITH } else { said::CHECKED_WITH_EARLIER }) }
                    dd { code.bytes dir="ltr" { (vkey) } }
                }
            }
            div {
                dt { (said::WITNESSES) }
                dd {
                    @if view.witnesses.is_empty() { (said::NO_WITNESSES) }
                    ul.references {
                        @for witness in &view.witnesses {
                            li {
                                bdi { (witness.name) } " "
                                @match witness.cosigned {
                                    Some(at) => { (said::COSIGNED) " " (layout::moment(at)) }
                                    None => { (said::NOT_COSIGNED) }
                                }
                            }
                        }
                    }
                }
            }
            div { dt { (said::ADDRESS) } dd { code.bytes dir="ltr" { (view.url) } } }
            div {
                dt { (said::LICENCE) }
                dd { a href=(view.licence) rel="license noopener" { (view.licence) } " " (said::LICENCE_NOTE) }
            }
        }
    }
}

fn filter(here: &str, wanted: &Wanted) -> Markup {
    html! {
        form.sieve action=(here) method="get" role="search" {
            div {
                label for="q" { (said::WORDS) }
                input #q name="q" type="search" maxlength="500" value=[&wanted.words];
            }
            div {
                label for="kind" { (said::KIND) }
                select #kind name="kind" {
                    option value="" { (said::EVERY_KIND) }
                    @for kind in kinds() {
                        option value=(kind.name()) selected[wanted.filter.kind == Some(kind)] { (said::kind(kind)) }
                    }
                }
            }
            @for (name, label, day) in [("from", said::FROM, &wanted.from), ("to", said::TO, &wanted.to)] {
                div {
                    label for=(name) { (label) }
                    input id=(name) name=(name) type="date" value=[day];
                }
            }
            @if let Some(thread) = wanted.filter.thread { input type="hidden" name="thread" value=(thread); }
            button.button.quiet type="submit" { (said::SHOW) }
        }
    }
}

fn line(frame: &Frame, item: &Item) -> Markup {
    let language = item.language.as_deref().and_then(language::well_formed);
    html! {
        li {
            a.number href=(frame.path(&item.url)) { span.vh { (said::entry(item.index)) } span aria-hidden="true" { (words::number(item.index)) } }
            div {
                p.act {
                    (said::kind(item.kind))
                    @if item.erased { span.flag { (said::ERASED) } }
                    @if item.withheld { span.flag { (said::WITHHELD) } }
                }
                @if let Some(excerpt) = &item.excerpt {
                    p.excerpt lang=[language] dir=(language.map_or("auto", language::direction)) { (excerpt) }
                }
                p.hint {
                    (said::by(item.kind.by())) " · "
                    time datetime=(item.time) { (words::moment(item.at)) }
                }
            }
        }
    }
}
