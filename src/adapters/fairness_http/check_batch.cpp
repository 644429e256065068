#include "adapters/fairness_http/check_batch.hpp"

#include <array>
#include <boost/json.hpp>
#include <charconv>
#include <optional>
#include <variant>

#include "core/time.hpp"

namespace liveops::adapters::fairness_http {
namespace {

namespace json = boost::json;

/// Writes the payload's members. Names and numbers need no escaping.
class PayloadWriter {
 public:
  explicit PayloadWriter(std::string& body) : body_(body) {}

  void operator()(const core::Progression& event) {
    number("xp", event.xp);
    number("score", event.score);
  }
  void operator()(const core::BossKill& event) {
    name("boss_id", event.boss_id.str());
    number("score", event.score);
    number("xp", event.xp);
  }
  void operator()(const core::DropClaimed& event) {
    name("drop_id", event.drop_id.str());
    name("item_id", event.item_id.str());
    number("quantity", event.quantity);
  }

 private:
  void member(std::string_view key) {
    body_.append(first_ ? "\"" : ",\"").append(key).append("\":");
    first_ = false;
  }
  void name(std::string_view key, std::string_view value) {
    member(key);
    body_.append("\"").append(value).append("\"");
  }
  void number(std::string_view key, std::optional<std::int64_t> value) {
    if (!value) return;
    member(key);
    std::array<char, 24> digits;
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), *value);
    body_.append(digits.data(), end.ptr);
  }

  std::string& body_;
  bool first_ = true;
};

std::unexpected<core::Error> unreadable(std::string why) {
  return core::fail(core::Errc::corrupt, "fairness gave an answer that cannot be read", std::move(why));
}

std::optional<std::string_view> text_of(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  const json::string* text = value == nullptr ? nullptr : value->if_string();
  if (text == nullptr) return std::nullopt;
  return std::string_view(text->data(), text->size());
}

core::Result<core::Verdict> read_verdict(const json::value& value) {
  const json::object* object = value.if_object();
  const auto name = object == nullptr ? std::nullopt : text_of(*object, "action");
  const auto action = name ? core::parse_verdict_action(*name) : std::nullopt;
  if (!action) return unreadable("a verdict without a known action");
  core::Verdict verdict{.action = *action};
  if (object->size() == 1) return verdict;  // a plain allow: nearly all of them
  verdict.reason = text_of(*object, "reason").value_or("");
  verdict.decision_id = text_of(*object, "decision_id").value_or("");
  if (const auto until = text_of(*object, "until")) {
    const auto time = core::parse_rfc3339(*until);
    if (!time) return unreadable("`until` is not a time");
    verdict.until = *time;
  }
  return verdict;
}

}  // namespace

void append_event(std::string& body, const core::Event& event) {
  std::array<char, core::EventId::kTextChars> id;
  event.id.write(id);
  body.append(R"({"event_id":")").append(id.data(), id.size());
  body.append(R"(","type":")").append(core::to_string(core::type_of(event)));
  body.append(R"(","player_id":")").append(event.player_id.str()).append(R"(","payload":{)");
  std::visit(PayloadWriter(body), event.payload);
  body.append("}}");
}

core::Result<std::vector<core::Verdict>> read_verdicts(std::string_view body, std::size_t expected) {
  boost::system::error_code error;
  const json::value value = json::parse(body, error);
  if (error) return unreadable("not JSON: " + error.message());
  const json::object* object = value.if_object();
  const json::value* list = object == nullptr ? nullptr : object->if_contains("verdicts");
  const json::array* items = list == nullptr ? nullptr : list->if_array();
  if (items == nullptr) return unreadable("without a list `verdicts`");
  if (items->size() != expected) {
    return unreadable(std::to_string(items->size()) + " verdicts for " + std::to_string(expected) + " events");
  }
  std::vector<core::Verdict> verdicts;
  verdicts.reserve(items->size());
  for (const json::value& item : *items) {
    auto verdict = read_verdict(item);
    if (!verdict) return std::unexpected(verdict.error());
    verdicts.push_back(std::move(*verdict));
  }
  return verdicts;
}

}  // namespace liveops::adapters::fairness_http
