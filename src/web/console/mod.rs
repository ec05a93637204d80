//! The staff's desk: where an agency's people write, approve, listen and look after each other.
//!
//! Nothing here is public or kept by caches. A handler takes what says who asks ([`visit`]) as an argument, so that it
//! cannot forget to ask; the right itself is asked for again by the use case. Every page works without script.

mod account;
mod calendar;
mod codes;
mod desk;
mod drafts;
mod founding;
mod guard;
mod home;
mod kept;
mod letters;
mod links;
mod member;
mod numbers;
mod openid;
mod operator;
mod overview;
mod passkeys;
mod pieces;
mod prove;
mod queue;
mod refusal;
mod review;
mod rules;
mod sent;
mod sheet;
mod sign_in;
mod team;
mod trail;
mod troubles;
mod typed;
mod visit;
mod waiting;

use axum::routing::{get, post};
use axum::{Router, middleware};

pub use self::desk::{Desk, OpenId};
pub use self::openid::CALLBACK;

use super::State;

/// Where the console begins, for links to it.
pub const HOME: &str = "/console";

pub(super) fn routes(state: &State) -> Router<State> {
    Router::new()
        .route(HOME, get(home::page))
        .route("/console/sign-in", get(sign_in::form).post(sign_in::enter))
        .route("/console/sign-in/code", post(sign_in::give_code))
        .route("/console/sign-in/passkey", post(passkeys::enter))
        .route("/console/sign-in/passkey/question", post(passkeys::ask))
        .route("/console/sign-in/openid", get(openid::leave))
        .route(CALLBACK, get(openid::come_back))
        .route("/console/sign-out", post(sign_in::sign_out))
        .route("/console/language", post(home::choose_language))
        .route("/console/prove", post(prove::again))
        .route("/console/prove/openid", get(openid::leave_to_prove))
        .route("/console/prove/question", post(passkeys::ask_again))
        .route(
            "/console/join/{token}",
            get(links::join::page).post(links::join::join),
        )
        .route(
            "/console/reset/{token}",
            get(links::reset::page).post(links::reset::set),
        )
        .route(
            "/console/set-up/{token}",
            get(links::set_up::page).post(links::set_up::set_up),
        )
        .route("/console/account", get(account::page).post(account::change))
        .route("/console/account/password", post(account::change_password))
        .route("/console/account/end-session", post(account::end_session))
        .route("/console/account/end-others", post(account::end_others))
        .route("/console/account/codes", get(codes::page))
        .route("/console/operator", get(operator::page))
        .route("/console/{handle}", get(overview::page))
        .route("/console/{handle}/staff", get(team::page))
        .route("/console/{handle}/staff/revoke", post(team::revoke))
        .route("/console/{handle}/staff/{person}", get(member::page))
        .route(
            "/console/{handle}/staff/{person}/end-sessions",
            post(member::end_sessions),
        )
        .route("/console/{handle}/trail", get(trail::page))
        .merge(drafts::routes(state))
        .route("/console/{handle}/calendar", get(calendar::page))
        .merge(review::routes())
        .route("/console/{handle}/numbers", get(numbers::page))
        .route("/console/{handle}/numbers.csv", get(numbers::table))
        .merge(queue::routes())
        .merge(dangerous(state))
        // A form that was sent stands in the browser's history: whoever comes back to it is led to the page above.
        .method_not_allowed_fallback(home::above)
        // In this order from the inside: who is not signed in loses nothing, and nobody else's page sends a form.
        .layer(middleware::from_fn_with_state(
            state.clone(),
            kept::keep_what_was_typed,
        ))
        .layer(middleware::from_fn_with_state(
            state.clone(),
            guard::only_from_here,
        ))
}

/// What lets somebody in, or in further: asked of who has just shown that it is them.
fn dangerous(state: &State) -> Router<State> {
    Router::new()
        .route("/console/account/codes/begin", post(codes::begin))
        .route("/console/account/codes/confirm", post(codes::confirm))
        .route("/console/account/codes/renew", post(codes::renew))
        .route("/console/account/codes/remove", post(codes::remove))
        .route("/console/account/connect", post(openid::connect))
        .route("/console/account/passkeys/begin", post(passkeys::begin))
        .route("/console/account/passkeys/add", post(passkeys::add))
        .route("/console/account/passkeys/remove", post(passkeys::remove))
        .route("/console/{handle}/staff/invite", post(team::invite))
        .route("/console/{handle}/staff/{person}/give", post(member::give))
        .route("/console/{handle}/staff/{person}/take", post(member::take))
        .route(
            "/console/{handle}/staff/{person}/reset",
            post(member::reset),
        )
        .route(
            "/console/{handle}/staff/{person}/remove",
            get(member::ask_to_remove).post(member::remove),
        )
        .route(
            "/console/operator/create-agency",
            post(operator::create_agency),
        )
        .route("/console/operator/invite", post(operator::invite))
        .route("/console/operator/make", post(operator::make))
        .route("/console/operator/end", post(operator::end))
        .route("/console/operator/reset", post(operator::reset))
        .merge(review::dangerous())
        .route("/console/{handle}/rules", get(rules::page).post(rules::set))
        .route_layer(middleware::from_fn_with_state(state.clone(), prove::first))
}
