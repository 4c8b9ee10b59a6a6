//! The finished picture of an order, made again from the untouched original and the stored rectangle.
use crate::center::Central;
use crate::error::CentralError;
use assess::{Assessor, Specs};
use domain::{OrderId, PhotoSpec, RectPx, SpecId};
use std::sync::{Arc, Mutex, PoisonError};

/// Standards and models, loaded when they are first asked for.
#[derive(Default)]
pub struct Finishing {
    specs: Mutex<Option<Arc<Specs>>>,
    assessor: Mutex<Option<Arc<Assessor>>>,
}

impl Finishing {
    /// A photo standard by id.
    ///
    /// # Errors
    /// When nobody here knows it.
    pub fn spec(&self, id: &SpecId) -> Result<PhotoSpec, CentralError> {
        let specs = once(&self.specs, Specs::builtin)?;
        let spec = specs.get(id).cloned();
        spec.ok_or_else(|| wire::Invalid::new("spec", "is not a photo standard this center knows").into())
    }
}

/// Makes something at most once; a failure is tried again the next time.
fn once<T, E>(kept: &Mutex<Option<Arc<T>>>, make: impl FnOnce() -> Result<T, E>) -> Result<Arc<T>, CentralError>
where
    E: std::error::Error + Send + Sync + 'static,
{
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(made) = kept.as_ref() {
        return Ok(Arc::clone(made));
    }
    let made = make().map_err(|e| CentralError::Prepare { source: Box::new(e) })?;
    Ok(Arc::clone(kept.insert(Arc::new(made))))
}

impl Central {
    /// The finished picture of an order as its campaign's standard asks for it: the same bytes each time.
    ///
    /// # Errors
    /// When the order or its photo is not here, or the rectangle does not fit the photo.
    pub fn finished(&self, order: &OrderId) -> Result<Vec<u8>, CentralError> {
        self.finished_of(order, None)
    }

    /// The finished picture of one revision, the current one when none is named.
    ///
    /// # Errors
    /// As [`Central::finished`], and when there is no such revision.
    pub fn finished_of(&self, order: &OrderId, revision: Option<u32>) -> Result<Vec<u8>, CentralError> {
        let (original, crop) = self.photo_of(order, revision)?;
        let row = self.read(|rows| rows.order(order))?;
        let row = row.ok_or_else(|| CentralError::not_found("order", order))?;
        let campaign = self.campaign(&row.order.campaign)?.to_domain()?;
        let spec = self.finishing().spec(&campaign.spec)?;
        self.finish(order, &original, &spec, crop)
    }

    /// The finished picture of an original of this order.
    pub(crate) fn finish(
        &self,
        order: &OrderId,
        original: &[u8],
        spec: &PhotoSpec,
        crop: RectPx,
    ) -> Result<Vec<u8>, CentralError> {
        let assessor = once(&self.finishing().assessor, Assessor::new)?;
        let finished = assessor.finish(original, spec, crop);
        finished.map(|f| f.jpeg).map_err(|e| CentralError::Finish {
            order: *order,
            source: Box::new(e),
        })
    }
}
