//! The key a school's stations share on the LAN. It is derived, not stored: from the center's own key, the school, and how many of the
//! school's stations were revoked. So a copied database does not hold it, and each revocation makes the next one.
use crate::center::Central;
use crate::error::CentralError;
use crate::store::SchoolCode;
use domain::StationId;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use wire::lan::LanKey;
use zeroize::Zeroizing;

impl Central {
    /// The key of a station's school as it is now. Nothing for a revoked one, whose last question may have begun before.
    ///
    /// # Errors
    /// When the store fails.
    pub fn lan_key(&self, station: &StationId) -> Result<Option<LanKey>, CentralError> {
        let found = self.read(|rows| {
            let station = rows.station(station)?.filter(|s| s.revoked_at.is_none());
            let Some(station) = station else { return Ok(None) };
            Ok(Some((rows.revoked_stations(&station.school)?, station.school)))
        })?;
        Ok(found.map(|(generation, school)| self.derive_lan_key(generation, &school)))
    }

    fn derive_lan_key(&self, generation: u64, school: &SchoolCode) -> LanKey {
        let seal = format!("xueying lan seal v1\n{generation}\n{}", school.as_str());
        let subject = format!("xueying lan subject v1\n{}", school.as_str());
        LanKey {
            generation,
            seal: self.derived(&seal),
            subject: self.derived(&subject),
        }
    }

    /// A secret of its own for one purpose, hex. The signing key's seed makes it and cannot be told from it.
    fn derived(&self, purpose: &str) -> String {
        let mut block = Zeroizing::new([0; 64]);
        block[..32].copy_from_slice(self.signing_key().as_bytes());
        let mut mac = Hmac::<Sha256>::new((&*block).into());
        mac.update(purpose.as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }
}
