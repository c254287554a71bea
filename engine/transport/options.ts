import type { Secret } from '../kit/secret.ts';

/** Becoming another user on the host. */
export interface Become {
  readonly method: 'sudo' | 'su';
  readonly user: string;
  readonly password?: Secret;
  /** Further words for sudo or su, such as `--preserve-env=HTTP_PROXY`. */
  readonly flags?: readonly string[];
}

/** A question to the person at the terminal. */
export interface Question {
  /** The inventory name of the host that it is about. */
  readonly host: string;
  readonly prompt: string;
  /** Whether what is typed may be seen. */
  readonly echo: boolean;
}

/** Something that the user should know, though the connection stands. */
export interface TransportWarning {
  readonly host: string;
  readonly code: 'host-key-not-checked' | 'host-key-added' | 'host-key-not-saved';
  readonly message: string;
}

/** How a host key is judged: it must be known; a first key is learnt; no check at all. */
export type HostKeyChecking = 'strict' | 'accept-new' | 'off';

/** How to reach one host: what the inventory's variables came to. */
export interface ConnectOptions {
  /** The inventory name, for messages; the address if none is given. */
  readonly name: string;
  readonly transport: 'ssh' | 'openssh' | 'local' | 'nspawn' | 'docker';
  readonly address?: string;
  readonly port?: number;
  readonly user?: string;
  readonly privateKeyFile?: string;
  readonly privateKeyPassphrase?: Secret;
  readonly password?: Secret;
  /** Instead of those that ssh_config names, or ~/.ssh/known_hosts and /etc/ssh/ssh_known_hosts. */
  readonly knownHostsFile?: string;
  /** What ssh_config says, else `strict`, where it is not given. */
  readonly hostKeyChecking?: HostKeyChecking;
  /** Instead of ~/.ssh/config and /etc/ssh/ssh_config; false for none. */
  readonly sshConfigFile?: string | false;
  /** `[user@]host[:port]`, several with commas, as OpenSSH's -J; `none` overrules ssh_config. */
  readonly proxyJump?: string;
  /** Further arguments of the ssh program, for the transport `openssh`. */
  readonly sshArguments?: readonly string[];
  /** Seconds until the host must have let us in; what ssh_config says, else 10, where it is not given. */
  readonly connectTimeoutSeconds?: number;
  /** Seconds between signs of life; three unanswered ones are a lost link. 0 turns them off; 10 by default. */
  readonly keepaliveSeconds?: number;
  /** The POSIX shell on the host; `sh` by default. */
  readonly shellProgram?: string;
  /** How the first shell's user becomes another one. */
  readonly become?: Become;
  /** Asks the person at the terminal; undefined is no answer. Absent where nobody is there. */
  prompt?(question: Question): Promise<Secret | undefined>;
  warn?(warning: TransportWarning): void;
}

/** Seconds to let us in, where nothing says otherwise. */
export const DEFAULT_CONNECT_TIMEOUT_SECONDS = 10;
/** Seconds between signs of life, where nothing says otherwise. */
export const DEFAULT_KEEPALIVE_SECONDS = 10;
