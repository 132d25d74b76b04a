// A value that is copied only when somebody writes to it: for large states that most steps leave alone, so that a
// checkpoint shares them. An untouched box holds nothing and reads as T{}. Not for sharing between threads that write.
#pragma once

#include <memory>

namespace cellvigil {

template <typename T>
class CopyOnWrite {
  public:
    const T& read() const {
        static const T kUntouched{};
        return value_ ? *value_ : kUntouched;
    }
    const T& operator*() const { return read(); }
    const T* operator->() const { return &read(); }
    bool untouched() const { return value_ == nullptr; }
    // The value, to be written to; nobody else sees the change.
    T& edit() {
        if (!value_) {
            value_ = std::make_shared<T>();
        } else if (value_.use_count() > 1) {
            value_ = std::make_shared<T>(*value_);
        }
        return *value_;
    }
    void reset() { value_.reset(); }
    bool operator==(const CopyOnWrite& other) const { return value_ == other.value_ || read() == other.read(); }

  private:
    std::shared_ptr<T> value_;
};

}  // namespace cellvigil
