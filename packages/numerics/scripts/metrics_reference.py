"""Writes fixtures/metrics.json: inputs and values of metrics and statistics, computed by scikit-learn, SciPy and TorchMetrics.

    python -m venv .reference && .reference/bin/pip install torch==2.13.0
    .reference/bin/pip install scikit-learn==1.9.1 scipy==1.17.1 torchmetrics==1.9.0
    .reference/bin/python packages/numerics/scripts/metrics_reference.py

`fn` is the function of this package, `args` its arguments in order (options last), `expected` its value or some fields of it;
null is NaN. What no library computes (orders of ties, MAP@R) is enumerated here in exact fractions. The generator is
numpy.random.RandomState, whose streams do not change between versions.
"""
import itertools
import json
import math
import pathlib
import warnings
from fractions import Fraction

import numpy as np
import torch
from scipy import optimize, stats
from sklearn import metrics as sk
from torchmetrics.functional import retrieval as tr
from torchmetrics.functional import text as tt
from torchmetrics.functional.classification import multiclass_accuracy, multiclass_jaccard_index

warnings.filterwarnings("ignore")
random = np.random.RandomState(20240611)
cases = []


def plain(value):
    if isinstance(value, dict):
        return {key: plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(entry) for entry in value]
    if isinstance(value, (np.ndarray, torch.Tensor)):
        return plain(value.tolist())
    if isinstance(value, (bool, str)) or value is None:
        return value
    if isinstance(value, (int, np.integer)):
        return int(value)
    number = float(value)
    return None if math.isnan(number) else float(f"{number:.14g}")


def case(name, fn, args, expected, tolerance=1e-10, source=""):
    cases.append({"name": name, "fn": fn, "source": source, "args": plain(args), "expected": plain(expected), "tolerance": tolerance})


# --- classification
def softmax(z):
    e = np.exp(z - z.max(axis=1, keepdims=True))
    return e / e.sum(axis=1, keepdims=True)


for n, classes in [(40, 5), (7, 3), (60, 10)]:
    logits = np.round(random.normal(size=(n, classes)), 3)
    logits += random.permutation(n * classes).reshape(n, classes) * 1e-6  # no ties: libraries differ on them
    labels = random.randint(classes, size=n)
    for k in (1, 2, classes - 1):
        case(f"top-{k} of {classes}, {n} examples", "topKAccuracy", [logits.ravel(), labels, classes, k],
             sk.top_k_accuracy_score(labels, logits, k=k, labels=range(classes)), source="scikit-learn")
    probabilities = softmax(logits)
    case(f"Brier score, {classes} classes", "brierScore", [probabilities.ravel(), labels, classes],
         sk.brier_score_loss(labels, probabilities, scale_by_half=False, labels=range(classes)), source="scikit-learn")


def from_confusion(name, labels, predicted, classes):
    labels, predicted = np.asarray(labels), np.asarray(predicted)
    args = [predicted, labels, classes]
    matrix = sk.confusion_matrix(labels, predicted, labels=range(classes))
    case(name, "confusionMatrix", args, matrix.ravel(), source="scikit-learn")
    flat = [matrix.ravel()]
    case(name, "balancedAccuracy", flat, sk.balanced_accuracy_score(labels, predicted), source="scikit-learn")
    expected = {}
    for average in ("macro", "micro", "weighted"):
        p, r, f, _ = sk.precision_recall_fscore_support(labels, predicted, average=average, zero_division=0)
        expected[average] = {"precision": p, "recall": r, "f1": f}
    p, r, f, support = sk.precision_recall_fscore_support(labels, predicted, labels=range(classes), zero_division=np.nan)
    expected |= {"precision": p, "recall": r, "f1": f, "support": support}
    case(name, "precisionRecallF1", flat, expected, source="scikit-learn")
    for weights in (None, "linear", "quadratic"):
        case(f"{name}, weights {weights}", "cohenKappa", [*flat, {"weights": weights or "none"}],
             sk.cohen_kappa_score(labels, predicted, weights=weights, labels=range(classes)), source="scikit-learn")
    iou = sk.jaccard_score(labels, predicted, labels=range(classes), average=None, zero_division=0)
    iou[(matrix.sum(axis=0) + matrix.sum(axis=1)) == 0] = np.nan
    case(name, "intersectionOverUnion", flat, iou, source="scikit-learn")
    present = sk.jaccard_score(labels, predicted, average="macro", zero_division=0)
    case(name, "meanIoU", flat, present, source="scikit-learn")
    case(name, "frequencyWeightedIoU", flat, sk.jaccard_score(labels, predicted, average="weighted", zero_division=0), source="scikit-learn")
    case(name, "pixelAccuracy", flat, sk.accuracy_score(labels, predicted), source="scikit-learn")


