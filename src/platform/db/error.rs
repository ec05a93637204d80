//! What can go wrong between us and a database, in words for whoever runs the server.

use diesel::result::DatabaseErrorKind;

#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("no such record")]
    NotFound,
    #[error("that is there already")]
    Taken,
    #[error("the database refused: {0}")]
    Query(#[source] diesel::result::Error),
    #[error("a stored value makes no sense: {0}")]
    Corrupt(&'static str),
    #[error("the database gave no answer: {0}")]
    Unavailable(String),
    #[error("cannot open the database: {0}")]
    Open(String),
    #[error("{0} is not a backup of Actapub")]
    NotABackup(String),
    #[error(
        "this database was written by a newer Actapub (migration {0}); upgrade, or restore a backup of this version's"
    )]
    Newer(String),
    #[error("cannot bring the database up to date: {0}")]
    Migrate(String),
}

impl Error {
    /// Whether trying again soon may help: no answer, a lock, a full disk.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unavailable(_) | Self::Query(_) => true,
            Self::NotFound
            | Self::Taken
            | Self::Corrupt(_)
            | Self::Open(_)
            | Self::NotABackup(_)
            | Self::Newer(_)
            | Self::Migrate(_) => false,
        }
    }
}

impl From<diesel::result::Error> for Error {
    fn from(error: diesel::result::Error) -> Self {
        match error {
            diesel::result::Error::NotFound => Self::NotFound,
            diesel::result::Error::DatabaseError(DatabaseErrorKind::UniqueViolation, _) => {
                Self::Taken
            }
            diesel::result::Error::DatabaseError(
                DatabaseErrorKind::UnableToSendCommand | DatabaseErrorKind::ClosedConnection,
                why,
            ) => Self::Unavailable(why.message().to_owned()),
            other => Self::Query(other),
        }
    }
}

impl From<diesel::ConnectionError> for Error {
    fn from(error: diesel::ConnectionError) -> Self {
        Self::Open(error.to_string())
    }
}
