#!/usr/bin/env bash
# Copyright 2026 the etcd-spring authors
# SPDX-License-Identifier: Apache-2.0
#
# sweep.sh FOLDER: removes FOLDER when its standard input ends, that is when the JVM that holds it is gone, or at once
# when it is sent a line.
trap '' HUP INT TERM
set -m # gives what sweeps a process group of its own, to outlive a SIGKILL of the JVM's
{
  read -r _ || sleep 0.3 # the guards of the processes that write here are killing them right now
  for _ in {1..50}; do
    rm -rf "$1" 2>/dev/null
    [ -e "$1" ] || exit 0
    sleep 0.1
  done
  exit 1
} <&0 &
set +m
wait "$!"
