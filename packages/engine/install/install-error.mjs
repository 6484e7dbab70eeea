/** A step of the installation that could not be done here: what is missing, and what would help. */
export class InstallError extends Error {
  constructor(code, message, { exitCode = 1, cause } = {}) {
    super(message, { cause });
    this.name = 'InstallError';
    this.code = code;
    this.exitCode = exitCode;
  }
}
