"""Writes fixtures/backbones.json: outputs and gradients of torchvision's networks, in float64, for weights that a formula gives.

    python -m venv .reference && .reference/bin/pip install torch==2.13.0 torchvision==0.28.0
    .reference/bin/python packages/tensor-core/scripts/backbones_reference.py

No weight is stored: `values` below is repeated in test/formula-weights.ts. Weights and inputs are rounded to float32, so
that every engine starts from the same numbers. Networks for small images are torchvision's with another stem.
Gradients are those of Σ cotangent · logits in training mode; `slopes` holds, for each weight, the length of its gradient and
its component along another formula's numbers, and `singlePrecision` how far PyTorch's own float32 is off at worst, in lengths.
"""
import json
import math
import pathlib

import numpy as np
import torch
from torch import nn
from torchvision.models import DenseNet, resnet18, resnet34, resnet50

CLASSES = 7
MASK = np.uint64(0xFFFFFFFF)


def values(name, count):
    """Numbers in [-1, 1) without a pattern: a 32-bit mix of the index and of the name's FNV-1a hash."""
    start = 0x811C9DC5
    for byte in name.encode():
        start = ((start ^ byte) * 0x01000193) & 0xFFFFFFFF
    x = (np.arange(count, dtype=np.uint64) * np.uint64(0x9E3779B1) + np.uint64(start)) & MASK
    x ^= x >> np.uint64(16)
    x = (x * np.uint64(0x85EBCA6B)) & MASK
    x ^= x >> np.uint64(13)
    x = (x * np.uint64(0xC2B2AE35)) & MASK
    x ^= x >> np.uint64(16)
    return x.astype(np.float64) / 2**31 - 1


def weight(name, shape):
    u = values(name, math.prod(shape))
    if len(shape) > 1:
        u = u * math.sqrt(3 / math.prod(shape[1:]))
    elif name.endswith("running_var"):
        u = 1 + 0.5 * u
    elif name.endswith("weight"):
        u = 0.8 + 0.4 * u
    else:
        u = 0.3 * u
    return torch.from_numpy(u.astype(np.float32).astype(np.float64).reshape(shape))


def small_images(net, channels):
    net.conv1 = nn.Conv2d(3, channels, 3, padding=1, bias=False)
    net.maxpool = nn.Identity()
    return net


def dense_net(layers, growth):
    net = DenseNet(growth, layers, 2 * growth, num_classes=CLASSES)
    net.features.conv0 = nn.Conv2d(3, 2 * growth, 3, padding=1, bias=False)
    net.features.norm0 = net.features.relu0 = net.features.pool0 = nn.Identity()
    return net


def conv_large(width):
    net = nn.Sequential()
    block = 1
    plan = [(1, 3, 1), (1, 3, 1), (1, 3, 1), "pool", (2, 3, 1), (2, 3, 1), (2, 3, 1), "pool", (4, 3, 0), (2, 1, 0), (1, 1, 0)]
    before, number = 3, 1
    for step in plan:
        if step == "pool":
            net.add_module(f"pool{block}", nn.MaxPool2d(2))
            block, number = block + 1, 1
            continue
        factor, kernel, padding = step
        net.add_module(f"block{block}_conv{number}", nn.Conv2d(before, factor * width, kernel, padding=padding, bias=False))
        net.add_module(f"block{block}_norm{number}", nn.BatchNorm2d(factor * width))
        net.add_module(f"block{block}_relu{number}", nn.LeakyReLU(0.1))
        before, number = factor * width, number + 1
    net.add_module("pool", nn.AdaptiveAvgPool2d(1))
    net.add_module("flatten", nn.Flatten())
    net.add_module("fc", nn.Linear(width, CLASSES))
    return net


def plain(tensor):
    return [float(f"{v:.7g}") for v in tensor.detach().reshape(-1).tolist()]


def run(net, pixels, dtype):
    """Pooled embeddings and logits in inference, logits in training and the slopes of their gradient."""
    net = net.to(dtype)
    embeddings = []
    last = [module for module in net.modules() if isinstance(module, nn.Linear)][-1]
    hook = last.register_forward_hook(lambda module, inputs, output: embeddings.append(inputs[0]))
    images = torch.from_numpy(pixels).to(dtype).permute(0, 3, 1, 2)
    with torch.no_grad():
        logits = net.eval()(images)
    hook.remove()
    training = net.train()(images)
    cotangent = torch.from_numpy(values("cotangent", training.numel()).astype(np.float32)).to(dtype).reshape(training.shape)
    net.zero_grad()
    (training * cotangent).sum().backward()
    slopes = {}
    for name, parameter in net.named_parameters():
        gradient = parameter.grad.double()
        direction = torch.from_numpy(values(f"{name}/direction", gradient.numel()).astype(np.float32)).double()
        slopes[name] = torch.stack([gradient.norm(), (gradient.reshape(-1) * direction).sum()])
    return embeddings[0], logits, training, slopes


def case(name, net, height, width):
    state = net.state_dict()
    state = {k: v if k.endswith("num_batches_tracked") else weight(k, tuple(v.shape)) for k, v in state.items()}
    pixels = values("input", 2 * height * width * 3).astype(np.float32).reshape(2, height, width, 3)
    results = []
    for dtype in (torch.float32, torch.float64):
        net.to(dtype).load_state_dict(state)
        results.append(run(net, pixels, dtype))
    single, (embeddings, logits, training, slopes) = results[0][3], results[1]
    deviation = max(((single[k] - v).abs().max() / v[0]).item() for k, v in slopes.items())
    return {
        "id": name,
        "inputShape": [height, width, 3],
        "classes": CLASSES,
        "embeddingShape": list(embeddings.shape),
        "embeddingStart": plain(embeddings[:, :4]),
        "logits": plain(logits),
        "trainingLogits": plain(training),
        "slopes": {k: plain(v) for k, v in slopes.items()},
        "singlePrecision": float(f"{deviation:.2g}"),
    }


# Batch statistics of few values are ill-conditioned: the images leave at least 2×3 positions at the end.
cases = [
    case("resNet 18, imagenet", resnet18(num_classes=CLASSES), 73, 70),
    case("resNet 18, cifar", small_images(resnet18(num_classes=CLASSES), 64), 18, 17),
    case("resNet 34, imagenet", resnet34(num_classes=CLASSES), 72, 65),
    case("resNet 50, imagenet", resnet50(num_classes=CLASSES), 70, 65),
    case("denseNet 12-5", dense_net((1, 1, 2), 5), 13, 12),
    case("denseNet 22-4", dense_net((3, 3, 3), 4), 12, 15),
    case("convLarge of width 8", conv_large(8), 23, 22),
]
target = pathlib.Path(__file__).parent.parent / "fixtures" / "backbones.json"
target.write_text(json.dumps({"torch": "2.13.0", "torchvision": "0.28.0", "cases": cases}, separators=(",", ":")).replace('{"id"', '\n{"id"') + "\n")