noisy = random.randint(4, size=80)
from_confusion("four classes", noisy, np.where(random.uniform(size=80) < 0.6, noisy, random.randint(4, size=80)), 4)
from_confusion("class 2 absent from both", [0, 0, 1, 3, 3, 1], [0, 1, 1, 3, 0, 1], 4)
from_confusion("class 2 only predicted", [0, 0, 1, 1], [0, 2, 1, 1], 3)
from_confusion("class 1 never predicted", [0, 1, 1, 2], [0, 0, 2, 2], 3)
from_confusion("all wrong", [0, 1, 2], [1, 2, 0], 3)
from_confusion("one class", [0, 0], [0, 0], 1)

labels = random.randint(5, size=(8, 8))
predicted = np.where(random.uniform(size=(8, 8)) < 0.7, labels, random.randint(5, size=(8, 8)))
labels[:2, :3] = 255
kwargs = {"num_classes": 5, "ignore_index": 255}
target, guess = torch.tensor(labels), torch.tensor(predicted)
case("pixels of label 255 ignored", "meanIoUOf", [predicted.ravel(), labels.ravel(), 5, {"ignoreLabel": 255}],
     multiclass_jaccard_index(guess, target, average="macro", **kwargs), 1e-6, "TorchMetrics")
case("pixels of label 255 ignored", "pixelAccuracyOf", [predicted.ravel(), labels.ravel(), 5, {"ignoreLabel": 255}],
     multiclass_accuracy(guess, target, average="micro", **kwargs), 1e-6, "TorchMetrics")
case("pixels of label 255 ignored", "balancedAccuracyOf", [predicted.ravel(), labels.ravel(), 5, {"ignoreLabel": 255}],
     multiclass_accuracy(guess, target, average="macro", **kwargs), 1e-6, "TorchMetrics")

# --- one ranking
tied = random.randint(6, size=50) / 4
flags = random.randint(2, size=50)
for name, scores, relevant in [
    ("distinct scores", random.permutation(30) / 7, random.randint(2, size=30)),
    ("many ties", tied, flags),
    ("one positive", [0.1, 0.4, 0.4, 0.2], [0, 0, 1, 0]),
    ("all tied", [1, 1, 1, 1], [0, 1, 1, 0]),
    ("negative and infinite-free scores", [-3, -1.5, 0, 0, -1.5, 2], [0, 1, 1, 0, 0, 1]),
]:
    case(name, "auroc", [scores, relevant], sk.roc_auc_score(relevant, scores), source="scikit-learn")
    case(name, "averagePrecision", [scores, relevant, {"ties": "grouped"}], sk.average_precision_score(relevant, scores), source="scikit-learn")

for name, n, positives in [("12 items", 12, 5), ("30 items", 30, 11), ("one relevant", 9, 1), ("all relevant", 6, 6)]:
    scores = (1 + random.permutation(n)) / 8  # TorchMetrics takes items with a score of 0 or less for irrelevant
    relevant = np.zeros(n, int)
    relevant[random.permutation(n)[:positives]] = 1
    preds, target = torch.tensor(scores), torch.tensor(relevant)
    case(name, "averagePrecision", [scores, relevant], sk.average_precision_score(relevant, scores), source="scikit-learn")
    case(f"{name}, distances", "averagePrecision", [-scores, relevant, {"better": "lower"}], sk.average_precision_score(relevant, scores), source="scikit-learn")
    case(name, "rPrecision", [scores, relevant], tr.retrieval_r_precision(preds, target), 1e-6, "TorchMetrics")
    for k in (1, 3, n):
        case(f"{name}, k = {k}", "averagePrecision", [scores, relevant, {"ties": "index", "cutoff": k, "divideBy": "found"}],
             tr.retrieval_average_precision(preds, target, top_k=k), 1e-6, "TorchMetrics")
        case(f"{name}, k = {k}", "precisionAtK", [scores, relevant, k], tr.retrieval_precision(preds, target, top_k=k), 1e-6, "TorchMetrics")
        case(f"{name}, k = {k}", "recallAtK", [scores, relevant, k], tr.retrieval_recall(preds, target, top_k=k), 1e-6, "TorchMetrics")
        case(f"{name}, k = {k}", "hitAtK", [scores, relevant, k], tr.retrieval_hit_rate(preds, target, top_k=k), 1e-6, "TorchMetrics")


