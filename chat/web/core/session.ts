import type { Answer, Person } from '../../shared/events.ts';

export type Fetch = (path: string, init: RequestInit) => Promise<Response>;

/** Who this browser is. The cookie that proves it is the server's business; the page never sees it. */
export class Session {
  readonly #fetch: Fetch;
  readonly #onChange: (me: Person | null) => void;
  #me: Person | null | undefined;

  constructor(fetch: Fetch, onChange: (me: Person | null) => void) {
    this.#fetch = fetch;
    this.#onChange = onChange;
  }

  /** Undefined until the server has said. */
  get me(): Person | null | undefined {
    return this.#me;
  }

  /** Takes what `enter` said: one request less than asking for it. */
  know(me: Person | null): void {
    if (me?.id === this.#me?.id && me?.name === this.#me?.name && this.#me !== undefined) return;
    this.#me = me;
    this.#onChange(me);
  }

  /** Gives this browser a name, or another one. Answers why not, if not. */
  async name(name: string): Promise<Answer<{ me: Person }>> {
    try {
      const response = await this.#fetch('/api/session', {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept: 'application/json' },
        credentials: 'same-origin',
        body: JSON.stringify({ name }),
      });
      const answer = readAnswer(await response.json());
      if (answer.ok) this.know(answer.me);
      return answer;
    } catch {
      return { ok: false, code: 'failed', text: 'The server did not answer. Please try again.' };
    }
  }
}

function readAnswer(value: unknown): Answer<{ me: Person }> {
  if (typeof value === 'object' && value !== null) {
    if ('me' in value && isPerson(value.me)) return { ok: true, me: value.me };
    if ('text' in value && typeof value.text === 'string') {
      return { ok: false, code: 'invalid', text: value.text };
    }
  }
  throw new TypeError('Cannot read the answer of /api/session');
}

function isPerson(value: unknown): value is Person {
  if (typeof value !== 'object' || value === null) return false;
  return 'id' in value && typeof value.id === 'number' && 'name' in value && typeof value.name === 'string';
}
