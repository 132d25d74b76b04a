// Frames as a ward sends them: mostly vital signs of some hundred subjects, in protobuf's wire form, about 250 bytes
// each. Deterministic. For benchmarks that need bytes that compress as real ones do, without the wire component.
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>
#include <string_view>

#include "daemon/journal/frame.h"

namespace cellvigil::bench {

class RealisticFrames {
  public:
    explicit RealisticFrames(std::uint32_t partition) : random_(partition + 1), partition_(partition) {}

    // Frames of at least `bytes` in all; `count` says how many.
    std::string block(std::size_t bytes, std::uint32_t& count) {
        std::string out;
        out.reserve(bytes + 1024);
        for (count = 0; out.size() < bytes; ++count) append(out);
        return out;
    }
    std::int64_t next() const { return next_; }
    void append(std::string& out) {
        const std::uint32_t subject = static_cast<std::uint32_t>(random_() % 200);
        at_ms_ += static_cast<std::int64_t>(random_() % 900);
        const std::string key = "CCAR039-P1/S" + std::to_string(10000 + subject);
        const std::string value = envelope(subject);
        journal::append_frame(
            out, {journal::FrameKind::message, partition_, next_++, Instant(milliseconds(at_ms_)), key, {}, value});
    }

  private:
    struct Sign {
        const char* code;
        const char* unit;
        double mean;
        double spread;
    };

    static void varint(std::string& out, std::uint64_t value) {
        for (; value >= 0x80; value >>= 7) out.push_back(static_cast<char>(value | 0x80));
        out.push_back(static_cast<char>(value));
    }
    static void text(std::string& out, std::uint32_t field, std::string_view value) {
        varint(out, field << 3 | 2);
        varint(out, value.size());
        out.append(value);
    }
    static void number(std::string& out, std::uint32_t field, std::uint64_t value) {
        varint(out, field << 3);
        varint(out, value);
    }
    static std::string timestamp(std::int64_t at_ms) {
        std::string out;
        number(out, 1, static_cast<std::uint64_t>(at_ms / 1000));
        number(out, 2, static_cast<std::uint64_t>(at_ms % 1000) * 1'000'000);
        return out;
    }
    std::string uuid() {
        constexpr std::string_view digits = "0123456789abcdef";
        std::string out;
        for (int i = 11; i >= 0; --i) out.push_back(digits[static_cast<std::size_t>(at_ms_ >> (4 * i)) & 15]);
        while (out.size() < 32) out.push_back(digits[random_() & 15]);
        for (const std::size_t at : {8U, 13U, 18U, 23U}) out.insert(at, 1, '-');
        return out;
    }
    std::string envelope(std::uint32_t subject) {
        constexpr std::array<Sign, 6> signs{{{"8310-5", "Cel", 37.4, 0.8},
                                             {"8480-6", "mm[Hg]", 118, 14},
                                             {"8462-4", "mm[Hg]", 72, 9},
                                             {"8867-4", "/min", 88, 15},
                                             {"2708-6", "%", 96, 2},
                                             {"26499-4", "10*9/L", 2.1, 1.4}}};
        const Sign& sign = signs[random_() % signs.size()];
        std::string effective;
        text(effective, 1, timestamp(at_ms_ - static_cast<std::int64_t>(random_() % 600) * 1000));
        number(effective, 2, 1);
        number(effective, 3, 960);
        const double raw = sign.mean + sign.spread * (static_cast<double>(random_() % 2001) / 1000.0 - 1.0);
        const double value = static_cast<double>(static_cast<std::int64_t>(raw * 10.0)) / 10.0;
        std::string observation;
        text(observation, 1, sign.code);
        observation.push_back(static_cast<char>(2 << 3 | 1));
        std::array<char, 8> bits{};
        std::memcpy(bits.data(), &value, bits.size());
        observation.append(bits.data(), bits.size());
        text(observation, 3, sign.unit);
        std::string out;
        text(out, 1, uuid());
        text(out, 2, "ehr-gateway.site-3");
        text(out, 4, "CCAR039-P1");
        text(out, 5, "CCAR039-P1-DL2");
        text(out, 6, "SITE-3");
        text(out, 7, "S" + std::to_string(10000 + subject));
        text(out, 8, "obs/" + std::to_string(7'000'000 + random_() % 3'000'000) + "/" + sign.code);
        number(out, 9, 1);
        number(out, 10, 1);
        text(out, 13, effective);
        text(out, 15, timestamp(at_ms_ - static_cast<std::int64_t>(random_() % 60'000)));
        text(out, 16, timestamp(at_ms_ - static_cast<std::int64_t>(random_() % 900)));
        number(out, 17, static_cast<std::uint64_t>(next_));
        number(out, 19, 1);
        text(out, 32, observation);
        return out;
    }

    std::mt19937_64 random_;
    std::uint32_t partition_;
    std::int64_t next_ = 0;
    std::int64_t at_ms_ = 1'767'600'000'000;
};

}  // namespace cellvigil::bench
