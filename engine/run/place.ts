import type { Text } from '../kit/secret.ts';
import type { Become } from './become.ts';
import type { RunContext } from './context.ts';

/** Where and as whom steps run. */
export interface Place {
  readonly context: RunContext;
  readonly host: string;
  readonly become: Become | undefined;
  readonly environment: Readonly<Record<string, Text>>;
  readonly signal: AbortSignal;
  /** What a command writes, while it runs. */
  onOutput(stream: 'stdout' | 'stderr', text: string): void;
}
