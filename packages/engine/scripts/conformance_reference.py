"""Writes fixtures/conformance.json: inputs, outputs and gradients of many operations in float64, computed by PyTorch.

    python -m venv .reference && .reference/bin/pip install torch==2.13.0
    .reference/bin/python packages/engine/scripts/conformance_reference.py

Inputs are rounded to float32, so that every engine starts from the same numbers; values are kept away from the kinks of
piecewise operations. `cotangent` is what flows back into the output, so that no gradient vanishes by symmetry.
"""
import json
import math
import pathlib

import torch
from torch.nn import functional as F

torch.set_default_dtype(torch.float64)
cases = []


def wave(shape, phase=0.0, low=-1.0, high=1.0):
    """Values in low … high without a pattern, rounded to float32."""
    n = math.prod(shape)
    i = torch.arange(n, dtype=torch.float64)
    unit = 0.5 + 0.5 * torch.sin(1.7 * i * i + 2.3 * i + phase)
    return (low + (high - low) * unit).to(torch.float32).to(torch.float64).reshape(shape)


def apart(shape, phase=0.0):
    """Distinct values at least 0.1 apart from each other and 0.02 from 0: for maxima and kinks."""
    n = math.prod(shape)
    order = torch.argsort(wave((n,), phase))
    values = torch.empty(n)
    values[order] = (torch.arange(n, dtype=torch.float64) - n / 2 + 0.27) * 0.11
    return values.to(torch.float32).to(torch.float64).reshape(shape)


def plain(tensor):
    return [float(f"{v:.10g}") for v in tensor.detach().reshape(-1).tolist()]


def case(name, op, inputs, function, args=None, gradients=None):
    """inputs: tensors (integers stay integers). gradients: indices of the inputs to differentiate; default: all of floating point."""
    tensors = [t.clone().requires_grad_() if t.is_floating_point() else t for t in inputs]
    output = function(*tensors)
    wanted = [i for i, t in enumerate(tensors) if t.is_floating_point()] if gradients is None else gradients
    record = {
        "id": name,
        "op": op,
        "args": args or {},
        "inputs": [
            {"shape": list(t.shape), "dtype": "float32" if t.is_floating_point() else "bool" if t.dtype == torch.bool else "int32", "values": plain(t)}
            for t in inputs
        ],
        "output": {"shape": list(output.shape), "values": plain(output)},
    }
    if wanted:
        cotangent = wave(tuple(output.shape), 0.7)
        grads = torch.autograd.grad((output * cotangent).sum(), [tensors[i] for i in wanted], allow_unused=True)
        record["cotangent"] = plain(cotangent)
        record["gradients"] = [
            {"input": i, "values": plain(g if g is not None else torch.zeros_like(tensors[i]))} for i, g in zip(wanted, grads)
        ]
    cases.append(record)


# --- element by element
positive = wave((3, 5), 0.3, 0.2, 2.5)
signed = apart((3, 5), 0.4)
for name, function, x in [
    ("abs", torch.abs, signed), ("exp", torch.exp, signed), ("expm1", torch.expm1, signed), ("log", torch.log, positive),
    ("log1p", torch.log1p, positive), ("sqrt", torch.sqrt, positive), ("rsqrt", torch.rsqrt, positive), ("square", torch.square, signed),
    ("reciprocal", torch.reciprocal, positive), ("neg", torch.neg, signed), ("sin", torch.sin, signed), ("cos", torch.cos, signed),
    ("tan", torch.tan, wave((3, 5), 0.2)), ("asin", torch.asin, wave((3, 5), 0.2, -0.8, 0.8)), ("acos", torch.acos, wave((3, 5), 0.2, -0.8, 0.8)),
    ("atan", torch.atan, signed), ("sinh", torch.sinh, signed), ("cosh", torch.cosh, signed), ("tanh", torch.tanh, signed),
    ("sigmoid", torch.sigmoid, signed), ("softplus", F.softplus, signed), ("logSigmoid", F.logsigmoid, signed), ("erf", torch.erf, signed),
    ("relu", torch.relu, signed), ("relu6", F.relu6, apart((12, 12), 0.5)), ("elu", F.elu, signed), ("selu", torch.selu, signed),
    ("sign", torch.sign, signed), ("floor", torch.floor, signed), ("ceil", torch.ceil, signed), ("round", torch.round, signed),
]:
    case(name, name, [x], function, gradients=[] if name in ("sign", "floor", "ceil", "round") else None)
