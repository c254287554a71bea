import { posix } from 'node:path';
import { open } from '../carry.ts';
import { sequence, string } from '../coerce.ts';
import { operations } from '../environment.ts';
import { str } from '../print.ts';
import { Tuple, type Value } from '../value.ts';

const path = (value: Value): string => string(value, 'a path');

/** Ansible's filters of paths. None of them looks at a disk. */
export const pathFilters = operations({
  basename: [input => path(input).slice(path(input).lastIndexOf('/') + 1)],
  dirname: [input => dirname(path(input))],
  splitext: [input => splitExtension(path(input))],
  path_join: [
    input =>
      typeof open(input) === 'string'
        ? str(input)
        : join(sequence(input, 'the input of “path_join”').map(path)),
  ],
  normpath: [input => posix.normalize(path(input)).replace(/(?<=.)\/$/, '')],
  relpath: [
    'start?',
    (input, [start = '.']) =>
      posix.relative(posix.resolve('/', path(start)), posix.resolve('/', path(input))) || '.',
  ],
  win_basename: [input => path(input).replace(/^.*[\\/]/s, '')],
  win_dirname: [input => winDirname(path(input))],
  win_splitdrive: [input => winSplitDrive(path(input))],
});

function dirname(text: string): string {
  const head = text.slice(0, text.lastIndexOf('/') + 1);
  return /^\/*$/.test(head) ? head : head.replace(/\/+$/, '');
}

function splitExtension(text: string): Tuple {
  const [, root = text, extension = ''] = /^([\s\S]*?[^/.][^/]*)(\.[^./]*)$/.exec(text) ?? [];
  return new Tuple([root, extension]);
}

/** Python's `os.path.join`: an absolute part begins anew. */
function join(parts: readonly string[]): string {
  return parts.reduce((all, part) =>
    part.startsWith('/') ? part : all === '' || all.endsWith('/') ? all + part : `${all}/${part}`,
  );
}

function winDirname(text: string): string {
  const head = text.slice(0, Math.max(text.lastIndexOf('\\'), text.lastIndexOf('/')) + 1);
  return /^(?:[A-Za-z]:)?[\\/]*$/.test(head) ? head : head.replace(/[\\/]+$/, '');
}

function winSplitDrive(text: string): Tuple {
  const drive = /^[A-Za-z]:/.exec(text)?.[0] ?? '';
  return new Tuple([drive, text.slice(drive.length)]);
}
