//! The forms that lead citizens to their own servers.

use std::time::Duration;

use actapub::web::ClientAddress;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::IntoResponse as _;
use axum::routing::get;
use serde_json::json;

use super::stand::Stand;

#[tokio::test]
async fn the_form_leads_home() {
    let stand = Stand::private().await;
    let id = stand.announce("Boil your water.").await.id;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = listener.local_addr().unwrap();
    let answer = json!({
        "subject": format!("acct:ada@{home}"),
        "links": [{
            "rel": "http://ostatus.org/schema/1.0/subscribe",
            "template": format!("http://{home}/authorize_interaction?uri={{uri}}"),
        }],
    });
    let webfinger = get(|uri: axum::http::Uri| async move {
        let known = uri.query().is_some_and(|query| query.contains("ada"));
        let mut response = axum::Json(answer).into_response();
        if !known {
            *response.status_mut() = StatusCode::NOT_FOUND;
        }
        response
    });
    let router = axum::Router::new().route("/.well-known/webfinger", webfinger);
    #[expect(clippy::disallowed_methods, reason = "the test stops it itself")]
    let server = tokio::spawn(async move { axum::serve(listener, router).await });

    let follow = stand
        .submit("/@water/follow", &format!("address=%40ada%40{home}"))
        .await;
    assert_eq!(follow.status, StatusCode::SEE_OTHER, "{}", follow.text());
    let location = follow.header("location").to_owned();
    assert!(
        location.starts_with(&format!("http://{home}/authorize_interaction?uri=http")),
        "{location}"
    );
    assert!(location.contains("agencies"));
    assert_eq!(follow.header("cache-control"), "no-store");
    let reply = stand
        .submit(
            &format!("/@water/{id}/reply"),
            &format!("address=ada%40{home}"),
        )
        .await;
    assert!(reply.header("location").contains("announcements"));
    let unknown = stand
        .submit("/@water/follow", &format!("address=bob%40{home}"))
        .await;
    assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unknown.text().contains("knows nobody by this address"));
    server.abort();
    let form = stand.browse("/@water/follow").await;
    assert!(form.header("content-security-policy").contains("http:"));
}

#[tokio::test]
async fn the_form_says_what_is_wrong_and_bears_so_much() {
    let stand = Stand::new().await;
    for (typed, sentence) in [
        ("address=", "Please give your address"),
        ("address=%3Cscript%3E", "is not an address"),
        (
            "address=ada%40social.city.example",
            "does not say how to open",
        ),
        ("address=ada%40127.0.0.1", "did not answer"),
    ] {
        let answer = stand.submit("/@water/follow", typed).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{typed}");
        assert!(
            answer.text().contains(sentence),
            "{typed}: {}",
            answer.text()
        );
        assert!(!answer.text().contains("<script>"), "{typed}");
    }
    let ask = |client: [u8; 4]| {
        let mut request = Request::post("/@water/follow")
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from("address="))
            .unwrap();
        request
            .extensions_mut()
            .insert(ClientAddress(client.into()));
        stand.send(request)
    };
    for _ in 0..10 {
        assert_eq!(
            ask([192, 0, 2, 1]).await.status,
            StatusCode::UNPROCESSABLE_ENTITY
        );
    }
    let refused = ask([192, 0, 2, 1]).await;
    assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(refused.header("retry-after"), "60");
    assert!(refused.text().contains("Too many requests"));
    assert_eq!(
        ask([192, 0, 2, 2]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
    stand.clock.advance(Duration::from_secs(60));
    assert_eq!(
        ask([192, 0, 2, 1]).await.status,
        StatusCode::UNPROCESSABLE_ENTITY
    );
}
