#!/bin/sh
# PID 1 of every machine of the lab: lends it what a container lacks, starts what its ROLE needs, outlives it.
set -u

# The kernel's cgroup hierarchies (v1), or the one (v2), are mounted read-only without full privilege.
mount -o remount,rw /sys 2>/dev/null
for hierarchy in /sys/fs/cgroup /sys/fs/cgroup/*; do mount -o remount,bind,rw "$hierarchy" 2>/dev/null; done
# cgroup v2: controllers can be handed down only from a group without processes.
if [ -f /sys/fs/cgroup/cgroup.controllers ]; then
  mkdir -p /sys/fs/cgroup/init
  xargs -rn1 </sys/fs/cgroup/cgroup.procs >/sys/fs/cgroup/init/cgroup.procs 2>/dev/null
  sed -e 's/ / +/g' -e 's/^/+/' </sys/fs/cgroup/cgroup.controllers >/sys/fs/cgroup/cgroup.subtree_control
fi

ssh-keygen -A >/dev/null
mkdir -p /run/sshd
printf 'PasswordAuthentication no\nPermitRootLogin no\nAllowUsers deploy\n' >/etc/ssh/sshd_config.d/lab.conf
/usr/sbin/sshd

case $ROLE in
manager) /lab/start-engine.sh ;;
workstation)
  mkdir -p /etc/docker
  # Docker's own image store can hold one image for several platforms only with this feature.
  echo '{"features":{"containerd-snapshotter":true}}' >/etc/docker/daemon.json
  /lab/start-engine.sh
  ;;
bastion) node /lab/relay.mjs & ;;
registry) /lab/start-registry.sh ;;
esac
touch /run/booted

# As a shell's wait reaps every child, orphans of killed programs do not pile up.
while :; do
  sleep 3600 &
  wait $!
done
