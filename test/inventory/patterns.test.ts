import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Inventory, matchHosts } from '../../engine/inventory/index.ts';
import { expandRanges } from '../../engine/inventory/ranges.ts';
import { Diagnostics } from '../../engine/source/diagnostic.ts';
import { get } from '../../engine/source/node.ts';
import { renderDiagnostics } from '../../engine/source/render.ts';
import { parseYaml } from '../../engine/source/yaml.ts';
import { Files } from './told.ts';

const text = `[web]
web[1:4]
[db]
web4
db[1:2]
[edge]
[prod:children]
web
edge
`;

function inventoryOf(ini: string): Inventory {
  using files = new Files({ hosts: ini });
  return files.load(['hosts']).inventory;
}

const inventory = inventoryOf(text);

/** What is told of a play with these hosts. */
function told(hosts: string, limit?: string, of = inventory): string {
  const diagnostics = new Diagnostics();
  const node = get(parseYaml({ name: 'site.yml', text: `hosts: ${hosts}\n` }, diagnostics), 'hosts');
  if (node === undefined) throw new Error('no hosts');
  matchHosts(of, node, { diagnostics, ...(limit !== undefined && { limit }) });
  return `\n${renderDiagnostics(diagnostics.all, { color: false })}`;
}

describe('what is told of a pattern', () => {
  test('an unknown name', () =>
    expect(told('webb')).toMatchInlineSnapshot(`
    "
    error: no host or group is named “webb”
     --> site.yml:1:8
      |
    1 | hosts: webb
      |        ^^^^
      help: did you mean “web”?

    1 error
    "
  `));
  test('an unknown name among others, each at its place', () =>
    expect(told('"web:&dbb:!nobody, web9"')).toMatchInlineSnapshot(`
      "
      error: no host or group is named “web:&dbb:!nobody”
       --> site.yml:1:9
        |
      1 | hosts: "web:&dbb:!nobody, web9"
        |         ^^^^^^^^^^^^^^^^
        help: where a comma stands in a pattern, write commas throughout: a,&b,!c

      error: no host or group is named “web9”
       --> site.yml:1:27
        |
      1 | hosts: "web:&dbb:!nobody, web9"
        |                           ^^^^
        help: did you mean “web”?

      2 errors
      "
    `));
  test('an unknown name in a list', () =>
    expect(told('[web, wbe, prod]')).toMatchInlineSnapshot(`
    "
    error: no host or group is named “wbe”
     --> site.yml:1:14
      |
    1 | hosts: [web, wbe, prod]
      |              ^^^
      help: did you mean “web”?

    1 error
    "
  `));
  test('a group without hosts', () =>
    expect(told('edge')).toMatchInlineSnapshot(`
    "
    warning: the group “edge” has no hosts
     --> site.yml:1:8
      |
    1 | hosts: edge
      |        ^^^^

    1 warning
    "
  `));
  test('a glob that matches nothing', () =>
    expect(told('"mail*"')).toMatchInlineSnapshot(`
    "
    warning: no host or group matches “mail*”
     --> site.yml:1:9
      |
    1 | hosts: "mail*"
      |         ^^^^^

    1 warning
    "
  `));
  test('no regular expression', () =>
    expect(told('~web(')).toMatchInlineSnapshot(`
    "
    error: “web(” is not a regular expression
     --> site.yml:1:8
      |
    1 | hosts: ~web(
      |        ^^^^^

    1 error
    "
  `));
  test('a subscript beyond the last', () =>
    expect(told('web[4]')).toMatchInlineSnapshot(`
    "
    error: “web” has no host 4
     --> site.yml:1:8
      |
    1 | hosts: web[4]
      |        ^^^^^^
      help: its hosts are counted from 0 to 3

    1 error
    "
  `));
  test('nothing at all', () =>
    expect(told('""')).toMatchInlineSnapshot(`
    "
    error: no hosts are named
     --> site.yml:1:8
      |
    1 | hosts: ""
      |        ^^
      help: for all hosts write “all”

    1 error
    "
  `));
  test('any, of an empty inventory', () =>
    expect(told('web', undefined, inventoryOf(''))).toMatchInlineSnapshot(`
      "
      error: no host or group is named “web”
       --> site.yml:1:8
        |
      1 | hosts: web
        |        ^^^
        help: the inventory has no hosts; name another one with -i

      1 error
      "
    `));
  test('an unknown name in the limit', () =>
    expect(told('web', 'web1,dbb')).toMatchInlineSnapshot(`
    "
    error: no host or group is named “dbb”
     --> --limit:1:6
      |
    1 | web1,dbb
      |      ^^^
      help: did you mean “db”?

    1 error
    "
  `));
  test('a limit that leaves nothing', () =>
    expect(told('web', 'web:!web')).toMatchInlineSnapshot(`
    "
    error: the limit leaves no host
     --> --limit:1:1
      |
    1 | web:!web
      | ^^^^^^^^

    1 error
    "
  `));
  test('a limit in a file that is not there', () =>
    expect(told('web', '@nowhere')).toMatchInlineSnapshot(`
    "
    error: there is no file nowhere
     --> --limit:1:1
      |
    1 | @nowhere
      | ^^^^^^^^

    1 error
    "
  `));
  for (const fine of ['all', 'web', 'localhost', 'web:!localhost', 'prod:&db', '"*"', 'web[0]', '~web'])
    test(`nothing, of ${fine}`, () => expect(told(fine)).toBe('\n'));
});

