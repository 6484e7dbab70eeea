"""Times PCA and k-means in faiss and prints one line of JSON: the other side of ../linalg.ts.

    TENSOR_PAPERS_THREADS=2 python bench/peers/faiss_linalg.py pca/60k-784-64 [warm-up] [runs]

Rows are standard normal; the first 64 columns are scaled from 8 down to 1.
"""
import argparse
import json
import os
import resource
import statistics
import sys
import time
from typing import Callable

import faiss
import numpy as np

ROWS = 60_000


def normal_rows(columns: int) -> np.ndarray:
    rows = np.random.default_rng(0).standard_normal((ROWS, columns), dtype=np.float32)
    rows[:, :64] *= np.linspace(8, 1, 64, dtype=np.float32)
    return rows


def pca() -> Callable[[], None]:
    rows = normal_rows(784)
    # Trains on all rows: at most 1,000 per column would be taken.
    return lambda: faiss.PCAMatrix(784, 64).train(rows)


def k_means() -> Callable[[], None]:
    rows = normal_rows(64)

    def run() -> None:
        # Without the raised limit faiss would train on a sample.
        faiss.Kmeans(64, 256, niter=25, max_points_per_centroid=1_000_000, seed=0).train(rows)

    return run


WORKS = {"pca/60k-784-64": pca, "kmeans/60k-64-256-25it": k_means}


def peak_rss_bytes() -> int:
    # Kilobytes, but on macOS bytes.
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def main() -> None:
    parser = argparse.ArgumentParser(description="Times PCA or k-means in faiss on the CPU.")
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("warm_up", type=int, nargs="?", default=0, help="runs before the timed ones")
    parser.add_argument("runs", type=int, nargs="?", default=3, help="timed runs")
    arguments = parser.parse_args()

    threads = int(os.environ.get("TENSOR_PAPERS_THREADS", "2"))
    faiss.omp_set_num_threads(threads)
    run = WORKS[arguments.work]()
    times = []
    for i in range(-arguments.warm_up, arguments.runs):
        start = time.perf_counter()
        run()
        if i >= 0:
            times.append(1e3 * (time.perf_counter() - start))
    line = {
        "peer": "faiss",
        "version": faiss.__version__,
        "work": arguments.work,
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
