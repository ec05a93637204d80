//! The tables of the public record, and of this server as a witness.

diesel::table! {
    record_logs (id) {
        id -> BigInt,
        agency_id -> BigInt,
        name -> Text,
        origin -> Text,
        size -> BigInt,
        root -> Binary,
        signed_size -> BigInt,
        signed_at -> BigInt,
        signed -> Text,
        witnessed_size -> BigInt,
        witnessed_at -> BigInt,
        witnessed -> Text,
        floor -> BigInt,
        doubted_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    record_keys (id) {
        id -> BigInt,
        log_id -> BigInt,
        vkey -> Text,
        private -> Nullable<Text>,
        created_at -> BigInt,
        retired_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    record_leaves (place) {
        place -> BigInt,
        leaf -> Text,
    }
}

diesel::table! {
    record_tiles (log_id, level, tile) {
        log_id -> BigInt,
        level -> SmallInt,
        tile -> BigInt,
        hashes -> Binary,
    }
}

diesel::table! {
    record_entries (place) {
        place -> BigInt,
        kind -> SmallInt,
        at -> BigInt,
        subject_kind -> SmallInt,
        subject -> BigInt,
        thread_id -> Nullable<BigInt>,
        fact_seq -> BigInt,
        event_id -> Nullable<BigInt>,
        document_id -> Nullable<BigInt>,
        statement -> Nullable<Text>,
        manifest -> Nullable<Text>,
        salts -> Nullable<Binary>,
        erased_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    record_documents (id) {
        id -> BigInt,
        actor_id -> BigInt,
        fetched_at -> BigInt,
        document -> Text,
    }
}

diesel::table! {
    record_erasures (id) {
        id -> BigInt,
        log_id -> BigInt,
        subject_kind -> SmallInt,
        subject -> BigInt,
        class -> Text,
        basis -> Text,
        role -> Text,
        ordered_at -> BigInt,
        due_at -> BigInt,
        fact_seq -> BigInt,
        done_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    record_holds (id) {
        id -> BigInt,
        log_id -> BigInt,
        scope -> Text,
        subject_kind -> SmallInt,
        subject -> BigInt,
        matter -> Text,
        placed_at -> BigInt,
        released_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    record_exports (id) {
        id -> BigInt,
        log_id -> BigInt,
        extent -> Text,
        size -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    record_policies (id) {
        id -> BigInt,
        policy -> Text,
        since -> BigInt,
    }
}

diesel::table! {
    record_cosigners (log_id, witness) {
        log_id -> BigInt,
        witness -> Text,
        size -> BigInt,
        at -> BigInt,
        failure -> Nullable<Text>,
        cosigned_at -> Nullable<BigInt>,
        claimed -> Nullable<BigInt>,
        claimed_root -> Nullable<Binary>,
        overruled_at -> Nullable<BigInt>,
    }
}

diesel::table! {
    record_resumptions (id) {
        id -> BigInt,
        log_id -> BigInt,
        reason -> Text,
        seen -> BigInt,
        size -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    record_receipts (thread_id, actor_id) {
        thread_id -> BigInt,
        actor_id -> BigInt,
        reply_id -> BigInt,
        fact_seq -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    record_receipt_stops (agency_id, actor_id) {
        agency_id -> BigInt,
        actor_id -> BigInt,
        at -> BigInt,
    }
}

diesel::table! {
    witness_heads (origin) {
        origin -> Text,
        size -> BigInt,
        root -> Binary,
        checkpoint -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    witness_evidence (id) {
        id -> BigInt,
        origin -> Text,
        reason -> Text,
        known_size -> BigInt,
        request -> Text,
        at -> BigInt,
    }
}

diesel::table! {
    record_grants (id) {
        id -> BigInt,
        log_id -> BigInt,
        token -> Text,
        label -> Text,
        granted_at -> BigInt,
        expires_at -> BigInt,
        revoked_at -> Nullable<BigInt>,
    }
}
