//! How does an ONNX graph become layers?
//!
//! ONNX keeps maps channel by channel, the layers keep the channels of a pixel together; so the graph's transposes between the
//! two orders vanish, and a reshape only ends a map. Nodes are taken in order; a convolution takes the addition and activation
//! behind it along.
mod convolution;

use crate::engine::Unsupported;
use crate::engine::graph::{Graph, Node, Tensor};
use crate::engine::layers::{Layer, Part, Size, Slot, Work};
use convolution::{After, Window};
use std::collections::HashMap;

/// Layers over as many slots as there are maps; slot 0 is the input.
pub(super) struct Lowered {
    /// Floats of the input.
    pub input: usize,
    pub layers: Vec<Layer>,
    pub outputs: Vec<Vec<Part>>,
    /// Floats of each map.
    pub sizes: Vec<usize>,
}

/// A map: where it lies and how many of each pixel's floats are channels. With more channels than the stride, the ones beyond
/// are zero and not stored.
#[derive(Debug, Clone, Copy)]
struct Map {
    slot: Slot,
    size: Size,
    channels: usize,
    /// Whether the graph sees it with the channels last.
    last: bool,
}

/// What a name of the graph stands for.
#[derive(Debug, Clone)]
enum Value {
    Map(Map),
    /// An end of a map, or several joined: values in their order.
    Flat(Vec<Part>),
}

struct Lowering<'a> {
    graph: &'a Graph,
    values: HashMap<&'a str, Value>,
    done: Vec<bool>,
    layers: Vec<Layer>,
    sizes: Vec<usize>,
}

/// Lowers a whole graph.
///
/// # Errors
/// The first node that is not supported.
pub(super) fn lower(graph: &Graph) -> Result<Lowered, Unsupported> {
    let (name, shape) = &graph.input;
    let [1, height, width, channels] = shape[..] else {
        return Err(Unsupported::Format("an input that is no picture".to_owned()));
    };
    let size = Size {
        height,
        width,
        stride: channels,
    };
    let input = Map {
        slot: 0,
        size,
        channels,
        last: true,
    };
    let mut lowering = Lowering {
        graph,
        values: HashMap::from([(name.as_str(), Value::Map(input))]),
        done: vec![false; graph.nodes.len()],
        layers: Vec::new(),
        sizes: vec![size.floats()],
    };
    for at in 0..graph.nodes.len() {
        lowering.node(at)?;
    }
    let outputs = graph
        .outputs
        .iter()
        .map(|name| match lowering.values.get(name.as_str()) {
            Some(Value::Map(map)) => Ok(vec![map.part()]),
            Some(Value::Flat(parts)) => Ok(parts.clone()),
            None => Err(Unsupported::Format("an output nothing makes".to_owned())),
        });
    let outputs = outputs.collect::<Result<_, _>>()?;
    Ok(Lowered {
        input: size.floats(),
        layers: lowering.layers,
        outputs,
        sizes: lowering.sizes,
    })
}

impl Map {
    fn part(self) -> Part {
        Part {
            slot: self.slot,
            size: self.size,
            channels: self.channels,
        }
    }

    fn is_pixel(self) -> bool {
        self.size.height * self.size.width == 1
    }
}

