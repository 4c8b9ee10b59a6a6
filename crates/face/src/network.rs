//! How is one model run? Nothing outside this file and the tests knows the general inference runtime.
use crate::engine::Plan;
use rten::{Model, ModelOptions, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::Tensor;
use rten_tensor::prelude::*;
use std::borrow::Cow;
use std::path::PathBuf;
use std::sync::Arc;

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

/// One loaded model with one input.
pub(crate) struct Network {
    file: &'static str,
    runner: Runner,
}

/// What runs a model.
enum Runner {
    /// The convolutional networks: our own few layers, four to nine times as fast.
    Own(Plan),
    /// Any other: the general runtime.
    General(Box<General>),
}

/// A model in the general runtime, with the one thread it may use.
struct General {
    model: Model,
    input: NodeId,
    outputs: Vec<NodeId>,
    thread: Arc<ThreadPool>,
}

impl Network {
    /// Loads a model from the bytes of its file.
    pub(crate) fn load(file: &'static str, bytes: Cow<'static, [u8]>) -> Result<Self, FaceError> {
        let runner = match Plan::new(&bytes) {
            Ok(plan) => Runner::Own(plan),
            Err(_) => Runner::General(Box::new(General::load(file, bytes.into_owned())?)),
        };
        Ok(Self { file, runner })
    }

    /// Runs the model on a dense input of this shape.
    pub(crate) fn run(&self, shape: &[usize], input: Vec<f32>) -> Result<Answer, FaceError> {
        let outputs = match &self.runner {
            Runner::Own(plan) => plan.run(input).ok_or_else(|| "the input has another length".to_owned()),
            Runner::General(general) => general.run(shape, input),
        };
        let file = self.file;
        let outputs = outputs.map_err(|message| FaceError::Run { file, message })?;
        Ok(Answer { file, outputs })
    }
}

impl General {
    fn load(file: &'static str, bytes: Vec<u8>) -> Result<Self, FaceError> {
        let failed = |message: String| FaceError::Load { file, message };
        let mut options = ModelOptions::with_all_ops();
        // Costs some memory once and saves a repacking of every weight in every frame.
        let model = options.prepack_weights(true).load(bytes);
        let model = model.map_err(|e| failed(e.to_string()))?;
        let input = model.input_ids().first().copied();
        Ok(Self {
            input: input.ok_or_else(|| failed("it has no input".to_owned()))?,
            outputs: model.output_ids().to_vec(),
            model,
            thread: Arc::new(ThreadPool::with_num_threads(1)),
        })
    }

    fn run(&self, shape: &[usize], input: Vec<f32>) -> Result<Vec<Vec<f32>>, String> {
        let tensor = Tensor::from_data(shape, input);
        let options = RunOptions::default().with_thread_pool(Some(Arc::clone(&self.thread)));
        let inputs = vec![(self.input, tensor.view().into())];
        let values = self.model.run(inputs, &self.outputs, Some(options));
        let values = values.map_err(|e| e.to_string())?;
        let floats = |value: Value| value.into_tensor::<f32>().map(|t| t.to_vec());
        let outputs = values.into_iter().map(floats).collect::<Option<Vec<_>>>();
        outputs.ok_or_else(|| "an output is not made of floats".to_owned())
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
