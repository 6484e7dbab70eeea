/** Runnable processes per core above which others take part of what is measured. */
const QUIET = 0.3;

/**
 * A warning where others keep the machine busy: thread pools that spin lose far more then than ones that sleep, so that not even ratios hold.
 *
 * @param load how many processes ran or waited in the last minute; 0 where the platform does not say
 */
export function busyWarning(load: number, cores: number): string | undefined {
  if (load / cores <= QUIET) return undefined;
  return `the machine is busy (load ${load.toFixed(1)} on ${cores} cores): these ratios are no evidence; run again when it is quiet`;
}
