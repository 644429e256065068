#include "adapters/redis/client/async_context.hpp"

#include <fcntl.h>
#include <hiredis/async.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>

#include <utility>

#include "adapters/redis/client/tls.hpp"

namespace liveops::adapters::redis {

namespace {

using boost::asio::posix::descriptor_base;

/// hiredis does neither by itself when it connects without blocking.
void set_up_socket(const redisContext& connection) {
  const int on = 1;
  fcntl(connection.fd, F_SETFD, FD_CLOEXEC);
  if (connection.connection_type != REDIS_CONN_TCP) return;
  setsockopt(connection.fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  setsockopt(connection.fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
}

}  // namespace

struct AsyncContext::Hooks {
  static AsyncContext& self(void* data) { return *static_cast<AsyncContext*>(data); }

  static void want_read(void* data) { self(data).wait_readable(); }
  static void want_write(void* data) {
    if (!self(data).gathering_) self(data).wait_writable();
  }
  // A wait that is no longer wanted ends with a call that finds nothing to do.
  static void want_none(void*) {}
  static void clean_up(void* data) { self(data).detach(); }

  static void connected(const redisAsyncContext* context, int status) {
    self(context->data).just_connected_ = status == REDIS_OK;
  }
  static void replied(redisAsyncContext*, void* reply, void* data) {
    // Without a reply: the connection ends, which is told once and not for each command.
    if (reply != nullptr && self(data).listener_ != nullptr) {
      self(data).listener_->replied(*static_cast<const redisReply*>(reply));
    }
  }
};

core::Result<std::shared_ptr<AsyncContext>> AsyncContext::open(const boost::asio::any_io_executor& executor,
                                                               std::shared_ptr<std::mutex> mutex, const Target& target,
                                                               Listener& listener) {
  // make_shared cannot reach the constructor.
  auto context = std::shared_ptr<AsyncContext>(new AsyncContext(executor, std::move(mutex), listener));
  if (auto begun = context->begin(target); !begun) return std::unexpected(std::move(begun.error()));
  return context;
}

AsyncContext::AsyncContext(const boost::asio::any_io_executor& executor, std::shared_ptr<std::mutex> mutex,
                           Listener& listener)
    : mutex_(std::move(mutex)), listener_(&listener), descriptor_(executor) {}

AsyncContext::~AsyncContext() {
  close();
}

core::Status AsyncContext::begin(const Target& target) {
  redisAsyncContext* const context = target.path.empty() ? redisAsyncConnect(target.ip.c_str(), target.port)
                                                         : redisAsyncConnectUnix(target.path.c_str());
  if (context == nullptr) return core::fail(core::Errc::unavailable, "out of memory");
  std::optional<std::string> why;
  if (context->err != 0) why = context->errstr;
  if (!why && !target.tls_host.empty()) why = start_tls(context->c, target.tls_host, tls_objection_);
  if (why) {
    redisAsyncFree(context);
    return core::fail(core::Errc::unavailable, std::move(*why));
  }
  attach(*context);
  return {};
}

void AsyncContext::attach(redisAsyncContext& context) {
  context_ = &context;
  set_up_socket(context.c);
  descriptor_.assign(context.c.fd);
  context.data = this;
  context.ev.data = this;
  context.ev.addRead = Hooks::want_read;
  context.ev.addWrite = Hooks::want_write;
  context.ev.delRead = Hooks::want_none;
  context.ev.delWrite = Hooks::want_none;
  context.ev.cleanup = Hooks::clean_up;
  redisAsyncSetConnectCallback(&context, Hooks::connected);  // waits until it can be written to
}

void AsyncContext::detach() {
  const std::string_view said = context_->errstr == nullptr ? "" : context_->errstr;
  lost_ = !tls_objection_.empty() ? tls_objection_ : said.empty() ? "the connection was closed" : std::string(said);
  context_ = nullptr;
  descriptor_.release();  // hiredis closes it
}

void AsyncContext::wait_readable() {
  if (std::exchange(waits_readable_, true)) return;
  descriptor_.async_wait(descriptor_base::wait_read, [self = shared_from_this()](boost::system::error_code) {
    const std::lock_guard lock(*self->mutex_);
    self->waits_readable_ = false;
    self->handle(redisAsyncHandleRead);
  });
}

void AsyncContext::wait_writable() {
  if (std::exchange(waits_writable_, true)) return;
  descriptor_.async_wait(descriptor_base::wait_write, [self = shared_from_this()](boost::system::error_code) {
    const std::lock_guard lock(*self->mutex_);
    self->waits_writable_ = false;
    self->handle(redisAsyncHandleWrite);
  });
}

void AsyncContext::handle(Event event) {
  if (context_ == nullptr) return;
  event(context_);
  if (listener_ == nullptr) return;
  if (std::exchange(just_connected_, false) && context_ != nullptr) listener_->connected();
  if (listener_ != nullptr && lost_) std::exchange(listener_, nullptr)->closed(*std::exchange(lost_, std::nullopt));
}

void AsyncContext::send(std::string_view command) {
  if (context_ == nullptr) return;
  gathering_ = true;
  static_cast<void>(redisAsyncFormattedCommand(context_, Hooks::replied, this, command.data(), command.size()));
  gathering_ = false;
}

void AsyncContext::flush() {
  const auto keep = shared_from_this();  // the listener may let go of it
  handle(redisAsyncHandleWrite);
}

void AsyncContext::close() {
  listener_ = nullptr;
  if (context_ != nullptr) redisAsyncFree(context_);
}

}  // namespace liveops::adapters::redis
