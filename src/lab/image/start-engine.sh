#!/bin/sh
# Starts dockerd again after it was killed, too: its pid file would keep it from starting.
rm -f /run/docker.pid /run/docker/containerd/containerd.pid

# Where /run/pretended-machine names a kind of machine, the engine is told by the kernel that it runs on one.
machine=$(cat /run/pretended-machine 2>/dev/null)
if [ "$machine" ]; then
  field() { { printf %s "$1"; head -c 65 /dev/zero; } | head -c 65; }
  answer=$({ field Linux; field "$(uname -n)"; field "$(uname -r)"; field "$(uname -v)"; field "$machine"; } | od -An -v -tx1 | tr -d ' \n')
  set -- strace --seccomp-bpf -f -qq -o /dev/null -e trace=uname -e "inject=uname:poke_exit=@arg1=$answer"
fi
# A log of its own for each start: it tells what the engine has been through since.
[ -f /var/log/dockerd.log ] && mv /var/log/dockerd.log /var/log/dockerd.log.before
setsid "$@" dockerd >/var/log/dockerd.log 2>&1 </dev/null &
