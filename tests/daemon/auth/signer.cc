#include "tests/daemon/auth/signer.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <vector>

namespace cellvigil::auth {
namespace {

std::string number_of(EVP_PKEY* key, const char* name, std::size_t width) {
    BIGNUM* number = nullptr;
    EVP_PKEY_get_bn_param(key, name, &number);
    const auto size = std::max(width, static_cast<std::size_t>(BN_num_bytes(number)));
    std::vector<unsigned char> bytes(size);
    BN_bn2binpad(number, bytes.data(), static_cast<int>(size));
    BN_free(number);
    return {bytes.begin(), bytes.end()};
}

std::string raw_of(const std::vector<unsigned char>& der) {
    const unsigned char* at = der.data();
    ECDSA_SIG* signature = d2i_ECDSA_SIG(nullptr, &at, static_cast<long>(der.size()));
    std::array<unsigned char, 64> raw{};
    BN_bn2binpad(ECDSA_SIG_get0_r(signature), raw.data(), 32);
    BN_bn2binpad(ECDSA_SIG_get0_s(signature), raw.data() + 32, 32);
    ECDSA_SIG_free(signature);
    return {raw.begin(), raw.end()};
}

}  // namespace

struct Signer::Impl {
    Algorithm algorithm;
    std::string kid;
    EVP_PKEY* key = nullptr;
};

std::string base64url(const std::string& bytes) {
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    std::string text;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char byte : bytes) {
        bits = (bits << 8U) | static_cast<unsigned char>(byte);
        held += 8;
        while (held >= 6) {
            held -= 6;
            text.push_back(kAlphabet[(bits >> held) & 63U]);
        }
    }
    if (held > 0) text.push_back(kAlphabet[(bits << (6 - held)) & 63U]);
    return text;
}

Signer::Signer(Algorithm algorithm, std::string kid, int rsa_bits)
    : impl_(std::make_unique<Impl>(Impl{algorithm, std::move(kid)})) {
    switch (algorithm) {
        case Algorithm::rs256:
            impl_->key = EVP_RSA_gen(static_cast<unsigned>(rsa_bits));
            break;
        case Algorithm::es256:
            impl_->key = EVP_EC_gen("P-256");
            break;
        case Algorithm::eddsa:
            impl_->key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
            break;
    }
}
Signer::~Signer() { EVP_PKEY_free(impl_->key); }

std::string Signer::jwk() const {
    const std::string head =
        R"({"use":"sig","kid":")" + impl_->kid + R"(","alg":")" + name_of(impl_->algorithm) + "\",";
    switch (impl_->algorithm) {
        case Algorithm::rs256:
            return head + R"("kty":"RSA","n":")" + base64url(number_of(impl_->key, OSSL_PKEY_PARAM_RSA_N, 1)) +
                   R"(","e":")" + base64url(number_of(impl_->key, OSSL_PKEY_PARAM_RSA_E, 1)) + "\"}";
        case Algorithm::es256:
            return head + R"("kty":"EC","crv":"P-256","x":")" +
                   base64url(number_of(impl_->key, OSSL_PKEY_PARAM_EC_PUB_X, 32)) + R"(","y":")" +
                   base64url(number_of(impl_->key, OSSL_PKEY_PARAM_EC_PUB_Y, 32)) + "\"}";
        case Algorithm::eddsa: {
            std::array<unsigned char, 32> bytes{};
            std::size_t size = bytes.size();
            EVP_PKEY_get_raw_public_key(impl_->key, bytes.data(), &size);
            return head + R"("kty":"OKP","crv":"Ed25519","x":")" + base64url({bytes.begin(), bytes.end()}) + "\"}";
        }
    }
    return {};
}

std::string Signer::sign(const std::string& text) const {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    const auto* data = static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
    EVP_DigestSignInit(context, nullptr, impl_->algorithm == Algorithm::eddsa ? nullptr : EVP_sha256(), nullptr,
                       impl_->key);
    std::size_t size = 0;
    EVP_DigestSign(context, nullptr, &size, data, text.size());
    std::vector<unsigned char> signature(size);
    EVP_DigestSign(context, signature.data(), &size, data, text.size());
    signature.resize(size);
    EVP_MD_CTX_free(context);
    return impl_->algorithm == Algorithm::es256 ? raw_of(signature) : std::string(signature.begin(), signature.end());
}

std::string Signer::token(const std::string& header, const std::string& claims) const {
    const std::string text = base64url(header) + "." + base64url(claims);
    return text + "." + base64url(sign(text));
}

std::string Signer::token(const std::string& claims) const {
    return token(
        std::string(R"({"typ":"JWT","alg":")") + name_of(impl_->algorithm) + R"(","kid":")" + impl_->kid + "\"}",
        claims);
}

}  // namespace cellvigil::auth
