#!/usr/bin/env bash
# Copyright 2026 the etcd-spring authors
# SPDX-License-Identifier: Apache-2.0
#
# guard.sh OUT ERR COMMAND...: runs COMMAND for a JVM that holds our standard input, and prints its pid. When that input
# ends, the JVM is gone, however it ended, and COMMAND is killed. Ends with COMMAND's exit status once it is reaped.
out=$1 err=$2
shift 2
exec 3<&0 </dev/null
# With job control COMMAND gets a process group of its own, which a Ctrl-C in the terminal does not reach, and its
# SIGINT is not ignored, as it would be in a plain background job. So does what kills it, which must outlive a SIGKILL of
# the JVM's group.
set -m
"$@" 3<&- >>"$out" 2>>"$err" &
child=$!
trap '' HUP INT TERM
{ read -r _ <&3; kill -KILL "$child"; } >/dev/null &
guard=$!
set +m # or "wait" below would return when COMMAND is merely stopped
exec 3<&-
echo "$child"
exec >&-
wait "$child"
status=$?
kill -KILL "$guard"
wait "$guard"
exit "$status"
