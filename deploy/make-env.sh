#!/bin/bash
# Prints settings with new random secrets: for compose (into deploy/.env) and for Kubernetes (into a secret).
# usage: deploy/make-env.sh compose >deploy/.env
#        deploy/make-env.sh kubernetes DB_URL REDIS_URL >secret.env
set -euo pipefail
umask 077

random() { head -c 32 /dev/urandom | od -An -tx1 | tr -d ' \n'; }

services_secrets() {
  local name
  for name in HMAC_SECRET API_TOKEN ADMIN_TOKEN RECEIPT_SECRET; do echo "$name=$(random)"; done
}

compose() {
  local postgres redis nats
  postgres=$(random) redis=$(random)
  nats=n$(random)  # a letter first: nats-server must not take it for a number
  echo "# Secrets of the compose stack: keep them. Made by deploy/make-env.sh; the settings that are no secret are in compose.yaml."
  services_secrets
  echo "POSTGRES_PASSWORD=$postgres"
  echo "REDIS_PASSWORD=$redis"
  echo "NATS_PASSWORD=$nats"
  echo "DB_URL=postgresql://liveops:$postgres@postgres:5432/liveops"
  echo "REDIS_URL=redis://default:$redis@redis:6379/0"
  echo "NATS_URL=nats://liveops:$nats@nats:4222"
}

kubernetes() {
  services_secrets
  echo "DB_URL=$1"
  echo "REDIS_URL=$2"
}

case ${1:-} in
  compose) compose ;;
  kubernetes) [[ $# -eq 3 ]] || { echo "make-env.sh: kubernetes needs DB_URL and REDIS_URL" >&2; exit 2; }; kubernetes "$2" "$3" ;;
  *) sed -n '2,4s/^# //p' "$0" >&2; exit 2 ;;
esac