def orders(scores):
    """All rankings of the items by falling score: every order of the tied ones."""
    groups = [[i for i in range(len(scores)) if scores[i] == s] for s in sorted(set(scores), reverse=True)]
    for choice in itertools.product(*(itertools.permutations(group) for group in groups)):
        yield [i for group in choice for i in group]


def ap_at(relevance, k):
    found, total = 0, Fraction(0)
    for position, flag in enumerate(relevance[:k], 1):
        found += flag
        total += Fraction(flag * found, position)
    return total / min(k, sum(relevance))


def expected(scores, relevant, measure):
    values = [measure([relevant[i] for i in order]) for order in orders(scores)]
    return float(sum(values, Fraction(0)) / len(values))


for scores, relevant in [
    ([3, 2, 2, 1], [0, 1, 0, 1]),
    ([2, 2, 2, 1, 1], [1, 0, 1, 0, 1]),
    ([1, 1, 1, 1], [0, 0, 0, 1]),
    ([2, 1, 2, 1, 2, 1, 0], [1, 1, 0, 0, 0, 1, 1]),
    ([5, 5, 4, 4, 4, 1, 1], [0, 0, 1, 0, 1, 1, 0]),
]:
    name = f"orders of {scores}"
    total = sum(relevant)
    case(name, "averagePrecision", [scores, relevant], expected(scores, relevant, lambda r: ap_at(r, len(r))), source="all orders")
    case(name, "averagePrecisionAtR", [scores, relevant], expected(scores, relevant, lambda r: ap_at(r, total)), source="all orders")
    case(name, "rPrecision", [scores, relevant], expected(scores, relevant, lambda r: Fraction(sum(r[:total]), total)), source="all orders")
    for k in (1, 2, 3, 5):
        case(f"{name}, k = {k}", "averagePrecision", [scores, relevant, {"cutoff": k}], expected(scores, relevant, lambda r: ap_at(r, k)), source="all orders")
        case(f"{name}, k = {k}", "precisionAtK", [scores, relevant, k], expected(scores, relevant, lambda r: Fraction(sum(r[:k]), k)), source="all orders")
        case(f"{name}, k = {k}", "recallAtK", [scores, relevant, k], expected(scores, relevant, lambda r: Fraction(sum(r[:k]), total)), source="all orders")
        case(f"{name}, k = {k}", "hitAtK", [scores, relevant, k], expected(scores, relevant, lambda r: Fraction(int(sum(r[:k]) > 0))), source="all orders")
case("nothing relevant", "averagePrecision", [[1, 2], [0, 0]], math.nan, source="definition")
case("nothing relevant", "rPrecision", [[1, 2], [0, 0]], math.nan, source="definition")
case("nothing relevant", "averagePrecisionAtR", [[1, 2], [0, 0]], math.nan, source="definition")
case("nothing relevant", "recallAtK", [[1, 2], [0, 0], 1], math.nan, source="definition")
case("nothing relevant", "hitAtK", [[1, 2], [0, 0], 1], math.nan, source="definition")
case("no negatives", "auroc", [[1, 2], [1, 1]], math.nan, source="definition")

# --- retrieval
points = np.round(random.normal(size=(24, 3)), 3)
ids = random.randint(5, size=24)
distances = np.linalg.norm(points[:, None] - points[None], axis=2)
rows = []
for q in range(24):
    keep = np.arange(24) != q
    relevant, scores = (ids[keep] == ids[q]).astype(int), -distances[q][keep]
    if relevant.sum() == 0:
        continue
    ranked = relevant[np.argsort(-scores)]
    preds, target = torch.tensor(100 + scores), torch.tensor(relevant)
    rows.append([sk.average_precision_score(relevant, scores), float(ap_at(ranked.tolist(), int(relevant.sum()))),
                 float(tr.retrieval_r_precision(preds, target)), *(float(tr.retrieval_hit_rate(preds, target, top_k=k)) for k in (1, 4))])
