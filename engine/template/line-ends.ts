/**
 * A rendered text with at least as many line breaks at its end as its template has: Jinja2 drops the last one, and Ansible puts it back
 * (ansible/template: `res_newlines`).
 */
export function withLineEnds(template: string, rendered: string): string {
  const count = (text: string): number => text.length - text.replace(/\n+$/, '').length;
  return rendered + '\n'.repeat(Math.max(0, count(template) - count(rendered)));
}
