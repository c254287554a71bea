import { Diagnostics } from '../../source/diagnostic.ts';
import { parseYaml } from '../../source/yaml.ts';
import { hasMetSecret } from '../carry.ts';
import { integer, truth } from '../coerce.ts';
import { operations } from '../environment.ts';
import { valueError } from '../error.ts';
import { fromNode } from '../plain.ts';
import { str } from '../print.ts';
import type { Value } from '../value.ts';
import { writeYaml } from './yaml-write.ts';

/** Ansible's filters to and from YAML. */
export const yamlFilters = operations({
  from_yaml: [input => fromYaml(str(input))],
  from_yaml_all: [
    input =>
      str(input)
        .split(/^---(?:\s|$)/m)
        .filter((text, index) => index > 0 || text.trim() !== '')
        .map(fromYaml),
  ],
  to_yaml: [
    '*args',
    '**named',
    (input, _args, { named }) => writeYaml(input, { indent: 2, flowLeaves: true, ...options(named) }),
  ],
  to_nice_yaml: [
    'indent?',
    '**named',
    (input, [indent = 4], { named }) =>
      writeYaml(input, { indent: integer(indent, 'the indent'), flowLeaves: false, ...options(named) }),
  ],
});

function options(named: ReadonlyMap<string, Value>): { readonly sortKeys: boolean; readonly width: number } {
  return {
    sortKeys: truth(named.get('sort_keys') ?? true),
    width: integer(named.get('width') ?? 80, 'the width'),
  };
}

function fromYaml(text: string): Value {
  const diagnostics = new Diagnostics();
  const node = parseYaml({ name: 'from_yaml', text }, diagnostics);
  const mistake = diagnostics.all.find(one => one.severity === 'error');
  if (mistake !== undefined)
    throw valueError(hasMetSecret() ? 'this is no YAML' : `this is no YAML: ${mistake.message}`);
  return node === undefined ? null : fromNode(node);
}
