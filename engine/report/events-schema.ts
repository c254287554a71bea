import type {
  Change,
  Counts,
  Doubted,
  EVENTS_VERSION,
  Failure,
  FieldDrift,
  RunEvent,
  TaskRef,
} from '../run/events.ts';

/** A JSON Schema, draft-07. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/** A field of an event: what it is, and the schema of its value. */
interface EventField {
  readonly description: string;
  readonly schema: JsonSchema;
  readonly optional?: true;
}

/** An event, or an object in one. */
export interface EventShape {
  readonly summary: string;
  readonly fields: Readonly<Record<string, EventField>>;
}

/** Every field of the type, optional where it is optional there: the compiler keeps the schema and the type together. */
interface ShapeOf<T> {
  readonly summary: string;
  readonly fields: {
    readonly [K in Exclude<keyof T, 'type'>]-?: Omit<EventField, 'optional'> &
      (object extends Pick<T, K> ? { readonly optional: true } : { readonly optional?: never });
  };
}

const text = { type: 'string' } as const;
const texts = { type: 'array', items: text } as const;
const flag = { type: 'boolean' } as const;
const count = { type: 'integer', minimum: 0 } as const;
const seconds = { type: 'number', minimum: 0 } as const;
const to = (name: string) => ({ $ref: `#/definitions/${name}` });

function listOf(items: JsonSchema): JsonSchema {
  return { type: 'array', items };
}

function mapOf(values: JsonSchema): JsonSchema {
  return { type: 'object', additionalProperties: values };
}

const HOST = { description: 'The host, by its name in the inventory.', schema: text };
const TASK = { description: 'The task.', schema: to('task') };
const ITEM = { description: 'The item of the task’s loop.', schema: text, optional: true } as const;
const PLAY = { description: 'The name of the play.', schema: text };
const SECONDS = { description: 'How long it took, in seconds.', schema: seconds };
const TIME = { description: 'When, ISO 8601, UTC.', schema: { type: 'string', format: 'date-time' } };

/** The objects that events hold, by the names of their definitions. */
export const SHAPES = {
  task: {
    summary: 'A task as events name it.',
    fields: {
      id: { description: 'Unique within the run.', schema: count },
      name: { description: 'What people see it called.', schema: text },
      module: { description: 'The name of its module.', schema: text },
      place: { description: 'FILE:LINE:COLUMN of the task.', schema: text },
      handler: { description: 'Whether it is a handler.', schema: flag },
    },
  } satisfies ShapeOf<TaskRef>,
  change: {
    summary: 'One step that was (or, in a check, would be) taken.',
    fields: {
      step: { description: 'The title of the step.', schema: text },
      drift: {
        description:
          'The fields of the state that it changes; none where it is an action, such as a restart.',
        schema: listOf(to('drift')),
      },
      notes: {
        description: 'What else is known of it, for people to read, e.g. what a package brings along.',
        schema: listOf(text),
        optional: true,
      },
    },
  } satisfies ShapeOf<Change>,
  drift: {
    summary: 'A field of the state: what it is and what it will be (or became).',
    fields: {
      field: { description: 'The name of the field.', schema: text },
      before: { description: 'What was found; secrets are asterisks.', schema: to('value') },
      after: { description: 'What it becomes; secrets are asterisks.', schema: to('value') },
    },
  } satisfies ShapeOf<FieldDrift>,
  doubt: {
    summary: 'Something that a check cannot know.',
    fields: {
      what: { description: 'In words.', schema: text },
      until: {
        description:
          'The name of the task behind which it will be known; none where only running it would tell.',
        schema: text,
        optional: true,
      },
    },
  } satisfies ShapeOf<Doubted>,
  failure: {
    summary: 'Why a task failed on a host.',
    fields: {
      kind: { description: 'The human cause, e.g. `StepFailed`, `NotConverged`, `Refusal`.', schema: text },
      message: { description: 'What went wrong.', schema: text },
      command: { description: 'What ran, as people would write it.', schema: text, optional: true },
      exitCode: {
        description: 'Its exit code; null where it was killed.',
        schema: { type: ['integer', 'null'] },
        optional: true,
      },
      stdout: { description: 'What it wrote to standard output.', schema: text, optional: true },
      stderr: { description: 'What it wrote to standard error.', schema: text, optional: true },
      hint: { description: 'What to do.', schema: text, optional: true },
      drawn: {
        description: 'For a mistake in the playbook that only showed now: drawn with its line.',
        schema: text,
        optional: true,
      },
    },
  } satisfies ShapeOf<Failure>,
  counts: {
    summary: 'What the recap counts for a host.',
    fields: {
      ok: {
        description: 'Tasks that were as they should be, or are now (`changed` included).',
        schema: count,
      },
      changed: { description: 'Tasks that changed something, or would.', schema: count },
      unreachable: { description: 'Tasks for which the host could not be reached.', schema: count },
      failed: { description: 'Tasks that failed.', schema: count },
      skipped: { description: 'Tasks whose conditions did not hold.', schema: count },
      rescued: { description: 'Failures that a `rescue` took care of.', schema: count },
      ignored: { description: 'Failures that `ignore_errors` let pass.', schema: count },
      unknown: { description: 'Tasks with something that a check cannot know.', schema: count },
    },
  } satisfies ShapeOf<Counts>,
} as const satisfies Readonly<Record<string, EventShape>>;

