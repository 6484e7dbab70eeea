import type { MatrixOperations } from '@tensor-papers/numerics/linalg';

/** Operations that await `step` before each pass of k-means: `kMeans` itself hears no signal and reports nothing. */
export const attentiveOperations = (operations: MatrixOperations, step: () => Promise<void>): MatrixOperations => ({
  precision: operations.precision,
  multiply: (...call) => operations.multiply(...call),
  scatter: (...call) => operations.scatter(...call),
  holdRows(...call) {
    const held = operations.holdRows(...call);
    return {
      async sumByCentroid(centroids) {
        await step();
        return held.sumByCentroid(centroids);
      },
      assign: (centroids) => held.assign(centroids),
      correlateWithSigns: (directions) => held.correlateWithSigns(directions),
      dispose: () => held.dispose(),
    };
  },
});
