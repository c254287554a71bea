import type { HostResult } from './doing.ts';
import type { Counts } from './events.ts';

const NOTHING: Counts = {
  ok: 0,
  changed: 0,
  unreachable: 0,
  failed: 0,
  skipped: 0,
  rescued: 0,
  ignored: 0,
  unknown: 0,
};

/** Counts the results of each host as Ansible does; `unknown` is ours. */
export class Recap {
  readonly #counts = new Map<string, Counts>();

  /** A host that takes part, even if it does nothing. */
  host(name: string): void {
    this.#add(name, {});
  }

  add({ host, outcome, ignored }: HostResult): void {
    const changed = outcome.changes.length > 0 || outcome.status === 'changed' ? 1 : 0;
    const unknown = outcome.doubts.length > 0 ? 1 : 0;
    switch (outcome.status) {
      case 'ok':
      case 'changed':
        this.#add(host, { ok: 1, changed, unknown });
        return;
      case 'unknown':
        this.#add(host, { unknown });
        return;
      case 'skipped':
        this.#add(host, { skipped: 1 });
        return;
      case 'failed':
        this.#add(host, ignored ? { ok: 1, ignored: 1 } : { failed: 1 });
        return;
      case 'unreachable':
        this.#add(host, { unreachable: 1, ...(ignored && { ignored: 1 }) });
        return;
    }
  }

  /** The failure that was just counted was rescued. A host that only shares the failure of another one has none of its own. */
  rescued(host: string): void {
    if ((this.#counts.get(host)?.failed ?? 0) > 0) this.#add(host, { failed: -1, rescued: 1 });
  }

  get counts(): Readonly<Record<string, Counts>> {
    return Object.fromEntries(this.#counts);
  }

  #add(host: string, more: Partial<Counts>): void {
    const now = this.#counts.get(host) ?? NOTHING;
    const sum = (key: keyof Counts): number => now[key] + (more[key] ?? 0);
    this.#counts.set(host, {
      ok: sum('ok'),
      changed: sum('changed'),
      unreachable: sum('unreachable'),
      failed: sum('failed'),
      skipped: sum('skipped'),
      rescued: sum('rescued'),
      ignored: sum('ignored'),
      unknown: sum('unknown'),
    });
  }
}
