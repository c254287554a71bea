/** Runs an executable inventory for real. */
export { runProgram as run } from '../../engine/transport/index.ts';
