import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { TransportError } from '../../engine/transport/index.ts';
import { hostKeyAlgorithms, judgeHostKey } from '../../engine/transport/ssh/host-key.ts';
import {
  fingerprint,
  KnownHosts,
  keyType,
  knownHostName,
  parseKnownHosts,
} from '../../engine/transport/ssh/known-hosts.ts';
import { findKnownHosts, learnHostKey } from '../../engine/transport/ssh/known-hosts-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'play-known-'));
afterAll(() => rmSync(folder, { recursive: true }));

function publicKey(
  name: string,
  type: string,
): { readonly text: string; readonly key: Buffer; readonly file: string } {
  const file = join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', type, '-N', '', '-f', file]);
  const [kind, encoded] = readFileSync(`${file}.pub`, 'utf8').split(' ');
  return { text: `${kind} ${encoded}`, key: Buffer.from(encoded ?? '', 'base64'), file: `${file}.pub` };
}

const one = publicKey('one', 'ed25519');
const two = publicKey('two', 'ed25519');
const rsa = publicKey('three', 'rsa');

const known = (text: string): KnownHosts => new KnownHosts(parseKnownHosts('known', text));
const linesFor = (text: string, name: string): readonly number[] =>
  known(text)
    .find(name)
    .map(entry => entry.line);

test('a fingerprint is what ssh-keygen shows', () => {
  for (const { key, file } of [one, rsa])
    expect(fingerprint(key)).toBe(execFileSync('ssh-keygen', ['-lf', file]).toString().split(' ')[1]);
  expect([keyType(one.key), keyType(rsa.key), keyType(Buffer.from('x'))]).toEqual([
    'ssh-ed25519',
    'ssh-rsa',
    '',
  ]);
});

test('a port other than 22 is part of the name', () => {
  expect([knownHostName('Web.Example', 22), knownHostName('10.0.0.1', 2222)]).toEqual([
    'web.example',
    '[10.0.0.1]:2222',
  ]);
});

describe('entries', () => {
  const text = [
    '# a comment',
    '',
    `plain,10.0.0.1 ${one.text} a comment`,
    `[plain]:2222\t${two.text}`,
    `*.example,!bad.example ${one.text}`,
    `web? ${rsa.text}`,
    `@revoked * ${two.text}`,
    `@cert-authority *.corp ${one.text}`,
    `@unknown plain ${one.text}`,
    'plain ssh-ed25519 not-a-key',
    'plain',
  ].join('\n');
  test.each([
    ['plain', [3, 7]],
    ['10.0.0.1', [3, 7]],
    ['[plain]:2222', [4, 7]],
    ['a.example', [5, 7]],
    ['a.b.example', [5, 7]],
    ['bad.example', [7]],
    ['web1', [6, 7]],
    ['web12', [7]],
    ['x.corp', [7, 8]],
    ['stranger', [7]],
  ])('for %s', (name, lines) => {
    expect(linesFor(text, name)).toEqual(lines);
  });
});

test('hashed names are found, as ssh-keygen hashes them', () => {
  const file = join(folder, 'hashed');
  writeFileSync(file, `web ${one.text}\n[web]:2222 ${two.text}\n`);
  execFileSync('ssh-keygen', ['-q', '-H', '-f', file], { stdio: 'ignore' });
  const text = readFileSync(file, 'utf8');
  expect(text).not.toContain('web');
  expect([linesFor(text, 'web'), linesFor(text, '[web]:2222'), linesFor(text, 'other')]).toEqual([
    [1],
    [2],
    [],
  ]);
});

test('algorithms of known keys are asked for first', () => {
  expect(hostKeyAlgorithms(known(`web ${rsa.text}`).find('web'))).toEqual([
    'rsa-sha2-512',
    'rsa-sha2-256',
    'ssh-rsa',
    'ssh-ed25519',
    'ecdsa-sha2-nistp256',
    'ecdsa-sha2-nistp384',
    'ecdsa-sha2-nistp521',
  ]);
});

function judge(text: string, key: Buffer, checking: 'strict' | 'accept-new' | 'off' = 'strict'): unknown {
  const verdict = judgeHostKey(
    { host: 'web1', knownName: 'web', checking, file: '/home/me/known', entries: known(text).find('web') },
    key,
  );
  const problem: TransportError | undefined =
    verdict.kind === 'refused' ? verdict.error : verdict.kind === 'unchecked' ? verdict.problem : undefined;
  if (problem === undefined) return verdict.kind;
  const { name, host, message, hint, details } = problem;
  return { kind: verdict.kind, name, host, message, hint, details };
}

