// What a durable commit costs: whole commits with one segment, the parts of one, and snapshots. Rates are per wall
// time, the disk included; `frames_per_second` counts messages, `bytes_per_second` bytes before compression.
#include <benchmark/benchmark.h>

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>

#include "bench/realistic_frames.h"
#include "daemon/store/block.h"
#include "daemon/store/store.h"

namespace cellvigil::store {
namespace {

using benchmark::Counter;

// A store in a folder of its own, on the disk where temporary files live: set TMPDIR to measure another.
class Scratch {
  public:
    Scratch() {
        std::string pattern = (std::filesystem::temp_directory_path() / "cellvigil-bench-XXXXXX").string();
        if (mkdtemp(pattern.data()) == nullptr) std::abort();
        folder_ = pattern;
        writer_ = open();
        checkpointer_ = open();
    }
    ~Scratch() {
        writer_.reset();
        checkpointer_.reset();
        std::filesystem::remove_all(folder_);
    }
    Scratch(const Scratch&) = delete;
    Scratch& operator=(const Scratch&) = delete;
    Store& store() { return *writer_; }
    // As the daemon does every so often, here without a thread so that the cost shows apart.
    void checkpoint() {
        if (auto done = checkpointer_->checkpoint(true); !done) fatal(done.error());
    }
    [[noreturn]] static void fatal(const Error& error) {
        std::cerr << error.detail << '\n';
        std::abort();
    }

  private:
    std::unique_ptr<Store> open() const {
        auto opened = open_sqlite({folder_.string()});
        if (!opened) fatal(opened.error());
        return std::move(*opened);
    }

