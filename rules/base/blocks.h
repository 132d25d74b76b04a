// A growing table of plain values whose elements never move: blocks of 64, so that growth copies nothing and wastes at
// most one block. Blocks begin at a cache line and are not filled before they are used.
#pragma once

#include <cstddef>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace cellvigil {

template <typename T>
class Blocks {
    static_assert(std::is_trivially_copyable_v<T> && std::is_trivially_destructible_v<T>);

  public:
    static constexpr std::size_t kBlock = 64;

    std::size_t size() const { return size_; }
    bool empty() const { return size_ == 0; }
    T& operator[](std::size_t i) { return blocks_[i / kBlock].get()[i % kBlock]; }
    const T& operator[](std::size_t i) const { return blocks_[i / kBlock].get()[i % kBlock]; }
    const T& back() const { return (*this)[size_ - 1]; }
    // A new last element, to be filled in where it stays.
    T& append() { return *::new (place()) T(); }
    void push_back(const T& value) { ::new (place()) T(value); }
    std::size_t memory_bytes() const { return blocks_.size() * (kBlock * sizeof(T) + sizeof(blocks_[0])); }
    // Where the next element goes: to be fetched ahead. nullptr: in a block that is not there yet.
    const void* next() const { return next_; }
    // The last element, likewise; nullptr: it stands in another block than the next.
    const void* last() const { return next_ == nullptr || size_ % kBlock == 0 ? nullptr : next_ - 1; }

  private:
    void* place() {
        if (next_ == nullptr) {
            blocks_.emplace_back(static_cast<T*>(::operator new(kBlock * sizeof(T), kLine)));
            next_ = blocks_.back().get();
        }
        T* const added = next_;
        ++size_;
        next_ = size_ % kBlock == 0 ? nullptr : next_ + 1;
        return added;
    }

    static constexpr std::align_val_t kLine{64};
    struct Free {
        void operator()(T* block) const { ::operator delete(block, kLine); }
    };
    std::vector<std::unique_ptr<T, Free>> blocks_;
    std::size_t size_ = 0;
    T* next_ = nullptr;
};

}  // namespace cellvigil
