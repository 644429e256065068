# Processes that outlive the script: sourced by tools/stack.sh. Each has a file run/NAME.pid with its id, its start time and
# the boot it belongs to, so that an id that the kernel gave to somebody else since is never mistaken for ours.
# shellcheck shell=bash disable=SC2154  # $directory is the caller's

readonly poll_pause=0.05
boot_id=$(</proc/sys/kernel/random/boot_id)

# start_time PID: when it was started, in ticks since the boot. Fails for one that has ended, reaped or not.
start_time() {
  local stat fields
  { stat=$(<"/proc/$1/stat"); } 2>/dev/null || return 1
  read -ra fields <<<"${stat##*) }"  # "pid (name) state parent ...": the name may hold anything
  [[ ${fields[0]} != [ZX] ]] || return 1
  echo "${fields[19]}"
}

# pid_of NAME: its process id. Fails when it does not run.
pid_of() {
  local pid started boot
  { read -r pid started boot <"$directory/run/$1.pid"; } 2>/dev/null || return 1
  [[ $boot == "$boot_id" && $(start_time "$pid") == "$started" ]] || return 1
  echo "$pid"
}

runs() { pid_of "$1" >/dev/null; }
ended() { ! runs "$1"; }

# spawn NAME COMMAND...: starts it in a session of its own, output appended to log/NAME.log.
spawn() {
  local name=$1 pid
  shift
  setsid "$@" </dev/null >>"$directory/log/$name.log" 2>&1 9>&- &  # 9: the lock is not theirs
  pid=$!
  disown "$pid"
  printf '%s %s %s\n' "$pid" "$(start_time "$pid" || echo gone)" "$boot_id" >"$directory/run/$name.pid"
}

# wait_for SECONDS COMMAND...: until the command succeeds. Fails when it does not in time.
wait_for() {
  local end=$((SECONDS + $1))
  shift
  until "$@"; do
    ((SECONDS < end)) || return 1
    sleep "$poll_pause"
  done
}

# stop_process NAME SECONDS SIGNAL...: sends one signal after the other, each with that time, until it has ended. Fails when
# the first did not do.
stop_process() {
  local name=$1 seconds=$2 signal pid first=1
  shift 2
  for signal in "$@"; do
    if ! pid=$(pid_of "$name"); then break; fi
    ((first)) || say "$name has not ended within $seconds s: sending $signal"
    kill -s "$signal" "$pid" 2>/dev/null || true
    if wait_for "$seconds" ended "$name"; then break; fi
    first=0
  done
  ended "$name" || die "$name (process $(pid_of "$name")) does not end: look at $directory/log/$name.log"
  rm -f "$directory/run/$name.pid"
  ((first))
}

# port_taken PORT: whether anybody listens there, on any address.
port_taken() {
  local hex
  printf -v hex '%04X' "$1"
  grep -qsE "^ *[0-9]+: [0-9A-F]+:$hex [0-9A-F]+:[0-9A-F]+ 0A " /proc/net/tcp /proc/net/tcp6
}

# free_port TAKEN...: none of these, and below those that the kernel gives to outgoing connections.
free_port() {
  local candidate
  while candidate=$((20000 + RANDOM % 12000)); do
    if [[ " $* " != *" $candidate "* ]] && ! port_taken "$candidate"; then break; fi
  done
  echo "$candidate"
}
