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
 * Asks erl_call; where that finds no node but a VM is there, rabbitmqctl, which takes a second and says what is wrong. It is not called where
 * it must fail: without a cookie file it would make one, and a question must change nothing; with one that others may read it tries for ten
 * seconds. Debian's wrapper in /usr/sbin is never used, as it hands its arguments to a shell.
 */
const script = sh`${tools}
printf '@@ package\n'
dpkg-query -W -f='\${db:Status-Abbrev} \${Version}\n' rabbitmq-server 2>/dev/null
unit=$(systemctl show rabbitmq-server.service -p LoadState,ActiveState,SubState,MainPID,Result,UnitFileState 2>/dev/null)
printf '@@ unit\n%s\n' "$unit"
${nodeName}
printf '@@ node %s\n@@ disk\n' "$node"
cat "${HOME}/mnesia/$node/cluster_nodes.config" 2>/dev/null
if [ ! -f ${COOKIE} ]; then printf '@@ silence cookie\nits Erlang cookie is missing\n'; exit 0; fi
access=$(stat -L -c '%U %G %a' ${COOKIE})
text=$(cat ${COOKIE})
while :; do case $text in *[[:space:]]) text=\${text%?} ;; *) break ;; esac; done
case $text in '' | [[:space:]]*) state=unusable ;; *) state=usable ;; esac
printf '@@ cookie %s %s\n' "$access" "$state"
printf %s "$text" | sha256sum - ${COOKIE}
text=
[ "$pid" -gt 0 ] || [ $state = usable ] || exit 0
if [ $state = unusable ]; then printf '@@ silence cookie\nits Erlang cookie is empty or begins with white space\n'; exit 0; fi
answers() { case $answer in *"
broker {"*) printf '@@ answer\n%s\n' "$answer" ;; *) false ;; esac; }
answer=$(printf %s ${brokerExpression} | ask ${PATIENCE} "$node")
answers && exit 0
[ "$pid" -gt 0 ] || exit 0
case $access in
*00)
  answer=$(ctl ${PATIENCE} -n "$node" eval ${brokerExpression} 2>&1)
  code=$?
  answers && exit 0
  case $answer in *'Erlang distribution failed'*) reason=cookie ;; *) reason=other ;; esac
  [ $code -lt 124 ] || answer="no answer within ${PATIENCE} s"
  printf '@@ silence %s\n' $reason
  printf '%.4000s\n' "$answer" | grep -vi 'cookie hash' | sed 's/^@@/ &/'
  ;;
*) printf '@@ silence cookie\nit does not accept the Erlang cookie in its file, which others may read besides\n' ;;
esac
exit 0`;

/** The whole broker of a host in one question; read-only, about 40 ms, however many tasks ask. It knows one key. */
const broker = defineSource<Broker>({
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
