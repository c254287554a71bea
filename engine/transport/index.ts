/** Connections to hosts, and the one framed shell above them. */
export { connect } from './connect.ts';
export * from './errors.ts';
export { UploadFailed } from './framed-shell.ts';
export type {
  Become,
  ConnectOptions,
  HostKeyChecking,
  Question,
  TransportWarning,
} from './options.ts';
export { type LocalOptions, type LocalResult, runLocal } from './run-local.ts';
export { type ProgramOutcome, runProgram } from './run-program.ts';
export type { Connection, Hello, Job, JobResult, RunOptions, Shell, UploadOptions } from './shell.ts';
