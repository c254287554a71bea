import { chownSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventsOf, makeFolder, ofType, playCli } from '../cli/play.ts';
import { noSshd, type Sshd, startSshd } from '../transport/sshd.ts';
import { makeUser, noSudo, type User } from '../transport/users.ts';
import { localHosts } from './local.ts';

const why = noSshd ?? noSudo;
const PASSWORD = 'sesame-street';

describe.skipIf(why !== undefined)(`becoming another user${why === undefined ? '' : `: ${why}`}`, () => {
  let sshd: Sshd;
  const users: User[] = [];
  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  afterEach(() => {
    for (const user of users.splice(0)) user.remove();
  });

  function made(options: Parameters<typeof makeUser>[0]): User {
    const user = makeUser(options);
    users.push(user);
    return user;
  }

  test.each([
    ['without', undefined],
    ['with', PASSWORD],
  ])('%s a password: that user’s files are seen, and made', async (_word, password) => {
    const admin = made({
      ...(password !== undefined && { password }),
      sudoers: [`USER ALL=(ALL) ${password === undefined ? 'NOPASSWD: ' : ''}ALL`],
    });
    const app = made({ files: { secret: 'of the application\n' } });
    const secret = join(app.home, 'secret');
    const played = await playCli(['site.yml', '-i', 'hosts.yml', '--report', 'json'], {
      files: {
        'hosts.yml': `all:
  vars:
    ansible_host: 127.0.0.1
    ansible_port: ${sshd.port}
    ansible_user: ${admin.name}
    ansible_ssh_private_key_file: ${sshd.userKey}
    ansible_ssh_known_hosts_file: ${sshd.knownHostsFile}
${password === undefined ? '' : `    ansible_become_password: ${password}\n`}  hosts: { web1: }
`,
        'site.yml': `- hosts: all
  become_user: ${app.name}
  tasks:
    - command: cat ${secret}
      become: true
      register: seen
    - file-content: { path: ${app.home}/made, content: "{{ seen.stdout }}" }
      become: true
    - command: id -un
      register: me
    - command: id -un
      become: true
      become_user: root
      register: root
    - debug: { msg: "{{ me.stdout }} {{ root.stdout }}" }
`,
      },
    });
    expect({ code: played.code, out: played.stderr.includes(PASSWORD) }).toEqual({ code: 0, out: false });
    expect(played.stdout).not.toContain(PASSWORD);
    const events = eventsOf(played);
    expect(ofType(events, 'result').at(-1)?.message).toBe(`${admin.name} root`);
    expect(readFileSync(join(app.home, 'made'), 'utf8')).toBe('of the application');
    expect(statSync(join(app.home, 'made')).uid).toBe(statSync(app.home).uid);
    // One connection serves all three users.
    expect(ofType(events, 'connected')).toHaveLength(1);
  });

  test('what one user may see is not taken for what another may', async () => {
    const app = made({});
    const folder = makeFolder();
    writeFileSync(join(folder, 'mine'), 'x');
    chownSync(folder, 0, 0); // only root may look into it
    const played = await playCli(['site.yml', '-i', 'hosts'], {
      files: {
        hosts: localHosts('alpha'),
        'site.yml': `- hosts: all
  tasks:
    - command: "true"
      args: { unless: "test -e ${folder}/mine" }
    - shell: "true"
      args: { unless: "! test -e ${folder}/mine" }
      become: true
      become_user: ${app.name}
`,
      },
    });
    expect({ code: played.code, stderr: played.stderr }).toEqual({ code: 0, stderr: '' });
    expect(played.stdout.match(/^(ok|changed): .*$/gm)).toEqual(['ok: [alpha]', 'ok: [alpha]']);
  });
});
