"""Writes a trained network as ONNX and prints its hash: python export.py NET.pt OUT.onnx SIDE"""
import hashlib
import sys

import torch

from net import Marks, export

net = Marks()
net.load_state_dict(torch.load(sys.argv[1]))
export(net, sys.argv[2], int(sys.argv[3]))
print(hashlib.sha256(open(sys.argv[2], "rb").read()).hexdigest())
