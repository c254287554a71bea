import { ProbeError } from '../kit/errors.ts';
import type { Answers, Ask, Probe, Source } from '../kit/source.ts';
import { type Become, becomeKey } from './become.ts';

/** An ask as the engine knows it: of which host, as which user. */
export interface Question {
  readonly host: string;
  readonly become: Become | undefined;
  readonly ask: Ask;
}

/** What a host said, or why there is no answer. */
type Answer = { readonly value: unknown } | { readonly error: ProbeError };

/** All that hosts have said and that is not stale. */
export class AnswerBook {
  readonly #hosts = new Map<string, Map<Source<unknown>, Map<string, Answer>>>();

  has(question: Question): boolean {
    return this.#find(question) !== undefined;
  }

  /** Whether the answer is there and is true. */
  isTrue(question: Question): boolean {
    const answer = this.#find(question);
    return answer !== undefined && 'value' in answer && answer.value === true;
  }

  put(question: Question, answer: Answer): void {
    const sources = this.#hosts.get(question.host) ?? new Map<Source<unknown>, Map<string, Answer>>();
    this.#hosts.set(question.host, sources);
    const answers = sources.get(question.ask.source) ?? new Map<string, Answer>();
    sources.set(question.ask.source, answers);
    answers.set(answerKey(question), answer);
  }

  /** Forgets the answers to these, so that they are asked anew. */
  drop(questions: readonly Question[]): void {
    for (const question of questions)
      this.#hosts.get(question.host)?.get(question.ask.source)?.delete(answerKey(question));
  }

  /** Forgets everything about a host, on which something has changed, and what other hosts said of things that span hosts. */
  stale(host: string): void {
    this.#hosts.delete(host);
    for (const sources of this.#hosts.values()) {
      for (const source of sources.keys()) if (source.spansHosts === true) sources.delete(source);
    }
  }

  /** What the probe of a task finds; throws ProbeError where one of its asks came to nothing. */
  read<T>(probe: Probe<T>, host: string, become: Become | undefined): T {
    const answers: Answers = {
      get: <A>(ask: Ask<A>): A => {
        const answer = this.#find({ host: ask.host ?? host, become, ask });
        if (answer === undefined)
          throw new ProbeError(`“${ask.source.name}” gave no answer for “${ask.key}”`);
        if ('error' in answer) throw answer.error;
        // The answers of a source are stored as its parser gave them.
        return answer.value as A;
      },
    };
    return probe.read(answers);
  }

  #find(question: Question): Answer | undefined {
    return this.#hosts.get(question.host)?.get(question.ask.source)?.get(answerKey(question));
  }
}

/** The questions that a probe of a task on a host stands for. */
export function questionsOf(
  probe: Probe<unknown>,
  host: string,
  become: Become | undefined,
): readonly Question[] {
  return probe.asks.map(ask => ({ host: ask.host ?? host, become, ask }));
}

/** The same key asked as another user may have another answer. */
function answerKey(question: Question): string {
  return `${becomeKey(question.become)}\0${question.ask.key}`;
}
