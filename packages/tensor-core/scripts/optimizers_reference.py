"""Writes fixtures/optimizers.json: the parameters of a small network after each of six steps of PyTorch's optimisers, in float64.

    python -m venv .reference && .reference/bin/pip install torch==2.13.0
    .reference/bin/python packages/tensor-core/scripts/optimizers_reference.py

The network is mean((tanh(x w1 + b1) w2 + b2 - t)^2). PyTorch has no decoupled decay for SGD and RMSprop: there the script multiplies
the weights by 1 - rate * decay before the step. Biases are not decayed, except where a case says so.
"""
import json
import math
import pathlib

import torch

torch.set_default_dtype(torch.float64)
SHAPES = {"w1": (3, 4), "b1": (4,), "w2": (4, 2), "b2": (2,)}
FACTORS = [1.0, 1.0, 0.5, 2.0, 0.0, 1.0]


def wave(shape, phase):
    """Values in -1 … 1 without a pattern, rounded to float32."""
    n = math.prod(shape)
    i = torch.arange(n, dtype=torch.float64)
    return torch.sin(1.7 * i * i + 2.3 * i + phase).to(torch.float32).to(torch.float64).reshape(shape)


def plain(tensor):
    return [float(f"{v:.12g}") for v in tensor.detach().reshape(-1).tolist()]


X, TARGET = wave((6, 3), 0.4), wave((6, 2), 1.9)
INITIAL = {name: wave(shape, 3.1 + k) for k, (name, shape) in enumerate(SHAPES.items())}


def run(optimizer, rate, options, decay=0.0, decoupled=False, decay_biases=False, head_factor=1.0):
    """`optimizer(groups)` makes PyTorch's; `head_factor` multiplies the rate of w2 and b2."""
    parameters = {name: value.clone().requires_grad_() for name, value in INITIAL.items()}
    own = {name: decay if decay_biases or name[0] == "w" else 0.0 for name in SHAPES}
    factor = {name: head_factor if name[1] == "2" else 1.0 for name in SHAPES}
    by_hand = decoupled and optimizer is not torch.optim.AdamW
    groups = [
        {"params": [parameters[name]], "lr": rate * factor[name], "weight_decay": 0.0 if by_hand else own[name]}
        for name in SHAPES
    ]
    made = optimizer(groups, lr=rate, **options)
    trajectory = []
    for step_factor in FACTORS:
        for group, name in zip(made.param_groups, SHAPES):
            group["lr"] = rate * factor[name] * step_factor
        hidden = torch.tanh(X @ parameters["w1"] + parameters["b1"])
        loss = ((hidden @ parameters["w2"] + parameters["b2"] - TARGET) ** 2).mean()
        made.zero_grad()
        loss.backward()
        if by_hand:
            with torch.no_grad():
                for group, name in zip(made.param_groups, SHAPES):
                    parameters[name].mul_(1 - group["lr"] * own[name])
        made.step()
        trajectory.append({"loss": float(f"{loss.item():.12g}"), "parameters": {n: plain(p) for n, p in parameters.items()}})
    return trajectory


