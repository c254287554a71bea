import { PyObject } from '../template/index.ts';

/** The value of `omit`: an argument that has it is left out. */
export class Omit extends PyObject {
  readonly typeName = 'Omit';
  override text(): string {
    return '__omit__';
  }
}

/** The one `omit`. */
export const omit = new Omit();
