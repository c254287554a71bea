import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type LoadedInventory, type LoadOptions, loadInventory } from '../../engine/inventory/index.ts';
import type { Diagnostic } from '../../engine/source/diagnostic.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';
import { run } from './run.ts';

/** A throw-away directory with files; what begins with `#!` may be executed. */
export class Files implements Disposable {
  readonly path = mkdtempSync(join(tmpdir(), 'inventory-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) {
      const path = join(this.path, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
      if (text.startsWith('#!')) chmodSync(path, 0o755);
    }
  }

  [Symbol.dispose](): void {
    rmSync(this.path, { recursive: true });
  }

  load(sources: readonly string[], options: LoadOptions = {}): LoadedInventory {
    return loadInventory(
      sources.map(source => (source.includes(',') ? source : join(this.path, source))),
      { run, ...options },
    );
  }

  /** Diagnostics as the user sees them, this directory left out. */
  render(diagnostics: readonly Diagnostic[]): string {
    return `\n${renderDiagnostics(diagnostics, { color: false }).replaceAll(`${this.path}/`, '')}`;
  }
}

/** What is told of an inventory of one file. */
export function told(text: string, name = 'hosts'): string {
  using files = new Files({ [name]: text });
  return files.render(files.load([name]).diagnostics);
}

/** What is told of an inventory of several files. */
export function toldOf(
  files: Readonly<Record<string, string>>,
  sources: readonly string[],
  options: LoadOptions = {},
): string {
  using there = new Files(files);
  return there.render(there.load(sources, options).diagnostics);
}
