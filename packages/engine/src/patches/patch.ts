/** A method of TensorFlow.js above the kernels that is replaced while an engine runs that does it faster. */
export interface Patch {
  /** As a user knows it, such as `tf.train.adam`. */
  readonly name: string;
  target(): object;
  readonly method: string;
  /** The new method; it calls the stock one for whatever it does not serve. */
  // biome-ignore lint/suspicious/noExplicitAny: the methods have no type in common.
  replace(stock: (...args: any[]) => any): (...args: any[]) => any;
}