means = np.mean(rows, axis=0)
case("leave one out", "evaluateRetrieval", [distances.ravel(), {"queryLabels": ids}, {"better": "lower", "at": [1, 4]}],
     {"queries": len(rows), "averagePrecision": means[0], "averagePrecisionAtR": means[1], "rPrecision": means[2], "hitAt": means[3:]}, 1e-6,
     "scikit-learn and TorchMetrics")

# --- clusterings
for name, a, b in [
    ("200 examples", random.randint(6, size=200), random.randint(4, size=200)),
    ("nearly equal", np.repeat([0, 1, 2], 20), np.r_[np.repeat([2, 0, 1], 20)[:-4], [2, 2, 0, 0]]),
    ("equal up to names", [0, 0, 1, 1, 2], [7, 7, -1, -1, 3]),
    ("one cluster against two", [0, 0, 0, 0], [0, 0, 1, 1]),
    ("one cluster each", [0, 0, 0], [5, 5, 5]),
    ("singletons against two", [0, 1, 2, 3], [0, 0, 1, 1]),
    ("independent", [0, 0, 1, 1], [0, 1, 0, 1]),
    ("one example", [3], [4]),
    ("unequal sizes", [0] * 30 + [1] * 3 + [2], [0] * 20 + [1] * 14),
]:
    a, b = np.asarray(a), np.asarray(b)
    for normaliser in ("arithmetic", "geometric", "min", "max"):
        if normaliser == "min" and len(set(a.tolist())) != len(set(b.tolist())) and 1 in (len(set(a.tolist())), len(set(b.tolist()))):
            continue  # 0/0 in the library
        case(f"{name}, {normaliser}", "normalizedMutualInformation", [a, b, {"normaliser": normaliser}],
             sk.normalized_mutual_info_score(a, b, average_method=normaliser), source="scikit-learn")
        if name != "singletons against two":
            case(f"{name}, {normaliser}", "adjustedMutualInformation", [a, b, {"normaliser": normaliser}],
                 sk.adjusted_mutual_info_score(a, b, average_method=normaliser), 1e-9, "scikit-learn")
    case(name, "adjustedRandIndex", [a, b], sk.adjusted_rand_score(a, b), source="scikit-learn")
    if name != "one example":  # no pair at all: 0 in the library, 1 here
        case(name, "fowlkesMallows", [a, b], sk.fowlkes_mallows_score(a, b), source="scikit-learn")
    for beta in (1, 0.5, 2):
        h, c, v = sk.homogeneity_completeness_v_measure(b, a, beta=beta)
        case(f"{name}, beta {beta}", "vMeasure", [a, b, {"beta": beta}], {"homogeneity": h, "completeness": c, "vMeasure": v}, source="scikit-learn")
    table = sk.cluster.contingency_matrix(a, b)
    case(name, "purity", [a, b], table.max(axis=1).sum() / table.sum(), source="scikit-learn")
    r, c = optimize.linear_sum_assignment(table, maximize=True)
    case(name, "clusteringAccuracy", [a, b], table[r, c].sum() / table.sum(), source="SciPy")

for rows_, columns in [(1, 1), (4, 4), (3, 7), (7, 3), (20, 20), (12, 30)]:
    for maximise in (False, True):
        costs = np.round(random.normal(size=(rows_, columns)) * 10, 2)
        r, c = optimize.linear_sum_assignment(costs, maximize=maximise)
        assigned = np.full(rows_, -1)
        assigned[r] = c
        case(f"{rows_} × {columns}, maximise {maximise}", "hungarianAssignment", [costs.ravel(), rows_, columns, {"maximise": maximise}],
             {"columnOfRow": assigned, "cost": costs[r, c].sum()}, source="SciPy")

# --- texts
words = ["kitten", "sitting", "hotel", "h0tel", "", "to let", "tolet", "starbucks", "starbuck5", "中文", "中國", "a😀b", "a😁b", "intention", "execution"]
for a, b in itertools.combinations(words, 2):
    case(f"{a} → {b}", "editDistance", [a, b], int(tt.edit_distance([a], [b], reduction="sum")), source="TorchMetrics")
