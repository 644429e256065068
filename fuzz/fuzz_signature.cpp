#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/auth/key_ring.hpp"
#include "core/auth/request_signature.hpp"
#include "core/event_parser.hpp"
#include "fuzz/event_checks.hpp"

using namespace liveops;
using core::auth::KeyRing;
using core::auth::SignatureVerifier;

namespace {

const std::string kSecret = "0123456789abcdef0123456789abcdef";

/// The lines of the input: key ring secrets first, then "Name: value" headers, then, after an empty line, the body.
std::string_view take_line(std::string_view& rest) {
  const auto end = rest.find('\n');
  const auto line = rest.substr(0, end);
  rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
  return line;
}

void check_key_ring(std::string_view secret, std::string_view keys) {
  const auto ring = KeyRing::parse(secret, keys);
  if (!ring) {
    fuzz::require(!ring.error().message.empty(), "a refused key ring says why");
    return;
  }
  fuzz::require(!ring->keys().empty(), "a key ring holds a key");
  for (const auto& key : ring->keys()) {
    fuzz::require(key.secret.size() >= core::auth::kMinSecretBytes, "no key is short");
    fuzz::require(core::is_valid_name(key.id.str()), "a key id is a name");
    fuzz::require(ring->find(key.id.str()) != nullptr, "a key is found by its id");
  }
}

void check_verifier(const core::http::Request& request) {
  for (const bool require_timestamp : {true, false}) {
    const SignatureVerifier verifier(KeyRing({{core::KeyId::trusted("default"), kSecret}}),
                                     {.require_timestamp = require_timestamp});
    const auto key = verifier.verify(request, fuzz::kNow);
    if (key) continue;  // seeds hold right signatures
    fuzz::require(key.error().code == core::Errc::unauthenticated, "a refusal is unauthenticated");
    fuzz::require(!key.error().message.empty(), "a refusal says which header is wrong");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  const auto secret = take_line(rest);
  const auto keys = take_line(rest);
  check_key_ring(secret, keys);

  std::vector<core::http::HeaderView> headers;
  while (!rest.empty()) {
    const auto line = take_line(rest);
    if (line.empty()) break;
    const auto colon = line.find(": ");
    if (colon != std::string_view::npos) headers.emplace_back(line.substr(0, colon), line.substr(colon + 2));
  }
  core::http::Request request;
  request.method = "POST";
  request.target = request.path = "/events";
  request.headers = headers;
  request.body = rest;
  check_verifier(request);

  const auto key = core::parse_idempotency_key(request.header("Idempotency-Key"));
  if (key) fuzz::require(!key->empty() && key->size() <= 255, "an idempotency key is bounded");
  return 0;
}
