import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/** `papers peers`: the programs that speed is compared with, beside the package that is compared. */
export function peers(packages: string): number {
  const programs = readdirSync(packages)
    .sort()
    .flatMap((name) => {
      const folder = join(packages, name, 'bench', 'peers');
      return existsSync(folder)
        ? readdirSync(folder)
            .sort()
            .map((file) => join(folder, file))
        : [];
    });
  if (programs.length === 0)
    process.stderr.write(`no package in ${packages} is compared with a peer yet (bench/peers)\n`);
  for (const program of programs) console.log(program);
  return 0;
}
