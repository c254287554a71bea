import type { Warned } from '../run/events.ts';
import type { Paint } from './paint.ts';
import { visible } from './visible.ts';

interface Told {
  readonly message: string;
  readonly hosts: Set<string>;
}

/** The warnings of a run, each told once, however many hosts it is about. */
export class Warnings {
  readonly #told = new Map<string, Told>();
  readonly #paint: Paint;

  constructor(paint: Paint) {
    this.#paint = paint;
  }

  /** The lines that tell it; none if it was told before. */
  add(warning: Warned): readonly string[] {
    const identity = JSON.stringify([warning.message, warning.hint]);
    const before = this.#told.get(identity);
    if (before !== undefined) {
      if (warning.host !== undefined) before.hosts.add(warning.host);
      return [];
    }
    const hosts = warning.host === undefined ? [] : [warning.host];
    this.#told.set(identity, { message: warning.message, hosts: new Set(hosts) });
    return [
      this.#line(hosts, warning.message),
      ...(warning.hint === undefined ? [] : [`    hint: ${visible(warning.hint)}`]),
    ];
  }

  /** At the end of the run: which other hosts the warnings were about. */
  rest(): readonly string[] {
    return [...this.#told.values()].flatMap(({ message, hosts }) => {
      const others = [...hosts].slice(1);
      return others.length === 0 ? [] : [this.#line(others, `the same: ${message}`)];
    });
  }

  #line(hosts: readonly string[], message: string): string {
    const where = hosts.length === 0 ? '' : `[${hosts.map(visible).join(', ')}] `;
    return `${this.#paint('warning', '[WARNING]:')} ${where}${visible(message)}`;
  }
}
