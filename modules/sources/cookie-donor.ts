import { type Cluster, clustersOf, type Member } from './cluster.ts';

/** Whether a member's node took the cookie that its file holds: only then can its file be given to others. */
export function vouches({ condition }: Member): boolean {
  return condition === 'running' || condition === 'stopped';
}

/**
 * Whose cookie all shall have: a node's that is in a cluster already (the largest, by nodes that run), so that nothing that works is
 * touched; else the first host's.
 */
export function donorOf(members: readonly Member[], hosts: readonly string[]): Member {
  const running = (cluster: Cluster): number =>
    cluster.filter(member => member.condition === 'running').length;
  const [largest] = [...clustersOf(members)].sort((a, b) => running(b) - running(a) || b.length - a.length);
  const donor = largest?.find(vouches) ?? members.find(member => member.host === hosts[0]) ?? members[0];
  if (donor === undefined) throw new Error('no hosts');
  return donor;
}
