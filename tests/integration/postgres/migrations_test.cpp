#include "adapters/postgres/migrations.hpp"

#include <array>
#include <thread>
#include <vector>

#include "tests/integration/postgres/pool_fixture.hpp"

namespace liveops::test {
namespace {

using core::Errc;
using postgres::Migration;

constexpr std::array kSteps{Migration{1, "CREATE TABLE shop.a(x int); CREATE TABLE shop.b(x int)"},
                            Migration{2, "ALTER TABLE shop.a ADD y int"}};

class PostgresMigrations : public PoolTest {
 protected:
  core::Status migrate(std::span<const Migration> steps) { return run(postgres::migrate(*pool_, "shop", steps)); }
  std::vector<std::string> versions() {
    return server().execute(database_, "SELECT number FROM shop.schema_version ORDER BY number");
  }
};

TEST_F(PostgresMigrations, BringASchemaToTheLastVersionFromAny) {
  EXPECT_TRUE(migrate(std::span(kSteps).first(1)));
  EXPECT_EQ(versions(), (std::vector<std::string>{"1"}));
  EXPECT_TRUE(migrate(kSteps));
  EXPECT_TRUE(migrate(kSteps));
  EXPECT_EQ(versions(), (std::vector<std::string>{"1", "2"}));
  EXPECT_NO_THROW(server().execute(database_, "SELECT y FROM shop.a"));
}

TEST_F(PostgresMigrations, SchemaOfANewerReleaseIsRefused) {
  EXPECT_TRUE(migrate(kSteps));
  const auto refused = migrate(std::span(kSteps).first(1));
  EXPECT_EQ(refused.error().code, Errc::conflict);
  EXPECT_NE(refused.error().message.find("version 2, this release knows 1"), std::string::npos);
}

TEST_F(PostgresMigrations, StepThatFailsLeavesTheSchemaAsItWas) {
  constexpr std::array kBroken{kSteps[0], Migration{2, "CREATE TABLE shop.c(x int); SELECT nonsense"}};
  EXPECT_FALSE(migrate(kBroken));
  EXPECT_THROW(versions(), std::runtime_error);
  EXPECT_TRUE(migrate(kSteps));
}

TEST_F(PostgresMigrations, ReplicasMayStartTogether) {
  std::vector<std::jthread> replicas;
  for (int i = 0; i < 6; ++i) {
    replicas.emplace_back([this] {
      const auto pool = postgres::Pool::create(options(), log_, metrics_).value();
      const auto done = run(postgres::migrate(*pool, "shop", kSteps));
      EXPECT_TRUE(done) << done.error().detail;
    });
  }
  replicas.clear();
  EXPECT_EQ(versions(), (std::vector<std::string>{"1", "2"}));
}

TEST_F(PostgresMigrations, DatabaseThatCannotHoldEveryTextIsRefused) {
  const std::string latin = database_ + "_latin";
  server().execute("postgres", "CREATE DATABASE " + latin + " ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
  auto there = options();
  there.url = server().url(latin);
  make_pool(there);
  const auto refused = migrate(kSteps);
  EXPECT_EQ(refused.error().code, Errc::invalid_argument);
  EXPECT_NE(refused.error().message.find("UTF8"), std::string::npos);
}

}  // namespace
}  // namespace liveops::test
