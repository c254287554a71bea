import { type ShellText, sh } from '../../engine/kit/index.ts';

/** The broker's home, as Debian's package and RabbitMQ's own have it. */
export const HOME = '/var/lib/rabbitmq';
export const COOKIE = '/var/lib/rabbitmq/.erlang.cookie';

/**
 * Two shell functions, both bounded in time. `ask SECONDS NODE` evaluates Erlang from standard input on a node by erl_call, in
 * milliseconds; it exits with 0 even when the Erlang failed, so look for a marker. `ctl SECONDS ARGUMENTS…` is rabbitmqctl itself.
 */
export const tools: ShellText = sh`
ask() {
  case $2 in *@*.*) kind=-name ;; *) kind=-sname ;; esac
  HOME=${HOME} timeout -k 5 "$1" erl_call -r $kind "$2" -fetch_stdout -no_result_term -e 2>&1
}
ctl() {
  limit=$1
  shift
  HOME=${HOME} timeout -k 5 "$limit" /usr/lib/rabbitmq/bin/rabbitmqctl -q "$@" </dev/null
}`;

/**
 * Sets `$node`. `$unit` must hold the unit's properties; sets `$pid` from it. The name that a running node wrote beside its process id
 * counts; then what rabbitmq-env.conf says, as the broker reads it; then RabbitMQ's default.
 */
export const nodeName: ShellText = sh`
pid=\${unit##*MainPID=} pid=\${pid%%[!0-9]*} pid=\${pid:-0}
node=
if [ "$pid" -gt 0 ]; then
  for file in ${HOME}/mnesia/*.pid; do
    [ -r "$file" ] && read -r written <"$file" || continue
    [ "$written" = "$pid" ] && node=\${file##*/} node=\${node%.pid}
  done
fi
if [ -z "$node" ]; then
  node=$(
    [ -r /etc/rabbitmq/rabbitmq-env.conf ] && . /etc/rabbitmq/rabbitmq-env.conf
    node=\${NODENAME:-\${RABBITMQ_NODENAME:-rabbit}} host=$(uname -n)
    case $node in
    *@*) ;;
    *) if [ "\${USE_LONGNAME:-$RABBITMQ_USE_LONGNAME}" = true ]; then node=$node@$(hostname -f); else node=$node@\${host%%.*}; fi ;;
    esac
    printf %s "$node"
  ) 2>/dev/null
  [ -n "$node" ] || node=rabbit@$(uname -n)
fi`;
