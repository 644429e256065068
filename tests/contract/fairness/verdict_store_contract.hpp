#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>

#include "ports/audit_trail.hpp"
#include "ports/review_store.hpp"
#include "ports/verdict_store.hpp"

namespace liveops::test {

/// Signs the audit's end in these tests.
inline constexpr std::string_view kAuditSecret = "a secret of the audit, 32 bytes.";

/// The stores of fairness, over one set of data.
struct FairnessStores {
  ports::VerdictStore* verdicts = nullptr;
  ports::ReviewStore* reviews = nullptr;
  ports::AuditTrail* audit = nullptr;
};

/// One adapter under the contract: makes stores over one set of data.
class VerdictStoreFixture {
 public:
  virtual ~VerdictStoreFixture() = default;
  /// The stores, opened anew over the same data: what a restart sees.
  virtual FairnessStores reopen() = 0;
  /// Runs SQL on the data as somebody would who may do anything: no trigger is in his way. The schema's name before
  /// each table is "fairness.", which an adapter without schemas leaves out.
  virtual void tamper(const std::string& sql) = 0;
};

struct VerdictStoreAdapter {
  std::string name;
  std::function<std::unique_ptr<VerdictStoreFixture>()> make;  // keeps the newest 50 decisions
  friend std::ostream& operator<<(std::ostream& out, const VerdictStoreAdapter& adapter) { return out << adapter.name; }
};

/// Every adapter of the ports: one that is missing here does not exist.
[[nodiscard]] std::vector<VerdictStoreAdapter> fairness_adapters();

class FairnessContract : public ::testing::TestWithParam<VerdictStoreAdapter> {
 protected:
  void SetUp() override {
    fixture_ = GetParam().make();
    stores_ = fixture_->reopen();
  }
  ports::VerdictStore& store() { return *stores_.verdicts; }
  ports::ReviewStore& reviews() { return *stores_.reviews; }
  ports::AuditTrail& audit() { return *stores_.audit; }
  void restart() { stores_ = fixture_->reopen(); }
  void tamper(const std::string& sql) { fixture_->tamper(sql); }

 private:
  std::unique_ptr<VerdictStoreFixture> fixture_;
  FairnessStores stores_;
};

class VerdictStoreContract : public FairnessContract {};
class ReviewStoreContract : public FairnessContract {};

}  // namespace liveops::test
