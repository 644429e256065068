#include "adapters/bus_inmem/dead_letter_box.hpp"

#include <charconv>
#include <utility>

namespace liveops::adapters::bus_inmem {

namespace {

std::optional<std::uint64_t> parse_id(std::string_view text) {
  std::uint64_t id = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return id;
}

}  // namespace

core::Status DeadLetterBox::add(ports::DeadLetter letter) {
  const std::lock_guard lock(mutex_);
  if (letters_.size() >= max_) {
    return core::fail(core::Errc::unavailable, "the dead-letter store is full: redrive some of what it holds");
  }
  letter.id = std::to_string(++last_id_);
  letters_.emplace(last_id_, std::move(letter));
  return {};
}

std::vector<ports::DeadLetter> DeadLetterBox::list(std::size_t limit, std::string_view after) const {
  const std::lock_guard lock(mutex_);
  std::vector<ports::DeadLetter> found;
  for (auto it = letters_.upper_bound(parse_id(after).value_or(0)); it != letters_.end() && found.size() < limit;
       ++it) {
    found.push_back(it->second);
  }
  return found;
}

core::Result<ports::DeadLetter> DeadLetterBox::find(std::string_view id) const {
  const std::lock_guard lock(mutex_);
  const auto found = letters_.find(parse_id(id).value_or(0));
  if (found == letters_.end()) return core::fail(core::Errc::not_found, "no such dead letter");
  return found->second;
}

void DeadLetterBox::remove(std::string_view id) {
  const std::lock_guard lock(mutex_);
  letters_.erase(parse_id(id).value_or(0));
}

}  // namespace liveops::adapters::bus_inmem
