import type { EngineAction } from './action.ts';
import { assert } from './assert.ts';
import { debug } from './debug.ts';
import { fail } from './fail.ts';
import { meta } from './meta.ts';
import { setFact } from './set-fact.ts';

/** All actions of the engine. */
export const actions: readonly EngineAction[] = [assert, debug, fail, meta, setFact];
