//! How does a large photo travel? In pieces (tus 1.0.0), each acknowledged before the next is sent: after a cut, whenever and by
//! whomever the upload is taken up again, no more than one piece is sent twice.
use super::Exchange;
use crate::answer;
use crate::failure::Failure;
use crate::remote::Remote;
use crate::request::Request;
use bytes::Bytes;
use domain::BlobId;
use wire::problem::Code;

/// Bytes of one piece.
pub const PIECE: usize = 256 * 1024;
/// How often the place is asked for anew in one go: the upload may have been forgotten, or gone on elsewhere.
const BEGINNINGS: usize = 3;

/// Sends a photo to its end.
pub async fn send<R: Remote>(exchange: &mut Exchange<R>, blob: BlobId, bytes: &Bytes) -> Result<(), Failure> {
    let mut beginnings = 0;
    loop {
        beginnings += 1;
        let begin = Request::begin_upload(&exchange.next_signer(), &blob, bytes.len());
        let (target, offset) = answer::upload(&exchange.send(begin).await?)?;
        match go_on(exchange, &target, offset, bytes).await {
            Err(Failure::Refused(problem)) if beginnings < BEGINNINGS && is_elsewhere(problem.code, problem.status) => {
            }
            done => return done,
        }
    }
}

fn is_elsewhere(code: Code, status: u16) -> bool {
    matches!(code, Code::OffsetMismatch | Code::UploadGone) || matches!(status, 404 | 410)
}

async fn go_on<R: Remote>(
    exchange: &mut Exchange<R>,
    target: &str,
    mut offset: usize,
    bytes: &Bytes,
) -> Result<(), Failure> {
    while offset < bytes.len() {
        let piece = bytes.slice(offset..bytes.len().min(offset + PIECE));
        let end = offset + piece.len();
        let request = Request::upload_piece(&exchange.next_signer(), target.to_owned(), offset, piece);
        let reached = answer::upload_offset(&exchange.send(request).await?)?;
        if reached != end {
            return Err(Failure::BadAnswer {
                why: "an upload's offset is another one",
            });
        }
        offset = end;
    }
    if offset == bytes.len() {
        Ok(())
    } else {
        Err(Failure::BadAnswer {
            why: "an upload is longer than its photo",
        })
    }
}
