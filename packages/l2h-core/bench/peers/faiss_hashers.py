"""Times iterative and product quantisation in faiss: the other side of ../hashers.ts.

    TENSOR_PAPERS_THREADS=2 python bench/peers/faiss_hashers.py itq-train/60k-784-64bit [warm-up] [runs]

Rows are standard normal; the first 64 columns are scaled from 8 down to 1.
"""
import argparse
import os
from typing import Callable

import faiss
import numpy as np
from measurement import report, timed

ROWS = 60_000


def normal_rows(columns: int) -> np.ndarray:
    rows = np.random.default_rng(0).standard_normal((ROWS, columns), dtype=np.float32)
    rows[:, :64] *= np.linspace(8, 1, 64, dtype=np.float32)
    return rows


def itq_train() -> Callable[[], object]:
    rows = normal_rows(784)

    def run() -> None:
        transform = faiss.ITQTransform(784, 64, True)
        # All rows: without it faiss trains on a sample.
        transform.max_train_per_dim = 1000
        transform.train(rows)

    return run


def pq_train() -> Callable[[], object]:
    rows = normal_rows(64)
    return lambda: faiss.ProductQuantizer(64, 8, 8).train(rows)


def pq_encode() -> Callable[[], object]:
    rows = normal_rows(64)
    quantizer = faiss.ProductQuantizer(64, 8, 8)
    quantizer.train(rows)
    return lambda: quantizer.compute_codes(rows)


WORKS = {
    "itq-train/60k-784-64bit": ("faiss ITQTransform", itq_train),
    "pq-train/60k-64d-8x256": ("faiss ProductQuantizer", pq_train),
    "pq-encode/60k-64d-8x256": ("faiss ProductQuantizer", pq_encode),
}


def main() -> None:
    parser = argparse.ArgumentParser(description="Times iterative and product quantisation in faiss.")
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("warm_up", type=int, nargs="?", default=0, help="runs before the timed ones")
    parser.add_argument("runs", type=int, nargs="?", default=3, help="timed runs")
    arguments = parser.parse_args()

    threads = int(os.environ.get("TENSOR_PAPERS_THREADS", "2"))
    faiss.omp_set_num_threads(threads)
    peer, work = WORKS[arguments.work]
    samples = [1e3 * s for s in timed(work(), arguments.warm_up, arguments.runs)]
    report(peer, faiss.__version__, arguments.work, "ms", samples, threads)


if __name__ == "__main__":
    main()
