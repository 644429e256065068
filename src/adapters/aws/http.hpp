#pragma once

#include <chrono>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <stop_token>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "ports/task.hpp"

namespace liveops::adapters::aws {

using HttpHeaders = std::vector<std::pair<std::string, std::string>>;

struct HttpRequest {
  std::string method = "GET";
  std::string url;
  HttpHeaders headers;
  std::string body;
  std::chrono::milliseconds timeout{5000};  // for the whole of it
  bool direct = false;                      // never through a proxy: addresses of this machine
  std::stop_token stop;                     // breaks it off: `unavailable`
};

struct HttpAnswer {
  int status = 0;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
};

/// HTTP/1.1 by libcurl, all transfers on one thread of its own, connections kept.
///
/// Threads: any; coroutines go on on their own executors. Goes away after the coroutines that wait for it were told.
class Http {
 public:
  struct Options {
    std::string ca_file;  // PEM, whom to trust; empty: the system's
    std::size_t max_transfers = 1024;
    std::chrono::milliseconds connect_timeout{3000};
  };
  /// Throws std::runtime_error when libcurl cannot start.
  explicit Http(Options options);
  /// Breaks off what is under way.
  ~Http();
  Http(const Http&) = delete;
  Http& operator=(const Http&) = delete;

  /// Any status is an answer. Errors: `unavailable` (not connected, too many under way, or stopped), `timeout` (sent,
  /// and nobody knows).
  [[nodiscard]] ports::Task<HttpAnswer> send(HttpRequest request);

  /// Ends what is under way with `unavailable`, and what is sent from now on.
  void give_up();

 private:
  class Transfer;
  void run();
  void begin(std::unique_ptr<Transfer> transfer);
  void take_orders();
  void finish_done();
  void end(Transfer* transfer, core::Result<HttpAnswer> answer);

  const Options options_;
  void* multi_ = nullptr;
  std::mutex mutex_;
  std::deque<std::unique_ptr<Transfer>> arrivals_;
  std::vector<std::uint64_t> cancelled_;
  std::size_t transfers_ = 0;
  std::uint64_t last_number_ = 0;
  bool given_up_ = false;
  bool stopping_ = false;
  std::map<std::uint64_t, std::unique_ptr<Transfer>> active_;  // of the thread
  std::jthread thread_;
};

}  // namespace liveops::adapters::aws
