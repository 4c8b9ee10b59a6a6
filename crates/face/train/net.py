"""What does the network for marks look like, and how does it become an ONNX file?

Only convolutions with ReLU, sums and one bilinear doubling, because those are what crates/face/src/engine runs.
"""
import numpy as np
import torch
import torch.nn.functional as F
from torch import nn


def conv(a, b, k=3, s=1):
    return nn.Sequential(nn.Conv2d(a, b, k, s, (k - 1) // 2, bias=False), nn.BatchNorm2d(b))


class Block(nn.Module):
    """Two convolutions and the way past them."""

    def __init__(self, c):
        super().__init__()
        self.one, self.two = conv(c, c), conv(c, c)

    def forward(self, x):
        return F.relu(x + self.two(F.relu(self.one(x))))


class Marks(nn.Module):
    """RGB 0-1, 384 x 384, to 48 x 48 logits: a mark lies on this cell."""

    def __init__(self, a=16, b=24, c=40, d=56):
        super().__init__()
        self.stem, self.next, self.third = conv(3, a, 3, 2), conv(a, b, 3, 2), conv(b, c, 3, 2)
        self.near = Block(c)
        self.down, self.far, self.up = conv(c, d, 3, 2), nn.Sequential(Block(d), Block(d)), conv(d, c, 1)
        self.head, self.last = conv(c, b), nn.Conv2d(b, 1, 1)

    def forward(self, x):
        x = F.relu(self.stem(x))
        x = F.relu(self.next(x))
        x = self.near(F.relu(self.third(x)))
        y = self.up(self.far(F.relu(self.down(x))))
        y = F.interpolate(y, scale_factor=2, mode="bilinear", align_corners=False)
        return self.last(F.relu(self.head(F.relu(x + y))))[:, 0]


def take(net, path):
    """The weights of an exported file, to go on from: its convolutions stand in the order `export` wrote them."""
    import onnx
    from onnx import numpy_helper
    graph = onnx.load(path).graph
    values = {c.name: torch.from_numpy(numpy_helper.to_array(c).copy()) for c in graph.initializer}
    found = iter([n for n in graph.node if n.op_type == "Conv"])
    blocks = [net.near.one, net.near.two, net.down, *(c for b in net.far for c in (b.one, b.two)), net.up, net.head]
    with torch.no_grad():
        for layer in [net.stem, net.next, net.third, *blocks, (net.last, None)]:
            node = next(found)
            layer[0].weight.copy_(values[node.input[1]])
            if layer[1] is None:
                layer[0].bias.copy_(values[node.input[2]])
            else:
                layer[1].bias.copy_(values[node.input[2]])


def export(net, path, side):
    """Writes the network with its norms folded in: 1 x side x side x 3 in, 1 x side/8 x side/8 x 1 out, 0-1."""
    import onnx
    from onnx import TensorProto, helper, numpy_helper
    net = net.eval()
    nodes, constants, count = [], [], [0]

    def name(kind):
        count[0] += 1
        return f"{kind}{count[0]}"

    def constant(kind, values):
        n = name(kind)
        constants.append(numpy_helper.from_array(values, n))
        return n

    def op(kind, inputs, **attributes):
        out = name(kind.lower())
        nodes.append(helper.make_node(kind, inputs, [out], name=out, **attributes))
        return out

    def convolution(x, layer, norm=None):
        w = layer.weight.detach().double()
        b = layer.bias.detach().double() if layer.bias is not None else torch.zeros(w.shape[0], dtype=torch.double)
        if norm is not None:
            gain = norm.weight.detach().double() / torch.sqrt(norm.running_var.double() + norm.eps)
            w = w * gain[:, None, None, None]
            b = (b - norm.running_mean.double()) * gain + norm.bias.detach().double()
        k, s, p = layer.kernel_size[0], layer.stride[0], layer.padding[0]
        return op("Conv", [x, constant("w", w.float().numpy()), constant("b", b.float().numpy())],
                  kernel_shape=[k, k], strides=[s, s], pads=[p] * 4, dilations=[1, 1], group=1)

    def relu(x):
        return op("Relu", [x])

    def block(x, b):
        y = convolution(relu(convolution(x, *b.one)), *b.two)
        return relu(op("Add", [y, x]))
    x = op("Transpose", ["picture"], perm=[0, 3, 1, 2])
    for layer in (net.stem, net.next, net.third):
        x = relu(convolution(x, *layer))
    x = block(x, net.near)
    y = relu(convolution(x, *net.down))
    for b in net.far:
        y = block(y, b)
    # Doubled before the convolution of single pixels, which comes to the same: the engine adds only behind a convolution.
    y = op("Resize", [y, "", constant("scales", np.array([1, 1, 2, 2], np.float32))], mode="linear", coordinate_transformation_mode="half_pixel")
    x = relu(op("Add", [convolution(y, *net.up), x]))
    x = convolution(relu(convolution(x, *net.head)), net.last)
    x = op("Sigmoid", [x])
    nodes.append(helper.make_node("Transpose", [x], ["marks"], name="marks", perm=[0, 2, 3, 1]))
    graph = helper.make_graph(nodes, "marks", [helper.make_tensor_value_info("picture", TensorProto.FLOAT, [1, side, side, 3])],
                              [helper.make_tensor_value_info("marks", TensorProto.FLOAT, [1, side // 8, side // 8, 1])], constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8, producer_name="xueying")
    onnx.checker.check_model(model)
    onnx.save(model, path)