SGD, ADAM, ADAMW, RMS = torch.optim.SGD, torch.optim.Adam, torch.optim.AdamW, torch.optim.RMSprop
CASES = [
    # name, our function, our options, PyTorch's optimiser, rate, PyTorch's options, decay settings
    ("SGD", "sgd", {}, SGD, 0.2, {}, {}),
    ("SGD, coupled decay", "sgd", {"weightDecay": 0.1}, SGD, 0.2, {}, {"decay": 0.1}),
    ("SGD, momentum", "sgd", {"momentum": 0.9}, SGD, 0.1, {"momentum": 0.9}, {}),
    ("SGD, momentum, coupled decay", "sgd", {"momentum": 0.9, "weightDecay": 0.1}, SGD, 0.1, {"momentum": 0.9}, {"decay": 0.1}),
    ("SGD, momentum, coupled decay of all", "sgd", {"momentum": 0.9, "weightDecay": 0.1, "decayBiases": True}, SGD, 0.1,
     {"momentum": 0.9}, {"decay": 0.1, "decay_biases": True}),
    ("SGD, momentum, decoupled decay", "sgd", {"momentum": 0.9, "weightDecay": 0.1, "decay": "decoupled"}, SGD, 0.1,
     {"momentum": 0.9}, {"decay": 0.1, "decoupled": True}),
    ("SGD, Nesterov, coupled decay", "sgd", {"momentum": 0.8, "nesterov": True, "weightDecay": 0.1}, SGD, 0.1,
     {"momentum": 0.8, "nesterov": True}, {"decay": 0.1}),
    ("SGD, Nesterov, groups", "sgd", {"momentum": 0.8, "nesterov": True, "weightDecay": 0.1}, SGD, 0.05,
     {"momentum": 0.8, "nesterov": True}, {"decay": 0.1, "head_factor": 3.0}),
    ("Adam", "adam", {}, ADAM, 0.05, {}, {}),
    ("Adam, coupled decay", "adam", {"weightDecay": 0.1}, ADAM, 0.05, {}, {"decay": 0.1}),
    ("Adam, other moments", "adam", {"beta1": 0.5, "beta2": 0.9, "epsilon": 1e-3, "weightDecay": 0.1, "decayBiases": True}, ADAM, 0.05,
     {"betas": (0.5, 0.9), "eps": 1e-3}, {"decay": 0.1, "decay_biases": True}),
    ("AdamW", "adamW", {"weightDecay": 0.1}, ADAMW, 0.05, {}, {"decay": 0.1, "decoupled": True}),
    ("AdamW, groups", "adamW", {"weightDecay": 0.1}, ADAMW, 0.02, {}, {"decay": 0.1, "decoupled": True, "head_factor": 3.0}),
    ("RMSprop", "rmsProp", {}, RMS, 0.01, {}, {}),
    ("RMSprop, coupled decay", "rmsProp", {"alpha": 0.9, "weightDecay": 0.1}, RMS, 0.01, {"alpha": 0.9}, {"decay": 0.1}),
    ("RMSprop, decoupled decay", "rmsProp", {"alpha": 0.9, "weightDecay": 0.1, "decay": "decoupled"}, RMS, 0.01, {"alpha": 0.9},
     {"decay": 0.1, "decoupled": True}),
    ("RMSprop, centred", "rmsProp", {"alpha": 0.9, "centred": True, "epsilon": 1e-3}, RMS, 0.01, {"alpha": 0.9, "centered": True, "eps": 1e-3}, {}),
    ("RMSprop, centred, momentum, coupled decay", "rmsProp",
     {"alpha": 0.9, "centred": True, "momentum": 0.7, "epsilon": 1e-3, "weightDecay": 0.1}, RMS, 0.01,
     {"alpha": 0.9, "centered": True, "momentum": 0.7, "eps": 1e-3}, {"decay": 0.1}),
    ("RMSprop, momentum, groups", "rmsProp", {"momentum": 0.7}, RMS, 0.005, {"momentum": 0.7}, {"head_factor": 3.0}),
]

cases = [
    {
        "name": name,
        "optimizer": function,
        "options": {"learningRate": rate, **options},
        "headFactor": settings.get("head_factor", 1.0),
        "steps": run(made, rate, theirs, **settings),
    }
    for name, function, options, made, rate, theirs, settings in CASES
]
record = {
    "torch": torch.__version__.split("+")[0],
    "learningRateFactors": FACTORS,
    "x": {"shape": [6, 3], "values": plain(X)},
    "target": {"shape": [6, 2], "values": plain(TARGET)},
    "parameters": [{"name": n, "shape": list(s), "values": plain(INITIAL[n])} for n, s in SHAPES.items()],
    "cases": cases,
}
path = pathlib.Path(__file__).parent.parent / "fixtures" / "optimizers.json"
path.write_text(json.dumps(record, separators=(",", ":"), ensure_ascii=False).replace('{"name"', '\n{"name"') + "\n")
print(f"{len(cases)} cases, {path.stat().st_size} bytes")
