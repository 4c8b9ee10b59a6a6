//! How the kiosk's window is locked: a PIN set at the desk, and few tries.
use super::KioskRefusal;
use crate::core::Core;
use crate::trouble::Trouble;
use store::settings;

const PIN: &str = "kiosk_pin";
/// Wrong PINs before the door stays shut for a while.
const MAX_WRONG: u32 = 5;
const LOCKED_MS: u64 = 60_000;

impl Core {
    /// Sets the PIN that closes the kiosk: four to eight digits.
    pub fn set_kiosk_pin(&self, pin: &str) -> Result<(), Trouble> {
        if !(4..=8).contains(&pin.len()) || !pin.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Trouble::Bad("a PIN has four to eight digits"));
        }
        self.store.write(|tx| settings::put(tx, PIN, &hashed(pin)))?;
        Ok(())
    }

    /// Whether the kiosk may be closed with this PIN. The guest is let go first.
    pub fn kiosk_exit(&self, pin: &str) -> Result<(), Trouble> {
        let now = self.clock.mono_ms();
        if self.kiosk().locked_until_ms > now {
            return Err(KioskRefusal::PinLocked.into());
        }
        let set = self.store.read(|c| settings::get(c, PIN))?.ok_or(KioskRefusal::NoPin)?;
        if set != hashed(pin) {
            let mut kiosk = self.kiosk();
            kiosk.wrong_pins += 1;
            if kiosk.wrong_pins >= MAX_WRONG {
                kiosk.wrong_pins = 0;
                kiosk.locked_until_ms = now + LOCKED_MS;
            }
            return Err(KioskRefusal::WrongPin.into());
        }
        self.kiosk().wrong_pins = 0;
        self.kiosk_leave()
    }
}

fn hashed(pin: &str) -> String {
    hex::encode(photo::sha256(pin.as_bytes()))
}
