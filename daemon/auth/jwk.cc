#include "daemon/auth/jwk.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>

#include <array>
#include <boost/json.hpp>

namespace cellvigil::auth {
namespace {

namespace json = boost::json;

struct Free {
    void operator()(EVP_PKEY* key) const { EVP_PKEY_free(key); }
    void operator()(EVP_PKEY_CTX* context) const { EVP_PKEY_CTX_free(context); }
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
    void operator()(OSSL_PARAM_BLD* builder) const { OSSL_PARAM_BLD_free(builder); }
    void operator()(OSSL_PARAM* params) const { OSSL_PARAM_free(params); }
    void operator()(BIGNUM* number) const { BN_free(number); }
    void operator()(ECDSA_SIG* signature) const { ECDSA_SIG_free(signature); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

const unsigned char* bytes(std::string_view text) {
    return static_cast<const unsigned char*>(static_cast<const void*>(text.data()));
}

constexpr int kLeastRsaBits = 2048;
constexpr std::size_t kP256 = 32;

Owned<BIGNUM> number(std::string_view big_endian) {
    return Owned<BIGNUM>(BN_bin2bn(bytes(big_endian), static_cast<int>(big_endian.size()), nullptr));
}

// r and s side by side, as JWS has them, in the form that OpenSSL checks.
std::string der_of(std::string_view raw) {
    if (raw.size() != 2 * kP256) return {};
    Owned<ECDSA_SIG> signature(ECDSA_SIG_new());
    auto r = number(raw.substr(0, kP256));
    auto s = number(raw.substr(kP256));
    if (!signature || !r || !s || ECDSA_SIG_set0(signature.get(), r.get(), s.get()) != 1) return {};
    (void)r.release();
    (void)s.release();
    unsigned char* der = nullptr;
    const int size = i2d_ECDSA_SIG(signature.get(), &der);
    if (size <= 0) return {};
    std::string text(static_cast<const char*>(static_cast<const void*>(der)), static_cast<std::size_t>(size));
    OPENSSL_free(der);
    return text;
}

class OpenSslKey : public PublicKey {
  public:
    OpenSslKey(Owned<EVP_PKEY> key, Algorithm algorithm) : key_(std::move(key)), algorithm_(algorithm) {}

    bool verifies(std::string_view signed_text, std::string_view signature) const override {
        const std::string der = algorithm_ == Algorithm::es256 ? der_of(signature) : std::string(signature);
        const Owned<EVP_MD_CTX> context(EVP_MD_CTX_new());
        const EVP_MD* digest = algorithm_ == Algorithm::eddsa ? nullptr : EVP_sha256();
        if (der.empty() || !context) return false;
        if (EVP_DigestVerifyInit(context.get(), nullptr, digest, nullptr, key_.get()) != 1) return false;
        return EVP_DigestVerify(context.get(), bytes(der), der.size(), bytes(signed_text), signed_text.size()) == 1;
    }

  private:
    const Owned<EVP_PKEY> key_;
    const Algorithm algorithm_;
};

using Made = Result<std::shared_ptr<const PublicKey>>;

Made from_params(const char* type, OSSL_PARAM_BLD* builder, Algorithm algorithm) {
    const Owned<OSSL_PARAM> params(OSSL_PARAM_BLD_to_param(builder));
    const Owned<EVP_PKEY_CTX> context(EVP_PKEY_CTX_new_from_name(nullptr, type, nullptr));
    EVP_PKEY* key = nullptr;
    if (!params || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
        EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_PUBLIC_KEY, params.get()) != 1) {
        return fail(Errc::invalid, "the numbers are no public key");
    }
    return std::make_shared<const OpenSslKey>(Owned<EVP_PKEY>(key), algorithm);
}

Made rsa_key(std::string_view n, std::string_view e) {
    const auto modulus = number(n);
    const auto exponent = number(e);
    if (!modulus || !exponent || BN_num_bits(modulus.get()) < kLeastRsaBits)
        return fail(Errc::invalid, "an RSA key of less than 2048 bits");
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_N, modulus.get()) != 1 ||
        OSSL_PARAM_BLD_push_BN(builder.get(), OSSL_PKEY_PARAM_RSA_E, exponent.get()) != 1) {
        return fail(Errc::invalid, "the numbers are no public key");
    }
    return from_params("RSA", builder.get(), Algorithm::rs256);
}

Made ec_key(std::string_view x, std::string_view y) {
    if (x.size() != kP256 || y.size() != kP256)
        return fail(Errc::invalid, "a P-256 key has two coordinates of 32 bytes");
    std::string point = "\x04";
    point.append(x).append(y);
    const Owned<OSSL_PARAM_BLD> builder(OSSL_PARAM_BLD_new());
    if (!builder || OSSL_PARAM_BLD_push_utf8_string(builder.get(), OSSL_PKEY_PARAM_GROUP_NAME, "prime256v1", 0) != 1 ||
        OSSL_PARAM_BLD_push_octet_string(builder.get(), OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()) != 1) {
        return fail(Errc::invalid, "the numbers are no public key");
    }
    return from_params("EC", builder.get(), Algorithm::es256);
}

Made ed25519_key(std::string_view x) {
    Owned<EVP_PKEY> key(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, bytes(x), x.size()));
    if (!key) return fail(Errc::invalid, "an Ed25519 key has 32 bytes");
    return std::make_shared<const OpenSslKey>(std::move(key), Algorithm::eddsa);
}

