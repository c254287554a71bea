import type { Result } from '../run/events.ts';
import type { Paint } from './paint.ts';
import { statusWord } from './result.ts';
import { counted, outputLines, visible } from './visible.ts';

const MOST_NAMED = 12;

/** Whether a result has nothing to tell but its status and a message, so that hosts with the same share a line. */
export function isQuiet(result: Result): boolean {
  const isPlain = result.changes.length === 0 && result.doubts.length === 0 && result.failure === undefined;
  return isPlain && (result.status === 'ok' || result.status === 'skipped') && !isItemWithMessage(result);
}

/** What an item has to say stands by itself, such as a message printed in a loop. */
function isItemWithMessage({ item, status, message }: Result): boolean {
  return item !== undefined && status === 'ok' && message !== undefined;
}

/** Quiet results by what they have in common: `ok: [a, b, c]`, `skipping: [d] => the condition is false`; many hosts are counted. */
export function alikeLines(results: readonly Result[], paint: Paint): readonly string[] {
  const groups = new Map<string, Result[]>();
  for (const result of results) {
    const common = JSON.stringify([result.status, result.message]);
    groups.set(common, [...(groups.get(common) ?? []), result]);
  }
  return [...groups.values()].flatMap(group => {
    const [first] = group;
    if (first === undefined) return [];
    const [said = '', ...more] = outputLines(first.message ?? '');
    const hosts = group.map(result =>
      result.delegatedTo === undefined
        ? visible(result.host)
        : `${visible(result.host)} -> ${visible(result.delegatedTo)}`,
    );
    const named = hosts.length > MOST_NAMED ? counted(hosts.length, 'host') : hosts.join(', ');
    const line = `${statusWord(first.status, false)}: [${named}]${said === '' ? '' : ` => ${said}`}`;
    return [paint(first.status, line), ...more.map(text => `    ${text}`)];
  });
}
