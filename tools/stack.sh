#!/usr/bin/env bash
# The production stack on this machine: a private PostgreSQL, Redis and NATS, and the four services on them, all on loopback
# and in one directory. Meant for trying things out; ./dev up and ./dev down call it.
set -euo pipefail
root=$(dirname "$(dirname "$(readlink -f "$0")")")
started_from=$PWD
export PATH=$PATH:/usr/sbin  # where Debian keeps nats-server, and a plain user's PATH does not look

usage() {
  cat <<'TXT'
usage: tools/stack.sh up [OPTIONS]      start what does not run yet
       tools/stack.sh status [OPTIONS]  print where everything is; exit 1 unless all of it runs
       tools/stack.sh down [OPTIONS]    stop it, gateway first; the data is kept

  --dir DIR         the stack's directory (default .stack)
  --bin DIR         up: where the executables are (default bin)
  --bus KIND        up: redis (default) or nats
  --set NAME=VALUE  up: a further setting of the services, for this start
  --wipe            down: remove the directory, with all data
TXT
}

say() { printf '[stack] %s\n' "$*" >&2; }
die() { printf '[stack] error: %s\n' "$*" >&2; exit 1; }

# shellcheck source=tools/stack/processes.sh
. "$root/tools/stack/processes.sh"
# shellcheck source=tools/stack/settings.sh
. "$root/tools/stack/settings.sh"
# shellcheck source=tools/stack/servers.sh
. "$root/tools/stack/servers.sh"

readonly services=(fairness progression leaderboard gateway) servers=(postgres redis nats)
readonly marker=.liveops-stack ready_seconds=60 stop_seconds=30
declare -A port=() secret=()
declare -A preferred_port=([gateway]=8080 [fairness]=8081 [leaderboard]=8082 [progression]=8083)
started=()

give_up() {  # NAME REASON
  tail -n 20 "$directory/log/$1.log" >&2 || true
  die "$1: $2 (its log: $directory/log/$1.log)"
}

# await NAME COMMAND...: until the command says that NAME is there.
await() {
  local name=$1
  shift
  settled() { "$@" || ended "$name"; }
  started+=("$name")
  wait_for "$ready_seconds" settled "$@" || give_up "$name" "not ready within $ready_seconds s"
  runs "$name" || give_up "$name" "ended at once"
}

# with_settings COMMAND...: in the stack's environment and nothing of the caller's, but for how sanitizers report.
with_settings() {
  local inherited=() name
  for name in PATH HOME ASAN_OPTIONS UBSAN_OPTIONS TSAN_OPTIONS; do
    [[ -z ${!name:-} ]] || inherited+=("$name=${!name}")
  done
  # shellcheck disable=SC2016
  settled_command=(env -i "${inherited[@]}" bash -c '. ./env && exec "$0" "$@"' "$@")
}

migrate() {
  with_settings "$bin/liveops" migrate
  "${settled_command[@]}" >>log/migrate.log 2>&1 || give_up migrate "'liveops migrate' failed"
}

start_service() {
  with_settings "$bin/$1"
  spawn "$1" "${settled_command[@]}"
  await "$1" "$root/deploy/healthcheck.sh" "http://127.0.0.1:${port[$1]}/readyz"
}

