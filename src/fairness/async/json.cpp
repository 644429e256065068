#include "fairness/async/json.hpp"

#include <cmath>

#include "core/time.hpp"
#include "fairness/async/explanation.hpp"
#include "fairness/async/remarks.hpp"

namespace liveops::fairness::async {
namespace {

namespace json = boost::json;

/// Four digits are enough for a reader.
double rounded(double value) {
  if (value == 0 || !std::isfinite(value)) return 0;
  const double unit = std::pow(10.0, std::floor(std::log10(std::abs(value))) - 3);
  return std::round(value / unit) * unit;
}

json::object to_json(const Finding& finding) {
  json::object object;
  object["rule"] = rule_name(finding.check);
  object["proposed"] = to_string(finding.proposal);
  object["observed"] = rounded(finding.observed);
  object["expected"] = rounded(finding.expected);
  object["above_share_of_peers"] = rounded(finding.peer_quantile);
  object["once_in"] = rounded(finding.once_in);
  object["evidence"] = rounded(finding.e_value);
  object["samples"] = finding.samples;
  if (!finding.partner.empty()) object["other_player"] = finding.partner.str();
  object["explanation"] = in_words(finding);
  return object;
}

}  // namespace

json::object to_json(const Dossier& dossier) {
  json::object object;
  object["events"] = dossier.events;
  object["sessions"] = dossier.sessions;
  object["playing"] = dossier.playing;
  object["first_seen"] = core::format_rfc3339(dossier.first_seen);
  object["last_seen"] = core::format_rfc3339(dossier.last_seen);
  object["evidence"] = rounded(dossier.e_value);
  json::array checks;
  for (const Finding& finding : dossier.checks) checks.push_back(to_json(finding));
  object["checks"] = std::move(checks);
  return object;
}

}  // namespace liveops::fairness::async
