"""Writes fixtures/pml.json.gz: what pytorch-metric-learning says about 200 random batches, in float64.

python scripts/make_pml_fixtures.py (pytorch-metric-learning 2.9.0, torch, numpy)
"""
import gzip
import json
from pathlib import Path

import numpy as np
import torch
from pytorch_metric_learning import distances, losses, miners, reducers

torch.set_default_dtype(torch.float64)
rng = np.random.default_rng(1)
CLASSES, BATCHES, DECIMALS = 3, 200, 6

cosine, euclid = distances.CosineSimilarity(), distances.LpDistance()
squared = distances.LpDistance(power=2)
raw_euclid = distances.LpDistance(normalize_embeddings=False)
dot = distances.DotProductSimilarity(normalize_embeddings=False)
mean, non_zero = reducers.MeanReducer(), reducers.AvgNonZeroReducer()
class_weights = torch.tensor([0.5, 1.0, 2.0])

MINERS = {
    "batchHard": miners.BatchHardMiner(distance=cosine),
    "batchHardEuclidean": miners.BatchHardMiner(distance=raw_euclid),
    "easyHardest": miners.BatchEasyHardMiner("easy", "hard", distance=cosine),
    "easySemiHardStrict": miners.BatchEasyHardMiner("easy", "semihard", distance=cosine),
    "hardSemiHardStrict": miners.BatchEasyHardMiner("hard", "semihard", distance=euclid),
    "easyEasiest": miners.BatchEasyHardMiner("easy", "easy", distance=cosine),
    "easyAllowed": miners.BatchEasyHardMiner("easy", "hard", allowed_pos_range=(-1, 0.9), distance=cosine),
    "allHardest": miners.BatchEasyHardMiner("all", "hard", distance=cosine),
    "marginAll": miners.TripletMarginMiner(0.2, "all", distance=euclid),
    "marginHard": miners.TripletMarginMiner(0.2, "hard", distance=euclid),
    "marginSemiHard": miners.TripletMarginMiner(0.2, "semihard", distance=cosine),
    "marginEasy": miners.TripletMarginMiner(0.2, "easy", distance=cosine),
    "multiSimilarity": miners.MultiSimilarityMiner(0.1),
}

LOSSES = {
    "margin": (losses.TripletMarginLoss(0.2, distance=euclid, reducer=non_zero), None),
    "marginCosineMean": (losses.TripletMarginLoss(0.1, distance=cosine, reducer=mean), None),
    "marginSmoothSwap": (losses.TripletMarginLoss(0.3, True, True, distance=euclid, reducer=mean), None),
    "marginSquaredHard": (losses.TripletMarginLoss(0.2, distance=squared, reducer=mean), "batchHard"),
    "marginRawHard": (losses.TripletMarginLoss(0.2, distance=raw_euclid, reducer=mean), "batchHardEuclidean"),
    "marginSemiHard": (losses.TripletMarginLoss(0.2, distance=euclid, reducer=mean), "marginSemiHard"),
    "marginWeighted": (
        losses.TripletMarginLoss(0.2, distance=cosine, reducer=reducers.ClassWeightedReducer(class_weights)),
        None,
    ),
    "nca": (losses.TripletMarginLoss(0, smooth_loss=True, distance=cosine, reducer=mean), "easyHardest"),
    "contrastive": (losses.ContrastiveLoss(), None),
    "contrastiveCosine": (losses.ContrastiveLoss(0.9, 0.2, distance=cosine), None),
    "contrastiveThreshold": (
        losses.ContrastiveLoss(reducer=reducers.ThresholdReducer(low=0.1, high=0.8)),
        None,
    ),
    "multiSimilarity": (losses.MultiSimilarityLoss(), None),
    "multiSimilarityMined": (losses.MultiSimilarityLoss(), "multiSimilarity"),
    "ntXent": (losses.NTXentLoss(), None),
    "ntXentEuclidean": (losses.NTXentLoss(0.5, distance=euclid), None),
    "nPair": (losses.NPairsLoss(distance=dot), None),
    "infoNce": (losses.NTXentLoss(0.2), None),
    "marginReference": (losses.TripletMarginLoss(0.2, distance=euclid, reducer=mean), None),
    "proxyAnchor": (losses.ProxyAnchorLoss(CLASSES, 3), None),
    "arcFace": (losses.ArcFaceLoss(CLASSES, 3, scale=16), None),
}


def rounded(values):
    return np.round(np.asarray(values.detach() if torch.is_tensor(values) else values), DECIMALS).ravel().tolist()


def draw():
    """Rows with four decimals, so that float32 and float64 see nearly the same; one class in a batch comes up too."""
    rows, classes = int(rng.integers(4, 7)), int(rng.integers(1, CLASSES + 1)) if rng.random() < 0.2 else CLASSES
    return {
        "x": np.round(rng.standard_normal((rows, 3)), 4),
        "y": rng.integers(0, classes, rows),
        "r": np.round(rng.standard_normal((rows, 3)), 4),
    }


