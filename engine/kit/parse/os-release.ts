/** The fields of os-release(5); quotes and backslashes of the shell are undone. */
export function parseOsRelease(text: string): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const line of text.split('\n')) {
    const found = /^([A-Z0-9_]+)=(?:"(.*)"|'(.*)'|(.*))$/.exec(line);
    if (found?.[1] !== undefined)
      fields.set(found[1], (found[2] ?? found[3] ?? found[4] ?? '').replace(/\\(.)/g, '$1'));
  }
  return fields;
}
