//! What is left of rows in those parts of a SQLite file that hold none.
//!
//! As a database grows and shrinks, SQLite moves rows between pages. Where one stood, its bytes stay between the cells of
//! the old page, or on a page that is free, until something else is written there: `secure_delete` overwrites what is
//! deleted, not what is moved. The places are those of the file format (sqlite.org/fileformat2.html, sections 1.5 and 1.6).

use std::collections::HashSet;

use diesel::sql_types::{BigInt, Binary};
use diesel::{QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};

use super::{Conn, Error};

/// From here on the first byte of an overflow page could be mistaken for the kind of a page of a tree.
const TOO_MANY: i64 = 1 << 24;

#[derive(QueryableByName)]
struct Page {
    #[diesel(sql_type = Binary)]
    data: Vec<u8>,
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

/// How many pages there are: none on PostgreSQL, whose `VACUUM` does this.
pub(super) fn pages(conn: &mut Conn) -> Result<i64, Error> {
    let Conn::Sqlite(conn) = conn else {
        return Ok(0);
    };
    let count = sql_query("SELECT page_count AS number FROM pragma_page_count()");
    let moving = sql_query("SELECT auto_vacuum AS number FROM pragma_auto_vacuum()");
    let readable = sql_query(
        "SELECT COUNT(*) AS number FROM pragma_module_list() WHERE name = 'sqlite_dbpage'",
    );
    let [count, moving, readable] = [count, moving, readable].map(|query| {
        let found: Result<Number, _> = query.get_result(conn);
        found.map(|it| it.number)
    });
    // A SQLite that was built otherwise than ours does not show its pages.
    let (count, is_known) = (count?, moving? == 0 && readable? > 0);
    Ok(if is_known && count < TOO_MANY {
        count
    } else {
        0
    })
}

/// Overwrites the gaps of so many pages from `first` on, in a transaction.
pub(super) fn overwrite(conn: &mut Conn, first: i64, most: i64) -> Result<(), Error> {
    let last = pages(conn)?.min(first + most - 1);
    let Conn::Sqlite(conn) = conn else {
        return Ok(());
    };
    if last < first {
        return Ok(());
    }
    let (trunks, free) = free_pages(conn)?;
    for number in first..=last {
        let before = page(conn, number)?;
        let mut after = before.clone();
        if free.contains(&number) {
            after.fill(0);
        } else if trunks.contains(&number) {
            let used = 8 + 4 * word(&after, 4).unwrap_or(u32::MAX) as usize;
            if let Some(rest) = after.get_mut(used..) {
                rest.fill(0);
            }
        } else {
            let header = if number == 1 { 100 } else { 0 };
            for (from, to) in gaps(&before, header).unwrap_or_default() {
                if let Some(gap) = after.get_mut(from..to) {
                    gap.fill(0);
                }
            }
        }
        if after != before {
            sql_query("UPDATE sqlite_dbpage SET data = ? WHERE pgno = ?")
                .bind::<Binary, _>(after)
                .bind::<BigInt, _>(number)
                .execute(conn)?;
        }
    }
    Ok(())
}

fn page(conn: &mut SqliteConnection, number: i64) -> Result<Vec<u8>, Error> {
    let page: Page = sql_query("SELECT data FROM sqlite_dbpage WHERE pgno = ?")
        .bind::<BigInt, _>(number)
        .get_result(conn)?;
    Ok(page.data)
}

/// The pages that list free ones, and those that they list.
fn free_pages(conn: &mut SqliteConnection) -> Result<(HashSet<i64>, HashSet<i64>), Error> {
    let (mut trunks, mut free) = (HashSet::new(), HashSet::new());
    let mut next = word(&page(conn, 1)?, 32).map_or(0, i64::from);
    while next != 0 && trunks.insert(next) {
        let trunk = page(conn, next)?;
        let count = word(&trunk, 4).unwrap_or_default() as usize;
        let listed = (0..count).map_while(|leaf| word(&trunk, 8 + 4 * leaf));
        free.extend(listed.map(i64::from));
        next = word(&trunk, 0).map_or(0, i64::from);
    }
    Ok((trunks, free))
}

/// Where a page of a tree holds nothing: between its list of cells and the cells, and in its free blocks behind their
/// heads. None if it is no such page, or not as it should be.
fn gaps(page: &[u8], header: usize) -> Option<Vec<(usize, usize)>> {
    let length = match page.get(header)? {
        2 | 5 => 12,
        10 | 13 => 8,
        _ => return None,
    };
    let from = header + length + 2 * half(page, header + 3)?;
    let to = match half(page, header + 5)? {
        0 => 65_536,
        start => start,
    };
    if from > to || to > page.len() {
        return None;
    }
    let mut gaps = vec![(from, to)];
    let mut block = half(page, header + 1)?;
    let mut behind = to;
    while block != 0 {
        let end = block + half(page, block + 2)?;
        if block < behind || end < block + 4 || end > page.len() {
            return None;
        }
        gaps.push((block + 4, end));
        behind = end;
        block = half(page, block)?;
    }
    Some(gaps)
}

fn half(page: &[u8], at: usize) -> Option<usize> {
    let bytes = page.get(at..at + 2)?.try_into().ok()?;
    Some(usize::from(u16::from_be_bytes(bytes)))
}

fn word(page: &[u8], at: usize) -> Option<u32> {
    let bytes = page.get(at..at + 4)?.try_into().ok()?;
    Some(u32::from_be_bytes(bytes))
}

#[cfg(test)]
mod tests {
    use diesel::Connection as _;
    use diesel::connection::SimpleConnection as _;

