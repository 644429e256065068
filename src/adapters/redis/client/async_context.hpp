#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "core/error.hpp"

struct redisAsyncContext;  // NOLINT(readability-identifier-naming): hiredis's
struct redisReply;         // NOLINT(readability-identifier-naming): hiredis's

namespace liveops::adapters::redis {

/// One connection of hiredis, driven by Asio.
///
/// Threads: one at a time, under the mutex it was opened with; what comes from Asio takes that mutex itself.
class AsyncContext : public std::enable_shared_from_this<AsyncContext> {
 public:
  /// Who is told; under the mutex.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void connected() = 0;
    /// To the oldest command without one. The context may be closed from here, but nothing sent.
    virtual void replied(const redisReply& reply) = 0;
    /// The connection was refused or lost: nothing more comes.
    virtual void closed(const std::string& why) = 0;
  };

  /// Where to, as an address that needs no look-up.
  struct Target {
    std::string ip;
    int port = 0;
    std::string path;      // of a unix socket; then the others do not count
    std::string tls_host;  // not empty: TLS, with a certificate for this name
  };

  /// Begins to connect; the listener hears from it later. Errors: `unavailable`.
  [[nodiscard]] static core::Result<std::shared_ptr<AsyncContext>> open(const boost::asio::any_io_executor& executor,
                                                                        std::shared_ptr<std::mutex> mutex,
                                                                        const Target& target, Listener& listener);
  ~AsyncContext();
  AsyncContext(const AsyncContext&) = delete;
  AsyncContext& operator=(const AsyncContext&) = delete;

  /// Adds one command to what `flush` sends.
  void send(std::string_view command);
  /// Sends as much as the socket takes, the rest when it takes more.
  void flush();
  /// Gives the connection up; the listener is not told.
  void close();

 private:
  struct Hooks;  // what hiredis calls
  using Event = void (*)(redisAsyncContext*);

  AsyncContext(const boost::asio::any_io_executor& executor, std::shared_ptr<std::mutex> mutex, Listener& listener);
  [[nodiscard]] core::Status begin(const Target& target);
  void attach(redisAsyncContext& context);
  void wait_readable();
  void wait_writable();
  void handle(Event event);
  void detach();

  std::shared_ptr<std::mutex> mutex_;
  Listener* listener_;
  boost::asio::posix::stream_descriptor descriptor_;
  redisAsyncContext* context_ = nullptr;  // hiredis frees it, after `detach`
  std::string tls_objection_;             // to the server's certificate
  std::optional<std::string> lost_;       // not told yet
  bool just_connected_ = false;           // not told yet
  bool gathering_ = false;
  bool waits_readable_ = false;
  bool waits_writable_ = false;
};

}  // namespace liveops::adapters::redis
