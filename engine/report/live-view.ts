import { shorten } from './cells.ts';
import type { Paint, Style } from './paint.ts';
import { counted, wholeSeconds } from './visible.ts';

/** A host in the area: how it stands with the task, and what it is doing. */
export interface HostView {
  readonly host: string;
  readonly state: 'moving' | 'done' | 'failed';
  readonly doing: string;
  readonly seconds?: number;
  /** The last lines of what its command wrote. */
  readonly tail: readonly string[];
}

/** A task that is under way, in the area. */
export interface TaskView {
  readonly name: string;
  /** E.g. `5 of 12`. */
  readonly progress: string;
  readonly seconds: number;
  readonly hosts: readonly HostView[];
}

export interface ViewOptions {
  readonly columns: number;
  readonly rows: number;
  /** The present sign of the spinner. */
  readonly spinner: string;
  readonly paint: Paint;
}

const MOST_TAIL = 3;

/** The lines of the area: no wider than the terminal, and never higher than it; hosts that do not fit are counted. */
export function viewLines(tasks: readonly TaskView[], options: ViewOptions): readonly string[] {
  const columns = Math.max(10, options.columns - 1);
  const room = Math.max(2, options.rows - 2);
  const each = Math.max(2, Math.floor(room / Math.max(1, tasks.length)));
  return tasks.flatMap(task => taskLines(task, columns, each, options)).slice(0, room);
}

function taskLines(task: TaskView, columns: number, room: number, options: ViewOptions): readonly string[] {
  const { paint } = options;
  const time = `${task.progress}, ${wholeSeconds(task.seconds)}`;
  const head = shorten(`${task.name}  (${time})`, columns - 2);
  const shown = hostsShown(task.hosts, room - 1);
  const left = task.hosts.length - shown.length;
  const tailRoom = Math.floor((room - 1 - shown.length - (left > 0 ? 1 : 0)) / Math.max(1, shown.length));
  return [
    `${paint('changed', options.spinner)} ${paint('strong', head)}`,
    ...shown.flatMap(host => hostLines(host, columns, Math.min(MOST_TAIL, tailRoom), options)),
    ...(left > 0 ? [paint('faint', shorten(`  … ${restText(task.hosts, shown)}`, columns))] : []),
  ];
}

/** All hosts where they fit; otherwise those that failed and those that move, in their order, with a line left for the count of the rest. */
function hostsShown(hosts: readonly HostView[], room: number): readonly HostView[] {
  if (hosts.length <= room) return hosts;
  const ranks = { failed: 0, moving: 1, done: 2 } as const;
  const chosen = new Set(
    [...hosts].sort((a, b) => ranks[a.state] - ranks[b.state]).slice(0, Math.max(0, room - 1)),
  );
  return hosts.filter(host => chosen.has(host) && host.state !== 'done');
}

function restText(hosts: readonly HostView[], shown: readonly HostView[]): string {
  const rest = hosts.filter(host => !shown.includes(host));
  const moving = rest.filter(host => host.state === 'moving').length;
  const parts = [
    ...(moving > 0 ? [`${moving} under way`] : []),
    ...(rest.length > moving ? [`${rest.length - moving} done`] : []),
  ];
  return `${counted(rest.length, 'more host')}: ${parts.join(', ')}`;
}

function hostLines(
  host: HostView,
  columns: number,
  tailRoom: number,
  options: ViewOptions,
): readonly string[] {
  const signs: Readonly<Record<HostView['state'], readonly [Style, string]>> = {
    moving: ['changed', options.spinner],
    done: ['ok', '✔'],
    failed: ['failed', '✖'],
  };
  const [style, sign] = signs[host.state];
  const hasTime = host.doing !== '' && host.seconds !== undefined && host.seconds >= 1;
  const time = hasTime ? ` (${wholeSeconds(host.seconds)})` : '';
  const text = shorten(`${host.host}  ${host.doing}${time}`.trimEnd(), columns - 4);
  const tail = host.state === 'moving' && tailRoom > 0 ? host.tail.slice(-tailRoom) : [];
  return [
    `  ${options.paint(style, sign)} ${text}`,
    ...tail.map(line => options.paint('faint', shorten(`      │ ${line}`, columns))),
  ];
}
