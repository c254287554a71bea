import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { eventually, withWord } from '../transport/processes.ts';
import { freePort, makeKey, noSshd, type Sshd, startSshd } from '../transport/sshd.ts';
import { makeUser, noSudo, type User, type UserOptions } from '../transport/users.ts';
import { makeFolder, type Played, type PlayOptions, playCli, startCli } from './play.ts';

const why = noSshd ?? noSudo;
const UPTIME = `- hosts: all
  tasks:
    - command: uptime
`;

describe.skipIf(why !== undefined)(`hosts that fail${why === undefined ? '' : `: ${why}`}`, () => {
  let sshd: Sshd;
  const users: User[] = [];
  const others: ChildProcess[] = [];
  const mounts: string[] = [];

  beforeAll(async () => {
    sshd = await startSshd();
  });
  afterAll(() => sshd.stop());
  afterEach(() => {
    for (const user of users.splice(0)) user.remove();
    for (const child of others.splice(0)) child.kill();
    for (const folder of mounts.splice(0)) execFileSync('umount', [folder]);
  });

  function user(options: UserOptions = {}): User {
    const made = makeUser(options);
    users.push(made);
    return made;
  }

  /** An inventory of one host, `web1`: the sshd of these tests, unless variables say otherwise. */
  function web1(variables: Readonly<Record<string, string | number>> = {}): string {
    const all = {
      ansible_host: '127.0.0.1',
      ansible_port: sshd.port,
      ansible_user: sshd.user,
      ansible_ssh_private_key_file: sshd.userKey,
      ansible_ssh_known_hosts_file: sshd.knownHostsFile,
      ...variables,
    };
    return `all:\n  hosts:\n    web1: ${JSON.stringify(all)}\n`;
  }

  /** Runs a playbook against `web1`; what differs from run to run is replaced by its name. */
  async function play(
    playbook: string,
    inventory = web1(),
    args: readonly string[] = [],
    options: PlayOptions = {},
  ): Promise<Played> {
    const played = await playCli(['site.yml', '-i', 'hosts.yml', ...args], {
      ...options,
      files: { 'site.yml': playbook, 'hosts.yml': inventory, ...options.files },
    });
    return { ...played, stdout: named(played.stdout), stderr: named(played.stderr) };
  }

  function named(text: string): string {
    const known = users.reduce((rest, { name }) => rest.replaceAll(name, 'USER'), text);
    return known
      .replaceAll(sshd.folder, '(sshd)')
      .replaceAll(String(sshd.port), 'PORT')
      .replaceAll(/SHA256:\S{43}/g, 'SHA256:FINGERPRINT');
  }

  describe('out of reach: exit code 4', () => {
    test('nobody listens there', async () => {
      const port = await freePort();
      const { code, stdout, stderr } = await play(UPTIME, web1({ ansible_port: port }));
      expect({ code, stderr }).toEqual({ code: 4, stderr: '' });
      expect(stdout.replaceAll(String(port), 'CLOSED')).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        unreachable: [web1] => Unreachable: 127.0.0.1:CLOSED refused the connection
            place: site.yml:3:7
            way out: Is sshd running there, on that port (ansible_port)?

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('the key is refused', async () => {
      const key = makeKey(makeFolder(), 'stranger');
      const { code, stdout } = await play(UPTIME, web1({ ansible_ssh_private_key_file: key }));
      expect(code).toBe(4);
      expect(stdout.replaceAll(key, '(key)')).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        unreachable: [web1] => AuthenticationRefused: 127.0.0.1:PORT does not let root in
            place: site.yml:3:7
            stderr:
              tried: key (key) (SHA256:FINGERPRINT)
              the host takes: publickey
            way out: Check the user (ansible_user), and that the user's ~/.ssh/authorized_keys on the host holds one of the keys; or name another key (ansible_ssh_private_key_file).

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('the host key is not known', async () => {
      const knownHosts = join(makeFolder({ known_hosts: '' }), 'known_hosts');
      const { code, stdout } = await play(UPTIME, web1({ ansible_ssh_known_hosts_file: knownHosts }));
      expect(code).toBe(4);
      expect(stdout.replaceAll(knownHosts, '(known_hosts)')).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        unreachable: [web1] => HostKeyUnknown: the key of [127.0.0.1]:PORT is not known
            place: site.yml:3:7
            stderr:
              shown by the host: ssh-ed25519 SHA256:FINGERPRINT
            way out: Compare the fingerprint with the host's own (ssh-keygen -lf /etc/ssh/ssh_host_*_key.pub there), then add it to (known_hosts) by connecting once with ssh; or take first keys on trust: ansible_host_key_checking: accept-new.

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('the host key is another than the known one: its line is named', async () => {
      const key = makeKey(makeFolder(), 'other');
      const line = `[127.0.0.1]:${sshd.port} ${readFileSync(`${key}.pub`, 'utf8')}`;
      const knownHosts = join(makeFolder({ known_hosts: `# mine\n${line}` }), 'known_hosts');
      const { code, stdout } = await play(UPTIME, web1({ ansible_ssh_known_hosts_file: knownHosts }));
      expect(code).toBe(4);
      expect(stdout.replaceAll(knownHosts, '(known_hosts)')).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        unreachable: [web1] => HostKeyChanged: [127.0.0.1]:PORT shows another key than the one known for it
            place: site.yml:3:7
            stderr:
              known at (known_hosts):2: ssh-ed25519 SHA256:FINGERPRINT
              shown by the host: ssh-ed25519 SHA256:FINGERPRINT
            way out: If the host was reinstalled, remove the old key: ssh-keygen -f (known_hosts) -R '[127.0.0.1]:PORT'. If not, somebody may sit in between: do not go on.

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('the others go on', async () => {
      const inventory = `${web1().trimEnd()}\n    web2: { ansible_host: 127.0.0.1, ansible_port: ${await freePort()} }\n`;
      const { code, stdout } = await play(
        '- hosts: all\n  tasks:\n    - command: uptime\n    - command: id\n',
        inventory,
      );
      expect(code).toBe(4);
      expect(stdout.slice(stdout.indexOf('PLAY RECAP'))).toMatchInlineSnapshot(`
        "PLAY RECAP *********************************************************************
        web1                       : ok=2    changed=2    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0
        web2                       : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0

        "
      `);
    });
  });

  describe('becoming root: exit code 2', () => {
    const BECOME = `- hosts: all
  become: true
  tasks:
    - command: id -un
      register: who
      changed_when: false
    - debug: { msg: "{{ who.stdout }}" }
`;

    test('without and with a password, it works', async () => {
      const free = user({ sudoers: ['USER ALL=(ALL) NOPASSWD: ALL'] });
      expect((await play(BECOME, web1({ ansible_user: free.name }))).stdout).toContain(
        'ok: [web1] => root\n',
      );
      const asked = user({ password: 'open sesame', sudoers: ['USER ALL=(ALL) ALL'] });
      const inventory = web1({ ansible_user: asked.name, ansible_become_password: 'open sesame' });
      const played = await play(BECOME, inventory, ['-vvv']);
      expect(played.stdout).toContain('ok: [web1] => root');
      expect(played.stdout + played.stderr).not.toContain('sesame');
    });

    test('with a wrong password', async () => {
      const { name } = user({ password: 'open sesame', sudoers: ['USER ALL=(ALL) ALL'] });
      const inventory = web1({ ansible_user: name, ansible_become_password: 'open barley' });
      const { code, stdout } = await play(BECOME, inventory);
      expect(code).toBe(2);
      expect(stdout).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        failed: [web1] => SudoPasswordWrong: sudo does not take the password for becoming root
            place: site.yml:4:7
            way out: Give the right one: ansible_become_password in the inventory (in a vault), or -K to be asked for it.

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('without the password that it takes', async () => {
      const { name } = user({ password: 'open sesame', sudoers: ['USER ALL=(ALL) ALL'] });
      const { code, stdout } = await play(BECOME, web1({ ansible_user: name }));
      expect(code).toBe(2);
      expect(stdout).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        failed: [web1] => SudoPasswordNeeded: sudo asks for a password to become root
            place: site.yml:4:7
            stderr:
              sudo: a password is required
            way out: Give it: ansible_become_password in the inventory (in a vault), or -K to be asked for it; or allow it without (NOPASSWD in sudoers).

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('as one who may not', async () => {
      const { name } = user({ password: 'open sesame' });
      const inventory = web1({ ansible_user: name, ansible_become_password: 'open sesame' });
      const { code, stdout } = await play(BECOME, inventory);
      expect(code).toBe(2);
      expect(stdout).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        failed: [web1] => SudoDenied: sudo does not let this user become root
            place: site.yml:4:7
            stderr:
              USER is not in the sudoers file.
            way out: Allow it in the host's sudoers, or connect as a user who may (ansible_user).

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('where there is no sudo', async () => {
      const { name } = user();
      const folder = makeFolder();
      const port = await freePort();
      // The same sshd once more, in a view of this machine whose /usr/bin has no sudo.
      const script = `chmod 755 ${folder} && mkdir ${folder}/all ${folder}/bin && mount --bind /usr/bin ${folder}/all &&
        ln -s ${folder}/all/* ${folder}/bin/ && rm ${folder}/bin/sudo && mount --bind ${folder}/bin /usr/bin &&
        exec /usr/sbin/sshd -D -p ${port} -f ${sshd.folder}/sshd_config`;
      others.push(spawn('unshare', ['--mount', 'sh', '-c', script], { stdio: 'ignore' }));
      const known = readFileSync(sshd.knownHostsFile, 'utf8').replaceAll(`:${sshd.port} `, `:${port} `);
      writeFileSync(join(folder, 'known_hosts'), known);
      const variables = { ansible_user: name, ansible_port: port };
      const inventory = web1({ ...variables, ansible_ssh_known_hosts_file: join(folder, 'known_hosts') });
      let played = await play(BECOME, inventory);
      for (let attempt = 0; played.code === 4 && attempt < 20; attempt++)
        played = await play(BECOME, inventory);
      expect(played.code).toBe(2);
      expect(played.stdout).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        failed: [web1] => SudoMissing: there is no sudo on the host
            place: site.yml:4:7
            stderr:
              env: 'sudo': No such file or directory
            way out: Install sudo there, connect as root (ansible_user), or set ansible_become_method.

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

        "
      `);
    });
  });

  describe('what fails on a host that answers: exit code 2', () => {
    test('a command', async () => {
      const { code, stdout, stderr } = await play(`- hosts: all
  tasks:
    - name: it fails
      shell: |
        echo what it says
        echo what it complains of >&2
        exit 7
    - command: never
`);
      expect({ code, stderr }).toEqual({ code: 2, stderr: '' });
      expect(stdout).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [it fails] ****************************************************************
        failed: [web1] => StepFailed: exit code 7
            place: site.yml:3:7
            command: echo what it says
              echo what it complains of >&2
              exit 7
            exit code: 7
            stdout:
              what it says
            stderr:
              what it complains of

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

        "
      `);
    });

    test('a command that is not there, and one that is killed', async () => {
      const { code, stdout } = await play(`- hosts: all
  tasks:
    - command: /no/such/program
      ignore_errors: true
    - shell: kill -KILL $$
`);
      expect(code).toBe(2);
      expect(stdout).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [command] *****************************************************************
        failed: [web1] => StepFailed: exit code 127
            place: site.yml:3:7
            command: /no/such/program
            exit code: 127
            stderr:
              sh: 1: exec: /no/such/program: not found
        ...ignoring

        TASK [shell] *******************************************************************
        failed: [web1] => StepFailed: was killed by SIGKILL
            place: site.yml:5:7
            command: kill -KILL $$
            exit code: none, it was killed

        PLAY RECAP *********************************************************************
        web1                       : ok=1    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=1

        "
      `);
    });

    test('a command that takes too long is stopped, with all that it started', async () => {
      const { code, stdout } = await play(`- hosts: all
  tasks:
    - name: by its argument
      shell: echo begun; sleep 1001${process.pid} & wait
      args: { timeout: 1 }
      ignore_errors: true
    - name: by its keyword
      command: sleep 1001${process.pid}
      timeout: 1
`);
      expect(code).toBe(2);
      expect(stdout.replaceAll(String(process.pid), 'PID')).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [by its argument] *********************************************************
        failed: [web1] => StepFailed: took longer than 1 s and was stopped
            place: site.yml:3:7
            command: echo begun; sleep 1001PID & wait
            exit code: none, it was killed
            stdout:
              begun
            way out: give it more time, or find out what it waits for
        ...ignoring

        TASK [by its keyword] **********************************************************
        failed: [web1] => TaskTimedOut: took longer than its timeout of 1 s
            place: site.yml:7:7

        PLAY RECAP *********************************************************************
        web1                       : ok=1    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=1

        "
      `);
      await eventually('they are gone', () => withWord(`sleep 1001${process.pid}`).length === 0);
    });

    test('a step that does not do what it promised', async () => {
      const folder = makeFolder();
      const module = `import { defineModule, map, run, command, sh } from 'play/kit';
export const lazy = defineModule({
  name: 'lazy',
  summary: 'A file holds a word, or so it says.',
  args: { type: 'object', properties: { path: { type: 'string', description: 'The file.' }, word: { type: 'string', description: 'The word.' } }, required: ['path', 'word'] },
  examples: [],
  probe: ({ path }) => map(run(command(sh\`cat -- \${path} 2>/dev/null; :\`), out => out.stdout.toString().trim()), word => ({ word })),
  plan: ({ path, word }, state) => state.word === word ? [] : [{ title: 'write ' + word, run: [command(sh\`echo something else > \${path}\`)], becomes: { word } }],
});
`;
      const { code, stdout } = await play(
        `- hosts: all
  tasks:
    - name: it holds the word
      lazy: { path: ${folder}/word, word: hello }
`,
        web1(),
        ['--modules', 'own'],
        { files: { 'own/lazy.ts': module } },
      );
      expect(code).toBe(2);
      expect(stdout).toMatchInlineSnapshot(`
        "
        PLAY [all] *********************************************************************

        TASK [it holds the word] *******************************************************
        failed: [web1] => NotConverged: “word” did not become "hello": it is "something else"
            place: site.yml:3:7
            way out: something on the host undid or ignored the change: look at what else manages it, and run with -vv to see what ran

        PLAY RECAP *********************************************************************
        web1                       : ok=0    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0

        "
      `);
      expect(readFileSync(join(folder, 'word'), 'utf8')).toBe('something else\n');
    });

    test.each([
      ['small', 40],
      ['large', 100],
    ])('a full disk: the old file stays whole, and no other is left (%s)', async (_size, kilobytes) => {
      const disk = join(makeFolder(), 'disk');
      mkdirSync(disk);
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=48k', 'tmpfs', disk]);
      mounts.push(disk);
      const old = 'old\n'.repeat(5000);
      writeFileSync(join(disk, 'conf'), old);
      const { code, stdout } = await play(`- hosts: all
  tasks:
    - name: much is written
      file-content: { path: ${disk}/conf, content: "{{ 'new line\\\\n' * ${(kilobytes * 1000) / 10} }}" }
`);
      expect(code).toBe(2);
      expect(readFileSync(join(disk, 'conf'), 'utf8')).toBe(old);
      expect(readdirSync(disk)).toEqual(['conf']);
      expect(stdout.replaceAll(disk, '(disk)').replaceAll(/\.play\.\w+/g, '.play.XXXXXX')).toMatch(
        /^failed: \[web1\] => StepFailed: cannot write \(disk\)\/conf: .*No space left on device$/m,
      );
      expect(stdout).toContain('way out: what was there before is still there, whole\n');
    });
  });

  test('ctrl-C: says where it stood, leaves nothing behind, exit code 99', async () => {
    const folder = makeFolder();
    const word = `1002${process.pid}`;
    const playing = startCli(['site.yml', '-i', 'hosts.yml'], {
      files: {
        'hosts.yml': web1(),
        'site.yml': `- hosts: all
  tasks:
    - name: it lasts
      shell: touch ${folder}/began; sleep ${word} & wait
    - command: touch ${folder}/after
`,
      },
    });
    await eventually('the command runs', () => withWord(`sleep ${word}`).length > 0);
    playing.child.kill('SIGINT');
    const { code, stdout, stderr } = await playing.ended;
    expect({ code, stderr }).toEqual({ code: 99, stderr: '' });
    expect(stdout).toMatchInlineSnapshot(`
      "
      PLAY [all] *********************************************************************

      TASK [it lasts] ****************************************************************

      Interrupted. It stood at:
        web1: it lasts
      Run it again to go on: what is done is not done twice.

      PLAY RECAP *********************************************************************
      web1                       : ok=0    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=0

      "
    `);
    await eventually('it is gone', () => withWord(`sleep ${word}`).length === 0);
    expect(readdirSync(folder)).toEqual(['began']);
  });

  test('ctrl-C while a host does not answer', async () => {
    let connected = false;
    const silent = createServer(() => {
      connected = true;
    });
    await new Promise<void>(done => silent.listen(0, '127.0.0.1', done));
    const address = silent.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const playing = startCli(['site.yml', '-i', 'hosts.yml', '-T', '3600'], {
      files: { 'hosts.yml': web1({ ansible_port: port }), 'site.yml': UPTIME },
    });
    await eventually('it connects', () => connected);
    playing.child.kill('SIGINT');
    const { code, stdout, stderr } = await playing.ended;
    silent.close();
    expect({ code, stderr }).toEqual({ code: 99, stderr: '' });
    expect(stdout).toContain('Interrupted. It stood at:\n  web1: command\n');
  });

  test('ctrl-C while it waits to try again', async () => {
    const folder = makeFolder();
    const playing = startCli(['site.yml', '-i', 'hosts.yml'], {
      files: {
        'hosts.yml': web1(),
        'site.yml': `- hosts: all
  tasks:
    - name: it waits
      shell: touch ${folder}/tried; false
      register: result
      until: result.rc == 0
      delay: 3600
`,
      },
    });
    await eventually('it was tried', () => readdirSync(folder).length > 0);
    playing.child.kill('SIGINT');
    const { code, stdout } = await playing.ended;
    expect(code).toBe(99);
    expect(stdout).toContain('Interrupted. It stood at:\n  web1: it waits\n');
  });
});
