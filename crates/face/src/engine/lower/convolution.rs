//! How does a convolution with what stands behind it become one layer?
use super::{Lowering, Map, Value, transposed};
use crate::engine::Unsupported;
use crate::engine::graph::{Node, Tensor};
use crate::engine::kernels::{Act, Dense, Depthwise, LANES, PANEL};
use crate::engine::layers::{Size, Weights, Work};

impl<'a> Lowering<'a> {
    /// Weights and bias of a convolution.
    pub(super) fn constants(&self, node: &Node) -> Result<(&'a Tensor, &'a [f32]), Unsupported> {
        let graph = self.graph;
        let constant = |i: usize| node.inputs.get(i).and_then(|name| graph.floats.get(name));
        let weights = constant(1).ok_or_else(|| node.unsupported("has no constant weights"))?;
        Ok((weights, constant(2).map_or(&[], |b| b.values.as_slice())))
    }

    pub(super) fn convolution(&mut self, node: &'a Node) -> Result<(), Unsupported> {
        let map = self.map(node, 0)?;
        let (weights, bias) = self.constants(node)?;
        let &[outputs, inputs, _, _] = weights.shape.as_slice() else {
            return Err(node.unsupported("is not over a picture"));
        };
        if map.last || map.channels > map.size.stride || node.list("dilations").iter().any(|d| *d != 1) {
            return Err(node.unsupported("is of a kind that is not known"));
        }
        let groups = node.list("group").first().copied().unwrap_or(1);
        let each = inputs == 1 && outputs == map.channels && groups == outputs as i64;
        let after = self.behind(node, outputs, each)?;
        let mut answer = if each && groups > 1 {
            self.depthwise(node, map, weights, bias, &after)?
        } else if groups == 1 && inputs == map.channels {
            let window = Window::of(node, map.size, (weights.shape[2], weights.shape[3]))?;
            self.dense(node, map, weights, bias, &after, window)?
        } else {
            return Err(node.unsupported("is in groups of several channels"));
        };
        answer.last = after.last;
        self.values.insert(after.name, Value::Map(answer));
        Ok(())
    }

    pub(super) fn dense(
        &mut self,
        node: &Node,
        map: Map,
        weights: &Tensor,
        bias: &[f32],
        after: &After,
        window: Window,
    ) -> Result<Map, Unsupported> {
        let &[outputs, inputs, height, width] = weights.shape.as_slice() else {
            return Err(node.unsupported("is not over a picture"));
        };
        let map = if window.borders == [0; 4] {
            map
        } else {
            self.bordered(map, window.borders)
        };
        let (from, stride) = (map.size, map.size.stride);
        let channels = outputs.next_multiple_of(LANES);
        let size = Size {
            height: window.output.0,
            width: window.output.1,
            stride: channels,
        };
        // One by one, all pixels are one long row.
        let flat = (height, width, window.step) == (1, 1, 1);
        let layer = Dense {
            rows: if flat { 1 } else { size.height },
            columns: if flat { size.height * size.width } else { size.width },
            row_step: window.step * from.width * stride,
            column_step: window.step * stride,
            taps: height,
            tap_step: from.width * stride,
            run: width * stride,
            width: channels,
        };
        let weight = |o: usize, i: usize, y: usize, x: usize| {
            let inside = o < outputs && i < inputs;
            if inside {
                weights.values[((o * inputs + i) * height + y) * width + x]
            } else {
                0.0
            }
        };
        let mut packed = Vec::with_capacity(height * width * stride * channels);
        for panel in (0..channels).step_by(PANEL) {
            for (y, x) in (0..height).flat_map(|y| (0..width).map(move |x| (y, x))) {
                for i in 0..stride {
                    packed.extend((panel..(panel + PANEL).min(channels)).map(|o| weight(o, i, y, x)));
                }
            }
        }
        let work = Work::Dense {
            layer,
            weights: after.weights(packed, bias, channels),
            residual: after.residual.map(|r| (r.slot, r.size.stride)),
        };
        if after
            .residual
            .is_some_and(|r| (r.size.height, r.size.width) != (size.height, size.width) || r.size.stride > channels)
        {
            return Err(node.unsupported("is added to a map of another size"));
        }
        let like = Map {
            slot: 0,
            size,
            channels: outputs,
            last: false,
        };
        Ok(self.step(work, map, like))
    }

    fn depthwise(
        &mut self,
        node: &Node,
        map: Map,
        weights: &Tensor,
        bias: &[f32],
        after: &After,
    ) -> Result<Map, Unsupported> {
        let &[channels, _, side, across] = weights.shape.as_slice() else {
            return Err(node.unsupported("is not over a picture"));
        };
        let window = Window::of(node, map.size, (side, across))?;
        if side != across || !matches!(side, 3 | 5) || !matches!(window.step, 1 | 2) {
            return Err(node.unsupported("has a kernel of another size"));
        }
        let stride = map.size.stride;
        let size = Size {
            height: window.output.0,
            width: window.output.1,
            stride,
        };
        let mut packed = vec![0.0; side * side * stride];
        for (place, line) in packed.chunks_exact_mut(stride).enumerate() {
            for (channel, weight) in line.iter_mut().take(channels).enumerate() {
                *weight = weights.values[channel * side * side + place];
            }
        }
        let layer = Depthwise {
            input: (map.size.height, map.size.width),
            output: window.output,
            width: stride,
            side,
            stride: window.step,
            border: (window.borders[0], window.borders[1]),
        };
        let weights = after.weights(packed, bias, stride);
        Ok(self.step(Work::Depthwise { layer, weights }, map, Map { size, ..map }))
    }

