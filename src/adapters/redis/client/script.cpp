#include <openssl/evp.h>

#include <array>
#include <stdexcept>
#include <utility>

#include "adapters/redis/client/client.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::adapters::redis {

namespace {

/// What EVALSHA goes by; not a matter of security.
std::string sha1_hex(const std::string& text) {
  std::array<char, 20> digest{};
  unsigned int size = 0;
  if (EVP_Digest(text.data(), text.size(), reinterpret_cast<unsigned char*>(digest.data()), &size, EVP_sha1(),
                 nullptr) != 1) {
    throw std::runtime_error("OpenSSL has no SHA-1, which scripts in Redis need");
  }
  return core::crypto::to_hex({digest.data(), size});
}

Command evaluation(std::string command, const std::string& script, const Script::Input& input) {
  Command out;
  out.reserve(3 + input.keys.size() + input.arguments.size());
  out.push_back(std::move(command));
  out.push_back(script);
  out.push_back(std::to_string(input.keys.size()));
  out.insert(out.end(), input.keys.begin(), input.keys.end());
  out.insert(out.end(), input.arguments.begin(), input.arguments.end());
  return out;
}

bool script_unknown(const core::Result<Reply>& reply) {
  return !reply && reply.error().code == core::Errc::not_found;
}

}  // namespace

Script::Script(std::string source) : source_(std::move(source)), sha1_(sha1_hex(source_)) {}

ports::Task<Reply> Script::run(Client& client, std::vector<std::string> keys,
                               std::vector<std::string> arguments) const {
  const Input input{.keys = std::move(keys), .arguments = std::move(arguments)};
  auto reply = co_await client.run(evaluation("EVALSHA", sha1_, input));
  if (!script_unknown(reply)) co_return reply;
  co_return co_await client.run(evaluation("EVAL", source_, input));
}

ports::Task<std::vector<core::Result<Reply>>> Script::run_all(Client& client, std::vector<Input> inputs) const {
  std::vector<Command> commands;
  commands.reserve(inputs.size());
  for (const Input& input : inputs) commands.push_back(evaluation("EVALSHA", sha1_, input));
  auto replies = co_await client.run_all(std::move(commands));
  if (!replies) co_return replies;
  std::vector<std::size_t> again;
  std::vector<Command> evaluations;
  for (std::size_t n = 0; n < inputs.size(); ++n) {
    if (!script_unknown((*replies)[n])) continue;
    again.push_back(n);
    // The first one loads it.
    evaluations.push_back(again.size() == 1 ? evaluation("EVAL", source_, inputs[n])
                                            : evaluation("EVALSHA", sha1_, inputs[n]));
  }
  if (again.empty()) co_return replies;
  auto repeated = co_await client.run_all(std::move(evaluations));
  if (!repeated) co_return repeated;
  for (std::size_t n = 0; n < again.size(); ++n) (*replies)[again[n]] = std::move((*repeated)[n]);
  co_return replies;
}

}  // namespace liveops::adapters::redis
