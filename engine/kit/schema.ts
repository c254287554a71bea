import type { Text } from './secret.ts';

interface Described {
  readonly description: string;
  /** Other names of the argument, as Ansible has them. */
  readonly aliases?: readonly string[];
}

/** Our dialect of JSON Schema: small enough to infer types from, and every property described. */
export type Schema =
  | StringSchema
  | FileSchema
  | NumberSchema
  | BooleanSchema
  | ArraySchema
  | ObjectSchema
  | MapSchema
  | AnySchema;

export interface StringSchema extends Partial<Described> {
  readonly type: 'string';
  readonly enum?: readonly string[];
  readonly default?: string;
  readonly pattern?: string;
  /** The value may be secret; the module takes care that it goes only through standard input or the environment. */
  readonly secret?: true;
  /** `mode`: octal digits; a YAML integer is taken as the octal it was written as. */
  readonly format?: 'mode' | 'host';
}

/** A file of the controller, searched as Ansible searches it, rendered if it is a template: the module gets a LoadedFile. */
export interface FileSchema extends Partial<Described> {
  readonly type: 'string';
  readonly file: 'template' | 'bytes';
}

export interface NumberSchema extends Partial<Described> {
  readonly type: 'integer' | 'number';
  readonly default?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface BooleanSchema extends Partial<Described> {
  readonly type: 'boolean';
  readonly default?: boolean;
}

/** A list; a single value, or text with commas where `commas` says so, is taken as a list too. */
export interface ArraySchema extends Partial<Described> {
  readonly type: 'array';
  readonly items: Schema;
  readonly minItems?: number;
  readonly commas?: true;
}

export interface ObjectSchema extends Partial<Described> {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Schema & Partial<Described>>>;
  readonly required?: readonly string[];
}

/** A mapping with keys of the author's choice. */
export interface MapSchema extends Partial<Described> {
  readonly type: 'object';
  readonly additionalProperties: Schema;
}

/** Any value, such as a policy's definition. */
export interface AnySchema extends Partial<Described> {
  readonly type: 'any';
}

/** A file of the controller, loaded: where it was found and what is in it (rendered, if it is a template). */
export interface LoadedFile {
  readonly path: string;
  readonly content: Text | Uint8Array;
}

/** A value as JSON has it. */
export type Plain = null | boolean | number | string | readonly Plain[] | { readonly [key: string]: Plain };

type HasDefault<S> = S extends { readonly default: unknown } ? true : false;
type Present<S extends ObjectSchema> = {
  [K in keyof S['properties']]: K extends (
    S['required'] extends readonly string[]
      ? S['required'][number]
      : never
  )
    ? K
    : HasDefault<S['properties'][K]> extends true
      ? K
      : never;
}[keyof S['properties']];

/** The type that a schema describes. */
export type Infer<S> = S extends { readonly type: 'string'; readonly file: string }
  ? LoadedFile
  : S extends { readonly type: 'string'; readonly secret: true }
    ? Text
    : S extends { readonly type: 'string'; readonly enum: readonly (infer E)[] }
      ? E
      : S extends { readonly type: 'string' }
        ? string
        : S extends { readonly type: 'integer' | 'number' }
          ? number
          : S extends { readonly type: 'boolean' }
            ? boolean
            : S extends { readonly type: 'array'; readonly items: infer I }
              ? readonly Infer<I>[]
              : S extends ObjectSchema
                ? { readonly [K in Present<S>]: Infer<S['properties'][K]> } & {
                    readonly [K in Exclude<keyof S['properties'], Present<S>>]?: Infer<S['properties'][K]>;
                  }
                : S extends { readonly type: 'object'; readonly additionalProperties: infer V }
                  ? Readonly<Record<string, Infer<V>>>
                  : Plain;
