import type { Block, Task } from '../playbook/playbook.ts';

/** How a host left a task. */
export type Left = 'done' | 'failed';

/** What a walk gives to its host: a task, or word that a rescue has begun (the failure is forgiven). */
export type Stop =
  | { readonly kind: 'task'; readonly task: Task }
  | { readonly kind: 'rescued'; readonly block: Block };

/**
 * One host's way through a block: it is told of each task's end, and answers with the next task. A failure leads to `rescue`, where
 * there is one; `always` comes whatever happened. Gives how the block was left.
 */
export function* walk(block: Block): Generator<Stop, Left, Left> {
  let left = yield* inOrder(block.body);
  if (left === 'failed' && block.rescue.length > 0) {
    yield { kind: 'rescued', block };
    left = yield* inOrder(block.rescue);
  }
  const always = yield* inOrder(block.always);
  return always === 'failed' ? 'failed' : left;
}

function* inOrder(items: readonly (Block | Task)[]): Generator<Stop, Left, Left> {
  for (const item of items) {
    const left: Left = item.kind === 'task' ? yield { kind: 'task', task: item } : yield* walk(item);
    if (left === 'failed') return 'failed';
  }
  return 'done';
}
