//! The tables of the staff: people, how they get in, and what they did.

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
    }
}

diesel::table! {
    staff_roles (agency_id, person_id, role) {
        agency_id -> BigInt,
        person_id -> BigInt,
        role -> Text,
        given_at -> BigInt,
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
