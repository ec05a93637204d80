//! Which addresses may be reached: the one guard that every outgoing request passes.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Longer addresses are refused: nothing on the fediverse needs them.
const LONGEST_URL: usize = 4096;

/// Names that never belong to a public server, whatever a resolver says (RFC 6761, RFC 6762, RFC 7686,
/// RFC 8375, RFC 9476, and ICANN's reservation of `internal`).
const PRIVATE_SUFFIXES: [&str; 13] = [
    "alt",
    "corp",
    "home",
    "home.arpa",
    "i2p",
    "internal",
    "intranet",
    "invalid",
    "lan",
    "local",
    "localhost",
    "onion",
    "test",
];

/// Who may be reached. One switch for every way out, so that none forgets it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Permits `http:`, loopback, and private networks and names: for tests and closed networks.
    pub allow_private: bool,
}

/// Why an address is not reached. The sentences name no address, for some name citizens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    #[error("the address is neither https nor, where that is allowed, http")]
    Scheme,
    #[error("the address carries a user name or password")]
    UserInfo,
    #[error("the address names no host")]
    NoHost,
    #[error("the address is longer than {LONGEST_URL} bytes")]
    TooLong,
    #[error("the host has a name that only private networks use")]
    PrivateName,
    #[error("the host is an address that is not public")]
    PrivateAddress,
    #[error("the address is this server's own")]
    Ourselves,
    #[error("the host's name leads only to addresses that are not public")]
    ResolvesToPrivate,
}

impl Reach {
    /// The public Internet, over TLS.
    pub const PUBLIC: Self = Self {
        allow_private: false,
    };

    /// Whether a connection to this address may be opened.
    pub fn permits_address(self, address: IpAddr) -> bool {
        self.allow_private || is_public(address)
    }

    /// Whether this URL may be asked for. Names are judged again once they are resolved, by
    /// [`super::Resolver`]; an address in place of a name never meets a resolver, so it is judged here.
    ///
    /// `url` has already turned decimal, octal and hexadecimal spellings into an address.
    pub fn permits_url(self, url: &Url) -> Result<(), Unreachable> {
        match url.scheme() {
            "https" => {}
            "http" if self.allow_private => {}
            _ => return Err(Unreachable::Scheme),
        }
        if url.as_str().len() > LONGEST_URL {
            return Err(Unreachable::TooLong);
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(Unreachable::UserInfo);
        }
        let address = match url.host().ok_or(Unreachable::NoHost)? {
            Host::Domain(name) => return self.permits_name(name),
            Host::Ipv4(address) => IpAddr::V4(address),
            Host::Ipv6(address) => IpAddr::V6(address),
        };
        if self.permits_address(address) {
            Ok(())
        } else {
            Err(Unreachable::PrivateAddress)
        }
    }

