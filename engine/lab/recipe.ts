import { createHash } from 'node:crypto';
import type { Release } from './lab.ts';

/** The accounts of every host beside root, with the ids that the recipe gives them. */
export const accounts = [
  { name: 'ops', id: 1000, about: 'becomes root with sudo, without a password' },
  { name: 'pat', id: 1001, about: 'may log in by password, and sudo asks for it' },
  { name: 'nosudo', id: 1002, about: 'may not use sudo' },
] as const;

/** The password of `pat`, no secret: hosts of a lab are reached from this machine alone. */
const patPassword = 'lab-password';

/** What a minimal Debian server has beyond its essential packages; no Python on purpose, as the engine needs none. */
const packages = [
  ...['systemd', 'systemd-sysv', 'libpam-systemd', 'libnss-systemd', 'dbus', 'udev', 'kmod'],
  ...['openssh-server', 'sudo', 'adduser', 'cron', 'logrotate', 'procps', 'less', 'tzdata'],
  ...['iproute2', 'iputils-ping', 'netbase', 'ca-certificates', 'apt-utils'],
] as const;

/**
 * What is done to the fresh root file system `$1`. Timers that start apt on their own would hold dpkg's lock at any time; the hosts are
 * thrown away, so dpkg need not wait for the disk.
 */
const customize = `set -eu
root=$1
for account in ${accounts.map(account => `${account.name}:${account.id}`).join(' ')}; do
  chroot "$root" useradd --create-home --shell /bin/bash --uid "\${account#*:}" "\${account%:*}"
done
printf 'pat:${patPassword}\\n' | chroot "$root" chpasswd --crypt-method SHA512
chroot "$root" usermod --append --groups sudo ops
chroot "$root" usermod --append --groups sudo pat
printf 'ops ALL=(ALL:ALL) NOPASSWD: ALL\\n' >"$root/etc/sudoers.d/ops"
chmod 0440 "$root/etc/sudoers.d/ops"
systemctl --root="$root" enable systemd-networkd.service >/dev/null 2>&1
for timer in apt-daily apt-daily-upgrade dpkg-db-backup e2scrub_all fstrim; do
  systemctl --root="$root" disable "$timer.timer" >/dev/null 2>&1 || true
done
printf 'force-unsafe-io\\n' >"$root/etc/dpkg/dpkg.cfg.d/lab"
printf 'Acquire::Languages "none";\\n' >"$root/etc/apt/apt.conf.d/30lab"
rm -f "$root"/etc/ssh/ssh_host_*_key* "$root/etc/machine-id" "$root/var/lib/dbus/machine-id"
rm -f "$root/etc/hostname" "$root/etc/resolv.conf" "$root"/var/cache/ldconfig/aux-cache "$root"/var/log/*.log "$root"/var/log/apt/*
: >"$root/etc/resolv.conf"
`;

/** How mmdebstrap makes the base image of a release in `target`; `sources` are the `deb` lines. */
export function mmdebstrap(
  release: Release,
  target: string,
  sources: readonly string[],
): readonly [string, ...string[]] {
  return [
    'mmdebstrap',
    '--variant=minbase',
    '--format=directory',
    `--include=${packages.join(',')}`,
    `--customize-hook=${customize}`,
    release,
    target,
    ...sources,
  ];
}

/** Names the recipe of a release: an image made by another recipe is another image, and hosts that stand on it keep it. */
export function recipeDigest(release: Release): string {
  return createHash('sha256')
    .update(mmdebstrap(release, '', []).join('\0'))
    .digest('hex')
    .slice(0, 12);
}
