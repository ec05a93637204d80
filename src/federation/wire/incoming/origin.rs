//! Which server a URL belongs to: what it says counts only for that server.

use url::Url;

/// Host and port of a URL as written there, lower case: `example.social`, `localhost:8080`.
pub fn authority(uri: &str) -> Option<String> {
    let url = Url::parse(uri).ok()?;
    let host = url.host_str()?;
    Some(match url.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    })
}

/// Whether two URLs have scheme, host and port in common (FEP-fe34).
pub fn same_origin(one: &str, other: &str) -> bool {
    // Asked several times for each activity; nearly always both are written alike.
    if let (Some(one), Some(other)) = (plain_origin(one), plain_origin(other))
        && one == other
    {
        return true;
    }
    match (Url::parse(one), Url::parse(other)) {
        (Ok(one), Ok(other)) => {
            let origin = one.origin();
            origin.is_tuple() && origin == other.origin()
        }
        _ => false,
    }
}

/// Scheme and authority of a URL that is written so simply that there is nothing to normalise.
fn plain_origin(uri: &str) -> Option<&str> {
    let start = if uri.starts_with("https://") {
        8
    } else {
        uri.starts_with("http://").then_some(7)?
    };
    let rest = uri.get(start..)?;
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..length)?;
    let is_plain = authority
        .bytes()
        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-' | b':'));
    (is_plain && authority.starts_with(|c: char| c.is_ascii_lowercase())).then_some(())?;
    uri.get(..start + length)
}

/// Whether two URLs have host and port in common, whatever their schemes.
pub fn same_authority(one: &str, other: &str) -> bool {
    authority(one).is_some_and(|one| Some(one) == authority(other))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_scheme_host_and_port() {
        assert!(same_origin(
            "https://A.example:443/x",
            "https://a.example/y#z"
        ));
        assert!(same_origin("https://a.example/x", "https://a.example/y"));
        assert!(!same_origin(
            "https://a.example@b.example/",
            "https://a.example/"
        ));
        for other in [
            "http://a.example/",
            "https://a.example:8443/",
            "https://a.example.evil/",
            "data:text/html,x",
            "nonsense",
        ] {
            assert!(!same_origin("https://a.example/", other), "{other}");
        }
        assert!(!same_origin("data:a", "data:a"));
        assert_eq!(
            authority("http://Localhost:8080/x"),
            Some("localhost:8080".to_owned())
        );
    }
}
