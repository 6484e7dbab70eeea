"""Times exact Hamming search by faiss's flat index, over the codes of ../made-codes.ts: the other side of ../search.ts.

    TENSOR_PAPERS_THREADS=1 python bench/peers/faiss_search.py binary-scan/64bit-4M-q1-k10 [warm-up] [runs]
"""
import argparse
import os
import subprocess

import faiss
import numpy as np
from measurement import report, timed

MADE_QUERIES = 1000
# Codes, k, queries of a call. A flat scan takes as long for any query, so 32 of the queries are enough.
WORKS = {
    "binary-scan/64bit-4M-q1-k10": ("random-4M", 10, 1),
    "binary-scan/64bit-4M-q32-k10": ("random-4M", 10, 32),
    "binary-scan/64bit-4M-q32-k10-2-threads": ("random-4M", 10, 32),
    "mih/64bit-10M-k1": ("learned-10M", 1, 1),
    "mih/64bit-10M-k10": ("learned-10M", 10, 1),
    "mih/64bit-10M-k100": ("learned-10M", 100, 1),
}


def made_codes(kind: str) -> tuple[np.ndarray, np.ndarray]:
    """Database and queries, 8 bytes a code."""
    command = ["node", "--conditions=@tensor-papers/source", "--import", "tsx", "bench/made-codes.ts", kind]
    path = subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
    codes = np.fromfile(path, np.uint8).reshape(-1, 8)
    return codes[:-MADE_QUERIES].copy(), codes[-MADE_QUERIES:].copy()


def main() -> None:
    parser = argparse.ArgumentParser(description="Times exact Hamming search in faiss.")
    parser.add_argument("work", choices=WORKS)
    parser.add_argument("warm_up", type=int, nargs="?", default=1, help="runs before the timed ones")
    parser.add_argument("runs", type=int, nargs="?", default=7, help="timed runs")
    arguments = parser.parse_args()

    threads = int(os.environ.get("TENSOR_PAPERS_THREADS", "1"))
    faiss.omp_set_num_threads(threads)
    kind, k, together = WORKS[arguments.work]
    codes, queries = made_codes(kind)
    flat = faiss.IndexBinaryFlat(64)
    flat.add(codes)
    by_query = arguments.work.startswith("mih/")
    calls = [queries[i : i + 1] for i in range(32)] if by_query else [queries[:together]]

    def run() -> None:
        for call in calls:
            flat.search(call, k)

    seconds = timed(run, arguments.warm_up, arguments.runs)
    asked = sum(len(call) for call in calls)
    unit = "queries/s" if by_query else "Gcodes/s"
    rates = [asked / s if by_query else asked * len(codes) / s / 1e9 for s in seconds]
    report("faiss IndexBinaryFlat", faiss.__version__, arguments.work, unit, rates, threads)


if __name__ == "__main__":
    main()
