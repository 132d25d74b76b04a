// For the test of a rebuild: makes a store look as an older version of the program left it. Each snapshot gets another
// version's first byte, and the mark by which rules (and program) the subjects were judged another program's name.
// Usage: age_store FOLDER
#include <cstdio>
#include <string>
#include <string_view>

#include "daemon/store/store.h"

namespace cellvigil {
namespace {

constexpr std::string_view kRulesMark = "rules/";

Result<std::size_t> age(store::Store& store) {
    std::size_t aged = 0;
    const auto partitions = store.partitions();
    if (!partitions) return fail(partitions.error());
    for (const std::uint32_t partition : *partitions) {
        store::Commit commit;
        const auto index = store.subjects_of(partition);
        if (!index) return fail(index.error());
        for (const store::SubjectIndex& row : *index) {
            auto snapshot = store.load_subject(partition, row.subject_key);
            if (!snapshot) return fail(snapshot.error());
            if (!*snapshot || (*snapshot)->bytes.empty()) continue;
            (*snapshot)->bytes.front() = static_cast<char>((*snapshot)->bytes.front() - 1);
            commit.snapshots.push_back(std::move(**snapshot));
            ++aged;
        }
        const auto cells = store.cells_of(partition);
        if (!cells) return fail(cells.error());
        for (store::Cell cell : *cells) {
            if (!cell.measure.starts_with(kRulesMark)) continue;
            cell.value = 0;
            commit.cells.push_back(cell);
            cell.measure = std::string(kRulesMark) + "older";
            cell.value = 1;
            commit.cells.push_back(cell);
        }
        if (auto written = store.write(commit); !written) return fail(written.error());
    }
    return aged;
}

}  // namespace
}  // namespace cellvigil

int main(int argc, char** argv) {
    if (argc != 2) return 2;
    auto store = cellvigil::store::open_sqlite({.folder = argv[1]});
    const auto aged = store ? cellvigil::age(**store) : tl::unexpected(store.error());
    if (!aged) {
        std::fprintf(stderr, "%s\n", aged.error().detail.c_str());
        return 1;
    }
    std::printf("%zu\n", *aged);
    return 0;
}
