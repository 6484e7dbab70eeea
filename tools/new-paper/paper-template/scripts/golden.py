"""Golden values of fixtures/golden.json, computed in float64 from the paper's definitions, apart from the TypeScript code.

REPLACE: your paper's equations, written down a second time by hand. Run: python3 scripts/golden.py > fixtures/golden.json
"""

import json
from math import exp, log


def targets(labels, classes, smoothing):
    return [[(1 - smoothing) * (k == y) + smoothing / classes for k in range(classes)] for y in labels]


def softmax(row):
    weights = [exp(value - max(row)) for value in row]
    return [weight / sum(weights) for weight in weights]


def loss(logits, labels, smoothing):
    wanted = targets(labels, len(logits[0]), smoothing)
    rows = zip(wanted, map(softmax, logits))
    return -sum(q * log(p) for goal, row in rows for q, p in zip(goal, row)) / len(logits)


def gradient(logits, labels, smoothing):
    wanted = targets(labels, len(logits[0]), smoothing)
    return [[(p - q) / len(logits) for q, p in zip(goal, softmax(row))] for goal, row in zip(wanted, logits)]


LOGITS = [[1.0, 2.0, 0.5, -1.0], [0.0, 0.0, 1.0, 0.5], [-3.0, 4.0, 0.25, 0.0]]
LABELS = [0, 2, 1]


def cases():
    for name, smoothing in [("one-hot", 0.0), ("default", None), ("strong", 0.4)]:
        value = 0.1 if smoothing is None else smoothing
        yield {
            "name": f"targets-{name}",
            "fn": "smoothedTargets",
            "what": "q'(k) = (1 - e) [k = y] + e / C",
            "inputs": {"labels": LABELS, "classes": 4},
            "options": {"smoothing": smoothing},
            "expected": {"targets": targets(LABELS, 4, value)},
            "tolerance": 1e-6,
        }
        yield {
            "name": f"loss-{name}",
            "fn": "smoothedCrossEntropy",
            "what": "mean cross-entropy with q', and its gradient at the logits",
            "inputs": {"logits": LOGITS, "labels": LABELS},
            "options": {"smoothing": smoothing},
            "expected": {"loss": loss(LOGITS, LABELS, value), "gradLogits": gradient(LOGITS, LABELS, value)},
            "tolerance": 1e-5,
        }


print("[\n" + ",\n".join(json.dumps(case) for case in cases()) + "\n]")
