#include "fairness/review_request.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <initializer_list>
#include <optional>
#include <utility>

#include "core/ids.hpp"

namespace liveops::fairness {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxReasonBytes = 500;
constexpr std::int64_t kMaxLeaseSeconds = 86'400;

/// The members of a body, with the faults that were found on the way.
class Members {
 public:
  Members(std::string_view body, std::initializer_list<std::string_view> known) {
    boost::system::error_code error;
    json::value value = json::parse(body, error);
    if (error || !value.is_object()) {
      fault("#", R"(must be a JSON object such as {"worker": "ann"})");
      return;
    }
    object_ = std::move(value.get_object());
    for (const auto& member : object_) {
      if (std::ranges::find(known, std::string_view(member.key())) != known.end()) continue;
      fault("#", "has a member that is not known here");
      break;
    }
  }

  void fault(std::string pointer, std::string detail) {
    faults_.push_back({.pointer = std::move(pointer), .detail = std::move(detail)});
  }

  /// nullopt: absent, or no string.
  [[nodiscard]] std::optional<std::string> text(std::string_view name) const {
    const json::value* value = object_.if_contains(name);
    const json::string* string = value == nullptr ? nullptr : value->if_string();
    if (string == nullptr) return std::nullopt;
    return std::string(string->data(), string->size());
  }

  [[nodiscard]] std::string worker() {
    auto name = text("worker");
    if (name && core::is_valid_name(*name)) return std::move(*name);
    fault("#/worker", "is required: who reviews, 1-64 characters of [A-Za-z0-9._:-]");
    return {};
  }

  [[nodiscard]] const json::object& object() const { return object_; }
  [[nodiscard]] core::Faults take_faults() { return std::move(faults_); }
  [[nodiscard]] bool ok() const { return faults_.empty(); }

 private:
  json::object object_;
  core::Faults faults_;
};

}  // namespace

std::expected<ReviewClaim, core::Faults> read_review_claim(std::string_view body) {
  Members members(body, {"worker", "lease_s"});
  ReviewClaim claim{.worker = members.worker()};
  if (const json::value* lease = members.object().if_contains("lease_s")) {
    const std::int64_t* seconds = lease->if_int64();
    if (seconds == nullptr || *seconds < 1 || *seconds > kMaxLeaseSeconds) {
      members.fault("#/lease_s", "must be whole seconds, 1 to " + std::to_string(kMaxLeaseSeconds));
    } else {
      claim.lease = std::chrono::seconds(*seconds);
    }
  }
  if (!members.ok()) return std::unexpected(members.take_faults());
  return claim;
}

std::expected<ReviewVerdict, core::Faults> read_review_verdict(std::string_view body) {
  Members members(body, {"worker", "outcome", "reason"});
  ReviewVerdict verdict{.worker = members.worker()};
  const auto outcome = members.text("outcome");
  if (outcome == to_string(ports::ReviewOutcome::overturn)) {
    verdict.outcome = ports::ReviewOutcome::overturn;
  } else if (outcome != to_string(ports::ReviewOutcome::uphold)) {
    members.fault("#/outcome", "is required: uphold or overturn");
  }
  const auto reason = members.text("reason");
  if (!reason || reason->empty() || reason->size() > kMaxReasonBytes || reason->find('\0') != std::string::npos) {
    members.fault("#/reason", "is required: 1 to 500 bytes of text, without NUL, that say why");
  } else {
    verdict.reason = *reason;
  }
  if (!members.ok()) return std::unexpected(members.take_faults());
  return verdict;
}

}  // namespace liveops::fairness