case("leakyRelu", "leakyRelu", [signed], lambda x: F.leaky_relu(x, 0.15), {"alpha": 0.15})
case("prelu, one slope a row", "prelu", [apart((2, 3, 4), 0.4), wave((3, 1), 0.9, 0.05, 0.4)], lambda x, a: torch.where(x > 0, x, a * x))
case("prelu", "prelu", [signed, wave((5,), 0.9, 0.05, 0.4)], lambda x, a: torch.where(x > 0, x, a * x))
case("clipByValue", "clipByValue", [signed], lambda x: x.clamp(-0.36, 0.36), {"min": -0.36, "max": 0.36})
case("step", "step", [signed], lambda x: (x > 0).to(x.dtype), gradients=[])

# --- two inputs, with broadcasting
a, b = apart((2, 3, 4), 0.1), apart((3, 1), 0.8) + 0.03
for name, function in [("add", torch.add), ("sub", torch.sub), ("mul", torch.mul), ("maximum", torch.maximum), ("minimum", torch.minimum)]:
    case(f"{name} broadcast", name, [a, b], function)
case("add bias", "add", [wave((2, 4, 4, 3), 0.1), wave((3,), 0.2)], torch.add)
case("div broadcast", "div", [a, positive[0, :4]], torch.div)
case("squaredDifference broadcast", "squaredDifference", [a, b], lambda x, y: (x - y) ** 2)
case("pow broadcast", "pow", [positive, wave((5,), 0.6, -1.5, 2.0)], torch.pow)
case("atan2", "atan2", [signed, positive], torch.atan2)
case("floorDiv", "floorDiv", [torch.tensor([7, -7, 9]), torch.tensor([2, 2, -4])], lambda x, y: torch.div(x, y, rounding_mode="floor"))
case("mod", "mod", [torch.tensor([7, -7, 9]), torch.tensor([4, 4, -4])], torch.remainder)
case("where", "where", [signed > 0, signed, positive], torch.where)
case("where broadcast", "where", [torch.tensor([[True], [False], [True]]), signed, positive], torch.where)

# --- reductions
r = apart((2, 3, 4), 0.3)
for name, function in [("sum", torch.sum), ("mean", torch.mean), ("prod", None), ("max", None), ("min", None)]:
    for axis in (0, 1, 2):
        f = {"prod": lambda x: torch.prod(x, axis), "max": lambda x: x.amax(axis), "min": lambda x: x.amin(axis)}.get(name, lambda x: function(x, axis))
        case(f"{name} axis {axis}", name, [r], f, {"axis": axis})
    whole = {"prod": torch.prod, "max": torch.amax, "min": torch.amin}.get(name, function)
    case(f"{name} of all", name, [r], lambda x: whole(x).reshape(()), {})
case("sum of axes 0 and 2, kept", "sum", [r], lambda x: x.sum((0, 2), keepdim=True), {"axis": [0, 2], "keepDims": True})
case("logSumExp", "logSumExp", [r], lambda x: torch.logsumexp(x, 2), {"axis": 2})
case("norm", "norm", [r], lambda x: torch.linalg.vector_norm(x, dim=2), {"axis": 2})
case("cumsum", "cumsum", [r], lambda x: torch.cumsum(x, 1), {"axis": 1})
case("argMax", "argMax", [r], lambda x: x.argmax(2), {"axis": 2}, gradients=[])
case("topk", "topk", [r], lambda x: torch.topk(x, 2).values, {"k": 2}, gradients=[])
case("softmax", "softmax", [r], lambda x: F.softmax(x, -1))
case("logSoftmax", "logSoftmax", [r], lambda x: F.log_softmax(x, -1))
case("logSoftmax, large", "logSoftmax", [torch.tensor([[1e4, 0.0, -1e4], [3.0, 3.0, 3.0]])], lambda x: F.log_softmax(x, -1))

# --- matrices
case("matMul", "matMul", [wave((3, 4), 0.1), wave((4, 5), 0.2)], torch.matmul, {})
case("matMul, a transposed", "matMul", [wave((4, 3), 0.1), wave((4, 5), 0.2)], lambda x, y: x.T @ y, {"transposeA": True})
case("matMul, b transposed", "matMul", [wave((3, 4), 0.1), wave((5, 4), 0.2)], lambda x, y: x @ y.T, {"transposeB": True})
case("matMul in batches", "matMul", [wave((2, 3, 4), 0.1), wave((2, 4, 5), 0.2)], torch.matmul, {})
case("matMul, batch broadcast", "matMul", [wave((2, 3, 4), 0.1), wave((1, 4, 5), 0.2)], torch.matmul, {})
case("einsum", "einsum", [wave((2, 3, 4), 0.1), wave((2, 5, 4), 0.2)], lambda x, y: torch.einsum("bic,bjc->bij", x, y), {"equation": "bic,bjc->bij"})


