#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "adapters/bus_nats/answers.hpp"
#include "adapters/bus_nats/link.hpp"
#include "ports/event_bus.hpp"
#include "ports/task.hpp"

namespace liveops::adapters::bus_nats {

/// Requests and their answers over a Link, and the messages that consumers pulled.
///
/// Threads: any; coroutines go on on their own executors. Goes away after the coroutines that wait for it were told.
class Client {
 public:
  /// Takes what a consumer pulled, on threads of libnats: short, and calls neither `listen` nor `forget`.
  class Listener {
   public:
    virtual ~Listener() = default;
    virtual void deliver(Incoming message) = 0;
    /// Pull number `pull` brings no more; the status says why: 404, 408, 409, 503.
    virtual void pull_ended(std::uint64_t pull, int status) = 0;
    /// The link went down (what was asked for will not come) or is back.
    virtual void link_changed() = 0;
  };

  /// `state_changed`: on any thread, short. Blocks. Errors: as `Session::open`.
  [[nodiscard]] static core::Result<std::unique_ptr<Client>> open(const Options& options,
                                                                  std::function<void()> state_changed);
  ~Client();
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  [[nodiscard]] bool is_up() const { return link_->is_up(); }
  [[nodiscard]] std::size_t max_payload_bytes() const { return link_->max_payload_bytes(); }

  /// Sends and gives the data of the answer. Errors: `unavailable`; `not_found`: nobody listens on that subject.
  [[nodiscard]] ports::Task<std::string> request(Outgoing message, std::chrono::milliseconds timeout);

  /// Asks "$JS.API.<what>". Errors: as `parse_answer`, `unavailable`.
  [[nodiscard]] ports::Task<boost::json::object> ask(std::string what, std::string json);

  /// One outcome per message; those beyond `max_unanswered` are `retry`. Errors: `unavailable` when not connected.
  [[nodiscard]] ports::Task<std::vector<ports::PublishOutcome>> publish(std::vector<Outgoing> messages);

  /// Without an answer. False: not connected, or too much is queued.
  [[nodiscard]] bool send(std::vector<Outgoing> messages) { return link_->send(std::move(messages)); }

  /// Gives the listener its number.
  [[nodiscard]] std::uint64_t listen(Listener& listener);
  /// After it the listener is called no more.
  void forget(std::uint64_t number);
  /// Where the messages of a listener's pull number `pull` go.
  [[nodiscard]] std::string pull_inbox(std::uint64_t listener, std::uint64_t pull) const;

  /// Ends waits whose time has passed and connects anew where the session has closed for good. Blocks then. One thread.
  /// Errors: as `Session::open`.
  [[nodiscard]] core::Status tend();

  /// Ends every wait with `unavailable`.
  void give_up() { answers_.fail_all("the bus is closed"); }

 private:
  static constexpr std::uint64_t kAnswers = 0;  // the link's ear for them; listeners have the others

  explicit Client(const Options& options) : options_(options) {}
  void receive(std::uint64_t ear, Incoming message);
  void receive_answer(std::uint64_t number, const Incoming& message);
  void state_changed(bool up);
  [[nodiscard]] std::string answer_inbox(std::uint64_t number) const;

  const Options options_;
  std::function<void()> state_changed_;
  Answers answers_;
  std::mutex listeners_mutex_;  // held while a listener is called
  std::uint64_t last_listener_ = kAnswers;
  std::map<std::uint64_t, Listener*> listeners_;
  std::unique_ptr<Link> link_;
};

}  // namespace liveops::adapters::bus_nats
