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
#include "tests/fuzz/same_admitted.h"

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
    const bool clean = sent.payload == FactKind::observation ? is_clean(sent) : is_clean(sent, both.decoder.stated());
    std::vector<Issue> issues;
    EventFlags flags = 0;
    validate(sent, both.decoder.fields(), flags, issues);
    ensure(clean == issues.empty(), "the short validation agrees with the long one");
}

}  // namespace
}  // namespace cellvigil::ingest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    cellvigil::ingest::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
