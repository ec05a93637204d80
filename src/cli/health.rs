//! `actapub health`: asks the server on this machine how it is, for containers and supervisors.

use std::io::{Read as _, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context as _, bail};

use crate::platform::config::Sources;

use super::config;
use super::output;

/// How long any one step may take; a supervisor's own patience is usually a little longer.
const PATIENCE: Duration = Duration::from_secs(4);

#[derive(Debug, clap::Args)]
pub(super) struct Health {
    /// Ask only whether the process answers, not whether its database does
    #[arg(long)]
    live: bool,
}

pub(super) fn run(health: &Health, sources: Sources) -> anyhow::Result<()> {
    let config = config::load(sources)?.config;
    let path = if health.live {
        "/health/live"
    } else {
        "/health/ready"
    };
    let status = ask(within_reach(config.listen), path)?;
    if status == 200 {
        output::text("good\n")
    } else {
        bail!("the server answers {path} with {status}")
    }
}

/// Who listens on every address listens on loopback too.
fn within_reach(listen: SocketAddr) -> SocketAddr {
    let ip = match listen.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listen.port())
}

/// The status of one plain request (RFC 9112). The guarded client for other servers would refuse loopback.
fn ask(server: SocketAddr, path: &str) -> anyhow::Result<u16> {
    let answer = || {
        let mut stream = TcpStream::connect_timeout(&server, PATIENCE)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        let request = format!("GET {path} HTTP/1.1\r\nhost: {server}\r\nconnection: close\r\n\r\n");
        stream.write_all(request.as_bytes())?;
        // `HTTP/1.1 200`
        let mut start = [0; 12];
        stream.read_exact(&mut start)?;
        std::io::Result::Ok(start)
    };
    let start = answer().with_context(|| format!("no server answers on {server}"))?;
    std::str::from_utf8(&start)
        .ok()
        .and_then(|start| start.strip_prefix("HTTP/1.1 ")?.parse().ok())
        .with_context(|| format!("what answers on {server} is not an HTTP server"))
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;

    use super::*;

    #[test]
    fn the_servers_status_is_what_counts() {
        for (answer, status) in [
            ("HTTP/1.1 200 OK\r\n\r\n", Some(200)),
            ("HTTP/1.1 503 Service Unavailable\r\n\r\n", Some(503)),
            ("SSH-2.0-OpenSSH_9\r\n", None),
            ("", None),
        ] {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let address = listener.local_addr().unwrap();
            let server = std::thread::spawn(move || {
                let (mut stream, _) = listener.accept().unwrap();
                let mut request = [0; 1024];
                let length = stream.read(&mut request).unwrap();
                stream.write_all(answer.as_bytes()).unwrap();
                String::from_utf8_lossy(&request[..length]).into_owned()
            });
            assert_eq!(ask(address, "/health/ready").ok(), status, "{answer}");
            assert!(
                server
                    .join()
                    .unwrap()
                    .starts_with("GET /health/ready HTTP/1.1\r\n")
            );
        }
    }

    #[test]
    fn a_server_on_all_addresses_is_asked_on_loopback() {
        let reached = |listen: &str| within_reach(listen.parse().unwrap()).to_string();
        assert_eq!(reached("0.0.0.0:8080"), "127.0.0.1:8080");
        assert_eq!(reached("[::]:8080"), "[::1]:8080");
        assert_eq!(reached("192.0.2.1:80"), "192.0.2.1:80");
    }
}
