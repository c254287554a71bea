import type { Paint } from '../report/paint.ts';
import { type Argument, argumentsOf } from './argument.ts';
import { byName, type Documented } from './documented.ts';

/** Wider lines are hard to read. */
const WIDEST = 100;

/** The page of a module for a terminal of so many columns: arguments that are required are marked by `=`, others by `-`. */
export function renderModuleText(module: Documented, columns: number, paint: Paint): string {
  const width = Math.min(WIDEST, Math.max(30, columns));
  const indented = (text: string, indent: number) =>
    wrapped(text, width - indent).map(line => `${' '.repeat(indent)}${line}`.trimEnd());
  const heading = (text: string) => ['', paint('strong', text)];
  return [
    `${paint('strong', module.name)}${module.aliases.length === 0 ? '' : `  (${module.aliases.join(', ')})`}`,
    '',
    ...indented(module.summary, 2),
    ...heading('Arguments (= is required):'),
    ...argumentLines(module, indented, paint),
    ...(module.notes === undefined ? [] : [...heading('Notes:'), ...indented(module.notes.trim(), 2)]),
    ...(module.examples ?? []).flatMap(({ title, yaml }) => [
      ...heading(`Example: ${title}`),
      ...yaml
        .trim()
        .split('\n')
        .map(line => `  ${line}`.trimEnd()),
    ]),
    '',
  ].join('\n');
}

/** The list of all modules for a terminal: a line each. */
export function renderModuleList(modules: readonly Documented[], columns: number, paint: Paint): string {
  const width = Math.max(0, ...modules.map(module => module.name.length));
  const room = Math.min(WIDEST, Math.max(30, columns)) - width - 2;
  return byName(modules)
    .flatMap(module =>
      wrapped(module.summary, Math.max(20, room)).map((line, index) =>
        index === 0
          ? `${paint('strong', module.name)}${' '.repeat(width - module.name.length)}  ${line}`
          : `${' '.repeat(width)}  ${line}`,
      ),
    )
    .join('\n')
    .concat('\n');
}

type Indented = (text: string, indent: number) => readonly string[];

function argumentLines(module: Documented, indented: Indented, paint: Paint): readonly string[] {
  if (module.anyArguments === true) return ['  any: each one is a name with its value'];
  const lines = argumentsOf(module.args).flatMap(argument => [
    `${argument.required ? '=' : '-'} ${paint('strong', argument.path)}  (${factsOf(argument)})`,
    ...indented(argument.description, 6),
  ]);
  const free =
    module.freeForm === undefined ? [] : [`  “${module.name}: TEXT” is short for ${module.freeForm}`];
  return lines.length === 0 ? ['  none'] : [...lines, ...free];
}

function factsOf(argument: Argument): string {
  return [
    argument.choices.length > 0 ? argument.choices.join(' | ') : argument.type,
    ...(argument.default === undefined ? [] : [`${argument.default} by default`]),
    ...(argument.aliases.length === 0 ? [] : [`also ${argument.aliases.join(', ')}`]),
  ].join('; ');
}

/** The text in lines no longer than the width; items of lists hang, and code, tables and what is indented otherwise stay as they are. */
function wrapped(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let paragraph: string[] = [];
  let marker = '';
  const close = (): void => {
    const words = wrappedWords(paragraph.join(' '), width - marker.length);
    if (paragraph.length > 0)
      lines.push(...words.map((line, index) => `${index === 0 ? marker : ' '.repeat(marker.length)}${line}`));
    paragraph = [];
    marker = '';
  };
  for (const line of text.split('\n')) {
    const item = /^(?:[-*]|\d+\.) +/.exec(line)?.[0];
    const isInItem = marker !== '' && /^\s+\S/.test(line);
    const isKept = !isInItem && (line.trim() === '' || /^(\s|\||```)/.test(line));
    if (isKept || item !== undefined) close();
    if (isKept) lines.push(line.trimEnd());
    else paragraph.push(item === undefined ? line.trim() : line.slice(item.length));
    marker = item ?? marker;
  }
  close();
  return lines;
}

function wrappedWords(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(/\s+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}