case("three texts", "characterErrorRate", [["h0tel", "exlt", "caf"], ["hotel", "exit", "cafés"]],
     tt.char_error_rate(["h0tel", "exlt", "caf"], ["hotel", "exit", "cafés"]), 1e-6, "TorchMetrics")

# --- statistics
for name, x, y in [
    ("correlated", (x := np.round(random.normal(size=20), 3)), np.round(x + random.normal(size=20), 3)),
    ("ties", random.randint(4, size=25), random.randint(3, size=25)),
    ("monotone", [1, 2, 3, 4, 5], [1, 8, 27, 64, 125]),
    ("large offset", [1e9, 1e9 + 1, 1e9 + 3], [5, 6, 8.5]),
]:
    case(name, "pearsonCorrelation", [x, y], stats.pearsonr(x, y).statistic, 1e-9, "SciPy")
    case(name, "spearmanCorrelation", [x, y], stats.spearmanr(x, y).statistic, source="SciPy")
    case(name, "midRanks", [x], stats.rankdata(x), source="SciPy")
for name, n, digits in [("8 pairs", 8, 6), ("12 pairs with ties", 12, 0), ("25 pairs", 25, 6), ("40 pairs", 40, 6), ("60 pairs with ties and zeros", 60, 0)]:
    a = np.round(random.normal(size=n) * 3 + 0.8, digits)
    b = np.round(random.normal(size=n) * 3, digits)
    difference = (a - b)[a != b]
    for alternative in ("two-sided", "greater", "less"):
        if len(difference) > 25:
            method, how = "normal", "asymptotic"
        else:
            tie_free = len(set(np.abs(difference))) == len(difference)
            method, how = "exact", "exact" if tie_free else stats.PermutationMethod(n_resamples=np.inf)
        result = stats.wilcoxon(difference, alternative=alternative, method=how, correction=False)
        ranks = stats.rankdata(np.abs(difference))
        case(f"{name}, {alternative}", "wilcoxonSignedRank", [a, b, {"alternative": alternative}],
             {"statistic": ranks[difference > 0].sum(), "pValue": result.pvalue, "n": len(difference), "method": method}, source="SciPy")
for na, nb in [(5, 5), (3, 12), (2, 2), (30, 20)]:
    a, b = np.round(random.normal(size=na) * 2, 3), np.round(random.normal(size=nb) + 1, 3)
    for level in (0.95, 0.8):
        interval = stats.ttest_ind(a, b, equal_var=False).confidence_interval(level)
        case(f"{na} and {nb} samples, level {level}", "welchInterval", [a, b, {"level": level}],
             {"mean": a.mean() - b.mean(), "low": interval.low, "high": interval.high, "n": na + nb}, 1e-9, "SciPy")
for x in (-40, -8.5, -3, -1.96, -0.1, 0, 0.3, 1.999, 2, 2.001, 6):
    case(f"x = {x}", "normalCdf", [x], stats.norm.cdf(x), 1e-13, "SciPy")
skewed = np.round(random.gamma(1.0, size=15), 4)
pairs = np.round(random.gamma(1.0, size=30), 4), np.round(random.gamma(1.5, size=30), 4)
for name, fn, data, samples in [("15 skewed samples", "bootstrapInterval", [skewed], skewed), ("30 pairs", "pairedBootstrapInterval", pairs, pairs[0] - pairs[1])]:
    for correction in ("percentile", "BCa"):
        interval = stats.bootstrap((samples,), np.mean, n_resamples=400_000, method=correction, vectorized=True, batch=20_000, rng=np.random.default_rng(5)).confidence_interval
        # Both sides are Monte Carlo; the tolerance is several standard errors of a quantile at 40,000 resamples.
        case(f"{name}, {correction}", fn, [*data, {"resamples": 40_000, "correction": correction.lower()}],
             {"mean": samples.mean(), "low": interval.low, "high": interval.high}, 0.025 * samples.std(), "SciPy")

path = pathlib.Path(__file__).parent.parent / "fixtures" / "metrics.json"
path.parent.mkdir(exist_ok=True)
path.write_text("[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in cases) + "\n]\n", encoding="utf-8")
print(f"{len(cases)} cases")
