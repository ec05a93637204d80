//! A page of a thread: so many answers to its head, and below each what answers it, level by level and bounded.

use std::collections::{HashMap, HashSet};

use crate::archive::kind::Subject;
use crate::dialogue::replies;
use crate::dialogue::replies::Reply;
use crate::dialogue::replies::Standing;
use crate::kernel::AnnouncementId;
use crate::kernel::Handle;
use crate::kernel::ReplyId;
use crate::kernel::Site;
use crate::kernel::Timestamp;
use crate::platform::db;
use crate::platform::db::Conn;
use crate::publishing;
use crate::publishing::Announcement;
use crate::web::marks;
use crate::web::pages::thread::arrange;
use crate::web::pages::view;

use super::Part;

/// Answers to the head of the thread on a page.
const DIRECT: usize = 40;
/// Citizens' replies on a page, of every depth.
const MOST: usize = 120;
/// Answers to one reply on a page, so that a single quarrel does not fill it.
const EACH: usize = 20;
/// Agencies' answers on a page, which citizens' replies do not crowd out.
const MOST_ANSWERS: usize = 60;
/// Levels below the direct answers; what lies deeper has a page of its own.
const LEVELS: usize = 8;
/// How far along the thread a page looks for replies to something that is not there.
const WINDOW: i64 = 400;
const ALWAYS: std::ops::Range<Timestamp> =
    Timestamp::from_micros(i64::MIN)..Timestamp::from_micros(i64::MAX);

const NOTHING: ReplyId = ReplyId::new(0);

enum Place {
    Reply(Box<Reply>),
    Answer(Box<Announcement>),
}

impl Place {
    /// The addresses by which others may answer it: some servers answer that of a page instead of the id.
    fn names(&self, site: &Site, speaker: &Handle) -> Vec<String> {
        match self {
            Self::Reply(reply) => vec![reply.uri.clone()],
            Self::Answer(answer) => names(site, speaker, answer.id),
        }
    }

    /// What the record has of it.
    const fn subject(&self) -> Subject {
        match self {
            Self::Reply(reply) => Subject::Reply(reply.id),
            Self::Answer(answer) => Subject::Announcement(answer.id),
        }
    }

    fn parent(&self) -> Option<&str> {
        match self {
            Self::Reply(reply) => reply.parent.as_deref(),
            Self::Answer(answer) => answer.in_reply_to.as_deref(),
        }
    }

    /// When it came to stand here: a citizen's clock may be wrong.
    fn at(&self) -> (Timestamp, i64) {
        match self {
            Self::Reply(reply) => (reply.received_at, reply.id.get()),
            Self::Answer(answer) => (answer.published_at, answer.id.get()),
        }
    }
}

/// An announcement and its long text, each by its id and its page; the announcement's own page is the last.
fn names(site: &Site, speaker: &Handle, id: AnnouncementId) -> Vec<String> {
    vec![
        site.article(id),
        site.article_page(speaker, id),
        site.announcement(id),
        site.announcement_page(speaker, id),
    ]
}

/// What is gathered for one page.
struct Gathering<'a> {
    conn: &'a mut Conn,
    site: &'a Site,
    /// The agency whose thread it is.
    speaker: &'a Handle,
    thread: AnnouncementId,
    places: Vec<Place>,
    replies: usize,
    answers: usize,
    /// What is answered by more than stands on the page.
    more: HashSet<String>,
}

