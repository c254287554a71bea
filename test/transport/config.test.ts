import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { type Given, hostConfig } from '../../engine/transport/ssh/config.ts';

const folder = mkdtempSync(join(tmpdir(), 'play-config-'));
afterAll(() => rmSync(folder, { recursive: true }));

let files = 0;
function write(text: string): string {
  const file = join(folder, `config${files++}`);
  writeFileSync(file, text);
  return file;
}

const config = (text: string, alias: string, given: Given = {}) => hostConfig(alias, write(text), given);

test('no file, or an empty one, says nothing but the name', async () => {
  const nothing = { hostName: 'web', identityFiles: [], identitiesOnly: false };
  expect(await hostConfig('web', false, {})).toEqual(nothing);
  expect(await hostConfig('web', join(folder, 'missing'), {})).toEqual(nothing);
  expect(await config('', 'web')).toEqual(nothing);
});

const TEXT = `
# comment
Port=2200
Host web web-* !web-bad  # a comment
  HostName "%h.example.org"
  User deploy
  IdentityFile ~/.ssh/%r_%h
  IdentityFile "/keys/with blank/%n"
  IdentitiesOnly yes
Host w??
  User second
  ConnectTimeout 1m
  ServerAliveInterval 7
  StrictHostKeyChecking accept-new
Host jumped
  ProxyJump me@bastion:2022,inner
  UserKnownHostsFile /a/%u "/b c" /d
Host direct
  ProxyJump none
Host *
  ProxyJump fallback
  User last
`;

describe('what a file says', () => {
  test('several blocks add up, the first value counts', async () => {
    expect(await config(TEXT, 'web')).toEqual({
      hostName: 'web.example.org',
      user: 'deploy',
      port: 2200,
      identityFiles: [`${homedir()}/.ssh/deploy_web.example.org`, '/keys/with blank/web'],
      identitiesOnly: true,
      proxyJump: 'fallback',
      connectTimeoutSeconds: 60,
      keepaliveSeconds: 7,
      hostKeyChecking: 'accept-new',
    });
  });
  test('a negated pattern excludes', async () => {
    expect(await config(TEXT, 'web-bad')).toMatchObject({ hostName: 'web-bad', user: 'last' });
    expect(await config(TEXT, 'web-good')).toMatchObject({
      hostName: 'web-good.example.org',
      user: 'deploy',
    });
  });
  test('jumps, and files in quotes', async () => {
    expect(await config(TEXT, 'jumped')).toMatchObject({
      proxyJump: 'me@bastion:2022,inner',
      userKnownHostsFiles: [`/a/${userInfo().username}`, '/b c', '/d'],
    });
    expect(await config(TEXT, 'direct')).not.toHaveProperty('proxyJump');
  });
  test('what the user gave counts first', async () => {
    expect(await config(TEXT, 'web', { user: 'me', port: 1 })).toMatchObject({ user: 'me', port: 1 });
    const given = {
      arguments: ['-oProxyJump=x', '-o', 'User = y', '-p', '5', '-C', '-i/key', '-L', '1:a:2'],
    };
    expect(await config(TEXT, 'web', given)).toMatchObject({
      proxyJump: 'x',
      user: 'y',
      port: 5,
      identityFiles: ['/key', `${homedir()}/.ssh/y_web.example.org`, '/keys/with blank/web'],
    });
  });
  test('Include takes files in, within its block', async () => {
    const inner = join(folder, 'included1');
    writeFileSync(inner, 'User inner\nHost other\n  Port 3\n');
    const text = `Host web\n  Include ${inner}\nHost *\n  Port 9\n`;
    expect(await config(text, 'web')).toMatchObject({ user: 'inner', port: 9 });
    expect(await config(text, 'other')).not.toHaveProperty('user');
    expect(await config(text, 'other')).toMatchObject({ port: 9 });
    expect(await config(`Include ${inner.slice(0, -1)}?\n`, 'web')).toMatchObject({ user: 'inner' });
  });
  test('Match is left to ssh itself', async () => {
    const text =
      'Match originalhost web exec "true"\n  User matched\n  Port 7\nHost *\n  HostName elsewhere\n';
    expect(await config(text, 'web')).toMatchObject({ hostName: 'elsewhere', user: 'matched', port: 7 });
    expect(await config(text, 'db', { user: 'me' })).toMatchObject({
      hostName: 'elsewhere',
      user: 'me',
      port: 22,
    });
  });
});

test.each(['web', 'web-good', 'web-bad', 'wxy', 'jumped', 'direct', 'db'])(
  'ssh -G says the same of %s',
  async alias => {
    const file = write(TEXT);
    const lines = execFileSync('ssh', ['-F', file, '-G', alias], { stdio: 'pipe' }).toString().split('\n');
    const said = (keyword: string): string | undefined =>
      lines.find(line => line.startsWith(`${keyword} `))?.slice(keyword.length + 1);
    const ours = await hostConfig(alias, file, {});
    expect({
      hostname: ours.hostName,
      user: ours.user,
      port: String(ours.port),
      proxyjump: ours.proxyJump,
      connecttimeout: String(ours.connectTimeoutSeconds ?? 'none'),
      serveraliveinterval: String(ours.keepaliveSeconds ?? 0),
    }).toEqual({
      hostname: said('hostname'),
      user: said('user'),
      port: said('port'),
      proxyjump: said('proxyjump'),
      connecttimeout: said('connecttimeout'),
      serveraliveinterval: said('serveraliveinterval'),
    });
  },
);
