//! A city to look at: a real server with three agencies, a second one with the citizens who answer them, and a third,
//! the county's, which is a witness for the city's records as the city is for the county's.
//!
//! Agencies speak through the use cases that the command line calls; all that citizens do arrives over HTTP, signed.

mod citizens;
mod county;
mod pictures;
mod place;
mod script;
mod stage;

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use self::citizens::{Address, Citizens};
use self::place::{Found, Place};
use super::{Bound, Server, Tasks, listener};
use crate::kernel::SystemClock;
use crate::platform::config::Config;

/// How long the citizens' server may take to answer what it was asked before it ends.
const PATIENCE: Duration = Duration::from_secs(5);

/// Says what happens, one line at a time.
pub type Say<'a> = &'a (dyn Fn(&str) + Send + Sync);

/// All servers, answering.
#[derive(Debug)]
pub struct Demo {
    config: Config,
    server: Server,
    county_config: Config,
    county: Server,
    citizens: Citizens,
    citizens_tasks: Tasks,
    address: Address,
    place: Place,
}

impl Demo {
    /// Starts the servers on what is in `folder`, or anew at `port` or the next that is free (0: any).
    pub async fn start(folder: &Path, port: u16, say: Say<'_>) -> anyhow::Result<Self> {
        let mut place = match Place::find(folder, port)? {
            Found::Known(place) => {
                say(&format!("Continuing what is in {}.", folder.display()));
                place
            }
            Found::New(place) => {
                if port != 0 && place.city_port != port {
                    say(&format!(
                        "Port {port} is taken; taking {} instead.",
                        place.city_port
                    ));
                }
                say(&format!("Building a city in {}.", folder.display()));
                place
            }
        };
        county::introduce(&mut place, say).await?;
        let (config, county_config) = (county::city(&place)?, county::county(&place)?);
        let address = Address {
            authority: format!("localhost:{}", place.citizens_port),
        };
        let file = place.folder().join("citizens.json");
        let city = format!("http://localhost:{}", place.city_port);
        let citizens = Citizens::open(file, address.clone(), city, Arc::new(SystemClock)).await?;
        // The citizens first: what waits to be delivered to them finds them there.
        let citizens_tasks = Tasks::new();
        let bound = Bound::to(loopback(place.citizens_port)).await?;
        citizens_tasks.own(
            "citizens",
            listener::serve(
                bound,
                citizens::routes(citizens.clone()),
                config.trusted_proxies.clone(),
                citizens_tasks.stopping(),
            ),
        );
        let county = Server::start(&county_config).await?;
        let server = Server::start(&config).await?;
        Ok(Self {
            config,
            server,
            county_config,
            county,
            citizens,
            citizens_tasks,
            address,
            place,
        })
    }

    /// Lets everything in the script happen that has not happened yet.
    pub async fn set_up(&mut self, say: Say<'_>) -> anyhow::Result<()> {
        if self.place.finished {
            return Ok(());
        }
        stage::play(&self.server.services, &self.citizens, &mut self.place, say).await
    }

    /// The agencies' pages: `http://localhost:8080/`
    pub fn city(&self) -> String {
        format!("{}/", self.server.services.site.base())
    }

    /// The county's pages, on its own server.
    pub fn county(&self) -> String {
        format!("{}/", self.county.services.site.base())
    }

    /// The citizens' pages.
    pub fn citizens(&self) -> String {
        format!("{}/", self.address.base())
    }

    /// Ends all servers, the agencies' first.
    pub async fn stop(self) {
        self.server.stop(&self.config).await;
        self.county.stop(&self.county_config).await;
        self.citizens_tasks.stop(PATIENCE).await;
    }
}

fn loopback(port: u16) -> SocketAddr {
    (Ipv4Addr::LOCALHOST, port).into()
}
