import { execFileSync } from 'node:child_process';

/** Builds the program once, before the tests. */
export default function build(): void {
  execFileSync('npm', ['run', '--silent', 'build'], { stdio: 'inherit' });
}
