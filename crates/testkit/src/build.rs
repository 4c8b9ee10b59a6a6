//! Ops and photos that hold, made from small numbers.
use domain::BlobId;
use ed25519_dalek::SigningKey;
use wire::op::{Op, OpBody};
use wire::order::{CheckDoc, PhotoDoc};

/// A signing key from a number.
pub fn key(n: u8) -> SigningKey {
    SigningKey::from_bytes(&[n; 32])
}

/// A UUIDv7 from a kind and a number, so that a reader of a trace can tell them apart.
pub fn id(kind: u8, n: u64) -> String {
    let mut bytes = [0; 16];
    bytes[0] = kind;
    bytes[8..].copy_from_slice(&n.to_be_bytes());
    bytes[6] = 0x70;
    bytes[8] |= 0x80;
    uuid::Uuid::from_bytes(bytes).to_string()
}

/// The id of the n-th order.
pub fn order_id(n: u64) -> String {
    id(0x0a, n)
}

/// Bytes that stand for the photo of an order's revision. No JPEG: the model does not look.
pub fn photo_bytes(order: u64, revision: u32) -> Vec<u8> {
    format!("photo {order}.{revision} ").repeat(40).into_bytes()
}

/// Brings the photo of an order's revision.
pub fn photo_op(order: u64, rev: u32) -> (Op, BlobId) {
    let blob = BlobId::of(&photo_bytes(order, rev));
    let photo = PhotoDoc {
        revision: rev,
        blob_id: blob.to_string(),
        original_px: [600, 800],
        crop_px: [0, 0, 480, 640],
        captured_at_ms: 0,
        check: CheckDoc {
            verdict: "passed".to_owned(),
            failed: Vec::new(),
            override_reason: None,
            warned: Vec::new(),
        },
    };
    (op(order, rev, &OpBody::ReplacePhoto { photo }), blob)
}

/// Brings no photo.
pub fn close_op(order: u64, rev: u32) -> Op {
    op(order, rev, &OpBody::Close)
}

/// Any op, the first of its chain.
pub fn op(order: u64, rev: u32, body: &OpBody) -> Op {
    let (op_id, order_id) = (id(0x0f, order * 1000 + u64::from(rev)), order_id(order));
    let body = body.to_text().unwrap_or_default();
    Op {
        chain: Op::chain_after("", &op_id, &order_id, rev, &body),
        op_id,
        order_id,
        rev,
        body,
        captured_at_ms: 0,
        mono_ms: 0,
        boot_id: "test".to_owned(),
    }
}