impl<'a> Lowering<'a> {
    /// Lowers one node and, before it, those it needs.
    fn node(&mut self, at: usize) -> Result<(), Unsupported> {
        if std::mem::replace(&mut self.done[at], true) {
            return Ok(());
        }
        let graph = self.graph;
        let node = &graph.nodes[at];
        for name in &node.inputs {
            if !self.values.contains_key(name.as_str())
                && let Some(maker) = self.maker(name)
            {
                self.node(maker)?;
            }
        }
        match node.operator.as_str() {
            "Conv" => return self.convolution(node),
            "Concat" => {
                let parts = self.joined(node)?;
                self.values.insert(&node.output, Value::Flat(parts));
                return Ok(());
            }
            _ => {}
        }
        let map = self.map(node, 0)?;
        let value = match node.operator.as_str() {
            "Transpose" => Value::Map(transposed(node, map)?),
            "Reshape" => reshaped(node, graph, map)?,
            "Pad" => Value::Map(padded(node, graph, map)?),
            "MaxPool" => Value::Map(self.max_pool(node, map)?),
            "AveragePool" | "GlobalAveragePool" => Value::Map(self.mean(node, map)?),
            "Resize" => Value::Map(self.double(node, map)?),
            "ConvTranspose" => Value::Map(self.unfolded(node, map)?),
            "Add" => Value::Map(self.sum(node, map)?),
            "Mul" => Value::Map(self.scaled(node, map)?),
            "Sigmoid" => Value::Map(self.step(Work::Sigmoid, map, map)),
            _ => return Err(node.unsupported("is not known")),
        };
        self.values.insert(&node.output, value);
        Ok(())
    }

    fn maker(&self, name: &str) -> Option<usize> {
        self.graph.nodes.iter().position(|n| n.output == name)
    }

    /// The map behind an input of a node.
    fn map(&self, node: &Node, input: usize) -> Result<Map, Unsupported> {
        let name = node.inputs.get(input).map_or("", String::as_str);
        match self.values.get(name) {
            Some(Value::Map(map)) => Ok(*map),
            Some(Value::Flat(_)) | None => Err(node.unsupported("reads something that is no map")),
        }
    }

    /// Adds a layer whose answer is like `like`, in a slot of its own.
    fn step(&mut self, work: Work, source: Map, like: Map) -> Map {
        let slot = self.sizes.len();
        self.sizes.push(like.size.floats());
        self.layers.push(Layer {
            work,
            source: source.slot,
            target: slot,
            floats: like.size.floats(),
        });
        Map { slot, ..like }
    }

    fn max_pool(&mut self, node: &Node, map: Map) -> Result<Map, Unsupported> {
        let even = map.size.height.is_multiple_of(2) && map.size.width.is_multiple_of(2);
        let plain = node.list("pads").iter().all(|p| *p == 0);
        if node.list("kernel_shape") != [2, 2] || node.list("strides") != [2, 2] || !even || !plain {
            return Err(node.unsupported("is not over pairs of pixels"));
        }
        let size = Size {
            height: map.size.height / 2,
            width: map.size.width / 2,
            ..map.size
        };
        Ok(self.step(Work::MaxPool { from: map.size }, map, Map { size, ..map }))
    }

    fn mean(&mut self, node: &Node, map: Map) -> Result<Map, Unsupported> {
        let whole = [map.size.height as i64, map.size.width as i64];
        if node.operator == "AveragePool" && node.list("kernel_shape") != whole {
            return Err(node.unsupported("is not over the whole map"));
        }
        let size = Size {
            height: 1,
            width: 1,
            ..map.size
        };
        Ok(self.step(Work::Mean { from: map.size }, map, Map { size, ..map }))
    }

    fn double(&mut self, node: &Node, map: Map) -> Result<Map, Unsupported> {
        let scales = node.inputs.last().and_then(|name| self.graph.floats.get(name));
        let twice = scales.is_some_and(|s| s.values == [1.0, 1.0, 2.0, 2.0]);
        if !twice || node.word("mode") != "linear" || node.word("coordinate_transformation_mode") != "half_pixel" {
            return Err(node.unsupported("is not to twice the size, bilinear"));
        }
        let size = Size {
            height: map.size.height * 2,
            width: map.size.width * 2,
            ..map.size
        };
        Ok(self.step(Work::Double { from: map.size }, map, Map { size, ..map }))
    }

    fn sum(&mut self, node: &Node, map: Map) -> Result<Map, Unsupported> {
        let other = self.map(node, 1)?;
        if other.size != map.size || other.last != map.last || map.channels.max(other.channels) > map.size.stride {
            return Err(node.unsupported("joins maps of different sizes"));
        }
        Ok(self.step(Work::Add { other: other.slot }, map, map))
    }

