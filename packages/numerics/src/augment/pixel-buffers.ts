/** Two buffers in turn, used again for every image of a batch. */
export class PixelBuffers {
  readonly #buffers = [new Float32Array(0), new Float32Array(0)];
  #current = 0;

  /** The buffer that was not given last, of at least that length: its content is whatever it was. */
  next(length: number): Float32Array {
    this.#current = 1 - this.#current;
    let buffer = this.#buffers[this.#current]!;
    if (buffer.length < length) {
      buffer = new Float32Array(length);
      this.#buffers[this.#current] = buffer;
    }
    return buffer.length === length ? buffer : buffer.subarray(0, length);
  }
}
