#include "adapters/store_postgres/fairness/schema.hpp"

#include <array>

namespace liveops::adapters::store_postgres::fairness {
namespace {

// Times are microseconds since 1970; states are names, as in VerdictAction. `until` NULL: no end. Players are ordered
// by bytes, as the program orders them.
constexpr std::string_view kTables = R"sql(
CREATE TABLE fairness.standings(
  player text COLLATE "C" PRIMARY KEY,
  state text NOT NULL,
  until bigint,
  version bigint NOT NULL,
  reason text NOT NULL,
  rule text NOT NULL,
  policy text NOT NULL,
  decision text NOT NULL,
  at bigint NOT NULL,
  action text NOT NULL,
  written_by xid8 NOT NULL,
  over_at bigint GENERATED ALWAYS AS
    (CASE WHEN state = 'allow' THEN at WHEN until IS NULL THEN NULL ELSE greatest(at, until) END) STORED);
CREATE INDEX standings_by_writer ON fairness.standings(written_by);
CREATE INDEX standings_by_end ON fairness.standings(over_at) WHERE over_at IS NOT NULL;

CREATE TABLE fairness.decisions(
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  id text COLLATE "C" NOT NULL UNIQUE,
  player text COLLATE "C" NOT NULL,
  event_id bytea NOT NULL,
  action text NOT NULL,
  rule text NOT NULL,
  mode text NOT NULL,
  observed double precision NOT NULL,
  expected double precision NOT NULL,
  evidence double precision NOT NULL,
  explanation text NOT NULL,
  policy text NOT NULL,
  at bigint NOT NULL);
CREATE INDEX decisions_by_player ON fairness.decisions(player, number);

CREATE TABLE fairness.flagged(
  player text COLLATE "C" PRIMARY KEY,
  latest bigint NOT NULL UNIQUE,
  count bigint NOT NULL);

CREATE TABLE fairness.audit(
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  player text COLLATE "C" NOT NULL,
  actor text NOT NULL,
  action text NOT NULL,
  reason text NOT NULL,
  until bigint,
  at bigint NOT NULL);
CREATE INDEX audit_by_player ON fairness.audit(player, number);
CREATE FUNCTION fairness.refuse_change_of_audit() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit is append-only'; END $$;
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON fairness.audit
  FOR EACH STATEMENT EXECUTE FUNCTION fairness.refuse_change_of_audit();

CREATE TABLE fairness.outbox(
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  player text COLLATE "C" NOT NULL,
  blocked boolean NOT NULL,
  until bigint,
  version bigint NOT NULL,
  at bigint NOT NULL,
  reason text NOT NULL);
)sql";

constexpr std::array kMigrations{postgres::Migration{1, kTables}};

}  // namespace

std::span<const postgres::Migration> migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_postgres::fairness
