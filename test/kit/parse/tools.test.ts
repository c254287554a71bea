import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import {
  parseAccounts,
  parseAptSimulation,
  parseDpkgLine,
  parseSections,
  parseStat,
  parseUnits,
} from '../../../engine/kit/index.ts';

const captured = (name: string): string => readFileSync(join(import.meta.dirname, 'fixtures', name), 'utf8');
const lines = (name: string): readonly string[] => captured(name).trimEnd().split('\n');

describe('dpkg-query', () => {
  test('every line of a real database is read', () => {
    const rows = lines('dpkg-query-1.21.23.txt').map(parseDpkgLine);
    expect(
      rows.map(({ name, version, architecture, state }) => [name, version, architecture, state]),
    ).toEqual([
      ['cowsay', '3.03+dfsg2-8', 'all', 'unpacked'],
      ['curl', '7.88.1-10+deb12u5', 'amd64', 'installed'],
      ['dpkg', '1.21.23', 'amd64', 'installed'],
      ['libcurl4', '7.88.1-10+deb12u5', 'amd64', 'installed'],
      ['mawk', '1.3.4.20200120-3.1', 'amd64', 'installed'],
      ['nano', '7.2-1+deb12u1', 'amd64', 'configuration files'],
      ['perl-base', '5.36.0-7+deb12u4', 'amd64', 'installed'],
      ['systemd', '252.39-1~deb12u2', 'amd64', 'installed'],
    ]);
    expect(rows[4]?.provides).toEqual(['awk']);
    expect(rows[6]?.provides.slice(0, 2)).toEqual(['libfile-path-perl', 'libfile-temp-perl']);
  });

  test.each(['', 'dpkg-query: no packages found matching x', 'ii \tcurl', 'zz \tcurl=1\tamd64\t'])(
    'not a line: %j',
    line => {
      expect(() => parseDpkgLine(line)).toThrow(`not a line of dpkg-query's: ${JSON.stringify(line)}`);
    },
  );
});

describe('apt-get --simulate', () => {
  test('what would be installed and removed', () => {
    expect(parseAptSimulation(lines('apt-get-2.6.1-upgrade.txt'))).toEqual({
      installs: [
        { name: 'curl', version: '7.88.1-10+deb12u15' },
        { name: 'libcurl4', version: '7.88.1-10+deb12u15' },
      ],
      removes: [],
      errors: [],
      explanation: [],
    });
    expect(parseAptSimulation(lines('apt-get-2.6.1-remove.txt'))).toMatchObject({
      installs: [],
      removes: [
        { name: 'cowsay', version: '3.03+dfsg2-8' },
        { name: 'libtext-charwidth-perl', version: '0.04-11' },
      ],
    });
  });

  test('why it cannot be, with what explains it', () => {
    expect(parseAptSimulation(lines('apt-get-2.6.1-unmet.txt'))).toEqual({
      installs: [],
      removes: [],
      errors: ['Unable to correct problems, you have held broken packages.'],
      explanation: [
        'The following packages have unmet dependencies:',
        ' curl : Depends: libcurl4 (= 7.88.1-10+deb12u5) but 7.88.1-10+deb12u15 is to be installed',
      ],
    });
  });
});

test('systemctl show: units in the order in which they were asked, parted by empty lines', () => {
  const units = parseUnits(captured('systemctl-252.txt'));
  expect(
    units.map(unit => [unit.get('Id'), unit.get('LoadState'), unit.get('Type'), unit.get('Names')]),
  ).toEqual([
    ['ssh.service', 'loaded', 'notify', 'ssh.service sshd.service'],
    ['ssh.service', 'loaded', 'notify', 'ssh.service sshd.service'],
    ['nosuch.service', 'not-found', '', 'nosuch.service'],
    ['apt-daily.timer', 'loaded', undefined, 'apt-daily.timer'],
  ]);
});

describe('stat', () => {
  test.each([
    ['89e8 6 1795477231 0 42 root shadow', 'file', '4750', 'root'],
    ['41ed 4096 1795477231 998 0 UNKNOWN root', 'directory', '0755', '998'],
    ['21b6 0 1795305295 0 0 root root', 'other', '0666', 'root'],
  ])('%s', (line, type, mode, owner) => {
    expect(parseStat(line)).toMatchObject({ type, mode, owner });
  });

  test('not a line', () => {
    expect(() => parseStat("stat: can't stat 'x'")).toThrow("not a line of stat's: \"stat: can't stat 'x'\"");
  });
});

test('accounts: names and numbers; what is no line of passwd(5) is passed over', () => {
  const passwd = ['root:x:0:0:root:/root:/bin/bash', '+::::::', '', 'daemon:x:1:1::/:/bin/false'];
  expect([...parseAccounts(passwd)]).toEqual([
    ['root', 0],
    ['daemon', 1],
  ]);
});

test('sections: a name, words, and the lines up to the next', () => {
  expect(parseSections('noise\n@@ stat 0 2\na\nb c\n\n@@ lists 12\n@@ end')).toEqual([
    { name: 'stat', words: ['0', '2'], lines: ['a', 'b c'] },
    { name: 'lists', words: ['12'], lines: [] },
    { name: 'end', words: [], lines: [] },
  ]);
});
