// A growing table whose elements never move: blocks of 64, so that growth copies nothing and wastes at most one block.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

namespace cellvigil {

template <typename T>
class Blocks {
  public:
    static constexpr std::size_t kBlock = 64;

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T& operator[](std::size_t i) { return blocks_[i / kBlock][i % kBlock]; }
    const T& operator[](std::size_t i) const { return blocks_[i / kBlock][i % kBlock]; }
    const T& back() const { return (*this)[size_ - 1]; }
    void push_back(const T& value) {
        if (size_ == blocks_.size() * kBlock) blocks_.push_back(std::make_unique<T[]>(kBlock));
        (*this)[size_++] = value;
    }
    std::size_t memory_bytes() const { return blocks_.size() * (kBlock * sizeof(T) + sizeof(blocks_[0])); }
    // Where the next element goes: to be fetched ahead. nullptr: in a block that is not there yet.
    const void* next() const { return size_ == blocks_.size() * kBlock ? nullptr : &(*this)[size_]; }

  private:
    std::vector<std::unique_ptr<T[]>> blocks_;
    std::size_t size_ = 0;
};

}  // namespace cellvigil
