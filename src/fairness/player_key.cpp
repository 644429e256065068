#include "fairness/player_key.hpp"

#include <bit>
#include <cstring>

namespace liveops::fairness {
namespace {

struct SipState {
  std::uint64_t v0, v1, v2, v3;

  void round() {
    v0 += v1;
    v1 = std::rotl(v1, 13) ^ v0;
    v0 = std::rotl(v0, 32);
    v2 += v3;
    v3 = std::rotl(v3, 16) ^ v2;
    v0 += v3;
    v3 = std::rotl(v3, 21) ^ v0;
    v2 += v1;
    v1 = std::rotl(v1, 17) ^ v2;
    v2 = std::rotl(v2, 32);
  }

  void absorb(std::uint64_t word) {
    v3 ^= word;
    round();
    v0 ^= word;
  }
};

}  // namespace

PlayerKey PlayerHasher::operator()(std::string_view player_id) const {
  SipState state{.v0 = seed_.first ^ 0x736f6d6570736575ULL,
                 .v1 = seed_.second ^ 0x646f72616e646f6dULL,
                 .v2 = seed_.first ^ 0x6c7967656e657261ULL,
                 .v3 = seed_.second ^ 0x7465646279746573ULL};
  const auto length = static_cast<std::uint64_t>(player_id.size());
  while (player_id.size() >= 8) {
    std::uint64_t word = 0;
    std::memcpy(&word, player_id.data(), 8);
    state.absorb(word);
    player_id.remove_prefix(8);
  }
  std::uint64_t last = length << 56U;
  for (std::size_t i = 0; i < player_id.size(); ++i) {
    last |= static_cast<std::uint64_t>(static_cast<unsigned char>(player_id[i])) << (8 * i);
  }
  state.absorb(last);
  state.v2 ^= 0xff;
  state.round();
  state.round();
  state.round();
  return PlayerKey{state.v0 ^ state.v1 ^ state.v2 ^ state.v3};
}

}  // namespace liveops::fairness
