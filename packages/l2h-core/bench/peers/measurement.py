"""Times a piece of work and prints the line that both sides of a comparison print."""
import json
import resource
import statistics
import sys
import time
from typing import Callable


def timed(run: Callable[[], object], warm_up: int, runs: int) -> list[float]:
    """Seconds of each run after the first `warm_up`."""
    times = []
    for i in range(-warm_up, runs):
        start = time.perf_counter()
        run()
        if i >= 0:
            times.append(time.perf_counter() - start)
    return times


def report(peer: str, version: str, work: str, unit: str, samples: list[float], threads: int) -> None:
    # Kilobytes, but on macOS bytes.
    rss_unit = 1 if sys.platform == "darwin" else 1024
    line = {
        "peer": peer,
        "version": version,
        "work": work,
        "unit": unit,
        "median": float(f"{statistics.median(samples):.6g}"),
        "best": float(f"{max(samples) if unit.endswith('/s') else min(samples):.6g}"),
        "runs": len(samples),
        "threads": threads,
        "peakRssBytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * rss_unit,
    }
    print(json.dumps(line), flush=True)