/// The page that `part` names, or `None` if it names a reply of another thread.
pub(super) fn page(
    conn: &mut Conn,
    site: &Site,
    head: &view::Announcement,
    part: Part,
) -> Result<Option<view::Thread>, db::Error> {
    let Some((_, thread)) = publishing::place_of(conn, head.id)? else {
        return Ok(None);
    };
    let head_page = site.announcement_page(&head.by.handle, head.id);
    let under = match part.under {
        None => None,
        Some(id) => match replies::by_id(conn, id)? {
            Some(reply) if reply.thread == Some(thread) => Some(reply),
            _ => return Ok(None),
        },
    };
    // What was published with the head stands above; what answers that stands here like what answers the head.
    let further = head.series.further.iter().map(view::Further::id);
    let published = std::iter::once(head.id).chain(further);
    let head_uris: Vec<String> = published
        .flat_map(|id| names(site, &head.by.handle, id))
        .collect();
    let roots = under
        .as_ref()
        .map_or_else(|| head_uris.clone(), |reply| vec![reply.uri.clone()]);
    let whole_thread = under.is_none() && thread == head.id;

    let mut gathering = Gathering {
        conn,
        site,
        speaker: &head.by.handle,
        thread,
        places: Vec::with_capacity(MOST),
        replies: 0,
        answers: 0,
        more: HashSet::new(),
    };
    let next = gathering.direct(&roots, part.after, whole_thread)?;
    gathering.descend()?;
    let Gathering {
        mut places, more, ..
    } = gathering;
    places.sort_by_key(Place::at);
    if let Some(reply) = under {
        places.insert(0, Place::Reply(Box::new(reply)));
    }

    let path = head_page.strip_prefix(site.base()).unwrap_or(&head_page);
    let onward = |after: ReplyId| match part.under {
        None => format!("{path}?after={after}#replies"),
        Some(under) => format!("{path}?under={under}&after={after}#replies"),
    };
    let speaker = &head.by.handle;
    let elsewhere = part.under.is_some() || part.after.is_some();
    Ok(Some(view::Thread {
        entries: entries(conn, site, speaker, places, head, &head_uris, &more)?,
        pager: view::Pager {
            first: elsewhere.then(|| format!("{path}#replies")),
            next: next.map(onward),
        },
    }))
}

impl Gathering<'_> {
    /// What answers the head, behind `after`; gives where the next page begins.
    fn direct(
        &mut self,
        roots: &[String],
        after: Option<ReplyId>,
        whole_thread: bool,
    ) -> Result<Option<ReplyId>, db::Error> {
        let begin = after.unwrap_or(NOTHING);
        let mut direct = vec![];
        for root in roots {
            let answers = replies::children_of(self.conn, root, begin, rows(DIRECT + 1))?;
            direct.extend(answers);
        }
        direct.sort_unstable_by_key(|reply| reply.id);
        let more = direct.len() > DIRECT;
        direct.truncate(DIRECT);
        let last = direct
            .last()
            .filter(|_| more)
            .map(|reply| (reply.id, reply.received_at));
        let until = last.map_or(ReplyId::new(i64::MAX), |(id, _)| id);
        // Agencies' own follow-ups stand between the replies where they were published.
        let mut span = ALWAYS;
        if let Some(before) = after {
            span.start =
                replies::by_id(self.conn, before)?.map_or(span.start, |reply| reply.received_at);
        }
        if let Some((_, at)) = last {
            span.end = at;
        }
        let answers = publishing::answers(self.conn, self.thread, roots, span, rows(MOST_ANSWERS))?;
        if whole_thread {
            let ours = self.site.base();
            let strays = replies::strays(self.conn, self.thread, ours, begin, until, WINDOW)?;
            direct.extend(strays.into_iter().take(DIRECT));
        }
        self.take(answers, direct);
        Ok(last.map(|(id, _)| id))
    }

    fn take(&mut self, mut answers: Vec<Announcement>, replies: Vec<Reply>) {
        // A further post is part of what is answered, although it names the one before.
        answers.retain(|it| it.place == 0);
        self.answers += answers.len();
        self.replies += replies.len();
        let answers = answers.into_iter().map(|it| Place::Answer(Box::new(it)));
        self.places.extend(answers);
        let replies = replies.into_iter().map(|it| Place::Reply(Box::new(it)));
        self.places.extend(replies);
    }

    fn descend(&mut self) -> Result<(), db::Error> {
        let mut begin = 0;
        for depth in 0..=LEVELS {
            let (mut citizens, mut agencies) = (vec![], vec![]);
            for place in self.places.iter().skip(begin) {
                match place {
                    Place::Reply(reply) => citizens.push(reply.uri.clone()),
                    Place::Answer(_) => agencies.extend(place.names(self.site, self.speaker)),
                }
            }
            if citizens.is_empty() && agencies.is_empty() {
                return Ok(());
            }
            begin = self.places.len();
            let level = [citizens.as_slice(), agencies.as_slice()].concat();
            let room = rows(MOST_ANSWERS.saturating_sub(self.answers));
            let answers = publishing::answers(self.conn, self.thread, &level, ALWAYS, room)?;
            let room = match depth {
                LEVELS => 0,
                _ => MOST.saturating_sub(self.replies),
            };
            if room == 0 {
                self.take(answers, vec![]);
                return self.leave(&citizens, agencies);
            }
            let chosen = self.choose(&citizens, &agencies, room)?;
            let found = replies::by_ids(self.conn, &chosen)?;
            self.take(answers, found);
        }
        Ok(())
    }

    /// The first answers to each of a level, as far as there is room.
    fn choose(
        &mut self,
        citizens: &[String],
        agencies: &[String],
        room: usize,
    ) -> Result<Vec<ReplyId>, db::Error> {
        let mut found = replies::first_answers(self.conn, citizens, rows(EACH + 1))?;
        for name in agencies {
            let answers = replies::children_of(self.conn, name, NOTHING, rows(EACH + 1))?;
            found.extend(answers.into_iter().map(|reply| (reply.id, name.clone())));
        }
        found.sort_unstable();
        let mut chosen = Vec::with_capacity(room);
        let mut each: HashMap<&str, usize> = HashMap::new();
        for (id, parent) in &found {
            let count = each.entry(parent).or_default();
            *count += 1;
            if *count > EACH || chosen.len() == room {
                self.more.insert(parent.clone());
            } else {
                chosen.push(*id);
            }
        }
        Ok(chosen)
    }

    /// Notes which of a level are answered, though none of that is shown here.
    fn leave(&mut self, citizens: &[String], agencies: Vec<String>) -> Result<(), db::Error> {
        self.more.extend(replies::answered(self.conn, citizens)?);
        for name in agencies {
            if !replies::children_of(self.conn, &name, NOTHING, 1)?.is_empty() {
                self.more.insert(name);
            }
        }
        Ok(())
    }
}

