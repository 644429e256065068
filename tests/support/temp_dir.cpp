#include "tests/support/temp_dir.hpp"

#include <cstdlib>
#include <stdexcept>
#include <string>
#include <system_error>

namespace liveops::test {

TempDir::TempDir() {
  std::string pattern = (std::filesystem::temp_directory_path() / "liveops-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make " + pattern);
  path_ = pattern;
}

TempDir::TempDir(const std::filesystem::path& source) : TempDir() {
  std::filesystem::copy(source, path_, std::filesystem::copy_options::recursive);
}

TempDir::~TempDir() {
  std::error_code ignored;  // a leftover directory in /tmp does not fail a test
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace liveops::test
