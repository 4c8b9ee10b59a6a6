//! What does an ONNX file hold, as far as the lowering needs it?
use super::Unsupported;
use rten_onnx::onnx::{DataType, GraphProto, ModelProto, NodeProto, TensorProto};
use std::collections::HashMap;

/// Constant floats with their shape.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Tensor {
    pub shape: Vec<usize>,
    pub values: Vec<f32>,
}

/// One operation.
#[derive(Debug)]
pub(super) struct Node {
    pub operator: String,
    pub inputs: Vec<String>,
    pub output: String,
    ints: HashMap<String, Vec<i64>>,
    words: HashMap<String, String>,
}

/// A model with one input.
#[derive(Debug)]
pub(super) struct Graph {
    pub nodes: Vec<Node>,
    /// Name and shape of the input.
    pub input: (String, Vec<usize>),
    pub outputs: Vec<String>,
    pub floats: HashMap<String, Tensor>,
    pub ints: HashMap<String, Vec<i64>>,
}

impl Node {
    /// A list of whole numbers, empty when it is not given.
    pub(super) fn list(&self, name: &str) -> &[i64] {
        self.ints.get(name).map_or(&[], Vec::as_slice)
    }

    /// A word, empty when it is not given.
    pub(super) fn word(&self, name: &str) -> &str {
        self.words.get(name).map_or("", String::as_str)
    }

    /// The refusal of this node.
    pub(super) fn unsupported(&self, what: &'static str) -> Unsupported {
        Unsupported::Node {
            operator: self.operator.clone(),
            what,
        }
    }
}

impl Graph {
    /// Reads the bytes of an ONNX file.
    pub(super) fn parse(bytes: &[u8]) -> Result<Self, Unsupported> {
        let broken = |what: &str| Unsupported::Format(what.to_owned());
        let model = ModelProto::parse_buf(bytes).map_err(|e| Unsupported::Format(e.to_string()))?;
        let graph = model.graph.ok_or_else(|| broken("no graph"))?;
        let (mut floats, mut ints) = (HashMap::new(), HashMap::new());
        for tensor in &graph.initializer {
            let name = tensor.name.clone().unwrap_or_default();
            match tensor.data_type {
                Some(DataType::FLOAT) => {
                    floats.insert(name, read_floats(tensor).ok_or_else(|| broken("a tensor's length"))?);
                }
                Some(DataType::INT64) => {
                    ints.insert(name, read_ints(tensor));
                }
                _ => {}
            }
        }
        let input = input(&graph, &floats, &ints).ok_or_else(|| broken("not exactly one input"))?;
        let outputs = graph.output.iter().filter_map(|o| o.name.clone()).collect();
        let nodes = graph.node.into_iter().map(node).collect::<Option<_>>();
        Ok(Self {
            nodes: nodes.ok_or_else(|| broken("a node with several outputs"))?,
            input,
            outputs,
            floats,
            ints,
        })
    }
}

fn node(node: NodeProto) -> Option<Node> {
    let [output] = <[String; 1]>::try_from(node.output).ok()?;
    let (mut ints, mut words) = (HashMap::new(), HashMap::new());
    for attribute in node.attribute {
        let name = attribute.name.unwrap_or_default();
        if let Some(i) = attribute.i {
            ints.insert(name, vec![i]);
        } else if let Some(s) = attribute.s {
            words.insert(name, s);
        } else {
            ints.insert(name, attribute.ints);
        }
    }
    Some(Node {
        operator: node.op_type.unwrap_or_default(),
        inputs: node.input,
        output,
        ints,
        words,
    })
}

/// The one input that is no constant.
fn input(
    graph: &GraphProto,
    floats: &HashMap<String, Tensor>,
    ints: &HashMap<String, Vec<i64>>,
) -> Option<(String, Vec<usize>)> {
    let mut given = graph.input.iter().filter(|i| {
        let name = i.name.as_deref().unwrap_or_default();
        !floats.contains_key(name) && !ints.contains_key(name)
    });
    let (only, None) = (given.next()?, given.next()) else {
        return None;
    };
    let shape = only.r#type.as_ref()?.tensor_type.as_ref()?.shape.as_ref()?;
    let sides = shape.dim.iter().map(|d| usize::try_from(d.dim_value?).ok());
    Some((only.name.clone()?, sides.collect::<Option<_>>()?))
}

fn read_floats(tensor: &TensorProto) -> Option<Tensor> {
    let shape: Vec<usize> = tensor
        .dims
        .iter()
        .map(|d| usize::try_from(*d).ok())
        .collect::<Option<_>>()?;
    let values: Vec<f32> = match &tensor.raw_data {
        Some(raw) => raw
            .borrow()
            .as_chunks::<4>()
            .0
            .iter()
            .map(|b| f32::from_le_bytes(*b))
            .collect(),
        None => tensor.float_data.clone(),
    };
    (values.len() == shape.iter().product()).then_some(Tensor { shape, values })
}

fn read_ints(tensor: &TensorProto) -> Vec<i64> {
    match &tensor.raw_data {
        Some(raw) => raw
            .borrow()
            .as_chunks::<8>()
            .0
            .iter()
            .map(|b| i64::from_le_bytes(*b))
            .collect(),
        None => tensor.int64_data.clone(),
    }
}
