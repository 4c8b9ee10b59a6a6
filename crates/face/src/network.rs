//! How is one model run? Nothing outside this file knows the inference runtime.
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;
use std::path::PathBuf;
use std::sync::Arc;

/// Threads the models share. More than two do not pay off on models this small.
const THREADS: usize = 1;

/// Why the models could not be loaded or run. None of these is about the picture: a picture without a face is no error.
#[derive(Debug, thiserror::Error)]
pub enum FaceError {
    /// A model file could not be read.
    #[error("reading the model {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// The cause.
        source: std::io::Error,
    },
    /// A model file is not the one this program was made for.
    #[error("checking the model {file}: its SHA-256 is {found}, not {expected}")]
    WrongModel {
        /// File name.
        file: &'static str,
        /// SHA-256 of the file.
        found: String,
        /// SHA-256 it should have.
        expected: &'static str,
    },
    /// The runtime could not use a model.
    #[error("loading the model {file}: {message}")]
    Load {
        /// File name.
        file: &'static str,
        /// The runtime's words.
        message: String,
    },
    /// A model could not be run.
    #[error("running the model {file}: {message}")]
    Run {
        /// File name.
        file: &'static str,
        /// The runtime's words.
        message: String,
    },
    /// A model answered in an unexpected shape.
    #[error("reading the answer of the model {file}: no output of {values} values")]
    Answer {
        /// File name.
        file: &'static str,
        /// Values that were looked for.
        values: usize,
    },
}

/// The threads all models of one [`crate::FaceModels`] share.
pub(crate) fn threads() -> Arc<ThreadPool> {
    Arc::new(ThreadPool::with_num_threads(THREADS))
}

/// One loaded model with one input.
pub(crate) struct Network {
    file: &'static str,
    model: Model,
    input: NodeId,
    outputs: Vec<NodeId>,
    threads: Arc<ThreadPool>,
}

impl Network {
    /// Loads a model from the bytes of its file.
    pub(crate) fn load(file: &'static str, bytes: Vec<u8>, threads: Arc<ThreadPool>) -> Result<Self, FaceError> {
        let mut options = ModelOptions::with_all_ops();
        // Costs some memory once and saves a repacking of every weight in every frame.
        let model = options.prepack_weights(true).load(bytes);
        let model = model.map_err(|e| FaceError::Load {
            file,
            message: e.to_string(),
        })?;
        let none = || FaceError::Load {
            file,
            message: "it has no input".to_owned(),
        };
        let input = model.input_ids().first().copied().ok_or_else(none)?;
        let outputs = model.output_ids().to_vec();
        Ok(Self {
            file,
            model,
            input,
            outputs,
            threads,
        })
    }

    /// Runs the model on a dense input of this shape.
    pub(crate) fn run(&self, shape: &[usize], input: Vec<f32>) -> Result<Answer, FaceError> {
        let failed = |message: String| FaceError::Run {
            file: self.file,
            message,
        };
        let tensor = Tensor::from_data(shape, input);
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.threads)));
        let values = self
            .model
            .run(vec![(self.input, tensor.view().into())], &self.outputs, Some(options));
        let values = values.map_err(|e| failed(e.to_string()))?;
        let floats = |value: Value| value.into_tensor::<f32>().map(|t| t.to_vec());
        let outputs = values.into_iter().map(floats).collect::<Option<Vec<_>>>();
        let outputs = outputs.ok_or_else(|| failed("an output is not made of floats".to_owned()))?;
        Ok(Answer {
            file: self.file,
            outputs,
        })
    }
}

/// The outputs of one run; each is known by how many values it has, since their order is the converter's choice.
pub(crate) struct Answer {
    file: &'static str,
    outputs: Vec<Vec<f32>>,
}

impl Answer {
    /// The output of exactly so many values, row-major.
    pub(crate) fn of(&self, values: usize) -> Result<&[f32], FaceError> {
        let found = self.outputs.iter().find(|o| o.len() == values);
        found.map(Vec::as_slice).ok_or(FaceError::Answer {
            file: self.file,
            values,
        })
    }
}

/// Logistic function: a logit to 0–1.
pub(crate) fn sigmoid(logit: f32) -> f32 {
    1.0 / (1.0 + (-logit).exp())
}