    use super::*;

    #[derive(QueryableByName)]
    struct Said {
        #[diesel(sql_type = diesel::sql_types::Text)]
        said: String,
    }

    #[test]
    fn what_was_moved_is_overwritten_and_what_is_there_stays() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.db");
        let mut sqlite = SqliteConnection::establish(&file.display().to_string()).unwrap();
        sqlite
            .batch_execute(
                "PRAGMA secure_delete = FAST; CREATE TABLE t (a TEXT PRIMARY KEY, b TEXT)",
            )
            .unwrap();
        // Rows that grow and shrink beside each other, and some that are longer than a page.
        for n in 0..900_usize {
            let key = n * 7_919 % 1_009;
            let text = format!("'secret {}'", "x".repeat(n * 31 % 700));
            sqlite
                .batch_execute(&format!("INSERT OR REPLACE INTO t VALUES ('{key}', {text}); DELETE FROM t WHERE a = '{}'", key / 2))
                .unwrap();
        }
        sqlite
            .batch_execute("UPDATE t SET b = 'kept ' || a; INSERT INTO t VALUES ('long', 'kept ' || hex(zeroblob(9000)))")
            .unwrap();
        let secrets = || {
            let bytes = std::fs::read(&file).unwrap();
            bytes.windows(6).filter(|it| *it == b"secret").count()
        };
        assert!(secrets() > 0, "nothing was left behind");
        let all = "SELECT group_concat(b, '|') AS said FROM (SELECT b FROM t ORDER BY a)";
        let before: Said = sql_query(all).get_result(&mut sqlite).unwrap();
        let mut conn = Conn::Sqlite(sqlite);
        let count = pages(&mut conn).unwrap();
        assert!(count > 4, "{count}");
        for first in (1..=count).step_by(3) {
            overwrite(&mut conn, first, 3).unwrap();
        }
        assert_eq!(secrets(), 0);
        let Conn::Sqlite(mut sqlite) = conn else {
            unreachable!()
        };
        let after: Said = sql_query(all).get_result(&mut sqlite).unwrap();
        assert_eq!(before.said, after.said);
        let sound: Said = sql_query("SELECT integrity_check AS said FROM pragma_integrity_check()")
            .get_result(&mut sqlite)
            .unwrap();
        assert_eq!(sound.said, "ok");
    }
}
