#include "core/receipt.hpp"

#include <iostream>

#include "apps/host/command_line.hpp"
#include "apps/host/receipt_keys.hpp"
#include "apps/liveops/commands.hpp"
#include "apps/liveops/credentials.hpp"

namespace liveops::apps {

namespace {

struct ReceiptFlags {
  std::string token;
  CredentialFlags credentials;
};

int verify(const ReceiptFlags& flags) {
  const auto credentials = find_credentials(flags.credentials);
  if (!credentials) return complain(credentials.error(), exit_usage);
  const auto jws = receipt_signer(credentials->settings);
  if (!jws) return complain(jws.error(), exit_usage);
  const auto secret = receipt_secret(credentials->settings);
  if (!secret) return complain(secret.error(), exit_usage);
  const core::ReceiptSigner signer(credentials->settings.receipt_issuer, *jws, *secret);
  const auto receipt = signer.verify(flags.token);
  if (!receipt) return complain(receipt.error(), exit_failed);
  std::cout << "valid: " << core::claims_json(*receipt) << "\n";
  return exit_ok;
}

}  // namespace

void add_receipt(CLI::App& app, Command& run) {
  auto* command = app.add_subcommand("receipt", "Work with signed receipts")->require_subcommand(1);
  auto* verifying = command->add_subcommand("verify", "Check a receipt's signature offline and print what it says");
  auto flags = std::make_shared<ReceiptFlags>();
  verifying->add_option("TOKEN", flags->token, "The receipt (JWS compact form)")->required();
  add_credential_flags(*verifying, flags->credentials);
  verifying->callback([flags, &run] { run = [flags] { return verify(*flags); }; });
}

}  // namespace liveops::apps
