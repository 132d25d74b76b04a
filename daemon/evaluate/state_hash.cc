#include <array>
#include <cstdio>

#include <openssl/evp.h>

#include "daemon/evaluate/evaluator.h"
#include "rules/base/bytes.h"
#include "rules/base/ensure.h"

namespace cellvigil::evaluate {

class StateHash::Impl {
  public:
    Impl() : context_(EVP_MD_CTX_new()) {
        ensure(context_ != nullptr && EVP_DigestInit_ex(context_, EVP_sha256(), nullptr) == 1, "SHA-256 is there");
    }
    ~Impl() { EVP_MD_CTX_free(context_); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    void add(std::string_view canonical) {
        std::string size;
        ByteWriter(size).u64(canonical.size());
        update(size);
        update(canonical);
    }
    std::string hex() {
        std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
        unsigned int size = 0;
        ensure(EVP_DigestFinal_ex(context_, digest.data(), &size) == 1, "a digest ends");
        std::string text;
        for (unsigned int i = 0; i < size; ++i) {
            std::array<char, 3> two{};
            std::snprintf(two.data(), two.size(), "%02x", static_cast<unsigned>(digest[i]));
            text.append(two.data(), 2);
        }
        return text;
    }

  private:
    void update(std::string_view bytes) {
        ensure(EVP_DigestUpdate(context_, bytes.data(), bytes.size()) == 1, "a digest takes bytes");
    }
    EVP_MD_CTX* context_;
};

StateHash::StateHash() : impl_(std::make_unique<Impl>()) {}
StateHash::~StateHash() = default;
void StateHash::add(const SubjectTimeline& timeline, const RuleSet& rules) { impl_->add(timeline.canonical(rules)); }
std::string StateHash::hex() { return impl_->hex(); }

std::string state_hash(const std::map<std::string, SubjectTimeline>& subjects, const RuleSet& rules) {
    StateHash hash;
    for (const auto& [key, timeline] : subjects) hash.add(timeline, rules);
    return hash.hex();
}

}  // namespace cellvigil::evaluate