# --- convolutions and pooling (NHWC, TensorFlow's `same`: the odd pixel goes to the end)
def same(size, kernel, stride, dilation=1):
    reach = (kernel - 1) * dilation + 1
    total = max((math.ceil(size / stride) - 1) * stride + reach - size, 0)
    return total // 2, total - total // 2


def padded(x, kernel, stride, pad, dilation=1, value=0.0):
    x = x.permute(0, 3, 1, 2)
    if pad == "same":
        t, b_ = same(x.shape[2], kernel, stride, dilation)
        l, r_ = same(x.shape[3], kernel, stride, dilation)
        x = F.pad(x, (l, r_, t, b_), value=value)
    return x


def conv(x, f, stride, pad, dilation=1):
    y = F.conv2d(padded(x, f.shape[0], stride, pad, dilation), f.permute(3, 2, 0, 1), stride=stride, dilation=dilation)
    return y.permute(0, 2, 3, 1)


for size, kernel, stride, pad, dilation in [(7, 3, 1, "same", 1), (7, 3, 2, "same", 1), (8, 3, 2, "same", 1), (7, 3, 2, "valid", 1), (6, 1, 1, "valid", 1),
                                            (6, 1, 2, "valid", 1), (9, 5, 1, "valid", 1), (9, 3, 1, "same", 2), (9, 3, 1, "valid", 2)]:
    args = {"strides": stride, "pad": pad, "dilations": dilation}
    label = f"size {size}, kernel {kernel}, stride {stride}, {pad}" + (f", dilation {dilation}" if dilation > 1 else "")
    case(f"conv2d {label}", "conv2d", [wave((2, size, size, 3), 0.1), wave((kernel, kernel, 3, 4), 0.2)],
         lambda x, f: conv(x, f, stride, pad, dilation), args)


def depthwise(x, f, stride, pad, dilation=1):
    kh, _, channels, multiplier = f.shape
    weights = f.permute(2, 3, 0, 1).reshape(channels * multiplier, 1, kh, f.shape[1])
    return F.conv2d(padded(x, kh, stride, pad, dilation), weights, stride=stride, dilation=dilation, groups=channels).permute(0, 2, 3, 1)


for size, stride, pad in [(6, 1, "same"), (7, 2, "same"), (7, 2, "valid")]:
    case(f"depthwiseConv2d size {size}, stride {stride}, {pad}", "depthwiseConv2d", [wave((2, size, size, 3), 0.1), wave((3, 3, 3, 2), 0.2)],
         lambda x, f: depthwise(x, f, stride, pad), {"strides": stride, "pad": pad, "dilations": 1})
case("separableConv2d", "separableConv2d", [wave((2, 6, 6, 3), 0.1), wave((3, 3, 3, 2), 0.2), wave((1, 1, 6, 4), 0.3)],
     lambda x, d, p: conv(depthwise(x, d, 1, "same"), p, 1, "valid"), {"strides": 1, "pad": "same"})


def transposed(x, f, size, stride, pad):
    """The gradient of the convolution that maps [size, size] to x, which is what TensorFlow calls a transposed convolution."""
    with torch.enable_grad():
        image = torch.zeros(x.shape[0], size, size, f.shape[2], requires_grad=True)
        return torch.autograd.grad(conv(image, f, stride, pad), image, x, create_graph=True)[0]


for size, stride, pad in [(6, 2, "same"), (5, 1, "valid")]:
    case(f"conv2dTranspose to size {size}, stride {stride}, {pad}", "conv2dTranspose",
         [wave((2, 3, 3, 4), 0.1), wave((3, 3, 2, 4), 0.2)], lambda x, f: transposed(x, f, size, stride, pad),
         {"outputShape": [2, size, size, 2], "strides": stride, "pad": pad})


def avg_pool(x, window, stride, pad):
    ones = padded(torch.ones_like(x), window, stride, pad)
    sums = F.avg_pool2d(padded(x, window, stride, pad), window, stride)
    return (sums / F.avg_pool2d(ones, window, stride)).permute(0, 2, 3, 1)


