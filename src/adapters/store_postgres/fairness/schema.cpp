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

// What a line of audit carries (ports/audit_chain.hpp), who is disqualified, and reviews. Lines from before have no
// link until the store is opened (adopt_audit). `outcome` NULL: undecided. Text that is searched for is ordered by
// bytes.
constexpr std::string_view kUndo = R"sql(
ALTER TABLE fairness.standings ADD COLUMN disqualified_since bigint, ADD COLUMN disqualified_for text;
ALTER TABLE fairness.outbox ADD COLUMN disqualified_since bigint, ADD COLUMN disqualified_for text,
  ADD COLUMN overturned_since bigint;

ALTER TABLE fairness.audit ADD COLUMN since bigint, ADD COLUMN position bigint, ADD COLUMN previous text,
  ADD COLUMN hash text;
CREATE UNIQUE INDEX audit_by_position ON fairness.audit(position) WHERE position IS NOT NULL;
CREATE INDEX audit_loose ON fairness.audit(number) WHERE position IS NULL;
DROP TRIGGER audit_is_never_changed ON fairness.audit;
CREATE TRIGGER audit_is_never_shortened BEFORE DELETE OR TRUNCATE ON fairness.audit
  FOR EACH STATEMENT EXECUTE FUNCTION fairness.refuse_change_of_audit();
CREATE TRIGGER audit_is_never_changed BEFORE UPDATE ON fairness.audit
  FOR EACH ROW WHEN (OLD.hash IS NOT NULL) EXECUTE FUNCTION fairness.refuse_change_of_audit();
CREATE TABLE fairness.audit_head(
  one boolean PRIMARY KEY CHECK(one),
  lines bigint NOT NULL,
  hash text NOT NULL,
  signature text NOT NULL);
INSERT INTO fairness.audit_head VALUES(true, 0, repeat('0', 64), '');

CREATE TABLE fairness.reviews(
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  player text COLLATE "C" NOT NULL,
  rule text COLLATE "C" NOT NULL,
  action text NOT NULL,
  evidence double precision NOT NULL,
  summary text NOT NULL,
  remark text NOT NULL,
  at bigint NOT NULL,
  remarks bigint NOT NULL,
  opened_at bigint NOT NULL,
  worker text,
  claimed_until bigint,
  outcome smallint,                -- ports::ReviewOutcome
  decided_by text,
  reason text,
  decided_at bigint,
  carried_out boolean);
CREATE UNIQUE INDEX reviews_undecided ON fairness.reviews(player, rule) WHERE outcome IS NULL;
CREATE INDEX reviews_of_player ON fairness.reviews(player, id);
CREATE INDEX reviews_decided ON fairness.reviews(decided_at) WHERE outcome IS NOT NULL;
CREATE INDEX reviews_to_carry_out ON fairness.reviews(id) WHERE NOT carried_out;
CREATE TABLE fairness.review_outcomes(
  rule text COLLATE "C" PRIMARY KEY,
  upheld bigint NOT NULL,
  overturned bigint NOT NULL);
)sql";

// What a judgement rested on, so that it can be made again.
constexpr std::string_view kDetail = "ALTER TABLE fairness.decisions ADD COLUMN detail text NOT NULL DEFAULT ''";

constexpr std::array kMigrations{postgres::Migration{1, kTables}, postgres::Migration{2, kUndo},
                                 postgres::Migration{3, kDetail}};

}  // namespace

std::span<const postgres::Migration> migrations() {
  return kMigrations;
}

}  // namespace liveops::adapters::store_postgres::fairness
