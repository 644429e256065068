#include "gateway/batch_result.hpp"

#include <algorithm>
#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>
#include <charconv>
#include <utility>

#include "gateway/problems.hpp"

namespace liveops::gateway {

namespace http = core::http;

namespace {

constexpr std::size_t kBytesPerItem = 96;
constexpr std::array kStatuses{ItemStatus::accepted, ItemStatus::duplicate, ItemStatus::rejected, ItemStatus::retry};

void append_number(std::string& out, std::size_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  out.append(digits.data(), end);
}

void append_string(std::string& out, std::string_view text) {
  out += boost::json::serialize(boost::json::string(text.data(), text.size()));
}

}  // namespace

std::string_view to_string(ItemStatus status) {
  switch (status) {
    case ItemStatus::accepted:
      return "accepted";
    case ItemStatus::duplicate:
      return "duplicate";
    case ItemStatus::rejected:
      return "rejected";
    case ItemStatus::retry:
      return "retry";
  }
  return "retry";
}

ItemStatus status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted:
      return ItemStatus::accepted;
    case Outcome::duplicate:
      return ItemStatus::duplicate;
    case Outcome::key_reused:
    case Outcome::blocked:
    case Outcome::too_large:
      return ItemStatus::rejected;
    case Outcome::in_progress:
    case Outcome::throttled:
    case Outcome::unavailable:
      return ItemStatus::retry;
  }
  return ItemStatus::retry;
}

BatchResult::BatchResult(std::size_t items, core::Timestamp now) : now_(now) {
  body_.reserve((items + 1) * kBytesPerItem);
  body_ += R"({"results":[)";
}

void BatchResult::add_faulty(const std::optional<core::EventId>& id, const core::Faults& faults) {
  open(id ? &*id : nullptr, ItemStatus::rejected);
  member("code", "invalid_event");
  if (!faults.empty()) {
    member("detail", faults.front().detail);
    member("pointer", faults.front().pointer);
  }
  body_ += R"(,"errors":[)";
  for (const auto& fault : faults) {
    body_ += &fault == &faults.front() ? R"({"detail":)" : R"(,{"detail":)";
    append_string(body_, fault.detail);
    body_ += R"(,"pointer":)";
    append_string(body_, fault.pointer);
    body_ += '}';
  }
  body_ += "]}";
}

void BatchResult::add(const core::EventId& id, const Decision& decision) {
  const auto status = status_of(decision.outcome);
  open(&id, status);
  if (status == ItemStatus::rejected || status == ItemStatus::retry) {
    const auto problem = outcome_problem(decision, now_);
    member("code", code_of(decision.outcome));
    member("detail", problem.detail);
    if (!decision.verdict.decision_id.empty()) member("decision_id", decision.verdict.decision_id);
    if (status == ItemStatus::retry) {
      const auto wait = problem.retry_after.value_or(std::chrono::seconds(1));
      retry_after_ = std::max(retry_after_.value_or(wait), wait);
    }
  }
  body_ += '}';
}

http::Response BatchResult::response() && {
  body_ += ']';
  for (const auto status : kStatuses) {
    body_.append(",\"").append(to_string(status)).append("\":");
    append_number(body_, counts_[static_cast<std::size_t>(status)]);
  }
  body_ += '}';
  http::Response response{.status = 202, .body = std::move(body_)};
  if (retry_after_) response.with("Retry-After", std::to_string(retry_after_->count()));
  return response;
}

void BatchResult::open(const core::EventId* id, ItemStatus status) {
  body_ += index_ == 0 ? R"({"index":)" : R"(,{"index":)";
  append_number(body_, index_++);
  if (id != nullptr) {
    std::array<char, core::EventId::kTextChars> text;
    id->write(text);
    body_.append(R"(,"event_id":")").append(text.data(), text.size()).append("\"");
  }
  body_.append(R"(,"status":")").append(to_string(status)).append("\"");
  ++counts_[static_cast<std::size_t>(status)];
}

void BatchResult::member(std::string_view name, std::string_view text) {
  body_.append(",\"").append(name).append("\":");
  append_string(body_, text);
}

}  // namespace liveops::gateway
