//! The settings themselves: name, kind, default, example and meaning of each, in one table.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use lettre::message::Mailbox;
use oxilangtag::LanguageTag;
use url::Url;

use super::addresses::{DatabaseUrl, ExtraCa, HandleDomain, WebAddress};
use super::defaults;
use super::mail::MailServer;
use super::setting::Absent::{Follows, Is, Means};
use super::setting::{Setting, Value, settings};
use super::sources::Values;
use super::values::{
    Count, Disclosure, GroupGrants, Items, LogFormat, LogLevel, Networks, RecordTimes,
    RetentionProfile, Size,
};
use crate::kernel::Secret;

settings! {
    /// How one server is set up.
    Config {
        /// The address under which citizens and other servers reach this one. Every id that is given out begins
        /// with it, so it cannot be changed any more once there is an agency here. The database remembers it: commands
        /// that are started without it take what the server has.
        url: Url = Follows(defaults::url, "`http://localhost` with the port of `listen`"), like "https://social.city.gov";
        /// The domain in the agencies' handles, if it is not the host of `url`: with `city.gov` an agency is
        /// `@water@city.gov`, while its pages stay on `social.city.gov`. The web server of that domain has to pass
        /// `/.well-known/webfinger` and `/.well-known/host-meta` on to this one. It cannot be changed later either.
        handle_domain: Option<HandleDomain> = Means("handles carry the host of `url`"), like "city.gov";
        /// The address and port to listen on. The default is for a reverse proxy on the same machine; in a container,
        /// or with the proxy elsewhere, listen on `0.0.0.0:8080` or `[::]:8080`. TLS is the proxy's work.
        listen: SocketAddr = Is("127.0.0.1:8080"), like "0.0.0.0:8080";
        /// The directory that holds the SQLite database. It is made if it is not there.
        data: PathBuf = Is("data"), like "/var/lib/actapub";
        /// Where the database is. One file is enough for one server process; PostgreSQL (15 or later) lets several
        /// share the work.
        database: DatabaseUrl = Follows(defaults::database, "`actapub.db` in `data`"), like "postgres://actapub@localhost/actapub";
        /// How many connections a process keeps to PostgreSQL. SQLite takes no notice of it.
        database_connections: Count = Is("16"), like "32";
        /// The proxies in front of this server, whose `X-Forwarded-For` is believed. Everybody else's is ignored.
        trusted_proxies: Networks = Is("127.0.0.0/8, ::1"), like "10.0.0.0/8, fd00::/8";
    }

    /// What the server says of itself on its front page, its about page and in NodeInfo.
    about: About {
        /// The server's name.
        name: String = Follows(defaults::name, "the domain in the handles"), like "City of Springfield";
        /// What the server is for, in Markdown.
        summary: Option<String> = Means("no introduction"), like "The city's agencies, in the open.";
        /// Whom to turn to: an e-mail address or a web address.
        contact: Option<String> = Means("no contact is named"), like "press@city.gov";
        /// The language of the server's own pages.
        language: LanguageTag<String> = Is("en"), like "de-CH";
        /// Where the source of the program that runs here is offered: the licence (AGPL, section 13) asks that everybody
        /// who uses it over a network can get it. Whoever runs a changed version names its source here.
        source: WebAddress = Is(env!("CARGO_PKG_REPOSITORY")), like "https://git.city.gov/actapub";
    }

    /// How this server deals with others.
    federation: Federation {
        /// Permits `http:`, loopback and private addresses of other servers. For trials on one machine or one test
        /// network: refused unless `url` is loopback or ends in `.test` or `.localhost`.
        allow_private: bool = Is("false"), like "true";
        /// Certificate authorities that are trusted besides those of the web, as a PEM file.
        extra_ca: Option<ExtraCa> = Means("only those of the web"), like "/etc/actapub/ca.pem";
        /// How long to wait for a connection to another server.
        connect_timeout: Duration = Is("5s"), like "10s";
        /// How long one request to another server may take in all, redirects included.
        timeout: Duration = Is("10s"), like "30s";
        /// How large a document fetched from another server may be.
        fetch_size: Size = Is("1MiB"), like "2MiB";
        /// How many fetches run at the same time.
        fetches: Count = Is("64"), like "16";
        /// How many unknown posts above a citizen's reply are fetched to find the announcement it belongs to.
        ancestors: Count = Is("20"), like "50";
    }

    /// What is too much.
    limits: Limits {
        /// How large the body of a request may be, an activity in an inbox included.
        body: Size = Is("1MiB"), like "2MiB";
        /// How long a request may take until its answer begins.
        request_timeout: Duration = Is("30s"), like "1m";
        /// How many requests are worked on at the same time; further ones wait.
        requests: Count = Is("512"), like "128";
        /// How long the server waits for what is in flight when it is told to stop.
        shutdown_timeout: Duration = Is("20s"), like "1m";
        /// How many characters an announcement may have.
        text: Count = Is("5000"), like "10000";
        /// How many characters the long text of an announcement may have, which stands on a page of its own.
        article: Count = Is("100000"), like "50000";
        /// From how many characters on the author is warned that many readers' servers fold a text of this length.
        text_warning: Count = Is("500"), like "1000";
        /// How many pictures an announcement may have. Other servers show four.
        images: Count = Is("4"), like "2";
        /// How large a picture's file may be.
        image_size: Size = Is("16MiB"), like "8MiB";
        /// How many pixels a picture may have.
        image_pixels: Count = Is("33177600"), like "16777216";
    }

    /// How activities that arrive are processed.
    inbox: Inbox {
        /// How often an activity is tried before it is set aside; eight tries take about a day and a half.
        attempts: Count = Is("8"), like "12";
        /// How long an activity's bytes and signature are kept once it is processed.
        keep: Duration = Is("30d"), like "90d";
    }

    /// How activities go out.
    delivery: Delivery {
        /// How many deliveries run at the same time, without those to servers that are slow.
        concurrency: Count = Is("256"), like "64";
        /// How many deliveries run at the same time to one host.
        per_host: Count = Is("8"), like "4";
    }

    /// The public record of each agency (docs/ARCHIVE.md).
    record: Record {
        /// A directory of its own for the private keys that sign the record's checkpoints, outside the database and its
        /// backups. Set it before there is an agency; it is made if it is not there.
        keys: Option<PathBuf> = Means("the keys stand in the database"), like "/var/lib/actapub/record-keys";
        /// The rules by which a checkpoint counts as witnessed, as a file (c2sp.org/tlog-policy): which witnesses, and how
        /// many of them.
        policy: Option<PathBuf> = Means("no witness is asked"), like "/etc/actapub/witnesses.policy";
        /// For whose logs this server is a witness: a file with a line `log` and a verifier key for each.
        witness_for: Option<PathBuf> = Means("it is a witness for nobody"), like "/etc/actapub/witnessed.policy";
        /// How exactly the record tells when citizens said something. The minute makes it harder to tell people apart
        /// by when they wrote.
        citizen_times: RecordTimes = Is("minute"), like "second";
        /// Who may see what opens the commitments of citizens' entries: `restricted` to their authors, the staff, and
        /// auditors with a grant, or the `public`, for what is shown in public.
        disclosure: Disclosure = Is("restricted"), like "public";
        /// Whether who replies in public is sent, once for each conversation, a private message with the link that opens
        /// their entry in the record. Whoever answers STOP gets no more of them.
        receipts: bool = Is("false"), like "true";
        /// The licence under which the record stands for everybody, as a web address: its leaves, tiles, checkpoints and
        /// proofs, and what the agencies themselves state in it. The daily dump and exports name it. What citizens say
        /// stays theirs.
        licence: WebAddress = Is("https://creativecommons.org/publicdomain/zero/1.0/"), like "https://creativecommons.org/licenses/by/4.0/";
        /// Which rules say how long what citizens delete is kept before it is destroyed: `neutral` and `eu` destroy it at
        /// once, `us-federal` after 90 days, `us-state` after three years. It is hidden at once in any case.
        profile: RetentionProfile = Is("neutral"), like "eu";
        /// How long what citizens delete is kept, if not as the profile says; `0s` is at once.
        keep_deleted: Option<Duration> = Means("as the profile says"), like "30d";
        /// After how long private messages and reports are disposed of.
        keep_correspondence: Option<Duration> = Means("they are kept"), like "1095d";
        /// After how long public replies are disposed of.
        keep_replies: Option<Duration> = Means("they are kept"), like "3650d";
    }

    /// Signing in by way of an OpenID provider, and the roles that its groups give (docs/OPERATIONS.md).
    oidc: Oidc {
        /// The provider: the address below which `/.well-known/openid-configuration` stands.
        issuer: Option<WebAddress> = Means("nobody signs in that way"), like "https://login.city.gov/realms/staff";
        /// The name under which the provider knows this server. It sends people back to
        /// `/console/sign-in/openid/callback` of `url`.
        client_id: Option<String> = Means("there has to be one, if there is an issuer"), like "actapub";
        /// What this server shows to the provider. Keep it out of a file that everybody may read.
        client_secret: Option<Secret<String>> = Means("a public client, whom PKCE protects"), like "correct-horse";
        /// A file that holds the secret, instead of `client_secret`.
        client_secret_file: Option<PathBuf> = Means("see `client_secret`"), like "/run/secrets/oidc";
        /// What the provider is asked for.
        scopes: Items = Is("openid, profile, email"), like "openid, profile, email, groups";
        /// The claim in which the provider lists somebody's groups; dots lead into it, as in `realm_access.roles`.
        groups_claim: String = Is("groups"), like "realm_access.roles";
        /// What groups make of those who are in them: `GROUP=AGENCY:ROLE`, or `GROUP=operator`. Whoever is in none of these
        /// groups is let in only with a role that was given by hand.
        groups: Option<GroupGrants> = Means("groups give nothing"), like "press=water:author, heads=water:approver, it=operator";
        /// What the way is called on the page where people sign in.
        label: String = Is("OpenID Connect"), like "the city's login";
        /// How long what the provider has said counts: whoever is taken out of a group has no access any more after this.
        recheck: Duration = Is("15m"), like "1h";
        /// Whether passwords let people in as well. Passkeys do in any case, and nobody but the provider those to whom a
        /// group gives anything.
        passwords: bool = Is("true"), like "false";
        /// Permits a provider with a private address, or with `http:`.
        allow_private: bool = Is("false"), like "true";
    }

    /// Letters to the staff: invitations, and links for a new password. Citizens are sent none.
    mail: Mail {
        /// The mail server, with user and password if it wants them. `smtps:` is TLS from the first byte; with `smtp:` the
        /// server has to offer STARTTLS, unless it is on this machine. Signs like `@` and `:` in a password are written as
        /// `%40` and `%3A`.
        server: Option<MailServer> = Means("no letters are sent; links are shown to whoever makes them"), like "smtps://actapub:correct-horse@mail.city.gov";
        /// The same in a file that only this server can read.
        server_file: Option<PathBuf> = Means("see `server`"), like "/run/secrets/mail";
        /// From whom the letters are.
        from: Option<Mailbox> = Means("there has to be somebody, if there is a server"), like "City of Springfield <desk@city.gov>";
    }

    /// What is logged, to the standard error output.
    log: Log {
        /// How log lines look.
        format: LogFormat = Is("human"), like "json";
        /// What is logged: a level, or several by module and separated by commas.
        level: LogLevel = Is("info"), like "info,actapub::federation=debug";
    }

    /// Figures for Prometheus.
    metrics: Metrics {
        /// An address and port of its own for `/metrics`, which must not be reachable from outside.
        listen: Option<SocketAddr> = Means("no metrics are served"), like "127.0.0.1:9090";
    }
}
