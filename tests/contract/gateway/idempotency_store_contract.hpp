#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>

#include "core/idempotency_table.hpp"
#include "ports/idempotency_store.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// How one adapter of IdempotencyStore is made, over the directory of the test.
struct IdempotencyStoreMaker {
  std::string name;
  std::function<std::unique_ptr<ports::IdempotencyStore>(const TempDir&, core::IdempotencyTable::Options)> make;
};

/// What every adapter of IdempotencyStore keeps.
class IdempotencyStoreContract : public testing::TestWithParam<IdempotencyStoreMaker> {
 protected:
  std::unique_ptr<ports::IdempotencyStore> make(core::IdempotencyTable::Options options = {}) {
    return GetParam().make(directory_, options);
  }

 private:
  TempDir directory_;
};

}  // namespace liveops::test
