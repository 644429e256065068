#!/bin/bash
# Whether a service is ready, with nothing but bash: for HEALTHCHECK, scripts and people.
# usage: healthcheck.sh [URL]          exit 0: it answered 200 within 3 s; 1: it did not
# Without a URL: /readyz of the service that is process 1 here (in a container), else of the gateway. Where TLS_CERT is set
# the request cannot be made: then it only looks whether the port accepts connections.
set -uo pipefail

default_url() {
  local program listen
  program=$(tr '\0' '\n' 2>/dev/null </proc/1/cmdline | head -n 1)
  case ${program##*/} in
    liveops-fairness) listen=${FAIRNESS_LISTEN:-:8081} ;;
    liveops-leaderboard) listen=${LEADERBOARD_LISTEN:-:8082} ;;
    liveops-progression) listen=${PROGRESSION_LISTEN:-:8083} ;;
    *) listen=${GATEWAY_LISTEN:-:8080} ;;
  esac
  echo "http://127.0.0.1:${listen##*:}/readyz"
}

check() {
  local host=$1 port=$2 target=$3 status
  exec 3<>"/dev/tcp/$host/$port" || return 1
  [[ -z ${TLS_CERT:-} ]] || return 0
  printf 'GET %s HTTP/1.1\r\nHost: %s:%s\r\nConnection: close\r\n\r\n' "$target" "$host" "$port" >&3
  read -r _ status _ <&3
  [[ $status == 200 ]]
}

url=${1:-$(default_url)}
if ! [[ $url =~ ^http://([A-Za-z0-9.-]+):([0-9]+)(/.*)?$ ]]; then
  echo "healthcheck: '$url' must be http://host:port/path" >&2
  exit 2
fi
export -f check
exec timeout 3 bash -c 'check "$@" 2>/dev/null' check "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[3]:-/}"