describe('the limit', () => {
  test('keeps the order of the pattern', () =>
    expect(matchHosts(inventory, 'db:web', { limit: 'web' })).toEqual(['web4', 'web1', 'web2', 'web3']));
  test('may exclude', () =>
    expect(matchHosts(inventory, 'web', { limit: '!web2' })).toEqual(['web1', 'web3', 'web4']));
  test('may be in a file, one pattern a line', () => {
    using files = new Files({ 'site.retry': 'web1\n\n  web3  \n!web3\nweb[-1]\n' });
    expect(matchHosts(inventory, 'all', { limit: `@${files.path}/site.retry` })).toEqual(['web4', 'web1']);
  });
  test('in an empty file is not all', () => {
    using files = new Files({ empty: '\n' });
    const diagnostics = new Diagnostics();
    expect(matchHosts(inventory, 'all', { limit: `@${files.path}/empty`, diagnostics })).toEqual([]);
    expect(diagnostics.all.map(one => one.code)).toEqual(['limit-matches-nothing']);
  });
});

describe('the implicit localhost', () => {
  test('is there for its names, and in no group', () => {
    expect(matchHosts(inventory, 'localhost')).toEqual(['localhost']);
    expect(matchHosts(inventory, '127.0.0.1')).toEqual(['127.0.0.1']);
    expect(matchHosts(inventory, 'all')).not.toContain('localhost');
  });
});

const name = fc.constantFrom(
  'web',
  'db',
  'prod',
  'edge',
  'all',
  'web1',
  'web4',
  'db2',
  'web*',
  '~.*[24]$',
  '*',
);
const set = (pattern: string): ReadonlySet<string> => new Set(matchHosts(inventory, pattern));

const only = (of: ReadonlySet<string>, keep: (host: string) => boolean): ReadonlySet<string> =>
  new Set([...of].filter(keep));

describe('patterns are an algebra of sets', () => {
  test('a union is that of its parts', () =>
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(set(`${a},${b}`)).toEqual(new Set([...set(a), ...set(b)]));
      }),
    ));
  test('& is the intersection', () =>
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(set(`${a},&${b}`)).toEqual(only(set(a), host => set(b).has(host)));
      }),
    ));
  test('! is the difference, wherever it stands', () =>
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(set(`${a},!${b}`)).toEqual(only(set(a), host => !set(b).has(host)));
        expect(set(`!${b},${a}`)).toEqual(set(`${a},!${b}`));
      }),
    ));
  test('a limit is an intersection too', () =>
    fc.assert(
      fc.property(name, name, (a, b) => {
        expect(matchHosts(inventory, a, { limit: b })).toEqual(
          matchHosts(inventory, a).filter(host => set(b).has(host)),
        );
      }),
    ));
  test('no host comes twice', () =>
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 5 }), names => {
        const hosts = matchHosts(inventory, names.join(','));
        expect(hosts.length).toBe(new Set(hosts).size);
      }),
    ));
  test('subscripts take a pattern apart without a rest', () =>
    fc.assert(
      fc.property(fc.constantFrom('web', 'db', 'prod', 'all'), fc.nat(5), (group, cut) => {
        const all = matchHosts(inventory, group);
        fc.pre(cut > 0 && cut < all.length);
        const parts = [
          ...matchHosts(inventory, `${group}[0:${cut - 1}]`),
          ...matchHosts(inventory, `${group}[${cut}:]`),
        ];
        expect(parts).toEqual(all);
      }),
    ));
});

describe('ranges', () => {
  const bound = fc.nat(300);
  test('have as many names as steps, all different', () =>
    fc.assert(
      fc.property(bound, bound, fc.integer({ min: 1, max: 9 }), (a, b, step) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const names = expandRanges(`h[${from}:${to}:${step}].x`);
        expect(names).toHaveLength(Math.floor((to - from) / step) + 1);
        expect(new Set(Array.isArray(names) ? names : []).size).toBe(
          Array.isArray(names) ? names.length : -1,
        );
      }),
    ));
  test('keep the width of a leading zero', () =>
    fc.assert(
      fc.property(fc.nat(99), fc.nat(99), (a, b) => {
        const [from, to] = [Math.min(a, b), Math.max(a, b)].map(one => String(one).padStart(3, '0'));
        const names = expandRanges(`h[${from}:${to}]`);
        expect(Array.isArray(names) && names.every(one => one.length === 4)).toBe(true);
      }),
    ));
  test('multiply', () =>
    fc.assert(
      fc.property(fc.nat(9), fc.nat(9), (a, b) => {
        expect(expandRanges(`h[0:${a}]-[0:${b}]`)).toHaveLength((a + 1) * (b + 1));
      }),
    ));
});
