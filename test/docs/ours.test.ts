import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { editorSchema, staleDocs } from '../../engine/docs/index.ts';
import { KEYWORDS } from '../../engine/playbook/keywords.ts';
import { actions } from '../../engine/run/actions/index.ts';
import { modules } from '../../modules/index.ts';

const root = join(import.meta.dirname, '../..');
const all = [...actions, ...modules];
const validate = new Ajv({ strict: true, strictTypes: false, strictRequired: false }).compile(
  editorSchema(all, KEYWORDS),
);

test('docs/ is as `npm run docs` writes it', () => {
  expect(staleDocs(all, join(root, 'docs'))).toEqual([]);
});

test.each(readdirSync(join(root, 'playbooks')).filter(file => file.endsWith('.yml')))(
  'editors find nothing wrong with playbooks/%s',
  file => {
    const playbook: unknown = parse(readFileSync(join(root, 'playbooks', file), 'utf8'), { version: '1.1' });
    expect([validate(playbook), validate.errors]).toEqual([true, null]);
  },
);

test.each(
  modules.flatMap(module => module.examples.map(({ title, yaml }) => [module.name, title, yaml] as const)),
)('editors find nothing wrong with the example of %s: %s', (_name, _title, yaml) => {
  const tasks: unknown = parse(yaml);
  expect([validate([{ hosts: 'all', tasks }]), validate.errors]).toEqual([true, null]);
});
