//! How is one of our small convolutional networks run quickly on a plain processor?
//!
//! An ONNX graph is lowered once to a short list of layers: maps lie row by row with the channels of a pixel side by side
//! (padded to a multiple of eight with zeros), weights are packed in the order they are read, and bias, residual and activation
//! are part of the convolution before them. What it does not know is refused with its name, never guessed: the caller then has
//! the general runtime.
mod graph;
mod kernels;
mod layers;
mod lower;
mod memory;

use graph::Graph;
use kernels::Level;
use layers::{Layer, Part};
use memory::Pool;

/// Why a network cannot be run here.
#[derive(Debug, thiserror::Error, Clone, PartialEq, Eq)]
pub(crate) enum Unsupported {
    /// The bytes are no ONNX model.
    #[error("no ONNX model: {0}")]
    Format(String),
    /// A node is of a kind, or in a place, that is not known.
    #[error("{operator} {what}")]
    Node {
        /// The node's operator.
        operator: String,
        /// What about it.
        what: &'static str,
    },
}

/// A network made ready to run.
pub(crate) struct Plan {
    level: Level,
    layers: Vec<Layer>,
    /// Floats of the input, and which slot it lies in.
    input: (usize, usize),
    outputs: Vec<Vec<Part>>,
    pool: Pool,
}

impl Plan {
    /// Lowers a model from the bytes of its ONNX file.
    ///
    /// # Errors
    /// When a part of the model is not supported.
    pub(crate) fn new(bytes: &[u8]) -> Result<Self, Unsupported> {
        Self::with_level(bytes, Level::detect())
    }

    fn with_level(bytes: &[u8], level: Level) -> Result<Self, Unsupported> {
        let lowered = lower::lower(&Graph::parse(bytes)?)?;
        let (layers, outputs, slots) = memory::assign(lowered.layers, lowered.outputs, lowered.sizes);
        Ok(Self {
            level,
            layers,
            input: (lowered.input, 0),
            outputs,
            pool: Pool::new(slots),
        })
    }

    /// Runs the network; the outputs are in the model's order, each row-major. `None` when the input has another length.
    pub(crate) fn run(&self, input: Vec<f32>) -> Option<Vec<Vec<f32>>> {
        if input.len() != self.input.0 {
            return None;
        }
        let mut slots = self.pool.take();
        slots[self.input.1] = input;
        for layer in &self.layers {
            layer.run(self.level, &mut slots);
        }
        let outputs = self.outputs.iter();
        let read = outputs.map(|parts| parts.iter().flat_map(|p| p.read(&slots)).collect());
        let read = read.collect();
        self.pool.give_back(slots);
        Some(read)
    }
}

#[cfg(test)]
mod tests;
