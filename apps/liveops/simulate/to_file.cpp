#include "apps/liveops/simulate/to_file.hpp"

#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <memory>

#include "backtest/labels.hpp"
#include "simulation/event_text.hpp"
#include "simulation/stream.hpp"

namespace liveops::apps {
namespace {

constexpr std::size_t kChunk = std::size_t{1} << 18U;

struct CloseFile {
  void operator()(gzFile file) const { gzclose(file); }
};

std::unexpected<core::Error> cannot_write(const std::string& path) {
  return core::fail(core::Errc::unavailable, path + ": cannot be written: " + std::strerror(errno));
}

/// A file that is compressed when its name says so.
class OutFile {
 public:
  explicit OutFile(const std::string& path) : path_(path) {
    const char* mode = path.ends_with(".gz") ? "wb1" : "wbT";
    file_.reset(path == "-" ? gzdopen(dup(STDOUT_FILENO), mode) : gzopen(path.c_str(), mode));
  }
  [[nodiscard]] core::Status write(const std::string& text) {
    if (!file_) return cannot_write(path_);
    if (text.empty()) return {};
    const int written = gzwrite(file_.get(), text.data(), static_cast<unsigned>(text.size()));
    return written == static_cast<int>(text.size()) ? core::Status() : cannot_write(path_);
  }
  [[nodiscard]] core::Status close() { return gzclose(file_.release()) == Z_OK ? core::Status() : cannot_write(path_); }

 private:
  std::string path_;
  std::unique_ptr<gzFile_s, CloseFile> file_;
};

core::Status write_labels(const FileRun& run, const simulation::EventText& text,
                          const std::vector<simulation::Player>& players) {
  if (run.labels.empty()) return {};
  std::ofstream out(run.labels);
  backtest::write_labels_header(out);
  for (std::uint32_t i = 0; i < players.size(); ++i) {
    backtest::Label label{.onset = std::nullopt, .kind = std::string(to_string(players[i].kind))};
    if (players[i].kind != simulation::Kind::honest) label.onset = text.time_of(players[i].onset);
    backtest::write_label(out, core::PlayerId::trusted(text.player_id(i)), label);
  }
  out.flush();
  return out ? core::Status() : cannot_write(run.labels);
}

void show_progress(double share, std::uint64_t events) {
  std::fprintf(stderr, "\r%5.1f %%  %12llu events ", 100 * share, static_cast<unsigned long long>(events));
}

}  // namespace

core::Result<std::uint64_t> simulate_to_file(const FileRun& run, const simulation::Parameters& parameters,
                                             const simulation::PopulationOptions& population) {
  simulation::Stream stream(parameters, population);
  const simulation::EventText text(parameters, run.run_id, run.start);
  if (auto labels = write_labels(run, text, stream.players()); !labels) return std::unexpected(labels.error());
  OutFile out(run.events);
  const bool shown = isatty(STDERR_FILENO) != 0;
  std::string chunk;
  std::uint64_t events = 0;
  while (const auto event = stream.next()) {
    text.append_line(chunk, *event);
    ++events;
    if (chunk.size() < kChunk) continue;
    if (auto written = out.write(chunk); !written) return std::unexpected(written.error());
    chunk.clear();
    if (shown) show_progress(event->at / (population.days * simulation::kDay), events);
  }
  if (auto written = out.write(chunk); !written) return std::unexpected(written.error());
  if (auto closed = out.close(); !closed) return std::unexpected(closed.error());
  if (shown) std::fprintf(stderr, "\n");
  return events;
}

}  // namespace liveops::apps
