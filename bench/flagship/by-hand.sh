# What somebody would write by hand to ask the same of one host: package, configuration, service, cookie, cluster, policy.
dpkg-query -W -f '${Status} ${Version}\n' rabbitmq-server
stat -c '%U %G %a' /etc/rabbitmq/rabbitmq.conf && sha256sum /etc/rabbitmq/rabbitmq.conf
systemctl is-active rabbitmq-server && systemctl is-enabled rabbitmq-server
stat -c '%U %G %a' /var/lib/rabbitmq/.erlang.cookie && sha256sum /var/lib/rabbitmq/.erlang.cookie
rabbitmqctl -q cluster_status --formatter json
rabbitmqctl -q list_policies --formatter json
