import { always, type Case, changes, fails, refused } from './cycle.ts';

/** Runs, and stops when told to. */
const RUNS = 'ExecStart=/bin/sleep infinity';

/** A unit made by hand, with the lines of its [Service]; the script that makes it, whatever was there. */
function unit(name: string, ...lines: readonly string[]): string {
  return written(`${name}.service`, ['[Service]', ...lines, '[Install]', 'WantedBy=multi-user.target']);
}

function written(file: string, lines: readonly string[]): string {
  return `cat >/etc/systemd/system/${file} <<'END'\n${lines.join('\n')}\nEND`;
}

/** systemd forgets units that nobody needs, so that those made anew need no reload. */
const FORGET = `systemctl list-units --all --plain --no-legend 'case-*' | while read -r unit _; do systemctl stop "$unit"; done
rm -rf /etc/systemd/system/case-* /etc/systemd/system/*.wants/case-* /usr/local/lib/systemd/system /etc/init.d/case-* /etc/rc?.d/*case-* /run/case-*
mkdir -p /usr/local/lib/systemd/system
systemctl reset-failed; systemctl daemon-reload`;

/** What systemd says of a unit: LoadState, ActiveState, UnitFileState. */
function is(name: string, words: string): readonly [string, string] {
  return [`systemctl show -P LoadState -P ActiveState -P UnitFileState ${name} | paste -sd ' '`, words];
}

