/** What a packet of each type must look like, whichever parser made it. */
import { ProtocolError } from '../errors.ts';
import { type EventData, type Packet, RESERVED_EVENTS } from './packet.ts';

/** Each type takes certain data only; what passes here cannot surprise the layers above (CVE-2023-32695). */
export function checkPacket(
  type: Packet['type'],
  namespace: string,
  id: number | undefined,
  data: unknown,
): Packet {
  if (id !== undefined) checkId(id);
  switch (type) {
    case 'connect':
      if (data === undefined) return { type, namespace };
      if (!isObject(data)) throw new ProtocolError('Cannot accept connect: its data is not an object');
      return { type, namespace, data };
    case 'disconnect':
      if (data !== undefined) throw new ProtocolError('Cannot accept disconnect: it has data');
      return { type, namespace };
    case 'connect error':
      return { type, namespace, data: checkConnectError(data) };
    case 'event': {
      const event = checkEventData(data);
      return id === undefined
        ? { type: 'event', namespace, data: event }
        : { type: 'event', namespace, id, data: event };
    }
    case 'ack':
      break;
  }
  if (id === undefined) throw new ProtocolError('Cannot accept ack: it has no id');
  if (!Array.isArray(data)) throw new ProtocolError('Cannot accept ack: its data is not an array');
  return { type: 'ack', namespace, id, data };
}

export function checkEventData(data: unknown): EventData {
  if (!Array.isArray(data)) throw new ProtocolError('Cannot accept event: its data is not an array');
  const name: unknown = data[0];
  if (typeof name !== 'string' && typeof name !== 'number') {
    throw new ProtocolError('Cannot accept event: its name is neither a string nor a number');
  }
  if (RESERVED_EVENTS.has(name as string))
    throw new ProtocolError(`Cannot accept event: "${name}" is reserved`);
  return data as unknown as EventData;
}

/** A bare string is how servers before v5 refused a connection. */
function checkConnectError(data: unknown): { message: string; data?: unknown } {
  if (typeof data === 'string') return { message: data };
  if (!isObject(data) || typeof data['message'] !== 'string') {
    throw new ProtocolError('Cannot accept connect error: its data has no message');
  }
  const message = data['message'];
  return Object.hasOwn(data, 'data') ? { message, data: data['data'] } : { message };
}

function checkId(id: number): void {
  if (Number.isSafeInteger(id)) return;
  throw new ProtocolError('Cannot accept packet: its id is not a safe integer');
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
