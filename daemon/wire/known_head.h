// The fields of an envelope from its source to its subject, as one message had them: the next one about the same
// subject most often has the same bytes there, and comparing them is cheaper than reading them. In place, without a
// pointer: it lies beside the subject.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "daemon/wire/sent.h"

namespace cellvigil::wire {

class KnownHead {
  public:
    // `head` is the bytes of those fields, tags and all; `sent` has their texts, as parts of it. Longer ones are not
    // remembered.
    void remember(std::string_view head, const SentEnvelope& sent) {
        size_ = 0;
        if (head.empty() || head.size() > bytes_.size()) return;
        std::memcpy(bytes_.data(), head.data(), head.size());
        const auto part = [&](std::string_view text) {
            if (text.empty()) return Part{};
            return Part{static_cast<std::uint8_t>(text.data() - head.data()), static_cast<std::uint8_t>(text.size())};
        };
        source_ = part(sent.source_system);
        producer_version_ = part(sent.producer_version);
        study_ = part(sent.study);
        cohort_ = part(sent.cohort);
        site_ = part(sent.site);
        subject_ = part(sent.subject);
        size_ = static_cast<std::uint8_t>(head.size());
    }
    std::string_view bytes() const { return {bytes_.data(), size_}; }
    // The texts, as parts of the same bytes elsewhere.
    void tell(const char* at, SentEnvelope& sent) const {
        const auto text = [&](Part part) { return std::string_view(at + part.from, part.size); };
        sent.source_system = text(source_);
        sent.producer_version = text(producer_version_);
        sent.study = text(study_);
        sent.cohort = text(cohort_);
        sent.site = text(site_);
        sent.subject = text(subject_);
    }

  private:
    struct Part {
        std::uint8_t from = 0;
        std::uint8_t size = 0;
    };
    std::array<char, 104> bytes_{};
    std::uint8_t size_ = 0;
    Part source_;
    Part producer_version_;
    Part study_;
    Part cohort_;
    Part site_;
    Part subject_;
};

}  // namespace cellvigil::wire
