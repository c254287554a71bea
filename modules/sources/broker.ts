import {
  ask,
  type Broker,
  command,
  defineSource,
  type Probe,
  parseBroker,
  sh,
} from '../../engine/kit/index.ts';
import { brokerExpression } from './broker-expression.ts';
import { COOKIE, HOME, nodeName, tools } from './broker-shell.ts';

/** Seconds in which a node must answer; a healthy one does in milliseconds. */
const PATIENCE = 20;

/**
 * Asks erl_call; where that finds no node but a VM is there, rabbitmqctl, which takes a second and says what is wrong. Without a cookie file
 * neither is called: rabbitmqctl would make a new cookie, and a question must change nothing. Debian's wrapper in /usr/sbin is not used, as it
 * hands its arguments to a shell.
 */
const script = sh`${tools}
printf '@@ package\n'
dpkg-query -W -f='\${db:Status-Abbrev} \${Version}\n' rabbitmq-server 2>/dev/null
unit=$(systemctl show rabbitmq-server.service -p LoadState,ActiveState,SubState,MainPID,Result,UnitFileState 2>/dev/null)
printf '@@ unit\n%s\n' "$unit"
${nodeName}
printf '@@ node %s\n@@ disk\n' "$node"
cat "${HOME}/mnesia/$node/cluster_nodes.config" 2>/dev/null
silence= answer=
if [ -f ${COOKIE} ]; then
  text=$(cat ${COOKIE})
  while :; do case $text in *[[:space:]]) text=\${text%?} ;; *) break ;; esac; done
  case $text in '' | [[:space:]]*) state=unusable ;; *) state=usable ;; esac
  printf '@@ cookie %s %s\n' "$(stat -L -c '%U %G %a' ${COOKIE})" "$state"
  printf %s "$text" | sha256sum - ${COOKIE}
  text=
  answer=$(printf %s ${brokerExpression} | ask ${PATIENCE} "$node") || silence=$answer
  case $answer in
  *"
broker {"*) silence= ;;
  *) answer=
    if [ "$pid" -gt 0 ] && [ -x ${'/usr/lib/rabbitmq/bin/rabbitmqctl'} ]; then
      answer=$(ctl ${PATIENCE} -n "$node" eval ${brokerExpression} 2>&1) || silence=$answer
      case $answer in
      *"
broker {"*) silence= ;;
      *) answer= silence=\${silence:-no answer within ${PATIENCE} s} ;;
      esac
    fi ;;
  esac
elif [ "$pid" -gt 0 ]; then silence='its Erlang cookie is missing'
fi
printf '@@ answer\n%s\n@@ silence\n' "$answer"
[ -n "$answer" ] && exit 0
printf '%.2000s\n' "$silence" | sed 's/^@@/ &/'
printf '@@ log\n'
tail -q -n 15 "/var/log/rabbitmq/$node.log" /var/log/rabbitmq/rabbitmq-server.error.log 2>/dev/null | grep -v 'cookie hash' | sed 's/^/ /'
exit 0`;

/** The whole broker of a host in one question; read-only, about 40 ms, however many tasks ask. It knows one key. */
export const broker = defineSource<Broker>({
  name: 'broker',
  spansHosts: true,
  command: () =>
    command(script, { timeoutSeconds: 3 * PATIENCE, shown: 'ask the RabbitMQ node for its state' }),
  parse: (output, keys) => {
    const state = parseBroker(output.stdout.toString());
    return new Map(keys.map(key => [key, state]));
  },
});

/** The broker of the task's own host. */
export const askBroker: Probe<Broker> = ask(broker, 'state');
