// The low-level SHA256_* calls are deprecated in OpenSSL 3, but on the short messages of this system the EVP ones spend
// more on fetching, allocating and copying their contexts than on hashing: a MAC of 200 bytes under a prepared key
// takes about three times as long by EVP_MAC_CTX_dup. A context re-initialised in place is nearly as quick, but not
// shareable.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "core/crypto/digest.hpp"

#include <openssl/crypto.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include <algorithm>
#include <stdexcept>

namespace liveops::core::crypto {
namespace {

constexpr std::size_t kBlockBytes = SHA256_CBLOCK;

void start_with_pad(SHA256_CTX& context, const std::array<std::uint8_t, kBlockBytes>& key, std::uint8_t pad) {
  std::array<std::uint8_t, kBlockBytes> block;
  std::ranges::transform(key, block.begin(),
                         [pad](std::uint8_t byte) { return static_cast<std::uint8_t>(byte ^ pad); });
  SHA256_Init(&context);
  SHA256_Update(&context, block.data(), block.size());
  OPENSSL_cleanse(block.data(), block.size());
}

}  // namespace

Sha256Digest sha256(std::string_view data) {
  SHA256_CTX context;
  SHA256_Init(&context);
  SHA256_Update(&context, data.data(), data.size());
  Sha256Digest digest;
  SHA256_Final(digest.data(), &context);
  return digest;
}

struct Sha256::State {
  SHA256_CTX context;
};

Sha256::Sha256() : state_(std::make_unique<State>()) {
  SHA256_Init(&state_->context);
}
Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::update(std::string_view data) {
  SHA256_Update(&state_->context, data.data(), data.size());
}

Sha256Digest Sha256::finish() {
  Sha256Digest digest;
  SHA256_Final(digest.data(), &state_->context);
  return digest;
}

Sha256Digest hmac_sha256(std::string_view key, std::string_view data) {
  return HmacKey(key).sign(std::span(&data, 1));
}

/// The two hash states after their key blocks (RFC 2104 section 4): a MAC copies them instead of hashing the key again.
struct HmacKey::State {
  SHA256_CTX inner;
  SHA256_CTX outer;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() { OPENSSL_cleanse(this, sizeof *this); }
};

HmacKey::HmacKey(std::string_view key) : state_(std::make_unique<State>()) {
  std::array<std::uint8_t, kBlockBytes> block{};
  if (key.size() > kBlockBytes) {
    std::ranges::copy(sha256(key), block.begin());
  } else {
    std::ranges::copy(key, block.begin());
  }
  start_with_pad(state_->inner, block, 0x36);
  start_with_pad(state_->outer, block, 0x5C);
  OPENSSL_cleanse(block.data(), block.size());
}

HmacKey::~HmacKey() = default;
HmacKey::HmacKey(HmacKey&&) noexcept = default;
HmacKey& HmacKey::operator=(HmacKey&&) noexcept = default;

Sha256Digest HmacKey::sign(std::span<const std::string_view> parts) const {
  SHA256_CTX context = state_->inner;
  for (const std::string_view part : parts) SHA256_Update(&context, part.data(), part.size());
  Sha256Digest digest;
  SHA256_Final(digest.data(), &context);

  context = state_->outer;
  SHA256_Update(&context, digest.data(), digest.size());
  SHA256_Final(digest.data(), &context);
  return digest;
}

bool equal_constant_time(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string random_bytes(std::size_t count) {
  std::string bytes(count, '\0');
  // OpenSSL counts in int; no caller comes near.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1) {
    throw std::runtime_error("the system gave no random bytes");
  }
  return bytes;
}

}  // namespace liveops::core::crypto
