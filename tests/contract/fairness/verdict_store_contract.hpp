#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "ports/verdict_store.hpp"

namespace liveops::test {

/// One adapter under the contract: makes stores over one set of data.
class VerdictStoreFixture {
 public:
  virtual ~VerdictStoreFixture() = default;
  /// The store, opened anew over the same data: what a restart sees.
  virtual ports::VerdictStore& reopen() = 0;
};

struct VerdictStoreAdapter {
  std::string name;
  std::function<std::unique_ptr<VerdictStoreFixture>()> make;  // keeps the newest 50 decisions
  friend std::ostream& operator<<(std::ostream& out, const VerdictStoreAdapter& adapter) { return out << adapter.name; }
};

class VerdictStoreContract : public ::testing::TestWithParam<VerdictStoreAdapter> {
 protected:
  void SetUp() override {
    fixture_ = GetParam().make();
    store_ = &fixture_->reopen();
  }
  ports::VerdictStore& store() { return *store_; }
  void restart() { store_ = &fixture_->reopen(); }

 private:
  std::unique_ptr<VerdictStoreFixture> fixture_;
  ports::VerdictStore* store_ = nullptr;
};

}  // namespace liveops::test
