// Texts laid end to end, each found again by its place. Grows by doubling and is not filled before it is used; a view
// of a text is valid until the next one is added.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string_view>
#include <utility>

#include "rules/base/short_bytes.h"

namespace cellvigil {

class TextArena {
  public:
    std::size_t size() const { return size_; }
    std::string_view at(std::size_t place, std::size_t size) const { return {bytes_.get() + place, size}; }
    void append(std::string_view text) {
        if (capacity_ - size_ < text.size()) grow(text.size());
        copy_short(bytes_.get() + size_, text);
        size_ += text.size();
    }
    const char* end() const { return bytes_.get() + size_; }
    std::size_t memory_bytes() const { return capacity_; }

  private:
    void grow(std::size_t by) {
        capacity_ = std::max({capacity_ * 2, size_ + by, std::size_t{64}});
        std::unique_ptr<char[]> bigger(new char[capacity_]);
        std::copy_n(bytes_.get(), size_, bigger.get());
        bytes_ = std::move(bigger);
    }
    std::unique_ptr<char[]> bytes_;
    std::size_t size_ = 0;
    std::size_t capacity_ = 0;
};

}  // namespace cellvigil
