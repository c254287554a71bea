import type { Settings } from './config-file.ts';

/** Options of ssh(1) that take a value and stand for a keyword of ssh_config(5). */
const KEYWORDS: Readonly<Record<string, string>> = {
  J: 'proxyjump',
  i: 'identityfile',
  l: 'user',
  p: 'port',
};
/** Options of ssh(1) that take a value and say nothing about how a host is reached. */
const OTHER_VALUES = 'BbcDEeFIKLmOQRSWw';

/** What arguments of the ssh program (Ansible's ansible_ssh_common_args) say, as settings of ssh_config. */
export function argumentSettings(args: readonly string[]): Settings {
  const settings = new Map<string, string[][]>();
  const add = (keyword: string, value: string): void => {
    settings.set(keyword, [...(settings.get(keyword) ?? []), [value]]);
  };
  for (let at = 0; at < args.length; at++) {
    const [, letter, joined] = /^-([A-Za-z])(.*)$/s.exec(args[at] ?? '') ?? [];
    if (letter === undefined || joined === undefined) continue;
    const takesValue = letter === 'o' || letter in KEYWORDS || OTHER_VALUES.includes(letter);
    if (!takesValue) continue;
    const value = joined === '' ? (args[++at] ?? '') : joined;
    const [, keyword, setting] = /^\s*([A-Za-z0-9]+)\s*[=\s]\s*(.*)$/s.exec(value) ?? [];
    if (letter === 'o' && keyword !== undefined && setting !== undefined)
      add(keyword.toLowerCase(), setting.trim());
    const own = KEYWORDS[letter];
    if (own !== undefined) add(own, value);
  }
  return settings;
}
