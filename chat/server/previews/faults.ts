/** Not fetched, because of where it leads. */
export class Refused extends Error {
  override readonly name: string = 'Refused';
}

/** Not got, because of what came back, or what did not. */
export class FetchFault extends Error {
  override readonly name: string = 'FetchFault';
}
