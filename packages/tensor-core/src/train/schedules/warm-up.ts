import { type Duration, durationInSteps, requireDuration, type Schedule } from './schedule.js';

/**
 * Linear warm-up in front of a schedule: step t of the first n gets (t + 1)/n of what the schedule says there.
 *
 * The schedule's own clock starts at step 0 too: it is scaled, not shifted.
 *
 * @param duration n, in steps (also as a bare number) or in epochs
 */
export function warmUp(duration: number | Duration, schedule: Schedule): Schedule {
  const length: Duration = typeof duration === 'number' ? { steps: duration } : duration;
  requireDuration('warmUp', length);
  return (progress) => {
    const steps = durationInSteps('warmUp', length, progress);
    return schedule(progress) * Math.min(1, (progress.step + 1) / steps);
  };
}
