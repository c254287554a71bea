import { Unknown } from '../kit/unknown.ts';
import type { Task } from '../playbook/playbook.ts';
import { Dict, type Scope, str, TemplateError, type Value } from '../template/index.ts';
import { evaluateNode } from './evaluate.ts';
import { flagOf } from './keywords.ts';
import { type Layer, type VariableScope, valuesLayer } from './scope.ts';

/** One item of a loop, with the variables that it sets. */
export interface LoopItem {
  readonly value: Value;
  readonly variables: Layer;
  readonly loopVariable: string;
  readonly pauseSeconds: number;
  /** How the item is called in results. */
  label(scope: Scope): string;
}

/** The items of a task's loop; undefined where it has none. Throws TemplateError where the value is no list. */
export function loopOf(task: Task, scope: VariableScope): readonly LoopItem[] | Unknown | undefined {
  const written = task.keywords.get('loop');
  if (written === undefined) return undefined;
  const value = evaluateNode(written.node, scope);
  if (value instanceof Unknown) return value;
  if (!Array.isArray(value)) {
    throw new TemplateError('template-type', '`loop` needs a list', {
      span: written.node.span,
      hint: 'for a mapping, use `| dict2items`; for one value, put it in brackets',
    });
  }
  const control = controlOf(task);
  return value.map((item, index) => {
    const variables: [string, Value][] = [
      [control.loopVariable, item],
      ['ansible_loop_var', control.loopVariable],
    ];
    if (control.indexVariable !== undefined) variables.push([control.indexVariable, index]);
    if (control.extended) variables.push(['ansible_loop', extendedLoop(value, index)]);
    return {
      value: item,
      variables: valuesLayer(variables),
      loopVariable: control.loopVariable,
      pauseSeconds: control.pauseSeconds,
      label: itemScope =>
        control.label === undefined ? labelOf(item) : labelOf(evaluateNode(control.label, itemScope)),
    };
  });
}

function labelOf(value: Value): string {
  return value instanceof Unknown ? String(value) : str(value);
}

function controlOf(task: Task) {
  const node = task.keywords.get('loop_control')?.node;
  const entry = (name: string) =>
    node?.kind === 'mapping' ? node.entries.find(one => one.key === name)?.value : undefined;
  const text = (name: string): string | undefined => {
    const value = entry(name);
    return value?.kind === 'scalar' && value.value !== null ? String(value.value) : undefined;
  };
  return {
    loopVariable: text('loop_var') ?? 'item',
    indexVariable: text('index_var'),
    label: entry('label'),
    pauseSeconds: Number(text('pause') ?? 0),
    extended: flagOf(text('extended') ?? 'false'),
  };
}

/** `ansible_loop`, as `loop_control: {extended: true}` asks for it. */
function extendedLoop(all: readonly Value[], index: number): Value {
  const entries: [string, Value][] = [
    ['allitems', [...all]],
    ['index', index + 1],
    ['index0', index],
    ['revindex', all.length - index],
    ['revindex0', all.length - index - 1],
    ['first', index === 0],
    ['last', index === all.length - 1],
    ['length', all.length],
  ];
  const before = all[index - 1];
  const behind = all[index + 1];
  if (before !== undefined) entries.push(['previtem', before]);
  if (behind !== undefined) entries.push(['nextitem', behind]);
  return new Dict(entries);
}
