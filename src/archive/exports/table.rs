//! The list of what an export holds, as national archives ask for it: a line for each file or record, with the fields
//! divided by `|` (NARA bulletin 2015-04).

use std::io::{self, Write};

pub(super) const HEADER: &str =
    "file name|record id|title|description|creator|creation date|rights";

/// What is said of a file, or of a record in one.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Row<'a> {
    pub(super) file: &'a str,
    pub(super) id: &'a str,
    pub(super) title: &'a str,
    pub(super) description: &'a str,
    pub(super) creator: &'a str,
    pub(super) date: &'a str,
    pub(super) rights: &'a str,
}

pub(super) fn write(out: &mut dyn Write, row: Row<'_>) -> io::Result<()> {
    let fields = [
        row.file,
        row.id,
        row.title,
        row.description,
        row.creator,
        row.date,
        row.rights,
    ];
    writeln!(out, "{}", fields.map(field).join("|"))
}

/// One line, without the divider, and not too long.
fn field(text: &str) -> String {
    const LONGEST: usize = 250;
    let words: Vec<&str> = text.split_whitespace().collect();
    words
        .join(" ")
        .chars()
        .map(|c| if c == '|' { '/' } else { c })
        .filter(|c| !c.is_control())
        .take(LONGEST)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_cannot_break_its_line() {
        let mut out = vec![];
        let row = Row {
            file: "a",
            title: "one | two\nthree",
            ..Row::default()
        };
        write(&mut out, row).unwrap();
        assert_eq!(out, b"a||one / two three||||\n");
        assert_eq!(HEADER.matches('|').count(), 6);
    }
}
