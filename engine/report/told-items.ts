import type { Result } from '../run/events.ts';

/** Remembers which items of loops were told, so that a task's own result, which sums them up, does not repeat them. */
export class ToldItems {
  readonly #told = new Set<string>();

  /** Notes that an item's result is told. */
  add(result: Result): void {
    if (result.item !== undefined) this.#told.add(identityOf(result));
  }

  /** Whether the result only says what an item's did. */
  repeats(result: Result): boolean {
    return result.item === undefined && this.#told.has(identityOf(result));
  }
}

function identityOf({ task, host, status }: Result): string {
  return JSON.stringify([task.id, host, status]);
}
