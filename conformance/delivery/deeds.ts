/** What a server did, in its order: each deed stands in a file before it is done, so that it is known of a killed one, too. */
import { openSync, readFileSync, writeSync } from 'node:fs';

export type Deed =
  /** A process began. */
  | { readonly did: 'start' }
  /** A client entered, or came back. Its rooms without its own; what was last written into its `data`. */
  | {
      readonly did: 'enter';
      readonly sid: string;
      readonly recovered: boolean;
      readonly rooms: readonly string[];
      readonly data: unknown;
    }
  /** At a client's command, whose number goes into its `data`. */
  | {
      readonly did: 'join' | 'leave';
      readonly sid: string;
      readonly room: string;
      readonly command: string;
    }
  | {
      readonly did: 'emit';
      readonly id: number;
      readonly rooms: readonly string[];
      readonly except: readonly string[];
    }
  /** A turn is over, and all deeds up to this many have been flushed for certain. */
  | { readonly did: 'flush'; readonly deeds: number };

export class DeedWriter {
  readonly #file: number;
  /** Of this process. */
  #count = 0;

  constructor(path: string) {
    this.#file = openSync(path, 'a');
  }

  get count(): number {
    return this.#count;
  }

  write(deed: Deed): void {
    this.#count += 1;
    writeSync(this.#file, `${JSON.stringify(deed)}\n`);
  }
}

export function readDeeds(path: string): Deed[] {
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Deed);
}