describe('the verdict', () => {
  const changed = {
    name: 'HostKeyChanged',
    host: 'web1',
    message: 'web shows another key than the one known for it',
    hint: "If the host was reinstalled, remove the old key: ssh-keygen -f known -R 'web'. If not, somebody may sit in between: do not go on.",
    details: [
      `known at known:1: ssh-ed25519 ${fingerprint(one.key)}`,
      `shown by the host: ssh-ed25519 ${fingerprint(two.key)}`,
    ],
  };
  const unknown = {
    name: 'HostKeyUnknown',
    host: 'web1',
    message: 'the key of web is not known',
    hint: "Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there), then add it to /home/me/known by connecting once with ssh; or take first keys on trust: ansible_host_key_checking: accept-new.",
    details: [`shown by the host: ssh-ed25519 ${fingerprint(one.key)}`],
  };

  test('a known key is good, one of several too', () => {
    expect(judge(`web ${one.text}`, one.key)).toBe('known');
    expect(judge(`web ${two.text}\nweb ${rsa.text}\nweb ${one.text}`, one.key)).toBe('known');
  });
  test('an unknown key is refused, learnt, or let pass', () => {
    expect(judge('', one.key)).toEqual({ kind: 'refused', ...unknown });
    expect(judge('', one.key, 'accept-new')).toBe('new');
    expect(judge('', one.key, 'off')).toEqual({ kind: 'unchecked', ...unknown });
  });
  test('a changed key is refused unless nothing is checked', () => {
    expect(judge(`web ${one.text}`, two.key)).toEqual({ kind: 'refused', ...changed });
    expect(judge(`web ${one.text}`, two.key, 'accept-new')).toEqual({ kind: 'refused', ...changed });
    expect(judge(`web ${one.text}`, two.key, 'off')).toEqual({ kind: 'unchecked', ...changed });
  });
  test('a key of another type than the known one counts as changed', () => {
    expect(judge(`web ${rsa.text}`, one.key, 'accept-new')).toMatchObject({
      kind: 'refused',
      name: 'HostKeyChanged',
    });
  });
  test('a revoked key is refused whatever the setting', () => {
    for (const checking of ['strict', 'accept-new', 'off'] as const)
      expect(judge(`web ${one.text}\n@revoked * ${one.text}`, one.key, checking)).toEqual({
        kind: 'refused',
        name: 'HostKeyRevoked',
        host: 'web1',
        message: 'web shows a key that is revoked',
        hint: 'Do not connect: whoever has this key may not be the host. Give the host a new key (ssh-keygen -A there).',
        details: [`revoked at known:2: ssh-ed25519 ${fingerprint(one.key)}`],
      });
  });
  test('a certificate authority alone leads to OpenSSH', () => {
    expect(judge(`@cert-authority * ${two.text}`, one.key)).toEqual({
      kind: 'refused',
      name: 'HostKeyUnknown',
      host: 'web1',
      message: 'the key of web is vouched for by a certificate authority only',
      hint: 'Certificates are checked by OpenSSH itself: set ansible_connection: openssh for this host.',
      details: [`shown by the host: ssh-ed25519 ${fingerprint(one.key)}`, 'authority at known:1'],
    });
  });
});

describe('learning a key', () => {
  test('makes the folder and the file for the owner alone', async () => {
    const file = join(folder, 'new folder', 'known_hosts');
    await learnHostKey(file, 'web', one.key);
    expect(readFileSync(file, 'utf8')).toBe(`web ${one.text}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, 'new folder')).mode & 0o777).toBe(0o700);
  });
  test('adds to a file, which keeps its mode, once for each key', async () => {
    const file = join(folder, 'kept');
    writeFileSync(file, `other ${two.text}`);
    chmodSync(file, 0o644);
    await Promise.all([
      learnHostKey(file, 'web', one.key),
      learnHostKey(file, 'db', two.key),
      learnHostKey(file, 'web', one.key),
    ]);
    expect(readFileSync(file, 'utf8')).toBe(`other ${two.text}\nweb ${one.text}\ndb ${two.text}\n`);
    expect(statSync(file).mode & 0o777).toBe(0o644);
    const found = await findKnownHosts([file, join(folder, 'missing')], 'db');
    expect(found.map(entry => entry.line)).toEqual([3]);
  });
  test('a file that somebody else changed is read again', async () => {
    const file = join(folder, 'changing');
    writeFileSync(file, `web ${one.text}\n`);
    expect(await findKnownHosts([file], 'db')).toEqual([]);
    writeFileSync(file, `web ${one.text}\ndb ${one.text}\n`);
    expect((await findKnownHosts([file], 'db')).map(entry => entry.line)).toEqual([2]);
  });
});
