import { type Case, changes, fails, NOTHING, refused } from './cycle.ts';

/** Text with all that is special to a shell, to YAML or to a template. */
const HOSTILE = `'"\`$(touch /srv/oops) \${HOME} $HOME \\n \\\\ %s %% ~ * ? [a] #! & ; | < >\n\ttab\u00a0nbsp\n`;

const HOSTILE_PATH = `/srv/hostile/-n $(touch oops) 'a' "b" \\ * ;x`;

const write = (path: string, ...fields: readonly string[]): string => `write ${path} (${fields.join(', ')})`;

/**
 * States that a file may be in. Of `second`, the other host of the lab. The first ones count on nothing that an earlier task may bring.
 * `src_raw` and `src` are files beside the playbook.
 */
export const fileContentCases = (second: string): readonly Case[] => [
  {
    name: 'a directory that is missing is named',
    task: { 'file-content': { path: '/srv/missing/there/file', content: 'new\n' } },
    told: refused('NotThere: the directory /srv/missing/there is not there, and no earlier task brings it'),
    after: ['ls -d /srv/missing', "ls: cannot access '/srv/missing': No such file or directory"],
  },
  {
    name: 'an owner that is missing is named',
    folder: '/srv/no-owner',
    task: {
      'file-content': { path: '/srv/no-owner/file', content: 'new\n', owner: 'nessie', group: 'nessies' },
    },
    told: refused(
      'NotThere: the user nessie and the group nessies is not there, and no earlier task brings it',
    ),
    after: ['ls -A', ''],
  },
  {
    name: 'what is to be taken from another host is missing there',
    folder: '/srv/from-missing',
    task: {
      'file-content': { path: '/srv/from-missing/file', from: { host: second, path: '/srv/from/nothing' } },
    },
    told: refused(
      `NotThere: the file /srv/from/nothing on ${second} is not there, and no earlier task brings it`,
    ),
    after: ['ls -A', ''],
  },
  {
    name: 'a new file is root’s, mode 0644',
    folder: '/srv/new',
    task: { 'file-content': { path: '/srv/new/file', content: 'new\n' } },
    told: changes(write('/srv/new/file', 'state', 'content')),
    after: ['stat -c "%U %G %a" file; cat file; ls -A', 'root root 644\nnew\nfile'],
  },
  {
    name: 'a new file with all that can be said',
    folder: '/srv/full',
    task: {
      'file-content': {
        path: '/srv/full/file',
        content: 'new\n',
        owner: 'ops',
        group: 'daemon',
        mode: '4750',
      },
    },
    told: changes(write('/srv/full/file', 'state', 'content', 'owner', 'group', 'mode')),
    after: ['stat -c "%U %G %a" file', 'ops daemon 4750'],
  },
  {
    name: 'what is as described is left alone',
    folder: '/srv/same',
    before: 'printf "same\\n" >file; chown ops:daemon file; chmod 640 file',
    task: {
      'file-content': {
        path: '/srv/same/file',
        content: 'same\n',
        owner: 'ops',
        group: 'daemon',
        mode: '0640',
      },
    },
    told: NOTHING,
    after: ['cat file', 'same'],
  },
  {
    name: 'another content, owner and mode as they were',
    folder: '/srv/other',
    before: 'echo old >file; chown ops:daemon file; chmod 2640 file',
    task: { 'file-content': { path: '/srv/other/file', content: 'new\n' } },
    told: changes(write('/srv/other/file', 'content')),
    after: ['stat -c "%U %G %a" file; cat file; ls -A', 'ops daemon 2640\nnew\nfile'],
  },
  {
    name: 'another owner',
    folder: '/srv/owner',
    before: 'echo same >file; chmod 4755 file',
    task: { 'file-content': { path: '/srv/owner/file', content: 'same\n', owner: 'ops', mode: '4755' } },
    told: changes('set owner of /srv/owner/file (owner)'),
    after: ['stat -c "%U %G %a" file', 'ops root 4755'],
  },
  {
    name: 'another group, by number',
    folder: '/srv/group',
    before: 'echo same >file; chmod 2711 file',
    task: { 'file-content': { path: '/srv/group/file', content: 'same\n', group: '1000' } },
    told: changes('set group of /srv/group/file (group)'),
    after: ['stat -c "%U %G" file', 'root ops'],
  },
  {
    name: 'another mode',
    folder: '/srv/mode',
    before: 'echo same >file',
    task: { 'file-content': { path: '/srv/mode/file', content: 'same\n', mode: '600' } },
    told: changes('set mode of /srv/mode/file (mode)'),
    after: ['stat -c %a file', '600'],
  },
  {
    name: 'everything is otherwise',
    folder: '/srv/all',
    before: 'echo old >file; chmod 777 file',
    task: {
      'file-content': { path: '/srv/all/file', content: 'new\n', owner: '1000', group: 'ops', mode: '0400' },
    },
    told: changes(write('/srv/all/file', 'content', 'owner', 'group', 'mode')),
    after: ['stat -c "%U %G %a" file; cat file', 'ops ops 400\nnew'],
  },
  {
    name: 'a symbolic link is followed',
    folder: '/srv/link',
    before: 'mkdir real; echo old >real/file; ln -s real/file file',
    task: { 'file-content': { path: '/srv/link/file', content: 'new\n' } },
    told: changes(write('/srv/link/file', 'content')),
    after: ['readlink file; cat real/file; ls -A real', 'real/file\nnew\nfile'],
  },
  {
    name: 'a dangling link brings forth what it points to',
    folder: '/srv/dangling',
    before: 'ln -s real file',
    task: { 'file-content': { path: '/srv/dangling/file', content: 'new\n' } },
    told: changes(write('/srv/dangling/file', 'state', 'content')),
    after: ['readlink file; cat real', 'real\nnew'],
  },
  {
    name: 'a directory in its place is refused',
    folder: '/srv/directory',
    before: 'mkdir file',
    task: { 'file-content': { path: '/srv/directory/file', content: 'new\n' } },
    told: refused('Refusal: /srv/directory/file is a directory'),
    after: ['ls -lA file', 'total 0'],
  },
  {
    name: 'a pipe in its place is refused',
    folder: '/srv/pipe',
    before: 'mkfifo file',
    task: { 'file-content': { path: '/srv/pipe/file', content: 'new\n' } },
    told: refused('Refusal: /srv/pipe/file is neither a file nor a directory'),
    after: ['test -p file && echo still', 'still'],
  },
  {
    name: 'what is immutable stays, and apart from it nothing',
    folder: '/srv/immutable',
    before: 'echo old >file; chattr +i file',
    task: { 'file-content': { path: '/srv/immutable/file', content: 'new\n' } },
    told: fails(
      write('/srv/immutable/file', 'content'),
      'StepFailed: cannot write /srv/immutable/file: cannot put /srv/immutable/file in place: Operation not permitted',
    ),
    after: ['cat file; ls -A; chattr -i file', 'old\nfile'],
  },
  {
    name: 'a read-only file system says so',
    folder: '/srv/read-only',
    before: 'mount -t tmpfs -o ro none /srv/read-only',
    task: { 'file-content': { path: '/srv/read-only/file', content: 'new\n' } },
    told: fails(
      write('/srv/read-only/file', 'state', 'content'),
      "StepFailed: cannot write /srv/read-only/file: mktemp: failed to create file via template '/srv/read-only/.play.XXXXXX': Read-only file system",
    ),
    after: ['cd /; umount /srv/read-only; ls -A /srv/read-only', ''],
  },
  {
    name: 'a full file system keeps the old file',
    folder: '/srv/full-disk',
    before:
      'mount -t tmpfs -o size=64k none /srv/full-disk; cd /srv/full-disk; echo old >file; dd if=/dev/zero of=rest bs=4k 2>/dev/null || :',
    task: { 'file-content': { path: '/srv/full-disk/file', src_raw: 'large' } },
    told: fails(
      write('/srv/full-disk/file', 'content'),
      'StepFailed: cannot write /srv/full-disk/file: cat: write error: No space left on device',
    ),
    after: ['cat file; ls -A; cd /; umount /srv/full-disk', 'old\nfile\nrest'],
  },
  {
    name: 'a mount point is written in place',
    folder: '/srv/mounted',
    before: 'echo old >real; echo under >file; mount --bind real file',
    task: { 'file-content': { path: '/srv/mounted/file', content: 'new\n' } },
    told: changes(write('/srv/mounted/file', 'content')),
    after: ['cat real; umount file; cat file; ls -A', 'new\nunder\nfile\nreal'],
  },
  {
    name: '5 MB of any bytes',
    folder: '/srv/large',
    task: { 'file-content': { path: '/srv/large/file', src_raw: 'large' } },
    told: changes(write('/srv/large/file', 'state', 'content')),
    after: ['stat -c %s file; ls -A', `${5 * 1024 * 1024}\nfile`],
  },
  {
    name: 'all bytes there are, NUL among them',
    folder: '/srv/bytes',
    task: { 'file-content': { path: '/srv/bytes/file', src_raw: 'bytes' } },
    told: changes(write('/srv/bytes/file', 'state', 'content')),
    after: [
      'od -An -v -t u1 file | tr -s " \\n" " "',
      ` ${Array.from({ length: 256 }, (_, byte) => byte).join(' ')}`,
    ],
  },
  {
    name: 'no line break at the end',
    folder: '/srv/no-newline',
    before: 'echo text >file',
    task: { 'file-content': { path: '/srv/no-newline/file', content: 'text' } },
    told: changes(write('/srv/no-newline/file', 'content')),
    after: ['od -An -c file | tr -s " "', ' t e x t'],
  },
  {
    name: 'CR and LF, and line breaks alone',
    folder: '/srv/crlf',
    before: 'printf "a\\nb\\n\\n" >file',
    task: { 'file-content': { path: '/srv/crlf/file', content: 'a\r\nb\r\n\n\n' } },
    told: changes(write('/srv/crlf/file', 'content')),
    after: ['od -An -c file | tr -s " "', ' a \\r \\n b \\r \\n \\n \\n'],
  },
  {
    name: 'nothing in it',
    folder: '/srv/empty',
    before: 'echo old >file',
    task: { 'file-content': { path: '/srv/empty/file', content: '' } },
    told: changes(write('/srv/empty/file', 'content')),
    after: ['wc -c <file', '0'],
  },
  {
    name: 'all scripts of the world',
    folder: '/srv/unicode',
    task: { 'file-content': { path: '/srv/unicode/Füße-日本-🐇', content: 'Füße 日本 🐇\n' } },
    told: changes(write('/srv/unicode/Füße-日本-🐇', 'state', 'content')),
    after: ['ls -A; wc -c <Füße-日本-🐇', 'Füße-日本-🐇\n19'],
  },
  {
    name: 'what is special to shells',
    folder: '/srv/hostile',
    task: {
      'file-content': { path: HOSTILE_PATH, content: HOSTILE },
    },
    told: changes(write(HOSTILE_PATH, 'state', 'content')),
    after: [
      'ls -A; cat ./-n*; ls /srv/oops',
      `${HOSTILE_PATH.slice(13)}\n${HOSTILE}ls: cannot access '/srv/oops': No such file or directory`,
    ],
  },
  {
    name: 'from a template with variables',
    folder: '/srv/template',
    before: 'echo "host 9lpo192 of 0" >file',
    task: {
      'file-content': { path: '/srv/template/file', src: 'file.j2' },
      vars: { members: ['a', 'b'] },
    },
    told: changes(write('/srv/template/file', 'content')),
    after: ['cat file', 'host 9lpo192 on Debian\n- a\n- b'],
  },
  {
    name: 'from another host',
    folder: '/srv/copied',
    before: 'echo old >file; chmod 600 file',
    task: { 'file-content': { path: '/srv/copied/file', from: { host: second, path: '/srv/from/file' } } },
    told: changes(write('/srv/copied/file', 'content')),
    after: ['stat -c %a file; seq 1 100000 | cmp - file && echo same', '600\nsame'],
  },
  {
    name: 'what is replaced is kept',
    folder: '/srv/backup',
    before: 'echo old >file; chown ops file; chmod 640 file',
    task: { 'file-content': { path: '/srv/backup/file', content: 'new\n', mode: '0600', backup: true } },
    told: changes(write('/srv/backup/file', 'content', 'mode')),
    after: ['cat file; stat -c "%U %a" file.*~; cat file.*~; ls -A | wc -l', 'new\nops 640\nold\n2'],
  },
  {
    name: 'what is removed is kept',
    folder: '/srv/backup-absent',
    before: 'echo old >file',
    task: { 'file-content': { path: '/srv/backup-absent/file', state: 'absent', backup: true } },
    told: changes('remove /srv/backup-absent/file (state)'),
    after: ['ls -A | wc -l; cat file.*~', '1\nold'],
  },
  {
    name: 'a file is to be absent',
    folder: '/srv/absent',
    before: 'echo old >file; chmod 000 file',
    task: { 'file-content': { path: '/srv/absent/file', state: 'absent' } },
    told: changes('remove /srv/absent/file (state)'),
    after: ['ls -A', ''],
  },
  {
    name: 'a link is to be absent, what it points to stays',
    folder: '/srv/absent-link',
    before: 'echo real >real; ln -s real file',
    task: { 'file-content': { path: '/srv/absent-link/file', state: 'absent' } },
    told: changes('remove /srv/absent-link/file (state)'),
    after: ['ls -A', 'real'],
  },
  {
    name: 'a dangling link is to be absent',
    folder: '/srv/absent-dangling',
    before: 'ln -s real file',
    task: { 'file-content': { path: '/srv/absent-dangling/file', state: 'absent' } },
    told: changes('remove /srv/absent-dangling/file (state)'),
    after: ['ls -A', ''],
  },
  {
    name: 'what is absent is absent, its directory, too',
    task: { 'file-content': { path: '/srv/missing/file', state: 'absent' } },
    told: NOTHING,
  },
  {
    name: 'a directory is not removed',
    folder: '/srv/absent-directory',
    before: 'mkdir file; echo data >file/data',
    task: { 'file-content': { path: '/srv/absent-directory/file', state: 'absent' } },
    told: refused('Refusal: /srv/absent-directory/file is a directory'),
    after: ['cat file/data', 'data'],
  },
];