def mined(miner, x, y):
    chosen = miner(torch.tensor(x), torch.tensor(y))
    # Two lists of pairs that share their anchors are triplets.
    if len(chosen) == 4 and not isinstance(miner, miners.MultiSimilarityMiner):
        a1, p, a2, n = (list(map(int, side)) for side in chosen)
        return sorted((a, p[i], n[j]) for i, a in enumerate(a1) for j, b in enumerate(a2) if a == b)
    sides = [list(map(int, side)) for side in chosen]
    if len(sides) == 3:
        return sorted(zip(*sides))
    return [sorted(zip(*sides[:2])), sorted(zip(*sides[2:]))]


def digits(tuples):
    """Triplets as "012 034", pairs as "01 02|03 04": indices are single digits."""
    lists = tuples if tuples and isinstance(tuples[0], list) else [tuples]
    return "|".join(" ".join("".join(map(str, indices)) for indices in side) for side in lists)


def loss_of(name, batch):
    loss, miner = LOSSES[name]
    x = torch.tensor(batch["x"], requires_grad=True)
    y, r = torch.tensor(batch["y"]), torch.tensor(batch["r"], requires_grad=True)
    if name == "infoNce":
        ids = torch.arange(len(x))
        value, wanted = loss(x, ids, ref_emb=r, ref_labels=ids.clone()), [x, r]
    elif name == "marginReference":
        value, wanted = loss(x, y, ref_emb=r, ref_labels=torch.flip(y, [0])), [x, r]
    elif name == "proxyAnchor":
        loss.proxies.data = torch.tensor(batch["r"][:CLASSES])
        loss.proxies.grad = None
        value, wanted = loss(x, y), [x, loss.proxies]
    elif name == "arcFace":
        loss.W.data = torch.tensor(batch["r"][:CLASSES]).t().contiguous()
        loss.W.grad = None
        value, wanted = loss(x, y), [x, loss.W]
    else:
        value, wanted = loss(x, y, MINERS[miner](x.detach(), y) if miner else None), [x]
    value.backward()
    # No gradient where nothing counts.
    grads = [g.grad if g.grad is not None else torch.zeros_like(g) for g in wanted]
    if name == "arcFace":
        grads[1] = grads[1].t()
    return [rounded(value)[0], *(rounded(grad) for grad in grads)]


def memory_case():
    """Six batches of three through a memory of seven rows, so that it wraps around."""
    memory = losses.CrossBatchMemory(losses.ContrastiveLoss(), 3, memory_size=7)
    mined_memory = losses.CrossBatchMemory(
        losses.TripletMarginLoss(0.2, reducer=mean), 3, memory_size=7, miner=miners.BatchHardMiner(distance=euclid)
    )
    steps = []
    for _ in range(6):
        x, y = np.round(rng.standard_normal((3, 3)), 4), rng.integers(0, 2, 3)
        step = {"x": x.ravel().tolist(), "y": y.tolist()}
        for name, wrapper in (("contrastive", memory), ("margin", mined_memory)):
            rows = torch.tensor(x, requires_grad=True)
            value = wrapper(rows, torch.tensor(y))
            value.backward()
            step[name] = [rounded(value)[0], rounded(rows.grad if rows.grad is not None else torch.zeros_like(rows))]
        steps.append(step)
    return steps


def weights_case():
    """The weights that distance-weighted mining draws negatives by, of unit rows of five dimensions."""
    seen = []
    module = miners.distance_weighted_miner.lmu
    original = module.get_random_triplet_indices
    module.get_random_triplet_indices = lambda *_, weights, **__: seen.append(weights) or (torch.zeros(0),) * 3
    cases = []
    for _ in range(4):
        x, y = np.round(rng.standard_normal((5, 5)), 4), rng.integers(0, 2, 5)
        miners.DistanceWeightedMiner()(torch.tensor(x), torch.tensor(y))
        cases.append({"x": x.tolist(), "y": y.tolist(), "weights": np.nan_to_num(np.round(seen[-1].numpy(), 5)).tolist()})
    module.get_random_triplet_indices = original
    return cases


batches = []
while len(batches) < BATCHES:
    batch = draw()
    pairs = mined(MINERS["multiSimilarity"], batch["x"], batch["y"])
    # With at most one pair of either kind the library gives 0 whatever the pair is.
    if max(len(side) for side in pairs) == 1:
        continue
    batches.append(
        {
            "x": batch["x"].ravel().tolist(),
            "y": batch["y"].tolist(),
            "r": batch["r"].ravel().tolist(),
            "losses": {name: loss_of(name, batch) for name in LOSSES},
            "miners": {name: digits(mined(miner, batch["x"], batch["y"])) for name, miner in MINERS.items()},
        }
    )
    # A gradient that is no number would compare with nothing.
    assert all(np.isfinite(v).all() for loss in batches[-1]["losses"].values() for v in loss)

text = json.dumps({"batches": batches, "memory": memory_case(), "weights": weights_case()}, separators=(",", ":"))
path = Path(__file__).parent.parent / "fixtures" / "pml.json.gz"
path.write_bytes(gzip.compress(text.encode(), 9, mtime=0))
print(len(text), path.stat().st_size)