const VERSION: typeof EVENTS_VERSION = 1;

/** Every event, in the order in which a run tells them. */
export const EVENTS = {
  'run-start': {
    summary: 'The run begins.',
    fields: {
      version: {
        description: 'The version of these events. New events and fields do not raise it.',
        schema: { const: VERSION },
      },
      time: TIME,
      playbooks: { description: 'The playbooks, as they were called.', schema: texts },
      check: { description: 'Whether nothing is changed.', schema: flag },
      diff: { description: 'Whether the contents of files are shown.', schema: flag },
      forks: { description: 'On how many hosts it works at once, at most.', schema: count },
    },
  },
  'play-start': {
    summary: 'A play begins, or with `serial` the next batch of its hosts.',
    fields: {
      play: PLAY,
      place: { description: 'FILE:LINE:COLUMN of the play.', schema: text },
      hosts: { description: 'The hosts of the play, or of the batch.', schema: texts },
      tasks: { description: 'How many tasks each host has before it, handlers left out.', schema: count },
    },
  },
  'task-start': {
    summary: 'A task begins.',
    fields: { play: PLAY, task: TASK, hosts: { description: 'The hosts that it is for.', schema: texts } },
  },
  connected: {
    summary: 'A connection was opened; there is one a host.',
    fields: {
      host: HOST,
      transport: { description: 'How: `ssh`, `openssh`, `local`.', schema: text },
      address: { description: 'Where to.', schema: text },
      user: { description: 'As whom.', schema: text },
      seconds: SECONDS,
    },
  },
  survey: {
    summary: 'A host was asked, in one round trip.',
    fields: {
      host: HOST,
      purpose: {
        description:
          'Why: ahead of the tasks, right before a step, as the proof behind one, or while waiting.',
        schema: { enum: ['look-ahead', 'before-step', 'verify', 'wait'] },
      },
      tasks: { description: 'How many tasks it answers.', schema: count },
      asks: { description: 'How many questions, by source.', schema: mapOf(count) },
      roundTrips: {
        description: 'Round trips of the host’s connection so far, connecting not counted.',
        schema: count,
      },
      seconds: SECONDS,
    },
  },
  'step-start': {
    summary: 'A step begins to change a host.',
    fields: {
      host: HOST,
      task: TASK,
      item: ITEM,
      step: { description: 'The title of the step.', schema: text },
      commands: {
        description: 'What it runs, as people would write it.',
        schema: texts,
        optional: true,
      },
    },
  },
  output: {
    summary: 'What a command writes while it runs.',
    fields: {
      host: HOST,
      task: TASK,
      stream: { description: 'Where to.', schema: { enum: ['stdout', 'stderr'] } },
      text: { description: 'As it came, control characters included.', schema: text },
    },
  },
  'step-end': {
    summary: 'A step has done what it does; the proof comes behind it.',
    fields: {
      host: HOST,
      task: TASK,
      item: ITEM,
      step: { description: 'The title of the step.', schema: text },
      seconds: SECONDS,
    },
  },
  result: {
    summary:
      'What came of a task on a host, or of one item of its loop; the task’s own result follows the last item’s.',
    fields: {
      host: HOST,
      task: TASK,
      item: ITEM,
      status: {
        description: 'What came of it. In a check, `changed` means that it would change.',
        schema: { enum: ['ok', 'changed', 'failed', 'skipped', 'unreachable', 'unknown'] },
      },
      check: {
        description:
          'Whether it was only checked, where the task’s `check_mode` makes that other than for the run.',
        schema: flag,
        optional: true,
      },
      changes: { description: 'The steps, with what they change.', schema: listOf(to('change')) },
      doubts: { description: 'What a check cannot know.', schema: listOf(to('doubt')) },
      failure: { description: 'Why it failed.', schema: to('failure'), optional: true },
      ignored: { description: 'Failed, but `ignore_errors` lets the host go on.', schema: flag },
      message: {
        description: 'Why it was skipped, or what a module has to say.',
        schema: text,
        optional: true,
      },
      delegatedTo: { description: 'The host that did the work.', schema: text, optional: true },
      returned: {
        description: 'What `register` gets; left out under `no_log`.',
        schema: mapOf(to('value')),
        optional: true,
      },
      seconds: SECONDS,
    },
  },
  notified: {
    summary: 'A handler is to run on a host.',
    fields: {
      host: HOST,
      handler: { description: 'The name of the handler.', schema: text },
      by: { description: 'The task that notified it.', schema: to('task') },
      owed: { description: 'An earlier run died before it ran the handler.', schema: flag },
    },
  },
  warning: {
    summary: 'Something that the author should know.',
    fields: {
      message: { description: 'In words.', schema: text },
      host: { ...HOST, optional: true },
      hint: { description: 'What to do.', schema: text, optional: true },
    },
  },
  'play-end': { summary: 'A play, or a batch of its hosts, has ended.', fields: { play: PLAY } },
  'run-end': {
    summary: 'The run has ended.',
    fields: {
      time: TIME,
      recap: { description: 'The counts of each host.', schema: mapOf(to('counts')) },
      exitCode: { description: 'The exit code of the process.', schema: { type: 'integer' } },
      interrupted: { description: 'Whether it was interrupted.', schema: flag },
      seconds: SECONDS,
      stoodAt: {
        description: 'The tasks that were under way when it was interrupted, by host.',
        schema: mapOf(text),
        optional: true,
      },
    },
  },
} as const satisfies { readonly [T in RunEvent['type']]: ShapeOf<Extract<RunEvent, { readonly type: T }>> };