for size, window, stride, pad in [(6, 2, 2, "valid"), (7, 2, 2, "valid"), (7, 3, 2, "same"), (6, 3, 1, "same"), (8, 3, 2, "valid")]:
    args = {"filterSize": window, "strides": stride, "pad": pad}
    case(f"maxPool size {size}, window {window}, stride {stride}, {pad}", "maxPool", [apart((2, size, size, 3), 0.1)],
         lambda x: F.max_pool2d(padded(x, window, stride, pad, value=-1e9), window, stride).permute(0, 2, 3, 1), args)
    case(f"avgPool size {size}, window {window}, stride {stride}, {pad}", "avgPool", [wave((2, size, size, 3), 0.1)],
         lambda x: avg_pool(x, window, stride, pad), args)

# --- normalisation and losses
case("batchNorm in inference", "batchNorm", [wave((2, 3, 3, 4), 0.1), wave((4,), 0.2), wave((4,), 0.3, 0.3, 1.4), wave((4,), 0.4), wave((4,), 0.5, 0.5, 1.5)],
     lambda x, m, v, o, s: (x - m) / torch.sqrt(v + 1e-3) * s + o, {"epsilon": 1e-3})


def batch_norm(x, offset, scale):
    axes = tuple(range(x.dim() - 1))
    mean, variance = x.mean(axes), x.var(axes, unbiased=False)
    return (x - mean) / torch.sqrt(variance + 1e-3) * scale + offset


case("batch normalisation layer in training", "batchNormalizationLayer", [wave((2, 3, 3, 4), 0.1), wave((4,), 0.4), wave((4,), 0.5, 0.5, 1.5)], batch_norm, {"epsilon": 1e-3})
case("softmaxCrossEntropy", "softmaxCrossEntropy", [wave((4, 5), 0.2, -3, 3), F.softmax(wave((4, 5), 0.9, -2, 2), -1)],
     lambda z, p: -(p * F.log_softmax(z, -1)).sum(-1).mean().reshape(()), gradients=[0])
case("softmaxCrossEntropy, gradient of the labels", "softmaxCrossEntropy", [wave((4, 5), 0.2, -3, 3), F.softmax(wave((4, 5), 0.9, -2, 2), -1)],
     lambda z, p: -(p * F.log_softmax(z, -1)).sum(-1).mean(), gradients=[1])
case("sigmoidCrossEntropy", "sigmoidCrossEntropy", [wave((4, 5), 0.2, -3, 3), wave((4, 5), 0.9, 0, 1)],
     lambda z, p: F.binary_cross_entropy_with_logits(z, p).reshape(()), gradients=[0])
case("localResponseNormalization", "localResponseNormalization", [wave((1, 2, 2, 6), 0.1)],
     lambda x: x * (1 + 0.7 * F.pad(x**2, (2, 2)).unfold(-1, 5, 1).sum(-1)) ** -0.5, {"depthRadius": 2, "bias": 1, "alpha": 0.7, "beta": 0.5})

# --- moving values around
m = wave((2, 3, 4), 0.3)
case("reshape", "reshape", [m], lambda x: x.reshape(4, 6), {"shape": [4, 6]})
case("transpose", "transpose", [m], lambda x: x.permute(2, 0, 1), {"perm": [2, 0, 1]})
case("concat", "concat", [m, wave((2, 5, 4), 0.4)], lambda x, y: torch.cat([x, y], 1), {"axis": 1})
case("stack", "stack", [m, wave((2, 3, 4), 0.4)], lambda x, y: torch.stack([x, y], 1), {"axis": 1})
case("slice", "slice", [m], lambda x: x[:, 1:3, 1:], {"begin": [0, 1, 1], "size": [2, 2, 3]})
case("stridedSlice", "stridedSlice", [wave((5, 6), 0.1)], lambda x: x[1:5:2, 0:6:3], {"begin": [1, 0], "end": [5, 6], "strides": [2, 3]})
case("pad", "pad", [wave((2, 3), 0.2)], lambda x: F.pad(x, (2, 1, 0, 3), value=0.5), {"paddings": [[0, 3], [2, 1]], "constantValue": 0.5})
case("mirrorPad", "mirrorPad", [wave((4, 3), 0.2)], lambda x: F.pad(x[None, None], (1, 2, 2, 1), mode="reflect")[0, 0], {"paddings": [[2, 1], [1, 2]], "mode": "reflect"})
case("tile", "tile", [wave((2, 3), 0.2)], lambda x: x.repeat(3, 2), {"reps": [3, 2]})
case("reverse", "reverse", [m], lambda x: x.flip(1), {"axis": 1})
case("split", "split", [m], lambda x: torch.cat([part * (k + 1) for k, part in enumerate(x.split(2, 2))], 2), {"count": 2, "axis": 2})
case("gather", "gather", [wave((5, 3), 0.1), torch.tensor([4, 0, 4, 2])], lambda x, i: x[i], {"axis": 0})
case("gather, axis 1", "gather", [wave((2, 5, 3), 0.1), torch.tensor([4, 0, 4])], lambda x, i: x[:, i], {"axis": 1})
case("gatherND", "gatherND", [wave((3, 4, 2), 0.1), torch.tensor([[0, 1], [2, 3], [0, 1]])], lambda x, i: x[i[:, 0], i[:, 1]])
case("scatterND", "scatterND", [torch.tensor([[1], [3], [1]]), wave((3, 2), 0.2)],
     lambda i, u: torch.zeros(5, 2).index_add(0, i[:, 0], u), {"shape": [5, 2]})
