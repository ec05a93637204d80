//! What kind of server this is, for statistics and clients (`NodeInfo`).
//!
//! The schema allows no other keys than these, outside `metadata`.

use serde_json::{Value, json};

use super::view::ServerView;

/// `/nodeinfo/2.0`; clients know the path by heart.
pub fn nodeinfo_2_0(server: &ServerView) -> Value {
    nodeinfo("2.0", &software(server), server)
}

/// `/nodeinfo/2.1`, which says where the source is.
pub fn nodeinfo_2_1(server: &ServerView) -> Value {
    let mut software = software(server);
    if let (Some(map), Some(repository)) = (software.as_object_mut(), &server.repository) {
        map.insert("repository".to_owned(), json!(repository));
    }
    nodeinfo("2.1", &software, server)
}

fn software(server: &ServerView) -> Value {
    json!({"name": "actapub", "version": server.version})
}

fn nodeinfo(version: &str, software: &Value, server: &ServerView) -> Value {
    json!({
        "version": version,
        "software": software,
        "protocols": ["activitypub"],
        "services": {"inbound": [], "outbound": ["atom1.0", "rss2.0"]},
        "openRegistrations": false,
        "usage": {
            "users": {
                "total": server.agencies,
                "activeMonth": server.active_month,
                "activeHalfyear": server.active_half_year,
            },
            "localPosts": server.announcements,
            "localComments": server.replies,
        },
        "metadata": {"nodeName": server.name, "nodeDescription": server.description},
    })
}
