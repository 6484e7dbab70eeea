/** One eigenfunction of the Laplacian on a line of some length: a cosine with k half-waves along one principal direction. */
export interface SpectralMode {
  /** Principal direction, from 0. */
  readonly dimension: number;
  /** Half-waves, from 1. */
  readonly k: number;
  /** π·k / range; its square is the eigenvalue. */
  readonly omega: number;
}

/** One more than the half-waves that are considered along each direction: ⌈(bits + 1) · range / largest range⌉. */
export function spectralModeCounts(ranges: ArrayLike<number>, bits: number): number[] {
  const widest = Math.max(...Array.from(ranges));
  // The ratio first: it is exactly 1 for the widest.
  return Array.from(ranges, (range) => Math.ceil((bits + 1) * (range / widest)));
}

/** The modes of smallest eigenvalue, the constant one excluded; equal ones in the order of the directions. */
export function spectralModes(ranges: ArrayLike<number>, bits: number): SpectralMode[] {
  const modes = spectralModeCounts(ranges, bits).flatMap((count, dimension) =>
    Array.from({ length: Math.max(0, count - 1) }, (_, i) => {
      const k = i + 1;
      return { dimension, k, omega: (k * Math.PI) / ranges[dimension]! };
    }),
  );
  return modes.sort((a, b) => a.omega - b.omega || a.dimension - b.dimension).slice(0, bits);
}
