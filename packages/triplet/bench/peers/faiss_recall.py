"""Times an exact search in faiss and prints one line of JSON: the other side of ../speed.ts.

    TENSOR_PAPERS_THREADS=2 python bench/peers/faiss_recall.py recall-at-1/10k-128 [warm-up] [runs]

The nearest other row of 10,000 unit rows by inner product, and how often it has the same class.
"""
import faiss
import numpy as np
from measurement import measure

ROWS, WIDTH, CLASSES = 10_000, 128, 1_000


def recall_at_1():
    rows = np.random.default_rng(0).standard_normal((ROWS, WIDTH), dtype=np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    labels = np.arange(ROWS) % CLASSES

    def run() -> float:
        index = faiss.IndexFlatIP(WIDTH)
        index.add(rows)
        _, found = index.search(rows, 2)
        own = found[:, 0] == np.arange(ROWS)
        nearest = np.where(own, found[:, 1], found[:, 0])
        return float((labels[nearest] == labels).mean())

    return run


if __name__ == "__main__":
    measure("faiss", faiss.__version__, {"recall-at-1/10k-128": recall_at_1}, faiss.omp_set_num_threads)
