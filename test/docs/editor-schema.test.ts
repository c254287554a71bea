import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { editorSchema } from '../../engine/docs/index.ts';
import { KEYWORDS } from '../../engine/playbook/keywords.ts';
import { ping, sample } from './sample.ts';

const validate = new Ajv({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allErrors: true,
}).compile(editorSchema([sample, ping], KEYWORDS));

const playbook = (tasks: string, play = '') => `
- hosts: all
  ${play}
  tasks:
    ${tasks.replaceAll('\n', '\n    ')}
`;

test.each<[string, string]>([
  [
    'a mapping',
    playbook('- name: Greet\n  motd: {text: Hello, mode: "0644", lines: 2}\n  when: x is defined'),
  ],
  ['an alias of the module and of an argument', playbook('- community.general.motd: {content: Hello}')],
  ['free form', playbook('- motd: Hello')],
  ['no arguments', playbook('- ping:')],
  [
    'templates',
    playbook(
      '- motd: {text: "{{ t }}", lines: "{{ n }}", backup: "{{ b }}", state: "{{ s }}", users: "{{ u }}"}',
    ),
  ],
  [
    'what YAML 1.1 takes for a boolean',
    playbook('- motd: {text: a, backup: yes, mode: 0644}', 'become: yes'),
  ],
  [
    'one item for a list, text with commas, a list',
    playbook(
      '- motd: {text: a, users: a}\n- motd: {text: a, users: "a,b"}\n- motd: {text: a, users: [a, b]}',
    ),
  ],
  ['nested objects', playbook('- motd: {text: a, from: {path: /etc/motd}, colours: {red: x}, extra: [1]}')],
  ['blocks', playbook('- block:\n    - ping:\n  rescue:\n    - ping:\n  always: []\n  when: [a, b]')],
  [
    'handlers',
    playbook('- ping:\n  notify: Greet', 'handlers: [{name: Greet, motd: Hello, listen: greeted}]'),
  ],
  ['keywords of plays', playbook('- ping:', 'serial: [1, "50%"]')],
])('a good playbook: %s', (_name, yaml) => {
  expect([validate(parse(yaml)), validate.errors]).toEqual([true, null]);
});

test.each<[string, string, string]>([
  ['no hosts', '- tasks: []', "must have required property 'hosts'"],
  ['an unknown keyword of a play', playbook('- ping:', 'taks: []'), 'must NOT have additional properties'],
  ['an unknown module', playbook('- pong:'), 'must NOT have additional properties'],
  ['an unknown argument', playbook('- motd: {text: a, txt: b}'), 'must NOT have additional properties'],
  ['a missing argument', playbook('- motd: {state: present}'), "must have required property 'text'"],
  [
    'a missing argument inside',
    playbook('- motd: {text: a, from: {host: b}}'),
    "must have required property 'path'",
  ],
  [
    'a choice that is none',
    playbook('- motd: {text: a, state: here}'),
    'must be equal to one of the allowed values',
  ],
  ['a number beyond its range', playbook('- motd: {text: a, lines: 10}'), 'must be <= 9'],
  ['text for a boolean', playbook('- motd: {text: a, backup: perhaps}'), 'must be boolean'],
  [
    'a keyword of a handler in a task',
    playbook('- ping:\n  listen: a'),
    'must NOT have additional properties',
  ],
  ['a mistake in a block', playbook('- block:\n    - pong:'), 'must NOT have additional properties'],
  ['a mapping for tasks', '- hosts: all\n  tasks: {ping: null}', 'must be array,null'],
])('a bad playbook: %s', (_name, yaml, message) => {
  expect(validate(parse(yaml))).toBe(false);
  expect(validate.errors?.map(error => error.message)).toContain(message);
});
