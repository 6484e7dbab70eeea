"""Times triplet losses of pytorch-metric-learning and prints one line of JSON: the other side of ../speed.ts.

    TENSOR_PAPERS_THREADS=2 python bench/peers/pml_triplets.py triplet-step/all-b256-d128 [warm-up] [runs]

A step: normalise, mine, loss, backward, reading the loss back. Eight rows a class, margin 0.2 on Euclidean distances, mean over triplets.
"""
import pytorch_metric_learning
import torch
from measurement import measure
from pytorch_metric_learning import losses, miners, reducers

WIDTH, PER_CLASS = 128, 8


def triplet_step(batch: int, miner: miners.BaseMiner | None = None):
    torch.manual_seed(0)
    labels = torch.arange(batch) // PER_CLASS
    rows = torch.randn(batch, WIDTH, requires_grad=True)
    triplet_loss = losses.TripletMarginLoss(margin=0.2, reducer=reducers.MeanReducer())

    def step() -> float:
        rows.grad = None
        embeddings = torch.nn.functional.normalize(rows, dim=1)
        loss = triplet_loss(embeddings, labels, miner(embeddings, labels) if miner else None)
        loss.backward()
        return loss.item()

    return step


WORKS = {
    "triplet-step/batch-hard-b512-d128": lambda: triplet_step(512, miners.BatchHardMiner()),
    "triplet-step/all-b256-d128": lambda: triplet_step(256),
}

if __name__ == "__main__":
    measure("pytorch-metric-learning", pytorch_metric_learning.__version__, WORKS, torch.set_num_threads)
