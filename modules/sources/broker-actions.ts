import { type Command, command, type ShellText, sh, type Upload } from '../../engine/kit/index.ts';
import { brokerExpression } from './broker-expression.ts';
import { COOKIE, HOME, tools } from './broker-shell.ts';

/** What else a broker's tasks are about, for checks: see Resource. */
export const PACKAGE = 'package:rabbitmq-server';
export const UNIT = 'unit:rabbitmq-server';
export const COOKIE_FILE = `file:${COOKIE}` as const;

/** Seconds that one call of rabbitmqctl may take before it is stopped and the node asked what came of it. */
const CALL = 60;

/**
 * Two shell functions. `note` remembers where the broker's logs end; `complain` shows why it did not come up: the first errors that it wrote
 * since then (what follows them are reports of the supervisors that fell with it).
 */
const complaints: ShellText = sh`
logs='/var/log/rabbitmq/rabbitmq-server.log /var/log/rabbitmq/*@*.log'
note() { written=$(for log in $logs; do [ ! -f "$log" ] || echo "$(wc -c <"$log") $log"; done); }
complain() {
  for log in $logs; do
    [ -f "$log" ] || continue
    from=$(printf '%s\n' "$written" | while read -r bytes file; do [ "$file" != "$log" ] || echo "$bytes"; done)
    tail -c +$((\${from:-0} + 1)) "$log" | sed -n 's/^.*\[error\] <[0-9.]*> \(..*\)$/\1/p' | head -n 9
  done >&2
}`;

/** Starts the broker's service and waits until the node has come up (the unit is of Type=notify). */
export function startBroker(seconds: number): Command {
  return serviceCommand('start', seconds);
}

/** Restarts the broker's service, and waits as startBroker does. */
export function restartBroker(seconds: number): Command {
  return serviceCommand('restart', seconds);
}

function serviceCommand(verb: 'start' | 'restart', seconds: number): Command {
  return command(
    sh`${complaints}
note
timeout ${seconds} systemctl ${verb} rabbitmq-server.service || { code=$?; complain; exit $code; }`,
    { timeoutSeconds: seconds + 30, shown: `systemctl ${verb} rabbitmq-server` },
  );
}

/** Stops the broker's service; rabbitmqctl is what does it, so the cookie file must still be the one that the node started with. */
export function stopBroker(seconds: number): Command {
  return command(sh`timeout ${seconds} systemctl stop rabbitmq-server.service`, {
    timeoutSeconds: seconds + 30,
    shown: 'systemctl stop rabbitmq-server',
  });
}

/** Writes the Erlang cookie of another host, whole or not at all; it passes the controller in memory and is never shown. */
export function copyCookie(from: string, sha256: string): Upload {
  return {
    kind: 'upload',
    path: COOKIE,
    content: { host: from, path: COOKIE, sha256 },
    owner: 'rabbitmq',
    group: 'rabbitmq',
    mode: '0400',
  };
}

/** Starts the RabbitMQ application in a VM that runs without it. */
export function startApplication(node: string, seconds: number): Command {
  return command(
    sh`${tools}
ctl ${seconds} -n ${node} start_app`,
    { timeoutSeconds: seconds + 30, shown: 'rabbitmqctl start_app' },
  );
}

/** Stops the broker, sets its database aside (nothing is deleted), and starts it blank. */
export function setDatabaseAside(node: string, seconds: number): Command {
  return command(
    sh`${complaints}
note
cd ${`${HOME}/mnesia`} || exit
timeout ${seconds} systemctl stop rabbitmq-server.service
aside=set-aside-$(date -u +%Y%m%dT%H%M%SZ)
mkdir -m 0750 "$aside" && chown rabbitmq:rabbitmq "$aside" || exit
for part in ${node} ${`${node}-feature_flags`}; do [ ! -e "$part" ] || mv "$part" "$aside/" || exit; done
timeout ${seconds} systemctl start rabbitmq-server.service || { code=$?; complain; exit $code; }`,
    { timeoutSeconds: 2 * seconds + 30, shown: `set ${HOME}/mnesia/${node} aside, restart the broker` },
  );
}

/** What a join needs to know. */
export interface Join {
  readonly node: string;
  /** A running member of the cluster. */
  readonly seed: string;
  /** The cluster still has a node of this name, from before: it must go first. */
  readonly forget: boolean;
  /** Kinds of data that must not be there. */
  readonly precious: readonly string[];
  readonly timeoutSeconds: number;
}

/** Erlang: prints whether the node has `joined` its seed's cluster, is `alone`, or `elsewhere`. erl_call wants a line break at its end. */
const membership = (seed: string): string => `
Members = try [_ | _] = rabbit_nodes:list_members() catch _:_ -> rabbit_mnesia:cluster_nodes(all) end,
Seed = list_to_atom(${JSON.stringify(seed)}),
io:put_chars(["\\n", case {lists:member(Seed, Members), Members} of {true, _} -> "joined"; {_, [N]} when N =:= node() -> "alone"; _ -> "elsewhere" end, "\\n"]).
`;

/**
 * Joins a cluster. Just before anything changes, names and data are looked at once more: join_cluster on a node with data destroys it without
 * a word (from 3.13 on even while the node runs). A call that hangs is stopped, and the node itself asked what has become of it.
 */
export function joinCluster({ node, seed, forget, precious, timeoutSeconds }: Join): Command {
  const seedHost = seed.slice(seed.indexOf('@') + 1);
  return command(
    sh`${tools}
getent ahosts ${seedHost} >/dev/null || { echo ${`this host cannot resolve the name ${seedHost}`} >&2; exit 1; }
held=$(printf %s ${brokerExpression} | ask 30 ${node} | sed -n 's/^holdings //p')
case $held in
'{'*) ;;
*) echo 'cannot tell whether this node holds data, so it does not join' >&2; exit 1 ;;
esac
for kind in ${precious}; do
  case $held in
  *"\"$kind\":{"*) echo "this node holds data that joining would destroy ($kind): $held" >&2; exit 1 ;;
  esac
done
joined() { [ "$(printf %s ${membership(seed)} | ask 30 ${node} | tail -n 1)" = joined ]; }
ctl ${CALL} -n ${node} stop_app || exit
${forget ? sh`ctl ${CALL} -n ${seed} forget_cluster_node ${node} || exit` : sh`:`}
ctl ${timeoutSeconds} -n ${node} join_cluster ${seed} || {
  code=$?
  [ $code -lt 124 ] || echo ${`rabbitmqctl join_cluster was stopped after ${timeoutSeconds} s`} >&2
  joined || exit $code
}
ctl ${timeoutSeconds} -n ${node} start_app`,
    {
      timeoutSeconds: 2 * timeoutSeconds + 3 * CALL,
      shown: `rabbitmqctl stop_app; join_cluster ${seed}; start_app`,
    },
  );
}

/** After a failed join: the application runs again if the node is alone or a member, where it can do no harm. */
export function recoverApplication(node: string, seed: string, seconds: number): Command {
  return command(
    sh`${tools}
case $(printf %s ${membership(seed)} | ask 30 ${node} | tail -n 1) in
joined | alone) ctl ${seconds} -n ${node} start_app ;;
esac`,
    { timeoutSeconds: seconds + 60, shown: 'rabbitmqctl start_app' },
  );
}