/** States that a unit may be in. The first ones count on nothing that an earlier task may bring. */
export const serviceCases: readonly Case[] = [
  {
    name: 'there is no such unit',
    before: FORGET,
    task: { service: { name: 'case-nothing', state: 'started' } },
    told: refused('NotThere: the unit case-nothing.service is not there, and no earlier task brings it'),
  },
  {
    name: 'there is no such unit to restart',
    task: { service: { name: 'case-nothing.timer', state: 'restarted' } },
    told: refused('NotThere: the unit case-nothing.timer is not there, and no earlier task brings it'),
  },
  {
    name: 'it runs and is enabled',
    before: `${unit('case-runs', RUNS)}\nsystemctl enable -q --now case-runs`,
    task: { service: { name: 'case-runs', state: 'started', enabled: true } },
    told: changes(),
    after: is('case-runs', 'loaded active enabled'),
  },
  {
    name: 'it is stopped',
    before: unit('case-stopped', RUNS),
    task: { service: { name: 'case-stopped', state: 'started' } },
    told: changes('start case-stopped (state)'),
    after: is('case-stopped', 'loaded active disabled'),
  },
  {
    name: 'it is stopped and disabled',
    before: unit(
      'case-disabled',
      'Type=notify',
      'NotifyAccess=all',
      'ExecStart=/bin/sh -c "systemd-notify --ready; exec sleep infinity"',
    ),
    task: { service: { name: 'case-disabled', state: 'started', enabled: true } },
    told: changes('enable case-disabled (enabled)', 'start case-disabled (state)'),
    after: is('case-disabled', 'loaded active enabled'),
  },
  {
    name: 'it has failed',
    before: `${unit('case-failed', 'ExecStart=/bin/sh -c "[ -e /run/case-failed ] && exec sleep infinity"')}
systemctl start case-failed; until systemctl -q is-failed case-failed; do sleep 0.1; done; touch /run/case-failed`,
    task: { service: { name: 'case-failed', state: 'started' } },
    told: changes('start case-failed (state)'),
    after: is('case-failed', 'loaded active disabled'),
  },
  {
    name: 'it has failed so often that systemd would not start it',
    before: `${unit('case-often', 'ExecStart=/bin/sh -c "[ -e /run/case-often ] && exec sleep infinity"', 'Restart=always', 'RestartSec=0')}
systemctl start case-often; until systemctl -q is-failed case-often; do sleep 0.1; done; touch /run/case-often`,
    task: { service: { name: 'case-often', state: 'started' } },
    told: changes('start case-often (state)'),
    after: is('case-often', 'loaded active disabled'),
  },
  {
    name: 'it is to be stopped and disabled',
    before: `${unit('case-stop', RUNS)}\nsystemctl enable -q --now case-stop`,
    task: { service: { name: 'case-stop', state: 'stopped', enabled: false } },
    told: changes('disable case-stop (enabled)', 'stop case-stop (state)'),
    after: is('case-stop', 'loaded inactive disabled'),
  },
  {
    name: 'it ends with an exit code of its own when it is stopped',
    before: `${unit('case-143', `ExecStart=/bin/sh -c "trap 'exit 143' TERM; sleep infinity & wait"`, 'SuccessExitStatus=0')}
systemctl start case-143`,
    task: { service: { name: 'case-143', state: 'stopped' } },
    told: changes('stop case-143 (state)'),
    after: is('case-143', 'loaded inactive disabled'),
  },
  {
    name: 'it has failed and is to be stopped',
    before: `${unit('case-stays-failed', 'ExecStart=/bin/false')}
systemctl start case-stays-failed; until systemctl -q is-failed case-stays-failed; do sleep 0.1; done`,
    task: { service: { name: 'case-stays-failed', state: 'stopped' } },
    told: changes(),
    after: is('case-stays-failed', 'loaded failed disabled'),
  },
  {
    name: 'it is masked',
    before: 'systemctl mask -q case-masked',
    task: { service: { name: 'case-masked', state: 'started' } },
    told: refused('Refusal: case-masked.service is masked: somebody wants nothing to start it'),
    after: is('case-masked', 'masked inactive masked'),
  },
  {
    name: 'it is masked, and shall no longer be',
    before: `printf '[Service]\\n${RUNS}\\n[Install]\\nWantedBy=multi-user.target\\n' >/usr/local/lib/systemd/system/case-unmask.service
systemctl mask -q case-unmask`,
    task: { service: { name: 'case-unmask', state: 'started', enabled: true, masked: false } },
    told: changes('unmask case-unmask (masked)', 'enable case-unmask (enabled)', 'start case-unmask (state)'),
    after: is('case-unmask', 'loaded active enabled'),
  },
  {
    name: 'it is to be masked',
    before: `printf '[Service]\\n${RUNS}\\n[Install]\\nWantedBy=multi-user.target\\n' >/usr/local/lib/systemd/system/case-mask.service
systemctl enable -q --now case-mask`,
    task: { service: { name: 'case-mask', state: 'stopped', masked: true } },
    told: changes('stop case-mask (state)', 'mask case-mask (masked, enabled)'),
    after: is('case-mask', 'masked inactive masked'),
  },
  {
    name: 'it is static',
    before: written('case-static.service', ['[Service]', RUNS]),
    task: { service: { name: 'case-static', enabled: true } },
    told: refused(
      'Refusal: case-static.service cannot be enabled: its unit file has no [Install] section; other units start it',
    ),
  },
  {
    name: 'it is static, and started',
    before: written('case-static-2.service', ['[Service]', RUNS]),
    task: { service: { name: 'case-static-2', state: 'started', enabled: false } },
    told: changes('start case-static-2 (state)'),
    after: is('case-static-2', 'loaded active static'),
  },
  {
    name: 'one of a template',
    before: `${written('case-template@.service', ['[Service]', 'ExecStart=/bin/sh -c "echo %i; exec sleep infinity"', '[Install]', 'WantedBy=multi-user.target'])}`,
    task: { service: { name: 'case-template@one', state: 'started', enabled: true } },
    told: changes('enable case-template@one (enabled)', 'start case-template@one (state)'),
    after: is('case-template@one', 'loaded active enabled'),
  },
  {
    name: 'a timer',
    before: `${unit('case-timed', 'Type=oneshot', 'ExecStart=/bin/true')}
${written('case-timed.timer', ['[Timer]', 'OnCalendar=yearly', '[Install]', 'WantedBy=timers.target'])}`,
    task: { service: { name: 'case-timed.timer', state: 'started', enabled: true } },
    told: changes('enable case-timed.timer (enabled)', 'start case-timed.timer (state)'),
    after: is('case-timed.timer', 'loaded active enabled'),
  },
  {
    name: 'a socket',
    before: `${unit('case-socket', RUNS)}
${written('case-socket.socket', ['[Socket]', 'ListenStream=/run/case-socket', '[Install]', 'WantedBy=sockets.target'])}`,
    task: { service: { name: 'case-socket.socket', state: 'started' } },
    told: changes('start case-socket.socket (state)'),
    after: is('case-socket.socket', 'loaded active disabled'),
  },
  {
    name: 'it ends soon after its start',
    before: unit('case-dies', 'ExecStart=/bin/sh -c "echo why it dies; sleep 0.3; exit 7"'),
    task: { service: { name: 'case-dies', state: 'started' } },
    told: fails('start case-dies (state)', 'StepFailed: exit code 3'),
  },
  {
    name: 'it does not start',
    before: unit(
      'case-no-start',
      'Type=forking',
      'ExecStart=/bin/sh -c "echo why it does not start >&2; exit 7"',
    ),
    task: { service: { name: 'case-no-start', state: 'started' } },
    told: fails('start case-no-start (state)', 'StepFailed: exit code 1'),
  },
  {
    name: 'its unit file is no good',
    before: written('case-bad.service', ['[Service]', 'Type=simple']),
    task: { service: { name: 'case-bad', state: 'started' } },
    told: fails('start case-bad (state)', 'StepFailed: exit code 1'),
  },
  {
    name: 'a oneshot service is run each time',
    before: `${unit('case-oneshot', 'Type=oneshot', 'ExecStart=/bin/sh -c "echo ran >>/run/case-oneshot"')}`,
    task: { service: { name: 'case-oneshot', state: 'started' } },
    told: always('start case-oneshot'),
    after: ['cat /run/case-oneshot', 'ran\nran'],
  },
  {
    name: 'a oneshot service that remains is run once',
    before: `${unit('case-remains', 'Type=oneshot', 'RemainAfterExit=yes', 'ExecStart=/bin/sh -c "echo ran >>/run/case-remains"')}`,
    task: { service: { name: 'case-remains', state: 'started' } },
    told: changes('start case-remains (state)'),
    after: ['cat /run/case-remains', 'ran'],
  },
  {
    name: 'it is restarted, each time',
    before: `${unit('case-restarts', 'ExecStartPre=/bin/sh -c "echo ran >>/run/case-restarts"', RUNS)}`,
    task: { service: { name: 'case-restarts', state: 'restarted' } },
    told: always('restart case-restarts'),
    after: ['cat /run/case-restarts', 'ran\nran'],
  },
  {
    name: 'it is reloaded, each time',
    before: `${unit('case-reloads', RUNS, 'ExecReload=/bin/sh -c "echo ran >>/run/case-reloads"')}\nsystemctl start case-reloads`,
    task: { service: { name: 'case-reloads', state: 'reloaded' } },
    told: always('reload case-reloads'),
    after: ['cat /run/case-reloads', 'ran\nran'],
  },
  {
    name: 'it cannot be reloaded',
    before: `${unit('case-no-reload', RUNS)}\nsystemctl start case-no-reload`,
    task: { service: { name: 'case-no-reload', state: 'reloaded' } },
    told: refused('Refusal: case-no-reload.service cannot be reloaded: its unit file has no ExecReload='),
  },
  {
    name: 'its unit file was changed since',
    before: `${unit('case-changed', 'ExecStart=/bin/sleep 8001')}
systemctl start case-changed; systemctl stop case-changed; systemctl show case-changed >/dev/null
sed -i s/8001/8002/ /etc/systemd/system/case-changed.service`,
    task: { service: { name: 'case-changed', state: 'started' } },
    told: changes('start case-changed (state)'),
    after: ['pgrep -fc "^/bin/sleep 8002"', '1'],
  },
  {
    name: 'a script in /etc/init.d',
    before: `cat >/etc/init.d/case-sysv <<'END'
#!/bin/sh
### BEGIN INIT INFO
# Provides: case-sysv
# Required-Start:
# Required-Stop:
# Default-Start: 2 3 4 5
# Default-Stop: 0 1 6
# Short-Description: a case
### END INIT INFO
case $1 in start) touch /run/case-sysv ;; stop) rm -f /run/case-sysv ;; esac
END
chmod 755 /etc/init.d/case-sysv; systemctl daemon-reload`,
    task: { service: { name: 'case-sysv', state: 'started', enabled: true } },
    told: changes('enable case-sysv (enabled)', 'start case-sysv (state)'),
    after: ['ls /run/case-sysv; ls /etc/rc2.d | grep case-sysv', '/run/case-sysv\nS01case-sysv'],
  },
];
