#include "adapters/bus_nats/session.hpp"

#include <nats/nats.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace liveops::adapters::bus_nats {

using core::Errc;
using core::Status;

namespace {

constexpr std::int64_t kConnectTimeoutMs = 2000;
constexpr std::int64_t kReconnectWaitMs = 200;
constexpr std::int64_t kReconnectJitterMs = 100;
constexpr std::int64_t kPingIntervalMs = 2000;  // a server that hangs is left after two of them unanswered
constexpr int kUnansweredPings = 2;
constexpr std::int64_t kWriteDeadlineMs = 2000;
constexpr const char* kSystemCaFile = "/etc/ssl/certs/ca-certificates.crt";

using NatsOptions = std::unique_ptr<natsOptions, decltype(&natsOptions_Destroy)>;

std::vector<std::string> split(std::string_view list) {
  std::vector<std::string> parts;
  while (!list.empty()) {
    const auto comma = list.find(',');
    auto part = list.substr(0, comma);
    while (part.starts_with(' ')) part.remove_prefix(1);
    while (part.ends_with(' ')) part.remove_suffix(1);
    if (!part.empty()) parts.emplace_back(part);
    if (comma == std::string_view::npos) break;
    list.remove_prefix(comma + 1);
  }
  return parts;
}

core::Error to_error(natsStatus status, const Options& options) {
  const auto code = [status] {
    switch (status) {
      case NATS_CONNECTION_AUTH_FAILED:
      case NATS_NOT_PERMITTED:
        return Errc::unauthenticated;
      case NATS_INVALID_ARG:
        return Errc::invalid_argument;
      default:
        return Errc::unavailable;
    }
  }();
  const char* why = nats_GetLastError(nullptr);
  return {code, "cannot connect to NATS at " + without_secrets(options.url) + ": " + natsStatus_GetText(status),
          why == nullptr ? "" : why};
}

/// The first failure of several calls.
class Steps {
 public:
  Steps& operator<<(natsStatus status) {
    if (first_ == NATS_OK) first_ = status;
    return *this;
  }
  [[nodiscard]] natsStatus result() const { return first_; }

 private:
  natsStatus first_ = NATS_OK;
};

}  // namespace

struct Session::Callbacks {
  static void message(natsConnection*, natsSubscription*, natsMsg* message, void* self) {
    const auto* ear = static_cast<Ear*>(self);
    ear->session.events_.message(ear->number, Incoming(message));
  }
  static void up(natsConnection*, void* self) { static_cast<Session*>(self)->events_.up(); }
  static void down(natsConnection*, void* self) { static_cast<Session*>(self)->events_.down(); }
  static void closed(natsConnection*, void* self) { static_cast<Session*>(self)->on_closed(); }
  static void end(void* self) {
    const auto* ear = static_cast<Ear*>(self);
    ear->session.on_end(*ear);
  }
  static void problem(natsConnection*, natsSubscription*, natsStatus, void*) {}  // without it libnats prints to stderr
};

namespace {

natsStatus configure(natsOptions* to, const Options& options) {
  const auto servers = split(options.url);
  std::vector<const char*> urls;
  for (const auto& server : servers) urls.push_back(server.c_str());
  Steps steps;
  steps << natsOptions_SetServers(to, urls.data(), static_cast<int>(urls.size()))
        << natsOptions_SetName(to, options.client_name.c_str()) << natsOptions_SetTimeout(to, kConnectTimeoutMs)
        << natsOptions_SetAllowReconnect(to, true) << natsOptions_SetMaxReconnect(to, -1)
        << natsOptions_SetReconnectWait(to, kReconnectWaitMs)
        << natsOptions_SetReconnectJitter(to, kReconnectJitterMs, kReconnectJitterMs)
        << natsOptions_SetReconnectBufSize(to, 0)  // what could not be sent is said to have failed, not kept
        << natsOptions_SetPingInterval(to, kPingIntervalMs) << natsOptions_SetMaxPingsOut(to, kUnansweredPings)
        << natsOptions_SetWriteDeadline(to, kWriteDeadlineMs);
  if (!options.credentials_file.empty()) {
    steps << natsOptions_SetUserCredentialsFromFiles(to, options.credentials_file.c_str(), nullptr);
  }
  const bool encrypted = std::ranges::any_of(servers, [](const auto& url) { return url.starts_with("tls://"); });
  if (encrypted) {
    const char* ca_file = options.ca_file.empty() ? kSystemCaFile : options.ca_file.c_str();
    steps << natsOptions_SetSecure(to, true) << natsOptions_LoadCATrustedCertificates(to, ca_file);
  }
  return steps.result();
}

}  // namespace

