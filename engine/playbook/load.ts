import { resolve } from 'node:path';
import { type Diagnostics, SourceError } from '../source/diagnostic.ts';
import { readSource } from '../source/file.ts';
import { get, type MappingEntry, type MappingNode, type Node, type SequenceNode } from '../source/node.ts';
import type { Span } from '../source/span.ts';
import { didYouMean } from '../source/suggest.ts';
import { unreachable } from '../source/unreachable.ts';
import { parseYaml } from '../source/yaml.ts';
import { insteadOf, shortName } from './ansible-names.ts';
import { argumentNames } from './arguments.ts';
import { checkKeyword, isTemplated } from './keyword-values.ts';
import { type Holder, isKeyword, KEYWORDS, type Keyword, keywordsOf } from './keywords.ts';
import type { Block, Callee, Play, Playbook, Registry, Scoped, Task, Written } from './playbook.ts';
import { textsOf } from './texts.ts';

/** How a playbook is loaded: what tasks can name, and where mistakes go. */
export interface LoadOptions {
  readonly registry: Registry;
  readonly diagnostics: Diagnostics;
  /** Gives each task its number; shared by the playbooks of a run. */
  nextId(): number;
}

/** Reads a playbook. Mistakes go to the diagnostics; what can be read is read, so that all of them are found. Throws SourceError for an unreadable file. */
export function loadPlaybook(path: string, options: LoadOptions): Playbook {
  const source = readSource(path);
  const root = parseYaml(source, options.diagnostics);
  const loader = new Loader(path, options);
  return {
    source,
    path,
    plays: loader.plays(root, { source, start: 0, end: Math.min(1, source.text.length) }),
  };
}

class Loader {
  readonly #path: string;
  readonly #registry: Registry;
  readonly #diagnostics: Diagnostics;
  readonly #nextId: () => number;

  constructor(path: string, options: LoadOptions) {
    this.#path = path;
    this.#registry = options.registry;
    this.#diagnostics = options.diagnostics;
    this.#nextId = () => options.nextId();
  }