std::string text(const json::object& object, const char* name) {
    const auto* value = object.if_contains(name);
    return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string decoded(const json::object& object, const char* name) {
    return from_base64url(text(object, name)).value_or(std::string());
}

Result<Jwk> read_key(const json::object& object) {
    Jwk jwk;
    jwk.kid = text(object, "kid");
    const std::string use = text(object, "use");
    if (!use.empty() && use != "sig") return fail(Errc::invalid, "not for signatures");
    const std::string type = text(object, "kty");
    const std::string curve = text(object, "crv");
    Made key = fail(Errc::invalid,
                    "key type " + type + (curve.empty() ? "" : ", curve " + curve) + ": not one that is used here");
    if (type == "RSA") {
        jwk.algorithm = Algorithm::rs256;
        key = rsa_key(decoded(object, "n"), decoded(object, "e"));
    } else if (type == "EC" && curve == "P-256") {
        jwk.algorithm = Algorithm::es256;
        key = ec_key(decoded(object, "x"), decoded(object, "y"));
    } else if (type == "OKP" && curve == "Ed25519") {
        jwk.algorithm = Algorithm::eddsa;
        key = ed25519_key(decoded(object, "x"));
    }
    if (!key) return fail(key.error());
    const std::string stated = text(object, "alg");
    if (!stated.empty() && stated != name_of(jwk.algorithm))
        return fail(Errc::invalid, "algorithm " + stated + ": not one that is used here");
    jwk.key = std::move(*key);
    return jwk;
}

constexpr std::array<std::uint8_t, 256> base64url_values() {
    std::array<std::uint8_t, 256> table{};
    for (auto& value : table) value = 255;
    constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    for (std::size_t i = 0; i < kAlphabet.size(); ++i)
        table[static_cast<unsigned char>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
    return table;
}

}  // namespace

const char* name_of(Algorithm algorithm) {
    switch (algorithm) {
        case Algorithm::rs256:
            return "RS256";
        case Algorithm::es256:
            return "ES256";
        case Algorithm::eddsa:
            return "EdDSA";
    }
    return "unknown";
}

Result<std::string> from_base64url(std::string_view text) {
    static constexpr auto kValues = base64url_values();
    if (text.size() % 4 == 1) return fail(Errc::invalid, "not base64url");
    std::string out;
    std::uint32_t bits = 0;
    unsigned held = 0;
    for (const char letter : text) {
        const std::uint8_t value = kValues[static_cast<unsigned char>(letter)];
        if (value == 255) return fail(Errc::invalid, "not base64url");
        bits = (bits << 6U) | value;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        out.push_back(static_cast<char>((bits >> held) & 0xFFU));
    }
    // Bits that belong to no byte: two texts for one value would be two signatures for one token.
    if ((bits & ((1U << held) - 1U)) != 0) return fail(Errc::invalid, "not base64url");
    return out;
}

Result<KeySet> read_jwks(std::string_view text) {
    boost::system::error_code error;
    const json::value root = json::parse(json::string_view(text.data(), text.size()), error);
    const json::object* object = error ? nullptr : root.if_object();
    const json::value* keys = object == nullptr ? nullptr : object->if_contains("keys");
    if (keys == nullptr || !keys->is_array())
        return fail(Errc::invalid, "not a JSON Web Key Set: {\"keys\": [..]} was expected");
    KeySet set;
    std::size_t place = 0;
    for (const json::value& entry : keys->as_array()) {
        const std::string where = "key " + std::to_string(place++) + ": ";
        if (!entry.is_object()) {
            set.passed_over.push_back(where + "not an object");
            continue;
        }
        auto key = read_key(entry.as_object());
        if (key) {
            set.keys.push_back(std::move(*key));
        } else {
            set.passed_over.push_back(where + key.error().detail);
        }
    }
    if (set.keys.empty())
        return fail(Errc::invalid,
                    "no key of the set can be used" + (set.passed_over.empty() ? "" : ": " + set.passed_over.front()));
    return set;
}

}  // namespace cellvigil::auth