fn rows(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}

fn entries(
    conn: &mut Conn,
    site: &Site,
    speaker: &Handle,
    places: Vec<Place>,
    head: &view::Announcement,
    head_uris: &[String],
    more: &HashSet<String>,
) -> Result<Vec<view::Entry>, db::Error> {
    let page = site.announcement_page(speaker, head.id);
    let path = page.strip_prefix(site.base()).unwrap_or(&page);
    let answering = places.iter().filter_map(|place| match place {
        Place::Answer(answer) => Some(answer.agency),
        Place::Reply(_) => None,
    });
    let by = super::bylines(conn, site, answering, HashMap::new())?;
    let name_of = |place: &Place| match place {
        Place::Reply(reply) => reply.author.name.clone(),
        Place::Answer(answer) => by
            .get(&answer.agency)
            .map_or_else(String::new, |by| by.name.clone()),
    };
    let subjects: Vec<Subject> = places.iter().map(Place::subject).collect();
    let mut recorded = marks::of(conn, site, &subjects)?;
    let mut numbers: HashMap<String, usize> = HashMap::with_capacity(places.len());
    for (number, place) in places.iter().enumerate() {
        for name in place.names(site, speaker) {
            numbers.entry(name).or_insert(number);
        }
    }
    let mut keys = Vec::with_capacity(places.len());
    let mut parents = Vec::with_capacity(places.len());
    for (number, place) in places.iter().enumerate() {
        let found = place.parent().and_then(|parent| numbers.get(parent));
        keys.push((number, found.copied()));
        // Two addresses for each post.
        let post = place
            .parent()
            .and_then(|parent| head_uris.iter().position(|uri| uri == parent))
            .map(|at| at / 2);
        let further = post
            .and_then(|post| post.checked_sub(1))
            .and_then(|post| head.series.further.get(post));
        let is_head = place.parent().is_none() || post.is_some();
        parents.push(match found.and_then(|number| places.get(*number)) {
            Some(above @ Place::Reply(reply)) => Some(match reply.standing {
                Standing::Shown => view::Parent::Here {
                    anchor: anchor(above),
                    name: name_of(above),
                },
                Standing::DeletedByAuthor { .. }
                | Standing::Withheld { .. }
                | Standing::Erased { .. } => view::Parent::Deleted {
                    anchor: anchor(above),
                },
            }),
            Some(above @ Place::Answer(_)) => Some(view::Parent::Here {
                anchor: anchor(above),
                name: name_of(above),
            }),
            None if is_head => further.map(|it| view::Parent::Post {
                anchor: format!("post-{}", it.id()),
                number: post.unwrap_or(0) + 1,
            }),
            None => Some(view::Parent::Elsewhere),
        });
    }
    let mut places: Vec<_> = places.into_iter().zip(parents).map(Some).collect();
    let mut entries = Vec::with_capacity(places.len());
    for (number, depth) in arrange(&keys) {
        let Some((place, parent)) = places.get_mut(number).and_then(Option::take) else {
            continue;
        };
        let anchor = anchor(&place);
        let record = recorded.remove(&place.subject());
        let names = place.names(site, speaker);
        let (said, more) = match place {
            Place::Reply(reply) => {
                let cut = more.contains(&reply.uri);
                let more = cut.then(|| format!("{path}?under={}#replies", reply.id));
                (citizen(*reply), more)
            }
            Place::Answer(answer) => {
                let by = by.get(&answer.agency).cloned();
                let by = by.ok_or(db::Error::Corrupt("announcements.agency_id"))?;
                let answer = super::without_what_is_withheld(conn, *answer)?;
                // An answer has a page of its own, on which all that answers it stands.
                let cut = names.iter().any(|name| more.contains(name));
                let own = format!("/@{}/{}#replies", by.handle, answer.id);
                (agency(site, answer, by), cut.then_some(own))
            }
        };
        entries.push(view::Entry {
            anchor,
            depth,
            parent,
            said,
            more,
            record,
        });
    }
    Ok(entries)
}