  plays(root: Node | undefined, start: Span): readonly Play[] {
    if (root === undefined) {
      if (!this.#diagnostics.hasErrors)
        this.#diagnostics.error('empty-playbook', 'the playbook is empty', start, {
          hint: 'a playbook is a list of plays, each with `hosts:` and `tasks:`',
        });
      return [];
    }
    if (root.kind !== 'sequence') {
      this.#diagnostics.error('wrong-type', 'a playbook is a list of plays', root.span, {
        hint: 'begin each play with “- hosts: …”',
      });
      return [];
    }
    return root.items.flatMap(item => this.#play(item) ?? []);
  }

  #play(node: Node): Play | undefined {
    if (!this.#isMapping(node, 'a play', 'begin it with “- hosts: …”')) return undefined;
    const keywords = this.#keywords(node, 'play');
    const hosts = keywords.get('hosts');
    if (hosts === undefined)
      this.#diagnostics.error(
        'missing-hosts',
        'the play has no `hosts:`',
        node.entries[0]?.keySpan ?? node.span,
        { hint: 'add `hosts: PATTERN`, e.g. `hosts: all`' },
      );
    const pattern = textsOf(hosts?.node).join(',');
    const play = {
      kind: 'play' as const,
      span: node.entries[0]?.keySpan ?? node.span,
      keywords,
      parent: undefined,
      name: textsOf(keywords.get('name')?.node)[0] ?? pattern,
      path: this.#path,
      hosts: hosts?.node,
      pattern,
      sections: [] as Block[],
      handlers: [] as Task[],
      varsFiles: this.#varsFiles(keywords.get('vars_files')),
    };
    for (const section of ['pre_tasks', 'tasks', 'post_tasks'] as const) {
      const written = keywords.get(section);
      if (written === undefined) continue;
      const block: Block = {
        kind: 'block',
        span: written.keySpan,
        keywords: new Map(),
        parent: play,
        body: [],
        rescue: [],
        always: [],
      };
      play.sections.push({ ...block, body: this.#tasks(written.node, play, 'task') });
    }
    const handlers = keywords.get('handlers');
    if (handlers !== undefined)
      play.handlers.push(
        ...this.#tasks(handlers.node, play, 'handler').flatMap(item => {
          if (item.kind === 'task') return [item];
          this.#diagnostics.error('block-as-handler', 'a handler cannot be a block', item.span, {
            hint: 'make handlers of its tasks, and give them the same name under `listen:`',
          });
          return [];
        }),
      );
    return play;
  }

  #varsFiles(written: Written | undefined): Play['varsFiles'] {
    return textsOf(written?.node).flatMap(file => {
      const path = resolve(this.#path, '..', file);
      try {
        return [{ path, node: parseYaml(readSource(path), this.#diagnostics) }];
      } catch (error) {
        if (!(error instanceof SourceError)) throw error;
        for (const mistake of error.diagnostics)
          this.#diagnostics.add({ ...(written && { span: written.node.span }), ...mistake });
        return [];
      }
    });
  }

  #tasks(node: Node, parent: Scoped, holder: 'task' | 'handler'): readonly (Block | Task)[] {
    if (node.kind === 'scalar' && node.value === null) return [];
    if (node.kind !== 'sequence') {
      // Other values were reported when the keyword was read.
      if (isTemplated(node))
        this.#diagnostics.error('wrong-type', `a list of ${holder}s cannot come from a template`, node.span, {
          hint: 'write the list here, each one beginning with “- ”',
        });
      return [];
    }
    return this.#items(node, parent, holder);
  }

  #items(node: SequenceNode, parent: Scoped, holder: 'task' | 'handler'): readonly (Block | Task)[] {
    return node.items.flatMap<Block | Task>(item => {
      if (!this.#isMapping(item, `a ${holder}`, 'begin it with “- name: …”')) return [];
      if (get(item, 'block') !== undefined) return [this.#block(item, parent, holder)];
      return this.#task(item, parent, holder) ?? [];
    });
  }

  #block(node: MappingNode, parent: Scoped, holder: 'task' | 'handler'): Block {
    const keywords = this.#keywords(node, 'block');
    const block = {
      kind: 'block' as const,
      span: node.entries[0]?.keySpan ?? node.span,
      keywords,
      parent,
      body: [] as (Block | Task)[],
      rescue: [] as (Block | Task)[],
      always: [] as (Block | Task)[],
    };
    for (const [part, list] of [
      ['block', block.body],
      ['rescue', block.rescue],
      ['always', block.always],
    ] as const) {
      const written = keywords.get(part);
      if (written !== undefined) list.push(...this.#tasks(written.node, block, holder));
    }
    return block;
  }

  #task(node: MappingNode, parent: Scoped, holder: 'task' | 'handler'): Task | undefined {
    const keywords = this.#keywords(node, holder);
    const called = this.#callee(node, holder);
    if (called === undefined) return undefined;
    const { entry, name, callee } = called;
    const nothing = entry.value.kind === 'scalar' && entry.value.value === null;
    const names = textsOf(keywords.get('name')?.node);
    return {
      kind: 'task',
      id: this.#nextId(),
      handler: holder === 'handler',
      span: node.entries[0]?.keySpan ?? node.span,
      keywords,
      parent,
      callee,
      calleeName: { text: name, span: entry.keySpan },
      argumentsNode: nothing ? undefined : entry.value,
      register: textsOf(keywords.get('register')?.node)[0],
      listens: [...names, ...textsOf(keywords.get('listen')?.node)],
    };
  }

  /** The one key of a task that is no keyword: the module's name. */
  #callee(
    node: MappingNode,
    holder: 'task' | 'handler',
  ): { entry: MappingEntry; name: string; callee: Callee } | undefined {
    const candidates = node.entries.filter(entry => typeof entry.key !== 'string' || !isKeyword(entry.key));
    const known = candidates.flatMap(entry => {
      const callee = typeof entry.key === 'string' ? this.#registry.find(entry.key) : undefined;
      return callee === undefined ? [] : [{ entry, name: String(entry.key), callee }];
    });
    for (const entry of candidates)
      if (!known.some(one => one.entry === entry)) this.#unknownKey(entry, holder, known[0]?.callee);
    const [first, second] = known;
    if (second !== undefined) {
      this.#diagnostics.error(
        'two-modules',
        `the ${holder} names two modules, “${first?.name}” and “${second.name}”`,
        second.entry.keySpan,
        { hint: `make two ${holder}s of it, each beginning with “- ”` },
      );
    }
    if (candidates.length === 0) {
      this.#diagnostics.error(
        'no-module',
        `the ${holder} names no module: there is nothing to do`,
        node.entries[0]?.keySpan ?? node.span,
        { hint: 'add the module, e.g. `command: …`, or a `block:`' },
      );
    }
    return first;
  }

  #unknownKey(entry: MappingEntry, holder: Holder, callee: Callee | undefined): void {
    const word = String(entry.key);
    const keywords = keywordsOf(holder);
    const hasModule = callee !== undefined;
    const suggestion = didYouMean(
      shortName(word),
      hasModule ? keywords : [...keywords, ...this.#registry.names],
    );
    const hint =
      insteadOf(word) ??
      (callee !== undefined && argumentNames(callee.definition.args).includes(word)
        ? `“${word}” is an argument of ${callee.definition.name}: put it under \`${callee.definition.name}:\` or \`args:\``
        : suggestion && `did you mean “${suggestion}”?`);
    // Beside a module the word must be a keyword; alone it is taken for the module, unless it looks like a keyword.
    if (hasModule || (suggestion !== undefined && isKeyword(suggestion))) {
      this.#diagnostics.error('unknown-keyword', `unknown keyword “${word}” in a ${holder}`, entry.keySpan, {
        ...(hint && { hint }),
      });
    } else {
      this.#diagnostics.error('unknown-module', `unknown module “${word}”`, entry.keySpan, {
        hint: hint ?? '`play docs` lists the modules',
      });
    }
  }

  #keywords(node: MappingNode, holder: Holder): ReadonlyMap<Keyword, Written> {
    const keywords = new Map<Keyword, Written>();
    const allowed = keywordsOf(holder);
    for (const { key, keySpan, value } of node.entries) {
      if (typeof key === 'string' && isKeyword(key) && allowed.includes(key)) {
        checkKeyword(key, value, this.#diagnostics);
        keywords.set(key, { keySpan, node: value });
      } else if (holder === 'play' || holder === 'block' || (typeof key === 'string' && isKeyword(key))) {
        this.#misplaced(String(key), keySpan, holder, allowed);
      }
    }
    return keywords;
  }

  #misplaced(word: string, span: Span, holder: Holder, allowed: readonly Keyword[]): void {
    if (isKeyword(word)) {
      const where = listed(KEYWORDS[word].holders.map(place => `a ${place}`));
      this.#diagnostics.error('misplaced-keyword', `“${word}” cannot stand in a ${holder}`, span, {
        hint: `it belongs in ${where}`,
      });
      return;
    }
    const suggestion = didYouMean(word, allowed);
    const isModule = this.#registry.find(word) !== undefined;
    const hint = isModule
      ? `“${word}” is a module: put it in a task under \`${holder === 'play' ? 'tasks' : 'block'}:\``
      : suggestion && `did you mean “${suggestion}”?`;
    this.#diagnostics.error('unknown-keyword', `unknown keyword “${word}” in a ${holder}`, span, {
      ...(hint && { hint }),
    });
  }

  #isMapping(node: Node, what: string, hint: string): node is MappingNode {
    switch (node.kind) {
      case 'mapping':
        return true;
      case 'scalar':
      case 'sequence':
        this.#diagnostics.error(
          'wrong-type',
          `${what} is a mapping of keywords, not ${node.kind === 'scalar' ? 'a single value' : 'a list'}`,
          node.span,
          { hint },
        );
        return false;
      default:
        return unreachable(node);
    }
  }
}

/** `a`, `a or b`, `a, b or c`. */
function listed(words: readonly string[]): string {
  return words.length < 2
    ? words.join('')
    : `${words.slice(0, -1).join(', ')} or ${words.slice(-1).join('')}`;
}
