/** What stands for all namespaces whose names match: `io.of(/^\/room-\d+$/)`. Its children are made when a client asks for one. */
import { StateError } from '../errors.ts';
import type { Adapter, AdapterPacket } from '../rooms/adapter.ts';
import type { Audience } from '../rooms/audience.ts';
import { type AdapterScope, MemoryAdapter } from '../rooms/memory-adapter.ts';
import type { BroadcastArguments } from '../rooms/broadcast-types.ts';
import type { DefaultEventsMap, EventNames, EventsMap } from './event-map.ts';
import { Namespace, type NamespaceHost } from './namespace.ts';

/** Decides whether a namespace of that name may be made for a client with that `auth`. */
export type NamespaceMatcher = (
  name: string,
  // oxlint-disable-next-line typescript/no-explicit-any -- as `Handshake`
  auth: Record<string, any>,
  decide: (error: Error | null, allowed: boolean) => void,
) => void;

let count = 0;

export class ParentNamespace<
  ListenEvents extends EventsMap = DefaultEventsMap,
  EmitEvents extends EventsMap = ListenEvents,
  ServerSideEvents extends EventsMap = DefaultEventsMap,
  // oxlint-disable-next-line typescript/no-explicit-any -- as `Socket`
  SocketData = any,
> extends Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
  /** The namespaces that were made, and not closed for being empty. */
  readonly children: Set<Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>> = new Set();

  constructor(server: NamespaceHost) {
    super(`/_${count++}`, server);
  }

  /** Makes the child of that name, with the middleware and the connection listeners that are here by now. */
  openChild(name: string): Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData> {
    const child = new Namespace<ListenEvents, EmitEvents, ServerSideEvents, SocketData>(name, this.server);
    for (const middleware of this.middleware) child.use(middleware);
    for (const event of ['connect', 'connection'] as const) {
      for (const listener of this.listeners(event)) child.on(event, listener as () => void);
    }
    this.children.add(child);
    return child;
  }

  protected override openAdapter(): Adapter {
    return new ChildrenAdapter(this, this);
  }

  /** Sends an event to everybody in all children. */
  override emit<Name extends EventNames<EmitEvents>>(
    event: Name,
    ...args: BroadcastArguments<EmitEvents, Name>
  ): true {
    for (const child of this.children) child.emit(event, ...args);
    return true;
  }

  /** @throws {StateError} always: each child has its own */
  override expectPresence(): never {
    throw new StateError('Cannot tell who is present: ask each namespace that was made for the pattern');
  }

  /** @throws {Error} always: which children other servers have is not known here */
  override fetchSockets(): never {
    throw new Error('fetchSockets() is not supported on parent namespaces');
  }
}

/** Hands each broadcast to the adapters of the children. */
class ChildrenAdapter extends MemoryAdapter {
  readonly #parent: { readonly children: Iterable<{ readonly adapter: Adapter }> };

  constructor(scope: AdapterScope, parent: { readonly children: Iterable<{ readonly adapter: Adapter }> }) {
    super(scope);
    this.#parent = parent;
  }

  override broadcast(packet: AdapterPacket, audience: Audience): void {
    for (const { adapter } of this.#parent.children) {
      // Each its own: adapters write into it.
      adapter.broadcast({ ...packet, data: [...packet.data] }, audience);
    }
  }
}
