#include "apps/liveops/backtest/event_source.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include <boost/asio/io_context.hpp>
#include <memory>
#include <string_view>

#include "apps/host/blocking.hpp"
#include "apps/liveops/audit/open_books.hpp"
#include "audit/ledger_event.hpp"
#include "backtest/event_lines.hpp"

namespace liveops::apps {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 20U;
constexpr std::size_t kLongestLine = std::size_t{1} << 20U;
constexpr std::size_t kPageRows = 5'000;

struct CloseFile {
  void operator()(gzFile file) const { gzclose(file); }
};

/// Lines of a file that may be compressed (zlib sees for itself).
class LineFile {
 public:
  [[nodiscard]] core::Status open(const std::string& path) {
    const int descriptor = path == "-" ? dup(STDIN_FILENO) : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
    struct stat status{};
    if (descriptor >= 0 && fstat(descriptor, &status) == 0 && S_ISREG(status.st_mode)) size_ = status.st_size;
    file_.reset(descriptor < 0 ? nullptr : gzdopen(descriptor, "rb"));
    if (!file_) return core::fail(core::Errc::not_found, path + ": cannot be read");
    gzbuffer(file_.get(), kChunk);
    return {};
  }

  /// False at the end. Errors: `invalid_argument` (a broken file, or a line without end).
  [[nodiscard]] core::Result<bool> next(std::string_view& line) {
    for (;;) {
      const auto end = text_.find('\n', begin_);
      if (end != std::string::npos || (ended_ && begin_ < text_.size())) {
        const std::size_t size = (end == std::string::npos ? text_.size() : end) - begin_;
        line = std::string_view(text_).substr(begin_, size);
        begin_ += size + 1;
        return true;
      }
      if (ended_) return false;
      if (auto more = fill(); !more) return std::unexpected(more.error());
    }
  }

  [[nodiscard]] double share() const {
    return size_ <= 0 ? -1 : static_cast<double>(gzoffset(file_.get())) / static_cast<double>(size_);
  }

 private:
  core::Status fill() {
    text_.erase(0, std::min(begin_, text_.size()));
    begin_ = 0;
    if (text_.size() > kLongestLine) return core::fail(core::Errc::invalid_argument, "a line is longer than 1 MiB");
    const std::size_t before = text_.size();
    text_.resize(before + kChunk);
    const int got = gzread(file_.get(), text_.data() + before, kChunk);
    text_.resize(before + static_cast<std::size_t>(std::max(got, 0)));
    int error = Z_OK;
    const std::string why = gzerror(file_.get(), &error);
    if (got < 0 || error == Z_BUF_ERROR)
      return core::fail(core::Errc::invalid_argument, "is cut off or broken: " + why);
    ended_ = got == 0;
    return {};
  }

  std::unique_ptr<gzFile_s, CloseFile> file_;
  std::string text_;
  std::size_t begin_ = 0;
  bool ended_ = false;
  std::int64_t size_ = 0;
};

core::Status named(const std::string& path, const core::Error& error) {
  return core::fail(error.code, (path == "-" ? "stdin" : path) + ": " + error.message);
}

/// Hands over the ledger, page by page. The references outlive the reading, which the caller waits for.
ports::Task<void> hand_over(ports::ProgressBooks::Reader& reader, core::Timestamp from, core::Timestamp to,
                            std::span<const core::BossRules> bosses, const Feed& feed, const Progress& progress) {
  for (;;) {
    auto rows = co_await reader.history(from, to, kPageRows);
    if (!rows) co_return std::unexpected(rows.error());
    if (rows->empty()) co_return core::Status();
    for (const ports::LedgerRow& row : *rows) {
      const auto event = audit::event_of(row, bosses);
      if (!event) co_return std::unexpected(event.error());
      feed(*event, row.event_id.str());
    }
    progress(-1);
  }
}

}  // namespace

core::Status read_file(const std::string& path, const Feed& feed, const Progress& progress) {
  LineFile file;
  if (auto opened = file.open(path); !opened) return opened;
  backtest::EventLines lines;
  std::string_view line;
  constexpr std::size_t kEvery = 4096;
  for (std::size_t count = 1;; ++count) {
    const auto more = file.next(line);
    if (!more) return named(path, more.error());
    if (!*more) return {};
    const auto recorded = lines.read(line);
    if (!recorded) return named(path, recorded.error());
    if (*recorded) feed((*recorded)->event, (*recorded)->name);
    if (count % kEvery == 0) progress(file.share());
  }
}

core::Status read_ledger(const adapters::config::Settings& settings, core::Timestamp from, core::Timestamp to,
                         std::span<const core::BossRules> bosses, const Feed& feed, const Progress& progress) {
  OpenBooks books;
  if (auto opened = books.open(settings); !opened) return opened;
  boost::asio::io_context io;
  const auto work = [&](ports::ProgressBooks::Reader& reader) {
    return hand_over(reader, from, to, bosses, feed, progress);
  };
  return run_here(io, books.progress().read(work));
}

}  // namespace liveops::apps
