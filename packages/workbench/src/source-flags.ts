import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

/** The flags with which Node runs our TypeScript from its sources. */
export function sourceFlags(): string[] {
  const tsx = pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href;
  return ['--conditions=@tensor-papers/source', '--import', tsx];
}
