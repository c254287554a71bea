export { down } from './down.ts';
export { cut, heal, kill, ssh, start } from './hosts.ts';
export { checkLabName, defaultLabName, mostHosts, type Release, releases } from './lab.ts';
export { LabError } from './lab-error.ts';
export { inventoryPath } from './layout.ts';
export type { LabProgress, OnProgress } from './progress.ts';
export { type LabStatus, status } from './status.ts';
export { up } from './up.ts';
