import type { Link } from './byte-channel.ts';
import { processChannel, startProcess } from './process.ts';

/** This machine as a host: `wrap` makes the program and arguments that run a shell command there. */
export function commandLink(wrap: (command: string) => readonly [string, ...string[]]): Link {
  let close: (reason: undefined) => void = () => undefined;
  const lost = new Promise<undefined>(resolve => {
    close = resolve;
  });
  return {
    lost,
    open: async (command, listener, early) => {
      const [program, ...args] = wrap(command);
      const channel = processChannel(await startProcess(program, args), listener);
      if (early.length > 0) void channel.write(early);
      return channel;
    },
    close: async () => close(undefined),
  };
}

/** The machine that we run on. */
export function localLink(): Link {
  return commandLink(command => ['/bin/sh', '-c', command]);
}
