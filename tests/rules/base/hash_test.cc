// The hashes that are stored must be the same in every build: held to what another build of the library gives.
#include "rules/base/hash.h"

#include <gtest/gtest.h>

#include <string>

#include "tests/support/case_name.h"

namespace cellvigil {
namespace {

constexpr std::uint64_t kSeed = 0x9e3779b97f4a7c15U;

struct HashCase {
    const char* name;
    std::size_t size;
    std::uint64_t unseeded;
    std::uint64_t seeded;
};
class Hash64 : public testing::TestWithParam<HashCase> {};

TEST_P(Hash64, is_xxhash3_alone_and_in_a_pair) {
    const auto& [name, size, unseeded, seeded] = GetParam();
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>((i * 7 + 1) % 251);
    EXPECT_EQ(hash64(text), unseeded);
    EXPECT_EQ(hash64(text, kSeed), seeded);
    const TwoHashes both = hash64_by_two(text, 0, kSeed);
    EXPECT_EQ(both.first, unseeded);
    EXPECT_EQ(both.second, seeded);
}
// clang-format off
INSTANTIATE_TEST_SUITE_P(Sizes, Hash64, testing::ValuesIn(std::to_array<HashCase>({
    {"nothing", 0, 0x2d06800538d394c2U, 0x602b0e2cd6662c8bU},
    {"one", 1, 0xe12ef9d2eb86ceebU, 0x439a256d3da4e7e3U},
    {"three", 3, 0x5c83885a0fb5d516U, 0x8840137a8295d79bU},
    {"four", 4, 0x244f36de481e7522U, 0x89af97f4a1e8d1fcU},
    {"eight", 8, 0x96cc97a6768fd7a9U, 0x7f7986a4ac5342b6U},
    {"nine", 9, 0x4781d83b8e99d495U, 0xa9fd0dd2db7e1fc7U},
    {"sixteen", 16, 0x913bd4a8038027a7U, 0xcdf0cbaa77afe281U},
    {"seventeen", 17, 0x2bf6f66973a6179dU, 0x51290e3ab460cf3fU},
    {"a_uuid", 36, 0x9a4097f6904ef445U, 0xf5831d17cae9f4c0U},
    {"the_longest_short", 128, 0x43e9cf7856ee8642U, 0x02de67194929360eU},
    {"the_shortest_long", 129, 0x4d22b3ad2678d2e8U, 0xf892cf661e8b0c74U},
    {"two_hundred_and_forty", 240, 0x2a962a83ce1e8d18U, 0x025c0d71f4c1e376U},
    {"above_two_hundred_and_forty", 241, 0x54dd4acb4eb345fbU, 0x2c3cf1dc82c4a2d5U},
    {"a_thousand", 1000, 0x222e11163e5f3fe0U, 0x77e9405f0f462b67U},
})), CaseName{});
// clang-format on

}  // namespace
}  // namespace cellvigil
