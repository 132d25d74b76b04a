// Tables and texts in memory, and the copying and comparing of a few bytes.
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "rules/base/hash_index.h"
#include "rules/base/short_bytes.h"
#include "rules/base/text_arena.h"

namespace cellvigil {
namespace {

std::string letters(std::size_t size) {
    std::string text;
    for (std::size_t i = 0; i < size; ++i) text += static_cast<char>('a' + i % 26);
    return text;
}

TEST(ShortBytes, every_size_is_copied_whole_and_nothing_beside_it) {
    for (std::size_t size = 0; size <= 70; ++size) {
        const std::string from = letters(size);
        std::string to(size + 2, '.');
        copy_short(to.data() + 1, from);
        EXPECT_EQ(to, "." + from + ".") << size;
    }
}

TEST(ShortBytes, every_byte_counts_in_a_comparison) {
    for (std::size_t size = 0; size <= 70; ++size) {
        const std::string text = letters(size);
        EXPECT_TRUE(same_short(text, letters(size))) << size;
        EXPECT_FALSE(same_short(text, letters(size + 1))) << size;
        for (std::size_t i = 0; i < size; ++i) {
            std::string other = text;
            other[i] = '!';
            EXPECT_FALSE(same_short(text, other)) << size << " at " << i;
        }
    }
}

TEST(ShortBytes, all_between_looks_at_every_byte) {
    EXPECT_TRUE(all_between("", 0x21, 0x7e));
    for (std::size_t size = 1; size < 70; ++size) {
        std::string text(size, 0x21);
        text[size / 2] = 0x7e;
        EXPECT_TRUE(all_between(text, 0x21, 0x7e)) << size;
        for (std::size_t at = 0; at < size; ++at) {
            for (const char outside : {'\x20', '\x7f', '\x80', '\xff', '\0'}) {
                std::string other = text;
                other[at] = outside;
                EXPECT_FALSE(all_between(other, 0x21, 0x7e)) << size << " at " << at;
            }
        }
    }
}

TEST(TextArena, texts_are_found_again_however_many_came_after) {
    TextArena arena;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < 300; ++i) {
        places.push_back(arena.size());
        arena.append(letters(i % 40));
    }
    for (std::size_t i = 0; i < 300; ++i) EXPECT_EQ(arena.at(places[i], i % 40), letters(i % 40)) << i;
    EXPECT_GE(arena.memory_bytes(), arena.size());
}

TEST(HashIndex, finds_or_inserts_and_confirms_equal_hashes) {
    HashIndex index;
    std::vector<std::uint64_t> hashes;
    const auto is = [&](std::uint64_t hash, std::uint32_t mark) {
        return [&hashes, hash, mark](std::uint32_t value) { return hashes[value] == hash && value % 7 == mark; };
    };
    for (std::uint32_t i = 0; i < 1000; ++i) {  // seven values under each hash
        const std::uint64_t hash = (i / 7) * 0x100000001ULL;
        EXPECT_EQ(index.find_or_insert(hash, is(hash, i % 7), i), HashIndex::kAbsent) << i;
        hashes.push_back(hash);
    }
    EXPECT_EQ(index.size(), 1000U);
    for (std::uint32_t i = 0; i < 1000; ++i) {
        EXPECT_EQ(index.find_or_insert(hashes[i], is(hashes[i], i % 7), 5000), i);
        EXPECT_EQ(index.find(hashes[i], is(hashes[i], i % 7)), i);
    }
    EXPECT_EQ(index.size(), 1000U);
}

}  // namespace
}  // namespace cellvigil