    fn bordered(&mut self, map: Map, [above, left, below, right]: [usize; 4]) -> Map {
        let size = Size {
            height: map.size.height + above + below,
            width: map.size.width + left + right,
            ..map.size
        };
        let work = Work::Border {
            from: map.size,
            to: size,
            above,
            left,
        };
        self.step(work, map, Map { size, ..map })
    }

    /// What stands behind a convolution and can be done with it: an addition (not behind a depthwise one), an activation.
    fn behind(&mut self, node: &'a Node, channels: usize, each: bool) -> Result<After<'a>, Unsupported> {
        let mut after = After {
            name: &node.output,
            ..After::default()
        };
        while let Some(next) = self.only_user(after.name) {
            let graph = self.graph;
            let user = &graph.nodes[next];
            match user.operator.as_str() {
                "Transpose" => {
                    let map = transposed(user, Map::placeholder(after.last))?;
                    after.last = map.last;
                }
                "Relu" if after.act == Act::None => after.act = Act::Relu,
                "HardSwish" if after.act == Act::None => after.act = Act::HardSwish,
                "PRelu" if after.act == Act::None && !after.last => {
                    let slopes = user.inputs.get(1).and_then(|name| graph.floats.get(name));
                    let Some(slopes) = slopes.filter(|s| s.values.len() == channels) else {
                        return Err(user.unsupported("has no slope for each channel"));
                    };
                    after.act = Act::PRelu;
                    after.slopes = &slopes.values;
                }
                "Add" if after.act == Act::None && after.residual.is_none() && !each && !after.last => {
                    let Some(other) = user.inputs.iter().find(|i| *i != after.name) else {
                        break;
                    };
                    if let Some(maker) = self.maker(other) {
                        self.node(maker)?;
                    }
                    match self.values.get(other.as_str()) {
                        Some(Value::Map(map)) if map.channels == channels && !map.last => after.residual = Some(*map),
                        _ => break,
                    }
                }
                _ => break,
            }
            self.done[next] = true;
            after.name = &user.output;
        }
        Ok(after)
    }

    /// The one node that reads a name, when it is one and the name is no output.
    fn only_user(&self, name: &str) -> Option<usize> {
        if self.graph.outputs.iter().any(|o| o == name) {
            return None;
        }
        let mut users = (0..self.graph.nodes.len()).filter(|i| self.graph.nodes[*i].inputs.iter().any(|n| n == name));
        let only = users.next()?;
        users.next().is_none().then_some(only)
    }
}

/// What is done together with a convolution.
pub(super) struct After<'a> {
    /// The name of the last of it.
    name: &'a str,
    residual: Option<Map>,
    act: Act,
    slopes: &'a [f32],
    last: bool,
}

impl Default for After<'_> {
    fn default() -> Self {
        Self {
            name: "",
            residual: None,
            act: Act::None,
            slopes: &[],
            last: false,
        }
    }
}

impl After<'_> {
    /// Constants for so many channels, filled up with zeros.
    fn weights(&self, packed: Vec<f32>, bias: &[f32], channels: usize) -> Weights {
        let full = |values: &[f32]| {
            let mut values = values.to_vec();
            values.resize(channels, 0.0);
            values
        };
        Weights {
            weights: packed,
            bias: full(bias),
            act: self.act,
            slopes: full(self.slopes),
        }
    }
}

impl Map {
    /// Stands for a map whose place is not known yet.
    fn placeholder(last: bool) -> Self {
        let size = Size {
            height: 0,
            width: 0,
            stride: 0,
        };
        Self {
            slot: 0,
            size,
            channels: 0,
            last,
        }
    }
}

/// How a kernel moves over a map.
pub(super) struct Window {
    step: usize,
    /// Rows above, columns left, rows below, columns right that count as zero.
    borders: [usize; 4],
    /// Rows and columns of the answer.
    output: (usize, usize),
}

impl Window {
    /// One pixel by one, over all of them.
    pub(super) fn each_pixel(size: Size) -> Self {
        Self {
            step: 1,
            borders: [0; 4],
            output: (size.height, size.width),
        }
    }

    fn of(node: &Node, size: Size, (height, width): (usize, usize)) -> Result<Self, Unsupported> {
        let step = match node.list("strides") {
            [] => 1,
            [y, x] if y == x && *y > 0 => *y as usize,
            _ => return Err(node.unsupported("moves by different steps")),
        };
        let mut borders = [0; 4];
        for (border, pad) in borders.iter_mut().zip(node.list("pads")) {
            *border = usize::try_from(*pad).map_err(|_| node.unsupported("has negative borders"))?;
        }
        let count = |side: usize, before: usize, behind: usize, kernel: usize| {
            let room = (side + before + behind).checked_sub(kernel);
            room.map(|r| r / step + 1)
                .ok_or_else(|| node.unsupported("is larger than its map"))
        };
        let output = (
            count(size.height, borders[0], borders[2], height)?,
            count(size.width, borders[1], borders[3], width)?,
        );
        Ok(Self { step, borders, output })
    }
}
