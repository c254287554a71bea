import { answers, type Cluster, largestCluster, type Member } from './cluster.ts';

/**
 * Whose cookie a host shall have: that of another node that is in a cluster already (the largest), so that nothing that works is
 * touched; else the first host's. It may be the host itself. Where no member's node is up to vouch for its cookie, what most files hold counts.
 */
export function donorOf(me: Member, members: readonly Member[], hosts: readonly string[]): Member {
  const cluster = largestCluster(members);
  const donors = cluster.some(answers) ? cluster.filter(answers) : majority(cluster);
  return (
    donors.find(member => member !== me) ??
    donors[0] ??
    members.find(member => member.host === hosts[0]) ??
    me
  );
}

/** The members with the cookie that most of them have; of two as frequent the one that comes first. */
function majority(cluster: Cluster): Cluster {
  const shares = cluster.map(member =>
    cluster.filter(other => cookieOf(other) !== undefined && cookieOf(other) === cookieOf(member)),
  );
  return shares.reduce((best, share) => (share.length > best.length ? share : best), []);
}

/** The fingerprint of a member's cookie, if that is usable. */
export function cookieOf({ broker }: Member): string | undefined {
  return broker?.cookie?.usable === true ? broker.cookie.fingerprint.reveal() : undefined;
}
