// Messages of one subject one after the other, each a variation of the first: what is remembered of those before must
// not change what becomes of a message, whether it is judged ahead or in its turn. Held to a reader without a memory.
//
//   input     := size:u16 first message, variation*
//   variation := 0 at:u16 byte (put there) | 1 at:u16 byte (put in) | 2 at:u16 any (taken out) | 3 any any any (sent)
// Of the operation only the lowest two bits count; what was sent is forgotten, and the next one begins at the first.
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/wire/decode.h"
#include "tests/fuzz/same_admitted.h"

namespace cellvigil::ingest {
namespace {

constexpr std::size_t kMostMessages = 32;

// Two sites, of which one has words of its own.
std::shared_ptr<const Directory> directory() {
    auto all = std::make_shared<Directory>();
    Study& study = all->studies["st"];
    study.cohorts.insert("c");
    study.sites["si"].offset = UtcOffset(60);
    study.sites["sj"].unit_aliases["DEG"] = "Cel";
    study.sites["sj"].code_aliases["TEMP"] = "8310-5";
    return all;
}

std::vector<std::string> messages_of(std::string_view input) {
    std::vector<std::string> all;
    if (input.size() < 2) return all;
    const auto number_at = [&](std::size_t at) {
        return static_cast<std::size_t>(static_cast<unsigned char>(input[at])) |
               static_cast<std::size_t>(static_cast<unsigned char>(input[at + 1])) << 8U;
    };
    const std::string first(input.substr(2, number_at(0)));
    input.remove_prefix(2 + first.size());
    all.push_back(first);
    std::string next = first;
    for (; input.size() >= 4 && all.size() < kMostMessages; input.remove_prefix(4)) {
        const std::size_t at = number_at(1);
        const unsigned operation = static_cast<unsigned char>(input[0]) & 3U;
        if (operation == 3) {
            all.push_back(next);
            next = first;
        } else if (at < next.size()) {
            if (operation == 0) next[at] = input[3];
            if (operation == 1) next.insert(at, 1, input[3]);
            if (operation == 2) next.erase(at, 1);
        }
    }
    all.push_back(next);
    return all;
}

// The key under which a subject's messages come; empty: there is none.
std::string key_of_subject(const std::string& message) {
    wire::Decoder decoder(wire::Reading::reference);
    wire::SentEnvelope sent;
    if (!decoder.read(message, sent)) return {};
    return std::string(sent.study) + "/" + std::string(sent.subject);
}

void run(std::string_view input) {
    static const auto known = directory();
    static Admission reference(known, wire::Reading::reference);
    const std::vector<std::string> messages = messages_of(input);
    if (messages.empty()) return;
    const std::string key = key_of_subject(messages.front());
    Admission remembering(known);
    Head head;
    bool key_is_here = false;
    for (const std::string& bytes : messages) {
        MessageView message;
        message.partition_count = 1;
        message.appended_at = Instant(days(20'462));
        message.key = key;
        message.value = bytes;
        const Admitted& expected = reference.admit(message);
        Admitted ahead;
        if (remembering.admit_ahead(message, head, key_is_here, ahead)) expect_same(ahead, expected);
        remembering.read(message, &head);
        expect_same(remembering.judge(message, key_is_here), expected);
        if (expected.intake != Intake::accepted || expected.event.subject.empty()) continue;
        key_is_here = true;
        if (!remembering.head_was_enough()) remembering.remember(head);
    }
}

}  // namespace
}  // namespace cellvigil::ingest

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    cellvigil::ingest::run({reinterpret_cast<const char*>(data), size});
    return 0;
}
