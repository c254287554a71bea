import type { YAMLError } from 'yaml';
import { endOfLine, type SourceText, type Span, startOfLine } from './span.ts';
import type { SyntaxMistake } from './syntax-mistake.ts';
import { badIndent, nestedMapping, noColon, unclosedBracket } from './yaml-layout.ts';
import { quoted, restOfLine, restSpan, valueOfLine } from './yaml-lines.ts';

/** Says in plain words what the parser stumbled over, where, and what to do about it. */
export function explainSyntax(source: SourceText, error: YAMLError): SyntaxMistake {
  const at = error.pos[0];
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return {
        code: 'yaml-tab',
        message: 'a tab is used to indent; YAML takes only spaces',
        span: { source, start: at, end: at + (/^\t+/.exec(source.text.slice(at))?.[0].length ?? 1) },
        hint: 'replace the tab by spaces, and let your editor do so for .yml files',
      };
    case 'BAD_SCALAR_START':
      return badStart(source, at);
    case 'BAD_DQ_ESCAPE':
      return badEscape(source, at);
    case 'BLOCK_AS_IMPLICIT_KEY':
      return error.message.startsWith('A block sequence') ? badIndent(source, at) : nestedMapping(source, at);
    case 'BAD_INDENT':
      return error.message.startsWith('Flow') ? unclosedBracket(source, at) : badIndent(source, at);
    case 'MISSING_CHAR':
      return missingCharacter(source, at, error.message);
    case 'MULTILINE_IMPLICIT_KEY':
      return noColon(source, at);
    case 'UNEXPECTED_TOKEN':
      return unexpected(source, at, error.message);
    case 'BAD_ALIAS':
      return {
        code: 'yaml-bad-anchor',
        message: `“${source.text[at] ?? '*'}” must be followed by a name`,
        span: { source, start: at, end: at + 1 },
        hint: 'if it is meant as text, put the value in quotes',
      };
    case 'RESOURCE_EXHAUSTION':
      return {
        ...plainly(source, error),
        code: 'yaml-too-deep',
        message: 'this is nested too deeply',
        runsOn: true,
      };
    default:
      return plainly(source, error);
  }
}

/** The parser's own words, for what is too rare to have ours. */
function plainly(source: SourceText, error: YAMLError): SyntaxMistake {
  const [start, end] = error.pos;
  const message = error.message.charAt(0).toLowerCase() + error.message.slice(1);
  return {
    code: 'yaml-syntax',
    message,
    span: { source, start, end: Math.min(end, endOfLine(source, start)) },
  };
}

function badStart(source: SourceText, at: number): SyntaxMistake {
  const character = source.text[at] ?? '';
  return {
    code: 'yaml-bad-start',
    message: `a value cannot begin with “${character}” unless it is quoted`,
    span: { source, start: at, end: at + 1 },
    hint: `write ${quoted(restOfLine(source, at))}`,
  };
}

function badEscape(source: SourceText, at: number): SyntaxMistake {
  const written = source.text.slice(at, at + 2);
  return {
    code: 'yaml-bad-escape',
    message: `“${written}” is no escape in double quotes`,
    span: { source, start: at, end: at + 2 },
    hint: `write “\\${written}”, or use single quotes, in which a backslash stands for itself`,
  };
}

function missingCharacter(source: SourceText, at: number, message: string): SyntaxMistake {
  if (message.startsWith('Missing closing'))
    return unclosedQuote(source, at, message.includes("'") ? "'" : '"');
  if (message.startsWith('Implicit map keys')) return noColon(source, at);
  if (/must end with a [\]}]/.test(message)) return unclosedBracket(source, at);
  const span = { source, start: at, end: Math.min(at + 1, source.text.length) };
  if (message.startsWith('Comments must'))
    return { code: 'yaml-comment', message: 'a comment needs a space before its “#”', span };
  if (message.startsWith('Missing ,') || message.startsWith('Missing space'))
    return {
      code: 'yaml-missing-comma',
      message: 'a comma is missing before this',
      span: restSpan(source, at),
      hint: 'separate the items by “, ”; if all of it is one text, put it in quotes',
    };
  if (message.startsWith('Sequence item without')) return badIndent(source, at);
  return { code: 'yaml-syntax', message: message.charAt(0).toLowerCase() + message.slice(1), span };
}

