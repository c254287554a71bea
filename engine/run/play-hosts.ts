import { type Inventory, matchHosts } from '../inventory/index.ts';
import { isTemplated } from '../playbook/keyword-values.ts';
import type { Play } from '../playbook/playbook.ts';
import type { Diagnostics } from '../source/diagnostic.ts';
import { type Environment, str, TemplateError } from '../template/index.ts';
import { evaluateNode } from './evaluate.ts';
import { type Layer, layerOf, VariableScope } from './scope.ts';

/** What decides which hosts a play is for. */
export interface PlayHosts {
  readonly inventory: Inventory;
  readonly environment: Environment;
  readonly extra: Layer;
  readonly limit: string | undefined;
}

/** The hosts of a play in their order. A pattern may hold templates of the play's own variables and those of the command line. */
export function hostsOfPlay(play: Play, of: PlayHosts, diagnostics?: Diagnostics): readonly string[] {
  const options = { ...(of.limit !== undefined && { limit: of.limit }), ...(diagnostics && { diagnostics }) };
  const { hosts } = play;
  if (hosts === undefined) return [];
  if (!isTemplated(hosts) && !(hosts.kind === 'sequence' && hosts.items.some(isTemplated)))
    return matchHosts(of.inventory, hosts, options);
  try {
    const value = evaluateNode(
      hosts,
      new VariableScope([layerOf(play.keywords.get('vars')?.node), of.extra], of.environment),
    );
    return matchHosts(
      of.inventory,
      [value].flat().map(text => ({ text: str(text) })),
      options,
    );
  } catch (error) {
    if (!(error instanceof TemplateError)) throw error;
    diagnostics?.add(error.toDiagnostic());
    return [];
  }
}