case("unsortedSegmentSum", "unsortedSegmentSum", [wave((5, 2), 0.2), torch.tensor([2, 0, 2, 2, 0])],
     lambda x, i: torch.zeros(4, 2).index_add(0, i, x), {"numSegments": 4})
case("oneHot", "oneHot", [torch.tensor([2, 0, 1])], lambda i: F.one_hot(i, 4).to(torch.float64) * 0.8 + 0.1, {"depth": 4, "onValue": 0.9, "offValue": 0.1, "dtype": "float32"})
case("cast", "cast", [signed], lambda x: x.to(torch.int64), {"dtype": "int32"}, gradients=[])


# --- images
def resize(x, size, mode, align, half):
    return F.interpolate(x.permute(0, 3, 1, 2), size=size, mode=mode, align_corners=align).permute(0, 2, 3, 1)


def asymmetric(x, size):
    """Bilinear with source = target · scale: TensorFlow's default, neither corners nor centres aligned."""
    _, h, w, _ = x.shape
    def weights(n_in, n_out):
        place = torch.arange(n_out, dtype=torch.float64) * (n_in / n_out)
        low = place.floor().long().clamp(max=n_in - 1)
        high = (low + 1).clamp(max=n_in - 1)
        matrix = torch.zeros(n_out, n_in)
        matrix[torch.arange(n_out), low] += 1 - (place - low)
        matrix[torch.arange(n_out), high] += place - low
        return matrix
    return torch.einsum("ih,bhwc,jw->bijc", weights(h, size[0]), x, weights(w, size[1]))


image = wave((2, 4, 5, 2), 0.1)
case("resizeBilinear", "resizeBilinear", [image], lambda x: asymmetric(x, (7, 3)), {"size": [7, 3], "alignCorners": False, "halfPixelCenters": False})
case("resizeBilinear, corners aligned", "resizeBilinear", [image], lambda x: resize(x, (7, 3), "bilinear", True, False), {"size": [7, 3], "alignCorners": True, "halfPixelCenters": False})
case("resizeBilinear, half pixel centres", "resizeBilinear", [image], lambda x: resize(x, (7, 9), "bilinear", False, True), {"size": [7, 9], "alignCorners": False, "halfPixelCenters": True})
case("resizeNearestNeighbor", "resizeNearestNeighbor", [image], lambda x: resize(x, (8, 3), "nearest", None, False), {"size": [8, 3], "alignCorners": False, "halfPixelCenters": False})

case("resizeNearestNeighbor, half pixel centres", "resizeNearestNeighbor", [image], lambda x: F.interpolate(x.permute(0, 3, 1, 2), size=(8, 3), mode="nearest-exact").permute(0, 2, 3, 1), {"size": [8, 3], "alignCorners": False, "halfPixelCenters": True})

# --- second derivatives: the output is the first one
for name, function in [("exp", torch.exp), ("tanh", torch.tanh), ("sigmoid", torch.sigmoid), ("softplus", F.softplus), ("sqrt", torch.sqrt)]:
    def derivative(x, function=function):
        return torch.autograd.grad(function(x).sum(), x, create_graph=True)[0]
    case(f"derivative of {name}", "derivative", [positive], derivative, {"of": name})

path = pathlib.Path(__file__).resolve().parent.parent / "fixtures" / "conformance.json"
path.parent.mkdir(exist_ok=True)
lines = ",\n".join(json.dumps(record) for record in cases)
path.write_text(f'{{"about": "float64, PyTorch {torch.__version__}", "cases": [\n{lines}\n]}}\n')
print(f"{len(cases)} cases, {path.stat().st_size / 1e3:.0f} kB")
