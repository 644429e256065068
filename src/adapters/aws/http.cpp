#include "adapters/aws/http.hpp"

#include <curl/curl.h>
#include <pthread.h>

#include <algorithm>
#include <cctype>
#include <optional>
#include <stdexcept>

#include "adapters/asio/await_callback.hpp"

namespace liveops::adapters::aws {

using core::Errc;
using core::Result;

namespace {

constexpr std::size_t kMaxAnswerBytes = 32U << 20U;  // ten messages of 1 MiB, escaped
constexpr int kIdleMs = 1000;
constexpr long kKeptConnections = 256;

struct CurlLibrary {
  CurlLibrary() {
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK) throw std::runtime_error("libcurl cannot start");
  }
};

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

}  // namespace

/// One request under way.
class Http::Transfer {
 public:
  using Done = std::move_only_function<void(Result<HttpAnswer>)>;

  Transfer(HttpRequest request, Done done) : request_(std::move(request)), done_(std::move(done)) {}
  ~Transfer() {
    curl_easy_cleanup(easy_);
    curl_slist_free_all(headers_);
  }
  Transfer(const Transfer&) = delete;
  Transfer& operator=(const Transfer&) = delete;

  void prepare(const Options& options);
  void watch(std::function<void()> cancel) { stopped_.emplace(request_.stop, std::move(cancel)); }
  void finish(Result<HttpAnswer> answer) { done_(std::move(answer)); }
  [[nodiscard]] Result<HttpAnswer> result(CURLcode code);
  [[nodiscard]] CURL* easy() const { return easy_; }

  std::uint64_t number = 0;

 private:
  static std::size_t on_body(const char* data, std::size_t size, std::size_t count, void* self);
  static std::size_t on_header(const char* data, std::size_t size, std::size_t count, void* self);

  HttpRequest request_;
  Done done_;
  HttpAnswer answer_;
  CURL* easy_ = nullptr;
  curl_slist* headers_ = nullptr;
  std::optional<std::stop_callback<std::function<void()>>> stopped_;
};

