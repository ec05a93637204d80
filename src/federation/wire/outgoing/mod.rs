//! What we send and serve: every document is built by a pure function and pinned by a snapshot.
//!
//! Contexts are `ActivityStreams`, `security/v1` and terms written out, since some peers load no others.
//! Activities and public documents are ready for an FEP-8b32 `proof` to be appended: the terms for it are in their context.

mod activity;
mod actor;
mod article;
mod collection;
mod context;
mod discovery;
mod document;
mod nodeinfo;
mod note;
mod quote;
mod view;

#[cfg(test)]
mod tests;

pub use self::activity::{
    accept_follow, create, create_id, create_message, delete, delete_actor, delete_id,
    delete_message, pin, reject_follow, tally_id, undo, unpin, update, update_actor,
    update_actor_id, update_id,
};
pub use self::actor::{agency_actor, instance_actor, instance_name, instance_outbox};
pub use self::article::{article, article_tombstone};
pub use self::collection::{
    Page, context_collection, context_page, featured, featured_tags, first_page, followers,
    following, instance_outbox_collection, likes, outbox, outbox_page, page_after, replies,
    replies_page, shares,
};
pub use self::discovery::{
    host_meta_json, host_meta_xml, nodeinfo_links, webfinger, webfinger_of_instance,
};
pub use self::nodeinfo::{nodeinfo_2_0, nodeinfo_2_1};
pub use self::note::{note, tombstone};
pub use self::quote::{
    accept_quote, delete_quote_authorization, quote_authorization, reject_quote,
};
pub use self::view::{
    FollowView, KeysView, MessageView, MultikeyView, PublicKeyView, QuoteView, ServerView, Totals,
};
