"""Writes small indexes of faiss into fixtures/, with what they hold as JSON: python scripts/make_faiss_fixtures.py (faiss-cpu 1.15.1, numpy)."""
import json
from pathlib import Path

import faiss
import numpy as np

fixtures = Path(__file__).parent.parent / "fixtures"
rng = np.random.default_rng(1)


def write(name: str, index, held: dict) -> None:
    (faiss.write_index_binary if "binary" in name else faiss.write_index)(index, str(fixtures / f"{name}.faiss"))
    (fixtures / f"{name}.json").write_text(json.dumps(held))


codes = rng.integers(0, 256, (9, 5), dtype=np.uint8)
ids = np.arange(9, dtype=np.int64) * 7 - 20
flat = faiss.IndexBinaryFlat(40)
flat.add(codes)
write("faiss-binary-flat", flat, {"bits": 40, "bytes": codes.ravel().tolist(), "ids": list(range(9))})
mapped = faiss.IndexBinaryIDMap(faiss.IndexBinaryFlat(40))
mapped.add_with_ids(codes, ids)
write("faiss-binary-id-map", mapped, {"bits": 40, "bytes": codes.ravel().tolist(), "ids": ids.tolist()})

vectors = rng.standard_normal((400, 4), dtype=np.float32)
faiss.omp_set_num_threads(1)
pq = faiss.IndexPQ(4, 2, 8)
pq.train(vectors)
pq.add(vectors[:6])
query = vectors[7]
distances, found = pq.search(query[None], 6)
held = {
    "codes": faiss.vector_to_array(pq.codes).tolist(),
    "query": query.tolist(),
    "found": found[0].tolist(),
    "distances": distances[0].tolist(),
    "first": faiss.vector_to_array(pq.pq.centroids)[:8].tolist(),
}
write("faiss-pq", pq, {**held, "ids": list(range(6))})
inner = faiss.IndexPQ(4, 2, 8)
inner.pq = pq.pq
inner.is_trained = True
mapped = faiss.IndexIDMap(inner)
mapped.add_with_ids(vectors[:6], np.arange(6, dtype=np.int64) * 5 + 3)
write("faiss-pq-id-map", mapped, {**held, "ids": (np.arange(6) * 5 + 3).tolist()})
