"""Writes fixtures/linalg.json: inputs and results of linear algebra in float64, computed by NumPy, SciPy and scikit-learn.

    python -m venv .reference && .reference/bin/pip install numpy==2.4.6 scipy==1.17.1 scikit-learn==1.9.1
    .reference/bin/python packages/numerics/scripts/linalg_reference.py

Inputs are rounded to float32, so that an engine that computes in float32 starts from the same numbers.
"""
import json
import pathlib

import numpy as np
from scipy.linalg import orthogonal_procrustes
from sklearn.cluster import KMeans
from sklearn.decomposition import PCA

cases = []


def single(values):
    return np.asarray(values).astype(np.float32).astype(np.float64)


def matrix(values):
    values = np.atleast_2d(values)
    return {"rows": values.shape[0], "columns": values.shape[1], "values": plain(values)}


def plain(values):
    return [float(f"{v:.13g}") for v in np.asarray(values, dtype=np.float64).reshape(-1)]


def positive(vectors):
    """Rows turned so that the entry of largest absolute value is positive."""
    largest = np.argmax(np.abs(vectors), axis=1)
    return vectors * np.sign(vectors[np.arange(len(vectors)), largest])[:, None]


def case(function, name, inputs, expected, **options):
    cases.append({"fn": function, "name": name, "inputs": inputs, "options": options, "expected": expected})


def correlated(rows, columns, seed, offset=0.0):
    rng = np.random.default_rng(seed)
    mixing = rng.standard_normal((columns, columns)) * np.geomspace(3, 0.3, columns)[:, None]
    return single(rng.standard_normal((rows, columns)) @ mixing + offset)


def pca(name, data, count, whiten=False):
    model = PCA(count, svd_solver="full", whiten=whiten).fit(data)
    signs = np.sign(np.sum(positive(model.components_) * model.components_, axis=1))
    projected = model.transform(data) * signs
    expected = {
        "mean": plain(model.mean_),
        "components": matrix(positive(model.components_)),
        "explainedVariance": plain(model.explained_variance_),
        "totalVariance": float(np.var(data, axis=0, ddof=1).sum()),
        "projected": matrix(projected),
        "reconstructed": matrix(model.inverse_transform(model.transform(data))),
    }
    case("pca", name, {"data": matrix(data)}, expected, count=count, whiten=whiten)


def k_means(name, data, start, iterations, tolerance=0.0):
    model = KMeans(len(start), init=start, n_init=1, max_iter=iterations, tol=tolerance, algorithm="lloyd").fit(data)
    expected = {
        "centroids": matrix(model.cluster_centers_),
        "assignments": model.labels_.tolist(),
        "inertia": float(model.inertia_),
        "iterations": int(model.n_iter_),
    }
    case("kMeans", name, {"data": matrix(data), "start": matrix(start)}, expected, iterations=iterations, tolerance=tolerance)


def blobs(rows, columns, centres, seed, offset=0.0):
    rng = np.random.default_rng(seed)
    means = 3 * rng.standard_normal((centres, columns)) + offset
    return single(means[rng.integers(centres, size=rows)] + rng.standard_normal((rows, columns)))


data = correlated(30, 5, 1, offset=2.0)
case(
    "covariance",
    "30 × 5",
    {"data": matrix(data)},
    {"mean": plain(data.mean(0)), "covariance": matrix(np.cov(data, rowvar=False))},
)

pca("more rows than columns", correlated(40, 6, 2, offset=-1.5), 4)
pca("more rows than columns, whitened", correlated(40, 6, 3, offset=0.5), 3, whiten=True)
pca("fewer rows than columns", correlated(8, 20, 4, offset=1.0), 5)
pca("fewer rows than columns, whitened", correlated(8, 12, 5), 4, whiten=True)

points = blobs(60, 3, 4, 6)
k_means("until nothing moves", points, points[:4], 100)
k_means("three iterations", points, points[10:15], 3)
k_means("a tolerance that stops early", points, points[10:15], 100, tolerance=0.05)
far = np.vstack([points[:3], single(np.full((1, 3), 40.0))])
k_means("a start that leaves a cluster empty", points, far, 100)
k_means("far from the origin", blobs(50, 4, 3, 7, offset=100.0), blobs(50, 4, 3, 7, offset=100.0)[:3], 100)

a, b = correlated(20, 4, 8), correlated(20, 4, 9)
rotation, scale = orthogonal_procrustes(a, b)
case("orthogonalProcrustes", "20 × 4", {"a": matrix(a), "b": matrix(b)}, {"rotation": matrix(rotation), "scale": float(scale)})

square = correlated(7, 7, 10)
symmetric = single(square + square.T)
values, vectors = np.linalg.eigh(symmetric)
case(
    "symmetricEigen",
    "7 × 7, eigenvalues of both signs",
    {"matrix": matrix(symmetric)},
    {"values": plain(values[::-1]), "vectors": matrix(positive(vectors.T[::-1]))},
)

for rows, columns in [(6, 4), (3, 5)]:
    rectangular = correlated(rows, columns, 11)
    left, values, right = np.linalg.svd(rectangular, full_matrices=False)
    turned = np.sign(np.sum(positive(right) * right, axis=1))
    case(
        "singularValueDecomposition",
        f"{rows} × {columns}",
        {"matrix": matrix(rectangular)},
        {"left": matrix(left.T * turned[:, None]), "values": plain(values), "right": matrix(positive(right))},
    )

path = pathlib.Path(__file__).parent.parent / "fixtures" / "linalg.json"
path.write_text("[\n" + ",\n".join(json.dumps(each, ensure_ascii=False) for each in cases) + "\n]\n")
