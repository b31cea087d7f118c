/** The owner gives the chat away, and is an admin then. */
import { canComeBack } from '../../shared/come-back.ts';
import { type Answer, type Failure, failure } from '../../shared/failures.ts';
import type { Me, Person } from '../../shared/people.ts';
import { isAtLeast } from '../../shared/roles.ts';
import { type Conversation, publicPerson, tellPerson } from '../conversation.ts';
import { nameKey } from '../naming.ts';
import { verifyPassword } from '../passwords.ts';
import { record } from '../record.ts';
import { NOT_ALLOWED, slowDown } from './action.ts';

/** To somebody who can come back to it; and not by whoever finds the owner's computer open. */
export async function handOver(
  chat: Conversation,
  by: Me,
  person: Me,
  password = '',
): Promise<Answer<{ person: Person }>> {
  if (by.role !== 'owner' || by.id === person.id || person.bot === true) return NOT_ALLOWED;
  if (!isAtLeast(person.role, 'member') || !canComeBack(person)) {
    return failure(
      'not allowed',
      'Only a member with a password or passkey can be given the chat.',
      'no heir',
    );
  }
  const refused = by.hasPassword ? await refuseWrong(chat, by, password) : null;
  if (refused !== null) return refused;
  if (!(await chat.store.people.handOver(by.id, person.id))) return NOT_ALLOWED;
  await record(chat, { what: 'ownership given', by: by.id, about: person.id });
  for (const id of [by.id, person.id]) {
    const changed = await chat.store.people.get(id);
    if (changed !== null) tellPerson(chat, changed);
  }
  return { ok: true, person: publicPerson({ ...person, role: 'owner' }) };
}

async function refuseWrong(
  { store, gates }: Conversation,
  { id, name }: Me,
  password: string,
): Promise<Failure | null> {
  const key = nameKey(name);
  const waitMs = gates.waitMs('signingInAs', key);
  if (waitMs > 0) return slowDown(waitMs);
  const known = await store.people.password(key);
  const isRight = known?.person === id && (await verifyPassword(password, known.hash));
  return isRight ? null : failure('wrong password', 'This is not your password.', 'not your password');
}
