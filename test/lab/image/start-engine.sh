#!/bin/sh
# Starts dockerd again after it was killed, too: its pid file would keep it from starting.
rm -f /run/docker.pid /run/docker/containerd/containerd.pid
setsid dockerd >>/var/log/dockerd.log 2>&1 </dev/null &
