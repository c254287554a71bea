import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { changesOf, LabOfHosts, whyNoLab } from './lab-of-hosts.ts';
import { commandCases } from './modules/command-cases.ts';
import { accountOf, type Case, type Cycle, cycle, type Login, Site } from './modules/cycle.ts';
import { fileContentCases } from './modules/file-content-cases.ts';
import { serviceCases } from './modules/service-cases.ts';

const reason = whyNoLab();
const lab = new LabOfHosts('t-modules', 2);
const [, second] = lab.hosts;
const site = new Site();
const because = reason === undefined ? '' : ` (skipped: ${reason})`;

const ROOT: Login = { name: 'as root', words: [] };
const OPS: Login = { name: 'as one who becomes root without a password', words: ['-e', 'ansible_user=ops'] };
const PAT: Login = {
  name: 'as one who becomes root with a password',
  words: [
    '-e',
    `@${site.write('pat.json', JSON.stringify({ ansible_user: 'pat', ansible_become_password: 'lab-password' }))}`,
  ],
};

describe.skipIf(reason !== undefined)(`modules on real hosts${because}`, () => {
  beforeAll(async () => {
    site.write(
      'large',
      Buffer.alloc(5 * 1024 * 1024, Buffer.from(Array.from({ length: 251 }, (_, byte) => byte))),
    );
    site.write('bytes', Buffer.from(Array.from({ length: 256 }, (_, byte) => byte)));
    site.write(
      'file.j2',
      'host {{ inventory_hostname }} on {{ ansible_distribution }}\n{% for one in members %}\n- {{ one }}\n{% endfor %}\n',
    );
    await lab.fresh();
    // sudo leaves this mark in the home directories of those who use it for the first time.
    const marks = 'touch /home/ops/.sudo_as_admin_successful /home/pat/.sudo_as_admin_successful';
    await Promise.all(lab.hosts.map(one => lab.on(one, marks)));
    await lab.on(second, 'mkdir /srv/from && seq 1 100000 >/srv/from/file && chmod 600 /srv/from/file');
  });
  afterAll(async () => {
    site.remove();
    await lab.gone();
  });

  function holds(name: string, cases: readonly Case[], login: Login, words: readonly string[] = []): void {
    describe(`${name}, ${login.name}`, () => {
      let seen: Cycle;
      beforeAll(async () => {
        seen = await cycle(lab, site, cases, [...login.words, ...words]);
      });

      test.each(cases)('$name', one => {
        expect(accountOf(seen, one)).toEqual(one.told);
        if (one.after !== undefined) expect(seen.found.get(one.name)).toBe(one.after[1]);
      });

      test('the checks touch nothing', () => {
        expect(seen.touched).toEqual([]);
      });

      test('what is done is what was announced, field for field', () => {
        const failed = new Set(
          seen.done.results.filter(({ failure }) => failure).map(({ task }) => task.name),
        );
        const doubted = new Set(
          seen.announced.results.filter(({ doubts }) => doubts.length > 0).map(({ task }) => task.name),
        );
        const announced = changesOf(seen.announced).filter(({ task }) => !failed.has(task));
        expect(changesOf(seen.done).filter(({ task }) => !doubted.has(task))).toEqual(announced);
        expect(announced.length).toBeGreaterThan(0);
      });
    });
  }

  holds('file-content', fileContentCases(second), ROOT);
  holds('file-content', fileContentCases(second), OPS, ['--diff']);
  holds('file-content', fileContentCases(second), PAT);
  holds('command and shell', commandCases, ROOT);
  holds('command and shell', commandCases, PAT);
  holds('service', serviceCases, ROOT);
  holds('service', serviceCases, OPS);
});
