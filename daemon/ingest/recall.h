// What was found out about names and codes that come again and again: asked with every message, and the answer is the
// same until the directory is replaced. Fixed tables, the last one at a place wins; a place that is another's costs the
// asking, nothing else.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "daemon/ingest/observation.h"
#include "daemon/wire/sent.h"
#include "rules/base/short_bytes.h"

namespace cellvigil::ingest {

struct Directory;
struct Site;

// The names of a sender: their limits are kept, and the directory knows this of them.
struct Sender {
    std::uint32_t serial = 0;  // another one for each that is remembered
    std::string source;
    std::uint64_t source_hash = 0;
    std::string study;
    std::string cohort;
    std::string site;
    bool known_study = false;
    bool known_cohort = false;
    bool is_placed = false;  // the directory has all that an observation names
    const Site* at = nullptr;
    wire::SiteTerms terms;
    // Who else means the same by a code: without aliases of its own a site means what all mean.
    const Site* speaker = nullptr;
    std::size_t speaker_hash = 0;
    bool is(const wire::SentEnvelope& sent) const {
        return same_short(site, sent.site) && same_short(source, sent.source_system) && same_short(study, sent.study) &&
               same_short(cohort, sent.cohort);
    }
};

// What the directory knows of a message's names.
Sender look_up(const Directory& directory, const wire::SentEnvelope& sent);

// What an observation's code and unit mean at a site; their limits are kept.
struct KnownMeaning {
    const Site* at = nullptr;
    MeantCode meant;
};

template <typename Answer, std::size_t Places>
class Recall {
  public:
    static_assert((Places & (Places - 1)) == 0);
    static constexpr std::size_t place_of(std::size_t hash) { return hash & (Places - 1); }
    Answer& at(std::size_t hash) { return answers_[place_of(hash)]; }
    void clear() { answers_ = {}; }

  private:
    std::array<Answer, Places> answers_;
};

// The last bytes tell names and codes of one kind apart.
inline std::size_t ending_of(std::string_view text) {
    if (text.size() < 4) return text.size();
    const auto byte = [&](std::size_t from_end) { return static_cast<unsigned char>(text[text.size() - from_end]); };
    return byte(1) + byte(2) * 3U + byte(3) * 7U + byte(4) * 31U;
}

}  // namespace cellvigil::ingest
