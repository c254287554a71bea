/** What a TransportError is made of, beside its message. */
interface Circumstances {
  /** What the user can do about it. */
  readonly hint: string;
  /** Output or lists worth showing under the message, line by line. */
  readonly details?: readonly string[];
  readonly cause?: unknown;
}

/** A host could not be reached, entered, or commanded. One subclass for each human cause; `message` does not repeat the host. */
export abstract class TransportError extends Error {
  /** Name of the cause, stable, for reports: `host-key-changed`. */
  abstract readonly code: string;
  /** True where nothing could be asked of the host at all: it counts as unreachable, not as failed. */
  readonly unreachable: boolean = true;
  /** The host's inventory name. */
  readonly host: string;
  readonly hint: string;
  readonly details: readonly string[];

  constructor(host: string, message: string, circumstances: Circumstances) {
    super(message, circumstances.cause === undefined ? {} : { cause: circumstances.cause });
    this.name = new.target.name;
    this.host = host;
    this.hint = circumstances.hint;
    this.details = circumstances.details ?? [];
  }
}

/** Why there is no link to a host. */
export type UnreachableReason =
  | 'refused'
  | 'timed-out'
  | 'no-route'
  | 'unknown-name'
  | 'link-lost'
  | 'no-handshake'
  | 'jump-refused'
  | 'no-client'
  | 'misconfigured';

/** No link to the host, or it broke. */
export class Unreachable extends TransportError {
  readonly code = 'unreachable';
  readonly reason: UnreachableReason;
  constructor(host: string, reason: UnreachableReason, message: string, circumstances: Circumstances) {
    super(host, message, circumstances);
    this.reason = reason;
  }
}

/** The host's key is in no known_hosts file. */
export class HostKeyUnknown extends TransportError {
  readonly code = 'host-key-unknown';
}

/** The host shows another key than known_hosts has: reinstalled, or somebody in between. */
export class HostKeyChanged extends TransportError {
  readonly code = 'host-key-changed';
}

/** The host shows a key that known_hosts marks as `@revoked`. */
export class HostKeyRevoked extends TransportError {
  readonly code = 'host-key-revoked';
}

/** The host took none of the keys and passwords that were offered; `details` lists them. */
export class AuthenticationRefused extends TransportError {
  readonly code = 'authentication-refused';
}

/** The private key that was asked for cannot be used: missing, unreadable, open to others, passphrase wrong or not given. */
export class KeyUnusable extends TransportError {
  readonly code = 'key-unusable';
}

/** The user may not become the other user. */
export class SudoDenied extends TransportError {
  readonly code: string = 'sudo-denied';
  override readonly unreachable = false;
}

/** The password for becoming the other user is wrong. */
export class SudoPasswordWrong extends TransportError {
  readonly code = 'sudo-password-wrong';
  override readonly unreachable = false;
}

/** Becoming the other user takes a password, and none was given. */
export class SudoPasswordNeeded extends TransportError {
  readonly code = 'sudo-password-needed';
  override readonly unreachable = false;
}

/** The host has no sudo (or su). */
export class SudoMissing extends TransportError {
  readonly code = 'sudo-missing';
  override readonly unreachable = false;
}

/** Logged in, but what is there is no usable `sh`: a forced command, a nologin shell, no sh. */
export class ShellBroken extends TransportError {
  readonly code = 'shell-broken';
}

/** A transfer took longer than allowed and was stopped. (A job that takes too long is a JobResult with `timedOut`.) */
export class CommandTimedOut extends TransportError {
  readonly code = 'command-timed-out';
  override readonly unreachable = false;
}