void Http::Transfer::prepare(const Options& options) {
  easy_ = curl_easy_init();
  if (easy_ == nullptr) throw std::bad_alloc();
  for (const auto& [name, value] : request_.headers) {
    headers_ = curl_slist_append(headers_, (name + ": " + value).c_str());
  }
  headers_ = curl_slist_append(headers_, "Expect:");  // no second round trip
  const auto milliseconds = [](auto time) { return static_cast<long>(std::max<std::int64_t>(1, time.count())); };
  curl_easy_setopt(easy_, CURLOPT_URL, request_.url.c_str());
  curl_easy_setopt(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(easy_, CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1);
  curl_easy_setopt(easy_, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
  curl_easy_setopt(easy_, CURLOPT_TIMEOUT_MS, milliseconds(request_.timeout));
  curl_easy_setopt(easy_, CURLOPT_CONNECTTIMEOUT_MS, milliseconds(std::min(request_.timeout, options.connect_timeout)));
  curl_easy_setopt(easy_, CURLOPT_USERAGENT, "liveops-guard");
  curl_easy_setopt(easy_, CURLOPT_HTTPHEADER, headers_);
  if (!options.ca_file.empty()) curl_easy_setopt(easy_, CURLOPT_CAINFO, options.ca_file.c_str());
  if (request_.direct) curl_easy_setopt(easy_, CURLOPT_NOPROXY, "*");
  if (request_.method != "GET") {
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    curl_easy_setopt(easy_, CURLOPT_POSTFIELDS, request_.body.data());
    curl_easy_setopt(easy_, CURLOPT_CUSTOMREQUEST, request_.method.c_str());
  }
  curl_easy_setopt(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
  curl_easy_setopt(easy_, CURLOPT_WRITEDATA, this);
  curl_easy_setopt(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
  curl_easy_setopt(easy_, CURLOPT_HEADERDATA, this);
  curl_easy_setopt(easy_, CURLOPT_PRIVATE, this);
}

std::size_t Http::Transfer::on_body(const char* data, std::size_t size, std::size_t count, void* self) {
  auto& body = static_cast<Transfer*>(self)->answer_.body;
  if (body.size() + size * count > kMaxAnswerBytes) return 0;
  body.append(data, size * count);
  return size * count;
}

std::size_t Http::Transfer::on_header(const char* data, std::size_t size, std::size_t count, void* self) {
  const std::string_view line(data, size * count);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos) return line.size();
  const auto begin = std::min(line.find_first_not_of(" \t", colon + 1), line.size());
  const auto end = line.find_last_not_of("\r\n \t");
  static_cast<Transfer*>(self)->answer_.headers[lower(line.substr(0, colon))] =
      end < begin ? "" : line.substr(begin, end - begin + 1);
  return line.size();
}

Result<HttpAnswer> Http::Transfer::result(CURLcode code) {
  if (code == CURLE_OK) {
    long status = 0;
    curl_easy_getinfo(easy_, CURLINFO_RESPONSE_CODE, &status);
    answer_.status = static_cast<int>(status);
    return std::move(answer_);
  }
  long sent = 0;
  curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &sent);
  const auto place = request_.url.substr(0, request_.url.find('?'));
  return core::fail(sent > 0 ? Errc::timeout : Errc::unavailable,
                    "no answer from " + place + ": " + curl_easy_strerror(code));
}

Http::Http(Options options) : options_(std::move(options)) {
  static const CurlLibrary kLibrary;
  multi_ = curl_multi_init();
  if (multi_ == nullptr) throw std::runtime_error("libcurl cannot start");
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kKeptConnections);
  thread_ = std::jthread([this] {
    pthread_setname_np(pthread_self(), "aws-http");
    run();
  });
}

Http::~Http() {
  give_up();
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  curl_multi_wakeup(multi_);
  thread_.join();
  curl_multi_cleanup(multi_);
}

ports::Task<HttpAnswer> Http::send(HttpRequest request) {
  auto start = [this, asked = std::move(request)](auto resume) mutable {
    begin(std::make_unique<Transfer>(std::move(asked), std::move(resume)));
  };
  co_return co_await await_callback<Result<HttpAnswer>>(std::move(start));
}

void Http::begin(std::unique_ptr<Transfer> transfer) {
  std::string_view problem;
  {
    const std::lock_guard lock(mutex_);
    if (!given_up_ && transfers_ < options_.max_transfers) {
      ++transfers_;
      transfer->number = ++last_number_;
      arrivals_.push_back(std::move(transfer));
      curl_multi_wakeup(multi_);
      return;
    }
    problem = given_up_ ? "the AWS client is closed" : "too many requests to AWS are under way";
  }
  transfer->finish(core::fail(Errc::unavailable, std::string(problem)));
}

void Http::give_up() {
  {
    const std::lock_guard lock(mutex_);
    given_up_ = true;
  }
  curl_multi_wakeup(multi_);
}

void Http::take_orders() {
  std::deque<std::unique_ptr<Transfer>> arrivals;
  std::vector<std::uint64_t> cancelled;
  bool all = false;
  {
    const std::lock_guard lock(mutex_);
    arrivals.swap(arrivals_);
    cancelled.swap(cancelled_);
    all = given_up_;
  }
  for (auto& transfer : arrivals) {
    transfer->prepare(options_);
    curl_multi_add_handle(multi_, transfer->easy());
    auto& held = *(active_[transfer->number] = std::move(transfer));
    held.watch([this, number = held.number] {
      const std::lock_guard lock(mutex_);
      cancelled_.push_back(number);
      curl_multi_wakeup(multi_);
    });
  }
  if (all) {
    for (const auto& [number, transfer] : active_) cancelled.push_back(number);
  }
  for (const auto number : cancelled) {
    const auto found = active_.find(number);
    if (found != active_.end()) end(found->second.get(), core::fail(Errc::unavailable, "the request was broken off"));
  }
}

void Http::finish_done() {
  int left = 0;
  while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    const auto code = message->data.result;
    char* transfer = nullptr;
    curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
    auto* done = reinterpret_cast<Transfer*>(transfer);
    end(done, done->result(code));
  }
}

void Http::end(Transfer* transfer, Result<HttpAnswer> answer) {
  curl_multi_remove_handle(multi_, transfer->easy());
  const auto held = std::move(active_.extract(transfer->number).mapped());
  {
    const std::lock_guard lock(mutex_);
    --transfers_;
  }
  held->finish(std::move(answer));
}

void Http::run() {
  while (true) {
    take_orders();
    {
      const std::lock_guard lock(mutex_);
      if (stopping_ && active_.empty() && arrivals_.empty()) return;
    }
    int running = 0;
    curl_multi_perform(multi_, &running);
    finish_done();
    curl_multi_poll(multi_, nullptr, 0, kIdleMs, nullptr);
  }
}

}  // namespace liveops::adapters::aws
