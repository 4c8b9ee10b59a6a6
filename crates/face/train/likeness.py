"""Makes assets/models/face_resnet_150.onnx from dlib's face recognition network.

likeness.py dlib_face_recognition_resnet_model_v1.dat face_resnet_150.onnx

The file holds the network's tensors in the order of its layers, each behind its shape; everything else in it is skipped. Its plan stands
in dlib's examples/dnn_face_recognition_ex.cpp. The affine layers are folded into the convolutions before them, and so is what dlib does to
the pixels first (their mean is taken away, and they are divided by 256). Weights become 8 bits with a scale for each output channel.
"""
import re
import sys

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

MEAN = np.array([122.782, 117.001, 104.298], "f4")
# Channels, blocks, and whether the first block halves the map.
LEVELS = [(32, 3, False), (64, 4, True), (128, 3, True), (256, 3, True), (256, 1, True)]
# Version 2, a count of at most four bytes, and three ones: the head of a list of floats.
HEAD = re.compile(rb"\x01\x02(\x01.|\x02..|\x03...|\x04....)(?:\x01\x01){3}", re.S)
# The same for the 256 × 128 values of the last layer.
LAST = b"\x01\x02\x02\x00\x01\x01\x80\x01\x01\x01\x01"


def tensors(data):
    """The lists of floats, and the last layer's matrix."""
    lists, at = [], 0
    while head := HEAD.search(data, at):
        count = int.from_bytes(head.group(1)[1:], "little")
        at = head.start() + 1
        if count >= 64 and head.end() + 4 * count <= len(data):
            values = np.frombuffer(data, "<f4", count, head.end())
            if np.isfinite(values).all() and np.abs(values).max() < 1e3:
                lists.append(values)
                at = head.end() + 4 * count
    last = data.index(LAST, at) + len(LAST)
    return lists, np.frombuffer(data, "<f4", 256 * 128, last).reshape(256, 128)


def folded(lists):
    """Weights and bias of each convolution, scaled by the affine layer behind it."""
    convolutions = []
    for values, affine in zip(lists[::2], lists[1::2]):
        channels = len(affine) // 2
        side = 3 if convolutions else 7
        gain, shift = affine[:channels], affine[channels:]
        weights = values[:-channels].reshape(channels, -1, side, side) * gain[:, None, None, None]
        convolutions.append((weights, values[-channels:] * gain + shift))
    weights, bias = convolutions[0]
    convolutions[0] = (weights * (255 / 256), bias - (weights.sum((2, 3)) * (MEAN / 256)).sum(1))
    return convolutions


class Net:
    """Nodes and constants as they are added."""

    def __init__(self):
        self.nodes, self.constants = [], []

    def constant(self, values):
        name = f"c{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(values, name))
        return name

    def add(self, kind, inputs, **attributes):
        name = f"n{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [name], **attributes))
        return name

    def weights(self, values, axis):
        """Eight bits a weight, one scale for each slice along the axis."""
        others = tuple(i for i in range(values.ndim) if i != axis)
        scale = np.maximum(np.abs(values).max(others) / 127, 1e-12).astype("f4")
        shape = [-1 if i == axis else 1 for i in range(values.ndim)]
        small = np.clip(np.rint(values / scale.reshape(shape)), -127, 127).astype("i1")
        zeros = np.zeros(len(scale), "i1")
        return self.add("DequantizeLinear", [self.constant(v) for v in (small, scale, zeros)], axis=axis)

    def convolution(self, source, weights, bias, stride, pad):
        inputs = [source, self.weights(weights, 0), self.constant(bias.astype("f4"))]
        return self.add("Conv", inputs, strides=[stride] * 2, pads=[pad] * 4, kernel_shape=list(weights.shape[2:]))

    def padded(self, source, channels=0, pixels=0):
        ends = np.array([0, 0, 0, 0, 0, channels, pixels, pixels], "i8")
        return self.add("Pad", [source, self.constant(ends)])


def network(convolutions, last):
    net = Net()
    rest = iter(convolutions)
    picture = net.add("Transpose", ["picture"], perm=[0, 3, 1, 2])
    x = net.add("Relu", [net.convolution(picture, *next(rest), 2, 0)])
    x = net.add("MaxPool", [x], kernel_shape=[3, 3], strides=[2, 2])
    size, channels = 35, 32
    for wide, blocks, halves in LEVELS:
        for block in range(blocks):
            first = halves and block == 0
            y = net.add("Relu", [net.convolution(x, *next(rest), 2 if first else 1, 0 if first else 1)])
            y = net.convolution(y, *next(rest), 1, 1)
            beside = x
            if first:
                beside = net.add("AveragePool", [x], kernel_shape=[2, 2], strides=[2, 2])
                if wide > channels:
                    beside = net.padded(beside, channels=wide - channels)
                taken, meant = (size - 3) // 2 + 1, (size - 2) // 2 + 1
                if meant > taken:
                    y = net.padded(y, pixels=meant - taken)
                size, channels = meant, wide
            x = net.add("Relu", [net.add("Add", [y, beside])])
    x = net.add("GlobalAveragePool", [x])
    x = net.add("Reshape", [x, net.constant(np.array([1, 256], "i8"))])
    net.nodes.append(helper.make_node("MatMul", [x, net.weights(last, 1)], ["face"]))
    ends = [
        helper.make_tensor_value_info(name, TensorProto.FLOAT, shape)
        for name, shape in (("picture", [1, 150, 150, 3]), ("face", [1, 128]))
    ]
    return helper.make_graph(net.nodes, "likeness", ends[:1], ends[1:], net.constants)


def main():
    source, target = sys.argv[1:]
    lists, last = tensors(open(source, "rb").read())
    graph = network(folded(lists), last)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 15)], ir_version=8)
    onnx.checker.check_model(model)
    onnx.save(model, target)


main()
