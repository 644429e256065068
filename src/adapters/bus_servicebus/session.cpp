#include "adapters/bus_servicebus/session.hpp"

#include <exception>
#include <proton/connection_options.hpp>
#include <proton/error_condition.hpp>
#include <proton/map.hpp>
#include <proton/sasl.hpp>
#include <proton/ssl.hpp>
#include <proton/transport.hpp>
#include <proton/types.hpp>
#include <utility>

#include "adapters/bus_servicebus/sas_token.hpp"

namespace liveops::adapters::bus_servicebus {

using core::Errc;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

namespace {

constexpr milliseconds kFirstWait{100};
constexpr milliseconds kLongestWait{3000};
constexpr std::uint32_t kMaxFrameBytes = 65536;
constexpr const char* kSystemsAuthorities = "/etc/ssl/certs/ca-certificates.crt";

proton::connection_options connection_options(const Access& access) {
  const auto& options = access.options;
  proton::connection_options result;
  result.virtual_host(access.where.host)
      .idle_timeout(proton::duration(static_cast<std::uint64_t>(options.idle_timeout.count())))
      .max_frame_size(kMaxFrameBytes)
      .sasl_enabled(true);
  if (!options.container_id.empty()) result.container_id(options.container_id);
  if (options.login == Login::cbs) {
    result.sasl_allowed_mechs("ANONYMOUS");
  } else {
    result.user(access.where.key_name).password(access.where.key).sasl_allowed_mechs("PLAIN");
    result.sasl_allow_insecure_mechs(!access.where.tls);
  }
  if (access.where.tls) {
    const auto& authorities = options.ca_file.empty() ? kSystemsAuthorities : options.ca_file;
    result.ssl_client_options(proton::ssl_client_options(authorities, proton::ssl::VERIFY_PEER_NAME));
  }
  return result;
}

}  // namespace

std::string Access::url() const {
  return std::string(where.tls ? "amqps://" : "amqp://") + where.host + ":" + std::to_string(where.port);
}

Session::Session(Loop& loop, const Access& access, std::string what)
    : loop_(loop), access_(access), what_(std::move(what)), backoff_(kFirstWait, kLongestWait) {}

void Session::post(Job job) {
  {
    const std::lock_guard lock(mutex_);
    // The queue takes no more once its connection has finished.
    if (queue_ != nullptr && (!jobs_.empty() || queue_->add([this] { run_jobs(); }))) {
      jobs_.push_back(std::move(job));
      return;
    }
  }
  job(nullptr);
}

core::Status Session::status() const {
  const std::lock_guard lock(mutex_);
  if (queue_ != nullptr) return {};
  return core::fail(Errc::unavailable, "Service Bus at " + access_.where.host + " is not connected: " + problem_);
}

void Session::close() {
  if (closing_.exchange(true)) return;
  post([](proton::connection* connection) {
    if (connection != nullptr) connection->close();
  });
}

void Session::run_jobs() {
  std::vector<Job> jobs;
  {
    const std::lock_guard lock(mutex_);
    jobs.swap(jobs_);
  }
  for (auto& job : jobs) run(job, connected_ ? &connection_ : nullptr);
}

void Session::run(Job& job, proton::connection* connection) {
  try {
    job(connection);
  } catch (const std::exception& error) {
    // Whatever waits is told when the connection goes down.
    access_.log.error("an operation on Service Bus failed", {{"session", what_}, {"error", error.what()}});
    if (connection != nullptr) connection->close();
  }
}

void Session::tick() {
  const auto now = steady_clock::now();
  expire(now);
  if (connected_) {
    post([this](proton::connection* connection) {
      if (connection != nullptr) tend(steady_clock::now());
    });
  } else if (!connecting_ && closing_.load()) {
    over_.store(true);
  } else if (!connecting_ && backoff_.is_due(now)) {
    connect();
  }
}

void Session::tend(Instant now) {
  cbs_.expire(now);
  const milliseconds life = access_.options.token_life;
  for (auto& [address, renew_at] : tokens_) {
    if (now < renew_at) continue;
    renew_at = now + life / 20;  // unless that succeeds
    put_token(address, [this, entity = address](const core::Status& put) {
      if (put) return;
      access_.log.warn("a token of Service Bus could not be renewed",
                       {{"entity", entity}, {"error", put.error().message}});
    });
  }
  if (!closing_.load()) on_tick(now);
}

void Session::connect() {
  connecting_ = true;
  try {
    loop_.container().connect(access_.url(), connection_options(access_).handler(*this));
  } catch (const std::exception& error) {
    connecting_ = false;
    backoff_.failed(steady_clock::now());
    note(error.what());
  }
}

void Session::note(const std::string& problem) {
  const std::lock_guard lock(mutex_);
  problem_ = problem;
}

void Session::on_connection_open(proton::connection& connection) {
  connection_ = connection;
  connected_ = true;
  backoff_.succeeded();
  {
    const std::lock_guard lock(mutex_);
    queue_ = &connection.work_queue();
  }
  news_.notify();
  access_.log.info("connected to Service Bus", {{"session", what_}});
  if (closing_.load()) {
    connection_.close();
  } else {
    on_up();
  }
}

void Session::on_connection_error(proton::connection& connection) {
  note(connection.error().what());
}

void Session::on_transport_error(proton::transport& transport) {
  note(transport.error().what());
}

void Session::on_transport_close(proton::transport&) {
  std::vector<Job> jobs;
  std::string problem;
  {
    const std::lock_guard lock(mutex_);
    queue_ = nullptr;
    jobs.swap(jobs_);
    problem = problem_;
  }
  const bool was_connected = std::exchange(connected_, false);
  connecting_ = false;
  connection_ = {};
  tokens_.clear();
  cbs_.drop();
  on_down();
  for (auto& job : jobs) run(job, nullptr);
  backoff_.failed(steady_clock::now());
  news_.notify();
  if (was_connected && !closing_.load()) {
    access_.log.warn("the connection to Service Bus is gone", {{"session", what_}, {"error", problem}});
  }
}

void Session::authorise(const std::string& address, Authorised done) {
  if (access_.options.login == Login::plain || tokens_.contains(address)) {
    done({});
    return;
  }
  put_token(address, std::move(done));
}

std::string Session::make_token(const std::string& audience) const {
  if (!access_.where.signature.empty()) return access_.where.signature;
  const auto expires = std::chrono::ceil<std::chrono::seconds>(access_.clock.now()) + access_.options.token_life;
  return make_sas_token(audience, access_.where.key_name, access_.where.key, expires);
}

void Session::put_token(const std::string& address, Authorised done) {
  const auto audience = "sb://" + access_.where.host + "/" + address;
  proton::message request;
  request.body(make_token(audience));
  request.properties().put("operation", "put-token");
  request.properties().put("type", "servicebus.windows.net:sastoken");
  request.properties().put("name", audience);
  const auto now = steady_clock::now();
  auto answered = [this, address, told = std::move(done)](core::Result<Reply> reply) mutable {
    if (!reply) {
      told(std::unexpected(reply.error()));
    } else if (!reply->ok()) {
      told(core::fail(Errc::unauthenticated, "Service Bus refuses the connection string's key for '" + address + "'",
                      reply->description));
    } else {
      // A token made elsewhere cannot be renewed, but put again it does no harm.
      tokens_[address] = steady_clock::now() + milliseconds(access_.options.token_life) * 3 / 4;
      told({});
    }
  };
  cbs_.ask(connection_, std::move(request), std::move(answered), now + access_.options.request_timeout);
}

}  // namespace liveops::adapters::bus_servicebus
