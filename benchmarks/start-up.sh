#!/bin/bash
# How long the shortest commands take, as a median of 20 starts; "list" on the configuration that pgark finds by itself.
set -euo pipefail
pgark=$(dirname "$0")/../pgark
"$pgark" --version >/dev/null
for command in --version list; do
    for _ in $(seq 20); do
        start=$(date +%s%N)
        "$pgark" $command >/dev/null
        echo $((($(date +%s%N) - start) / 1000000))
    done | sort -n | awk -v name="$command" '{v[NR]=$1} END {print name ": " v[int((NR+1)/2)] " ms (of " NR " starts, " v[1] " to " v[NR] ")"}'
done
