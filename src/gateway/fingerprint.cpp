#include "gateway/fingerprint.hpp"

#include <algorithm>
#include <string>

#include "core/crypto/digest.hpp"

namespace liveops::gateway {

ports::IdempotencyStore::Fingerprint fingerprint_of(const core::Event& event) {
  constexpr std::size_t kAllButPayload = 128;
  std::string said;
  said.reserve(kAllButPayload + event.payload_json.size());
  const auto add = [&said](std::string_view part) {
    said += part;
    said += '\0';  // in none of the parts
  };
  add(core::to_string(core::type_of(event)));
  add(event.player_id.str());
  add(event.occurred_at_given ? std::to_string(event.occurred_at.time_since_epoch().count()) : std::string());
  add(event.seq ? std::to_string(*event.seq) : std::string());
  add(event.payload_json);
  const auto digest = core::crypto::sha256(said);
  ports::IdempotencyStore::Fingerprint fingerprint;
  std::copy_n(digest.begin(), fingerprint.size(), fingerprint.begin());
  return fingerprint;
}

}  // namespace liveops::gateway
