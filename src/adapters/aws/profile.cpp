#include "adapters/aws/profile.hpp"

#include <algorithm>
#include <fstream>
#include <iterator>

namespace liveops::adapters::aws {

namespace {

constexpr std::string_view kSpace = " \t\r";

std::string_view trim(std::string_view text) {
  const auto begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) - begin + 1);
}

std::string read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::string path_of(const Environment& environment, const std::string& variable, const std::string& in_home) {
  const auto given = environment(variable);
  return given.empty() ? environment("HOME") + in_home : given;
}

}  // namespace

ProfileFile parse_profile_file(std::string_view text) {
  ProfileFile file;
  std::string section;
  std::string parent;
  while (!text.empty()) {
    const auto line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    const auto content = trim(line);
    if (content.empty() || content[0] == '#' || content[0] == ';') continue;
    if (content[0] == '[') {
      section = trim(content.substr(1, content.find(']') - 1));
      parent.clear();
      continue;
    }
    const auto equals = content.find('=');
    if (equals == std::string_view::npos || section.empty()) continue;
    const std::string key(trim(content.substr(0, equals)));
    const bool nested = kSpace.contains(line[0]) && !parent.empty();
    if (!nested) parent = key;
    file[section][nested ? parent + "." + key : key] = trim(content.substr(equals + 1));
  }
  return file;
}

Profile Profile::load(const Environment& environment) {
  Profile profile;
  if (const auto name = environment("AWS_PROFILE"); !name.empty()) profile.name_ = name;
  const auto credentials =
      parse_profile_file(read_file(path_of(environment, "AWS_SHARED_CREDENTIALS_FILE", "/.aws/credentials")));
  const auto config = parse_profile_file(read_file(path_of(environment, "AWS_CONFIG_FILE", "/.aws/config")));
  if (const auto found = credentials.find(profile.name_); found != credentials.end()) {
    profile.settings_ = found->second;
  }
  auto in_config = config.find("profile " + profile.name_);
  if (in_config == config.end() && profile.name_ == "default") in_config = config.find("default");
  if (in_config != config.end()) profile.settings_.insert(in_config->second.begin(), in_config->second.end());
  if (const auto services = config.find("services " + profile.value("services")); services != config.end()) {
    profile.services_ = services->second;
  }
  return profile;
}

std::string Profile::value(const std::string& name) const {
  const auto found = settings_.find(name);
  return found == settings_.end() ? std::string() : found->second;
}

std::string Profile::service_endpoint(const std::string& service) const {
  const auto found = services_.find(service + ".endpoint_url");
  return found == services_.end() ? std::string() : found->second;
}

}  // namespace liveops::adapters::aws
