//! The words every other module speaks: identifiers, time, text, addresses. No input, no output.

mod address;
mod clock;
mod cursor;
mod html;
mod ids;
mod plain;
mod secret;
mod site;
mod zone;

pub use self::address::{Acct, Handle, InvalidAddress};
pub use self::clock::{Clock, ManualClock, SystemClock, Timestamp};
pub use self::cursor::Cursor;
pub use self::html::SafeHtml;
pub use self::ids::{
    ActivityId, ActorId, AgencyId, AnnouncementId, AnswerId, DraftId, EmergencyId, ErasureId,
    EventId, ExportId, GrantId, HoldId, LogId, LogKeyId, MessageId, PasskeyId, PersonId, PolicyId,
    QueueItemId, QueueNoteId, QuoteId, ReplyId, ReportId, ResumptionId, SessionId, StaffLinkId,
    TemplateId, TrailId,
};
pub use self::plain::Plain;
pub use self::secret::Secret;
pub use self::site::Site;
pub use self::zone::{InvalidTime, Offset, Unclear, UnknownZone, WallTime, When, Zone};
