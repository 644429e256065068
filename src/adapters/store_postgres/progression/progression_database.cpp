#include "adapters/store_postgres/progression/progression_database.hpp"

#include "adapters/store_postgres/progression/schema.hpp"

namespace liveops::adapters::store_postgres::progression {

ports::Task<std::unique_ptr<ProgressionDatabase>> ProgressionDatabase::open(postgres::Pool& pool) {
  if (auto done = co_await postgres::migrate(pool, kSchema, migrations()); !done) {
    co_return std::unexpected(done.error());
  }
  co_return std::unique_ptr<ProgressionDatabase>(new ProgressionDatabase(pool));
}

std::string ProgressionDatabase::name() const {
  return "store";
}

ports::Task<void> ProgressionDatabase::check() {
  return pool_.check();
}

}  // namespace liveops::adapters::store_postgres::progression
