//! Holds a server to the names by which others know it.

use anyhow::bail;

use crate::agencies;
use crate::kernel::Site;
use crate::platform::db::{self, Db};
use crate::platform::identity::{self, Identity};

/// Refuses to go on under another url or handle domain than the agencies here are known by. As long as there are no
/// agencies, the names are kept for the commands that come without any.
pub async fn hold_to(db: &Db, site: &Site) -> anyhow::Result<()> {
    let wanted = Identity::of(site);
    let kept = db.read(identity::kept).await?;
    if kept.as_ref() == Some(&wanted) {
        return Ok(());
    }
    let asked = wanted.clone();
    let held = db
        .write_beside(move |conn| {
            let kept = identity::kept(conn)?;
            if kept.is_none() || agencies::list(conn)?.is_empty() {
                identity::keep(conn, &asked)?;
                return Ok::<_, db::Error>(asked);
            }
            Ok(kept.unwrap_or(asked))
        })
        .await?;
    match refusal(&held, &wanted) {
        Some(refusal) => bail!(refusal),
        None => Ok(()),
    }
}

/// Why agencies that are known by the one identity cannot go on under the other.
pub fn refusal(held: &Identity, wanted: &Identity) -> Option<String> {
    if held.url != wanted.url {
        Some(format!(
            "the agencies of this database are known under {}, which cannot become {} any more: set `url` accordingly",
            held.url, wanted.url
        ))
    } else if held.handle_domain != wanted.handle_domain {
        Some(format!(
            "the handles of this database's agencies end in @{}, which cannot become @{} any more: set \
             `handle_domain` accordingly",
            held.handle_domain, wanted.handle_domain
        ))
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;
    use crate::agencies::New;
    use crate::kernel::{SafeHtml, SystemClock};
    use crate::platform::db::Location;

    fn site(url: &str, handle_domain: Option<&str>) -> Site {
        Site::new(&Url::parse(url).unwrap(), handle_domain)
    }

    #[tokio::test]
    async fn the_url_can_be_changed_until_there_is_an_agency() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.db").to_string_lossy().into_owned();
        let db = Db::open(&Location::Sqlite(path), 1).await.unwrap();
        let first = site("http://localhost:8080", None);
        let city = site("https://social.city.gov", Some("city.gov"));
        hold_to(&db, &first).await.unwrap();
        hold_to(&db, &city).await.unwrap();
        let water = New {
            handle: "water".parse().unwrap(),
            name: "Water".to_owned(),
            summary: String::new(),
            summary_html: SafeHtml::from_plain(""),
            links: vec![],
            language: "en".to_owned(),
            avatar: None,
            header: None,
        };
        db.write(move |conn| agencies::create(conn, &SystemClock, water))
            .await
            .unwrap();
        hold_to(&db, &city).await.unwrap();
        let refusal = hold_to(&db, &first).await.unwrap_err().to_string();
        assert!(
            refusal.contains("https://social.city.gov")
                && refusal.contains("http://localhost:8080")
        );
        let renamed = site("https://social.city.gov", None);
        let refusal = hold_to(&db, &renamed).await.unwrap_err().to_string();
        assert!(refusal.contains("@city.gov") && refusal.contains("@social.city.gov"));
        assert_eq!(
            db.read(identity::kept).await.unwrap(),
            Some(Identity::of(&city))
        );
    }
}
