//! How do the messages of USB/IP look? Headers of 48 bytes in network order, in front of the data of a transfer.
use std::io;

/// Length of every header.
pub(super) const HEADER: usize = 48;

const SUBMIT: u32 = 1;
const UNLINK: u32 = 2;
const SUBMITTED: u32 = 3;
const UNLINKED: u32 = 4;
/// `-EPIPE`: the device refuses the request.
const STALLED: i32 = -32;
/// `-ECONNRESET`: the transfer was taken back.
const TAKEN_BACK: i32 = -104;

/// What the driver wants.
pub(super) enum Command {
    /// A transfer.
    Submit(Submit),
    /// A transfer is taken back.
    Unlink {
        /// Number of this command.
        sequence: u32,
        /// Number of the transfer.
        target: u32,
    },
}

/// A transfer.
#[derive(Clone, Copy)]
pub(super) struct Submit {
    pub(super) sequence: u32,
    /// From the device to the host.
    is_in: bool,
    pub(super) endpoint: u32,
    /// Room for data, or its length.
    pub(super) length: u32,
    /// Setup packet of a control transfer.
    pub(super) setup: [u8; 8],
}

impl Submit {
    /// Bytes that follow the header.
    pub(super) fn sends(&self) -> usize {
        if self.is_in { 0 } else { self.length as usize }
    }
}

impl Command {
    pub(super) fn of(header: &[u8; HEADER]) -> io::Result<Self> {
        let word = |at: usize| u32::from_be_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]);
        let sequence = word(4);
        match word(0) {
            UNLINK => Ok(Self::Unlink {
                sequence,
                target: word(20),
            }),
            SUBMIT => {
                let mut setup = [0; 8];
                setup.copy_from_slice(&header[40..]);
                Ok(Self::Submit(Submit {
                    sequence,
                    is_in: word(12) == 1,
                    endpoint: word(16),
                    length: word(24),
                    setup,
                }))
            }
            other => Err(io::Error::other(format!(
                "reading a USB/IP message: command {other} is unknown"
            ))),
        }
    }
}

fn header(kind: u32, sequence: u32, status: i32) -> Vec<u8> {
    let mut message = Vec::with_capacity(HEADER);
    message.extend(kind.to_be_bytes());
    message.extend(sequence.to_be_bytes());
    message.extend([0; 12]);
    message.extend(status.to_be_bytes());
    message.resize(HEADER, 0);
    message
}

/// The answer to an unlink.
pub(super) fn unlinked(sequence: u32, found: bool) -> Vec<u8> {
    header(UNLINKED, sequence, if found { TAKEN_BACK } else { 0 })
}

/// A finished transfer to the host.
pub(super) fn delivered(sequence: u32, parts: &[&[u8]]) -> Vec<u8> {
    let length: usize = parts.iter().map(|p| p.len()).sum();
    let mut message = header(SUBMITTED, sequence, 0);
    message[24..28].copy_from_slice(&(length as u32).to_be_bytes());
    message[32..36].copy_from_slice(&[0xFF; 4]);
    parts.iter().for_each(|p| message.extend_from_slice(p));
    message
}

/// The answer to a control transfer: data, or a refusal.
pub(super) fn answered(submit: &Submit, answer: Option<Vec<u8>>, sent: usize) -> Vec<u8> {
    match answer {
        None => header(SUBMITTED, submit.sequence, STALLED),
        Some(mut data) if submit.is_in => {
            let wanted = u16::from_le_bytes([submit.setup[6], submit.setup[7]]);
            data.truncate(usize::from(wanted));
            delivered(submit.sequence, &[&data])
        }
        Some(_) => {
            let mut message = delivered(submit.sequence, &[]);
            message[24..28].copy_from_slice(&(sent as u32).to_be_bytes());
            message
        }
    }
}
