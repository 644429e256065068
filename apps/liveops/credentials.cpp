#include "apps/liveops/credentials.hpp"

#include "apps/host/command_line.hpp"
#include "apps/host/dev_secrets.hpp"

namespace liveops::apps {

namespace {

using adapters::config::Values;

Values flag_values(const CredentialFlags& flags) {
  Values values;
  if (!flags.data_dir.empty()) values["DATA_DIR"] = flags.data_dir;
  if (!flags.admin_token.empty()) values["ADMIN_TOKEN"] = flags.admin_token;
  if (!flags.key.empty()) {
    const bool has_id = flags.key.find(':') != std::string::npos;
    values[has_id ? "HMAC_KEYS" : "HMAC_SECRET"] = flags.key;
    values[has_id ? "HMAC_SECRET" : "HMAC_KEYS"] = "";
  }
  return values;
}

core::Status add_dev_secrets(Values& values) {
  const auto directory = values.contains("DATA_DIR") ? values["DATA_DIR"] : std::string("./data");
  const auto secrets = load_dev_secrets(directory);
  if (!secrets) {
    return core::fail(core::Errc::not_found,
                      "no key to sign with: set HMAC_SECRET, or give --key, or --data-dir of a "
                      "server in dev mode (" +
                          secrets.error().message + ")");
  }
  values["HMAC_SECRET"] = secrets->hmac_secret;
  for (const auto& [name, value] : {std::pair{"API_TOKEN", secrets->api_token},
                                    {"ADMIN_TOKEN", secrets->admin_token},
                                    {"RECEIPT_SECRET", secrets->receipt_secret}}) {
    if (auto& slot = values[name]; slot.empty()) slot = value;
  }
  return {};
}

}  // namespace

void add_credential_flags(CLI::App& command, CredentialFlags& flags) {
  command.add_option("--data-dir", flags.data_dir,
                     "Data directory of the server, for its dev secrets [DATA_DIR, default ./data]");
  command.add_option("--key", flags.key, "Signing key: SECRET or ID:SECRET [HMAC_SECRET, HMAC_KEYS]");
  command.add_option("--admin-token", flags.admin_token, "Token of operator routes [ADMIN_TOKEN]");
}

core::Result<Credentials> find_credentials(const CredentialFlags& flags) {
  auto values = gather_values(flag_values(flags));
  if (!values) return std::unexpected(values.error());
  if (lacks_signing_keys(*values)) {
    if (auto found = add_dev_secrets(*values); !found) return std::unexpected(found.error());
  }
  auto settings = adapters::config::make_settings(*values, adapters::config::Mode::dev);
  if (!settings) return std::unexpected(settings.error());
  auto keys = core::auth::KeyRing::parse(settings->hmac_secret, settings->hmac_keys);
  if (!keys) return std::unexpected(keys.error());
  return Credentials{.settings = std::move(*settings), .key = keys->keys().front()};
}

}  // namespace liveops::apps
