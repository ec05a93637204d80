//! A real server, a fresh database and a small fediverse around it.
//!
//! Nothing here sleeps, retries or looks at the machine's clock: workers are driven by hand, time is moved by hand.

mod citizen;
mod database;
mod letter;
mod peer;
mod server;
mod staff;
mod tls;

pub(crate) use self::citizen::Citizen;
pub(crate) use self::database::{Database, Texts, left_out, texts};
pub(crate) use self::letter::Letter;
pub(crate) use self::peer::{Answer, Peer};
pub(crate) use self::server::{Leftover, Reply, TestServer};
pub(crate) use self::staff::{content, says, says_in_posts};
pub(crate) use self::tls::AUTHORITY;

/// Runs a test against a server on SQLite and against one on PostgreSQL: `…::on_sqlite` and `…::on_postgres`. At the
/// end nothing may be left to do, and nobody may have asked a peer for something that it did not expect.
macro_rules! on_both {
    ($($(#[$doc:meta])* async fn $name:ident($server:ident: &TestServer) $body:block)+) => {$(
        $(#[$doc])*
        async fn $name($server: &TestServer) $body

        mod $name {
            use crate::harness::TestServer;

            #[tokio::test]
            async fn on_sqlite() {
                let server = TestServer::start(crate::harness::Database::sqlite()).await;
                super::$name(&server).await;
                server.finish().await;
            }

            #[tokio::test]
            async fn on_postgres() {
                let Some(database) = crate::harness::Database::postgres() else { return };
                let server = TestServer::start(database).await;
                super::$name(&server).await;
                server.finish().await;
            }
        }
    )+};
}
pub(crate) use on_both;
