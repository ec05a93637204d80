//! What happened to the record, in the words of archives: PREMIS 3 events (Library of Congress).

use std::io::{self, Write};

use crate::archive::kind::{By, Kind};

/// XML's own characters escaped, and those left out that XML cannot hold.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            c if c.is_control() => {}
            c => safe.push(c),
        }
    }
    safe
}

/// The beginning: the record itself.
pub(super) fn begin(out: &mut dyn Write, record: &str, agency: &str) -> io::Result<()> {
    let (record, agency) = (escaped(record), escaped(agency));
    writeln!(
        out,
        r#"<?xml version="1.0" encoding="UTF-8"?>
<premis xmlns="http://www.loc.gov/premis/v3" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" version="3.0">
<object xsi:type="intellectualEntity"><objectIdentifier><objectIdentifierType>URL</objectIdentifierType><objectIdentifierValue>{record}</objectIdentifierValue></objectIdentifier><originalName>The public record of {agency}</originalName></object>"#
    )
}

/// An entry: `time` as its leaf has it, and the entry that it refers to.
pub(super) fn event(
    out: &mut dyn Write,
    record: &str,
    index: u64,
    kind: Kind,
    time: &str,
    refers_to: Option<u64>,
) -> io::Result<()> {
    let record = escaped(record);
    let object = refers_to.map_or_else(|| record.clone(), |index| format!("{record}/{index}"));
    // XML's times have seconds: where the record tells the minute only, they are none.
    let time = match time.strip_suffix('Z') {
        Some(minute) if minute.len() == "2026-11-24T12:00".len() => format!("{minute}:00Z"),
        _ => time.to_owned(),
    };
    writeln!(
        out,
        "<event><eventIdentifier><eventIdentifierType>URL</eventIdentifierType><eventIdentifierValue>{record}/{index}</eventIdentifierValue></eventIdentifier><eventType>{}</eventType><eventDateTime>{}</eventDateTime><eventDetailInformation><eventDetail>{}</eventDetail></eventDetailInformation><linkingAgentIdentifier><linkingAgentIdentifierType>local</linkingAgentIdentifierType><linkingAgentIdentifierValue>{}</linkingAgentIdentifierValue></linkingAgentIdentifier><linkingObjectIdentifier><linkingObjectIdentifierType>URL</linkingObjectIdentifierType><linkingObjectIdentifierValue>{object}</linkingObjectIdentifierValue></linkingObjectIdentifier></event>",
        kind_of_event(kind),
        escaped(&time),
        kind.name(),
        kind.by().name(),
    )
}

/// In the vocabulary of the Library of Congress as far as it has a word.
const fn kind_of_event(kind: Kind) -> &'static str {
    match kind {
        Kind::AgencyCreated | Kind::AnnouncementPublished | Kind::MessageAnswered => "creation",
        Kind::AgencyChanged
        | Kind::AnnouncementEdited
        | Kind::ReplyEdited
        | Kind::MessageEdited => "modification",
        Kind::ReplyReceived | Kind::MessageReceived | Kind::ReportReceived => "capture",
        Kind::AnnouncementWithdrawn
        | Kind::ReplyDeleted
        | Kind::MessageDeleted
        | Kind::AnswerWithdrawn => "deaccession",
        Kind::RedactionDone | Kind::RetentionDisposed => "deletion",
        Kind::PollClosed => "closing",
        Kind::ExportMade => "information package creation",
        Kind::HoldPlaced
        | Kind::HoldReleased
        | Kind::RedactionOrdered
        | Kind::HouseRulesSet
        | Kind::EmergencyDeclared
        | Kind::PolicyChanged
        | Kind::WitnessAdded
        | Kind::LogResumed
        | Kind::QuoteAuthorised
        | Kind::QuoteRevoked => "policy assignment",
        Kind::KeysRotated
        | Kind::LogKeyRotated
        | Kind::AnnouncementPinned
        | Kind::AnnouncementUnpinned => "metadata modification",
        Kind::StaffAct => "administrative act",
    }
}

/// The end: who acts.
pub(super) fn end(out: &mut dyn Write, agency: &str) -> io::Result<()> {
    for (by, kind, name) in [
        (By::Agency, "organization", agency),
        (By::Citizen, "person", "citizens"),
        (By::Moderator, "person", "moderators"),
        (By::System, "software", "Actapub"),
    ] {
        writeln!(
            out,
            "<agent><agentIdentifier><agentIdentifierType>local</agentIdentifierType><agentIdentifierValue>{}</agentIdentifierValue></agentIdentifier><agentName>{}</agentName><agentType>{kind}</agentType></agent>",
            by.name(),
            escaped(name),
        )?;
    }
    writeln!(out, "</premis>")
}