    std::filesystem::path folder_;
    std::unique_ptr<Store> writer_;
    std::unique_ptr<Store> checkpointer_;
};

constexpr std::size_t kMegabyte = 1'000'000;
constexpr std::size_t kBytesPerCheckpoint = 160 * kMegabyte;

void commit_segment(benchmark::State& state) {
    const auto size = static_cast<std::size_t>(state.range(0)) * kMegabyte;
    Scratch scratch;
    auto claimed = scratch.store().claim(0, "bench");
    if (!claimed) Scratch::fatal(claimed.error());
    bench::RealisticFrames source(0);
    Segment segment;
    segment.frames = source.block(size, segment.messages);
    std::uint64_t commits = 0;
    std::size_t written = 0;
    for (auto _ : state) {
        segment.base = claimed->next;
        segment.next = segment.base + segment.messages;
        Commit commit;
        commit.segments.push_back(segment);
        commit.advances.push_back({0, segment.base, segment.next, claimed->epoch});
        for (int x = 0; x < 50; ++x) commit.cells.push_back({0, "CCAR039-P1/DL2", "crs_max_grade", x, 0, segment.next});
        if (auto done = scratch.store().write(commit); !done) Scratch::fatal(done.error());
        claimed->next = segment.next;
        ++commits;
        written += size;
        if (written >= kBytesPerCheckpoint) {
            state.PauseTiming();
            scratch.checkpoint();
            written = 0;
            state.ResumeTiming();
        }
    }
    const auto count = static_cast<double>(commits);
    state.counters["commits_per_second"] = Counter(count, Counter::kIsRate);
    state.counters["frames_per_second"] = Counter(count * segment.messages, Counter::kIsRate);
    state.SetBytesProcessed(static_cast<std::int64_t>(commits * segment.frames.size()));
}
BENCHMARK(commit_segment)->Arg(1)->Arg(8)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(3);

// What an alert or an idle partition costs: next to nothing but the disk.
void commit_smallest(benchmark::State& state) {
    Scratch scratch;
    auto claimed = scratch.store().claim(0, "bench");
    if (!claimed) Scratch::fatal(claimed.error());
    bench::RealisticFrames source(0);
    Segment segment;
    segment.frames = source.block(1, segment.messages);
    for (auto _ : state) {
        segment.base = claimed->next;
        segment.next = segment.base + segment.messages;
        Commit commit;
        commit.segments.push_back(segment);
        commit.advances.push_back({0, segment.base, segment.next, claimed->epoch});
        if (auto done = scratch.store().write(commit); !done) Scratch::fatal(done.error());
        claimed->next = segment.next;
    }
    state.counters["commits_per_second"] = Counter(static_cast<double>(state.iterations()), Counter::kIsRate);
}
BENCHMARK(commit_smallest)->Unit(benchmark::kMicrosecond)->UseRealTime()->MinTime(2);

// Snapshots of `range(0)` bytes, 2000 in a commit, over 50 000 subjects.
void put_snapshots(benchmark::State& state) {
    constexpr std::size_t kSubjects = 50'000;
    constexpr std::size_t kPerCommit = 2'000;
    Scratch scratch;
    if (auto claimed = scratch.store().claim(0, "bench"); !claimed) Scratch::fatal(claimed.error());
    bench::RealisticFrames source(0);
    std::uint32_t count = 0;
    const std::string body = source.block(static_cast<std::size_t>(state.range(0)), count)
                                 .substr(0, static_cast<std::size_t>(state.range(0)));
    std::mt19937_64 random(7);
    std::int64_t upto = 0;
    for (auto _ : state) {
        state.PauseTiming();
        Commit commit;
        for (std::size_t i = 0; i < kPerCommit; ++i) {
            commit.snapshots.push_back({0, "CCAR039-P1/S" + std::to_string(random() % kSubjects), ++upto, body});
        }
        scratch.checkpoint();
        state.ResumeTiming();
        if (auto done = scratch.store().write(commit); !done) Scratch::fatal(done.error());
    }
    state.counters["snapshots_per_second"] =
        Counter(static_cast<double>(static_cast<std::size_t>(state.iterations()) * kPerCommit), Counter::kIsRate);
}
BENCHMARK(put_snapshots)->Arg(300)->Arg(2000)->Unit(benchmark::kMillisecond)->UseRealTime()->MinTime(2);

// ---- the parts of a commit

void compress(benchmark::State& state) {
    const auto how = static_cast<BlockCodec>(state.range(1));
    Codec codec;
    bench::RealisticFrames source(0);
    std::uint32_t count = 0;
    const std::string block = source.block(static_cast<std::size_t>(state.range(0)) * kMegabyte, count);
    std::size_t size = 0;
    for (auto _ : state) size = codec.compress_block(block, how)->size();
    state.SetBytesProcessed(static_cast<std::int64_t>(block.size()) * state.iterations());
    state.counters["ratio"] = static_cast<double>(block.size()) / static_cast<double>(size);
    state.counters["bytes_per_frame"] = static_cast<double>(block.size()) / count;
}
BENCHMARK(compress)
    ->ArgNames({"MB", "codec"})
    ->ArgsProduct({{1, 8},
                   {static_cast<int>(BlockCodec::zstd), static_cast<int>(BlockCodec::lz4),
                    static_cast<int>(BlockCodec::frames)}})
    ->Unit(benchmark::kMillisecond);

void decompress(benchmark::State& state) {
    const auto how = static_cast<BlockCodec>(state.range(0));
    Codec codec;
    bench::RealisticFrames source(0);
    std::uint32_t count = 0;
    const std::string block = source.block(kMegabyte, count);
    const auto compressed = codec.compress_block(block, how);
    for (auto _ : state) benchmark::DoNotOptimize(codec.decompress_block(*compressed, how, block.size()));
    state.SetBytesProcessed(static_cast<std::int64_t>(block.size()) * state.iterations());
}
BENCHMARK(decompress)
    ->ArgName("codec")
    ->DenseRange(static_cast<int>(BlockCodec::zstd), static_cast<int>(BlockCodec::frames))
    ->Unit(benchmark::kMillisecond);

void chain(benchmark::State& state) {
    Codec codec;
    const std::string block(kMegabyte, 'x');
    Digest digest{};
    for (auto _ : state) digest = *codec.chain(digest, SegmentHeader{}, block);
    state.SetBytesProcessed(static_cast<std::int64_t>(block.size()) * state.iterations());
}
BENCHMARK(chain)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace cellvigil::store
