#include "gateway/fingerprint.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "core/crypto/digest.hpp"

namespace liveops::gateway {

ports::IdempotencyStore::Fingerprint Fingerprinter::operator()(const core::Event& event) {
  said_.clear();
  add(core::to_string(core::type_of(event)));
  add(event.player_id.str());
  if (event.occurred_at_given) add(event.occurred_at.time_since_epoch().count());
  add("");  // so that a time and a seq cannot be taken for one another
  if (event.seq) add(*event.seq);
  add("");
  add(event.payload_json);
  const auto digest = core::crypto::sha256(said_);
  ports::IdempotencyStore::Fingerprint fingerprint;
  std::copy_n(digest.begin(), fingerprint.size(), fingerprint.begin());
  return fingerprint;
}

void Fingerprinter::add(std::string_view part) {
  said_ += part;
  said_ += '\0';  // in none of the parts
}

void Fingerprinter::add(std::int64_t number) {
  std::array<char, 20> digits;
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  add(std::string_view(digits.data(), end));
}

}  // namespace liveops::gateway
