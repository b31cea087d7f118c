/** The namespaces of a server: those that its user made by name, and those that are made when a client asks for them. */
import { throwLater } from '../errors.ts';
import type { EventsMap } from './event-map.ts';
import { Namespace, type NamespaceHost } from './namespace.ts';
import { type NamespaceMatcher, ParentNamespace } from './parent-namespace.ts';

interface Parent<Listen extends EventsMap, Emit extends EventsMap, ServerSide extends EventsMap, Data> {
  readonly matches: NamespaceMatcher;
  /** Of those that a regular expression made: `of` asks it for names, too. */
  readonly pattern: RegExp | undefined;
  readonly namespace: ParentNamespace<Listen, Emit, ServerSide, Data>;
}

export class NamespaceRegistry<
  Listen extends EventsMap,
  Emit extends EventsMap,
  ServerSide extends EventsMap,
  Data,
> {
  readonly byName: Map<string, Namespace<Listen, Emit, ServerSide, Data>> = new Map();
  readonly #host: NamespaceHost;
  /** In the order in which they are asked. */
  readonly #parents: Parent<Listen, Emit, ServerSide, Data>[] = [];
  readonly #opened: (namespace: Namespace<Listen, Emit, ServerSide, Data>) => void;

  /** @param opened called with each namespace that is made, once it can be found */
  constructor(host: NamespaceHost, opened: (namespace: Namespace<Listen, Emit, ServerSide, Data>) => void) {
    this.#host = host;
    this.#opened = opened;
  }

  /** The namespace of that name, made if there is none; a child, if a pattern matches it. Without types, a number may come. */
  ofName(name: string | number): Namespace<Listen, Emit, ServerSide, Data> {
    const slashed = String(name).startsWith('/') ? String(name) : `/${name}`;
    const known = this.byName.get(slashed);
    if (known !== undefined) return known;
    const parent = this.#parents.find(({ pattern }) => pattern?.test(slashed));
    return this.#add(
      parent?.namespace.openChild(slashed) ??
        new Namespace<Listen, Emit, ServerSide, Data>(slashed, this.#host),
    );
  }

  /** @throws {Error} for a regular expression that keeps a state: it would match every other time */
  ofPattern(pattern: RegExp | NamespaceMatcher): ParentNamespace<Listen, Emit, ServerSide, Data> {
    const namespace = new ParentNamespace<Listen, Emit, ServerSide, Data>(this.#host);
    if (typeof pattern === 'function') {
      this.#parents.push({ matches: pattern, pattern: undefined, namespace });
    } else {
      if (pattern.global || pattern.sticky) {
        throw new Error('stateful regular expressions are not supported');
      }
      const matches: NamespaceMatcher = (name, _auth, decide) => decide(null, pattern.test(name));
      this.#parents.push({ matches, pattern, namespace });
    }
    return namespace;
  }

  /**
   * Finds a namespace for a client, in the same turn unless a function takes its time.
   *
   * @param found called once, with nothing if there is none of that name and none may be made
   */
  find(
    name: string,
    auth: Record<string, unknown>,
    found: (namespace: Namespace<Listen, Emit, ServerSide, Data> | undefined) => void,
  ): void {
    const known = this.byName.get(name);
    if (known !== undefined) found(known);
    else this.#askParent(0, name, auth, found);
  }

  /** Closes a namespace that was made for a client, if this is one. */
  closeChild(namespace: Namespace<Listen, Emit, ServerSide, Data>): void {
    if (!this.#parents.some((parent) => parent.namespace.children.delete(namespace))) return;
    this.byName.delete(namespace.name);
    void namespace.closeRooms();
  }

  /** One parent after the other, until one takes the name. */
  #askParent(
    at: number,
    name: string,
    auth: Record<string, unknown>,
    found: (namespace: Namespace<Listen, Emit, ServerSide, Data> | undefined) => void,
  ): void {
    const parent = this.#parents[at];
    if (parent === undefined) {
      found(undefined);
      return;
    }
    let isDecided = false;
    const decide = (error: unknown, isAllowed: boolean): void => {
      if (isDecided) return;
      isDecided = true;
      // The function's words stay here: clients are told "Invalid namespace".
      if (error || !isAllowed) this.#askParent(at + 1, name, auth, found);
      // Another client may have been faster.
      else found(this.byName.get(name) ?? this.#add(parent.namespace.openChild(name)));
    };
    try {
      parent.matches(name, auth, decide);
    } catch (error) {
      throwLater(error);
      decide(error, false);
    }
  }

  #add(namespace: Namespace<Listen, Emit, ServerSide, Data>): Namespace<Listen, Emit, ServerSide, Data> {
    this.byName.set(namespace.name, namespace);
    this.#opened(namespace);
    return namespace;
  }
}
