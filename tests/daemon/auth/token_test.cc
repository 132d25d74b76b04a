#include "daemon/auth/token.h"

#include <gmock/gmock.h>

#include <boost/json.hpp>

#include "tests/daemon/auth/signer.h"

namespace cellvigil::auth {
namespace {

namespace json = boost::json;
using testing::ElementsAre;

const Instant kNow = *parse_rfc3339("2026-03-02T10:00:00Z");
std::int64_t unix_time(seconds from_now) {
    return std::chrono::duration_cast<seconds>(kNow.time_since_epoch() + from_now).count();
}

TokenPolicy policy() {
    TokenPolicy policy;
    policy.issuer = "https://id.example";
    policy.audience = "cellvigil";
    policy.roles = {{"cv-reviewer", Role::reviewer}, {"cv-lead", Role::safety_lead}, {"cv-engine", Role::engine}};
    return policy;
}

json::object good_claims() {
    return {{"iss", "https://id.example"},
            {"aud", "cellvigil"},
            {"sub", "person-7"},
            {"exp", unix_time(hours(1))},
            {"iat", unix_time(-minutes(1))},
            {"roles", json::array{"cv-lead", "cv-reviewer", "something-else"}},
            {"studies", json::array{"STUDY-1"}}};
}

const Signer& signer() {
    static const Signer one(Algorithm::es256, "key-1");
    return one;
}
KeySet keys() { return *read_jwks("{\"keys\":[" + signer().jwk() + "]}"); }

Checked checked(const json::object& claims, const TokenPolicy& with = policy()) {
    return check_token(signer().token(json::serialize(claims)), keys(), with, kNow);
}

TEST(Token, a_good_one_says_who_may_do_what) {
    const Checked result = checked(good_claims());
    ASSERT_TRUE(result.identity) << name_of(result.refusal) << " " << result.detail;
    EXPECT_EQ(result.identity->person, "person-7");
    EXPECT_THAT(result.identity->roles, ElementsAre(Role::reviewer, Role::safety_lead));
    EXPECT_TRUE(result.identity->has(Role::safety_lead));
    EXPECT_FALSE(result.identity->has(Role::auditor));
    EXPECT_TRUE(result.identity->sees("STUDY-1"));
    EXPECT_FALSE(result.identity->sees("STUDY-2"));
}

TEST(Token, every_algorithm_is_taken_when_it_is_allowed) {
    for (const Algorithm algorithm : {Algorithm::rs256, Algorithm::es256, Algorithm::eddsa}) {
        const Signer other(algorithm, "k");
        const KeySet set = *read_jwks("{\"keys\":[" + other.jwk() + "]}");
        const std::string token = other.token(json::serialize(good_claims()));
        EXPECT_TRUE(check_token(token, set, policy(), kNow).identity) << name_of(algorithm);
        TokenPolicy none = policy();
        none.algorithms = {};
        EXPECT_EQ(check_token(token, set, none, kNow).refusal, Refusal::algorithm);
    }
}

struct ClaimCase {
    const char* name;
    const char* claim;
    json::value value;  // null: the claim is left out
    Refusal expected;
};
class Refused : public testing::TestWithParam<ClaimCase> {};
TEST_P(Refused, for_its_claim) {
    json::object claims = good_claims();
    if (GetParam().value.is_null()) {
        claims.erase(GetParam().claim);
    } else {
        claims[GetParam().claim] = GetParam().value;
    }
    const Checked result = checked(claims);
    EXPECT_FALSE(result.identity);
    EXPECT_STREQ(name_of(result.refusal), name_of(GetParam().expected));
}
INSTANTIATE_TEST_SUITE_P(Claims, Refused,
                         testing::ValuesIn(std::vector<ClaimCase>{
                             {"issuer", "iss", "https://id.example/", Refusal::issuer},
                             {"no_issuer", "iss", nullptr, Refusal::issuer},
                             {"audience", "aud", "cellvigil-2", Refusal::audience},
                             {"no_audience", "aud", nullptr, Refusal::audience},
                             {"other_audiences", "aud", json::array{"a", "b"}, Refusal::audience},
                             {"expired_by_the_leeway", "exp", unix_time(-seconds(60)), Refusal::expired},
                             {"no_expiry", "exp", nullptr, Refusal::malformed},
                             {"expiry_as_text", "exp", "tomorrow", Refusal::malformed},
                             {"issued_in_the_future", "iat", unix_time(seconds(61)), Refusal::not_yet_valid},
                             {"not_yet", "nbf", unix_time(seconds(61)), Refusal::not_yet_valid},
                             {"for_a_year", "exp", unix_time(hours(24 * 365)), Refusal::too_long_lived},
                             {"no_roles", "roles", nullptr, Refusal::no_role},
                             {"foreign_roles", "roles", json::array{"admin"}, Refusal::no_role},
                             {"the_engine_is_nobody_s_role", "roles", json::array{"cv-engine"}, Refusal::no_role},
                             {"nobody", "sub", "", Refusal::malformed},
                         }),
                         [](const auto& tested) { return std::string(tested.param.name); });

TEST(Token, clocks_may_differ_by_the_leeway) {
    json::object claims = good_claims();
    claims["exp"] = unix_time(-seconds(59));
    EXPECT_TRUE(checked(claims).identity);
    claims = good_claims();
    claims["nbf"] = unix_time(seconds(60));
    EXPECT_TRUE(checked(claims).identity);
}

TEST(Token, roles_may_lie_deeper_or_be_one_text) {
    TokenPolicy deep = policy();
    deep.roles_claim = "realm_access.roles";
    json::object claims = good_claims();
    claims.erase("roles");
    EXPECT_EQ(checked(claims, deep).refusal, Refusal::no_role);
    claims["realm_access"] = json::object{{"roles", "cv-lead  other"}};
    EXPECT_THAT(checked(claims, deep).identity->roles, ElementsAre(Role::safety_lead));
}

TEST(Token, one_of_several_audiences_is_enough) {
    json::object claims = good_claims();
    claims["aud"] = json::array{"other", "cellvigil"};
    EXPECT_TRUE(checked(claims).identity);
}

std::string unsigned_token(const std::string& header) {
    return base64url(header) + "." + base64url(json::serialize(good_claims())) + ".";
}

TEST(Token, algorithm_none_and_symmetric_ones_do_not_exist) {
    for (const char* header : {R"({"alg":"none"})", R"({"alg":"None","kid":"key-1"})",
                               R"({"alg":"HS256","kid":"key-1"})", R"({"kid":"key-1"})", R"({"alg":7})"}) {
        EXPECT_EQ(check_token(unsigned_token(header), keys(), policy(), kNow).refusal, Refusal::algorithm) << header;
    }
}

TEST(Token, the_algorithm_is_the_key_s_not_the_token_s_word) {
    const std::string token = signer().token(R"({"alg":"RS256","kid":"key-1"})", json::serialize(good_claims()));
    EXPECT_EQ(check_token(token, keys(), policy(), kNow).refusal, Refusal::unknown_key);
}

TEST(Token, signed_by_another_key_of_the_same_name) {
    const Signer impostor(Algorithm::es256, "key-1");
    EXPECT_EQ(check_token(impostor.token(json::serialize(good_claims())), keys(), policy(), kNow).refusal,
              Refusal::signature);
}

TEST(Token, an_unknown_key_is_told_apart_so_that_the_set_can_be_fetched_anew) {
    const Signer newer(Algorithm::es256, "key-2");
    EXPECT_EQ(check_token(newer.token(json::serialize(good_claims())), keys(), policy(), kNow).refusal,
              Refusal::unknown_key);
}

TEST(Token, without_a_name_the_only_key_of_the_algorithm_counts_but_not_one_of_two) {
    const std::string token = signer().token(R"({"alg":"ES256"})", json::serialize(good_claims()));
    EXPECT_TRUE(check_token(token, keys(), policy(), kNow).identity);
    const Signer second(Algorithm::es256, "key-2");
    const KeySet two = *read_jwks("{\"keys\":[" + signer().jwk() + "," + second.jwk() + "]}");
    EXPECT_EQ(check_token(token, two, policy(), kNow).refusal, Refusal::unknown_key);
}

TEST(Token, a_changed_claim_breaks_the_signature) {
    const std::string token = signer().token(json::serialize(good_claims()));
    json::object changed = good_claims();
    changed["sub"] = "person-8";
    const std::size_t first = token.find('.');
    const std::size_t second = token.find('.', first + 1);
    const std::string forged = token.substr(0, first + 1) + base64url(json::serialize(changed)) + token.substr(second);
    EXPECT_EQ(check_token(forged, keys(), policy(), kNow).refusal, Refusal::signature);
}

TEST(Token, what_is_no_token_is_malformed) {
    const std::string good = signer().token(json::serialize(good_claims()));
    for (const std::string& text :
         {std::string(), std::string("a"), std::string("a.b"), std::string(".."), good + ".x", "x" + good, good + "=",
          std::string(kMostTokenBytes + 1, 'a'), base64url("[]") + "." + base64url("{}") + ".AA"}) {
        EXPECT_EQ(check_token(text, keys(), policy(), kNow).refusal, Refusal::malformed) << text.substr(0, 40);
    }
    EXPECT_EQ(
        check_token(signer().token(R"({"alg":"ES256","kid":"key-1","crit":["x"]})", json::serialize(good_claims())),
                    keys(), policy(), kNow)
            .refusal,
        Refusal::malformed);
}

}  // namespace
}  // namespace cellvigil::auth
