// Any text as JSON: each item is an envelope or its issues, and an accepted one comes back from its own JSON as the
// same bytes.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "daemon/ingest_json/json.h"
#include "rules/base/ensure.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
    using cellvigil::ensure;
    using namespace cellvigil::ingest;
    for (const JsonItem& item : envelopes_of_json({reinterpret_cast<const char*>(bytes), size})) {
        ensure(item.issues.empty() || item.envelope.empty(), "an item is an envelope or its issues");
        if (!item.issues.empty()) continue;
        const auto again = envelopes_of_json(json_of_envelope(item.envelope));
        ensure(again.size() == 1, "one envelope is one item");
        ensure(again.front().envelope == item.envelope, "an envelope comes back as the same bytes");
    }
    return 0;
}
