#!/usr/bin/env bash
# The whole job on signed events, in a temporary directory: serve, send the samples, simulate 20 s with cheaters, then show
# ranks, progress, a claimed and verified receipt, the flagged players, and whether the books balance. Exit 0 only if they do.
# usage: tools/demo.sh [SECONDS]; LIVEOPS_BIN: the program, bin/liveops if not given
set -euo pipefail
cd "$(dirname "$(readlink -f "$0")")/.."

seconds=${1:-20}
liveops=${LIVEOPS_BIN:-bin/liveops}
directory=$(mktemp -d "${TMPDIR:-/tmp}/liveops-demo-XXXXXX")
server=
finish() {
  [[ -n $server ]] && kill "$server" 2>/dev/null && wait "$server" 2>/dev/null
  rm -rf "$directory"
}
trap finish EXIT

title() { printf '\n\033[1m== %s\033[0m\n' "$*"; }
die() { printf 'demo: %s\n' "$*" >&2; exit 1; }

title "liveops serve, on free ports, data in $directory"
listen=127.0.0.1:0
env GATEWAY_LISTEN=$listen FAIRNESS_LISTEN=$listen PROGRESSION_LISTEN=$listen LEADERBOARD_LISTEN=$listen \
  "$liveops" serve --data-dir "$directory/data" >"$directory/banner" 2>"$directory/log" &
server=$!
for _ in $(seq 200); do
  grep -q '"message":"ready"' "$directory/log" 2>/dev/null && break
  kill -0 "$server" 2>/dev/null || { cat "$directory/log" >&2; die "the server ended: see above"; }
  sleep 0.1
done
cat "$directory/banner"
url_of() { jq -r --arg service "$1" 'select(.message == "listening" and .service == $service) | .url' "$directory/log" | head -n 1; }
gateway=$(url_of gateway) fairness=$(url_of fairness) progression=$(url_of progression) leaderboard=$(url_of leaderboard)
[[ -n $gateway && -n $fairness && -n $leaderboard ]] || { cat "$directory/log" >&2; die "the server did not say where it listens"; }
set -a
# shellcheck source=/dev/null
. "$directory/data/secrets.env"
set +a
api=(-sS -H "Authorization: Bearer $API_TOKEN")
admin=(-sS -H "Authorization: Bearer $ADMIN_TOKEN")

title "sample events, signed and sent"
"$liveops" send --url "$gateway" sample_events/*.json sample_events/*.ndjson

title "$seconds s of players, one in twenty a cheater"
balanced=0
"$liveops" simulate --gateway "$gateway" --fairness "$fairness" --progression "$progression" --leaderboard "$leaderboard" \
  --players 500 --cheaters 0.05 --rate 2000 --duration "$seconds" --seed 7 --run-id demo || balanced=$?

for window in daily weekly seasonal; do
  title "top 10, $window"
  curl -sS "$leaderboard/leaderboard?board=score&window=$window&limit=10" |
    jq -r '.entries[] | "\(.rank)\t\(.player_id)\t\(.score)\t\(.achieved_at)"' | column -t -s $'\t'
done

player=$(curl -sS "$leaderboard/leaderboard?board=xp&limit=1" | jq -r '.entries[0].player_id')
title "progress of $player"
curl "${api[@]}" "$progression/players/$player/progress" | jq -c .

title "a reward, claimed, its receipt verified"
reward=$(curl "${api[@]}" "$progression/players/$player/rewards" | jq -r 'first(.rewards[] | select(.state == "earned") | .reward_id)')
[[ -n $reward && $reward != null ]] || die "$player has earned no reward"
token=$(curl "${api[@]}" -H 'Content-Type: application/json' -d "{\"player_id\":\"$player\",\"reward_id\":\"$reward\"}" \
  "$progression/rewards/claim" | tee "$directory/claim" | jq -r .token)
jq -c .receipt "$directory/claim"
"$liveops" receipt verify "$token" || die "the receipt does not verify"

title "flagged players"
curl "${admin[@]}" "$fairness/flags?limit=5" | jq -r '.players[]?.player_id' | while read -r flagged; do
  curl "${admin[@]}" "$fairness/players/$flagged" |
    jq -r '"\(.player_id): \(.standing.state // .state // "flagged")  \([.decisions[]?.explanation] | unique | .[0:2] | join("; "))"'
done

echo
if [[ $balanced -eq 0 ]]; then
  echo "The books balance: every accepted event is in the progress and in the ranks exactly once."
else
  echo "THE BOOKS DO NOT BALANCE: see the table above." >&2
  exit 1
fi
