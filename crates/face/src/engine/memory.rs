//! Where do the maps of a network lie? Slots that are used again as soon as nobody needs what is in them.
use super::layers::{Layer, Part, Slot};
use std::sync::{Mutex, PoisonError};

/// Sets of slots that are kept for the next run; as many as ran side by side at most.
pub(super) struct Pool {
    sizes: Vec<usize>,
    idle: Mutex<Vec<Vec<Vec<f32>>>>,
}

/// Most idle sets that are kept; a further one is freed.
const MAX_IDLE: usize = 4;

impl Pool {
    /// Slots of so many floats each.
    pub(super) fn new(sizes: Vec<usize>) -> Self {
        Self {
            sizes,
            idle: Mutex::default(),
        }
    }

    /// A set of slots; what is in them is left over from another run.
    pub(super) fn take(&self) -> Vec<Vec<f32>> {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        idle.unwrap_or_else(|| self.sizes.iter().map(|n| vec![0.0; *n]).collect())
    }

    /// Keeps a set for the next run.
    pub(super) fn give_back(&self, slots: Vec<Vec<f32>>) {
        let mut idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner);
        if idle.len() < MAX_IDLE {
            idle.push(slots);
        }
    }
}

/// Gives each map one of few slots. Slot 0 is the input's alone: it comes with the caller's own memory.
///
/// A layer's target never shares a slot with what it reads: sources are set free only after the target has its slot.
pub(super) fn assign(
    mut layers: Vec<Layer>,
    mut outputs: Vec<Vec<Part>>,
    sizes: Vec<usize>,
) -> (Vec<Layer>, Vec<Vec<Part>>, Vec<usize>) {
    let mut last_use = vec![0; sizes.len()];
    for (at, layer) in layers.iter_mut().enumerate() {
        last_use[layer.source] = at;
        if let Some(other) = layer.other() {
            last_use[*other] = at;
        }
    }
    for part in outputs.iter().flatten() {
        last_use[part.slot] = usize::MAX;
    }
    let mut place = vec![None; sizes.len()];
    let mut slots: Vec<usize> = vec![0];
    let mut free: Vec<Slot> = Vec::new();
    place[0] = Some(0);
    for (at, layer) in layers.iter_mut().enumerate() {
        let (source, target) = (layer.source, layer.target);
        let wanted = sizes[target];
        // The free slot that has to grow least, or else is larger by least.
        let best = (0..free.len()).min_by_key(|i| {
            let has = slots[free[*i]];
            (wanted.saturating_sub(has), has.saturating_sub(wanted))
        });
        let slot = match best {
            Some(i) => free.swap_remove(i),
            None => {
                slots.push(0);
                slots.len() - 1
            }
        };
        slots[slot] = slots[slot].max(wanted);
        place[target] = Some(slot);
        layer.target = slot;
        let mut read = vec![source];
        layer.source = place[source].unwrap_or(0);
        if let Some(other) = layer.other() {
            read.push(*other);
            *other = place[*other].unwrap_or(0);
        }
        read.dedup();
        for map in read {
            if last_use[map] == at && place[map] != Some(0) {
                free.extend(place[map]);
            }
        }
    }
    for part in outputs.iter_mut().flatten() {
        part.slot = place[part.slot].unwrap_or(0);
    }
    (layers, outputs, slots)
}
