import { compareTexts } from '../compare.ts';
import { valueError } from '../error.ts';

const is = {
  eq: (order: number): boolean => order === 0,
  ne: (order: number): boolean => order !== 0,
  lt: (order: number): boolean => order < 0,
  le: (order: number): boolean => order <= 0,
  gt: (order: number): boolean => order > 0,
  ge: (order: number): boolean => order >= 0,
};

/** What each operator of the test `version` asks of an order. */
export const VERSION_OPERATORS = {
  ...is,
  '==': is.eq,
  '=': is.eq,
  '!=': is.ne,
  '<>': is.ne,
  '<': is.lt,
  '<=': is.le,
  '>': is.gt,
  '>=': is.ge,
} as const;

/** Whether a text is one of those operators. */
export function isVersionOperator(text: string): text is keyof typeof VERSION_OPERATORS {
  return Object.hasOwn(VERSION_OPERATORS, text);
}

/** The order of two versions: negative, zero or positive. Throws where they cannot be compared. */
export function compareVersions(a: string, b: string, type: string): number {
  switch (type) {
    case 'loose':
      return compareLoose(a, b);
    case 'strict':
      return compareParts(strictParts(a), strictParts(b));
    case 'semver':
    case 'semantic':
      return compareSemantic(a, b);
    default:
      throw valueError(
        `versions of the type “${type}” are not known`,
        'the types are loose, strict and semver',
      );
  }
}

type Part = number | string;

/** Python's LooseVersion: numbers and runs of letters, compared one by one. */
function looseParts(version: string): Part[] {
  return (version.match(/\d+|[a-z]+|[^\da-z.]+/g) ?? []).map(part =>
    /^\d+$/.test(part) ? Number(part) : part,
  );
}

function compareLoose(a: string, b: string): number {
  const [left, right] = [looseParts(a), looseParts(b)];
  for (const [index, part] of left.entries()) {
    const other = right[index];
    if (other === undefined) return 1;
    if (typeof part !== typeof other)
      throw valueError(
        'these versions cannot be compared: a number stands in one where letters stand in the other',
        'version_type="semver" compares releases with pre-releases',
      );
    const order = comparePart(part, other);
    if (order !== 0) return order;
  }
  return left.length - right.length;
}

function comparePart(a: Part, b: Part): number {
  return typeof a === 'number' && typeof b === 'number' ? a - b : compareTexts(String(a), String(b));
}

function compareParts(a: readonly number[], b: readonly number[]): number {
  return a.map((part, index) => part - (b[index] ?? 0)).find(order => order !== 0) ?? 0;
}

/** Python's StrictVersion: two or three numbers and perhaps `a` or `b` with a number. */
function strictParts(version: string): number[] {
  const match = /^(\d+)\.(\d+)(?:\.(\d+))?(?:([ab])(\d+))?$/.exec(version);
  if (match === null)
    throw valueError('this is no strict version', 'a strict version is like 1.2, 1.2.3 or 1.2a1');
  const [, major, minor, patch = 0, letter, number = 0] = match;
  return [
    Number(major),
    Number(minor),
    Number(patch),
    letter === undefined ? 2 : letter === 'b' ? 1 : 0,
    Number(number),
  ];
}

/** Semantic Versioning 2.0.0, section 11. */
function compareSemantic(a: string, b: string): number {
  const [left, right] = [semanticParts(a), semanticParts(b)];
  const order = compareParts(left.release, right.release);
  if (order !== 0) return order;
  if (left.pre.length === 0 || right.pre.length === 0) return right.pre.length - left.pre.length;
  for (const [index, part] of left.pre.entries()) {
    const other = right.pre[index];
    if (other === undefined) return 1;
    const isNumber = typeof part === 'number';
    const partOrder = isNumber === (typeof other === 'number') ? comparePart(part, other) : isNumber ? -1 : 1;
    if (partOrder !== 0) return partOrder;
  }
  return left.pre.length - right.pre.length;
}

function semanticParts(version: string): {
  readonly release: readonly number[];
  readonly pre: readonly Part[];
} {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
  if (match === null)
    throw valueError('this is no semantic version', 'a semantic version is like 1.2.3 or 1.2.3-rc.1');
  const [, major, minor, patch, pre] = match;
  return {
    release: [Number(major), Number(minor), Number(patch)],
    pre: pre === undefined ? [] : pre.split('.').map(part => (/^\d+$/.test(part) ? Number(part) : part)),
  };
}
