#include "daemon/ingest/admission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "daemon/wire/decode.h"
#include "daemon/wire/encode.h"
#include "rules/base/hash.h"
#include "tests/support/case_name.h"
#include "tests/support/sample_events.h"

namespace cellvigil::ingest {
namespace {

using testing::HasSubstr;

std::shared_ptr<const Directory> directory() {
    Directory all;
    Site site;
    site.offset = UtcOffset(480);
    site.unit_aliases = {{"C", "Cel"}, {"pts", "{score}"}};
    all.studies["study-1"].cohorts = {"cohort-1"};
    all.studies["study-1"].sites["site-01"] = site;
    all.studies["study-1"].sites["site-02"] = Site();
    return std::make_shared<const Directory>(all);
}

// One message on its way in; the key and the partition are right unless a test says otherwise.
struct Sending {
    std::string value;
    std::string key;
    std::vector<journal::Header> headers;
    Instant appended_at{};
    std::uint32_t partitions = 0;
    std::uint32_t partition = 0;

    explicit Sending(const Event& event, const wire::EnvelopeExtras& extras = {})
        : value(wire::encode(event, extras)), key(wire::key_of(event)), appended_at(event.recorded_at + seconds(5)) {}

    MessageView view() const {
        MessageView message;
        message.partition = partition;
        message.partition_count = partitions;
        message.appended_at = appended_at;
        message.key = key;
        message.headers = headers;
        message.value = value;
        return message;
    }
};

std::vector<std::string> reasons(const Admitted& admitted) {
    std::vector<std::string> all;
    for (const Issue& issue : admitted.issues) all.push_back(issue.path + ": " + name_of(issue.reason));
    return all;
}

TEST(Admission, gives_back_every_kind_as_it_was_meant) {
    Admission admission(directory());
    for (const Body& body : sample::full_bodies()) {
        const Event event = sample::event_with(body);
        const Sending sending(event);
        const Admitted& admitted = admission.admit(sending.view());
        EXPECT_EQ(reasons(admitted), std::vector<std::string>{}) << name_of(kind_of(body));
        EXPECT_EQ(admitted.intake, Intake::accepted);
        EXPECT_TRUE(admitted.event.body == body) << name_of(kind_of(body));
        EXPECT_EQ(admitted.event.effective, event.effective);
        EXPECT_EQ(admitted.event.effective_end, event.effective_end);
        EXPECT_EQ(admitted.event.message_id, event.message_id);
        EXPECT_EQ(admitted.event.record, event.record);
        EXPECT_EQ(admitted.event.infusion_record, event.infusion_record);
        EXPECT_EQ(admitted.event.recorded_at, event.recorded_at);
        EXPECT_EQ(admitted.event.appended_at, sending.appended_at);
        EXPECT_EQ(admitted.event.producer_sequence, 42U);
    }
}

}  // namespace
}  // namespace cellvigil::ingest
