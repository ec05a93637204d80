//! From what was sent with a form to pictures that may be published.

use std::sync::Arc;

use super::super::sent::Upload;
use super::super::troubles::Troubles;
use super::refused::about_picture;
use crate::kernel::Clock;
use crate::platform::blobs::{self, Blob};
use crate::platform::db::{self, Conn};
use crate::publishing::Image;
use crate::publishing::pictures::{self, InvalidPicture, Prepared, Purpose};
use crate::web::State as Web;

/// Opens the files, each with the field that it was chosen in, one after the other on a thread for that, and says what is wrong with those that are none.
pub(super) async fn prepare(
    web: &Web,
    files: Vec<(String, Upload)>,
    troubles: &mut Troubles,
) -> Vec<(String, Prepared)> {
    let mut prepared = vec![];
    for (field, file) in files {
        let limits = web.server.pictures;
        let result = match file {
            Upload::TooLarge(most) => Err(InvalidPicture::TooLarge {
                bytes: most.saturating_add(1),
                most,
            }),
            Upload::Whole(bytes) => {
                let Ok(turn) = Arc::clone(&web.desk.opening).acquire_owned().await else {
                    break;
                };
                let opened = tokio::task::spawn_blocking(move || {
                    // Kept to the end of the work, although whoever asked may have left meanwhile.
                    let _turn = turn;
                    pictures::prepare(&bytes, Purpose::Attachment, limits)
                });
                match opened.await {
                    Ok(result) => result,
                    // It has panicked, which is logged where it happened.
                    Err(_) => Err(InvalidPicture::NoPixels),
                }
            }
        };
        match result {
            Ok(picture) => prepared.push((field, picture)),
            Err(error) => {
                let sentence = about_picture(&error, troubles.words());
                troubles.about(field, sentence);
            }
        }
    }
    prepared
}

/// A picture as a draft holds it.
pub(super) fn image(picture: &Prepared, alt: String) -> Image {
    Image {
        digest: picture.digest.clone(),
        media_type: picture.media_type.to_owned(),
        alt,
        width: picture.width,
        height: picture.height,
        blurhash: picture.blurhash.clone(),
        focus: None,
    }
}

/// Keeps the bytes.
pub(super) fn put(
    conn: &mut Conn,
    clock: &dyn Clock,
    pictures: &[Prepared],
) -> Result<(), db::Error> {
    pictures.iter().try_for_each(|picture| {
        let blob = Blob {
            media_type: picture.media_type.to_owned(),
            bytes: picture.bytes.clone(),
        };
        blobs::put(conn, clock, &picture.digest, &blob)
    })
}
