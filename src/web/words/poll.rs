//! What is said about polls.

pub const POLL: &str = "Poll";
pub const SEVERAL: &str = "several choices allowed";
pub const ENDS: &str = "ends";
pub const ENDED: &str = "ended";
pub const HOW: &str =
    "Vote from your own server: look this announcement up there, or follow the agency.";
pub const NOT_SECRET: &str = "This is not a secret ballot: the server you vote from knows what you chose, and this one is \
     told. It keeps who has voted until shortly after the end, to count everybody once, and then only the numbers.";

pub fn votes(votes: u64, all: u64) -> String {
    let percent = (votes * 100 + all / 2).checked_div(all).unwrap_or(0);
    format!("{} ({percent} %)", super::number(votes))
}

pub fn voters(count: u64) -> String {
    super::counted(count, "person has voted", "people have voted")
}
