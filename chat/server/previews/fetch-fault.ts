/** Not got, because of what came back, or what did not. */
export class FetchFault extends Error {
  override readonly name: string = 'FetchFault';
}
