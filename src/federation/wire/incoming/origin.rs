//! Which server a URL belongs to: what it says counts only for that server.

use std::net::Ipv4Addr;

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
pub(super) fn plain_origin(uri: &str) -> Option<&str> {
    let start = if uri.starts_with("https://") {
        8
    } else {
        uri.starts_with("http://").then_some(7)?
    };
    let rest = uri.get(start..)?;
    let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..length)?;
    is_plain_authority(authority).then_some(())?;
    uri.get(..start + length)
}

/// A name in small ASCII letters or an IPv4 address as it is usually written, and perhaps a port.
fn is_plain_authority(authority: &str) -> bool {
    let (host, port) = match authority.split_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    };
    let is_port =
        |port: &str| port.bytes().all(|b| b.is_ascii_digit()) && port.parse::<u16>().is_ok();
    let is_name = || {
        // A name whose end looks like a number is read as an address, and one in Punycode is decoded.
        host.rsplit('.')
            .next()
            .is_some_and(|last| last.starts_with(|c: char| c.is_ascii_lowercase()))
            && !host.contains("xn--")
            && host
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'.' | b'-'))
    };
    port.is_none_or(is_port) && (is_name() || host.parse::<Ipv4Addr>().is_ok())
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

    #[test]
    fn what_is_plain_is_what_the_parser_makes_of_it() {
        let mut plain = 0;
        for authority in [
            "city.example",
            "a-b.example",
            "-a.example",
            "a..example",
            ".example",
            "example.",
            "localhost",
            "a.b1",
            "a.1",
            "a.0x1",
            "0x7f.1",
            "127.0.0.1",
            "127.0.0.1:3000",
            "127.1",
            "127.0.0.01",
            "256.0.0.1",
            "1",
            "",
            "city.example:8443",
            "city.example:",
            "city.example:443",
            "city.example:65536",
            "city.example:+1",
            "city.example:a",
            "a:1:2",
            "xn--nxasmq6b.example",
            "xn--a.example",
            "b.xn--zz",
            "City.example",
            "city_hall.example",
            "me@city.example",
            "[::1]",
            "a%2eb.example",
            "\u{e4}.example",
        ] {
            for scheme in ["http", "https"] {
                let text = format!("{scheme}://{authority}/path");
                let Some(origin) = plain_origin(&text) else {
                    continue;
                };
                plain += 1;
                let url = Url::parse(&text).unwrap();
                let default = if scheme == "http" { ":80" } else { ":443" };
                let expected = origin.strip_suffix(default).unwrap_or(origin);
                assert_eq!(&url[..url::Position::AfterPort], expected, "{text}");
            }
        }
        assert_eq!(plain, 2 * 11);
    }
}
