import { readSource } from '../source/file.ts';
import { parseTemplate, type Template } from '../template/index.ts';

/** A template file, parsed as Ansible's `template` does it. Throws TemplateError, and SourceError where it cannot be read. */
export function parseTemplateFile(path: string): { readonly template: Template; readonly name: string } {
  const source = readSource(path);
  const template = parseTemplate(
    source.text,
    { spanOf: (start, end) => ({ source, start, end }) },
    { trimBlocks: true },
  );
  return { template, name: source.name };
}
