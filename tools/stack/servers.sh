# PostgreSQL, Redis and NATS of a stack: sourced by tools/stack.sh. All on loopback, with passwords, files for their owner only.
# shellcheck shell=bash disable=SC2154  # $directory, $port and $secret are the caller's

# The account that PostgreSQL runs as, where that is not the caller's: it refuses root.
database_account() { [[ $EUID -ne 0 ]] || echo postgres; }

# as_database_account COMMAND...
as_database_account() {
  local account
  account=$(database_account)
  if [[ -z $account ]]; then "$@"; else setpriv --reuid="$account" --regid="$account" --init-groups -- "$@"; fi
}

# Debian keeps the programs of each release of PostgreSQL in a folder of its own; the newest one is taken.
postgres_programs() {
  local newest
  newest=$(compgen -G '/usr/lib/postgresql/*/bin/postgres' | sort -V | tail -n 1)
  [[ -n $newest ]] || die "PostgreSQL is not installed: apt-get install postgresql"
  dirname "$newest"
}

# Where PostgreSQL keeps its data: in the stack's directory, unless its account may not enter that.
database_directory() {
  local name
  if [[ -f $directory/postgres.path ]]; then cat "$directory/postgres.path"; return; fi
  mkdir -p "$directory/postgres"
  [[ -z $(database_account) ]] || chown "$(database_account):" "$directory/postgres"
  if as_database_account test -x "$directory/postgres" 2>/dev/null; then
    echo "$directory/postgres"
    return
  fi
  rmdir "$directory/postgres"
  name=/var/lib/liveops-stack/$(printf %s "$directory" | sha256sum | cut -c1-12)
  say "the account '$(database_account)' may not enter $directory: PostgreSQL's data goes to $name"
  install -d -m 0711 /var/lib/liveops-stack
  install -d -m 0700 -o "$(database_account)" "$name"
  echo "$name" | tee "$directory/postgres.path"
}

make_database() {
  local programs=$1 home=$2 log=$directory/log/postgres.log
  as_database_account tee "$home/password" >/dev/null <<<"${secret[POSTGRES_PASSWORD]}" || return 1
  as_database_account env LC_ALL=C "$programs/initdb" --pgdata="$home/data" --username=liveops --auth=scram-sha-256 \
    --pwfile="$home/password" --encoding=UTF8 --locale=C --no-instructions >>"$log" 2>&1 || return 1
  rm "$home/password"
  as_database_account "$programs/postgres" --single -D "$home/data" postgres <<<'CREATE DATABASE liveops' >>"$log" 2>&1
}

start_postgres() {
  local programs home
  programs=$(postgres_programs)
  home=$(database_directory)
  cd "$home" || return  # a place that its account may enter
  if [[ ! -f $home/data/made ]]; then
    say "making the database (once)"
    rm -rf "$home/data"
    make_database "$programs" "$home" || give_up postgres "the database could not be made"
    as_database_account touch "$home/data/made"
  fi
  local program=(env LC_ALL=C "$programs/postgres" -D "$home/data" -c listen_addresses=127.0.0.1 -c "port=${port[postgres]}"
    -c unix_socket_directories= -c max_connections=100 -c log_min_messages=warning)
  if [[ -z $(database_account) ]]; then
    spawn postgres "${program[@]}"
  else
    spawn postgres setpriv --reuid="$(database_account)" --regid="$(database_account)" --init-groups -- "${program[@]}"
  fi
  cd "$directory" || return
  await postgres "$programs/pg_isready" -q -h 127.0.0.1 -p "${port[postgres]}"
}

redis_answers() {
  [[ $(REDISCLI_AUTH=${secret[REDIS_PASSWORD]} redis-cli -h 127.0.0.1 -p "${port[redis]}" ping 2>/dev/null) == PONG ]]
}

start_redis() {
  mkdir -p redis
  cat >redis/redis.conf <<CONF
bind 127.0.0.1
port ${port[redis]}
requirepass ${secret[REDIS_PASSWORD]}
dir $directory/redis
appendonly yes
appendfsync everysec
save ""
maxmemory-policy noeviction
CONF
  spawn redis redis-server "$directory/redis/redis.conf"
  await redis redis_answers
}

nats_listens() { (exec 3<>"/dev/tcp/127.0.0.1/${port[nats]}") 2>/dev/null; }

start_nats() {
  mkdir -p nats
  cat >nats/nats.conf <<CONF
host: 127.0.0.1
port: ${port[nats]}
authorization { user: liveops, password: "${secret[NATS_PASSWORD]}" }
jetstream { store_dir: "$directory/nats/store", max_file_store: 32GB }
CONF
  spawn nats nats-server -c "$directory/nats/nats.conf"
  await nats nats_listens
}
