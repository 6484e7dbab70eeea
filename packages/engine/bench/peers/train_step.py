"""Times one training step in PyTorch (eager, CPU) and prints one line of JSON: the other side of ../train-step.ts.

    TENSOR_PAPERS_THREADS=2 python bench/peers/train_step.py cnn-b64 [warm-up] [runs]

A step: forward, backward, update, and reading the loss back. The networks are those of ../nets.ts, layer by layer.
"""
import argparse
import json
import os
import resource
import statistics
import sys
import time
from typing import Callable, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional as F

BATCH, CLASSES = 64, 10


def convolution(inputs: int, filters: int, size: int = 3, stride: int = 1) -> nn.Conv2d:
    return nn.Conv2d(inputs, filters, size, stride, padding=size // 2, bias=False)


class PreActivation(nn.Module):
    """Block of a Wide-ResNet: normalise and ReLU before each convolution; a projection starts from the activated input."""

    def __init__(self, inputs: int, filters: int, stride: int):
        super().__init__()
        self.norm1 = nn.BatchNorm2d(inputs)
        self.conv1 = convolution(inputs, filters, 3, stride)
        self.norm2 = nn.BatchNorm2d(filters)
        self.conv2 = convolution(filters, filters)
        projects = stride != 1 or inputs != filters
        self.projection = convolution(inputs, filters, 1, stride) if projects else None

    def forward(self, x: Tensor) -> Tensor:
        activated = F.relu(self.norm1(x))
        shortcut = x if self.projection is None else self.projection(activated)
        return self.conv2(F.relu(self.norm2(self.conv1(activated)))) + shortcut


class Basic(nn.Module):
    """Block of a ResNet-18: normalise after each convolution, ReLU after the sum."""

    def __init__(self, inputs: int, filters: int, stride: int):
        super().__init__()
        self.residual = nn.Sequential(
            convolution(inputs, filters, 3, stride),
            nn.BatchNorm2d(filters),
            nn.ReLU(),
            convolution(filters, filters),
            nn.BatchNorm2d(filters),
        )
        projects = stride != 1 or inputs != filters
        self.shortcut = (
            nn.Sequential(convolution(inputs, filters, 1, stride), nn.BatchNorm2d(filters))
            if projects
            else nn.Identity()
        )

    def forward(self, x: Tensor) -> Tensor:
        return F.relu(self.residual(x) + self.shortcut(x))


def stages(block: type[nn.Module], inputs: int, *plan: tuple[int, int]) -> list[nn.Module]:
    """Two blocks for each (filters, stride); the first of them strides."""
    blocks = []
    for filters, stride in plan:
        blocks += [block(inputs, filters, stride), block(filters, filters, 1)]
        inputs = filters
    return blocks


def classifier(features: int) -> list[nn.Module]:
    return [nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(features, CLASSES)]


def small_cnn() -> nn.Module:
    def conv_relu(inputs: int, filters: int) -> list[nn.Module]:
        return [nn.Conv2d(inputs, filters, 3, padding=1), nn.ReLU()]

    return nn.Sequential(
        *conv_relu(3, 32),
        nn.MaxPool2d(2),
        *conv_relu(32, 64),
        nn.MaxPool2d(2),
        *conv_relu(64, 128),
        nn.Flatten(),
        nn.Linear(128 * 8 * 8, CLASSES),
    )


def wide_resnet_16_1() -> nn.Module:
    blocks = stages(PreActivation, 16, (16, 1), (32, 2), (64, 2))
    return nn.Sequential(convolution(3, 16), *blocks, nn.BatchNorm2d(64), nn.ReLU(), *classifier(64))


def resnet18() -> nn.Module:
    stem = [convolution(3, 64), nn.BatchNorm2d(64), nn.ReLU(), nn.MaxPool2d(2)]
    return nn.Sequential(*stem, *stages(Basic, 64, (64, 1), (128, 2), (256, 2), (512, 2)), *classifier(512))


def perceptron() -> nn.Module:
    return nn.Sequential(nn.Linear(784, 256), nn.ReLU(), nn.Linear(256, 128), nn.ReLU(), nn.Linear(128, CLASSES))


def adam(net: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.Adam(net.parameters(), lr=1e-3)


def nesterov(net: nn.Module) -> torch.optim.Optimizer:
    return torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9, nesterov=True)


class Work(NamedTuple):
    build: Callable[[], nn.Module]
    optimiser: Callable[[nn.Module], torch.optim.Optimizer]
    input_shape: tuple[int, ...]
    warm_up: int
    runs: int


WORKS = {
    "cnn-b64": Work(small_cnn, adam, (3, 32, 32), 5, 40),
    "wrn-16-1-b64": Work(wide_resnet_16_1, nesterov, (3, 32, 32), 3, 20),
    "resnet18-b64-64px": Work(resnet18, nesterov, (3, 64, 64), 1, 5),
    "mlp-b64": Work(perceptron, adam, (784,), 100, 300),
}


def stepper(work: Work) -> Callable[[], float]:
    """A function that makes one training step and returns its milliseconds."""
    net = work.build()
    optimiser = work.optimiser(net)
    images = torch.randn(BATCH, *work.input_shape)
    labels = torch.randint(0, CLASSES, (BATCH,))

    def step() -> float:
        start = time.perf_counter()
        optimiser.zero_grad()
        loss = F.cross_entropy(net(images), labels)
        loss.backward()
        optimiser.step()
        loss.item()
        return 1e3 * (time.perf_counter() - start)

    return step


def peak_rss_bytes() -> int:
    # Kilobytes, but on macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    parser = argparse.ArgumentParser(description="Times one training step in PyTorch on the CPU.")
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("warm_up", type=int, nargs="?", help="steps before the timed ones")
    parser.add_argument("runs", type=int, nargs="?", help="timed steps")
    arguments = parser.parse_args()

    threads = int(os.environ.get("TENSOR_PAPERS_THREADS", "2"))
    torch.set_num_threads(threads)
    torch.manual_seed(0)
    work = WORKS[arguments.work]
    step = stepper(work)
    for _ in range(work.warm_up if arguments.warm_up is None else arguments.warm_up):
        step()
    times = [step() for _ in range(work.runs if arguments.runs is None else arguments.runs)]
    line = {
        "peer": "torch",
        "version": torch.__version__,
        "work": f"train-step/{arguments.work}",
        "unit": "ms",
        "median": round(statistics.median(times), 4),
        "best": round(min(times), 4),
        "runs": len(times),
        "threads": threads,
        "peakRssBytes": peak_rss_bytes(),
    }
    print(json.dumps(line), flush=True)


if __name__ == "__main__":
    main()
