import type { Missing, Resource } from '../kit/step.ts';

/** In a check: what earlier tasks would have changed on a host, beyond their own state. */
export class SettledResources {
  readonly #hosts = new Map<string, { readonly resource: Resource; readonly task: string }[]>();

  add(host: string, resources: readonly Resource[], task: string): void {
    const settled = this.#hosts.get(host) ?? [];
    settled.push(...resources.map(resource => ({ resource, task })));
    this.#hosts.set(host, settled);
  }

  /** The task that brings what is missing: the last one that is known to, else the last one that may. */
  bringerOf(host: string, missing: Missing): string | undefined {
    const settled = this.#hosts.get(host) ?? [];
    return (settled.findLast(entry => missing.broughtBy.includes(entry.resource)) ?? settled.at(-1))?.task;
  }

  /** The last task that changes one of these. */
  changerOf(host: string, resources: readonly Resource[]): string | undefined {
    return this.#hosts.get(host)?.findLast(entry => resources.includes(entry.resource))?.task;
  }
}
