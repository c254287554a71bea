import { expect, test } from 'vitest';
import { mirrorsOf, parseSourcesList, parseSourcesStanzas, sourceLines } from '../../engine/lab/mirrors.ts';

const stanzas = `Types: deb
# a snapshot
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 -----END PGP PUBLIC KEY BLOCK-----

Types: deb deb-src
URIs: https://mirror.example/debian-security
Suites: bookworm-security

Types: deb-src
URIs: http://sources.example/debian
Suites: bookworm

Enabled: no
Types: deb
URIs: http://disabled.example/debian
Suites: sid
`;

test('deb822 sources: every URI with every suite, without source packages and what is disabled', () => {
  expect(parseSourcesStanzas(stanzas)).toEqual([
    { uri: 'http://mirror.example/debian/', suite: 'bookworm' },
    { uri: 'http://mirror.example/debian/', suite: 'bookworm-updates' },
    { uri: 'https://mirror.example/debian-security', suite: 'bookworm-security' },
  ]);
});

test('one-line sources, with options and comments', () => {
  const text = `# deb http://old.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://mirror.example/debian bookworm main contrib
deb-src http://mirror.example/debian bookworm main
deb http://security.example/debian-security bookworm-security main
deb https://packages.example/apt cloud-sdk-bookworm main
`;
  expect(parseSourcesList(text)).toEqual([
    { uri: 'http://mirror.example/debian', suite: 'bookworm' },
    { uri: 'http://security.example/debian-security', suite: 'bookworm-security' },
    { uri: 'https://packages.example/apt', suite: 'cloud-sdk-bookworm' },
  ]);
});

test("the machine's own mirrors serve every release", () => {
  const mirrors = mirrorsOf(parseSourcesStanzas(stanzas));
  expect(sourceLines('trixie', mirrors)).toEqual([
    'deb http://mirror.example/debian trixie main',
    'deb http://mirror.example/debian trixie-updates main',
    'deb https://mirror.example/debian-security trixie-security main',
  ]);
});

test.each([
  ['none', []],
  ['those of another distribution', [{ uri: 'http://archive.ubuntu.com/ubuntu', suite: 'noble' }]],
  ['those that are no web address', [{ uri: 'cdrom:[Debian]/', suite: 'bookworm' }]],
])('where there are %s, deb.debian.org does', (_, sources) => {
  expect(mirrorsOf(sources)).toEqual({
    main: 'http://deb.debian.org/debian',
    security: 'http://deb.debian.org/debian-security',
  });
});

test('security updates of old releases are found too', () => {
  expect(mirrorsOf([{ uri: 'http://security.example/debian', suite: 'buster/updates' }]).security).toBe(
    'http://security.example/debian',
  );
});
