import type { Module } from '../engine/kit/module.ts';
import apt from './apt.ts';
import command from './command.ts';
import fileContent from './file-content.ts';
import rabbitmqCookie from './rabbitmq-cookie.ts';
import rabbitmqNode from './rabbitmq-node.ts';
import rabbitmqPolicy from './rabbitmq-policy.ts';
import rabbitmqctlJoin from './rabbitmqctl-join.ts';
import resolvedNames from './resolved-names.ts';
import service from './service.ts';
import setup from './setup.ts';
import shell from './shell.ts';

/** The whole registry, sorted by name. */
export const modules: readonly Module[] = [
  apt,
  command,
  fileContent,
  rabbitmqCookie,
  rabbitmqNode,
  rabbitmqPolicy,
  rabbitmqctlJoin,
  resolvedNames,
  service,
  setup,
  shell,
];
