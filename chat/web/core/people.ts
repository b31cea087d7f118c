import type { Person } from '../../shared/events.ts';

/**
 * What people are called and may do now. Every message carries its author as they were when it was sent to us; a new
 * name holds for everything that they said before, too.
 */
export class People {
  readonly #onChange: () => void;
  readonly #people = new Map<number, Person>();

  constructor(onChange: () => void) {
    this.#onChange = onChange;
  }

  learn(people: Iterable<Person>): void {
    let changed = false;
    for (const person of people) {
      const known = this.#people.get(person.id);
      if (known?.name === person.name && known.role === person.role) continue;
      this.#people.set(person.id, person);
      changed ||= known !== undefined;
    }
    if (changed) this.#onChange();
  }

  /** The person as they are now. */
  current(person: Person): Person {
    return this.#people.get(person.id) ?? person;
  }

  forget(): void {
    this.#people.clear();
  }

  find(id: number): Person | undefined {
    return this.#people.get(id);
  }
}
