import { describe, expect, test } from 'vitest';
import type { Diagnostic } from '../../engine/source/diagnostic.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';
import type { SourceText, Span } from '../../engine/source/span.ts';

function textOf(text: string, name = 'site.yml'): SourceText {
  return { name, text };
}

/** The place of a stretch of a text. */
function placeIn(source: SourceText, part: string): Span {
  const start = source.text.indexOf(part);
  return { source, start, end: start + part.length };
}

function drawn(text: string, part: string): string {
  const error: Diagnostic = {
    code: 'x',
    severity: 'error',
    message: 'wrong',
    span: placeIn(textOf(text), part),
  };
  return `\n${renderDiagnostics([error], { color: false })}`;
}

test('nothing is drawn for nothing', () => expect(renderDiagnostics([], { color: false })).toBe(''));

describe('the line', () => {
  test('with tabs before and within the place', () =>
    expect(drawn('a:\n\tb\tc: d\n', 'b\tc')).toMatchInlineSnapshot(`
    "
    error: wrong
     --> site.yml:2:2
      |
    2 |     b    c: d
      |     ^^^^^^

    1 error
    "
  `));
  test('with wide characters, marks that take no room, and emoji', () =>
    expect(drawn('a: 漢字 e\u0301 😀 here\n', 'here')).toMatchInlineSnapshot(`
      "
      error: wrong
       --> site.yml:1:13
        |
      1 | a: 漢字 é 😀 here
        |              ^^^^

      1 error
      "
    `));
  test('with a wide character as the place', () =>
    expect(drawn('a: 漢字\n', '字')).toMatchInlineSnapshot(`
    "
    error: wrong
     --> site.yml:1:5
      |
    1 | a: 漢字
      |      ^^

    1 error
    "
  `));
  test('that is long is cut around the place', () =>
    expect(drawn(`${'x'.repeat(150)}here${'y'.repeat(150)}`, 'here')).toMatchInlineSnapshot(`
      "
      error: wrong
       --> site.yml:1:151
        |
      1 | …xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxhereyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        |                                          ^^^^

      1 error
      "
    `));
  test('that is long, with the place at its beginning', () =>
    expect(drawn(`here${'y'.repeat(150)}`, 'here')).toMatchInlineSnapshot(`
      "
      error: wrong
       --> site.yml:1:1
        |
      1 | hereyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        | ^^^^

      1 error
      "
    `));
  test('that is long, with a place longer than what is drawn', () =>
    expect(drawn(`a ${'y'.repeat(250)} b`, 'y'.repeat(250))).toMatchInlineSnapshot(`
      "
      error: wrong
       --> site.yml:1:3
        |
      1 | a yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy…
        |   ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^

      1 error
      "
    `));
  test('of several: the first', () =>
    expect(drawn('a: |\n  b\n  c\n', '|\n  b\n  c')).toMatchInlineSnapshot(`
    "
    error: wrong
     --> site.yml:1:4
      |
    1 | a: |
      |    ^

    1 error
    "
  `));
  test('with control characters shows signs for them', () =>
    expect(drawn('a: \u001b[31mred\u0007\u202e here\r\nb', 'here')).toMatchInlineSnapshot(`
      "
      error: wrong
       --> site.yml:1:15
        |
      1 | a: ·[31mred·· here
        |               ^^^^

      1 error
      "
    `));
  test('with half of a surrogate pair', () =>
    expect(drawn('a: \ud800 here', 'here')).toMatchInlineSnapshot(`
    "
    error: wrong
     --> site.yml:1:6
      |
    1 | a: · here
      |      ^^^^

    1 error
    "
  `));
  test('that ends before the place', () => {
    const source = textOf('a: b\n');
    const error: Diagnostic = {
      code: 'x',
      severity: 'error',
      message: 'wrong',
      span: { source, start: 5, end: 5 },
    };
    expect(`\n${renderDiagnostics([error], { color: false })}`).toMatchInlineSnapshot(`
      "
      error: wrong
       --> site.yml:2:1
        |
      2 |
        | ^

      1 error
      "
    `);
  });
});

test('messages and names keep control characters from the terminal', () => {
  const error: Diagnostic = {
    code: 'x',
    severity: 'error',
    message: 'no \u001b[2J\n',
    hint: '\u0007',
    span: placeIn(textOf('a', '\u001b]0;x'), 'a'),
  };
  expect(`\n${renderDiagnostics([error], { color: false })}`).toMatchInlineSnapshot(`
    "
    error: no ·[2J⏎
     --> ·]0;x:1:1
      |
    1 | a
      | ^
      help: ·

    1 error
    "
  `);
});

test('all of it: notes with places, hints, order, repeats, the count', () => {
  const site = textOf('a: 1\nb: 2\na: 3\n');
  const vars = textOf('x: y\n', 'group_vars/all.yml');
  const twice: Diagnostic = {
    code: 'twice',
    severity: 'error',
    message: 'the key “a” stands here a second time',
    span: { source: site, start: 10, end: 11 },
    notes: [
      { message: 'it stands here first', span: { source: site, start: 0, end: 1 } },
      { message: 'and so on' },
    ],
    hint: 'remove one of them',
  };
  const warning: Diagnostic = { code: 'w', severity: 'warning', message: 'odd', span: placeIn(site, 'b') };
  const elsewhere: Diagnostic = { code: 'e', severity: 'error', message: 'bad', span: placeIn(vars, 'y') };
  const nowhere: Diagnostic = { code: 'n', severity: 'error', message: 'there is no file site.yml' };
  const shown = renderDiagnostics([twice, warning, { ...twice }, elsewhere, nowhere], { color: false });
  expect(`\n${shown}`).toMatchInlineSnapshot(`
    "
    error: there is no file site.yml

    error: bad
     --> group_vars/all.yml:1:4
      |
    1 | x: y
      |    ^

    warning: odd
     --> site.yml:2:1
      |
    2 | b: 2
      | ^

    error: the key “a” stands here a second time
     --> site.yml:3:1
      |
    3 | a: 3
      | ^
      note: it stands here first
     --> site.yml:1:1
      |
    1 | a: 1
      | ^
      note: and so on
      help: remove one of them

    3 errors, 1 warning
    "
  `);
});

test('colours are ANSI escapes, and come off again', () => {
  const error: Diagnostic = {
    code: 'x',
    severity: 'error',
    message: 'wrong',
    span: placeIn(textOf('a: b\n'), 'b'),
  };
  const colored = renderDiagnostics([error], { color: true });
  expect(colored).toContain('\u001b[1;31merror:\u001b[0m');
  expect(colored.replace(/\u001b\[[0-9;]*m/g, '')).toBe(renderDiagnostics([error], { color: false }));
});
