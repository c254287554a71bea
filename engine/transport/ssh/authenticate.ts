import type { AnyAuthMethod, AuthHandlerMiddleware, KeyboardInteractiveAuthMethod } from 'ssh2';
import { AuthenticationRefused } from '../errors.ts';
import type { AskPerson, Attempt } from './credentials.ts';
import type { Target } from './target.ts';

/** Far more than any server allows (OpenSSH: 6): only an end to what should not go on. */
const MOST_ATTEMPTS = 20;

/**
 * Offers the attempts one after the other, as ssh2's authHandler, leaving out what the server does not take. Never asks
 * with `none` first: that is a round trip.
 */
export class Authentication {
  /** Labels of what was tried. */
  readonly tried: string[] = [];
  readonly #target: Target;
  readonly #begin: () => AsyncGenerator<Attempt>;
  readonly #ask: AskPerson | undefined;
  readonly #onEnd: (error: Error) => void;
  #source: AsyncGenerator<Attempt>;
  #taken: readonly string[] | undefined;
  #accepted: string[] = [];

  /** `onEnd` is told when there is nothing left to try. */
  constructor(
    target: Target,
    begin: () => AsyncGenerator<Attempt>,
    ask: AskPerson | undefined,
    onEnd: (error: Error) => void,
  ) {
    this.#target = target;
    this.#begin = begin;
    this.#ask = ask;
    this.#onEnd = onEnd;
    this.#source = begin();
  }

  readonly handler: AuthHandlerMiddleware = (left, partial, next) => {
    // The types do not say so, but both are null before the first attempt.
    const taken: readonly string[] | null = left;
    if (taken !== null) this.#taken = taken;
    if (partial === true) {
      // One of several factors: what was refused before it may count now.
      this.#accepted = [...this.#accepted, ...this.tried.slice(-1)];
      this.#source = this.#begin();
    }
    this.#next(taken).then(
      attempt => (attempt === undefined ? this.#onEnd(this.refused()) : next(this.#method(attempt))),
      this.#onEnd,
    );
  };

  /** The error when the server took nothing of this. */
  refused(): AuthenticationRefused {
    const { label, user, address, port } = this.#target;
    const tried =
      this.tried.length === 0 ? ['nothing: there was no key, agent or password to offer'] : this.tried;
    return new AuthenticationRefused(label, `${address}:${port} does not let ${user} in`, {
      hint: `Check the user (ansible_user), and that the user's ~/.ssh/authorized_keys on the host holds one of the keys; or name another key (ansible_ssh_private_key_file).`,
      details: [
        ...tried.map(one => `tried: ${one}`),
        ...(this.#taken === undefined ? [] : [`the host takes: ${this.#taken.join(', ')}`]),
      ],
    });
  }

  async #next(taken: readonly string[] | null): Promise<Attempt | undefined> {
    while (this.tried.length < MOST_ATTEMPTS) {
      const { value, done } = await this.#source.next();
      if (done) return undefined;
      if (taken !== null && !taken.includes(value.method)) continue;
      if (this.#accepted.includes(value.label)) continue;
      this.tried.push(value.label);
      return value;
    }
    return undefined;
  }

  #method(attempt: Attempt): AnyAuthMethod {
    const username = this.#target.user;
    switch (attempt.method) {
      case 'publickey':
        return 'key' in attempt
          ? { type: 'publickey', username, key: attempt.key }
          : { type: 'agent', username, agent: attempt.agent };
      case 'password':
        return { type: 'password', username, password: attempt.password?.reveal() ?? '' };
      case 'keyboard-interactive':
        return { type: 'keyboard-interactive', username, prompt: this.#dialogue(attempt.password?.reveal()) };
    }
  }

  #dialogue(password: string | undefined): KeyboardInteractiveAuthMethod['prompt'] {
    let left = password;
    return (_name, _instructions, _language, prompts, finish) => {
      const answer = async (): Promise<string[]> => {
        const answers: string[] = [];
        for (const { prompt, echo } of prompts) {
          if (left !== undefined && echo !== true) {
            answers.push(left);
            // A second question means that the password was wrong.
            left = undefined;
          } else answers.push((await this.#ask?.(prompt, echo === true))?.reveal() ?? '');
        }
        return answers;
      };
      answer().then(finish, this.#onEnd);
    };
  }
}