    fn permits_name(self, name: &str) -> Result<(), Unreachable> {
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.is_empty() {
            return Err(Unreachable::NoHost);
        }
        if self.allow_private {
            return Ok(());
        }
        let is_private = PRIVATE_SUFFIXES.iter().any(|suffix| {
            name.strip_suffix(suffix)
                .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
        });
        // A single label is a neighbour in the local network; no public server lives on a top-level domain.
        if is_private || !name.contains('.') {
            return Err(Unreachable::PrivateName);
        }
        Ok(())
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// What the IANA special-purpose registry leaves (RFC 6890 and its successors).
fn is_public_v4(address: Ipv4Addr) -> bool {
    let is_special = match address.octets() {
        // "This network", private, loopback; multicast, reserved, broadcast.
        [0 | 10 | 127 | 224..=255, ..] => true,
        // Shared by carriers (RFC 6598); link-local, among it the metadata services of clouds.
        [100, second, ..] => (64..=127).contains(&second),
        [169, second, ..] => second == 254,
        // Private.
        [172, second, ..] => (16..=31).contains(&second),
        // Private; protocol assignments, documentation, relays of 6to4.
        [192, second, third, _] => {
            second == 168 || matches!((second, third), (0, 0 | 2) | (88, 99))
        }
        // Benchmarking, documentation.
        [198, second, third, _] => matches!(second, 18 | 19) || (second, third) == (51, 100),
        [203, second, third, _] => (second, third) == (0, 113),
        _ => false,
    };
    !is_special
}

/// Only global unicast (`2000::/3`) is public, without the parts that are set aside in it. Two forms lead to an
/// IPv4 address, which decides: mapped (`::ffff:0:0/96`), and NAT64 (`64:ff9b::/96`), on which hosts without
/// IPv4 depend.
fn is_public_v6(address: Ipv6Addr) -> bool {
    match address.segments() {
        [0, 0, 0, 0, 0, 0xffff, high, low] | [0x0064, 0xff9b, 0, 0, 0, 0, high, low] => {
            is_public_v4(embedded(high, low))
        }
        // Teredo, benchmarking, ORCHID and other protocol assignments (2001::/23); documentation; 6to4, which
        // RFC 7526 retired.
        [0x2001, 0x0000..=0x01ff | 0x0db8, ..] | [0x3fff, 0x0000..=0x0fff, ..] | [0x2002, ..] => {
            false
        }
        [0x2000..=0x3fff, ..] => true,
        _ => false,
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    let [a, b] = high.to_be_bytes();
    let [c, d] = low.to_be_bytes();
    Ipv4Addr::new(a, b, c, d)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_that_are_not_public_are_refused_in_every_form() {
        for private in [
            "0.0.0.0",
            "0.1.2.3",
            "10.0.0.1",
            "100.64.0.1",
            "100.127.255.255",
            "127.0.0.1",
            "127.255.255.254",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.8",
            "192.0.2.1",
            "192.88.99.1",
            "192.168.0.1",
            "198.18.0.1",
            "198.19.255.255",
            "198.51.100.7",
            "203.0.113.7",
            "224.0.0.1",
            "239.255.255.255",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::7f00:1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::ffff:0:127.0.0.1",
            "64:ff9b::127.0.0.1",
            "64:ff9b::192.168.1.1",
            "64:ff9b:1::8.8.8.8",
            "100::1",
            "2001::1",
            "2001:0:7f00:1::",
            "2001:2::1",
            "2001:10::1",
            "2001:20::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "2002:c0a8:101::1",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd12:3456::1",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!is_public(private.parse().unwrap()), "{private}");
        }
    }

    #[test]
    fn public_addresses_are_reached() {
        for public in [
            "1.1.1.1",
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.17.0.1",
            "223.255.255.255",
            "2606:4700:4700::1111",
            "2a01:4f8::1",
            "2001:200::1",
            "::ffff:8.8.8.8",
            "64:ff9b::8.8.8.8",
        ] {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn urls_are_refused_with_a_reason() {
        let long = format!("https://mastodon.example/{}", "a".repeat(LONGEST_URL));
        for (url, reason) in [
            ("http://mastodon.example/", Unreachable::Scheme),
            ("ftp://mastodon.example/", Unreachable::Scheme),
            ("file:///etc/passwd", Unreachable::Scheme),
            ("https://me@mastodon.example/", Unreachable::UserInfo),
            ("https://:secret@mastodon.example/", Unreachable::UserInfo),
            (long.as_str(), Unreachable::TooLong),
            ("https://localhost/", Unreachable::PrivateName),
            ("https://LOCALHOST./", Unreachable::PrivateName),
            ("https://a.localhost/", Unreachable::PrivateName),
            ("https://printer.local/", Unreachable::PrivateName),
            ("https://abcdef.onion/", Unreachable::PrivateName),
            ("https://db.internal/", Unreachable::PrivateName),
            ("https://router.home.arpa/", Unreachable::PrivateName),
            ("https://peer.test/", Unreachable::PrivateName),
            ("https://intranet/", Unreachable::PrivateName),
            ("https://127.0.0.1/", Unreachable::PrivateAddress),
            ("https://2130706433/", Unreachable::PrivateAddress),
            ("https://0x7f000001/", Unreachable::PrivateAddress),
            ("https://0177.0.0.1/", Unreachable::PrivateAddress),
            ("https://127.1/", Unreachable::PrivateAddress),
            ("https://0/", Unreachable::PrivateAddress),
            ("https://１２７.０.０.１/", Unreachable::PrivateAddress),
            (
                "https://169.254.169.254/latest/",
                Unreachable::PrivateAddress,
            ),
            ("https://[::1]/", Unreachable::PrivateAddress),
            ("https://[::ffff:7f00:1]/", Unreachable::PrivateAddress),
            ("https://[fd00::1]/", Unreachable::PrivateAddress),
        ] {
            let url = Url::parse(url).unwrap();
            assert_eq!(Reach::PUBLIC.permits_url(&url), Err(reason), "{url}");
        }
    }

    #[test]
    fn ordinary_urls_pass_and_the_switch_opens_private_ones() {
        let open = Reach {
            allow_private: true,
        };
        for url in [
            "https://mastodon.example/users/1",
            "https://localhost.example.com:8443/",
            "https://8.8.8.8/",
        ] {
            assert_eq!(Reach::PUBLIC.permits_url(&Url::parse(url).unwrap()), Ok(()));
        }
        for url in [
            "http://127.0.0.1:3000/",
            "http://city.test/",
            "https://[::1]/",
        ] {
            assert_eq!(open.permits_url(&Url::parse(url).unwrap()), Ok(()));
        }
        let file = Url::parse("file:///etc/passwd").unwrap();
        assert_eq!(open.permits_url(&file), Err(Unreachable::Scheme));
    }
}