/**
 * The JSON Schema (draft-07) of one line of `--report json`. As new fields and events may come without a new version, it is open; `closed` makes
 * one that allows what is known now and nothing else, for tests.
 */
export function eventsSchema(closed = false): JsonSchema {
  const events: Readonly<Record<string, EventShape>> = EVENTS;
  const shapes: Readonly<Record<string, EventShape>> = SHAPES;
  const known = Object.entries(events).map(([type, shape]) => objectSchema(shape, closed, type));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'An event of a run of play, one line of JSON',
    type: 'object',
    required: ['type'],
    ...(closed ? { oneOf: known } : { allOf: known.map(guarded) }),
    definitions: {
      ...Object.fromEntries(
        Object.entries(shapes).map(([name, shape]) => [name, objectSchema(shape, closed)]),
      ),
      value: {
        description: 'A value of a state as it may be shown: plain JSON, secrets masked.',
        anyOf: [{ type: ['null', 'boolean', 'number', 'string'] }, listOf(to('value')), mapOf(to('value'))],
      },
    },
  };
}

/** Only binds events of its own type, so that events of later releases pass. */
function guarded(schema: JsonSchema & { readonly properties: JsonSchema }): JsonSchema {
  return {
    if: { properties: { type: schema.properties['type'] }, required: ['type'] },
    // biome-ignore lint/suspicious/noThenProperty: the keyword of JSON Schema
    then: schema,
  };
}

function objectSchema(
  shape: EventShape,
  closed: boolean,
  type?: string,
): JsonSchema & { readonly properties: JsonSchema } {
  const fields = Object.entries(shape.fields);
  const required = fields.filter(([, field]) => field.optional === undefined).map(([name]) => name);
  return {
    type: 'object',
    description: shape.summary,
    properties: {
      ...(type !== undefined && { type: { const: type } }),
      ...Object.fromEntries(fields.map(([name, field]) => [name, fieldSchema(field)])),
    },
    required: [...(type === undefined ? [] : ['type']), ...required],
    ...(closed && { additionalProperties: false }),
  };
}

function fieldSchema({ description, schema }: EventField): JsonSchema {
  // draft-07 ignores what stands beside a `$ref`.
  return '$ref' in schema ? { description, allOf: [schema] } : { description, ...schema };
}
