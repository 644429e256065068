#include "core/crypto/ed25519_key.hpp"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "core/crypto/digest.hpp"
#include "core/crypto/encoding.hpp"

namespace liveops::core::crypto {
namespace {

constexpr std::string_view kPemMark = "-----BEGIN";
constexpr std::size_t kMaxPemBytes = 64 * 1024;
constexpr std::size_t kPublicKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;

template <auto FreeFunction>
struct Free {
  template <class T>
  void operator()(T* thing) const {
    FreeFunction(thing);
  }
};
using KeyPtr = std::unique_ptr<EVP_PKEY, Free<EVP_PKEY_free>>;
using ContextPtr = std::unique_ptr<EVP_MD_CTX, Free<EVP_MD_CTX_free>>;
using BioPtr = std::unique_ptr<BIO, Free<BIO_free>>;

const unsigned char* as_unsigned(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text(kMaxPemBytes, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || file.gcount() <= 0) return std::nullopt;
  text.resize(static_cast<std::size_t>(file.gcount()));
  return text;
}

/// OpenSSL would ask on the terminal for the password of an encrypted key; a server has nobody to ask.
int refuse_password(char*, int, int, void*) {
  return -1;
}

KeyPtr read_pem(std::string_view pem) {
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  KeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, refuse_password, nullptr));
  ERR_clear_error();
  return key;
}

ContextPtr new_context() {
  ContextPtr context(EVP_MD_CTX_new());
  if (!context) throw std::bad_alloc();
  return context;
}

}  // namespace

struct Ed25519Key::State {
  KeyPtr key;
  std::string public_key;
};

Ed25519Key::Ed25519Key(std::unique_ptr<State> state) : state_(std::move(state)) {}
Ed25519Key::~Ed25519Key() = default;
Ed25519Key::Ed25519Key(Ed25519Key&&) noexcept = default;
Ed25519Key& Ed25519Key::operator=(Ed25519Key&&) noexcept = default;

Result<Ed25519Key> Ed25519Key::load(std::string_view pem_or_path) {
  std::string pem(pem_or_path);
  if (!pem_or_path.contains(kPemMark)) {
    auto text = read_file(pem);
    if (!text) {
      return fail(Errc::invalid_argument, "the private key is neither PEM nor the path of a file that can be read");
    }
    pem = std::move(*text);
  }
  auto state = std::make_unique<State>();
  state->key = read_pem(pem);
  OPENSSL_cleanse(pem.data(), pem.size());
  if (!state->key || EVP_PKEY_get_id(state->key.get()) != EVP_PKEY_ED25519) {
    return fail(Errc::invalid_argument,
                "the private key is not an unencrypted Ed25519 key in PEM (make one with: openssl genpkey -algorithm "
                "ed25519)");
  }
  state->public_key.resize(kPublicKeyBytes);
  std::size_t length = kPublicKeyBytes;
  if (EVP_PKEY_get_raw_public_key(state->key.get(), reinterpret_cast<unsigned char*>(state->public_key.data()),
                                  &length) != 1) {
    return fail(Errc::invalid_argument, "the private key has no public half");
  }
  return Ed25519Key(std::move(state));
}

std::string Ed25519Key::sign(std::string_view data) const {
  const ContextPtr context = new_context();
  std::string signature(kSignatureBytes, '\0');
  std::size_t length = signature.size();
  if (EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) != 1 ||
      EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(signature.data()), &length, as_unsigned(data),
                     data.size()) != 1) {
    throw std::runtime_error("OpenSSL could not sign with Ed25519");
  }
  return signature;
}

bool Ed25519Key::verify(std::string_view data, std::string_view signature) const {
  const ContextPtr context = new_context();
  if (EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, state_->key.get()) != 1) {
    throw std::runtime_error("OpenSSL could not verify with Ed25519");
  }
  const bool valid =
      EVP_DigestVerify(context.get(), as_unsigned(signature), signature.size(), as_unsigned(data), data.size()) == 1;
  ERR_clear_error();  // a refused signature leaves its reason in the thread's queue
  return valid;
}

const std::string& Ed25519Key::public_key() const {
  return state_->public_key;
}

std::string Ed25519Key::thumbprint() const {
  const std::string jwk = R"({"crv":"Ed25519","kty":"OKP","x":")" + to_base64url(state_->public_key) + R"("})";
  return to_base64url(as_bytes(sha256(jwk)));
}

}  // namespace liveops::core::crypto
