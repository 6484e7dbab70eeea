"""Times a piece of work and prints the line that both sides of a comparison print."""
import argparse
import json
import os
import resource
import statistics
import sys
import time
from typing import Callable, Mapping

Work = Callable[[], Callable[[], object]]


def measure(peer: str, version: str, works: Mapping[str, Work], use_threads: Callable[[int], None]) -> None:
    """Reads work, warm-up and runs from the command line; a work prepares its data and returns what is timed."""
    parser = argparse.ArgumentParser(description=f"Times a piece of work in {peer} on the CPU.")
    parser.add_argument("work", choices=works)
    parser.add_argument("warm_up", type=int, nargs="?", default=1, help="runs before the timed ones")
    parser.add_argument("runs", type=int, nargs="?", default=5, help="timed runs")
    arguments = parser.parse_args()

    threads = int(os.environ.get("TENSOR_PAPERS_THREADS", "2"))
    use_threads(threads)
    run = works[arguments.work]()
    times = []
    for i in range(-arguments.warm_up, arguments.runs):
        start = time.perf_counter()
        run()
        if i >= 0:
            times.append(1e3 * (time.perf_counter() - start))
    # Kilobytes, but on macOS bytes.
    rss_unit = 1 if sys.platform == "darwin" else 1024
    line = {
        "peer": peer,
        "version": version,
        "work": arguments.work,
        "unit": "ms",
        "median": round(statistics.median(times), 4),
        "best": round(min(times), 4),
        "runs": len(times),
        "threads": threads,
        "peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * rss_unit,
    }
    print(json.dumps(line), flush=True)
