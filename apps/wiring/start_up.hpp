#pragma once

#include <chrono>
#include <filesystem>
#include <string_view>
#include <system_error>
#include <thread>

#include "core/error.hpp"
#include "ports/log.hpp"

namespace liveops::apps {

/// How long a process waits at its start for a server that is not there (yet): all may be starting together.
inline constexpr std::chrono::seconds kStartPatience{10};
inline constexpr std::chrono::milliseconds kStartPause{250};

/// Calls `attempt` until it succeeds, fails for another reason than absence, or `kStartPatience` is over.
/// Blocks. Gives its last result.
template <class Attempt>
[[nodiscard]] auto try_for_a_while(ports::Log& log, std::string_view what, Attempt attempt) -> decltype(attempt()) {
  const auto give_up = std::chrono::steady_clock::now() + kStartPatience;
  auto result = attempt();
  for (bool told = false; !result; result = attempt()) {
    const auto code = result.error().code;
    const bool away = code == core::Errc::unavailable || code == core::Errc::timeout;
    if (!away || std::chrono::steady_clock::now() >= give_up) break;
    if (!told) log.warn("waiting", {{"for", what}, {"reason", std::string_view(result.error().message)}});
    told = true;
    std::this_thread::sleep_for(kStartPause);
  }
  return result;
}

/// Makes the directory where a process keeps its files. Errors: `unavailable`.
[[nodiscard]] inline core::Status make_data_directory(const std::filesystem::path& directory) {
  std::error_code failed;
  std::filesystem::create_directories(directory, failed);
  if (!failed) return {};
  return core::fail(core::Errc::unavailable, "DATA_DIR: cannot make " + directory.string() + ": " + failed.message());
}

}  // namespace liveops::apps
