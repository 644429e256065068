#include <CLI/CLI.hpp>
#include <fstream>
#include <iostream>
#include <span>
#include <string>
#include <vector>

#include "bench/load/made_events.hpp"
#include "core/auth/key_ring.hpp"
#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

/// Writes signed HTTP/1.1 requests for wrk to replay (bench/wrk/replay.lua). A record is two decimal lengths of eight
/// characters each, the part before the idempotency key and the part after it; wrk puts a number of its own between
/// them. A second part of length 0 is that of the record which stands as far behind the first key's. Signatures are of
/// the plain form, which covers the body alone.
namespace {

using liveops::core::auth::SigningKey;

struct Request {
  std::string before_key;
  std::string after_key;
};

Request sign(const SigningKey& key, const std::string& target, const std::string& body) {
  const auto mac = liveops::core::crypto::hmac_sha256(key.secret, body);
  return {.before_key = "POST " + target +
                        " HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nX-Key-Id: " + key.id.str() +
                        "\r\nX-Signature: sha256=" +
                        liveops::core::crypto::to_hex(liveops::core::crypto::as_bytes(mac)) + "\r\nIdempotency-Key: ",
          .after_key = "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body};
}

std::string padded(std::size_t length) {
  auto text = std::to_string(length);
  return std::string(8 - text.size(), ' ') + text;
}

void write(std::ofstream& file, const Request& request) {
  file << padded(request.before_key.size()) << padded(request.after_key.size()) << request.before_key
       << request.after_key;
}

void write_singles(std::ofstream& file, const SigningKey& key, std::uint64_t players) {
  const auto now = liveops::core::SystemClock().now();
  for (std::uint64_t player = 0; player < players; ++player) {
    write(file, sign(key, "/events", liveops::bench::make_event(player, now)));
  }
}

/// The same bodies under each of the keys: an event's identity is its key id and idempotency key, so all are new
/// events. A body stands in the file once: records of the second key on end where the body would begin.
void write_batches(std::ofstream& file, std::span<const SigningKey> keys, std::uint64_t players, std::size_t size) {
  const auto now = liveops::core::SystemClock().now();
  std::vector<std::string> bodies;
  for (std::uint64_t first = 0; first + size <= players; first += size) {
    bodies.push_back(liveops::bench::make_batch(first, players, size, now, "b-"));
  }
  for (const auto& key : keys) {
    for (const auto& body : bodies) {
      auto request = sign(key, "/events/batch", body);
      if (&key != &keys.front()) request.after_key.clear();
      write(file, request);
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Writes signed requests for wrk");
  std::string path;
  std::string key_list;
  std::uint64_t players = 20'000;
  std::size_t batch = 1;
  app.add_option("file", path)->required();
  app.add_option("--keys", key_list, "id:secret,...")->required();
  app.add_option("--players", players);
  app.add_option("--batch", batch, "events a request; 1: single events");
  CLI11_PARSE(app, argc, argv);
  const auto ring = liveops::core::auth::KeyRing::parse("", key_list);
  if (!ring) {
    std::cerr << "make_requests: " << ring.error().message << "\n";
    return 2;
  }
  std::ofstream file(path, std::ios::binary);
  if (batch == 1) {
    write_singles(file, ring->keys().front(), players);
  } else {
    write_batches(file, ring->keys(), players, batch);
  }
  file.flush();
  if (!file) std::cerr << "make_requests: cannot write " << path << "\n";
  return file ? 0 : 1;
}
