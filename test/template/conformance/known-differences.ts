const undefinedInside =
  'an undefined value inside of a list or dictionary that is printed is a mistake, not the word Undefined';
const unknownByName = 'a filter or test that is named by a string is reported as unknown, too';
const constantFolding = 'Jinja2 computes constants beforehand and takes what fails for undefined';
const newer = 'later versions of Ansible have it';
const python = 'Python’s own objects cannot be reached';
const files = 'reaches the disk: only where a lookup is handed in';

/** Templates that deliberately give something else than Python does, each with the reason. */
export const knownDifferences: ReadonlyMap<string, string> = new Map([
  ['{{ [nope] }}', undefinedInside],
  ["{{ users | map(attribute='nope') }}", undefinedInside],
  ['{{ [nope, (1e3) ~ (1.0)] }}', undefinedInside],
  ["{% set v = {'k': [false, nope]} %}{{ v }}{{ (d.nope | default(['x', 'y'])) <= (big) }}", undefinedInside],
  ["{{ [{'k': users[9]}, (yes) is number] }}", undefinedInside],
  ["{{ l | map('nope') }}", unknownByName],
  ["{{ l | select('nope') }}", unknownByName],
  ["{{ text.__class__ | default('blocked') }}", python],
  ["{{ text['__class__'] | default('b') }}", python],
  ['{{ ((-2.25)[::-1]) is undefined }}', constantFolding],
  ['{{ -1 ** 0.5 }}', 'complex numbers do not exist here'],
  ['{% break %}', 'found when the template is parsed, with its place'],
  ["{{ 'aaa' | regex_replace('a', 'b', count=2) }}", newer],
  ["{{ 'a%20b+c' | urldecode | default('x') }}", newer],
  ["{{ '/a/../b//c/' | normpath }}", newer],
  ["{{ '/etc' is directory }}", files],
  ["{{ '/etc/passwd' is file }}", files],
  ["{{ '/nope' is exists }}", files],
  ["{{ 'a' | fileglob | list }}", files],
  ["{{ '/a/../b/./c' | realpath }}", files],
  ["{{ '~/x' | expandvars }}", files],
]);
