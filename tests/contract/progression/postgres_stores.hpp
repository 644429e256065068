#pragma once

#include <memory>

#include "tests/contract/progression/stores.hpp"

namespace liveops::test {

/// The stores on PostgreSQL, on a server that the test program starts. One pair at a time.
[[nodiscard]] std::unique_ptr<Stores> make_postgres_stores();

}  // namespace liveops::test
