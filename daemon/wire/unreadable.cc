// Why bytes are no envelope: a walk along the contract's descriptors up to the first thing that does not fit.
#include <google/protobuf/wire_format_lite.h>

#include "cellvigil/v1/envelope.pb.h"
#include "daemon/wire/inspect.h"

namespace cellvigil::wire {
namespace {

using google::protobuf::Descriptor;
using google::protobuf::FieldDescriptor;
using google::protobuf::internal::WireFormatLite;

constexpr int kDeepest = 100;  // as libprotobuf's own limit

bool is_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t length = lead < 0x80                   ? 1
                                   : lead >= 0xc2 && lead < 0xe0 ? 2
                                   : lead >= 0xe0 && lead < 0xf0 ? 3
                                   : lead >= 0xf0 && lead < 0xf5 ? 4
                                                                 : 0;
        if (length == 0 || at + length > text.size()) return false;
        for (std::size_t i = 1; i < length; ++i) {
            if ((static_cast<unsigned char>(text[at + i]) & 0xc0U) != 0x80U) return false;
        }
        const auto second = length > 1 ? static_cast<unsigned char>(text[at + 1]) : 0U;
        if ((lead == 0xe0 && second < 0xa0) || (lead == 0xed && second > 0x9f)) return false;  // overlong, surrogate
        if ((lead == 0xf0 && second < 0x90) || (lead == 0xf4 && second > 0x8f))
            return false;  // overlong, past U+10FFFF
        at += length;
    }
    return true;
}

class Walk {
  public:
    explicit Walk(std::string_view bytes) : rest_(bytes) {}
    bool at_end() const { return rest_.empty(); }
    bool varint(std::uint64_t& value) {
        value = 0;
        for (unsigned shift = 0; shift < 70; shift += 7) {
            if (rest_.empty()) return false;
            const auto byte = static_cast<unsigned char>(rest_.front());
            rest_.remove_prefix(1);
            if (shift < 64) value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
            if (byte < 0x80) return true;
        }
        return false;
    }
    bool skip(std::size_t count) {
        if (rest_.size() < count) return false;
        rest_.remove_prefix(count);
        return true;
    }
    bool chunk(std::string_view& bytes) {
        std::uint64_t size = 0;
        if (!varint(size) || size > rest_.size()) return false;
        bytes = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return true;
    }

  private:
    std::string_view rest_;
};

Issue cut(std::string path) { return {std::move(path), Reason::unparsable, "cut short or malformed"}; }

std::optional<Issue> check(std::string_view bytes, const Descriptor& descriptor, const std::string& prefix, int depth);

// A length-delimited field that we know.
std::optional<Issue> check_chunk(std::string_view bytes, const FieldDescriptor& field, const std::string& path,
                                 int depth) {
    if (field.type() == FieldDescriptor::TYPE_MESSAGE)
        return check(bytes, *field.message_type(), path + ".", depth + 1);
    if (field.type() == FieldDescriptor::TYPE_STRING && !is_utf8(bytes))
        return Issue{path, Reason::bad_utf8, "not UTF-8"};
    if (!field.is_packable()) return std::nullopt;
    Walk packed(bytes);
    std::uint64_t element = 0;
    while (!packed.at_end()) {
        if (!packed.varint(element)) return cut(path);
    }
    return std::nullopt;
}

std::optional<Issue> check(std::string_view bytes, const Descriptor& descriptor, const std::string& prefix, int depth) {
    if (depth > kDeepest) return cut(prefix.substr(0, prefix.size() - 1));
    const std::string own = prefix.empty() ? "" : prefix.substr(0, prefix.size() - 1);
    Walk walk(bytes);
    while (!walk.at_end()) {
        std::uint64_t tag = 0;
        if (!walk.varint(tag) || tag >> 3U == 0 || tag > 0xffffffffU) return cut(own);
        const FieldDescriptor* field = descriptor.FindFieldByNumber(static_cast<int>(tag >> 3U));
        const std::string path = field == nullptr ? own : prefix + field->name();
        std::uint64_t ignored = 0;
        std::string_view chunk;
        switch (tag & 7U) {
            case WireFormatLite::WIRETYPE_VARINT:
                if (!walk.varint(ignored)) return cut(path);
                break;
            case WireFormatLite::WIRETYPE_FIXED64:
                if (!walk.skip(8)) return cut(path);
                break;
            case WireFormatLite::WIRETYPE_FIXED32:
                if (!walk.skip(4)) return cut(path);
                break;
            case WireFormatLite::WIRETYPE_LENGTH_DELIMITED:
                if (!walk.chunk(chunk)) return cut(path);
                if (field != nullptr) {
                    if (auto issue = check_chunk(chunk, *field, path, depth)) return issue;
                }
                break;
            default:
                return cut(path);
        }
    }
    return std::nullopt;
}

}  // namespace

Issue why_unreadable(std::string_view bytes) {
    auto issue = check(bytes, *v1::EventEnvelope::descriptor(), "", 0);
    return issue ? *issue : Issue{"", Reason::unparsable, "not a serialised cellvigil.v1.EventEnvelope"};
}

}  // namespace cellvigil::wire
