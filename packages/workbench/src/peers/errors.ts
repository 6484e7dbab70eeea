import { WorkbenchError } from '../errors.js';

/** A `bench/peers/peers.json` that does not say what it has to. */
export class PeersDeclarationError extends WorkbenchError {
  readonly code = 'papers/invalid-peers';
}

/** A side of a comparison that gave no measurement, or one of something else. */
export class PeerRunError extends WorkbenchError {
  readonly code = 'papers/peer-failed';
}

/** A Python that is not there, or in which the peers could not be installed. */
export class PythonError extends WorkbenchError {
  readonly code = 'papers/no-python';
}