# When `up` fails, what it has started goes again.
undo_start() {
  local status=$? index
  [[ $status -ne 0 ]] || return 0
  say "stopping what was started"
  for ((index = ${#started[@]} - 1; index >= 0; --index)); do stop_one "${started[index]}" || true; done
}

prepare_directory() {
  mkdir -p "$directory"
  cd "$directory"
  [[ -O . ]] || die "$directory belongs to $(stat -c %U .): run this as that user, or give another --dir"
  if [[ ! -e $marker && -n $(ls -A) ]]; then die "$directory is not empty and no stack of ours: give another --dir"; fi
  : >"$marker"
  # Root's servers run under another account, which must be able to pass; every file below is for its owner only.
  if [[ $EUID -eq 0 ]]; then chmod 0711 .; fi
  mkdir -p run log data
}

take_lock() {
  exec 9>lock
  flock --nonblock 9 || die "another './dev up' or './dev down' is at work in $directory"
}

check_executables() {
  local name
  for name in liveops "${services[@]}"; do
    [[ -x $bin/$name ]] || die "$bin/$name is not there: ./dev build"
  done
}

up() {
  local name missing=()
  prepare_directory
  take_lock
  load
  for name in "${servers[@]}" "${services[@]}"; do runs "$name" || missing+=("$name"); done
  if [[ ${#missing[@]} -eq 0 ]]; then
    [[ -z $bus || $bus == "$(running_bus)" ]] || die "it runs on the bus '$(running_bus)': ./dev down first"
    say "it runs already; nothing was changed"
    print_table
    return
  fi
  if [[ ${#missing[@]} -lt 7 ]]; then
    bus=${bus:-$(running_bus)}
    [[ $bus == "$(running_bus)" ]] || die "part of it runs on the bus '$(running_bus)': ./dev down first"
    say "not running: ${missing[*]}"
  fi
  bus=${bus:-redis}
  check_executables
  settle_secrets
  settle_ports
  write_env
  trap undo_start EXIT
  for name in "${servers[@]}"; do runs "$name" || { say "starting $name"; "start_$name"; }; done
  migrate
  for name in "${services[@]}"; do runs "$name" || { say "starting $name"; start_service "$name"; }; done
  trap - EXIT
  print_table
}

# enter: goes to the directory of a stack that is there. Fails when there is none.
enter() {
  if [[ ! -e $directory/$marker ]]; then say "there is no stack in $directory"; return 1; fi
  cd "$directory"
  [[ -O . || $EUID -eq 0 ]] || die "$directory belongs to $(stat -c %U .): run this as that user"
}

load() {
  read_table ports port
  read_table secrets secret
}

running_bus() { sed -n "s/^export BUS_KIND='\(.*\)'/\1/p" env 2>/dev/null; }

print_table() {
  local name shown=$directory
  [[ $shown != "$started_from"/* ]] || shown=${shown#"$started_from"/}
  printf '\nLiveOps Guard, bus %s\n' "$(running_bus)"
  for name in gateway fairness leaderboard progression; do
    printf '  %-12s http://127.0.0.1:%-6s %s/log/%s.log%s\n' "$name" "${port[$name]}" "$shown" "$name" \
      "$(runs "$name" || echo '  NOT RUNNING')"
  done
  for name in "${servers[@]}"; do
    printf '  %-12s 127.0.0.1:%-13s %s/log/%s.log%s\n' "$name" "${port[$name]}" "$shown" "$name" \
      "$(runs "$name" || echo '  NOT RUNNING')"
  done
  cat <<TXT

  settings and secrets:  . $shown/env
  a first event:         bin/liveops send --url http://127.0.0.1:${port[gateway]} sample_events/01-progression.json
  stop:                  ./dev down          with all data: ./dev down --wipe

TXT
}

status() {
  local name
  enter || exit 1
  load
  [[ ${#port[@]} -gt 0 ]] || { say "the stack in $directory was never started"; exit 1; }
  print_table
  for name in "${servers[@]}" "${services[@]}"; do runs "$name" || exit 1; done
}

stop_one() {
  case $1 in
    postgres) stop_process postgres "$stop_seconds" INT QUIT KILL ;;
    *) stop_process "$1" "$stop_seconds" TERM KILL ;;
  esac
}

down() {
  local name clean=1 home
  enter || return 0
  take_lock
  for name in gateway leaderboard progression fairness nats redis postgres; do
    if runs "$name"; then say "stopping $name"; fi
    stop_one "$name" || clean=0
  done
  if [[ $wipe == yes ]]; then
    home=$([[ ! -f postgres.path ]] || cat postgres.path)
    cd /
    rm -rf "$directory" ${home:+"$home"}
    say "removed $directory"
  else
    say "stopped; the data stays in $directory"
  fi
  ((clean)) || die "not everything ended by itself: see above"
}

command=${1:-}
[[ $# -eq 0 ]] || shift
directory=$root/.stack bin=$root/bin bus='' wipe=no extras=()
while [[ $# -gt 0 ]]; do
  case $1 in
    --dir) directory=$(realpath -m "${2:?--dir needs a directory}"); shift ;;
    --bin) bin=$(realpath -m "${2:?--bin needs a directory}"); shift ;;
    --bus) bus=${2:?--bus needs redis or nats}; shift ;;
    --set) extras+=("${2:?--set needs NAME=VALUE}"); shift ;;
    --wipe) wipe=yes ;;
    *) usage >&2; die "unknown option '$1'" ;;
  esac
  shift
done
[[ $bus =~ ^(redis|nats|)$ ]] || die "--bus: '$bus' is neither redis nor nats"
for extra in "${extras[@]}"; do
  [[ $extra =~ ^[A-Z][A-Z0-9_]*=[^\']*$ ]] || die "--set: '${extra%%=*}' must be NAME=VALUE, without single quotes"
done
umask 077

case $command in
  up) up ;;
  status) status ;;
  down) down ;;
  help | --help | -h) usage ;;
  *) usage >&2; die "unknown command '$command'" ;;
esac
