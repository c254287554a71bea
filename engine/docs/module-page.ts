import { type Argument, argumentsOf } from './argument.ts';
import { byName, type Documented } from './documented.ts';
import { code, page, table } from './markdown.ts';

/** The page of a module, in Markdown. */
export function renderModulePage(module: Documented): string {
  return page(
    `# ${module.name}`,
    module.summary,
    module.aliases.length === 0 ? '' : `Also known as ${module.aliases.map(code).join(', ')}.`,
    '## Arguments',
    argumentsTable(module),
    freeFormNote(module),
    ...(module.notes === undefined ? [] : ['## Notes', module.notes.trim()]),
    ...examples(module),
  );
}

/** The page that lists all modules, with links to theirs in `modules/`. */
export function renderModuleIndex(modules: readonly Documented[]): string {
  return page(
    '# Modules',
    'What a task can ask for. `play docs MODULE` shows a page in the terminal.',
    table(
      ['module', 'what it is for', 'also known as'],
      byName(modules).map(module => [
        `[${module.name}](modules/${module.name}.md)`,
        module.summary,
        module.aliases.map(code).join(', '),
      ]),
    ),
  );
}

function argumentsTable(module: Documented): string {
  if (module.anyArguments === true) return 'Any: each one is a name with its value.';
  const all = argumentsOf(module.args);
  if (all.length === 0) return 'None.';
  return table(['argument', 'type', 'default', 'what it is'], all.map(argumentRow));
}

function argumentRow(argument: Argument): readonly string[] {
  const name = code(argument.path);
  const type = argument.choices.length > 0 ? argument.choices.map(code).join(', ') : argument.type;
  const aliases = argument.aliases.length === 0 ? '' : ` Also ${argument.aliases.map(code).join(', ')}.`;
  return [
    argument.required ? `**${name}** (required)` : name,
    type,
    argument.default === undefined ? '' : code(argument.default),
    `${argument.description}${aliases}`,
  ];
}

function freeFormNote({ name, freeForm }: Documented): string {
  return freeForm === undefined ? '' : `${code(`${name}: TEXT`)} is short for ${code(freeForm)}.`;
}

function examples(module: Documented): readonly string[] {
  const all = module.examples ?? [];
  if (all.length === 0) return [];
  return [
    '## Examples',
    ...all.flatMap(({ title, yaml }) => [`${title}:`, `\`\`\`yaml\n${yaml.trim()}\n\`\`\``]),
  ];
}
