"""Writes PyTorch state dicts as safetensors, with inputs and the logits that PyTorch computes for them.

    python -m venv .reference && .reference/bin/pip install torch==2.13.0 && .reference/bin/pip install safetensors==0.8.0 numpy
    .reference/bin/python packages/tensor-core/scripts/pytorch_reference.py fixtures packages/tensor-core/fixtures/weights
    .reference/bin/python packages/tensor-core/scripts/pytorch_reference.py networks FOLDER resnet18 resnet50 wrn-28-2
    .reference/bin/python packages/tensor-core/scripts/pytorch_reference.py check NETWORK STATE_DICT LOGITS

`fixtures`: small networks for the tests. `networks`: networks of full size for the long tests. `check`: loads a state dict in
PyTorch's strict mode and fails unless its logits are those of the file LOGITS, to 1e-4 of the largest.
"""
import pathlib
import sys

import torch
from safetensors.torch import load_file, save_file
from torch import nn
from torch.nn import functional as F


def norm(channels):
    return nn.BatchNorm2d(channels)


def conv(channels_in, channels_out, size, stride=1):
    return nn.Conv2d(channels_in, channels_out, size, stride, padding=size // 2, bias=False)


class ResidualBlock(nn.Module):
    """Convolutions 3×3, 3×3, or 1×1, 3×3, 1×1 to four times the channels; named as torchvision names them."""

    def __init__(self, channels_in, width, stride, bottleneck):
        super().__init__()
        out = 4 * width if bottleneck else width
        plan = [(width, 1, 1), (width, 3, stride), (out, 1, 1)] if bottleneck else [(width, 3, stride), (out, 3, 1)]
        channels = channels_in
        for i, (to, size, step) in enumerate(plan, 1):
            setattr(self, f"conv{i}", conv(channels, to, size, step))
            setattr(self, f"bn{i}", norm(to))
            channels = to
        self.length = len(plan)
        self.downsample = None
        if stride != 1 or channels_in != out:
            self.downsample = nn.Sequential(conv(channels_in, out, 1, stride), norm(out))

    def forward(self, x):
        y = x
        for i in range(1, self.length + 1):
            y = getattr(self, f"bn{i}")(getattr(self, f"conv{i}")(y))
            if i < self.length:
                y = F.relu(y)
        return F.relu(y + (x if self.downsample is None else self.downsample(x)))


class ResNet(nn.Module):
    def __init__(self, blocks, bottleneck=False, width=64, classes=1000, stem="imagenet"):
        super().__init__()
        self.stem = stem
        self.conv1 = conv(3, width, 7, 2) if stem == "imagenet" else conv(3, width, 3)
        self.bn1 = norm(width)
        channels = width
        for stage, count in enumerate(blocks):
            layers = []
            for block in range(count):
                stride = 2 if stage > 0 and block == 0 else 1
                layers.append(ResidualBlock(channels, width * 2**stage, stride, bottleneck))
                channels = width * 2**stage * (4 if bottleneck else 1)
            setattr(self, f"layer{stage + 1}", nn.Sequential(*layers))
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = F.relu(self.bn1(self.conv1(x)))
        if self.stem == "imagenet":
            x = F.max_pool2d(x, 3, 2, padding=1)
        for stage in (self.layer1, self.layer2, self.layer3, self.layer4):
            x = stage(x)
        return self.fc(x.mean((2, 3)))


class WideBlock(nn.Module):
    """Pre-activation block; the shortcut is a 1×1 convolution of the activated input where the shape changes."""

    def __init__(self, channels_in, channels_out, stride):
        super().__init__()
        self.bn1 = norm(channels_in)
        self.conv1 = conv(channels_in, channels_out, 3, stride)
        self.bn2 = norm(channels_out)
        self.conv2 = conv(channels_out, channels_out, 3)
        self.convShortcut = None
        if stride != 1 or channels_in != channels_out:
            self.convShortcut = conv(channels_in, channels_out, 1, stride)

    def forward(self, x):
        activated = F.relu(self.bn1(x))
        y = self.conv2(F.relu(self.bn2(self.conv1(activated))))
        return y + (x if self.convShortcut is None else self.convShortcut(activated))


class WideStage(nn.Module):
    def __init__(self, blocks, channels_in, channels_out, stride):
        super().__init__()
        self.layer = nn.Sequential(
            *[WideBlock(channels_in if i == 0 else channels_out, channels_out, stride if i == 0 else 1) for i in range(blocks)]
        )

    def forward(self, x):
        return self.layer(x)


class WideResNet(nn.Module):
    def __init__(self, depth, width, classes=10):
        super().__init__()
        blocks = (depth - 4) // 6
        self.conv1 = conv(3, 16, 3)
        channels = 16
        for stage in range(3):
            to = 16 * width * 2**stage
            setattr(self, f"block{stage + 1}", WideStage(blocks, channels, to, 1 if stage == 0 else 2))
            channels = to
        self.bn1 = norm(channels)
        self.fc = nn.Linear(channels, classes)

    def forward(self, x):
        x = self.block3(self.block2(self.block1(self.conv1(x))))
        return self.fc(F.relu(self.bn1(x)).mean((2, 3)))


NETWORKS = {
    "resnet18-8": (lambda: ResNet([2, 2, 2, 2], width=8, classes=10, stem="cifar"), 32),
    "resnet18-4-imagenet": (lambda: ResNet([2, 2, 2, 2], width=4, classes=5), 45),
    "resnet50-2": (lambda: ResNet([3, 4, 6, 3], bottleneck=True, width=2, classes=4, stem="cifar"), 16),
    "wrn-16-1": (lambda: WideResNet(16, 1), 32),
    "resnet18": (lambda: ResNet([2, 2, 2, 2]), 96),
    "resnet50": (lambda: ResNet([3, 4, 6, 3], bottleneck=True), 96),
    "wrn-28-2": (lambda: WideResNet(28, 2), 32),
}


def images_of(count, side):
    """Coarse patterns with noise: averages over positions would hide what a network does with noise alone."""
    coarse = F.interpolate(torch.rand(count, 3, 4, 4), size=(side, side), mode="bilinear", align_corners=False)
    return 0.8 * coarse * torch.rand(count, 3, 1, 1) + 0.2 * torch.rand(count, 3, side, side)


def make(name):
    """A network whose normalisation has statistics and scales away from 0 and 1, with a batch of its inputs."""
    build, side = NETWORKS[name]
    torch.manual_seed(sum(name.encode()))
    network = build()
    for module in network.modules():
        if isinstance(module, nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, nonlinearity="relu")
        if isinstance(module, nn.BatchNorm2d):
            module.momentum = None  # Averages over all batches, so that the values before the first leave no trace.
            nn.init.uniform_(module.weight, 0.5, 1.5)
            nn.init.normal_(module.bias, 0.0, 0.2)
        if isinstance(module, nn.Linear):
            nn.init.normal_(module.weight, 0.0, 0.2)
    network.train()
    with torch.no_grad():
        for _ in range(10):
            network(images_of(8, side))
    network.eval()
    return network, images_of(2, side)


def logits_of(network, images):
    with torch.no_grad():
        return network(images)


def rounded(network, dtype):
    """The state dict in another dtype, and the network with those rounded values."""
    state = {k: v.to(dtype) if v.is_floating_point() else v for k, v in network.state_dict().items()}
    network.load_state_dict(state)
    return state


def write(folder, name, dtype=torch.float32):
    network, images = make(name)
    state = rounded(network, dtype)
    save_file({k: v.contiguous() for k, v in state.items()}, folder / f"{name}.safetensors", metadata={"format": "pt"})
    save_file({"images": images, "logits": logits_of(network, images)}, folder / f"{name}.logits.safetensors")


def write_dtypes(folder):
    """One tensor of every dtype that PyTorch and the format share; bit patterns count up."""
    tensors = {}
    for name in [
        "bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64", "float16", "bfloat16", "float32", "float64", "complex64",
        "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz", "float8_e8m0fnu",
    ]:
        dtype = getattr(torch, name)
        if dtype == torch.bool:
            tensors[name] = torch.tensor([[True, False, True], [False, False, True]])
        else:
            raw = torch.arange(6 * dtype.itemsize, dtype=torch.int64).mul(37).add(5).to(torch.uint8)
            tensors[name] = raw.view(dtype).reshape(2, 3).clone()
    tensors["empty"] = torch.zeros(0, 3)
    tensors["scalar"] = torch.tensor(1.5)
    save_file(tensors, folder / "dtypes.safetensors", metadata={"format": "pt"})


def check(name, state_dict, logits_file):
    network = NETWORKS[name][0]()
    network.load_state_dict(load_file(state_dict), strict=True)
    network.eval()
    given = load_file(logits_file)
    expected = logits_of(network, given["images"])
    error = (given["logits"] - expected).abs().max().item()
    scale = max(1.0, expected.abs().max().item())
    print(f"{name}: largest difference {error:.2g}, largest logit {scale:.3g}")
    if not error <= 1e-4 * scale:
        sys.exit(1)


def main(command, *arguments):
    torch.set_num_threads(2)
    if command == "fixtures":
        folder = pathlib.Path(arguments[0])
        folder.mkdir(parents=True, exist_ok=True)
        write(folder, "resnet18-8", torch.float16)
        write(folder, "resnet18-4-imagenet", torch.bfloat16)
        write(folder, "resnet50-2")
        write(folder, "wrn-16-1", torch.float16)
        write_dtypes(folder)
    elif command == "networks":
        for name in arguments[1:]:
            write(pathlib.Path(arguments[0]), name)
    elif command == "check":
        check(*arguments)
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
