#include "apps/host/dev_secrets.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <utility>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::apps {

using core::Errc;

namespace {

constexpr std::size_t kSecretBytes = 32;

using Line = std::pair<const char*, std::string DevSecrets::*>;
constexpr std::array<Line, 4> kLines{
    Line{"HMAC_SECRET", &DevSecrets::hmac_secret}, Line{"API_TOKEN", &DevSecrets::api_token},
    Line{"ADMIN_TOKEN", &DevSecrets::admin_token}, Line{"RECEIPT_SECRET", &DevSecrets::receipt_secret}};

core::Status write_private(const std::filesystem::path& file, const std::string& text) {
  const std::string temporary = file.string() + ".new";
  const int descriptor = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (descriptor < 0) {
    return core::fail(Errc::unavailable, "cannot write " + temporary + ": " + std::strerror(errno));
  }
  const bool written =
      ::write(descriptor, text.data(), text.size()) == static_cast<ssize_t>(text.size()) && ::fsync(descriptor) == 0;
  const bool closed = ::close(descriptor) == 0;
  if (!written || !closed || ::rename(temporary.c_str(), file.c_str()) != 0) {
    return core::fail(Errc::unavailable, "cannot write " + file.string() + ": " + std::strerror(errno));
  }
  return {};
}

}  // namespace

core::Result<DevSecrets> load_dev_secrets(const std::filesystem::path& data_directory) {
  const auto file = data_directory / kDevSecretsFile;
  std::ifstream in(file);
  if (!in) return core::fail(Errc::not_found, file.string() + " is not there: start `liveops serve` once");
  DevSecrets secrets;
  std::string line;
  while (std::getline(in, line)) {
    for (const auto& [name, member] : kLines) {
      const std::string prefix = std::string(name) + "=";
      if (line.starts_with(prefix)) secrets.*member = line.substr(prefix.size());
    }
  }
  for (const auto& [name, member] : kLines) {
    if ((secrets.*member).empty()) {
      return core::fail(Errc::corrupt,
                        file.string() + " lacks " + name + ": restore it, or remove it to get new secrets");
    }
  }
  return secrets;
}

core::Result<DevSecrets> load_or_make_dev_secrets(const std::filesystem::path& data_directory) {
  auto found = load_dev_secrets(data_directory);
  if (found || found.error().code != Errc::not_found) return found;
  DevSecrets secrets;
  std::string text;
  for (const auto& [name, member] : kLines) {
    secrets.*member = core::crypto::to_hex(core::crypto::random_bytes(kSecretBytes));
    text += std::string(name) + "=" + secrets.*member + "\n";
  }
  if (auto written = write_private(data_directory / kDevSecretsFile, text); !written) {
    return std::unexpected(written.error());
  }
  secrets.made_now = true;
  return secrets;
}

}  // namespace liveops::apps
