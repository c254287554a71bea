/** What a scalar's text stands for. */
export interface ScalarValue {
  readonly value: string | number | bigint | boolean | null;
  readonly float: boolean;
}

const booleans: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['no', false],
  ['true', true],
  ['false', false],
  ['on', true],
  ['off', false],
]);

// The four patterns of PyYAML 6's resolver.py, in its order of trial.
const booleanPattern = /^(?:yes|Yes|YES|no|No|NO|true|True|TRUE|false|False|FALSE|on|On|ON|off|Off|OFF)$/;
const floatPattern =
  /^(?:[-+]?[0-9][0-9_]*\.[0-9_]*(?:[eE][-+][0-9]+)?|\.[0-9][0-9_]*(?:[eE][-+][0-9]+)?|[-+]?[0-9][0-9_]*(?::[0-5]?[0-9])+\.[0-9_]*|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/;
const intPattern =
  /^(?:[-+]?0b[01_]+|[-+]?0[0-7_]+|[-+]?(?:0|[1-9][0-9_]*)|[-+]?0x[0-9a-fA-F_]+|[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+)$/;
const nullPattern = /^(?:~|null|Null|NULL|)$/;

/**
 * Reads an unquoted scalar as PyYAML's SafeLoader does (YAML 1.1), by which Ansible reads: `yes` is true, `0644` is 420, `1:30` is 90,
 * `1e3` is a string. Dates stay strings, where PyYAML makes a date: in playbooks they are only ever printed, and so they print as written.
 */
export function readPlainScalar(text: string): ScalarValue {
  if (booleanPattern.test(text)) return { value: booleans.get(text.toLowerCase()) ?? false, float: false };
  if (floatPattern.test(text)) return { value: readFloat(text), float: true };
  if (intPattern.test(text)) return { value: readInt(text) ?? text, float: false };
  if (nullPattern.test(text)) return { value: null, float: false };
  return { value: text, float: false };
}

/** Reads a scalar with an explicit tag of YAML's own (`str`, `int`, `float`, `bool`, `null`); none where the text does not fit the tag. */
export function readTaggedScalar(text: string, tag: string): ScalarValue | undefined {
  switch (tag) {
    case 'str':
    case 'timestamp':
      return { value: text, float: false };
    case 'null':
      return { value: null, float: false };
    case 'bool': {
      const value = booleans.get(text.toLowerCase());
      return value === undefined ? undefined : { value, float: false };
    }
    case 'int': {
      const value = readInt(text);
      return value === undefined ? undefined : { value, float: false };
    }
    case 'float': {
      const fits = floatPattern.test(text) || /^[-+]?[0-9][0-9_]*(?:[eE][-+]?[0-9]+)?$/.test(text);
      return fits ? { value: readFloat(text), float: true } : undefined;
    }
    default:
      return undefined;
  }
}

function readInt(text: string): number | bigint | undefined {
  const digits = text.replaceAll('_', '').replace(/^[-+]/, '');
  const magnitude = readMagnitude(digits);
  if (magnitude === undefined) return undefined;
  const value = text.startsWith('-') ? -magnitude : magnitude;
  const small = Number(value);
  return Number.isSafeInteger(small) ? small : value;
}

function readMagnitude(digits: string): bigint | undefined {
  if (/^0b[01]+$/.test(digits) || /^0x[0-9a-fA-F]+$/.test(digits)) return BigInt(digits);
  if (/^0[0-7]+$/.test(digits)) return BigInt(`0o${digits.slice(1)}`);
  if (/^[0-9]+(?::[0-9]+)+$/.test(digits))
    return digits.split(':').reduce((sum, part) => sum * 60n + BigInt(part), 0n);
  return /^[0-9]+$/.test(digits) ? BigInt(digits) : undefined;
}

function readFloat(text: string): number {
  const digits = text.replaceAll('_', '').toLowerCase().replace(/^[-+]/, '');
  const sign = text.startsWith('-') ? -1 : 1;
  if (digits === '.inf') return sign * Number.POSITIVE_INFINITY;
  if (digits === '.nan') return Number.NaN;
  return sign * digits.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}
