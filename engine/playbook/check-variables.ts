import type { Diagnostics } from '../source/diagnostic.ts';
import type { Node } from '../source/node.ts';
import { didYouMean } from '../source/suggest.ts';
import { type Environment, references } from '../template/index.ts';
import type { Knowledge } from './knowledge.ts';
import type { Code } from './templates-in.ts';
import { templatesIn } from './templates-in.ts';

/** What a task can see beside what its host has from the inventory. */
export interface Visible {
  readonly knowledge: Knowledge;
  readonly environment: Environment;
  readonly hosts: readonly string[];
  /** Variables of the playbook with their values, the nearest first. */
  readonly written: readonly ReadonlyMap<string, Node>[];
  /** Names whose values only the run brings: registered, set, of loops. */
  readonly brought: ReadonlySet<string>;
}

/** Reports variables that code is certain to need and that some host of the play does not have; through the variables that it uses, too. */
export function checkVariables(code: Code, visible: Visible, diagnostics: Diagnostics): void {
  new VariableCheck(visible, diagnostics).code(code);
}

class VariableCheck {
  readonly #visible: Visible;
  readonly #diagnostics: Diagnostics;
  readonly #seen = new Set<string>();

  constructor(visible: Visible, diagnostics: Diagnostics) {
    this.#visible = visible;
    this.#diagnostics = diagnostics;
  }

  code(code: Code): void {
    for (const { name, span, guarded } of references(code)) {
      if (guarded || this.#isGiven(name)) continue;
      const node = this.#writtenNode(name);
      if (node !== undefined) this.#through(name, node);
      else this.#ofHosts(name, span);
    }
  }

  #isGiven(name: string): boolean {
    const { brought, knowledge, environment } = this.#visible;
    return (
      brought.has(name) ||
      knowledge.isGiven(name) ||
      environment.globals.has(name) ||
      // Called like functions, but the evaluator's own.
      ['lookup', 'query', 'q'].includes(name)
    );
  }

  #writtenNode(name: string): Node | undefined {
    return this.#visible.written.find(level => level.has(name))?.get(name);
  }

  /** What a variable is made of is needed as well. */
  #through(name: string, node: Node): void {
    if (this.#seen.has(name)) return;
    this.#seen.add(name);
    for (const code of templatesIn(node, this.#diagnostics)) this.code(code);
  }

  #ofHosts(name: string, span: Parameters<Diagnostics['error']>[2]): void {
    const { hosts, knowledge } = this.#visible;
    const lacking = hosts.filter(host => knowledge.variable(host, name) === undefined);
    for (const host of hosts) {
      const node = knowledge.variable(host, name);
      if (node !== undefined && node !== 'open') this.#through(name, node);
    }
    if (lacking.length === 0) return;
    const where =
      lacking.length === hosts.length
        ? ''
        : ` for ${lacking.slice(0, 3).join(', ')}${lacking.length > 3 ? ` and ${lacking.length - 3} more` : ''}`;
    const suggestion = didYouMean(name, this.#names());
    this.#diagnostics.error('undefined-variable', `the variable “${name}” is not defined${where}`, span, {
      hint:
        suggestion === undefined
          ? 'define it under `vars:` or in the inventory, or give it a default: `| default(…)`'
          : `did you mean “${suggestion}”?`,
    });
  }

  #names(): Iterable<string> {
    const { written, brought, knowledge, hosts } = this.#visible;
    return [
      ...written.flatMap(level => [...level.keys()]),
      ...brought,
      ...knowledge.givenNames,
      ...hosts.slice(0, 1).flatMap(host => [...knowledge.variableNames(host)]),
    ];
  }
}
