#include <memory>
#include <string>

#include "apps/liveops/commands.hpp"
#include "apps/liveops/operator_client.hpp"

namespace liveops::apps {

namespace {

struct PlayerFlags {
  OperatorFlags service;
  std::string player;
  std::string reason;
  std::string since;
  std::int64_t duration_s = 0;
};

int show(const PlayerFlags& flags) {
  return call_service(flags.service, "/players/" + url_part(flags.player));
}

int order(const PlayerFlags& flags, const std::string& action) {
  std::string body = "{\"reason\":" + json_text(flags.reason);
  if (!flags.since.empty()) body += ",\"since\":" + json_text(flags.since);
  if (flags.duration_s > 0) body += ",\"duration_s\":" + std::to_string(flags.duration_s);
  return call_service(flags.service, "/players/" + url_part(flags.player) + "/" + action, body + "}");
}

}  // namespace

void add_player(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("player", "Look at a player, or give an order about one, at the fairness service")
                      ->require_subcommand(1);
  auto flags = std::make_shared<PlayerFlags>();
  const auto add = [&](const std::string& name, const char* help) {
    auto* verb = command->add_subcommand(name, help);
    verb->add_option("PLAYER", flags->player, "The player's id")->required();
    add_operator_flags(*verb, flags->service, "FAIRNESS_URL", "http://127.0.0.1:8081");
    return verb;
  };
  add("show", "Standing, evidence, decisions and audit")->callback([flags, &run] {
    run = [flags] { return show(*flags); };
  });
  const auto add_order = [&](const std::string& action, const char* help) {
    auto* verb = add(action, help);
    verb->add_option("--reason", flags->reason, "Why: it is kept in the audit")->required();
    verb->callback([flags, action, &run] { run = [flags, action] { return order(*flags, action); }; });
    return verb;
  };
  add_order("block", "Refuse every event and hide the player from ranks")
      ->add_option("--duration", flags->duration_s, "Seconds [no end]")
      ->check(CLI::PositiveNumber);
  add_order("unblock", "End a block or throttle");
  add_order("clear", "End a block or throttle, and forget what is usual for the player");
  add_order("overturn", "As unblock; the verdict was wrong: places in periods sealed meanwhile come back")
      ->add_option("--since", flags->since, "What was wrong began then (RFC 3339) [the start of the block]");
  add_order("disqualify", "Take the player out of all rankings, sealed ones too, and revoke receipts")
      ->add_option("--since", flags->since, "Out of periods that close after this time (RFC 3339) [now]");
  add_order("reinstate", "Take a disqualification back");
}

}  // namespace liveops::apps
