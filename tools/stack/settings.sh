# What a stack has written down, once: its secrets, its ports, and the settings made of them. Sourced by tools/stack.sh.
# shellcheck shell=bash disable=SC2154,SC2004  # $services, $bus and so on, some of them tables, are the caller's

read_table() {  # FILE TABLE: lines of NAME=VALUE
  local -n table=$2
  local name value
  [[ -f $1 ]] || return 0
  while IFS='=' read -r name value; do table[$name]=$value; done <"$1"
}

write_table() {  # FILE TABLE
  # shellcheck disable=SC2178
  local -n table=$2
  local name
  for name in "${!table[@]}"; do printf '%s=%s\n' "$name" "${table[$name]}"; done | sort >"$1.new"
  mv "$1.new" "$1"
}

settle_secrets() {
  local name
  for name in HMAC_SECRET API_TOKEN ADMIN_TOKEN RECEIPT_SECRET POSTGRES_PASSWORD REDIS_PASSWORD NATS_PASSWORD; do
    [[ -n ${secret[$name]:-} ]] || secret[$name]=$(head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n')
  done
  write_table secrets secret
}

# A port once chosen stays, unless somebody else listens there when it is needed again.
settle_ports() {
  local name wanted
  for name in "${servers[@]}" "${services[@]}"; do
    if runs "$name"; then continue; fi
    wanted=${port[$name]:-${preferred_port[$name]:-}}
    if [[ -n $wanted ]] && ! port_taken "$wanted"; then port[$name]=$wanted; continue; fi
    unset "port[$name]"
    port[$name]=$(free_port "${port[@]}")
    [[ -z $wanted ]] || say "port $wanted is taken by somebody else: $name gets ${port[$name]}"
  done
  write_table ports port
}

setting() { printf "export %s='%s'\n" "$1" "$2"; }

write_env() {
  local name extra upper
  {
    echo "# The stack in $directory, for '. $directory/env'. Made by ./dev up."
    for name in HMAC_SECRET API_TOKEN ADMIN_TOKEN RECEIPT_SECRET; do setting "$name" "${secret[$name]}"; done
    setting BUS_KIND "$bus"
    setting DB_URL "postgresql://liveops:${secret[POSTGRES_PASSWORD]}@127.0.0.1:${port[postgres]}/liveops"
    setting REDIS_URL "redis://default:${secret[REDIS_PASSWORD]}@127.0.0.1:${port[redis]}/0"
    setting NATS_URL "nats://liveops:${secret[NATS_PASSWORD]}@127.0.0.1:${port[nats]}"
    setting DATA_DIR "$directory/data"
    setting RULES_FILE "$root/config/liveops.toml"
    for name in "${services[@]}"; do
      upper=${name^^}
      setting "${upper}_LISTEN" "127.0.0.1:${port[$name]}"
      setting "${upper}_URL" "http://127.0.0.1:${port[$name]}"
    done
    for extra in "${extras[@]}"; do setting "${extra%%=*}" "${extra#*=}"; done
  } >env.new
  mv env.new env
}
