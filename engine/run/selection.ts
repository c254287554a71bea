import { accumulated, type Scoped } from '../playbook/playbook.ts';
import { textsOf } from '../playbook/texts.ts';

/** All tags of a task: its own and those around it. */
export function tagsOf(scoped: Scoped): ReadonlySet<string> {
  return new Set(
    accumulated(scoped, 'tags').flatMap(written =>
      textsOf(written.node).flatMap(text => text.split(',').map(tag => tag.trim())),
    ),
  );
}

/** Whether `-t` and `--skip-tags` choose a task, with Ansible's special tags `always`, `never`, `tagged`, `untagged`, `all`. */
export function isSelected(scoped: Scoped, wanted: readonly string[], skipped: readonly string[]): boolean {
  const tags = tagsOf(scoped);
  const meets = (words: readonly string[]): boolean =>
    words.some(word =>
      word === 'tagged'
        ? tags.size > 0
        : word === 'untagged'
          ? tags.size === 0
          : word === 'all'
            ? !tags.has('never')
            : tags.has(word),
    );
  const named = wanted.some(
    word => word !== 'all' && word !== 'tagged' && word !== 'untagged' && tags.has(word),
  );
  if (tags.has('never') && !named) return false;
  const chosen = tags.has('always') || wanted.length === 0 || meets(wanted);
  const dropped = skipped.some(word => (word === 'all' ? !tags.has('always') : meets([word])));
  return chosen && !dropped;
}
