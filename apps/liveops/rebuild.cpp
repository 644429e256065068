#include <boost/asio/io_context.hpp>
#include <iostream>

#include "adapters/http_client/client.hpp"
#include "apps/host/blocking.hpp"
#include "apps/host/command_line.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/liveops/credentials.hpp"

namespace liveops::apps {

namespace {

struct RebuildFlags {
  std::string url = "http://127.0.0.1:8082";
  CredentialFlags credentials;
};

int rebuild(const RebuildFlags& flags) {
  auto url = adapters::http_client::Url::parse(flags.url);
  if (!url) return complain(url.error(), exit_usage);
  const auto credentials = find_credentials(flags.credentials);
  if (!credentials) return complain(credentials.error(), exit_usage);
  boost::asio::io_context io;
  adapters::http_client::Client client(io.get_executor(), std::move(*url),
                                       {.request_timeout = std::chrono::minutes(10)});
  const auto answer = run_here(io, client.request("POST", "/leaderboard/rebuild",
                                                  {{"Authorization", "Bearer " + credentials->settings.admin_token}}));
  if (!answer) return complain(answer.error(), exit_failed);
  std::cout << answer->body << "\n";
  return answer->status == 200 ? exit_ok : exit_failed;
}

}  // namespace

void add_rebuild(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("rebuild", "Have a running leaderboard rebuild its rank index from the store");
  auto flags = std::make_shared<RebuildFlags>();
  command->add_option("--url", flags->url, "The leaderboard")->envname("LEADERBOARD_URL")->capture_default_str();
  add_credential_flags(*command, flags->credentials);
  command->callback([flags, &run] { run = [flags] { return rebuild(*flags); }; });
}

}  // namespace liveops::apps
