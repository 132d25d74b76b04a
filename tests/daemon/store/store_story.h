// Words to tell store tests in: a folder of its own, segments with real frames, commits that move a partition along.
#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <string>

#include "daemon/journal/frame.h"
#include "daemon/store/store.h"

namespace cellvigil::store {

class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-store-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) std::abort();
        path_ = pattern;
    }
    ~TemporaryFolder() {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    const std::string& path() const { return path_; }
    std::string database() const { return path_ + "/cellvigil.db"; }

  private:
    std::string path_;
};

inline std::string frames(std::uint32_t partition, std::int64_t base, std::int64_t next,
                          const std::string& value = "value") {
    std::string out;
    for (std::int64_t position = base; position < next; ++position) {
        const std::string own = value + std::to_string(position);
        journal::append_frame(
            out,
            {journal::FrameKind::message, partition, position, Instant(milliseconds(position)), "S1/001", {}, own});
    }
    return out;
}

inline Segment segment(std::uint32_t partition, std::int64_t base, std::int64_t next,
                       const std::string& value = "value") {
    Segment one;
    one.partition = partition;
    one.base = base;
    one.next = next;
    one.messages = static_cast<std::uint32_t>(next - base);
    one.first_append = Instant(milliseconds(base));
    one.last_append = Instant(milliseconds(next - 1));
    one.frames = frames(partition, base, next, value);
    return one;
}

// Messages up to `next`, and nothing else; moves the claim along as if the commit had been written.
inline Commit messages(Claim& claim, std::int64_t next) {
    Commit commit;
    commit.segments.push_back(segment(claim.partition, claim.next, next));
    commit.advances.push_back(
        {claim.partition, claim.next, next, claim.epoch, Instant(seconds(next)), Instant(seconds(next - 1))});
    claim.next = next;
    return commit;
}

inline AlertRow alert(const std::string& id, std::uint32_t revision, std::uint32_t partition = 0) {
    AlertRow row;
    row.alert_id = id;
    row.rule = "P01";
    row.severity = "immediate";
    row.subject_key = "S1/001";
    row.cohort = "S1/a";
    row.site = "site-1";
    row.partition = partition;
    row.revision = revision;
    row.event_time = Instant(hours(1));
    row.position = revision;
    row.body = "alert " + id + " revision " + std::to_string(revision);
    return row;
}

inline OutboxRow notice(const std::string& id) {
    return {id, id.substr(0, id.find('.')), "notice " + id, Instant(hours(2))};
}

inline Held held(std::int64_t position, const std::string& frame, HeldState state = HeldState::held) {
    return {0, position, "unknown_cohort", "[]", "S1/001", Instant(seconds(position)), state, frame};
}

// The Errc of a result that must be an error.
template <typename T>
Errc code_of(const Result<T>& result) {
    EXPECT_FALSE(result) << "expected an error";
    return result ? Errc::invalid : result.error().code;
}

template <typename T>
std::string detail_of(const Result<T>& result) {
    EXPECT_FALSE(result) << "expected an error";
    return result ? "" : result.error().detail;
}

// For EXPECT_TRUE(fine(...)): says the error's detail when it is not.
template <typename T>
testing::AssertionResult fine(const Result<T>& result) {
    if (result) return testing::AssertionSuccess();
    return testing::AssertionFailure() << name_of(result.error().code) << ": " << result.error().detail;
}

template <typename T>
T take(Result<T> result) {
    EXPECT_TRUE(result) << (result ? "" : result.error().detail);
    return result ? std::move(*result) : T{};
}

}  // namespace cellvigil::store
