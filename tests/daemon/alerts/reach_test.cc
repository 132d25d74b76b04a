#include "daemon/alerts/reach.h"

#include <gtest/gtest.h>

#include "daemon/alerts/sinks.h"
#include "tests/daemon/alerts/receiver.h"

namespace cellvigil::alerts {
namespace {

struct ReachCase {
    const char* name;
    const char* address;
    bool is_public;
};
void PrintTo(const ReachCase& row, std::ostream* out) { *out << row.address; }
class PublicReach : public testing::TestWithParam<ReachCase> {};
TEST_P(PublicReach, is_known) { EXPECT_EQ(Reach::public_and({})->allows(GetParam().address), GetParam().is_public); }
INSTANTIATE_TEST_SUITE_P(Addresses, PublicReach,
                         testing::ValuesIn(std::to_array<ReachCase>({
                             {"public_v4", "8.8.8.8", true},
                             {"public_v6", "2606:4700::1111", true},
                             {"loopback", "127.0.0.1", false},
                             {"loopback_end", "127.255.255.255", false},
                             {"after_loopback", "128.0.0.1", true},
                             {"ten", "10.0.0.1", false},
                             {"before_172_16", "172.15.255.255", true},
                             {"first_172_16", "172.16.0.0", false},
                             {"last_172_31", "172.31.255.255", false},
                             {"after_172_31", "172.32.0.0", true},
                             {"metadata_service", "169.254.169.254", false},
                             {"shared", "100.64.0.1", false},
                             {"unspecified", "0.0.0.0", false},
                             {"multicast", "224.0.0.1", false},
                             {"loopback_v6", "::1", false},
                             {"unique_local", "fd12::1", false},
                             {"link_local_scoped", "fe80::1%eth0", false},
                             {"mapped_private", "::ffff:10.0.0.1", false},
                             {"mapped_public", "::ffff:8.8.8.8", true},
                             {"nat64_private", "64:ff9b::a00:1", false},
                             {"six_to_four_private", "2002:a00:1::", false},
                             {"no_address", "localhost", false},
                         })),
                         [](const auto& row) { return row.param.name; });

TEST(Reaching, named_networks_are_allowed_besides) {
    const auto reach = Reach::public_and({"10.1.0.0/16", "::1"});
    ASSERT_TRUE(reach.has_value());
    EXPECT_TRUE(reach->allows("10.1.255.255"));
    EXPECT_FALSE(reach->allows("10.2.0.0"));
    EXPECT_TRUE(reach->allows("::1"));
    EXPECT_TRUE(reach->allows("::ffff:10.1.0.1"));
    EXPECT_TRUE(Reach::everywhere().allows("127.0.0.1"));
    for (const char* bad : {"", "10.1.0.0/33", "example.org", "10.1.0.0/x"})
        EXPECT_FALSE(Reach::public_and({bad}).has_value()) << bad;
}

TEST(Reaching, a_webhook_is_not_sent_to_where_it_must_not_be) {
    const Receiver receiver([](const Received&, std::size_t) { return Answered{}; });
    const auto attempt_with = [&](const std::vector<std::string>& networks) {
        ChatOptions options;
        options.url = receiver.url();
        options.reach = *Reach::public_and(networks);
        options.now = [] { return Instant(seconds(1)); };
        auto made = make_chat_sink(std::move(options), [](std::string_view) -> Result<Thin> { return Thin{}; });
        return (*made)->announce({.id = "test.1", .at = Instant{}, .title = "t", .facts = {}});
    };
    const Attempt refused = attempt_with({});
    EXPECT_EQ(refused.fate, Fate::again);
    EXPECT_NE(refused.detail.find("sinks.private_networks"), std::string::npos) << refused.detail;
    EXPECT_EQ(receiver.connections(), 0U);
    EXPECT_EQ(attempt_with({"127.0.0.0/8"}).delivered, 1U);
}

}  // namespace
}  // namespace cellvigil::alerts
