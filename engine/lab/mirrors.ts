import type { Release } from './lab.ts';

/** Where a release's packages come from: the archive, and the archive of its security updates. */
export interface Mirrors {
  readonly main: string;
  readonly security: string;
}

/** One source of packages in apt's configuration. */
export interface AptSource {
  readonly uri: string;
  readonly suite: string;
}

const debianMirrors: Mirrors = {
  main: 'http://deb.debian.org/debian',
  security: 'http://deb.debian.org/debian-security',
};

const debianSuite =
  /^(buster|bullseye|bookworm|trixie|forky|sid|oldoldstable|oldstable|stable|testing|unstable)$/;

/** The mirrors of this machine's own sources, where they are Debian's; else deb.debian.org. */
export function mirrorsOf(sources: readonly AptSource[]): Mirrors {
  const uriOf = (matches: (suite: string) => boolean) =>
    sources.find(source => /^https?:\/\//.test(source.uri) && matches(source.suite))?.uri.replace(/\/+$/, '');
  const isSecurity = (suite: string) =>
    debianSuite.test(suite.replace(/(-security|\/updates)$/, '')) && !debianSuite.test(suite);
  return {
    main: uriOf(suite => debianSuite.test(suite)) ?? debianMirrors.main,
    security: uriOf(isSecurity) ?? debianMirrors.security,
  };
}

/** The `deb` lines of a release, its updates and its security updates. */
export function sourceLines(release: Release, mirrors: Mirrors): readonly string[] {
  return [
    `deb ${mirrors.main} ${release} main`,
    `deb ${mirrors.main} ${release}-updates main`,
    `deb ${mirrors.security} ${release}-security main`,
  ];
}

/** Reads a `.list` file (sources.list(5), one-line style). */
export function parseSourcesList(text: string): readonly AptSource[] {
  return text.split('\n').flatMap(line => {
    const [, uri, suite] = /^\s*deb\s+(?:\[[^\]]*\]\s*)?(\S+)\s+(\S+)/.exec(line) ?? [];
    return uri !== undefined && suite !== undefined ? [{ uri, suite }] : [];
  });
}

/** Reads a `.sources` file (sources.list(5), deb822 style): every URI with every suite. */
export function parseSourcesStanzas(text: string): readonly AptSource[] {
  const withoutComments = text.replaceAll(/^#.*\n?/gm, '');
  return withoutComments.split(/\n\s*\n/).flatMap(stanza => {
    const fields = fieldsOf(stanza);
    if (fields.get('enabled')?.[0]?.toLowerCase() === 'no' || !fields.get('types')?.includes('deb'))
      return [];
    const suites = fields.get('suites') ?? [];
    return (fields.get('uris') ?? []).flatMap(uri => suites.map(suite => ({ uri, suite })));
  });
}

function fieldsOf(stanza: string): ReadonlyMap<string, readonly string[]> {
  const unfolded = stanza.replaceAll(/\n[ \t]+/g, ' ');
  return new Map(
    unfolded.split('\n').flatMap(line => {
      const [, name, value] = /^([^:\s]+):\s*(.*)$/.exec(line) ?? [];
      return name !== undefined && value !== undefined
        ? [[name.toLowerCase(), value.split(/\s+/).filter(Boolean)]]
        : [];
    }),
  );
}
