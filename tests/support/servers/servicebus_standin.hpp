#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/servers/child_process.hpp"
#include "tests/support/temp_dir.hpp"

namespace liveops::test {

/// The stand-in for Azure Service Bus of tests/standins/servicebus, on 127.0.0.1.
///
/// What fails throws std::runtime_error with what it logged. Threads: one at a time.
class ServiceBusStandin {
 public:
  struct Options {
    int lock_ms = 30'000;
    int max_delivery = 1000;
    bool tls = false;                                             // then `ca_file` is what is to be trusted
    bool has_journal = false;                                     // what it took outlives a kill
    std::map<std::string, std::vector<std::string>> topics = {};  // with subscriptions
    std::vector<std::string> queues = {};
  };

  ServiceBusStandin();
  explicit ServiceBusStandin(Options options);

  /// With the key, or another.
  [[nodiscard]] std::string connection_string(std::string_view key = kKey) const;
  [[nodiscard]] bool uses_tls() const { return options_.tls; }
  [[nodiscard]] std::string ca_file() const { return (directory_.path() / "cert.pem").string(); }

  void kill();
  void start();
  void restart();
  /// Between these it neither answers nor notices anything (SIGSTOP, SIGCONT).
  void pause();
  void resume();

  /// "PUT", "/topics", JSON: see tests/standins/servicebus/src/admin.mjs. Gives the answer's body.
  std::string admin(std::string_view method, std::string_view target, const std::string& json = {}) const;
  void make_topic(const std::string& name, const std::vector<std::string>& subscriptions) const;
  /// Orders a fault: {"kind": "...", ...}.
  void order(const std::string& json) const { admin("POST", "/faults", json); }
  /// A counter of GET /state, such as "tokens".
  [[nodiscard]] std::int64_t counted(std::string_view counter) const;
  /// How many messages of "topic/Subscriptions/subscription", or of a queue, somebody holds.
  [[nodiscard]] std::int64_t locked(std::string_view entity) const;

  static constexpr std::string_view kKey = "a key of the test=";

 private:
  void write_configuration() const;
  void make_certificate() const;
  [[nodiscard]] bool answers() const;

  Options options_;
  TempDir directory_;
  std::uint16_t port_;
  std::uint16_t tls_port_;
  std::uint16_t admin_port_;
  std::unique_ptr<ChildProcess> process_;
};

/// The one of a test program whose locks last 3 s, started when first asked for.
[[nodiscard]] ServiceBusStandin& shared_servicebus();

}  // namespace liveops::test
