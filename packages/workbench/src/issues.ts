import type { z } from 'zod';

/** What a schema did not like, in one line that names the field: `field claims.0.kind: …`. */
export function describeIssues({ issues }: z.ZodError): string {
  const [first, ...others] = issues;
  const field = first?.path.join('.') || 'the whole value';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `field ${field}: ${first?.message ?? 'invalid'}${more}`;
}