fn anchor(place: &Place) -> String {
    match place {
        Place::Reply(reply) => format!("reply-{}", reply.id),
        Place::Answer(answer) => format!("answer-{}", answer.id),
    }
}

fn citizen(reply: Reply) -> view::Said {
    let words = reply.words;
    let gone = match reply.standing {
        Standing::Shown => None,
        Standing::DeletedByAuthor { at } => Some((at, view::Gone::DeletedByAuthor)),
        Standing::Withheld { at } => Some((at, view::Gone::Withheld)),
        Standing::Erased { at } => Some((at, view::Gone::Erased)),
    };
    if let Some((deleted_at, gone)) = gone {
        return view::Said::Deleted {
            gone,
            published_at: words.published_at,
            deleted_at,
        };
    }
    let attachments = words.attachments.into_iter().map(|it| view::Attachment {
        url: it.url,
        media_type: it.media_type.unwrap_or_default(),
        alt: it.alt.unwrap_or_default(),
    });
    view::Said::Citizen(view::Statement {
        acct: format!("@{}", reply.author.acct()),
        name: reply.author.name,
        profile: reply.author.url,
        url: words.url,
        html: words.html,
        warning: words.warning,
        language: words.language,
        attachments: attachments.collect(),
        published_at: words.published_at,
        edited_at: reply.edited_at,
    })
}

fn agency(site: &Site, answer: Announcement, by: view::Byline) -> view::Said {
    if let Some(withdrawal) = answer.withdrawn {
        return view::Said::Withdrawn {
            by,
            published_at: answer.published_at,
            withdrawn_at: withdrawal.at,
            reason: Some(withdrawal.reason).filter(|reason| !reason.is_empty()),
        };
    }
    view::Said::Agency(view::Answer {
        id: answer.id,
        article: super::article::teaser(site, &by.handle, answer.id, &answer.revision),
        by,
        html: answer.revision.html,
        warning: answer.revision.warning,
        language: answer.revision.language,
        images: super::images(site, answer.revision.images),
        published_at: answer.published_at,
        edited_at: answer.edited_at,
    })
}
