/**
 * The x > 0 at which a symmetric distribution's upper tail P(X > x) equals `probability` < ½.
 *
 * Newton's method on log tail over log x, where both normal and heavy tails are nearly straight; a bracket catches its steps.
 */
export function solveTail(probability: number, tail: (x: number) => number, density: (x: number) => number): number {
  let low = 0;
  let high = 1;
  while (tail(high) > probability) {
    low = high;
    high *= 4;
  }
  let x = low === 0 ? high / 2 : Math.sqrt(low) * Math.sqrt(high);
  for (let step = 0; step < 400; step++) {
    const current = tail(x);
    if (current > probability) low = x;
    else high = x;
    const newton = x * Math.exp((Math.log(current / probability) * current) / (density(x) * x));
    const next = newton > low && newton < high ? newton : low === 0 ? high / 2 : low + (high - low) / 2;
    if (Math.abs(next - x) <= 2e-16 * x) return next;
    x = next;
  }
  return x;
}