    fn scaled(&mut self, node: &Node, map: Map) -> Result<Map, Unsupported> {
        let other = self.map(node, 1)?;
        let (map, pixel) = if other.is_pixel() { (map, other) } else { (other, map) };
        if !pixel.is_pixel() || pixel.size.stride != map.size.stride {
            return Err(node.unsupported("is not by one value for each channel"));
        }
        let work = Work::Scale {
            other: pixel.slot,
            stride: map.size.stride,
        };
        Ok(self.step(work, map, map))
    }

    fn joined(&self, node: &Node) -> Result<Vec<Part>, Unsupported> {
        let mut parts = Vec::new();
        for name in &node.inputs {
            match self.values.get(name.as_str()) {
                Some(Value::Flat(more)) => parts.extend(more.iter().copied()),
                Some(Value::Map(_)) | None => return Err(node.unsupported("joins maps")),
            }
        }
        Ok(parts)
    }

    /// A deconvolution to one channel: four values for each pixel, then put in their places.
    fn unfolded(&mut self, node: &Node, map: Map) -> Result<Map, Unsupported> {
        let (weights, bias) = self.constants(node)?;
        let &[inputs, 1, 2, 2] = weights.shape.as_slice() else {
            return Err(node.unsupported("is not to one channel by 2 × 2"));
        };
        let plain = node.list("pads").iter().all(|p| *p == 0);
        if inputs != map.channels || node.list("strides") != [2, 2] || !plain {
            return Err(node.unsupported("is not to one channel by 2 × 2"));
        }
        let turned = Tensor {
            shape: vec![4, inputs, 1, 1],
            values: (0..4)
                .flat_map(|o| (0..inputs).map(move |i| weights.values[i * 4 + o]))
                .collect(),
        };
        let bias = [bias.first().copied().unwrap_or(0.0); 4];
        let four = self.dense(
            node,
            map,
            &turned,
            &bias,
            &After::default(),
            Window::each_pixel(map.size),
        )?;
        let size = Size {
            height: map.size.height * 2,
            width: map.size.width * 2,
            stride: 1,
        };
        let one = Map {
            size,
            channels: 1,
            ..map
        };
        Ok(self.step(Work::Unfold { from: four.size }, four, one))
    }
}

fn transposed(node: &Node, map: Map) -> Result<Map, Unsupported> {
    let last = match (node.list("perm"), map.last) {
        ([0, 3, 1, 2], true) => false,
        ([0, 2, 3, 1], false) => true,
        _ => return Err(node.unsupported("is not between the two orders of a map")),
    };
    Ok(Map { last, ..map })
}

fn reshaped(node: &Node, graph: &Graph, map: Map) -> Result<Value, Unsupported> {
    let shape = node.inputs.get(1).and_then(|name| graph.ints.get(name));
    let shape = shape.ok_or_else(|| node.unsupported("to a shape that is not constant"))?;
    let channels = map.channels as i64;
    match shape[..] {
        [_, c, 1, 1] if map.is_pixel() && c == channels => Ok(Value::Map(Map { last: false, ..map })),
        [_, 1, 1, c] if map.is_pixel() && c == channels => Ok(Value::Map(Map { last: true, ..map })),
        // Values in their order: right when a pixel's channels stand together.
        [_, _] | [_, _, _] if map.last || map.is_pixel() => Ok(Value::Flat(vec![map.part()])),
        _ => Err(node.unsupported("of a map into another one")),
    }
}

/// More channels, all zero; nothing has to be computed for them.
fn padded(node: &Node, graph: &Graph, map: Map) -> Result<Map, Unsupported> {
    let pads = node.inputs.get(1).and_then(|name| graph.ints.get(name));
    match pads.map(Vec::as_slice) {
        Some([0, 0, 0, 0, 0, more, 0, 0]) if *more >= 0 && !map.last => Ok(Map {
            channels: map.channels + *more as usize,
            ..map
        }),
        _ => Err(node.unsupported("is not of channels")),
    }
}
