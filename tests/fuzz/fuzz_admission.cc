// Any bytes are admitted, by the fast reader and by libprotobuf alone, bare or framed as the first byte says: both must
// come to the same outcome, the same issues and the same event, and the short validation must agree with the long one.
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>

#include "daemon/ingest/admission.h"
#include "daemon/ingest/clean.h"
#include "daemon/ingest/validate.h"
#include "daemon/wire/decode.h"
#include "rules/base/ensure.h"

namespace cellvigil::ingest {
namespace {

std::shared_ptr<const Directory> directory() {
    Directory all;
    all.accept_any = true;
    return std::make_shared<const Directory>(all);
}

struct Both {
    Admission fast{directory()};
    Admission reference{directory(), wire::Reading::reference};
    wire::Decoder decoder;
};

void expect_same(const Admitted& one, const Admitted& other) {
    ensure(one.intake == other.intake, "both readers come to one outcome");
    ensure(one.issues.size() == other.issues.size(), "both readers find the same issues");
    for (std::size_t i = 0; i < one.issues.size(); ++i) {
        ensure(one.issues[i].path == other.issues[i].path, "both readers find the same issues");
        ensure(one.issues[i].reason == other.issues[i].reason, "both readers find the same issues");
    }
    if (one.intake == Intake::rejected) return;
    ensure(one.event.content_hash == other.event.content_hash, "both readers give one hash");
    ensure(one.event.flags == other.event.flags, "both readers give the same flags");
    ensure(one.event.message_id == other.event.message_id, "both readers give the same ids");
    ensure(one.event.record == other.event.record, "both readers give the same ids");
    ensure(one.event.effective == other.event.effective, "both readers give the same times");
    ensure(one.event.body == other.event.body, "both readers give the same body");
}

void run(std::string_view input) {
    static Both both;
    MessageView message;
    std::vector<journal::Header> headers;
    const char form = input.empty() ? '\0' : input.front();
    if (!input.empty()) input.remove_prefix(1);
    if (form == '1') headers = {{"content-type", "application/cloudevents+protobuf"}};
    if (form == '2') headers = {{"content-type", "application/cloudevents+json"}};
    if (form == '3')
        headers = {{"ce_specversion", "1.0"}, {"ce_id", "m"}, {"ce_type", "org.cellvigil.event.v1.observation"}};
    message.headers = headers;
    message.value = input;
    expect_same(both.fast.admit(message), both.reference.admit(message));

    wire::SentEnvelope sent;
    if (!both.decoder.read(input, sent) || !both.decoder.read_by_fast_reader()) return;
    if (sent.payload != FactKind::observation) return;  // is_clean is no verdict on others
    std::vector<Issue> issues;
    EventFlags flags = 0;
    validate(sent, both.decoder.fields(), flags, issues);
    ensure(is_clean(sent) == issues.empty(), "the short validation agrees with the long one");
}

}  // namespace
}  // namespace cellvigil::ingest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    cellvigil::ingest::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
