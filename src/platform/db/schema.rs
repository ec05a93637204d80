//! The tables, which have the same columns in both databases (a test sees to it).

mod record;

pub(crate) use self::record::*;

diesel::table! {
    agencies (id) {
        id -> BigInt,
        handle -> Text,
        name -> Text,
        summary -> Text,
        summary_html -> Text,
        links -> Text,
        language -> Text,
        avatar -> Nullable<Text>,
        avatar_alt -> Text,
        header -> Nullable<Text>,
        header_alt -> Text,
        theme -> Text,
        aliases -> Text,
        attribution_domains -> Text,
        created_at -> BigInt,
        updated_at -> BigInt,
    }
}

diesel::table! {
    blobs (digest) {
        digest -> Text,
        media_type -> Text,
        bytes -> Binary,
        created_at -> BigInt,
        withheld_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    journal (seq) {
        seq -> BigInt,
        agency_id -> Nullable<BigInt>,
        kind -> Text,
        fact -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    cursors (consumer) {
        consumer -> Text,
        seq -> BigInt,
    }
}

diesel::table! {
    journal_lanes (consumer, agency_id) {
        consumer -> Text,
        agency_id -> BigInt,
        seq -> BigInt,
    }
}

diesel::table! {
    settings (name) {
        name -> Text,
        value -> Text,
    }
}

diesel::table! {
    announcements (id) {
        id -> BigInt,
        agency_id -> BigInt,
        thread_id -> BigInt,
        in_reply_to -> Nullable<Text>,
        revision -> Integer,
        published_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        pinned_at -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
        withdrawal_reason -> Nullable<Text>,
        place -> Integer,
    }
}

diesel::table! {
    revisions (announcement_id, number) {
        announcement_id -> BigInt,
        number -> Integer,
        markdown -> Text,
        html -> Text,
        warning -> Nullable<Text>,
        language -> Text,
        mentions -> Text,
        images -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    hashtags (tag, announcement_id) {
        announcement_id -> BigInt,
        tag -> Text,
        display -> Text,
    }
}

diesel::table! {
    actors (id) {
        id -> BigInt,
        uri -> Text,
        host -> Text,
        kind -> Text,
        handle -> Text,
        domain -> Text,
        name -> Text,
        url -> Text,
        inbox -> Text,
        shared_inbox -> Nullable<Text>,
        followers -> Nullable<Text>,
        document -> Text,
        fetched_at -> BigInt,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    followers (agency_id, actor_id) {
        agency_id -> BigInt,
        actor_id -> BigInt,
        follow_uri -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    blocks (agency_id, actor_id) {
        agency_id -> BigInt,
        actor_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    replies (id) {
        id -> BigInt,
        uri -> Text,
        agency_id -> BigInt,
        thread_id -> Nullable<BigInt>,
        actor_id -> BigInt,
        parent -> Nullable<Text>,
        state -> SmallInt,
        listed -> SmallInt,
        html -> Text,
        warning -> Nullable<Text>,
        language -> Nullable<Text>,
        url -> Text,
        attachments -> Text,
        event_id -> Nullable<BigInt>,
        published_at -> BigInt,
        received_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tallies (announcement_id) {
        announcement_id -> BigInt,
        replies -> BigInt,
        likes -> BigInt,
        boosts -> BigInt,
    }
}

diesel::table! {
    messages (id) {
        id -> BigInt,
        uri -> Text,
        agency_id -> BigInt,
        actor_id -> BigInt,
        parent -> Nullable<Text>,
        state -> SmallInt,
        html -> Text,
        warning -> Nullable<Text>,
        event_id -> Nullable<BigInt>,
        received_at -> BigInt,
        edited_at -> Nullable<BigInt>,
        deleted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    answers (id) {
        id -> BigInt,
        agency_id -> BigInt,
        message_id -> BigInt,
        language -> Text,
        warning -> Nullable<Text>,
        markdown -> Text,
        html -> Text,
        approved_by -> Nullable<Integer>,
        sent_at -> BigInt,
        withdrawn_at -> Nullable<BigInt>,
        reason -> Nullable<Text>,
    }
}

diesel::table! {
    reactions (announcement_id, kind, actor_id) {
        announcement_id -> BigInt,
        actor_id -> BigInt,
        kind -> SmallInt,
        activity_uri -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    quotes (id) {
        id -> BigInt,
        announcement_id -> BigInt,
        actor_id -> BigInt,
        quote_uri -> Text,
        request_uri -> Text,
        at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    tombstones (uri) {
        uri -> Text,
        host -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    reports (id) {
        id -> BigInt,
        agency_id -> BigInt,
        activity_uri -> Text,
        from_host -> Text,
        objects -> Text,
        comment -> Text,
        event_id -> Nullable<BigInt>,
        received_at -> BigInt,
    }
}

diesel::table! {
    signing_keys (id) {
        id -> BigInt,
        agency_id -> Nullable<BigInt>,
        algorithm -> Text,
        fragment -> Text,
        private_der -> Binary,
        public_der -> Binary,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    actor_keys (uri) {
        uri -> Text,
        actor_id -> BigInt,
        algorithm -> Text,
        public_der -> Binary,
        fetched_at -> BigInt,
    }
}

diesel::table! {
    events (id) {
        id -> BigInt,
        uri -> Text,
        actor_uri -> Text,
        agency_id -> Nullable<BigInt>,
        kind -> Text,
        object_uri -> Nullable<Text>,
        body -> Binary,
        request -> Text,
        key_uri -> Text,
        key_der -> Binary,
        forwarded -> SmallInt,
        state -> SmallInt,
        attempts -> Integer,
        reason -> Nullable<Text>,
        received_at -> BigInt,
    }
}

diesel::table! {
    event_queue (event_id) {
        event_id -> BigInt,
        actor_uri -> Text,
        attempts -> Integer,
        due_at -> BigInt,
    }
}

diesel::table! {
    activities (id) {
        id -> BigInt,
        uri -> Text,
        agency_id -> BigInt,
        kind -> Text,
        body -> Binary,
        fact_seq -> BigInt,
        announcement_id -> Nullable<BigInt>,
        fan_out -> SmallInt,
        fanned_to -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    deliveries (id) {
        id -> BigInt,
        activity_id -> BigInt,
        inbox -> Text,
        host -> Text,
        state -> SmallInt,
        attempts -> Integer,
        due_at -> BigInt,
        last_status -> Nullable<Integer>,
        last_error -> Nullable<Text>,
        created_at -> BigInt,
    }
}

diesel::table! {
    peers (host) {
        host -> Text,
        dialect -> Nullable<Text>,
        failures -> Integer,
        paused_until -> Nullable<BigInt>,
        bad_days -> Integer,
        last_bad_day -> Nullable<BigInt>,
        unavailable_since -> Nullable<BigInt>,
        last_success -> Nullable<BigInt>,
    }
}

diesel::table! {
    search_texts (place) {
        place -> BigInt,
        subject_kind -> SmallInt,
        subject -> BigInt,
        revision -> Integer,
        words -> Text,
    }
}

diesel::table! {
    people (id) {
        id -> BigInt,
        name -> Text,
        email -> Text,
        language -> Text,
        password -> Nullable<Text>,
        operator_since -> Nullable<BigInt>,
        created_at -> BigInt,
        removed_at -> Nullable<BigInt>,
        operator_by -> Text,
    }
}

diesel::table! {
    staff_roles (agency_id, person_id, role) {
        agency_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        given_at -> BigInt,
        given_by -> Text,
    }
}

diesel::table! {
    staff_links (id) {
        id -> BigInt,
        token -> Text,
        kind -> Text,
        agency_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        email -> Nullable<Text>,
        roles -> Text,
        made_by -> Nullable<BigInt>,
        made_at -> BigInt,
        expires_at -> BigInt,
        used_at -> Nullable<BigInt>,
        used_by -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff_sessions (id) {
        id -> BigInt,
        token -> Text,
        person_id -> BigInt,
        browser -> Text,
        begun_at -> BigInt,
        seen_at -> BigInt,
        proven_at -> BigInt,
        ends_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff_steps (token) {
        token -> Text,
        kind -> Text,
        person_id -> Nullable<BigInt>,
        state -> Binary,
        attempts -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    staff_devices (token) {
        token -> Text,
        person_id -> BigInt,
        seen_at -> BigInt,
    }
}

diesel::table! {
    staff_codes (person_id) {
        person_id -> BigInt,
        secret -> Binary,
        confirmed_at -> Nullable<BigInt>,
        step -> BigInt,
    }
}

diesel::table! {
    staff_recovery_codes (person_id, code) {
        person_id -> BigInt,
        code -> Text,
    }
}

diesel::table! {
    staff_identities (issuer, subject) {
        issuer -> Text,
        subject -> Text,
        person_id -> BigInt,
        created_at -> BigInt,
    }
}

diesel::table! {
    staff_passkeys (id) {
        id -> BigInt,
        person_id -> BigInt,
        credential -> Binary,
        user_handle -> Binary,
        transports -> BigInt,
        public_key -> Binary,
        counter -> Binary,
        name -> Text,
        created_at -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    staff_trail (id) {
        id -> BigInt,
        agency_id -> Nullable<BigInt>,
        person_id -> Nullable<BigInt>,
        act -> Text,
        subject -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    house_rules (agency_id, number) {
        agency_id -> BigInt,
        number -> Integer,
        rules -> Text,
        set_at -> BigInt,
        set_by -> Nullable<BigInt>,
    }
}

diesel::table! {
    drafts (id) {
        id -> BigInt,
        agency_id -> BigInt,
        state -> SmallInt,
        steps -> Integer,
        version -> Integer,
        last_number -> Integer,
        approved -> Nullable<Integer>,
        submitted -> Nullable<Integer>,
        submitted_by -> Nullable<BigInt>,
        round -> Integer,
        exemption -> Nullable<Text>,
        remark -> Nullable<Text>,
        held -> Nullable<Text>,
        due_at -> Nullable<BigInt>,
        zone -> Nullable<Text>,
        started_by -> Nullable<BigInt>,
        started_at -> BigInt,
        changed_at -> BigInt,
        ended_at -> Nullable<BigInt>,
        message_id -> Nullable<BigInt>,
        withheld_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    draft_parts (draft_id, part) {
        draft_id -> BigInt,
        part -> Integer,
        kind -> Text,
        version -> Integer,
        announcement_id -> Nullable<BigInt>,
        answering -> Nullable<Text>,
        removed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    draft_versions (draft_id, number) {
        draft_id -> BigInt,
        number -> Integer,
        part -> Integer,
        proposal -> Text,
        hash -> Text,
        written_by -> Nullable<BigInt>,
        written_at -> BigInt,
        automatic_since -> Nullable<BigInt>,
        unmerged_from -> Nullable<Integer>,
    }
}

diesel::table! {
    draft_approvals (draft_id, round, person_id) {
        draft_id -> BigInt,
        round -> Integer,
        person_id -> BigInt,
        version -> Integer,
        since -> Nullable<Integer>,
        at -> BigInt,
    }
}

diesel::table! {
    approved_revisions (announcement_id, revision) {
        announcement_id -> BigInt,
        revision -> Integer,
        people -> Integer,
    }
}

diesel::table! {
    emergencies (id) {
        id -> BigInt,
        agency_id -> BigInt,
        act -> Text,
        announcement_id -> Nullable<BigInt>,
        revision -> Nullable<Integer>,
        reason -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    language_versions (announcement_id) {
        announcement_id -> BigInt,
        origin -> BigInt,
        position -> Integer,
    }
}

diesel::table! {
    corrections (announcement_id, revision) {
        announcement_id -> BigInt,
        revision -> Integer,
        notice_id -> BigInt,
    }
}

diesel::table! {
    queue_items (id) {
        id -> BigInt,
        agency_id -> BigInt,
        kind -> SmallInt,
        subject -> BigInt,
        thread_id -> Nullable<BigInt>,
        actor_id -> Nullable<BigInt>,
        language -> Nullable<Text>,
        received_at -> BigInt,
        state -> SmallInt,
        since -> BigInt,
        taken_by -> Nullable<BigInt>,
        taken_until -> Nullable<BigInt>,
        assigned_to -> Nullable<BigInt>,
        draft_id -> Nullable<BigInt>,
        answer_id -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    queue_notes (id) {
        id -> BigInt,
        item_id -> BigInt,
        person_id -> Nullable<BigInt>,
        text -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    answer_templates (id) {
        id -> BigInt,
        agency_id -> BigInt,
        name -> Text,
        language -> Text,
        text -> Text,
        changed_by -> Nullable<BigInt>,
        changed_at -> BigInt,
    }
}

diesel::table! {
    follower_days (agency_id, day) {
        agency_id -> BigInt,
        day -> BigInt,
        followers -> BigInt,
    }
}

diesel::table! {
    polls (announcement_id) {
        announcement_id -> BigInt,
        agency_id -> BigInt,
        options -> Text,
        tallies -> Text,
        multiple -> SmallInt,
        voters -> BigInt,
        ends_at -> BigInt,
        closed_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    poll_votes (announcement_id, actor_id, choice) {
        announcement_id -> BigInt,
        actor_id -> BigInt,
        choice -> Integer,
    }
}

diesel::table! {
    articles (announcement_id, number) {
        announcement_id -> BigInt,
        number -> Integer,
        title -> Text,
        markdown -> Text,
        html -> Text,
    }
}

diesel::joinable!(announcements -> agencies (agency_id));
diesel::joinable!(hashtags -> announcements (announcement_id));
diesel::joinable!(revisions -> announcements (announcement_id));
diesel::joinable!(followers -> actors (actor_id));
diesel::joinable!(replies -> actors (actor_id));
diesel::joinable!(messages -> actors (actor_id));
diesel::joinable!(reactions -> actors (actor_id));
diesel::joinable!(quotes -> actors (actor_id));
diesel::joinable!(event_queue -> events (event_id));
diesel::joinable!(actor_keys -> actors (actor_id));
diesel::joinable!(deliveries -> activities (activity_id));
diesel::joinable!(record_keys -> record_logs (log_id));
diesel::joinable!(record_entries -> record_leaves (place));
diesel::joinable!(staff_roles -> people (person_id));
diesel::joinable!(staff_sessions -> people (person_id));
diesel::joinable!(approved_revisions -> announcements (announcement_id));
diesel::joinable!(language_versions -> announcements (announcement_id));
diesel::joinable!(poll_votes -> actors (actor_id));
diesel::joinable!(articles -> announcements (announcement_id));

diesel::allow_tables_to_appear_in_same_query!(
    agencies,
    blobs,
    journal,
    journal_lanes,
    cursors,
    settings,
    announcements,
    revisions,
    hashtags,
    actors,
    followers,
    blocks,
    replies,
    tallies,
    messages,
    answers,
    reactions,
    quotes,
    tombstones,
    reports,
    signing_keys,
    actor_keys,
    events,
    event_queue,
    activities,
    deliveries,
    peers,
    record_logs,
    record_keys,
    record_leaves,
    record_tiles,
    record_entries,
    record_documents,
    record_erasures,
    record_holds,
    record_exports,
    record_policies,
    record_cosigners,
    record_resumptions,
    record_receipts,
    record_receipt_stops,
    witness_heads,
    witness_evidence,
    record_grants,
    search_texts,
    people,
    staff_roles,
    staff_links,
    staff_sessions,
    staff_steps,
    staff_devices,
    staff_codes,
    staff_recovery_codes,
    staff_passkeys,
    staff_identities,
    staff_trail,
    house_rules,
    drafts,
    draft_parts,
    draft_versions,
    draft_approvals,
    approved_revisions,
    emergencies,
    language_versions,
    corrections,
    queue_items,
    queue_notes,
    answer_templates,
    follower_days,
    polls,
    poll_votes,
    articles,
);
