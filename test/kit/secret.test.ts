import { inspect } from 'node:util';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MASK, redact, Secret } from '../../engine/kit/secret.ts';

test('a secret prints, serialises and inspects as asterisks', () => {
  const secret = new Secret('correct horse');
  expect([String(secret), `${secret}`, JSON.stringify({ secret }), inspect({ secret })]).toEqual([
    MASK,
    MASK,
    `{"secret":"${MASK}"}`,
    `{ secret: ${MASK} }`,
  ]);
  expect(secret.reveal()).toBe('correct horse');
});

test('whatever text holds a given secret, redacted it does not', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 4, maxLength: 40 }),
      fc.string(),
      fc.string(),
      (text, before, behind) => {
        const secret = new Secret(text);
        expect(redact(before + secret.reveal() + behind).includes(text)).toBe(
          MASK.includes(text) || (before + MASK + behind).includes(text),
        );
      },
    ),
    { numRuns: 200 },
  );
});

test('a secret in JSON, in a URL, and in the values of lists, maps and records is redacted too', () => {
  new Secret({ list: ['pass"word in json'], map: new Map([['key', 'pass word in url']]) }).reveal();
  expect(redact(JSON.stringify({ a: 'pass"word in json' }))).toBe(`{"a":"${MASK}"}`);
  expect(redact(`amqp://user:${encodeURIComponent('pass word in url')}@host`)).toBe(
    `amqp://user:${MASK}@host`,
  );
});

test('each line of a given secret is redacted; the ordinary lines of a file that a secret went into are not', () => {
  const key = new Secret('-----BEGIN KEY-----\nline of a private key\n-----END KEY-----');
  expect(redact('it says line of a private key')).toBe(`it says ${MASK}`);
  key.map(text => `[an ordinary section]\nkey = ${text}\n`).reveal();
  expect(redact('[an ordinary section]')).toBe('[an ordinary section]');
});

test('a word chosen by a secret does not blot out that word everywhere', () => {
  new Secret('some password').map(() => 'production').reveal();
  expect(redact('in production')).toBe('in production');
  const encoded = new Secret('some password').map(text => Buffer.from(text).toString('base64'));
  expect(redact(`printed: ${encoded.reveal()}`)).toBe(`printed: ${MASK}`);
});
