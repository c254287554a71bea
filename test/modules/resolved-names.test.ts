import { describe, expect, test } from 'vitest';
import { type Outcome, outcomeOf } from '../../engine/kit/testing/index.ts';
import names from '../../modules/resolved-names.ts';
import { fixture } from './fixture.ts';

const args = { hosts: ['9lpo192', '9lpo134'] };
const good = {
  names: fixture('getent-2.36/9lpo192.txt'),
  'names@9lpo134': fixture('getent-2.36/9lpo134.txt'),
};

function outcome(outputs: Readonly<Record<string, string>>): Outcome {
  return outcomeOf(names, { name: '', args, host: '9lpo192', outputs });
}
const wayOut =
  'give the names one meaning everywhere, by DNS or by the same lines in /etc/hosts on each host';

describe('names', () => {
  test('that resolve alike need nothing', () => {
    expect(outcome(good)).toEqual([]);
  });

  test('that do not resolve somewhere', () => {
    const lost = good['names@9lpo134'].replaceAll(/^10\.213\.129\.192 .*\n/gm, '');
    expect(outcome({ ...good, 'names@9lpo134': lost })).toEqual({
      refusal: '“9lpo192” does not resolve on 9lpo134',
      wayOut,
    });
  });

  test('that mean different things', () => {
    const other = good['names@9lpo134'].replaceAll('10.213.129.192', '10.0.0.1');
    expect(outcome({ ...good, 'names@9lpo134': other })).toEqual({
      refusal: '“9lpo192” means 10.213.129.192 on 9lpo192, but 10.0.0.1 on 9lpo134',
      wayOut,
    });
  });

  test('that a host takes for a loopback address of its own, as Debian’s installer leaves it', () => {
    const own = good['names@9lpo134'].replaceAll('10.213.129.134', '127.0.1.1');
    expect(outcome({ ...good, 'names@9lpo134': own })).toEqual({
      refusal: '9lpo134 takes its own name “9lpo134” for 127.0.1.1, where others do not find it',
      wayOut,
    });
  });

  test('all that is wrong is told at once', () => {
    const lost = good['names@9lpo134'].replaceAll(/^10\.213\.129\.192 .*\n/gm, '');
    const own = lost.replaceAll('10.213.129.134', '127.0.1.1');
    expect(outcome({ ...good, 'names@9lpo134': own })).toMatchObject({
      refusal:
        '“9lpo192” does not resolve on 9lpo134; 9lpo134 takes its own name “9lpo134” for 127.0.1.1, where others do not find it',
    });
  });

  test('link-local addresses do not matter: each host has its own', () => {
    const more = good['names@9lpo134'].replace('@@ name 9lpo192', 'fe80::1 STREAM\n@@ name 9lpo192');
    expect(outcome({ ...good, 'names@9lpo134': more })).toEqual([]);
  });
});
