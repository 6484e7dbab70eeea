import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const megabyte = 1_000_000;
/** Large files that no recipe can make: the shipped subset of Fashion-MNIST, so that smoke and quick work offline. */
const largeAllowed = [/^packages\/datasets\/data\//];
const text = /\.(?:[cm]?[jt]s|json|md|ya?ml|css|html|txt)$/;
const machinePath = /(?:^|[\s"'`(=])\/(?:home|Users|root|work)\/[\w.-]+/;

/** Findings about single files: too large for a repository, paths of somebody's machine, tests that are switched off. */
export function checkFileHygiene(root, paths) {
  return paths.flatMap((path) => {
    const findings = [];
    const { size } = statSync(join(root, path));
    if (size > megabyte && !largeAllowed.some((pattern) => pattern.test(path))) {
      findings.push(`${path}: ${(size / megabyte).toFixed(1)} MB; write a recipe that makes it instead`);
    }
    if (text.test(path) && size < 4 * megabyte) {
      const content = readFileSync(join(root, path), 'utf8');
      const found = machinePath.exec(content);
      if (found) findings.push(`${path}: contains a path of one machine (${found[0].trim()})`);
      if (
        /\.test\.[cm]?ts$/.test(path) &&
        /\b(?:describe|it|test)\.(?:only|skip)\(|\bx(?:it|describe)\(/.test(content)
      ) {
        findings.push(`${path}: a test is switched off or singled out`);
      }
    }
    return findings;
  });
}
