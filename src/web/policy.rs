//! What a browser may do with our pages: almost nothing but show them.

/// `Content-Security-Policy` of every page. A form may lead to the citizen's own server, hence `https:`.
pub const PAGE: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https:; base-uri 'none'; frame-ancestors 'none'";

/// The same where plain HTTP is permitted between servers (`federation.allow_private`).
pub const PAGE_ON_PRIVATE_NETWORK: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self' https: http:; base-uri 'none'; frame-ancestors 'none'";

/// Of the embedded form of an announcement, which any page may frame and which can do even less.
pub const EMBED: &str = "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors *";

/// Of an entry of the record: a script of ours may check it, with files of ours.
pub const CHECKING: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Of the console: a script of ours makes it quicker, and shows a picture before it is sent.
pub const CONSOLE: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// Further headers of every page.
pub const HEADERS: [(&str, &str); 4] = [
    ("x-content-type-options", "nosniff"),
    // A citizen's server need not learn which page they came from.
    ("referrer-policy", "no-referrer"),
    (
        "permissions-policy",
        "camera=(), geolocation=(), microphone=(), browsing-topics=()",
    ),
    ("cross-origin-opener-policy", "same-origin"),
];