core::Result<std::unique_ptr<Session>> Session::open(const Options& options, SessionEvents events) {
  std::unique_ptr<Session> session(new Session(std::move(events)));
  if (auto connected = session->connect(options); !connected) return std::unexpected(connected.error());
  return session;
}

Status Session::connect(const Options& options) {
  natsOptions* made = nullptr;
  if (const auto status = natsOptions_Create(&made); status != NATS_OK) {
    return std::unexpected(to_error(status, options));
  }
  const NatsOptions nats_options(made, natsOptions_Destroy);
  Steps steps;
  steps << configure(made, options) << natsOptions_SetErrorHandler(made, Callbacks::problem, nullptr)
        << natsOptions_SetDisconnectedCB(made, Callbacks::down, this)
        << natsOptions_SetReconnectedCB(made, Callbacks::up, this)
        << natsOptions_SetClosedCB(made, Callbacks::closed, this);
  auto status = steps.result();
  if (status == NATS_OK) status = natsConnection_Connect(&connection_, made);
  if (status != NATS_OK) return std::unexpected(to_error(status, options));
  return {};
}

Session::~Session() {
  if (connection_ == nullptr) return;
  natsConnection_Close(connection_);
  {
    std::unique_lock lock(mutex_);
    wake_.wait(lock, [this] { return closed_ && std::ranges::none_of(ears_, &Ear::tells_end); });
  }
  for (const auto& ear : ears_) natsSubscription_Destroy(ear.subscription);
  natsConnection_Destroy(connection_);
}

void Session::listen(std::uint64_t ear, const std::string& subjects) {
  const std::lock_guard lock(mutex_);  // `on_end` waits until the ear is complete
  auto& made = ears_.emplace_back(Ear{.session = *this, .number = ear});
  const auto status =
      natsConnection_Subscribe(&made.subscription, connection_, subjects.c_str(), Callbacks::message, &made);
  if (status != NATS_OK) {
    ears_.pop_back();
    return;
  }
  // What can come is bounded by what was asked for: nothing may be dropped on the way.
  natsSubscription_SetPendingLimits(made.subscription, -1, -1);
  made.tells_end = natsSubscription_SetOnCompleteCB(made.subscription, Callbacks::end, &made) == NATS_OK;
}

void Session::forget(std::uint64_t ear) {
  const std::lock_guard lock(mutex_);
  const auto found = std::ranges::find(ears_, ear, &Ear::number);
  if (found != ears_.end()) natsSubscription_Unsubscribe(found->subscription);
}

void Session::on_end(const Ear& ear) {
  const std::lock_guard lock(mutex_);
  natsSubscription_Destroy(ear.subscription);
  ears_.remove_if([&](const auto& other) { return &other == &ear; });
  wake_.notify_all();  // under the lock: once it is let go, the destructor may have ended
}

void Session::on_closed() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  wake_.notify_all();
}

void Session::write(const Outgoing& message) {
  const char* reply = message.reply.empty() ? nullptr : message.reply.c_str();
  natsMsg* made = nullptr;
  auto status =
      natsMsg_Create(&made, message.subject.c_str(), reply, message.data.data(), static_cast<int>(message.data.size()));
  if (status == NATS_OK && !message.message_id.empty()) {
    status = natsMsgHeader_Set(made, "Nats-Msg-Id", message.message_id.c_str());
  }
  if (status == NATS_OK) natsConnection_PublishMsg(connection_, made);
  natsMsg_Destroy(made);
}

void Session::flush() {
  natsConnection_FlushTimeout(connection_, kWriteDeadlineMs);
}

bool Session::is_closed() const {
  return natsConnection_IsClosed(connection_);
}

std::size_t Session::max_payload_bytes() const {
  return static_cast<std::size_t>(std::max<std::int64_t>(natsConnection_GetMaxPayload(connection_), 0));
}

std::string without_secrets(std::string_view urls) {
  std::string clean;
  for (const auto& url : split(urls)) {
    const auto scheme = url.find("://");
    const auto start = scheme == std::string::npos ? 0 : scheme + 3;
    const auto at = url.rfind('@');
    if (!clean.empty()) clean += ", ";
    clean += url.substr(0, start);
    clean += url.substr(at == std::string::npos || at < start ? start : at + 1);
  }
  return clean;
}

}  // namespace liveops::adapters::bus_nats
