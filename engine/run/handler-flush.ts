import { writtenName } from '../playbook/playbook.ts';
import type { PlayRun } from './context.ts';
import { keywordFlag } from './keywords.ts';
import type { Notifications } from './notifications.ts';
import { survey } from './survey.ts';
import { playScope } from './task-scope.ts';
import { refOf, type TaskTurns } from './task-turn.ts';

/** Runs the handlers that are owed to the hosts of a batch. */
export class HandlerFlush {
  readonly #run: PlayRun;
  readonly #notifications: Notifications;
  readonly #turns: TaskTurns;
  #learnt = false;

  constructor(run: PlayRun, notifications: Notifications, turns: TaskTurns) {
    this.#run = run;
    this.#notifications = notifications;
    this.#turns = turns;
  }

  /** In the order of the play, each once on each host that it is owed to. `onLost` hears of hosts on which one failed. */
  async flush(onLost: (host: string) => void): Promise<void> {
    const { play, context } = this.#run;
    if (play.handlers.length === 0) return;
    await this.#learnDebts();
    for (const handler of play.handlers) {
      const owed = this.#notifications.take(handler);
      const doubts = new Map(
        [...this.#notifications.takeDoubts(handler)].filter(([host]) => !owed.has(host)),
      );
      const hosts = this.#hosts().filter(host => owed.has(host) || doubts.has(host));
      const ends = await this.#turns.take(handler, hosts, doubts);
      for (const host of hosts) {
        if ((ends.get(host) ?? 'done') !== 'done') onLost(host);
        else if (!context.settings.check) await this.#notifications.strike(handler, host);
      }
    }
  }

  #hosts(): readonly string[] {
    const { batch, context, play } = this.#run;
    const [first] = batch;
    const force =
      context.settings.forceHandlers ||
      (first !== undefined && keywordFlag(play, 'force_handlers', playScope(this.#run, first)) === true);
    return force ? batch : this.#run.active();
  }

  /** Takes up what an earlier run that died left owed; once, for later debts are this run's own. */
  async #learnDebts(): Promise<void> {
    if (this.#learnt) return;
    this.#learnt = true;
    const { context } = this.#run;
    const asked = this.#run.active().flatMap(host => this.#notifications.questions(host));
    const missing = asked.filter(question => !context.answers.has(question));
    if (missing.length > 0) await survey(context, missing, 'look-ahead', 1);
    for (const host of this.#run.active()) {
      for (const handler of this.#notifications.leftOwed(host)) {
        if (!this.#notifications.add(handler, host)) continue;
        const event = { host, handler: writtenName(handler), by: refOf(handler), owed: true };
        context.emit({ type: 'notified', ...event });
      }
    }
  }
}
