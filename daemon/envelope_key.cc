#include "daemon/envelope_key.h"

#include <memory>
#include <optional>
#include <vector>

#include "daemon/wire/decode.h"
#include "daemon/wire/framing.h"

namespace cellvigil {
namespace {

class NoHeaders : public wire::HeaderLookup {
  public:
    std::optional<std::string_view> find(std::string_view) const override { return std::nullopt; }
};

struct KeyReader {
    wire::Unframer unframer;
    wire::Decoder decoder;
    wire::SentEnvelope sent;
    std::vector<Issue> issues;

    std::string key_of(std::string_view value) {
        issues.clear();
        wire::Framed framed;
        if (!unframer.unframe(value, NoHeaders(), framed, issues) || framed.json) return {};
        if (!decoder.read(framed.payload, sent)) return {};
        std::string key(sent.study);
        if (!sent.subject.empty()) return key.append("/").append(sent.subject);
        return key.append("/site/").append(sent.site);
    }
};

}  // namespace

std::function<std::string(std::string_view value)> envelope_keys() {
    return [reader = std::make_shared<KeyReader>()](std::string_view value) { return reader->key_of(value); };
}

}  // namespace cellvigil
