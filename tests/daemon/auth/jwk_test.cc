#include "daemon/auth/jwk.h"

#include <gmock/gmock.h>

#include "tests/daemon/auth/signer.h"

namespace cellvigil::auth {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class EachAlgorithm : public testing::TestWithParam<Algorithm> {};
TEST_P(EachAlgorithm, its_key_is_read_and_checks_its_signatures) {
    const Signer signer(GetParam(), "k");
    const auto set = read_jwks("{\"keys\":[" + signer.jwk() + "]}");
    ASSERT_TRUE(set) << set.error().detail;
    ASSERT_EQ(set->keys.size(), 1U);
    const PublicKey& key = *set->keys[0].key;
    std::string signature = signer.sign("text");
    EXPECT_TRUE(key.verifies("text", signature));
    EXPECT_FALSE(key.verifies("texts", signature));
    signature[5] = static_cast<char>(signature[5] ^ 1);
    EXPECT_FALSE(key.verifies("text", signature));
    EXPECT_FALSE(key.verifies("text", ""));
    EXPECT_FALSE(key.verifies("text", "short"));
    EXPECT_FALSE(key.verifies("text", Signer(GetParam(), "k").sign("text")));
}
INSTANTIATE_TEST_SUITE_P(Algorithms, EachAlgorithm,
                         testing::Values(Algorithm::rs256, Algorithm::es256, Algorithm::eddsa),
                         [](const auto& tested) { return std::string(name_of(tested.param)); });

TEST(Jwks, keys_that_cannot_be_used_are_passed_over_with_the_reason) {
    const Signer good(Algorithm::es256, "good");
    const Signer weak(Algorithm::rs256, "weak", 1024);
    const std::string encryption = R"({"kty":"RSA","use":"enc","n":"AQAB","e":"AQAB"})";
    const std::string symmetric = R"({"kty":"oct","k":"c2VjcmV0"})";
    const std::string other_curve = R"({"kty":"EC","crv":"P-384","x":"AA","y":"AA"})";
    const auto set = read_jwks("{\"keys\":[" + symmetric + "," + encryption + "," + weak.jwk() + "," + other_curve +
                               ",7," + good.jwk() + "]}");
    ASSERT_TRUE(set);
    ASSERT_EQ(set->keys.size(), 1U);
    EXPECT_EQ(set->keys[0].kid, "good");
    EXPECT_THAT(set->passed_over, ElementsAre(HasSubstr("key 0: key type oct"), HasSubstr("not for signatures"),
                                              HasSubstr("2048"), HasSubstr("P-384"), HasSubstr("not an object")));
}

TEST(Jwks, what_is_no_key_set_is_refused) {
    EXPECT_FALSE(read_jwks(""));
    EXPECT_FALSE(read_jwks("[]"));
    EXPECT_FALSE(read_jwks(R"({"keys":{}})"));
    EXPECT_FALSE(read_jwks(R"({"keys":[]})"));
    EXPECT_FALSE(read_jwks(R"({"keys":[{"kty":"EC","crv":"P-256","x":"AAAA","y":"AAAA"}]})"));
}

TEST(Base64url, takes_just_its_own_form) {
    EXPECT_EQ(*from_base64url("aGk"), "hi");
    EXPECT_EQ(*from_base64url(""), "");
    EXPECT_EQ(*from_base64url("_-8"), "\xff\xef");
    for (const char* text : {"aGk=", "a", "aG+k", "aGl", "aG k"}) EXPECT_FALSE(from_base64url(text)) << text;
}

}  // namespace
}  // namespace cellvigil::auth
