#include <memory>
#include <string>

#include "apps/liveops/commands.hpp"
#include "apps/liveops/operator_client.hpp"

namespace liveops::apps {

namespace {

struct ReviewFlags {
  OperatorFlags service;
  std::string state = "open";
  std::string rule;
  std::int64_t limit = 50;
  std::int64_t id = 0;
  std::string worker;
  std::int64_t lease_s = 900;
  std::string outcome;
  std::string reason;
};

int list(const ReviewFlags& flags) {
  std::string target = "/reviews?limit=" + std::to_string(flags.limit);
  if (flags.state != "all") target += "&state=" + flags.state;
  if (!flags.rule.empty()) target += "&rule=" + url_part(flags.rule);
  return call_service(flags.service, target);
}

int summary(const ReviewFlags& flags) {
  return call_service(flags.service, "/reviews/summary");
}

std::string target_of(const ReviewFlags& flags, const char* verb) {
  return "/reviews/" + std::to_string(flags.id) + "/" + verb;
}

int claim(const ReviewFlags& flags) {
  return call_service(flags.service, target_of(flags, "claim"),
                      "{\"worker\":" + json_text(flags.worker) + ",\"lease_s\":" + std::to_string(flags.lease_s) + "}");
}

int decide(const ReviewFlags& flags) {
  return call_service(flags.service, target_of(flags, "decide"),
                      "{\"worker\":" + json_text(flags.worker) + ",\"outcome\":" + json_text(flags.outcome) +
                          ",\"reason\":" + json_text(flags.reason) + "}");
}

}  // namespace

void add_reviews(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("reviews", "Cases that wait for a person's decision, at the fairness service")
                      ->require_subcommand(1);
  auto flags = std::make_shared<ReviewFlags>();
  const auto add = [&](const char* name, const char* help, int (*action)(const ReviewFlags&)) {
    auto* verb = command->add_subcommand(name, help);
    add_operator_flags(*verb, flags->service, "FAIRNESS_URL", "http://127.0.0.1:8081");
    verb->callback([flags, action, &run] { run = [flags, action] { return action(*flags); }; });
    return verb;
  };
  const auto add_case = [&](const char* name, const char* help, int (*action)(const ReviewFlags&)) {
    auto* verb = add(name, help, action);
    verb->add_option("CASE", flags->id, "The case's id")->required()->check(CLI::PositiveNumber);
    verb->add_option("--worker", flags->worker, "Who reviews")->required()->envname("USER");
    return verb;
  };
  auto* listing = add("list", "Cases, the newest first", list);
  listing->add_option("--state", flags->state, "open, claimed, decided or all")
      ->check(CLI::IsMember({"open", "claimed", "decided", "all"}))
      ->capture_default_str();
  listing->add_option("--rule", flags->rule, "Of this rule alone");
  listing->add_option("--limit", flags->limit, "At most so many")->check(CLI::Range(1, 500))->capture_default_str();
  add("summary", "What came of each rule's cases", summary);
  add_case("claim", "Take a case: nobody else can decide it meanwhile", claim)
      ->add_option("--lease", flags->lease_s, "Seconds")
      ->check(CLI::Range(1, 86'400))
      ->capture_default_str();
  auto* deciding = add_case("decide", "Decide a case that was taken", decide);
  deciding->add_option("OUTCOME", flags->outcome, "uphold, or overturn: what the rule led to is undone")
      ->required()
      ->check(CLI::IsMember({"uphold", "overturn"}));
  deciding->add_option("--reason", flags->reason, "Why: it is kept with the case")->required();
}

}  // namespace liveops::apps