/** The parser tells where the text ends; the quote that opened is the last one before it that a value begins with. */
function unclosedQuote(source: SourceText, at: number, quote: string): SyntaxMistake {
  const openings = [...source.text.slice(0, at).matchAll(/(?<=(?:^|[\s[{,]))["']/g)].filter(
    match => match[0] === quote,
  );
  const start = openings.at(-1)?.index ?? 0;
  return {
    code: 'yaml-unclosed-quote',
    message: 'this quote is never closed',
    span: { source, start, end: start + 1 },
    hint: `close the text with ${quote}${quote === "'" ? " (an apostrophe within single quotes is written twice: '')" : ''}`,
  };
}

function unexpected(source: SourceText, at: number, message: string): SyntaxMistake {
  const span = restSpan(source, at);
  if (message.includes('block-seq-ind on same line'))
    return {
      code: 'yaml-list-on-key-line',
      message: 'a list cannot begin on the line of its key',
      span: { source, start: at, end: at + 1 },
      hint: 'put each “- item” on a line of its own below; if it is meant as text, put the value in quotes',
    };
  if (message.startsWith('Block scalar header'))
    return {
      code: 'yaml-block-header',
      message: 'behind “|” or “>” only an indentation digit and “+” or “-” may stand',
      span,
      hint: 'begin the text on the next line; if “|” or “>” is part of the text, put the value in quotes',
    };
  const before = source.text.slice(0, at).trimEnd();
  const last = before.at(-1) ?? '';
  const sameLine = before.length >= startOfLine(source, at);
  if (message.includes('at node end') && (last === '"' || last === "'"))
    return afterQuote(source, at, before);
  if (message.includes('at node end') && (last === ']' || last === '}'))
    return {
      code: 'yaml-text-after-bracket',
      message: `text follows the closing “${last}”`,
      span,
      hint: `if all of it is one text, quote it: ${quoted(valueOfLine(source, at))}`,
    };
  if (!sameLine || before === '') return badIndent(source, at);
  if (/flow-(?:map|seq)-end/.test(message))
    return {
      code: 'yaml-unopened-bracket',
      message: `this “${source.text[at]}” closes nothing`,
      span: { source, start: at, end: at + 1 },
      hint: 'if it is meant as text, put the value in quotes',
    };
  if (/Unexpected ,/.test(message))
    return {
      code: 'yaml-extra-comma',
      message: 'a comma without an item before it',
      span: { source, start: at, end: at + 1 },
    };
  return {
    code: 'yaml-syntax',
    message: 'YAML does not expect this here',
    span,
    hint: 'if it is part of a text, put the whole value in quotes',
  };
}

function afterQuote(source: SourceText, at: number, before: string): SyntaxMistake {
  const value = valueOfLine(source, at);
  const whole = /^["']/.test(value);
  // An apostrophe within single quotes: the text follows at once, and all of it ends with a quote again.
  const apostrophe = before.length === at && /^'.*'$/.test(value);
  const opening = openingLine(source, before);
  return {
    code: 'yaml-text-after-quote',
    message: 'text follows the closing quote: YAML takes the quoted part for the whole value',
    span: restSpan(source, at),
    ...(opening && {
      notes: [
        {
          message: 'the text in quotes begins on an earlier line, is its closing quote missing there?',
          span: opening,
        },
      ],
    }),
    ...(whole && !opening && { hint: `quote all of it: ${quoted(apostrophe ? value.slice(1, -1) : value)}` }),
  };
}

/** Where a quoted text that ends at the end of `before` begins, if that is on an earlier line. */
function openingLine(source: SourceText, before: string): Span | undefined {
  const quote = before.at(-1) ?? '';
  const start = startOfLine(source, before.length - 1);
  const line = before.slice(start, -1);
  if (new RegExp(`(?:^|[\\s\\[{,])${quote}`).test(line) || line.split(quote).length % 2 === 0)
    return undefined;
  const openings = [...source.text.slice(0, start).matchAll(new RegExp(`(?<=[\\s\\[{,])${quote}`, 'g'))];
  const opening = openings.at(-1)?.index;
  return opening === undefined ? undefined : { source, start: opening, end: opening + 1 };
}
