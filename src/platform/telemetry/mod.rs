//! What the server says of itself while it runs: log lines and figures, never anybody's words or name.

mod logging;
mod metrics;

pub use self::logging::{AlreadySet, log_panics, start_logging};
pub use self::metrics::{
    DatabaseMetrics, DeliveryMetrics, FetchMetrics, HttpMetrics, InboxMetrics, LogFigures,
    METRICS_CONTENT_TYPE, Metrics, RecordMetrics,
};
