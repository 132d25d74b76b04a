// What docs/json.md shows is true: its messages are read and admitted as they stand there.
#include <gmock/gmock.h>

#include <fstream>
#include <memory>
#include <sstream>
#include <string>
#include <variant>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/ingest_json/json.h"

namespace cellvigil::ingest {
namespace {

std::string page() {
    std::stringstream text;
    text << std::ifstream(CELLVIGIL_SOURCE_DIR "/docs/json.md").rdbuf();
    return text.str();
}

std::vector<std::string> messages_of(const std::string& text) {
    static const std::string kOpen = "```json\n";
    std::vector<std::string> found;
    for (std::size_t at = text.find(kOpen); at != std::string::npos; at = text.find(kOpen, at)) {
        at += kOpen.size();
        found.push_back(text.substr(at, text.find("```", at) - at));
    }
    return found;
}

TEST(Page, its_messages_are_admitted) {
    const auto directory = std::make_shared<Directory>();
    directory->accept_any = true;
    Admission admission(directory);
    const auto messages = messages_of(page());
    ASSERT_EQ(messages.size(), 3U);
    for (const std::string& text : messages) {
        const auto items = envelopes_of_json(text);
        ASSERT_EQ(items.size(), 1U) << text;
        ASSERT_TRUE(items[0].issues.empty()) << items[0].issues[0].path << ": " << items[0].issues[0].detail;
        MessageView view;
        view.appended_at = parse_rfc3339("2026-06-03T08:00:00+02:00").value();
        view.key = "CV-101/S01-0007";
        view.value = items[0].envelope;
        const Admitted& admitted = admission.admit(view);
        for (const Issue& issue : admitted.issues) ADD_FAILURE() << issue.path << ": " << issue.detail;
        EXPECT_EQ(admitted.intake, Intake::accepted) << text;
    }
}

TEST(Page, its_messages_all_at_once_are_the_same_messages) {
    std::string array;
    std::vector<std::string> single;
    for (const std::string& text : messages_of(page())) {
        array += (array.empty() ? "[" : ",") + text;
        single.push_back(envelopes_of_json(text).at(0).envelope);
    }
    std::vector<std::string> together;
    for (const JsonItem& item : envelopes_of_json(array + "]")) together.push_back(item.envelope);
    EXPECT_EQ(together, single);
}

TEST(Page, its_limits_are_the_limits) {
    const std::string text = page();
    EXPECT_EQ(kMostJsonBytes, std::size_t{64} << 20);
    EXPECT_NE(text.find("At most 64 MiB and 100 000 messages"), std::string::npos);
    EXPECT_EQ(kMostJsonItems, 100'000U);
    EXPECT_NE(text.find("1 MiB for one message"), std::string::npos);
    EXPECT_EQ(kMostEnvelopeBytes, std::size_t{1} << 20);
    EXPECT_NE(text.find("nested 32 deep"), std::string::npos);
    EXPECT_EQ(kMostJsonDepth, 32U);
}

}  // namespace
}  // namespace cellvigil::ingest
