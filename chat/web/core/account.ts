import type {
  AccountAsk,
  Answer,
  ChatInfo,
  ClaimAsk,
  Failure,
  Me,
  PasswordAsk,
  SessionInfo,
  SignInAsk,
} from '../../shared/events.ts';

type Heed = <A>(answer: A) => Promise<A>;
export type Fetch = (path: string, init: RequestInit) => Promise<Response>;
type Method = 'GET' | 'POST' | 'DELETE';

const NO_ANSWER: Failure = {
  ok: false,
  code: 'failed',
  text: 'The server did not answer. Please try again.',
};

/** Who this browser is: everything that only HTTP can change, since it sets the cookie that scripts never see. */
export class Account {
  readonly #fetch: Fetch;
  readonly #heed: Heed;
  #underWay = 0;

  /** `heed`: sees each failure before whoever asked. */
  constructor(fetch: Fetch, heed: Heed = async (answer) => answer) {
    this.#fetch = fetch;
    this.#heed = heed;
  }

  /** Whether a change is under way here, whose answer will say who this browser is. */
  get isBusy(): boolean {
    return this.#underWay > 0;
  }

  /** Gives this browser a name, or another one. */
  async name(name: string): Promise<Answer<{ me: Me }>> {
    return this.ask('POST', '/api/session', { name });
  }
  async signIn(ask: SignInAsk): Promise<Answer<{ me: Me }>> {
    return this.ask('POST', '/api/sign-in', ask);
  }
  async signOut(): Promise<Answer<{ me: null }>> {
    return this.ask('DELETE', '/api/session');
  }
  /** A guest becomes a member. */
  async becomeMember(ask: AccountAsk): Promise<Answer<{ me: Me }>> {
    return this.ask('POST', '/api/account', ask);
  }
  async changePassword(ask: PasswordAsk): Promise<Answer<{ me: Me }>> {
    return this.ask('POST', '/api/account/password', ask);
  }
  async sessions(): Promise<Answer<{ sessions: SessionInfo[] }>> {
    return this.ask('GET', '/api/sessions');
  }
  /** Ends one session, or all but this one. */
  async revoke(id?: number): Promise<Answer<{ sessions: SessionInfo[] }>> {
    return this.ask('DELETE', id === undefined ? '/api/sessions' : `/api/sessions/${id}`);
  }
  async claim(ask: ClaimAsk): Promise<Answer<{ me: Me }>> {
    return this.ask('POST', '/api/owner', ask);
  }
  async chat(): Promise<Answer<ChatInfo>> {
    return this.ask('GET', '/api/chat');
  }
  async readRecovery(code: string): Promise<Answer<{ name: string; passkeys: string[] }>> {
    return this.ask('GET', `/api/recovery/${encodeURIComponent(code)}`);
  }
  async recover(code: string, password: string): Promise<Answer<{ me: Me }>> {
    return this.ask('POST', `/api/recovery/${encodeURIComponent(code)}`, { password });
  }
  async readInvite(code: string): Promise<Answer<{ chat: string }>> {
    return this.ask('GET', `/api/invites/${encodeURIComponent(code)}`);
  }
  async acceptInvite(code: string, name?: string): Promise<Answer<{ me: Me; room: string | null }>> {
    return this.ask('POST', `/api/invites/${encodeURIComponent(code)}`, name === undefined ? {} : { name });
  }

  /** Asks what no method here is for, too: what few people do has its code elsewhere. */
  async ask<T extends object>(method: Method, path: string, body?: object): Promise<Answer<T>> {
    const init: RequestInit = {
      method,
      headers: { accept: 'application/json', ...(body && { 'content-type': 'application/json' }) },
      credentials: 'same-origin',
      ...(body && { body: JSON.stringify(body) }),
    };
    const changes = method === 'GET' ? 0 : 1;
    this.#underWay += changes;
    try {
      const response = await this.#fetch(path, init);
      const value: unknown = await response.json();
      if (typeof value !== 'object' || value === null) return NO_ANSWER;
      if (response.ok) return { ...(value as T), ok: true };
      return await this.#heed({ ...NO_ANSWER, ...(value as Partial<Failure>), ok: false });
    } catch {
      return NO_ANSWER;
    } finally {
      this.#underWay -= changes;
    }
  }
}
